"""A monthly report on paper: what sums it up, then a chapter for each programme, on a new sheet if many."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.brief_paper import LINE, MARGIN, MUTED, WIDTH, Colour, Paper, faces
from dashboard.i18n import t
from dashboard.report import Chapter, Report
from dashboard.report_rows import Columns, head, note, table
from dashboard.report_slips import draw_slips
from dashboard.report_transfers import draw_transfers

ROW, HEAD = 5.0, 11.0  # mm
NAME = 44.0
FIGURES = (WIDTH - 148.0, 34.0, 44.0, 35.0, 35.0)  # of the programmes' figures
PRODUCT = (19.0, 19.0, 17.0, 22.0, 27.0, 24.0)  # of what stands beside a product's name
# Letters of the sentences on the first sheet, the largest that fit; and the mm that stand beneath these.
SIZES, BENEATH = (9.0, 8.5, 8.0, 7.5), 22.0
MOST_ACROSS, UPRIGHT, TALLEST = 8, 20.0, 46.0
# The classes as on the page; each cell has its sign as well, for paper without colour.
FILLS: dict[str, Colour] = {
    "o": (235, 169, 155), "l": (241, 220, 154), "e": (166, 217, 209), "h": (213, 205, 239),
    "u": (236, 239, 242), "n": (255, 255, 255),
}  # fmt: skip
SIGNS = {"o": "✕", "l": "▼", "e": "", "h": "▲", "u": "?", "n": "·"}


def write(report: Report, path: Path) -> int:
    """Draw a report into a PDF file; gives the number of its sheets."""
    foot = f"{t('report.title')} · {report.place} · {report.month} · {t('brief.as_of', as_of=report.as_of)}"
    paper = Paper(foot, report.language, faces())
    paper.set_title(t("report.about", what=t("report.title"), said=f"{report.place}, {report.month}"))
    _summary(paper, report)
    for chapter in report.chapters:
        _programme(paper, report, chapter, alone=len(report.chapters) == 1)
    paper.output(str(path))
    return int(paper.page_no())


def _summary(paper: Paper, report: Report) -> None:
    """The four figures of every programme, a row each."""
    paper.add_page()
    paper.say(t("report.title"), 18, bold=True)
    paper.say(f"{report.place}, {report.month}", 13, bold=True)
    paper.ln(3)
    if not report.chapters:
        paper.say(t("report.nothing"), 10)
    rows = [[each.name, *map(_figure, each.view["trends"]["lines"])] for each in report.chapters]
    for chapter in report.chapters[:1]:
        heads = ["", *(each["name"] for each in chapter.view["trends"]["lines"])]
        table(paper, Columns(heads, FIGURES, ROW * 1.5), rows)
    paper.ln(4)
    _said(paper, report)
    paper.ln(2)
    as_of = t("brief.as_of", as_of=report.as_of)
    paper.say(as_of[:1].upper() + as_of[1:], 8, colour=MUTED)
    paper.say(report.credit, 8, colour=MUTED)


def _figure(line: dict[str, Any]) -> str:
    """A figure, what it is of, and how it changed in a year, beneath each other."""
    return "\n".join(filter(None, (line["value"], line["note"], line["change"])))


def _said(paper: Paper, report: Report) -> None:
    """What is worst, what the figures stand on, and what cannot be shown, each sentence once."""
    worst = [(chapter.name, chapter.view["worst"]) for chapter in report.chapters if chapter.view["worst"]]
    sentences = [t("report.about", what=name, said=said) for name, said in worst]
    size = _size(paper, sentences)
    for sentence in sentences:
        paper.say(sentence, size)
    leads: dict[str, list[str]] = {}
    for chapter in report.chapters:
        leads.setdefault(chapter.view["lead"], []).append(chapter.name)
    for lead, names in leads.items():
        of_some = t("report.about", what=", ".join(names), said=lead)
        paper.say(of_some if len(leads) > 1 else lead, 8, colour=MUTED)
    told = [chapter.view["coverage"] for chapter in report.chapters]
    if told and not any(each["cards"] for each in told):
        paper.say(told[0]["face"], 8, colour=MUTED)
    if slips := [chapter.view["expiry"] for chapter in report.chapters]:
        known = any(each["lots"] or each["orders"] for each in slips)
        for text in () if known else slips[0]["face"]:
            paper.say(text, 8, colour=MUTED)
    if report.left_out:
        paper.say(t("report.left_out", programmes=", ".join(report.left_out)), 8.5)


def _size(paper: Paper, sentences: Sequence[str]) -> float:
    """The largest letters in which all sentences end on this sheet, and what stands beneath them as well."""

    def fits(size: float) -> bool:
        return sum(paper.height_of(each, size) for each in sentences) <= paper.room() - BENEATH

    return next((size for size in SIZES if fits(size)), SIZES[0])


def _programme(paper: Paper, report: Report, chapter: Chapter, *, alone: bool) -> None:
    if alone:  # all that could stand beneath its name was said above
        paper.ln(6)
    else:
        paper.add_page()
    paper.say(chapter.name, 15, bold=True)
    if not alone:
        paper.say(f"{report.place}. {chapter.view['lead']}", 9, colour=MUTED)
    paper.ln(2)
    _heat(paper, chapter.view["heat"])
    _products(paper, chapter.view["products"])
    if chapter.view["coverage"]["cards"]:
        _coverage(paper, chapter.view)
    if chapter.view["expiry"]["lots"] or chapter.view["expiry"]["orders"]:
        draw_slips(paper, chapter.view["expiry"])
    if len(chapter.transfers):
        draw_transfers(paper, chapter.transfers)


def _heat(paper: Paper, heat: dict[str, Any]) -> None:
    """Months of stock as coloured cells; the head is repeated on every sheet."""
    columns = heat["columns"]
    widths = (NAME, *([(WIDTH - NAME) / max(1, len(columns))] * len(columns)))
    _legend(paper, heat)
    _head(paper, heat, widths)
    for at, row in enumerate(heat["rows"]):
        if paper.room() < ROW:
            paper.add_page()
            _head(paper, heat, widths)
        _cell(paper, row["name"], NAME, bold=heat["below"] and at == 0)
        for text, letter, width in zip(row["t"], row["c"], widths[1:], strict=True):
            paper.set_fill_color(*FILLS[letter])
            paper.pen(7.5)
            said = f"{text} {SIGNS[letter]}".strip()
            paper.cell(width, ROW, paper.known(said), align="C", fill=letter != "n", border=1)
        paper.ln(ROW)
    paper.ln(1)
    note(paper, heat["note"])
    paper.ln(2)


def _legend(paper: Paper, heat: dict[str, Any]) -> None:
    paper.say(heat["title"], 10, bold=True)
    paper.set_draw_color(*LINE)
    for letter, text in heat["legend"]:
        paper.set_fill_color(*FILLS[letter])
        paper.pen(7)
        paper.cell(6, 3.6, paper.known(SIGNS[letter]), align="C", fill=True, border=1)
        paper.cell(paper.get_string_width(paper.known(text)) + 5, 3.6, paper.known(text))
    paper.ln(5)


def _head(paper: Paper, heat: dict[str, Any], widths: Sequence[float]) -> None:
    """The names of the products: across where every word has room, else upright."""
    names = [column["short"] for column in heat["columns"]]
    paper.pen(7.5, bold=True)
    words = [word for name in names for word in name.split()]
    widest = max((paper.get_string_width(paper.known(word)) for word in words), default=0.0)
    if len(names) <= MOST_ACROSS and widest + 2.2 < widths[-1]:
        head(paper, Columns([heat["corner"], *names], widths, ROW, centred=True))
        return
    _upright(paper, [heat["corner"], *names], widths)


def _upright(paper: Paper, texts: Sequence[str], widths: Sequence[float]) -> None:
    """A head whose names stand on their side, as tall as the longest needs."""
    longest = max(paper.get_string_width(paper.known(text)) for text in texts[1:])
    tall = min(TALLEST, max(UPRIGHT, longest + 2))
    if paper.room() < tall + 2 * ROW:
        paper.add_page()
    foot = paper.get_y() + tall
    _cell(paper, texts[0], NAME, bold=True)
    paper.pen(7.5, bold=True)
    for at, (name, width) in enumerate(zip(texts[1:], widths[1:], strict=True)):
        x = MARGIN + NAME + at * width + width / 2 + 1.2
        with paper.rotation(90, x, foot):
            paper.text(x + 1, foot, _shortened(paper, name, tall - 1))
    paper.set_xy(MARGIN, foot + 1)


def _products(paper: Paper, products: dict[str, Any]) -> None:
    heads = products["columns"]
    widths = (WIDTH - sum(PRODUCT[: len(heads) - 1]), *PRODUCT[: len(heads) - 1])
    if paper.room() < HEAD + 4 * ROW:
        paper.add_page()
    paper.say(t("programmes.products"), 10, bold=True)
    words = dict(zip("olehun", _class_words(), strict=True))
    rows = [
        [_counted(row), *row["cells"], words[row["c"]], row["out"], row["lost"]][: len(heads)]
        for row in products["rows"]
    ]
    table(paper, Columns(heads, widths, ROW, right=(1, 2, 3, 5, 6)), rows)
    paper.ln(1)
    note(paper, products["note"])
    paper.ln(2)


def _counted(row: dict[str, Any]) -> str:
    """A product and what it is counted in, as on the page."""
    return f"{row['name']} ({row['unit']})" if row["unit"] else str(row["name"])


def _coverage(paper: Paper, view: dict[str, Any]) -> None:
    """Coverage of services by place, with the reports that each stands on."""
    covered = view["coverage"]
    widths = (NAME, *([(WIDTH - NAME) / len(covered["columns"])] * len(covered["columns"])))
    heads = [view["heat"]["corner"] if len(covered["rows"]) > 1 else "", *covered["columns"]]
    if paper.room() < HEAD + 4 * ROW:
        paper.add_page()
    paper.say(covered["title"], 10, bold=True)
    rows = [
        [row["name"], *(f"{each['t']}  ({each['n']})" for each in row["cells"])] for row in covered["rows"]
    ]
    table(paper, Columns(heads, widths, ROW), rows, whole=True)
    paper.ln(1)
    note(paper, " ".join(covered["notes"]))
    paper.ln(2)


def _class_words() -> list[str]:
    return [
        t("stock_class.out"), t("stock_class.low"), t("stock_class.enough"), t("stock_class.over"),
        t("stock_class.unknown"), t("stock_class.none"),
    ]  # fmt: skip


def _cell(paper: Paper, text: str, width: float, *, bold: bool) -> None:
    """A name in one line, shortened where it is too long."""
    paper.pen(7.5, bold=bold)
    paper.cell(width, ROW, _shortened(paper, text, width - 2))


def _shortened(paper: Paper, text: str, width: float) -> str:
    """A text that is no wider than so many mm, in the pen's letters."""
    said, end = paper.known(text), paper.known("…")
    if paper.get_string_width(said) <= width:
        return said
    while said and paper.get_string_width(said + end) > width:
        said = said[:-1].rstrip()
    return said + end
