"""Jobs: web processes ask, the one worker does, and anybody may look how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import jobs

ABANDONED_AFTER = timedelta(seconds=120)
"""A running job without a heartbeat for this long has lost its worker, and the next one may take it over."""


class CalledOffError(LookupError):
    """Somebody called the job off while it was done."""


@dataclass(frozen=True)
class Job:
    """One piece of work. `done` of `total` is its progress, in whatever unit the note names."""

    id: int
    kind: str
    arguments: dict[str, Any]
    status: str
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None
    worker: str
    done: int
    total: int
    note: str
    result: dict[str, Any]
    problem: str
    remedy: str


class Jobs:
    """The queue of jobs. At most one job of a kind is open (queued or running) at a time.

    What many ask for at once has a kind for each asking, `brief:…`; a worker that serves `brief` serves all.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def enqueue(self, kind: str, arguments: dict[str, Any] | None = None, asked_by: str = "") -> Job:
        """Ask for a job; where one of its kind is open already, that one is the answer.

        Args:
            kind: what is to be done, as "sync".
            arguments: what the worker needs to know; JSON.
            asked_by: the user who asked; empty for the timetable.
        """
        row = {
            "kind": kind,
            "arguments": arguments or {},
            "status": "queued",
            "asked_by": asked_by,
            "asked_at": self._clock(),
            "open": True,
        }
        try:
            with self._database.write() as connection:
                number = connection.execute(jobs.insert().values(**row).returning(jobs.c.id)).scalar_one()
        except IntegrityError:
            return self.active(kind) or self.enqueue(kind, arguments, asked_by)
        return self.get(number)

    def claim(
        self, worker: str, kinds: Sequence[str] = ("sync",), abandoned: timedelta = ABANDONED_AFTER
    ) -> Job | None:
        """Take the oldest job that waits, or whose worker died; None when there is nothing to do.

        Args:
            worker: who takes it.
            kinds: what it can do.
            abandoned: a running job of these kinds without a heartbeat for so long has lost its worker.
        """
        now = self._clock()
        free = or_(
            jobs.c.status == "queued",
            and_(jobs.c.status == "running", jobs.c.heartbeat_at < now - abandoned),
        )
        with self._database.write() as connection:
            served = or_(*(_of_kind(each) for each in kinds))
            oldest = select(jobs.c.id).where(free, served).order_by(jobs.c.id).limit(1)
            number = connection.execute(oldest.with_for_update(skip_locked=True)).scalar()
            if number is None:
                return None
            connection.execute(
                update(jobs)
                .where(jobs.c.id == number)
                .values(
                    status="running",
                    worker=worker,
                    started_at=now,
                    heartbeat_at=now,
                    done=0,
                    total=0,
                    note="",
                )
            )
        return self.get(number)

    def progress(self, number: int, done: int, total: int, note: str = "") -> None:
        """Say how far a running job is; also its heartbeat."""
        self._change(number, done=done, total=total, note=note[:500], heartbeat_at=self._clock())

    def beat(self, number: int) -> None:
        """Say that the worker of a running job lives, where there is no progress to tell."""
        self._change(number, heartbeat_at=self._clock())

    def finish(self, number: int, result: dict[str, Any]) -> None:
        """Close a job that went well, with what came of it (JSON)."""
        self._change(number, status="done", open=None, finished_at=self._clock(), result=result)

    def fail(self, number: int, problem: str, remedy: str = "") -> None:
        """Close a job that did not, with what was wrong and what to do about it."""
        self._change(
            number, status="failed", open=None, finished_at=self._clock(), problem=problem, remedy=remedy
        )

    def cancel(self, number: int) -> bool:
        """Call off a job that waits or runs; whether it did. Its worker learns it at its next step."""
        unfinished = and_(jobs.c.id == number, jobs.c.status.in_(("queued", "running")))
        values = {"status": "cancelled", "open": None, "finished_at": self._clock()}
        with self._database.write() as connection:
            return bool(connection.execute(update(jobs).where(unfinished).values(**values)).rowcount)

    def get(self, number: int) -> Job:
        """One job by its number.

        Raises:
            KeyError: there is no such job.
        """
        with self._database.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == number)).mappings().first()
        if row is None:
            raise KeyError(f"No job has the number {number}.")
        return _job(row)

    def active(self, kind: str) -> Job | None:
        """The open job of a kind."""
        return self._first(jobs.c.kind == kind, jobs.c.open.is_(True))

    def open_of(self, kind: str, asked_by: str) -> int:
        """How many jobs of a kind, `brief:…` among `brief`, one person has open."""
        wanted = (_of_kind(kind), jobs.c.asked_by == asked_by, jobs.c.open.is_(True))
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(jobs).where(*wanted)).scalar_one())

    def latest(self, kind: str) -> Job | None:
        """The newest job of a kind, in whatever state."""
        return self._first(jobs.c.kind == kind)

    def history(self, kind: str, limit: int = 20) -> list[Job]:
        """The newest jobs of a kind, newest first."""
        question = select(jobs).where(jobs.c.kind == kind).order_by(jobs.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [_job(row) for row in connection.execute(question).mappings()]

    def _first(self, *conditions: Any) -> Job | None:
        question = select(jobs).where(*conditions).order_by(jobs.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(question).mappings().first()
        return None if row is None else _job(row)

    def _change(self, number: int, **values: Any) -> None:
        running = and_(jobs.c.id == number, jobs.c.status == "running")
        with self._database.write() as connection:
            changed = connection.execute(update(jobs).where(running).values(**values)).rowcount
        if not changed and self.get(number).status == "cancelled":
            raise CalledOffError(f"Job {number} was called off.")
        if not changed:
            raise LookupError(f"Job {number} is not running: it was finished by another, or never claimed.")


def _of_kind(kind: str) -> ColumnElement[bool]:
    """Whether a job is of a kind, or of one of its kinds for each asking."""
    return or_(jobs.c.kind == kind, jobs.c.kind.startswith(f"{kind}:", autoescape=True))


def _job(row: RowMapping) -> Job:
    return Job(**{name: value for name, value in row.items() if name != "open"})
