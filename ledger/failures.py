"""Failed log-ins, counted for each user and address, so that nobody guesses passwords through us."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, delete, select

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import login_failures


@dataclass(frozen=True)
class Limits:
    """How many failures a window may hold: of one user from one address, and of one address with any user."""

    window: timedelta = timedelta(minutes=15)
    of_user: int = 5
    of_address: int = 50


class LoginFailures:
    """The failures of the last window."""

    def __init__(self, database: Database, limits: Limits | None = None, clock: Clock = utc_now) -> None:
        self._database = database
        self._limits = limits or Limits()
        self._clock = clock

    def note(self, username: str, address: str) -> None:
        """Count one failure, and forget those that no window holds any more."""
        now = self._clock()
        with self._database.write() as connection:
            old = login_failures.c.failed_at <= now - self._limits.window
            connection.execute(delete(login_failures).where(old))
            row = {"username": username.casefold()[:255], "address": address[:64], "failed_at": now}
            connection.execute(login_failures.insert().values(**row))

    def forgive(self, username: str, address: str) -> None:
        """Forget the failures of a person who got in."""
        with self._database.write() as connection:
            connection.execute(delete(login_failures).where(self._of_user(username, address)))

    def wait(self, username: str, address: str) -> int:
        """Seconds until this user may try again from this address; 0 when now."""
        of_address = login_failures.c.address == address[:64]
        return max(
            self._wait(self._of_user(username, address), self._limits.of_user),
            self._wait(of_address, self._limits.of_address),
        )

    def _of_user(self, username: str, address: str) -> ColumnElement[bool]:
        return (login_failures.c.username == username.casefold()[:255]) & (
            login_failures.c.address == address[:64]
        )

    def _wait(self, whose: ColumnElement[bool], limit: int) -> int:
        """Seconds until the window holds fewer than LIMIT: until the LIMIT-th newest failure leaves it."""
        now = self._clock()
        moments = select(login_failures.c.failed_at).where(
            whose, login_failures.c.failed_at > now - self._limits.window
        )
        decisive = moments.order_by(login_failures.c.failed_at.desc()).offset(limit - 1).limit(1)
        with self._database.read() as connection:
            moment: datetime | None = connection.execute(decisive).scalar()
        return 0 if moment is None else ceil((moment + self._limits.window - now).total_seconds())
