"""What departments used: daily averages of stores, and when each was last heard of."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select

from ledger.database import Database
from ledger.tables import movements, takeovers

FOR_USE = or_(movements.c.origin.like("department:%"), movements.c.destination.like("department:%"))
"""The movements that carry packs to departments or back: consumption is their sum, whatever undid them."""


def consumed_daily(database: Database, units: Sequence[str], item: str, since: date) -> dict[str, float]:
    """What went to departments less what came back, per day, of stores that recorded any since a day.

    Args:
        database: where movements are.
        units: the stores.
        item: of which item.
        since: the first day; a store that began later is averaged from its own first.
    """
    kept = movements.c
    used = (kept.unit.in_(units), kept.item == item, kept.day >= int(since.strftime("%Y%m%d")), FOR_USE)
    spans = (func.min(kept.corrected_at), func.max(kept.received_at), func.sum(kept.delta))
    question = select(kept.unit, *spans).where(*used).group_by(kept.unit)
    with database.read() as connection:
        return {
            unit: max(-float(total), 0.0) / max((last - first).days + 1, 1)
            for unit, first, last, total in connection.execute(question)
        }


def last_heard(database: Database, units: Sequence[str]) -> dict[str, datetime]:
    """When the newest movement of each store came in."""
    kept = movements.c
    question = select(kept.unit, func.max(kept.received_at)).where(kept.unit.in_(units)).group_by(kept.unit)
    with database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(question)}


def consumed_earlier(database: Database, unit: str, before: int) -> dict[str, dict[int, int]]:
    """What DHIS2 said was consumed in the months before a store kept its book here: item -> month -> packs.

    Args:
        database: where it was kept when the store was taken over.
        unit: the store's unit.
        before: the first month (YYYYMM) that is not wanted.
    """
    taken = takeovers.c
    question = select(taken.item, taken.month, taken.consumed).where(taken.unit == unit, taken.month < before)
    found: dict[str, dict[int, int]] = {}
    with database.read() as connection:
        for item, month, packs in connection.execute(question.order_by(taken.month)):
            found.setdefault(item, {})[month] = int(packs)
    return found
