"""What a look at the data finds, brought together with the alerts that are known.

New findings become alerts. An alert that is found again keeps its history and takes the newest figures. One
whose figure was corrected closes by itself; one that was closed comes back when new data say it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from ledger.alert_tables import alert_runs, alert_steps, alerts
from ledger.alerts import (
    CLOSED,
    CORRECTED,
    ITSELF,
    NEW,
    OPEN,
    STATUSES,
    SUPPLY,
    Alert,
    Step,
    identity,
    write_step,
)
from ledger.clock import Clock, utc_now
from ledger.database import Database

OVER = "over_by_itself"
CORRECTED_BY_ITSELF, NOT_UNUSUAL, FOUND_AGAIN = "corrected_by_itself", "not_unusual", "found_again"
NOTES = (OVER, CORRECTED_BY_ITSELF, NOT_UNUSUAL, FOUND_AGAIN)
"""Comments of steps that no person took; pages say them in the reader's language."""

COUNTS = ("found", "new", "again", "closed", "reopened", "left_out")


@dataclass(frozen=True)
class Candidate:
    """Something that was found.

    Attributes:
        kind: one of `ledger.alerts.KINDS`.
        code: which score or rule.
        unit: the place.
        subject: a code of an item, `pair:ID` or `form:KEY`.
        month: YYYYMM.
        rank: how much it matters.
        facts: every number of its sentence; `value` is what was reported.
    """

    kind: str
    code: str
    unit: str
    subject: str
    month: int
    rank: float
    facts: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Of what it is about."""
        return identity(self.kind, self.code, self.unit, self.subject, self.month)


@dataclass(frozen=True)
class Judged:
    """What was looked at.

    Attributes:
        found: what there is.
        cells: by (unit, subject, month), what is reported there now (None for nothing): of these it is known
            that there is nothing else.
        supply: whether it is the supply that was looked at, all of it, and not figures.
    """

    found: Sequence[Candidate]
    cells: Mapping[tuple[str, str, int], float | None]
    supply: bool = False


@dataclass
class Counts:
    """How many of each of `COUNTS` a run came to."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))

    def add(self, name: str, more: int = 1) -> None:
        """Count."""
        self.counts[name] += more


@dataclass(frozen=True)
class Run:
    """A look at the data: which snapshot, by which rules, as of when, and what came of it."""

    snapshot: int
    rules: str
    counts: Mapping[str, int]
    data_at: datetime
    at: datetime


class Intake:
    """Brings findings together with what is known.

    Args:
        database: where alerts are kept.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def last(self) -> Run | None:
        """The newest look at the data; None where there was none."""
        question = select(alert_runs).order_by(alert_runs.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(question).mappings().first()
        return None if row is None else Run(**{name: row[name] for name in Run.__dataclass_fields__})

    def known(self) -> list[Alert]:
        """Every alert, whatever its state."""
        with self._database.read() as connection:
            return _all(connection)

    def take_in(self, judged: Judged, run: tuple[int, str, datetime], left_out: int = 0) -> dict[str, int]:
        """Bring what was found into the list, in one transaction.

        Args:
            judged: what was found, and what was looked at.
            run: the snapshot's number, the digest of the rules, and the moment of the data.
            left_out: findings beyond what a district can look at.

        Returns:
            How many of each of `COUNTS`.
        """
        now, counts = self._clock(), Counts()
        counts.add("left_out", left_out)
        with self._database.write() as connection:
            known = {each.id: each for each in _all(connection)}
            for candidate in judged.found:
                counts.add("found")
                counts.add(_keep(connection, candidate, known.get(candidate.id), now))
            found = {each.id for each in judged.found}
            for alert in known.values():
                if alert.id not in found and _is_over(alert, judged):
                    _close(connection, alert, _why(alert, judged), now)
                    counts.add("closed")
            snapshot, rules, data_at = run
            values = {"snapshot": snapshot, "rules": rules, "data_at": data_at, "at": now}
            connection.execute(alert_runs.insert().values(counts=counts.counts, **values))
        return counts.counts


def _all(connection: Connection) -> list[Alert]:
    rows = connection.execute(select(alerts).where(alerts.c.status.in_(STATUSES))).mappings()
    return [Alert(**row) for row in rows]


def _keep(connection: Connection, candidate: Candidate, known: Alert | None, now: datetime) -> str:
    """Insert or refresh one; which of `COUNTS` it is."""
    if known is None:
        _insert(connection, candidate, now)
        return "new"
    newest = replace(known, rank=candidate.rank, facts=candidate.facts)
    if dict(known.facts) != dict(candidate.facts) or known.rank != candidate.rank:
        change = update(alerts).where(alerts.c.id == known.id)
        connection.execute(change.values(rank=candidate.rank, facts=dict(candidate.facts)))
    if known.status == CLOSED and _is_back(connection, known, candidate):
        write_step(connection, newest, Step(NEW, comment=FOUND_AGAIN), (ITSELF, now))
        return "reopened"
    return "again"


def _is_back(connection: Connection, known: Alert, candidate: Candidate) -> bool:
    """Whether a closed alert tells of new data: of another figure, or of one that had gone in between."""
    if known.facts.get("value") != candidate.facts.get("value"):
        return True
    steps = select(alert_steps.c.author, alert_steps.c.comment).where(alert_steps.c.alert == known.id)
    last = connection.execute(steps.order_by(alert_steps.c.version.desc()).limit(2)).all()
    return last[0].author == ITSELF and CORRECTED_BY_ITSELF in {each.comment for each in last}


def _insert(connection: Connection, candidate: Candidate, now: datetime) -> None:
    step = {"status": NEW, "assignee": "", "due": ""}
    facts = dict(candidate.facts)
    row = {**vars(candidate), "facts": facts, "id": candidate.id, **step}
    connection.execute(alerts.insert().values(found_at=now, changed_at=now, version=1, outcome="", **row))
    connection.execute(
        alert_steps.insert().values(
            alert=candidate.id, version=1, at=now, author=ITSELF, comment="", facts=facts, **step
        )
    )


def _is_over(alert: Alert, judged: Judged) -> bool:
    """Whether an alert was looked at again, and there is nothing any more."""
    if alert.status == CLOSED or (alert.kind == SUPPLY) != judged.supply:
        return False
    if judged.supply:  # a state of now: all of it is looked at each time
        return alert.status in OPEN
    return (alert.unit, alert.subject, alert.month) in judged.cells


def _why(alert: Alert, judged: Judged) -> str:
    """Which of `NOTES` says why an alert is over."""
    if judged.supply:
        return OVER
    same = judged.cells[alert.unit, alert.subject, alert.month] == alert.facts.get("value")
    return NOT_UNUSUAL if same else CORRECTED_BY_ITSELF


def _close(connection: Connection, alert: Alert, note: str, now: datetime) -> None:
    """Close what is over, by way of the outcome where the data say one; a threshold that rose says none."""
    written = (ITSELF, now)
    if alert.status in OPEN and note != NOT_UNUSUAL:
        alert, note = write_step(connection, alert, Step(CORRECTED, comment=note), written), ""
    write_step(connection, alert, Step(CLOSED, comment=note), written)
