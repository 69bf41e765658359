"""What is put to sleep for a while, with the reason: the same finding at the same place, until a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select, update

from ledger.alert_tables import alert_snoozes
from ledger.clock import Clock, utc_now
from ledger.database import Database

LONGEST = timedelta(days=366)
USUAL = timedelta(days=183)


@dataclass(frozen=True)
class Snooze:
    """One finding at one place that nobody wants to hear of for a while.

    Attributes:
        id: a UUID.
        unit: the place.
        subject: a code of an item, `pair:ID` or `form:KEY`.
        code: which score or rule.
        reason: why, in the words of who did it.
        until: the last day, as 2026-03-31.
        author: who did it.
        made_at: when.
        ended_by: who woke it before its time; empty for nobody.
        ended_at: when.
    """

    id: str
    unit: str
    subject: str
    code: str
    reason: str
    until: str
    author: str
    made_at: datetime
    ended_by: str
    ended_at: datetime | None

    @property
    def key(self) -> tuple[str, str, str]:
        """Which alerts it concerns: unit, subject, code."""
        return self.unit, self.subject, self.code


class Snoozes:
    """The list of what sleeps.

    Args:
        database: where it is kept.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def add(self, key: tuple[str, str, str], reason: str, until: date, author: str) -> str:
        """Put a finding (unit, subject, code) to sleep; gives its id.

        Raises:
            ValueError: there is no reason, or the day lies in the past or more than a year ahead.
        """
        today = self._clock().date()
        if not reason.strip():
            raise ValueError("Say why: whoever looks later has to know.")
        if not today <= until <= today + LONGEST:
            raise ValueError(f"{until} is no day of the year to come. Choose one from {today} on.")
        unit, subject, code = key
        number = str(uuid4())
        row = {"unit": unit, "subject": subject, "code": code, "reason": reason.strip()[:500]}
        with self._database.write() as connection:
            connection.execute(
                alert_snoozes.insert().values(
                    id=number, until=until.isoformat(), author=author, made_at=self._clock(), ended_by="",
                    ended_at=None, **row,
                )
            )  # fmt: skip
        return number

    def end(self, number: str, username: str) -> bool:
        """Wake a finding; whether it slept."""
        change = update(alert_snoozes).where(alert_snoozes.c.id == number, alert_snoozes.c.ended_at.is_(None))
        with self._database.write() as connection:
            values = {"ended_by": username, "ended_at": self._clock()}
            return bool(connection.execute(change.values(**values)).rowcount)

    def asleep(self, units: Collection[str] | None = None) -> list[Snooze]:
        """What sleeps today, of some places or of all; what wakes first stands first."""
        today = self._clock().date().isoformat()
        question = select(alert_snoozes).where(
            alert_snoozes.c.ended_at.is_(None), alert_snoozes.c.until >= today
        )
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(alert_snoozes.c.until, alert_snoozes.c.id)).mappings()
            found = [Snooze(**row) for row in rows]
        return found if units is None else [each for each in found if each.unit in units]
