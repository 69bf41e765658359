"""Leases: a name that one process holds for a while, so that of several workers one works."""

from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import leases


class Leases:
    """Named leases with an end. Who wants to keep one renews it in time; who dies loses it by itself."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def acquire(self, name: str, holder: str, seconds: float) -> bool:
        """Take the lease, or keep it when one has it already; False while somebody else holds it."""
        now = self._clock()
        free = or_(leases.c.holder == holder, leases.c.ends_at <= now)
        end = now + timedelta(seconds=seconds)
        change = update(leases).where(leases.c.name == name, free).values(holder=holder, ends_at=end)
        try:
            with self._database.write() as connection:
                if connection.execute(change).rowcount:
                    return True
                if connection.execute(select(leases.c.name).where(leases.c.name == name)).first():
                    return False
                connection.execute(leases.insert().values(name=name, holder=holder, ends_at=end))
                return True
        except IntegrityError:  # somebody else made the row between the look and the insert (PostgreSQL)
            return False

    def renew(self, name: str, holder: str, seconds: float) -> bool:
        """Hold the lease longer; False when it was lost, and whatever it guarded must stop."""
        now = self._clock()
        mine = (leases.c.name == name, leases.c.holder == holder, leases.c.ends_at > now)
        change = update(leases).where(*mine).values(ends_at=now + timedelta(seconds=seconds))
        with self._database.write() as connection:
            return bool(connection.execute(change).rowcount)

    def release(self, name: str, holder: str) -> None:
        """Give the lease back, if it is one's own."""
        with self._database.write() as connection:
            connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))

    def holder(self, name: str) -> str | None:
        """Who holds the lease now."""
        question = select(leases.c.holder).where(leases.c.name == name, leases.c.ends_at > self._clock())
        with self._database.read() as connection:
            return connection.execute(question).scalar()
