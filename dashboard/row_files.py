"""Frames as JSON, CSV and XLSX: the same rows, and no cell that a spreadsheet would run."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS, NOTES = "Tandem", "Notes"
MOST_ROWS = 1_048_575  # that a sheet holds beneath its line of names
WIDTH_SAMPLE, WIDEST = 200, 60  # rows looked at for a column's width, and its most, in characters


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


def as_xlsx(rows: pd.DataFrame, sheets: Mapping[str, pd.DataFrame] | None = None) -> bytes:
    """Rows as an Excel workbook; text stays text, whatever it begins with.

    Args:
        rows: the first sheet, of at most `MOST_ROWS`.
        sheets: what follows, by the sheet's name; `NOTES` is the second: filters, sources, definitions.
    """
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        for name, each in {ROWS: rows, **(sheets or {})}.items():
            _sheet(workbook, name, each)
    return file.getvalue()


def _sheet(workbook: xlsxwriter.Workbook, name: str, rows: pd.DataFrame) -> None:
    """One sheet: a bold line of names that stays in sight and can be filtered by, then the rows."""
    sheet = workbook.add_worksheet(name)
    sheet.write_row(0, 0, list(rows.columns), workbook.add_format({"bold": True}))
    for number, cells in enumerate(_plain(rows), start=1):
        sheet.write_row(number, 0, cells)
    for column, heading in enumerate(rows.columns):
        longest = max((len(str(each)) for each in rows[heading].head(WIDTH_SAMPLE)), default=0)
        sheet.set_column(column, column, min(max(longest, len(str(heading))) + 2, WIDEST))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS + 1}"})  # codes are text
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), max(len(rows.columns) - 1, 0))


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
