"""The worker's second hand: it makes what pages ask for, so that no brief or report waits for a sync."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from dashboard.questions import QuestionError
from installation import Parts
from ledger.database import Database
from ledger.disk import write_down
from ledger.heartbeat import Heartbeat
from ledger.jobs import Job, Jobs
from ledger.people import People
from settings import Settings

KINDS = ("brief", "report")
LOOK_EVERY = 1.0
# Somebody waits for it: a dead worker's brief is taken up after three beats that did not come.
BEAT_EVERY = 5.0
ABANDONED_AFTER = timedelta(seconds=20)

log = logging.getLogger("tandem.briefs")
Tell = Callable[[int, int, str], None]
Make = Callable[[Job, Tell], dict[str, Any]]


class Briefing:
    """Makes briefs, one after the other, in a thread of its own.

    Each job is claimed in the database, so that of several workers one makes it.

    Args:
        database: where the jobs are.
        make: makes the brief of a job, says how far it is, and gives what is kept of it (JSON).
        name: who this worker is.
    """

    def __init__(self, database: Database, make: Make, name: str) -> None:
        self._jobs, self._make, self._name = Jobs(database), make, name
        self._over = threading.Event()
        logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of each table of a font
        self._thread = threading.Thread(target=self._run, name="briefs", daemon=True)

    def start(self) -> None:
        """Begin to look for jobs."""
        self._thread.start()

    def stop(self) -> None:
        """End after the brief at hand."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                worked = self.turn()
            except (SQLAlchemyError, LookupError) as problem:
                write_down(problem, log)
                worked = False
            if not worked:
                self._over.wait(LOOK_EVERY)

    def turn(self) -> bool:
        """Make one brief or report, if somebody waits for one."""
        job = self._jobs.claim(self._name, KINDS, ABANDONED_AFTER)
        if job is None:
            return False
        log.info("job %s (%s) begins", job.id, job.kind.split(":")[0])
        try:
            with Heartbeat(lambda: self._jobs.beat(job.id), BEAT_EVERY):
                result = self._make(job, lambda *step: self._jobs.progress(job.id, *step))
        except QuestionError as refusal:
            if not self._called_off(job):
                self._jobs.fail(job.id, refusal.what, refusal.remedy)
        except Exception as fault:
            if self._called_off(job):
                return True
            log.exception("%s %s", job.kind.split(":")[0], job.id)
            self._jobs.fail(job.id, *_said(fault))
        else:
            if self._called_off(job):
                return True
            self._jobs.finish(job.id, result)
        log.info("job %s is closed", job.id)
        return True

    def _called_off(self, job: Job) -> bool:
        """Whether somebody called the job off while it was made; what was made of it is let go."""
        gone = self._jobs.get(job.id).status == "cancelled"
        if gone:
            log.info("job %s was called off", job.id)
        return gone


def _said(fault: Exception) -> tuple[str, str]:
    """What to tell the asker of a fault, and what to do about it."""
    if isinstance(fault, OSError):
        what = f"It could not be kept on the server's disk: {fault.strerror or fault}."
        return what, "Have whoever runs it see that the disk has room and may be written to, then ask anew."
    return "It met a fault of the program while it was made.", "Send the worker's log to whoever runs it."


def maker_of(settings: Settings) -> Make:
    """How briefs and reports of an installation are made.

    The figures are read for each of them and let go afterwards: a worker that waits holds none in memory.
    """

    def made(job: Job, tell: Tell) -> dict[str, Any]:
        from dashboard import brief_desk, report_desk
        from dashboard.brief import Desk
        from dashboard.logistics import LogisticsDesk
        from dashboard.queries import Figures
        from dashboard.words import Words

        parts = Parts.open(settings)
        try:
            figures, people = Figures(parts.snapshots, parts.country), People(parts.database)
            if job.kind.startswith("report"):
                reports = report_desk.Making(LogisticsDesk(figures), people, settings.data / "reports")
                return report_desk.make(reports, job, tell)
            desk = Desk(figures, Words(parts.database, figures, parts.country))
            return brief_desk.make(brief_desk.Making(desk, people, settings.data / "briefs"), job, tell)
        finally:
            parts.database.close()

    return made
