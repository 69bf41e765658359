"""When a store last received a delivery from its supplier."""

from sqlalchemy import func, select

from ledger.database import Database
from ledger.places import RECEIVE
from ledger.tables import movements


def last_received(database: Database, unit: str) -> int | None:
    """The day (YYYYMMDD) of a store's last delivery; None where none was recorded."""
    kept = movements.c
    received = (kept.unit == unit, kept.kind == RECEIVE, kept.packs > 0)
    with database.read() as connection:
        found = connection.execute(select(func.max(kept.day)).where(*received)).scalar()
    return int(found) if found else None
