"""From where on a score is an alert: by subject and place, learned or set, each with its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from ledger.alert_tables import alert_thresholds
from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.words import StaleError

EVERY = ""
"""The subject or the unit of a threshold that holds for all that have none of their own."""

LEARNED, SET, BUDGETED = "learned", "set", "budgeted"
"""By outcomes, by a person, by how many alerts the country can look into."""


@dataclass(frozen=True)
class Threshold:
    """One revision.

    Attributes:
        subject: a code of an item, `pair:ID`, or `EVERY`.
        unit: a place, with all below it, or `EVERY`.
        revision: from 1 on.
        threshold: the score from which on there is an alert.
        origin: `LEARNED`, `SET` or `BUDGETED`.
        evidence: what it was learned from; JSON.
        reason: why it was set.
        author: who set it; empty for what was learned.
        written_at: when.
    """

    subject: str
    unit: str
    revision: int
    threshold: float
    origin: str
    evidence: Mapping[str, Any]
    reason: str
    author: str
    written_at: datetime


class Thresholds:
    """The thresholds of an installation.

    Args:
        database: where they are kept.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def current(self) -> dict[tuple[str, str], Threshold]:
        """The newest revision of each, by subject and unit."""
        question = select(alert_thresholds).order_by(alert_thresholds.c.revision)
        with self._database.read() as connection:
            rows = connection.execute(question).mappings()
            return {(row["subject"], row["unit"]): Threshold(**row) for row in rows}

    def history(self, subject: str, unit: str) -> list[Threshold]:
        """Every revision of one, newest first."""
        question = select(alert_thresholds).where(
            alert_thresholds.c.subject == subject, alert_thresholds.c.unit == unit
        )
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(alert_thresholds.c.revision.desc())).mappings()
            return [Threshold(**row) for row in rows]

    def write(self, of: tuple[str, str], threshold: float, revision: int, **about: Any) -> None:
        """Write the next revision.

        Args:
            of: subject and unit.
            threshold: the score.
            revision: the one that was looked at; 0 when there was none.
            about: origin, evidence, reason, author; what is left out is empty, and the origin `SET`.

        Raises:
            StaleError: somebody wrote a newer revision meanwhile.
        """
        subject, unit = of
        row = {"origin": SET, "evidence": {}, "reason": "", "author": "", **about}
        one = (alert_thresholds.c.subject == subject) & (alert_thresholds.c.unit == unit)
        with self._database.write() as connection:
            newest = connection.execute(
                select(func.coalesce(func.max(alert_thresholds.c.revision), 0)).where(one)
            ).scalar_one()
            if newest != revision:
                raise StaleError("Somebody changed this threshold meanwhile. Load it again, then change it.")
            connection.execute(
                alert_thresholds.insert().values(
                    subject=subject, unit=unit, revision=revision + 1, threshold=threshold,
                    written_at=self._clock(), **row,
                )
            )  # fmt: skip
