"""Writes `values.csv.gz` from the published CSV files of the competition.

usage: python demo/countries/civ/convert.py FOLDER      (with contraceptive_logistics_data.csv and
                                                         contraceptive_case_data_monthly.csv)

Every filled cell becomes one row, in the order of the sources; blank cells are left out. The sources do not
say when a figure reached the national
system: a month is taken to be stored 3 to 20 days after its end, by a rule that depends on the reporter and
the month alone.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

HEADER = ("dataelement", "period", "orgunit", "categoryoptioncombo", "value", "stored")
MEASURES = {
    "stock_initial": "Opening balance",
    "stock_received": "Received",
    "stock_distributed": "Consumption",
    "stock_adjustment": "Adjustment",
    "stock_end": "End Balance",
    "average_monthly_consumption": "Average monthly consumption",
    "stock_stockout_days": "Stockout days",
    "stock_ordered": "Quantity to be ordered",
}


def stored_on(reporter: str, year: int, month: int) -> date:
    """The day on which a reporter's figures of a month are taken to have been stored."""
    days = 3 + sha256(f"{reporter}/{year}{month:02d}".encode()).digest()[0] % 18
    return date(year, month, monthrange(year, month)[1]) + timedelta(days=days)


def logistics(path: Path) -> Iterator[tuple[str, ...]]:
    """Rows of the logistics file: a product at a site in a month, one of eight measures after another."""
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    for column, measure in MEASURES.items():
        for row in rows:
            if row[column] not in ("", "NA"):
                year, month = int(row["year"]), int(row["month"])
                stored = stored_on(row["site_code"], year, month)
                yield (
                    row["product_code"],
                    f"{year}{month:02d}",
                    row["site_code"],
                    measure,
                    row[column],
                    str(stored),
                )


def services(path: Path) -> Iterator[tuple[str, ...]]:
    """Rows of the service file: one element a column, at a district in a month, one element after another."""
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    for column in (c for c in rows[0] if c not in ("district", "month", "year")):
        for row in rows:
            if row[column] not in ("", "NA"):
                district = "D_" + re.sub(r"[^A-Z0-9]+", "_", row["district"])
                year, month = int(row["year"]), int(row["month"])
                stored = stored_on(district, year, month)
                yield column.upper(), f"{year}{month:02d}", district, "default", row[column], str(stored)


def main(folder: Path) -> None:
    """Writes values.csv.gz beside this file."""
    rows = [
        *logistics(folder / "contraceptive_logistics_data.csv"),
        *services(folder / "contraceptive_case_data_monthly.csv"),
    ]
    out = Path(__file__).with_name("values.csv.gz")
    with out.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write("\n".join(",".join(row) for row in (HEADER, *rows)).encode() + b"\n")
    print(f"{len(rows):,} values, {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
