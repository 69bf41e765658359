"""A monthly report as a workbook: what is shown, the figures behind it, the transfers, and notes."""

from pathlib import Path

import pandas as pd

from dashboard.i18n import t
from dashboard.report import Report
from dashboard.report_columns import COVERAGE, LOTS, STOCK, TRANSFERS, formats, named
from dashboard.row_files import NOTES, as_xlsx


def write(report: Report, path: Path) -> int:
    """Write a report as XLSX; gives the number of its sheets."""
    chapters = report.chapters
    sheets = {
        NOTES: _notes(report),
        t("report.sheet.stock"): named([each.table for each in chapters], STOCK),
        t("report.sheet.transfers"): named([each.transfers for each in chapters], TRANSFERS),
    }
    more = {
        t("report.sheet.coverage"): named([_dated(each.coverage) for each in chapters], COVERAGE),
        t("report.sheet.lots"): _lots(report),
        t("report.sheet.losses"): _losses(report),
    }
    sheets |= {name: rows for name, rows in more.items() if len(rows)}
    path.write_bytes(as_xlsx(_summary(report), sheets, formats()))
    return 1 + len(sheets)


def _summary(report: Report) -> pd.DataFrame:
    """The four figures of every programme, in per cent, with what they are of."""
    figure, percent, of = t("report.figure"), t("report.percent"), t("report.of")
    columns = [t("programmes.programme"), figure, percent, of, t("report.change")]
    rows = [
        (chapter.name, line["name"], _percent(line["values"][-1]), line["note"], line["change"])
        for chapter in report.chapters
        for line in chapter.view["trends"]["lines"]
    ]
    return pd.DataFrame(rows, columns=columns)


def _percent(share: float | None) -> float | None:
    """A share as a number that a spreadsheet counts with; None where it is not known."""
    return None if share is None else round(share * 100, 1)


def _dated(coverage: pd.DataFrame) -> pd.DataFrame:
    """Coverage in which a place whose people nobody knows has no year."""
    return coverage.assign(population_year=coverage["population_year"].where(coverage["population_year"] > 0))


def _lots(report: Report) -> pd.DataFrame:
    """Every lot of the place, once where several programmes have its product."""
    rows = named([chapter.lots for chapter in report.chapters], LOTS)
    once = [t(LOTS[name]) for name in ("item", "lot", "expiry", "unit_id")]
    return rows.drop_duplicates(once)


def _coverage(report: Report) -> list[str]:
    """What coverage is, each sentence once; where no programme has any, why not."""
    told = [chapter.view["coverage"] for chapter in report.chapters]
    notes = [note for each in told for note in each["notes"]] or [each["face"] for each in told]
    return list(dict.fromkeys(notes))


def _slips(report: Report) -> list[str]:
    """How lots and losses are to be read, each sentence once; why they are not known where they are not."""
    told = [chapter.view["expiry"] for chapter in report.chapters]
    notes = [note for each in told if each["lots"] for note in each["lots"]["notes"][:1]]
    notes += [text for each in told for text in each["face"]]
    return list(dict.fromkeys(notes))


def _losses(report: Report) -> pd.DataFrame:
    """Packs lost by programme and reason, in the month and in the year that ends with it."""
    names = {
        "reason": t("slips.reason"),
        "now": t("report.column.lost_now", month=report.month),
        "packs": t("report.column.lost_year"),
    }
    found = [
        chapter.losses.replace({"reason": {"": t("slips.no_reason")}}).assign(programme=chapter.name)
        for chapter in report.chapters
        if len(chapter.losses)
    ]
    names = {"programme": t("programmes.programme")} | names
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(names))
    return rows[list(names)].rename(columns=names).round(2)


def _notes(report: Report) -> pd.DataFrame:
    """What the report is of, and how its figures are to be read."""
    told = [
        (t("report.title"), f"{report.place}, {report.month}"),
        (t("report.as_of"), report.as_of),
        *((chapter.name, chapter.view["lead"]) for chapter in report.chapters),
        *((chapter.name, chapter.view["worst"]) for chapter in report.chapters if chapter.view["worst"]),
        *((chapter.view["heat"]["title"], chapter.view["heat"]["note"]) for chapter in report.chapters[:1]),
        *((t("programmes.products"), chapter.view["products"]["note"]) for chapter in report.chapters[:1]),
        *((t("slips.heading"), text) for text in _slips(report)),
        *((t("programmes.coverage"), text) for text in _coverage(report)),
        (t("programmes.transfers"), t("programmes.transfers_text")),
        *((t("report.left_out_short"), name) for name in report.left_out),
        ("", report.credit),
    ]
    return pd.DataFrame(told, columns=[t("report.subject"), t("report.text")])
