"""What the stores hold: now, at any moment, lot by lot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select

from ledger.database import Database
from ledger.device_clocks import after
from ledger.places import COUNTED, OPENING
from ledger.tables import balances, lots, movements, stores


@dataclass(frozen=True)
class Stock:
    """What a store holds of an item, in packs; below 0 where more went than is known to have come."""

    unit: str
    item: str
    balance: int


@dataclass(frozen=True)
class Lot:
    """What a store holds of one lot of an item."""

    item: str
    lot: str
    expiry: date | None
    balance: int


class Balances:
    """The balances of all stores. What a store never recorded is not here: it is unknown, not 0."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version(self, unit: str) -> int:
        """The version of what a store sees; it grows with every change. 0 where nothing was recorded."""
        with self._database.read() as connection:
            question = select(stores.c.version).where(stores.c.unit == unit)
            return int(connection.execute(question).scalar() or 0)

    def of(self, unit: str, since: int = 0) -> list[Stock]:
        """What a store holds, of the items that changed after a version."""
        kept = balances.c
        question = select(kept.unit, kept.item, kept.balance).where(kept.unit == unit, kept.version > since)
        with self._database.read() as connection:
            return [Stock(*row) for row in connection.execute(question)]

    def in_units(self, units: Sequence[str], item: str) -> list[Stock]:
        """What several stores hold of an item."""
        kept = balances.c
        question = select(kept.unit, kept.item, kept.balance).where(kept.unit.in_(units), kept.item == item)
        with self._database.read() as connection:
            return [Stock(*row) for row in connection.execute(question)]

    def at(self, unit: str, moment: datetime) -> dict[str, int]:
        """What a store held of each item at a moment, as the book now says; items recorded by then."""
        kept = movements.c
        until = (kept.unit == unit, kept.rank < after(moment))
        question = select(kept.item, func.sum(kept.delta)).where(*until).group_by(kept.item)
        with self._database.read() as connection:
            return {item: int(total) for item, total in connection.execute(question)}

    def unconfirmed(self, unit: str) -> set[str]:
        """The items of a store whose first balance came from elsewhere and that nobody has counted yet."""
        kept, counted = movements.c, movements.alias("counted")
        same = (counted.c.unit == kept.unit, counted.c.item == kept.item, counted.c.kind == COUNTED)
        waits = (kept.unit == unit, kept.kind == OPENING, ~exists().where(*same))
        with self._database.read() as connection:
            return set(connection.execute(select(kept.item).where(*waits)).scalars())

    def lots(self, unit: str) -> list[Lot]:
        """The lots that a store still holds, those that expire first before the others."""
        kept = lots.c
        held = (kept.unit == unit, kept.balance > 0)
        question = select(kept.item, kept.lot, kept.expiry, kept.balance).where(*held)
        with self._database.read() as connection:
            found = [Lot(*row) for row in connection.execute(question)]
        return sorted(found, key=lambda lot: (lot.item, lot.expiry or date.max, lot.lot))


def first_expired_first_out(held: Sequence[Lot], packs: int, today: date) -> list[tuple[str, int]]:
    """From which lots to take: those that expire first, none that has expired.

    Args:
        held: the lots of one item.
        packs: how many are wanted.
        today: lots that expired before are left.

    Returns:
        (lot, packs), in order; less than what is wanted where the lots do not have it.

    Example:
        >>> lots = [Lot("i", "B", date(2027, 1, 31), 5), Lot("i", "A", date(2026, 6, 30), 3)]
        >>> first_expired_first_out(lots, 4, date(2026, 5, 1))
        [('A', 3), ('B', 1)]
    """
    found: list[tuple[str, int]] = []
    for lot in sorted(held, key=lambda each: (each.expiry or date.max, each.lot)):
        wanted = min(packs - sum(taken for _, taken in found), lot.balance)
        if wanted > 0 and not (lot.expiry and lot.expiry < today):
            found.append((lot.lot, wanted))
    return found
