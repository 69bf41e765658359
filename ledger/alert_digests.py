"""Which alerts were told to whom: a person hears of each alert once by each way, and of a month once.

A digest is claimed before it is sent, and says afterwards what became of it. One that was claimed and never
finished (the worker was killed) is not sent again, since it may have gone out; it is listed as unknown. One
that failed is tried again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ledger.alert_tables import alert_digests, alert_told
from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.upserts import insert_absent, upsert

MAIL, MESSAGE = "mail", "dhis2"
CHANNELS = (MAIL, MESSAGE)
SENDING, SENT, FAILED = "sending", "sent", "failed"
FLAG, SET, CLEARED = "flag", "set", "cleared"


@dataclass(frozen=True)
class Digest:
    """What one person is told of a period by one channel.

    Attributes:
        period: 2026-03.
        username: whom.
        channel: of `CHANNELS`.
        state: `SENDING` (claimed; unknown when it stays so), `SENT` or `FAILED`.
        count: how many alerts.
        note: what was wrong.
        at: when it came into its state.
    """

    period: str
    username: str
    channel: str
    state: str
    count: int
    note: str
    at: datetime


class Digests:
    """What was told.

    Args:
        database: where it is kept.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def claim(self, key: tuple[str, str, str], count: int) -> bool:
        """Take the digest of (period, username, channel) for sending; False where it may have gone out."""
        period, username, channel = key
        row = {"state": SENDING, "count": count, "note": "", "at": self._clock()}
        failed = (*_is(key), alert_digests.c.state == FAILED)
        try:
            with self._database.write() as connection:
                if connection.execute(update(alert_digests).where(*failed).values(**row)).rowcount:
                    return True
                connection.execute(
                    alert_digests.insert().values(period=period, username=username, channel=channel, **row)
                )
        except IntegrityError:
            return False
        return True

    def sent(self, key: tuple[str, str, str], alerts: Sequence[str]) -> None:
        """Note that a digest went out, and which alerts it told of."""
        period, username, channel = key
        now = self._clock()
        rows = [
            {"alert": each, "username": username, "channel": channel, "period": period, "at": now}
            for each in alerts
        ]
        with self._database.write() as connection:
            insert_absent(connection, alert_told, rows)
            change = update(alert_digests).where(*_is(key))
            connection.execute(change.values(state=SENT, at=now, count=len(alerts)))

    def failed(self, key: tuple[str, str, str], note: str) -> None:
        """Note that a digest certainly did not go out, and why."""
        change = update(alert_digests).where(*_is(key))
        with self._database.write() as connection:
            connection.execute(change.values(state=FAILED, note=note[:500], at=self._clock()))

    def untold(self, alerts: Collection[str], username: str, channel: str) -> set[str]:
        """Those of some alerts that a person was not told of by a channel."""
        question = select(alert_told.c.alert).where(
            alert_told.c.username == username, alert_told.c.channel == channel
        )
        with self._database.read() as connection:
            told = set(connection.execute(question).scalars())
        return set(alerts) - told

    def all(self, limit: int = 100) -> list[Digest]:
        """The newest digests, newest first."""
        question = select(alert_digests).order_by(alert_digests.c.at.desc(), alert_digests.c.username)
        with self._database.read() as connection:
            return [Digest(**row) for row in connection.execute(question.limit(limit)).mappings()]


class Flags:
    """Which alerts DHIS2 was told of by a mark for follow-up; kept beside what people were told.

    Args:
        database: where it is kept.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock
        with database.read() as connection:
            question = select(alert_told.c.alert).where(
                alert_told.c.channel == FLAG, alert_told.c.period == SET
            )
            self._set = set(connection.execute(question).scalars())

    def is_set(self, alert: str) -> bool:
        """Whether the value of an alert is marked because of it."""
        return alert in self._set

    def note(self, alert: str, is_set: bool) -> None:
        """Note that the mark was set, or cleared."""
        period = SET if is_set else CLEARED
        row = {"alert": alert, "username": "", "channel": FLAG, "period": period, "at": self._clock()}
        with self._database.write() as connection:
            upsert(connection, alert_told, [row], _noted)
        (self._set.add if is_set else self._set.discard)(alert)


def _noted(came: Any) -> dict[str, Any]:
    return {"period": came.period, "at": came.at}


def _is(key: tuple[str, str, str]) -> tuple[Any, ...]:
    period, username, channel = key
    table = alert_digests.c
    return table.period == period, table.username == username, table.channel == channel
