"""Looks in DHIS2 for what somebody else changed in the stores' months, though there was nothing to write."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from ledger.clock import Clock, utc_now
from ledger.comparing import read_accepted
from ledger.database import Database
from ledger.deliveries import mark
from ledger.doubts import read_doubts
from ledger.months import month_of
from ledger.tables import deliveries, looks
from ledger.upserts import upsert
from loaders.store_entry import Changed, StoreEntry

NAME = "form"


class Lookout:
    """Asks DHIS2, by one request for all stores, what was changed since it last looked.

    Args:
        database: where the ledger is.
        zone: the country's time zone.
        clock: the server's.
    """

    def __init__(self, database: Database, zone: ZoneInfo, clock: Clock = utc_now) -> None:
        self._database, self._zone, self._clock = database, zone, clock

    def look(self, account: StoreEntry) -> int:
        """Mark the months that hold what nobody of ours wrote; how many there are.

        Raises:
            SourceError: DHIS2 cannot be read.
        """
        with self._database.read() as connection:
            since = connection.execute(select(looks.c.looked_at).where(looks.c.name == NAME)).scalar()
            delivered = select(deliveries.c.unit, deliveries.c.month).where(deliveries.c.delivered > 0)
            ours = {tuple(row) for row in connection.execute(delivered)}
            first = connection.execute(select(func.min(deliveries.c.delivered_at))).scalar()
        now = self._clock()
        if not ours:
            return 0
        since = since or first or now  # who never looked looks at all that came after the first delivery
        changed = account.changed_since(since, month_of(now, self._zone))
        foreign = self._foreign([each for each in changed if (each.unit, each.month) in ours])
        with self._database.write() as connection:
            mark(connection, sorted(foreign), "", now)
            row = {"name": NAME, "looked_at": now}
            upsert(connection, looks, [row], _looked_again)
        return len(foreign)

    def _foreign(self, changed: list[Changed]) -> set[tuple[str, int]]:
        """The months with a value that is not known for ours, or that a late write of ours may have met."""
        found: set[tuple[str, int]] = set()
        with self._database.read() as connection:
            for place in sorted({(each.unit, each.month) for each in changed}):
                accepted, doubts = read_accepted(connection, *place), read_doubts(connection, *place)
                values = [each for each in changed if (each.unit, each.month) == place]
                if any(
                    each.cell in doubts or each.value != accepted.get(each.cell, [each.value])[0]
                    for each in values
                ):
                    found.add(place)
        return found


def _looked_again(came: Any) -> dict[str, Any]:
    return {"looked_at": came.looked_at}
