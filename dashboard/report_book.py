"""A monthly report as a workbook: what is shown, the figures behind it, the transfers, and notes."""

from pathlib import Path

import pandas as pd

from dashboard.api.answers import NOTES, as_xlsx
from dashboard.i18n import t
from dashboard.report import COLUMNS, Report


def write(report: Report, path: Path) -> int:
    """Write a report as XLSX; gives the number of its sheets."""
    sheets = {NOTES: _notes(report), "Stock": _stock(report), "Transfers": _transfers(report)}
    covered = [chapter.coverage for chapter in report.chapters if len(chapter.coverage)]
    if covered:
        sheets["Coverage"] = pd.concat(covered, ignore_index=True)
    path.write_bytes(as_xlsx(_summary(report), sheets))
    return 1 + len(sheets)


def _summary(report: Report) -> pd.DataFrame:
    """The four figures of every programme, with what they are of."""
    rows = [
        {
            t("programmes.programme"): chapter.name,
            t("report.figure"): line["name"],
            t("report.value"): line["value"],
            t("report.of"): line["note"],
            t("report.change"): line["change"],
        }
        for chapter in report.chapters
        for line in chapter.view["trends"]["lines"]
    ]
    names = [
        t("programmes.programme"),
        t("report.figure"),
        t("report.value"),
        t("report.of"),
        t("report.change"),
    ]
    return pd.DataFrame(rows, columns=names)


def _stock(report: Report) -> pd.DataFrame:
    tables = [chapter.table for chapter in report.chapters if len(chapter.table)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))


def _transfers(report: Report) -> pd.DataFrame:
    tables = [chapter.transfers for chapter in report.chapters if len(chapter.transfers)]
    return (
        pd.concat(tables, ignore_index=True)
        if tables
        else pd.DataFrame(columns=["item", "donor", "receiver"])
    )


def _coverage(report: Report) -> list[str]:
    """What coverage is, each sentence once; where no programme has any, why not."""
    told = [chapter.view["coverage"] for chapter in report.chapters]
    notes = [note for each in told for note in each["notes"]] or [each["face"] for each in told]
    return list(dict.fromkeys(notes))


def _notes(report: Report) -> pd.DataFrame:
    """What the report is of, and how its figures are to be read."""
    told = [
        (t("report.title"), f"{report.place}, {report.month}"),
        (t("report.as_of"), report.as_of),
        *((chapter.name, chapter.view["lead"]) for chapter in report.chapters),
        *((chapter.view["heat"]["title"], chapter.view["heat"]["note"]) for chapter in report.chapters[:1]),
        *((t("programmes.products"), chapter.view["products"]["note"]) for chapter in report.chapters[:1]),
        *(
            (t("programmes.expiry"), text)
            for chapter in report.chapters[:1]
            for text in chapter.view["expiry"]
        ),
        *((t("programmes.coverage"), text) for text in _coverage(report)),
        (t("programmes.transfers"), t("programmes.transfers_text")),
        *((t("report.left_out_short"), name) for name in report.left_out),
        ("", report.credit),
    ]
    return pd.DataFrame(told, columns=[t("report.subject"), t("report.text")])
