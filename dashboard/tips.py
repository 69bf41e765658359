"""Tips are Markdown of a country's folder; pages need its paragraphs, bold words and lists, and no HTML."""

import re
from typing import TypedDict

BOLD = re.compile(r"\*\*(.+?)\*\*")


class Block(TypedDict):
    """A paragraph or a list item, as runs of (bold?, text)."""

    kind: str
    runs: list[tuple[bool, str]]


def blocks(markdown: str) -> list[Block]:
    """The blocks of a tip; whatever else Markdown knows stays the text it is.

    >>> blocks("One **dose**.")
    [{'kind': 'p', 'runs': [(False, 'One '), (True, 'dose'), (False, '.')]}]
    """
    found: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", markdown.strip()):
        lines = paragraph.splitlines()
        if lines and all(line.lstrip().startswith(("- ", "* ")) for line in lines):
            found += [{"kind": "li", "runs": _runs(line.lstrip()[2:])} for line in lines]
        elif paragraph.strip():
            found.append({"kind": "p", "runs": _runs(" ".join(line.strip() for line in lines))})
    return found


def _runs(text: str) -> list[tuple[bool, str]]:
    pieces = BOLD.split(text)
    return [(index % 2 == 1, piece) for index, piece in enumerate(pieces) if piece]
