"""What a store orders for its next delivery, and the month that a person calls complete."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.deliveries import Deliveries
from ledger.tables import completions, orders
from ledger.upserts import upsert


class Orders:
    """The orders of all stores; they reach DHIS2 with the month's other figures.

    Args:
        database: where they are kept.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock
        self._deliveries = Deliveries(database, clock)

    def send(self, unit: str, month: int, packs: Mapping[str, int], username: str) -> None:
        """Keep what a person orders, in the place of what was ordered of these items before.

        Args:
            unit: the store's unit.
            month: YYYYMM, the month of the form.
            packs: by item, 0 or more.
            username: who orders.
        """
        with self._database.write() as connection:
            self.write(connection, (unit, month), packs, username)
            self._deliveries.hurry(connection, unit, month, username)

    def write(
        self, connection: Connection, place: tuple[str, int], packs: Mapping[str, int], username: str
    ) -> None:
        """The same within a transaction, of a unit's month; nothing is delivered because of it."""
        same = {"unit": place[0], "month": place[1], "username": username, "ordered_at": self._clock()}
        rows = [same | {"item": item, "packs": number} for item, number in sorted(packs.items())]
        upsert(connection, orders, rows, _ordered_anew)

    def complete(self, unit: str, month: int, username: str) -> None:
        """Have the month registered as complete in DHIS2, after its figures have arrived there."""
        row = {"unit": unit, "month": month, "username": username, "asked_at": self._clock()}
        with self._database.write() as connection:
            upsert(connection, completions, [row | {"completed_at": None}], _asked_anew)
            self._deliveries.hurry(connection, unit, month, username)

    def of(self, unit: str, month: int) -> dict[str, Any]:
        """What was ordered, when the month was called complete and when DHIS2 had it; for JSON."""
        kept, done = orders.c, completions.c
        wanted = select(kept.item, kept.packs).where(kept.unit == unit, kept.month == month)
        ended = select(done.asked_at, done.completed_at).where(done.unit == unit, done.month == month)
        with self._database.read() as connection:
            ordered = {item: int(packs) for item, packs in connection.execute(wanted)}
            row = connection.execute(ended).first()
        asked_at, completed_at = tuple(row) if row else (None, None)
        return {"ordered": ordered, "asked_at": asked_at, "completed_at": completed_at}


def _ordered_anew(came: Any) -> dict[str, Any]:
    return {name: came[name] for name in ("packs", "username", "ordered_at")}


def _asked_anew(came: Any) -> dict[str, Any]:
    return {name: came[name] for name in ("username", "asked_at", "completed_at")}
