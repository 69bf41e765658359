"""Alerts and what people do about them: each step is a row that is never changed, and names its author.

An alert is one thing at one place in one month (`identity`), whatever number of syncs finds it. Whoever acts
names the version that was looked at: of two who act at once the second is told, and nothing is lost.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import IntegrityError

from ledger.alert_tables import alert_looks, alert_steps, alerts
from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.upserts import upsert

QUALITY, SUPPLY, EVENT = "quality", "supply", "event"
KINDS = (QUALITY, SUPPLY, EVENT)
"""A figure that looks wrong, a stock that needs somebody, something that may really be happening."""

NEW, ACKNOWLEDGED, ASSIGNED, CLOSED = "new", "acknowledged", "assigned", "closed"
CORRECTED, CONFIRMED, EXPLAINED, UNVERIFIED = "corrected", "confirmed", "explained", "cannot_verify"
OUTCOMES = (CORRECTED, CONFIRMED, EXPLAINED, UNVERIFIED)
STATUSES = (NEW, ACKNOWLEDGED, ASSIGNED, *OUTCOMES, CLOSED)
OPEN = (NEW, ACKNOWLEDGED, ASSIGNED)
"""Somebody still has to say what it was."""

NEXT: Mapping[str, tuple[str, ...]] = {
    NEW: (ACKNOWLEDGED, ASSIGNED, *OUTCOMES),
    ACKNOWLEDGED: (ASSIGNED, *OUTCOMES),
    ASSIGNED: (ACKNOWLEDGED, *OUTCOMES),
    **{each: (ACKNOWLEDGED, ASSIGNED, *(other for other in OUTCOMES if other != each), CLOSED)
       for each in OUTCOMES},
    CLOSED: (NEW,),
}  # fmt: skip
"""From which state an alert may come into which."""

NAMESPACE = UUID("7a1d5f1e-6f0a-4c0e-9d3b-5a6c0a1f0a06")
ITSELF = ""
"""The author of what no person did."""


class StaleAlert(ValueError):
    """Somebody else acted in between; `alert` is how it stands now."""

    def __init__(self, alert: "Alert") -> None:
        super().__init__(f"The alert is at version {alert.version} by now. Load it again, then act.")
        self.alert = alert


class CannotStep(ValueError):
    """A step that does not lead on from where the alert stands; says what, and what to do instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what, self.remedy = what, remedy


@dataclass(frozen=True)
class Alert:
    """One alert as it stands.

    Attributes:
        id: of what it is about, the same in every sync (`identity`).
        kind: one of `KINDS`.
        code: which score or rule found it.
        unit: the place.
        subject: a code of an item, `pair:ID` or `form:KEY`.
        month: YYYYMM; of a supply alert the month since which it lasts.
        rank: how much it matters; the list is ordered by it.
        facts: every number of its sentence.
        version: how many steps were taken.
        status: one of `STATUSES`.
        outcome: the last of `OUTCOMES` that was said; empty until then.
        assignee: username; empty for nobody.
        due: day as 2026-03-31; empty for none.
    """

    id: str
    kind: str
    code: str
    unit: str
    subject: str
    month: int
    rank: float
    facts: Mapping[str, Any]
    found_at: Any
    changed_at: Any
    version: int
    status: str
    outcome: str
    assignee: str
    due: str


@dataclass(frozen=True)
class Step:
    """What somebody does: a comment alone, or with it another state, a person, a day.

    Attributes:
        status: the state it comes into; None to leave it.
        assignee: whose it is; None to leave it.
        due: until when, as 2026-03-31; None to leave it.
        comment: what there is to say; may be empty where a state is given.
    """

    status: str | None = None
    assignee: str | None = None
    due: str | None = None
    comment: str = ""


def identity(kind: str, code: str, unit: str, subject: str, month: int) -> str:
    """The id of what an alert is about.

    >>> identity("quality", "high", "u", "pill", 202601) == identity("quality", "high", "u", "pill", 202601)
    True
    """
    return str(uuid5(NAMESPACE, "\n".join((kind, code, unit, subject, str(month)))))


class Alerts:
    """The alerts of an installation.

    Args:
        database: where they are kept.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def get(self, number: str) -> Alert | None:
        """One alert; None where there is none of this id."""
        with self._database.read() as connection:
            return _get(connection, number)

    def of(self, statuses: Collection[str] = STATUSES, units: Collection[str] | None = None) -> list[Alert]:
        """The alerts in some states, those that matter most first.

        Args:
            statuses: of `STATUSES`.
            units: only of these places; None for all.
        """
        question = select(alerts).where(alerts.c.status.in_(tuple(statuses)))
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(alerts.c.rank.desc(), alerts.c.id)).mappings()
            found = [Alert(**row) for row in rows]
        return found if units is None else [each for each in found if each.unit in units]

    def steps(self, number: str) -> list[dict[str, Any]]:
        """Every step of an alert, oldest first, as rows of the table."""
        question = select(alert_steps).where(alert_steps.c.alert == number).order_by(alert_steps.c.version)
        with self._database.read() as connection:
            return [dict(row) for row in connection.execute(question).mappings()]

    def take(self, number: str, version: int, step: Step, author: str) -> Alert:
        """Take a step; the alert as it stands then.

        Args:
            number: the alert's id.
            version: the version that was looked at.
            step: what is done.
            author: username.

        Raises:
            KeyError: there is no such alert.
            StaleAlert: somebody else acted in between.
            CannotStep: the step does not lead on from here, or says nothing.
        """
        try:
            with self._database.write() as connection:
                found = _get(connection, number)
                if found is None:
                    raise KeyError(f"No alert has the id {number!r}.")
                if found.version != version:
                    raise StaleAlert(found)
                checked(found, step)
                return write_step(connection, found, step, (author, self._clock()))
        except IntegrityError:  # PostgreSQL lets two read the same version at once; the table does not
            newest = self.get(number)
            raise StaleAlert(newest) if newest else KeyError(number) from None

    def look(self, number: str, username: str) -> None:
        """Note that somebody opened an alert."""
        now = self._clock()
        row = {"alert": number, "username": username, "first_at": now, "last_at": now}
        with self._database.write() as connection:
            upsert(connection, alert_looks, [row], _looked)

    def looks(self, numbers: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """Who opened some alerts, by alert: username, first_at, last_at; the latest first."""
        question = select(alert_looks).order_by(alert_looks.c.last_at.desc())
        if len(numbers) == 1:
            question = question.where(alert_looks.c.alert == numbers[0])
        wanted, found = set(numbers), dict[str, list[dict[str, Any]]]()
        with self._database.read() as connection:
            for row in connection.execute(question).mappings():
                if row["alert"] in wanted:
                    told = {name: row[name] for name in ("username", "first_at", "last_at")}
                    found.setdefault(row["alert"], []).append(told)
        return found

    def outcomes(self, kind: str = QUALITY) -> dict[str, int]:
        """How many alerts of a kind came to each of `OUTCOMES`, by what was said last of each."""
        question = (
            select(alerts.c.outcome, func.count())
            .where(alerts.c.kind == kind, alerts.c.outcome != "")
            .group_by(alerts.c.outcome)
        )
        with self._database.read() as connection:
            known = {str(outcome): int(count) for outcome, count in connection.execute(question)}
        return {each: known.get(each, 0) for each in OUTCOMES}


def checked(alert: Alert, step: Step) -> None:
    """See that a step leads on from where an alert stands.

    Raises:
        CannotStep: it does not.
    """
    if step.status is not None and step.status != alert.status and step.status not in NEXT[alert.status]:
        raise CannotStep(
            f"An alert that is {alert.status!r} cannot become {step.status!r}.",
            f"From there it becomes: {', '.join(NEXT[alert.status])}.",
        )
    if step.status == ASSIGNED and not (step.assignee or alert.assignee):
        raise CannotStep("Nobody is named whom it is assigned to.", "Name a person.")
    if step.due:
        try:
            date.fromisoformat(step.due)
        except ValueError:
            raise CannotStep(f"{step.due!r} is no day.", "Write it as 2026-03-31.") from None
    said = step.comment.strip() or step.assignee is not None or step.due is not None
    if not said and step.status in (None, alert.status):
        raise CannotStep("The step says nothing.", "Give a comment, a state, a person or a day.")


def write_step(connection: Connection, alert: Alert, step: Step, written: tuple[str, Any]) -> Alert:
    """Append a step, with author and moment; the alert as it stands then."""
    author, at = written
    status = step.status or alert.status
    assignee = alert.assignee if step.assignee is None else step.assignee
    due = alert.due if step.due is None else step.due
    if status == NEW:
        assignee, due = "", ""
    outcome = status if status in OUTCOMES else "" if status in OPEN else alert.outcome
    row = {"status": status, "assignee": assignee, "due": due}
    version = alert.version + 1
    connection.execute(
        alert_steps.insert().values(
            alert=alert.id, version=version, at=at, author=author, comment=step.comment.strip(),
            facts=dict(alert.facts), **row,
        )
    )  # fmt: skip
    changes: dict[str, Any] = {**row, "version": version, "outcome": outcome, "changed_at": at}
    connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**changes))
    return Alert(**{**vars(alert), **changes})


def _get(connection: Connection, number: str) -> Alert | None:
    row = connection.execute(select(alerts).where(alerts.c.id == number)).mappings().first()
    return None if row is None else Alert(**row)


def _looked(came: Any) -> dict[str, Any]:
    return {"last_at": came.last_at}
