"""The workbook of a monthly report: named in the reader's language, and its figures are numbers."""

import datetime

import openpyxl
import pandas as pd
import pytest

from dashboard import i18n, report_book, report_columns
from dashboard.report import Chapter, Report

EXPIRY = datetime.date(2026, 1, 31)
SECTIONS = {
    "stock": report_columns.STOCK,
    "transfers": report_columns.TRANSFERS,
    "coverage": report_columns.COVERAGE,
    "lots": report_columns.LOTS,
}


def frame(names, **known):
    """One row: what is known, and numbers for the rest."""
    return pd.DataFrame([{name: known.get(name, at + 0.5) for at, name in enumerate(names)}])


def chapter(name, losses):
    shares = [{"name": "Stocked out", "values": [None, 0.125], "note": "1 of 8", "change": ""}]
    shares.append({"name": "Reports", "values": [0.5, None], "note": "not known", "change": ""})
    section = {"title": "", "note": "", "notes": [], "lots": None, "face": [], "cards": []}
    return Chapter(
        name=name,
        view={"trends": {"lines": shares}, "lead": "", "worst": "Rings lack.", "heat": section,
              "products": section, "coverage": section | {"face": ""}, "expiry": section},
        transfers=frame(report_columns.TRANSFERS),
        table=frame(report_columns.STOCK, programme=name),
        coverage=frame(report_columns.COVERAGE, population_year=0),
        lots=frame(report_columns.LOTS, item="pill", lot="=1+1", unit_id="here", expiry=EXPIRY),
        losses=losses,
    )  # fmt: skip


@pytest.fixture(params=i18n.LANGUAGES)
def book(request, tmp_path):
    lost = pd.DataFrame({"reason": ["", "burnt"], "now": [0.0, 2.0], "packs": [1234.567, 3.0]})
    chapters = (chapter("HIV", lost), chapter("Malaria", lost.iloc[:0]))
    with i18n.use(request.param):
        report = Report("Here", "Jan 2026", "today", "credit", chapters, (), request.param)
        report_book.write(report, tmp_path / "report.xlsx")
        yield openpyxl.load_workbook(tmp_path / "report.xlsx")


def rows(book, section):
    return [list(row) for row in book[i18n.t(f"report.sheet.{section}")].iter_rows(values_only=True)]


def test_no_column_and_no_sheet_bears_the_name_that_the_code_has_for_it(book):
    for section, names in SECTIONS.items():
        head = rows(book, section)[0]
        assert head == [i18n.t(key) for key in names.values()]
        assert len(set(head)) == len(head)
        assert not any("_" in text or "." in text for text in head)


def test_figures_are_numbers_that_a_spreadsheet_can_add_up(book):
    summary = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert [row[2] for row in summary[1:3]] == [12.5, None]
    assert rows(book, "losses")[1:] == [
        ["HIV", i18n.t("slips.no_reason"), 0, 1234.57],
        ["HIV", "burnt", 2, 3],
    ]
    assert all(isinstance(cell, int | float) for cell in rows(book, "stock")[1][6:])
    assert book[i18n.t("report.sheet.stock")]["I2"].number_format == "0.00"


def test_a_lot_of_two_programmes_stands_once_and_is_no_formula(book):
    (lot,) = rows(book, "lots")[1:]
    assert lot[2] == "=1+1"
    assert lot[3].date() == EXPIRY
    assert len(rows(book, "stock")) == 1 + 2


def test_a_place_whose_people_nobody_knows_has_no_year(book):
    assert [row[-1] for row in rows(book, "coverage")[1:]] == [None, None]
