"""The stores' slips in a monthly report: what expires before use, losses by reason, orders."""

from typing import Any

from dashboard.brief_paper import MUTED, WIDTH, Paper
from dashboard.i18n import t
from dashboard.report_rows import cells

ROW = 5.0
LOTS = (40.0, 26.0, 26.0, 24.0, 22.0, WIDTH - 138.0)
LOSSES = (80.0, 40.0, 40.0)
TOGETHER = 6  # rows that stay on one page with their heading
ROOM = 30.0  # for a heading with a few rows below it, in mm


def draw_slips(paper: Paper, told: dict[str, Any]) -> None:
    """Draw the section of Programmes of which the reader may see slips."""
    lots, losses = told["lots"], told["losses"]
    if paper.room() < ROOM:
        paper.add_page()
    paper.say(t("slips.heading"), 10, bold=True)
    paper.say(told["orders"], 8)
    if not lots:
        paper.say(" ".join(told["face"]), 7, colour=MUTED)
        paper.ln(2)
        return
    _table(paper, lots, [row["cells"] for row in lots["rows"]], LOTS)
    _table(paper, losses, losses["rows"], LOSSES)
    paper.ln(1)
    paper.say(" ".join([*lots["notes"], losses["note"]]), 7, colour=MUTED)
    paper.ln(2)


def _table(paper: Paper, part: dict[str, Any], rows: list[list[str]], widths: tuple[float, ...]) -> None:
    if not rows:
        paper.say(part["nothing"], 8)
        return
    if paper.room() < max(ROOM / 2, ROW * (min(len(rows), TOGETHER) + 2)):
        paper.add_page()
    paper.say(part["title"], 8.5, bold=True)
    cells(paper, part["columns"], widths, ROW, bold=True)
    for at, row in enumerate(rows):
        cells(paper, row, widths, ROW, soft=at % 2 == 0)
    paper.ln(1)
