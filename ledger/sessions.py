"""Sessions: the browser holds an opaque secret, everything else is here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import OperationalError

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.disk import is_full
from ledger.secrets import fingerprint, fresh_secret
from ledger.tables import sessions

SEEN_EVERY = timedelta(seconds=60)
"""How exactly the last use of a session is known; writing at each request would cost more than reading it."""


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts: without use, and at all."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """A living session. `id_hash` is the fingerprint of the secret that the browser holds."""

    id_hash: str
    username: str
    address: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime


class Sessions:
    """The sessions of everybody."""

    def __init__(self, database: Database, lifetime: Lifetime, clock: Clock = utc_now) -> None:
        self._database = database
        self._lifetime = lifetime
        self._clock = clock

    def start(self, username: str, address: str) -> str:
        """Begin a session and give the secret for the browser's cookie; ended sessions are swept out."""
        secret, now = fresh_secret(), self._clock()
        row = {"username": username, "address": address, "started_at": now, "seen_at": now}
        with self._database.write() as connection:
            ended = or_(sessions.c.ends_at <= now, sessions.c.seen_at <= now - self._lifetime.idle)
            connection.execute(delete(sessions).where(ended))
            end = now + self._lifetime.absolute
            connection.execute(sessions.insert().values(id_hash=fingerprint(secret), ends_at=end, **row))
        return secret

    def find(self, secret: str, used: bool = True) -> Session | None:
        """The living session of a secret.

        Args:
            secret: what the browser sent.
            used: whether somebody used it just now; a page that asks by itself does not count.
        """
        now, key = self._clock(), fingerprint(secret)
        with self._database.read() as connection:
            row = connection.execute(select(sessions).where(sessions.c.id_hash == key)).mappings().first()
        if row is None:
            return None
        session = Session(**row)
        if now >= session.ends_at or now - session.seen_at >= self._lifetime.idle:
            self.end(secret)
            return None
        if used and now - session.seen_at >= SEEN_EVERY:
            self._seen(key, now)
        return session

    def _seen(self, key: str, now: datetime) -> None:
        """Keep when a session was last used; on a full disk people go on reading until it ends."""
        try:
            with self._database.write() as connection:
                connection.execute(update(sessions).where(sessions.c.id_hash == key).values(seen_at=now))
        except OperationalError as problem:
            if not is_full(problem):
                raise

    def end(self, secret: str) -> None:
        """End one session."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.id_hash == fingerprint(secret)))

    def end_all(self, username: str) -> None:
        """End every session of a person."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.username == username))
