"""Frames as JSON, CSV and XLSX: the same rows, and no cell that a spreadsheet would run."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS, NOTES = "Tandem", "Notes"
MOST_ROWS = 1_048_575  # that a sheet holds beneath its line of names
WIDTH_SAMPLE, WIDEST = 200, 60  # rows looked at for a column's width, and its most, in characters
A4, DAY = 9, "yyyy-mm-dd"  # Excel's number of the paper, and how it writes a date
TEXT = {
    "align": "left",
    "indent": 1,
    "text_wrap": True,
    "valign": "top",
}  # text keeps away from the figure before it
ROW_HEIGHT = 15  # points of a line


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON objects; what is missing is null."""
    names = list(rows.columns)
    return [dict(zip(names, cells, strict=True)) for cells in _plain(rows)]


def harmless(cell: Any) -> Any:
    """A cell that a spreadsheet will not run: text like a formula gets an apostrophe, a number does not."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def as_csv(rows: pd.DataFrame) -> str:
    """Rows as CSV (RFC 4180, a header line, decimal points); what is missing is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows.columns)
    writer.writerows(_cells(rows))
    return text.getvalue()


def as_xlsx(
    rows: pd.DataFrame,
    sheets: Mapping[str, pd.DataFrame] | None = None,
    formats: Mapping[str, str] | None = None,
) -> bytes:
    """Rows as an Excel workbook; text stays text, whatever it begins with, and a date is one.

    Args:
        rows: the first sheet, of at most `MOST_ROWS`.
        sheets: what follows, by the sheet's name; `NOTES` is the second: filters, sources, definitions.
        formats: how the figures of a column are shown, by its heading; elsewhere with all their digits.
    """
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": DAY,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        for name, each in {ROWS: rows, **(sheets or {})}.items():
            _sheet(workbook, name, each, formats or {})
    return file.getvalue()


def _sheet(workbook: xlsxwriter.Workbook, name: str, rows: pd.DataFrame, formats: Mapping[str, str]) -> None:
    """One sheet: a bold line of names that stays in sight and can be filtered by, then the rows.

    It prints on as many sheets of A4 as its rows need, and no column stands alone on one.
    """
    sheet = workbook.add_worksheet(name)
    sheet.write_row(0, 0, list(rows.columns), workbook.add_format({"bold": True, "text_wrap": True}))
    for number, cells in enumerate(_plain(rows), start=1):
        sheet.write_row(number, 0, cells)
    for column, heading in enumerate(rows.columns):
        longest = max((len(str(each)) for each in _shown(rows[heading].head(WIDTH_SAMPLE))), default=0)
        figures = pd.api.types.is_numeric_dtype(rows[heading])
        shown = {"num_format": formats.get(heading, "General")} if figures else dict(TEXT)
        width = min(max(longest, _beneath(str(heading))) + 3, WIDEST)
        sheet.set_column(column, column, width, workbook.add_format(shown))
    for at, lines in enumerate(_lines(rows), start=1):
        if lines > 1:
            sheet.set_row(at, ROW_HEIGHT * lines)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS + 1}"})  # codes are text
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), max(len(rows.columns) - 1, 0))
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _shown(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Figures as wide as they are read: nobody reads the eleventh digit."""
    return column.round(3) if pd.api.types.is_float_dtype(column) else column


def _lines(rows: pd.DataFrame) -> Iterator[int]:
    """How many lines each row needs for its longest text: not every spreadsheet finds out by itself."""
    texts = [rows[name] for name in rows.columns if not pd.api.types.is_numeric_dtype(rows[name])]
    return (max(ceil(len(str(each)) / WIDEST) for each in cells) for cells in zip(*texts, strict=True))


def _beneath(heading: str) -> int:
    """How wide a heading is that may stand on two lines, in characters, with the sign of its filter."""
    return max(len(heading) // 2, *map(len, heading.split() or [""])) + 3


def _cells(rows: pd.DataFrame) -> Iterator[list[Any]]:
    for cells in _plain(rows):
        yield [harmless(cell) for cell in cells]


def _plain(rows: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Rows of plain Python values, made column by column: a tenth of the time that going row by row takes."""
    return zip(*(_plain_column(rows[name]) for name in rows.columns), strict=True)


def _plain_column(column: "pd.Series[Any]") -> list[Any]:
    values, missing = column.tolist(), column.isna().to_numpy()
    if not missing.any():
        return values
    return [None if gone else value for value, gone in zip(values, missing, strict=True)]


def write_rows(
    rows: pd.DataFrame, wanted: str, path: Path | None, sheets: Mapping[str, pd.DataFrame] | None = None
) -> None:
    """Write rows to a file, or to the standard output.

    Args:
        rows: what to write.
        wanted: csv, json or xlsx.
        path: the file; None for the standard output.
        sheets: what follows the rows in an xlsx, by the sheet's name; the other two hold the rows alone.
    """
    made = {"csv": _csv_bytes, "json": _json_bytes, "xlsx": partial(as_xlsx, sheets=sheets)}
    content = made[wanted](rows)
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        path.write_bytes(content)


def _csv_bytes(rows: pd.DataFrame) -> bytes:
    return as_csv(rows).encode()


def _json_bytes(rows: pd.DataFrame) -> bytes:
    return (json.dumps(records(rows), ensure_ascii=False) + "\n").encode()
