"""Packs on their way between stores: sent by the one, received by the other, both in their own words.

A transfer bears the id of the movement that was known first, which usually is the sending. What was sent
and is neither received nor written off is on the way, and stays an open difference until somebody says what
became of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, or_, select

from ledger.database import Database
from ledger.movement_form import Movement, Problem, Refused
from ledger.places import ARRIVE, SEND
from ledger.tables import transfers
from ledger.upserts import upsert


@dataclass(frozen=True)
class Transfer:
    """One item on its way from a store to another: packs sent, received, and lost between them."""

    id: str
    origin: str
    destination: str
    item: str
    sent: int
    received: int
    lost: int
    sent_at: datetime | None
    received_at: datetime | None

    @property
    def open(self) -> int:
        """Packs still on the way; less than 0 when more arrived than is known to have been sent."""
        return self.sent - self.received - self.lost


@dataclass(frozen=True)
class Change:
    """What a movement adds to a transfer; reversals add less than nothing."""

    transfer: Transfer
    sent: int = 0
    received: int = 0
    lost: int = 0
    moment: datetime | None = None


class Way:
    """The transfers from and to some units, in a transaction that writes.

    Args:
        connection: the transaction; it holds the stores of both ends.
        units: ids.
    """

    def __init__(self, connection: Connection, units: Sequence[str]) -> None:
        self._connection = connection
        concerned = or_(transfers.c.origin.in_(units), transfers.c.destination.in_(units))
        rows = connection.execute(select(transfers).where(concerned)).mappings()
        self._known = {row["id"]: _transfer(row) for row in rows}

    def of(self, movement: Movement) -> Transfer:
        """The transfer that a movement belongs to; a new one where none is known.

        Raises:
            Refused: it names a transfer that is not known, or one between other stores.
        """
        if movement.kind == SEND:
            return self._sent(movement)
        if movement.transfer:
            return self._named(movement)
        waiting = self._between(movement.partner, movement.unit, movement.item)
        fresh = _fresh(movement.id, movement.partner, movement.unit, movement.item)
        return next((each for each in waiting if each.open > 0), fresh)

    def known(self, number: str) -> Transfer | None:
        """A transfer by its id."""
        return self._known.get(number)

    def change(self, change: Change) -> None:
        """Add to a transfer."""
        old = change.transfer
        row = {
            "id": old.id,
            "origin": old.origin,
            "destination": old.destination,
            "item": old.item,
            "sent": change.sent,
            "received": change.received,
            "lost": change.lost,
            "sent_at": change.moment if change.sent > 0 else None,
            "received_at": change.moment if change.received > 0 else None,
        }
        upsert(self._connection, transfers, [row], _added)
        changed = self._connection.execute(select(transfers).where(transfers.c.id == old.id)).mappings().one()
        self._known[old.id] = _transfer(changed)

    def _sent(self, movement: Movement) -> Transfer:
        """The sending end: a receipt that was told before it is what it belongs to."""
        told = self._between(movement.unit, movement.partner, movement.item)
        fresh = _fresh(movement.id, movement.unit, movement.partner, movement.item)
        early = (each for each in told if each.sent == 0 and each.received > 0)
        return self._known.get(movement.id) or next(early, fresh)

    def _named(self, movement: Movement) -> Transfer:
        number = movement.transfer or ""
        found = self._known.get(number)
        if found is None and movement.kind == ARRIVE and movement.partner:
            return _fresh(number, movement.partner, movement.unit, movement.item)
        if found is None:
            raise Refused(Problem("transfer", "transfer", {"value": number}, retry=True))
        ends = (found.destination,) if movement.kind == ARRIVE else (found.origin, found.destination)
        if movement.unit not in ends or found.item != movement.item:
            raise Refused(Problem("other_transfer", "transfer", {"value": number}))
        return found

    def _between(self, origin: str, destination: str, item: str) -> list[Transfer]:
        wanted = (origin, destination, item)
        return [each for each in self._known.values() if (each.origin, each.destination, each.item) == wanted]


class Transfers:
    """What is on the way between stores."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_at(self, unit: str) -> list[Transfer]:
        """The transfers from and to a unit that are not settled, oldest first."""
        concerned = or_(transfers.c.origin == unit, transfers.c.destination == unit)
        settled = transfers.c.sent - transfers.c.received - transfers.c.lost == 0
        with self._database.read() as connection:
            rows = connection.execute(select(transfers).where(concerned, ~settled)).mappings()
            found = [_transfer(row) for row in rows]
        return sorted(found, key=lambda each: (str(each.sent_at or each.received_at or ""), each.id))


def _added(came: Any) -> dict[str, Any]:
    kept = transfers.c
    return {
        "sent": kept.sent + came.sent,
        "received": kept.received + came.received,
        "lost": kept.lost + came.lost,
        "sent_at": func.coalesce(came.sent_at, kept.sent_at),
        "received_at": func.coalesce(came.received_at, kept.received_at),
    }


def _fresh(number: str, origin: str, destination: str, item: str) -> Transfer:
    return Transfer(number, origin, destination, item, 0, 0, 0, None, None)


def _transfer(row: RowMapping) -> Transfer:
    return Transfer(**row)
