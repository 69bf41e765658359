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
    lots = [chapter.lots for chapter in report.chapters if len(chapter.lots)]
    if lots:
        sheets["Lots"] = pd.concat(lots, ignore_index=True).drop_duplicates(["item", "lot", "unit_id"])
    if len(losses := _losses(report)):
        sheets["Losses"] = losses
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


def _slips(report: Report) -> list[str]:
    """How lots and losses are to be read, each sentence once; why they are not known where they are not."""
    told = [chapter.view["expiry"] for chapter in report.chapters]
    notes = [note for each in told if each["lots"] for note in each["lots"]["notes"][:1]]
    notes += [text for each in told for text in each["face"]]
    return list(dict.fromkeys(notes))


def _losses(report: Report) -> pd.DataFrame:
    """Packs lost by programme and reason."""
    found = [(chapter.name, chapter.view["expiry"]["losses"]) for chapter in report.chapters]
    rows = [(name, *row) for name, losses in found if losses for row in losses["rows"]]
    columns = next((losses["columns"] for _, losses in found if losses), ["", "", ""])
    return pd.DataFrame(rows, columns=[t("programmes.programme"), *columns])


def _notes(report: Report) -> pd.DataFrame:
    """What the report is of, and how its figures are to be read."""
    told = [
        (t("report.title"), f"{report.place}, {report.month}"),
        (t("report.as_of"), report.as_of),
        *((chapter.name, chapter.view["lead"]) for chapter in report.chapters),
        *((chapter.view["heat"]["title"], chapter.view["heat"]["note"]) for chapter in report.chapters[:1]),
        *((t("programmes.products"), chapter.view["products"]["note"]) for chapter in report.chapters[:1]),
        *((t("slips.heading"), text) for text in _slips(report)),
        *((t("programmes.coverage"), text) for text in _coverage(report)),
        (t("programmes.transfers"), t("programmes.transfers_text")),
        *((t("report.left_out_short"), name) for name in report.left_out),
        ("", report.credit),
    ]
    return pd.DataFrame(told, columns=[t("report.subject"), t("report.text")])
