"""`python -m settings`: prints the table of docs/settings.md."""

import dataclasses

from settings import Settings

HEAD = """# Settings

Every setting is an environment variable. A wrong one is refused at start with its name and what to write
instead; an empty one counts as left out. A secret may also be given as a file that holds it, in the variable
with `_FILE` at the end of its name. This table is printed by `python -m settings`.

| variable | default | what it sets |
|---|---|---|
"""


def table() -> str:
    """The settings as Markdown, one row each."""
    rows = []
    for each in dataclasses.fields(Settings):
        default = f"`{each.metadata['default']}`" if each.metadata["default"] else ""
        meaning = each.metadata["meaning"] + (" (secret)" if each.metadata["secret"] else "")
        rows.append(f"| `{each.metadata['name']}` | {default} | {meaning} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    print(table(), end="")
