"""What DHIS2 should hold of a store's month: the form's figures as the ledger derives them.

Consumption is what went to departments less what came back, reversals counted at the moment of what they
undo. Losses, transfers and the differences of counts change the End balance alone. What DHIS2 held when a
store was taken over stands for all that happened in that month until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select

from ledger.consumption import FOR_USE
from ledger.tables import balances, movements, orders, takeovers

CONSUMED, CLOSING, ORDERED = "consumed", "closing", "ordered"
MEASURES = (CONSUMED, CLOSING, ORDERED)


@dataclass(frozen=True)
class Figures:
    """What one item's line of the form says, in packs.

    Attributes:
        consumed: went to departments in the month, less what came back; below 0 when more came back.
        closing: what there was at the month's end (or is now); below 0 when more went than is known of.
        ordered: what a person ordered; None while nobody did.
    """

    consumed: int
    closing: int
    ordered: int | None = None

    def of(self, measure: str) -> int | None:
        """The figure of a measure."""
        return {CONSUMED: self.consumed, CLOSING: self.closing, ORDERED: self.ordered}[measure]


def project(connection: Connection, unit: str, month: int) -> dict[str, Figures]:
    """The form of a store's month, by item: those that were recorded until then, or are ordered.

    Args:
        connection: a transaction.
        unit: the store's unit.
        month: YYYYMM.
    """
    used, closing = _consumed(connection, unit, month), _closing(connection, unit, month)
    wanted = _ordered(connection, unit, month)
    return {
        item: Figures(used.get(item, 0), closing.get(item, 0), wanted.get(item))
        for item in sorted(set(closing) | set(wanted))
    }


def _consumed(connection: Connection, unit: str, month: int) -> dict[str, int]:
    """What DHIS2 held at the take-over, where that was this month, and what was recorded after it."""
    kept, taken = movements.c, takeovers.c
    same = and_(taken.unit == kept.unit, taken.item == kept.item, taken.month == kept.month)
    question = (
        select(kept.item, -func.sum(kept.delta))
        .select_from(movements.outerjoin(takeovers, same))
        .where(kept.unit == unit, kept.month == month, FOR_USE)
        .where(or_(taken.rank.is_(None), kept.rank > taken.rank))
        .group_by(kept.item)
    )
    before = select(taken.item, taken.consumed).where(taken.unit == unit, taken.month == month)
    found = {row[0]: int(row[1]) for row in connection.execute(before)}
    for item, packs in connection.execute(question):
        found[item] = found.get(item, 0) + int(packs)
    return found


def consumed_until(connection: Connection, unit: str, month: int, rank: str) -> dict[str, int]:
    """The consumption of a month up to a moment (its rank), by item, with what was taken over."""
    later = (movements.c.unit == unit, movements.c.month == month, movements.c.rank > rank, FOR_USE)
    question = select(movements.c.item, -func.sum(movements.c.delta)).where(*later)
    after = {item: int(packs) for item, packs in connection.execute(question.group_by(movements.c.item))}
    whole = _consumed(connection, unit, month)
    return {item: whole.get(item, 0) - after.get(item, 0) for item in set(whole) | set(after)}


def _closing(connection: Connection, unit: str, month: int) -> dict[str, int]:
    """The balances at a month's end: those of now without what happened later."""
    kept, held = movements.c, balances.c
    later = select(kept.item, func.sum(kept.delta)).where(kept.unit == unit, kept.month > month)
    after: Mapping[str, int] = {
        item: int(packs) for item, packs in connection.execute(later.group_by(kept.item))
    }
    until = (kept.unit == held.unit, kept.item == held.item, kept.month <= month)
    question = select(held.item, held.balance).where(
        held.unit == unit, select(kept.id).where(*until).exists()
    )
    return {item: int(packs) - after.get(item, 0) for item, packs in connection.execute(question)}


def _ordered(connection: Connection, unit: str, month: int) -> dict[str, int]:
    question = select(orders.c.item, orders.c.packs).where(orders.c.unit == unit, orders.c.month == month)
    return {item: int(packs) for item, packs in connection.execute(question)}
