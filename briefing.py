"""The worker's second hand: it makes the briefs that pages ask for, so that none waits for a long sync."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from dashboard.questions import QuestionError
from installation import Parts
from ledger.database import Database
from ledger.jobs import Job, Jobs
from ledger.people import People
from settings import Settings

KIND = "brief"
LOOK_EVERY = 1.0

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
            except (SQLAlchemyError, LookupError):
                log.exception("the database could not be used; trying again")
                worked = False
            if not worked:
                self._over.wait(LOOK_EVERY)

    def turn(self) -> bool:
        """Make one brief, if somebody waits for one."""
        job = self._jobs.claim(self._name, kinds=(KIND,))
        if job is None:
            return False
        log.info("brief %s begins", job.id)
        try:
            result = self._make(job, lambda *step: self._jobs.progress(job.id, *step))
        except QuestionError as refusal:
            self._jobs.fail(job.id, refusal.what, refusal.remedy)
        except Exception:
            log.exception("brief %s", job.id)
            what = "The brief met a fault of the program."
            self._jobs.fail(job.id, what, "Send the worker's log to whoever runs it.")
        else:
            self._jobs.finish(job.id, result)
        log.info("brief %s is closed", job.id)
        return True


def maker_of(settings: Settings) -> Make:
    """How briefs of an installation are made.

    The figures are read for each brief and let go afterwards: a worker that waits holds none in memory.
    """

    def made(job: Job, tell: Tell) -> dict[str, Any]:
        from dashboard.brief import Desk
        from dashboard.brief_desk import Making, make
        from dashboard.queries import Figures
        from dashboard.words import Words

        parts = Parts.open(settings)
        try:
            figures = Figures(parts.snapshots, parts.country)
            desk = Desk(figures, Words(parts.database, figures, parts.country))
            return make(Making(desk, People(parts.database), settings.data / "briefs"), job, tell)
        finally:
            parts.database.close()

    return made
