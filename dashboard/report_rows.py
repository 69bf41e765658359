"""Tables on paper: rows as tall as their longest text, beneath heads that every new sheet repeats."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dashboard.brief_paper import INK, MARGIN, MUTED, SOFT, Paper

LETTERS, SMALL = 7.5, 7.0  # of a table, and of the notes beneath it
LINE, GAP = 3.4, 2.0  # of a row, and between a figure and the text beside it, in mm
STRENGTH = re.compile(r"(?<=\d) (?=(?:mg|ml|g|µg|UI|IU)\b)")


@dataclass(frozen=True)
class Columns:
    """How a table stands on the sheet.

    Attributes:
        heads: the texts above the columns.
        widths: in mm.
        least: how tall a row is at least, in mm.
        right: the columns of figures, which end beneath each other.
        centred: whether the texts of all columns but the first stand in their middle.
    """

    heads: Sequence[str]
    widths: Sequence[float]
    least: float
    right: Collection[int] = ()
    centred: bool = False

    def align(self, at: int) -> str:
        """Where the texts of a column stand: L, C or R."""
        if self.centred and at:
            return "C"
        return "R" if at in self.right else "L"

    def gap(self, at: int) -> float:
        """What keeps a text from the figure before it, in mm."""
        return GAP if at - 1 in self.right and at not in self.right else 0.0


def table(paper: Paper, columns: Columns, rows: Sequence[Sequence[str]], *, whole: bool = False) -> None:
    """Rows beneath their heads; `whole` where the first of them is of the place as a whole."""
    head(paper, columns)
    for at, row in enumerate(rows):
        bold = whole and not at
        if paper.room() < height(paper, row, columns, bold=bold):
            paper.add_page()
            head(paper, columns)
        cells(paper, row, columns, bold=bold, soft=at % 2 == 0)


def head(paper: Paper, columns: Columns) -> None:
    """The texts above the columns."""
    cells(paper, columns.heads, columns, bold=True)


def cells(
    paper: Paper, texts: Sequence[str], columns: Columns, *, bold: bool = False, soft: bool = False
) -> None:
    """A row whose height is that of its longest text; a new sheet where it does not fit."""
    tall = height(paper, texts, columns, bold=bold)
    if paper.room() < tall:
        paper.add_page()
    paper.pen(LETTERS, bold=bold)
    top, x = paper.get_y(), MARGIN
    if soft:
        paper.set_fill_color(*SOFT)
        paper.rect(MARGIN, top, sum(columns.widths), tall, style="F")
    for at, (text, width) in enumerate(zip(texts, columns.widths, strict=True)):
        gap = columns.gap(at)
        paper.set_xy(x + gap, top + 0.6)
        paper.set_text_color(*INK)
        said, align = _said(paper, text), columns.align(at)
        paper.multi_cell(width - gap, LINE, said, align=align, new_x="RIGHT", new_y="TOP")
        x += width
    paper.set_xy(MARGIN, top + tall)


def note(paper: Paper, text: str) -> None:
    """A paragraph beneath a table, on one sheet."""
    if paper.room() < paper.height_of(text, SMALL):
        paper.add_page()
    paper.say(text, SMALL, colour=MUTED)


def height(paper: Paper, texts: Sequence[str], columns: Columns, *, bold: bool = False) -> float:
    """How tall a row is, in mm."""
    paper.pen(LETTERS, bold=bold)
    widths = [width - columns.gap(at) for at, width in enumerate(columns.widths)]
    needed = [len(_lines(paper, text, width)) for text, width in zip(texts, widths, strict=True)]
    return max(columns.least, max(needed) * LINE + 1.2)


def _lines(paper: Paper, text: str, width: float) -> list[str]:
    found: list[str] = paper.multi_cell(width, LINE, _said(paper, text), dry_run=True, output="LINES")
    return found


def _said(paper: Paper, text: str) -> str:
    """A cell's text in letters that the font has, a strength and its unit on one line."""
    return paper.known(STRENGTH.sub("\u00a0", text))
