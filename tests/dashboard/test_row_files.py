import csv
import datetime
import io

import openpyxl
import pandas as pd
import pytest

from dashboard.row_files import as_csv, as_xlsx, harmless, records, write_rows

HOSTILE = ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"]


def rows():
    return pd.DataFrame({"unit_name": HOSTILE, "value": [-1.5, None, 0.0, 1e6, 2.0, 3.0]})


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", [-1.5, 0, None, "Côte d'Ivoire", "a=b", "", "2019-01"])
def test_numbers_and_plain_text_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_csv_keeps_negative_numbers_and_leaves_what_is_missing_empty():
    found = list(csv.DictReader(io.StringIO(as_csv(rows()))))
    assert [row["value"] for row in found] == ["-1.5", "", "0.0", "1000000.0", "2.0", "3.0"]
    assert [row["unit_name"] for row in found] == [f"'{text}" for text in HOSTILE]


def test_xlsx_holds_text_and_numbers_and_no_formula():
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(rows()))).active
    cells = list(sheet.iter_rows(min_row=2))
    assert {cell[0].data_type for cell in cells} == {"s"}
    assert cells[0][0].value == "=1+1"
    assert [cell[1].value for cell in cells] == [-1.5, None, 0, 1e6, 2, 3]


def test_json_says_null_for_what_is_missing():
    assert records(rows())[1] == {"unit_name": "+1", "value": None}


def test_rows_go_to_a_file_or_to_the_standard_output(tmp_path, capfdbinary):
    write_rows(rows(), "csv", tmp_path / "rows.csv")
    write_rows(rows(), "csv", None)
    assert capfdbinary.readouterr().out == (tmp_path / "rows.csv").read_bytes()


def dated():
    day = datetime.date(2027, 9, 30)
    return pd.DataFrame(
        {"lot": ["a", "b"], "expiry": [day, None], "months": [2.123456, 3.0], "share": [0.5, 1.0]}
    )


def test_a_date_is_a_date_and_a_figure_is_shown_as_was_asked_for():
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(dated(), formats={"months": "0.00"})))
    (first, second) = book.active.iter_rows(min_row=2)
    assert first[1].is_date
    assert first[1].value.date() == datetime.date(2027, 9, 30)
    assert second[1].value is None
    assert (first[2].value, first[2].number_format) == (2.123456, "0.00")
    assert first[3].number_format == "General"


def test_a_sheet_prints_within_the_width_of_its_paper_and_long_text_in_lines():
    long = pd.DataFrame({"subject": ["Stock"], "text": ["Stock at month end by average. " * 20]})
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(long))).active
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet["B2"].alignment.wrap_text
    assert sheet.row_dimensions[2].height > 8 * 15
