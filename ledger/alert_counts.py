"""When a store last counted each item, and how many packs there were: for whoever comes to supervise."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ledger.database import Database
from ledger.places import COUNTED
from ledger.store_tables import movements


@dataclass(frozen=True)
class LastCount:
    """The newest count of an item: packs found, and when."""

    packs: int
    at: datetime


def last_counts(database: Database, unit: str) -> dict[str, LastCount]:
    """The newest count of each item that a store ever counted, whole or by lot, by the item's id."""
    table = movements.c
    question = select(table.item, table.packs, table.corrected_at).where(
        table.unit == unit, table.kind == COUNTED
    )
    with database.read() as connection:
        rows = connection.execute(question.order_by(table.rank))
        return {str(row.item): LastCount(int(row.packs), row.corrected_at) for row in rows}
