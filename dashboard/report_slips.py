"""The stores' slips in a monthly report: what expires before use, losses by reason, orders."""

from typing import Any

from dashboard.brief_paper import WIDTH, Paper
from dashboard.i18n import t
from dashboard.report_rows import SMALL, Columns, note, table

ROW = 5.0
LOTS = (44.0, 26.0, 26.0, 20.0, 20.0, WIDTH - 136.0)
LOSSES = (80.0, 40.0, 40.0)
TOGETHER = 6  # rows that stay on one page with their heading
ROOM, MOST_KEPT = 30.0, 90.0  # for a heading with a few rows; what stays on one sheet at most; in mm


def draw_slips(paper: Paper, told: dict[str, Any]) -> None:
    """Draw the section of Programmes of which the reader may see slips."""
    lots, losses = told["lots"], told["losses"]
    if paper.room() < min(_tall(paper, told), MOST_KEPT):
        paper.add_page()
    paper.say(t("slips.heading"), 10, bold=True)
    paper.say(told["orders"], 8)
    if not lots:
        note(paper, " ".join(told["face"]))
        paper.ln(2)
        return
    _table(paper, lots, [row["cells"] for row in lots["rows"]], LOTS)
    _table(paper, losses, losses["rows"], LOSSES)
    paper.ln(1)
    note(paper, _note(told))
    paper.ln(2)


def _note(told: dict[str, Any]) -> str:
    return " ".join([*told["lots"]["notes"], told["losses"]["note"]])


def _tall(paper: Paper, told: dict[str, Any]) -> float:
    """How high the section is about, in mm: its note shall not stand alone on a sheet."""
    if not told["lots"]:
        return ROOM
    lines = sum(len(told[part]["rows"]) + 2 for part in ("lots", "losses"))
    return ROW * (lines + 2) + paper.height_of(_note(told), SMALL)


def _table(paper: Paper, part: dict[str, Any], rows: list[list[str]], widths: tuple[float, ...]) -> None:
    if not rows:
        paper.say(part["nothing"], 8)
        return
    if paper.room() < max(ROOM / 2, ROW * (min(len(rows), TOGETHER) + 2)):
        paper.add_page()
    paper.say(part["title"], 8.5, bold=True)
    figures = (3, 4) if widths is LOTS else (1, 2)
    table(paper, Columns(part["columns"], widths, ROW, figures), rows)
    paper.ln(1)
