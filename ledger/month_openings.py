"""What stores held as each month began, by the ledger: beside what their forms say."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import func, select

from ledger.database import Database
from ledger.months import months_from
from ledger.store_tables import movements


class MonthOpening(NamedTuple):
    """The packs of an item that a store held as a month (YYYYMM) began."""

    unit: str
    item: str
    month: int
    packs: int


def month_openings(database: Database, until: int) -> list[MonthOpening]:
    """Of every store and item, what each month began with: from the month after the first movement on.

    Args:
        database: where the ledger is kept.
        until: the last month wanted, YYYYMM.
    """
    kept = movements.c
    by_month = (kept.unit, kept.item, kept.month)
    question = select(*by_month, func.sum(kept.delta).label("moved")).group_by(*by_month).order_by(*by_month)
    with database.read() as connection:
        rows = [(row.unit, row.item, int(row.month), int(row.moved)) for row in connection.execute(question)]
    series = groupby(rows, key=lambda row: (row[0], row[1]))
    return [
        each for (unit, item), own in series for each in _of(unit, item, {m: d for *_, m, d in own}, until)
    ]


def _of(unit: str, item: str, moved: dict[int, int], until: int) -> Iterator[MonthOpening]:
    first, balance = min(moved), 0
    for month in months_from(first, until):
        if month > first:
            yield MonthOpening(unit, item, month, balance)
        balance += moved.get(month, 0)
