"""A brief on paper: a sheet that sums up, one sheet a pair, and what every figure means."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.brief import Brief, Sheet
from dashboard.brief_chart import USUAL, Box, colour, draw
from dashboard.brief_paper import (
    INK,
    LINE,
    MARGIN,
    MUTED,
    SIDES,
    SOFT,
    WARNING,
    WIDTH,
    Colour,
    Paper,
    faces,
)
from dashboard.definitions import meaning
from dashboard.i18n import t
from dashboard.tips import Block
from indicators.definitions import DEFINITIONS

HALF, GAP = 91.0, 4.0  # mm
CHART = 66.0
ROW = 4.2
MOST_KPIS, MOST_ROWS = 6, 12
# "12 (▼ below the usual range)": the sign, and what it says.
NOTED = re.compile(r"\(([▲▼][^()]*)\)")
SUMMED_UP = (("service", "compare.services"), ("commodity", "compare.commodities"))


def write(brief: Brief, path: Path) -> int:
    """Draw a brief into a PDF file; gives the number of its sheets."""
    foot = f"{brief.programme} · {brief.place} · {t('brief.as_of', as_of=brief.as_of)}"
    paper = Paper(foot, brief.language, faces())
    paper.set_title(f"{brief.programme}: {brief.place}, {brief.span}")
    _summary(paper, brief)
    for sheet in brief.sheets:
        _pair(paper, brief, sheet)
    _definitions(paper, brief)
    paper.output(str(path))
    return int(paper.page_no())


def _summary(paper: Paper, brief: Brief) -> None:
    paper.add_page()
    paper.say(brief.programme, 18, bold=True)
    paper.say(brief.place, 13, bold=True)
    paper.say(t("brief.about", span=brief.span, period=brief.period), 9.5, colour=MUTED)
    paper.ln(3)
    for sheet in brief.sheets:
        _in_short(paper, sheet)
    if brief.left_out:
        paper.ln(2)
        paper.say(t("brief.left_out", pairs=", ".join(brief.left_out)), 8.5)
    paper.ln(3)
    paper.say(t("brief.as_of", as_of=brief.as_of), 8, colour=MUTED)
    paper.say(brief.credit, 8, colour=MUTED)


def _in_short(paper: Paper, sheet: Sheet) -> None:
    """A pair in two columns: the first figures of each side."""
    if paper.room() < 24:
        paper.add_page()
    top = paper.get_y() + 1.5
    paper.set_draw_color(*LINE)
    paper.line(MARGIN, top - 1, MARGIN + WIDTH, top - 1)
    ends = [paper.put((MARGIN, top, 44), sheet.pair, 9.5, bold=True)]
    for number, (side, _) in enumerate(SUMMED_UP):
        x, y = MARGIN + 46 + number * 71, top
        panel = sheet.panels[side]
        if panel["empty"]:
            ends.append(paper.put((x, y, 68), panel["message"] or t("compare.no_figure"), 7.5, colour=MUTED))
            continue
        for kpi in panel["kpis"][: 1 if side == "service" else 3]:
            y = paper.put((x, y, 68), f"{kpi['value']}  {kpi['words']}", 8, bold=y == top, colour=SIDES[side])
            if kpi["note"]:
                y = paper.put((x, y, 68), kpi["note"], 7.5, colour=MUTED)
        ends.append(paper.put((x, y, 68), panel["reports"], 7, colour=MUTED))
    paper.set_y(max(ends) + 1)


def _pair(paper: Paper, brief: Brief, sheet: Sheet) -> None:
    paper.add_page()
    paper.say(sheet.pair, 15, bold=True)
    paper.say(" · ".join((brief.place, brief.span, *sheet.chips)), 9, colour=MUTED)
    paper.ln(1)
    _caution(paper, sheet)
    top = paper.get_y() + 2
    ends = [
        _side(paper, sheet, side, x)
        for side, x in (("service", MARGIN), ("commodity", MARGIN + HALF + GAP))
        if paper.set_y(top) is None  # both begin at the same height
    ]
    charts = max(ends)
    for side, x in (("service", MARGIN), ("commodity", MARGIN + HALF + GAP)):
        _chart(paper, sheet, side, (x, charts))
    paper.set_y(charts + CHART + 12)
    words = sum(paper.height_of(_text(each), 8) + 1 for each in sheet.tip) + 8 * len(sheet.remarks) + 12
    rows = max(1, min(MOST_ROWS, int((paper.room() - words) / ROW) - 2))
    _months(paper, sheet.months, rows)
    _words(paper, sheet)


def _caution(paper: Paper, sheet: Sheet) -> None:
    paper.set_fill_color(*WARNING)
    paper.pen(8.5)
    text = f"{sheet.caution['strong']} {sheet.caution['text']}".strip()
    if text:
        paper.multi_cell(
            WIDTH, 4.2, paper.known(text), align="L", fill=True, new_x="LMARGIN", new_y="NEXT", padding=1.2
        )


def _side(paper: Paper, sheet: Sheet, side: str, x: float) -> float:
    """A side's heading and headline figures; gives where they end."""
    panel, y = sheet.panels[side], paper.get_y()
    name = t("compare.services") if side == "service" else t("compare.commodities")
    paper.set_draw_color(*SIDES[side])
    paper.set_line_width(0.7)
    paper.line(x, y, x + HALF, y)
    paper.set_line_width(0.2)
    y = paper.put((x, y + 1.5, HALF), f"{name} · {panel['subtitle']}", 8.5, bold=True, colour=SIDES[side])
    if panel["message"]:
        y = paper.put((x, y + 0.5, HALF), panel["message"], 7.5, colour=MUTED)
    return y if panel["empty"] else _kpis(paper, panel["kpis"][:MOST_KPIS], (x, y + 1))


def _kpis(paper: Paper, kpis: Sequence[dict[str, str]], at: tuple[float, float]) -> float:
    """Three headline figures a row; gives where they end."""
    (x, y), width, end = at, HALF / 3, at[1]
    for number, kpi in enumerate(kpis):
        if number and number % 3 == 0:
            y = end + 1
        left = x + number % 3 * width
        below = paper.put((left, y, width - 1.5), kpi["value"], 11.5, bold=True)
        below = paper.put((left, below, width - 1.5), kpi["words"], 7, colour=MUTED)
        if kpi["note"]:
            below = paper.put((left, below, width - 1.5), kpi["note"], 7, bold=True)
        end = max(end, below)
    return end


def _chart(paper: Paper, sheet: Sheet, side: str, at: tuple[float, float]) -> None:
    """The chart of a side with its legend, reports and source."""
    panel, drawing, (x, y) = sheet.panels[side], sheet.drawings[side], at
    if panel["empty"]:
        return
    named = [(name, colour(side, index)) for index, (name, _, _) in enumerate(drawing.parts)]
    named += [(f"- - {drawing.line[0]}", colour(side, 2))] if drawing.line else []
    named += [(t("usual.legend"), USUAL)] if drawing.usual else []
    below = _legend(paper, named, at)
    draw(paper, drawing, Box(x, below, HALF, y + 4 + CHART - below))
    below = paper.put((x, y + CHART + 4.2, HALF), panel["reports"], 7, colour=MUTED)
    paper.put((x, below, HALF), panel["source"], 7, colour=MUTED)


def _legend(paper: Paper, named: Sequence[tuple[str, Colour]], at: tuple[float, float]) -> float:
    """What each colour stands for, in as many lines as it takes; gives where they end."""
    x, y = at
    left = x
    for name, shade in named:
        paper.pen(7, colour=INK)
        wide = paper.get_string_width(paper.known(name)) + 3
        if left > x and left + wide > x + HALF:
            left, y = x, y + 3.4
        paper.set_fill_color(*shade)
        paper.rect(left, y + 1.6, 2, 2, style="F")
        paper.set_xy(left + 2.6, y + 1)
        paper.cell(wide, 3.2, paper.known(name))
        left += wide + 4
    return y + 4


def _months(paper: Paper, months: dict[str, Any], rows: int) -> None:
    """The last periods as a table."""
    columns, last = months["columns"], months["rows"][-rows:]
    widths = column_widths(columns)
    top, x, ends = paper.get_y(), MARGIN, []
    for name, width in zip(columns, widths, strict=True):
        ends.append(paper.put((x, top, width), str(name), 7, colour=MUTED, align="R" if x > MARGIN else "L"))
        x += width
    paper.set_xy(MARGIN, max(ends) + 0.5)
    for number, cells in enumerate(last):
        paper.set_fill_color(*SOFT)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            paper.pen(7.5, bold=column == 0)
            align = "R" if column else "L"
            paper.cell(width, ROW, paper.known(marked(str(cell))), align=align, fill=number % 2 == 0)
        paper.ln(ROW)
    notes = sorted({note for cells in last for cell in cells for note in NOTED.findall(str(cell))})
    if notes:
        paper.say(" · ".join(notes), 7, colour=MUTED)
    paper.ln(1.5)


def column_widths(columns: Sequence[Any]) -> list[float]:
    """The widths of a table's columns in mm: the periods' names, then the figures."""
    return [28.0, *([(WIDTH - 28) / max(1, len(columns) - 1)] * (len(columns) - 1))]


def marked(cell: str) -> str:
    """A figure with the sign of what is unusual of it; the sign's words stand once, below the table."""
    return NOTED.sub(lambda found: found[1][:1], cell)


def _text(block: Block) -> str:
    text = "".join(run for _, run in block["runs"])
    return f"•  {text}" if block["kind"] == "li" else text


def _words(paper: Paper, sheet: Sheet) -> None:
    """What happened, in people's words, and how to interpret."""
    if sheet.remarks:
        paper.say(t("brief.remarks"), 9, bold=True)
        for when, text, by in sheet.remarks:
            paper.say(f"{when}: {text} ({by})", 8)
        paper.ln(1)
    if sheet.tip:
        paper.say(t("compare.how_to_interpret"), 9, bold=True)
        for block in sheet.tip:
            paper.say(_text(block), 8)
            paper.ln(0.6)


def _definitions(paper: Paper, brief: Brief) -> None:
    """Every figure that occurs in the brief, with its formula and what it is not."""
    paper.add_page()
    paper.say(t("brief.definitions"), 15, bold=True)
    paper.ln(1)
    used = {name for sheet in brief.sheets for name in sheet.definitions}
    for definition in DEFINITIONS:
        if definition.id not in used:
            continue
        said = meaning(definition)
        told = [f"{called}: {text}" for _, called, text in said.fields() if text != "–"]
        text = " ".join(each if each.endswith(".") else f"{each}." for each in told)
        if paper.room() < paper.height_of(text, 7.5) + 6:
            paper.add_page()
        paper.say(said.name, 8.5, bold=True)
        paper.say(text, 7.5)
        paper.ln(1.2)
