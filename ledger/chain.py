"""The chain of a store: each movement sealed by the one before, so that none can be changed or removed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.database import Database
from ledger.tables import balances, lots, movements, stores

GENESIS = "0" * 64
SEALED = tuple(column.name for column in movements.columns if column.name != "digest")
AT_ONCE = 1_000


@dataclass(frozen=True)
class Break:
    """Where a store's trail is not what was written: the unit, the number of its row, what is wrong."""

    unit: str
    number: int
    what: str


def seal(previous: str, row: Mapping[str, Any]) -> str:
    """The digest of a row of `movements` that follows the row with the digest PREVIOUS."""
    parts = [previous, *map(row.__getitem__, SEALED)]
    return sha256(_WRITER.encode(parts).encode("utf-8", "surrogatepass")).hexdigest()


_WRITER = json.JSONEncoder(ensure_ascii=False, default=lambda day: day.isoformat())


def broken(database: Database) -> list[Break]:
    """Every store whose movements were changed, added to or removed from behind our back.

    Balances that are not the sums of their movements are found as well.
    """
    with database.read() as connection:
        heads = {row.unit: row for row in connection.execute(select(stores))}
        known = set(connection.execute(select(movements.c.unit).distinct()).scalars())
        found = [Break(unit, 1, "has movements, but no head of its chain") for unit in known - set(heads)]
        for unit in sorted(heads):
            wrong = _first_wrong(connection, unit, int(heads[unit].last), str(heads[unit].digest))
            if wrong:
                found.append(wrong)
        return found + list(_wrong_balances(connection)) + list(_wrong_lots(connection))


def _first_wrong(connection: Connection, unit: str, last: int, digest: str) -> Break | None:
    expected, previous = 1, GENESIS
    rows = select(movements).where(movements.c.unit == unit).order_by(movements.c.number)
    for row in connection.execution_options(yield_per=AT_ONCE).execute(rows).mappings():
        if row["number"] != expected:
            return Break(unit, expected, "was removed")
        if row["digest"] != seal(previous, dict(row)):
            return Break(unit, expected, "was changed, or the one before it was")
        expected, previous = expected + 1, str(row["digest"])
    if (expected - 1, previous) == (last, digest):
        return None
    return Break(unit, expected, "was removed" if expected <= last else "was added behind our back")


def _wrong_balances(connection: Connection) -> Iterator[Break]:
    sums = (
        select(movements.c.unit, movements.c.item, func.sum(movements.c.delta).label("total"))
        .group_by(movements.c.unit, movements.c.item)
        .subquery()
    )
    same = (balances.c.unit == sums.c.unit) & (balances.c.item == sums.c.item)
    both = select(balances, func.coalesce(sums.c.total, 0).label("total"))
    for row in connection.execute(both.select_from(balances.outerjoin(sums, same))):
        if int(row.total) != row.balance:
            yield Break(row.unit, 0, f"balance of {row.item}: {row.balance}, the sum is {int(row.total)}")


def _wrong_lots(connection: Connection) -> Iterator[Break]:
    kept = movements.c
    sums = (
        select(kept.unit, kept.item, kept.lot, func.sum(kept.delta).label("total"))
        .where(kept.lot != "")
        .group_by(kept.unit, kept.item, kept.lot)
        .subquery()
    )
    same = (lots.c.unit == sums.c.unit) & (lots.c.item == sums.c.item) & (lots.c.lot == sums.c.lot)
    both = select(lots, func.coalesce(sums.c.total, 0).label("total"))
    for row in connection.execute(both.select_from(lots.outerjoin(sums, same))):
        if int(row.total) != row.balance:
            yield Break(row.unit, 0, f"lot {row.lot} of {row.item}: {row.balance}, not {int(row.total)}")
