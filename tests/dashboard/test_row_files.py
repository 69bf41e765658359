import csv
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
