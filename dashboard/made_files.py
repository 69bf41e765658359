"""What the worker made for people: one's own alone, for a day, as long as one may see all of it."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from accounts import Person
from accounts.scope import Scope
from dashboard.i18n import t
from dashboard.questions import NotInScopeError, UnknownFileError
from ledger.disk import has_room
from ledger.jobs import Job, Jobs

KEPT_FOR = timedelta(hours=24)


def seal(scope: Scope) -> str:
    """What tells a scope from another, without saying what is in it."""
    return hashlib.sha256(json.dumps(scope.key()).encode()).hexdigest()


def past_its_time(moment: datetime | None) -> bool:
    """Whether what was made at a moment (UTC) is kept no longer, or was never made."""
    if moment is None:
        return True
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.now(UTC) - aware > KEPT_FOR


@dataclass(frozen=True)
class MadeFiles:
    """The files of one kind of job.

    Attributes:
        jobs: the queue that the worker serves.
        folder: where it leaves the files; a job's result names its `file` and the `scope` it was made with.
        kind: of the jobs, "brief" for all of `brief:…`; what a file is called in what is said of it.
        page: the page where one asks anew.
    """

    jobs: Jobs
    folder: Path
    kind: str
    page: str

    def job(self, number: str, person: Person) -> Job:
        """The job of one's own file; where the disk is full, why it is not being made.

        Raises:
            UnknownFileError: there is none of this number, or it is somebody else's.
        """
        try:
            job = self.jobs.get(int(number))
        except (KeyError, ValueError, OverflowError):
            raise self._unknown(number) from None
        if job.asked_by != person.username or job.kind.split(":")[0] != self.kind:
            raise self._unknown(number)
        if job.status in ("queued", "running") and not has_room(self.folder):
            return replace(job, problem=t("error.full"), remedy=t("error.full_remedy"))
        return job

    def call_off(self, number: str, person: Person) -> Job:
        """End the making of one's own file; one that is ready stays so.

        Raises:
            UnknownFileError: there is none of this number, or it is somebody else's.
        """
        job = self.job(number, person)
        self.jobs.cancel(job.id)
        return self.jobs.get(job.id)

    def file(self, number: str, person: Person) -> Path:
        """One's own file, as long as one may still see all that it shows.

        Raises:
            UnknownFileError: there is none, or its time is over.
            NotInScopeError: one's rights have changed since it was made.
        """
        job = self.job(number, person)
        path = self.folder / str(job.result.get("file", ""))
        if job.status != "done" or past_its_time(job.finished_at) or not path.is_file():
            raise self._unknown(number)
        if job.result["scope"] != seal(person.scope):
            what = f"Your rights have changed since this {self.kind} was made."
            raise NotInScopeError(self.kind, what, "Ask for it anew.")
        return path

    def _unknown(self, number: str) -> UnknownFileError:
        what = f"There is no {self.kind} {number!r}, or its day is over."
        return UnknownFileError(self.kind, what, f"Ask for it anew on the {self.page} page.")
