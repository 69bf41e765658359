"""Rows of a table on paper: as tall as their longest text, and on a new sheet where they do not fit."""

from collections.abc import Sequence

from dashboard.brief_paper import INK, MARGIN, SOFT, Paper


def cells(paper: Paper, texts: Sequence[str], widths: Sequence[float], least: float, **how: bool) -> None:
    """A row whose height is that of its longest text; a new sheet where it does not fit."""
    paper.pen(7.5, bold=how.get("bold", False))
    tall = height(paper, texts, widths, least)
    if paper.room() < tall:
        paper.add_page()
        paper.pen(7.5, bold=how.get("bold", False))
    top, x = paper.get_y(), MARGIN
    if how.get("soft"):
        paper.set_fill_color(*SOFT)
        paper.rect(MARGIN, top, sum(widths), tall, style="F")
    for at, (text, width) in enumerate(zip(texts, widths, strict=True)):
        align = "C" if how.get("centred") and at else "L"
        paper.set_xy(x, top + 0.6)
        paper.set_text_color(*INK)
        paper.multi_cell(width, 3.4, paper.known(text), align=align, new_x="RIGHT", new_y="TOP")
        x += width
    paper.set_xy(MARGIN, top + tall)


def height(paper: Paper, texts: Sequence[str], widths: Sequence[float], least: float) -> float:
    """How tall a row is in the pen's letters, in mm."""
    needed = [len(_lines(paper, text, width)) for text, width in zip(texts, widths, strict=True)]
    return max(least, max(needed) * 3.4 + 1.2)


def _lines(paper: Paper, text: str, width: float) -> list[str]:
    found: list[str] = paper.multi_cell(width, 3.4, paper.known(text), dry_run=True, output="LINES")
    return found
