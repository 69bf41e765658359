"""Briefs of one installation: asked for, made by the worker, fetched by who asked, and gone after a day."""

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from accounts import Person
from dashboard import i18n
from dashboard.address import Address, month_name
from dashboard.brief import Brief, Desk, Tell, gather
from dashboard.brief_pages import write
from dashboard.made_files import MadeFiles, past_its_time, seal
from dashboard.queries import Figures
from dashboard.questions import BadQuestionError, NotInScopeError
from dashboard.takeaway import in_plain_letters
from dashboard.words import Words
from ledger.database import Database
from ledger.jobs import Job, Jobs
from ledger.people import People

KIND = "brief"
MOST_OPEN = 3  # of one person, at a time


@dataclass(frozen=True)
class Making:
    """What briefs are made from and where they are kept."""

    desk: Desk
    people: People
    folder: Path


def make(making: Making, job: Job, tell: Tell) -> dict[str, Any]:
    """Make the brief of a job, with the rights that its asker has now.

    Returns:
        What is kept of it: file, scope, sheets.

    Raises:
        QuestionError: the asker may not, or no longer, see what was asked for.
        LookupError: the job was called off.
    """
    _sweep(making.folder)
    record = making.people.get(job.asked_by)
    if record is None or record.refused:
        what = "DHIS2 no longer lets this account in."
        raise NotInScopeError("account", what, "Log in again, then ask anew.")
    person = Person.of(record.facts)
    address = _address(job)
    name = f"{job.id}-{secrets.token_urlsafe(16)}.pdf"
    making.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = making.folder / name
    with i18n.use(job.arguments["language"]):
        brief = gather(making.desk, address, person, tell)
        sheets = _written(brief, path, tell)
    path.chmod(0o600)
    return {"file": name, "scope": seal(person.scope), "sheets": sheets}


def _address(job: Job) -> Address:
    """What a job asks for; it is kept as a link, whose path is no part of what `Address` reads."""
    return Address.read(str(job.arguments["search"]).partition("?")[2])


def _written(brief: Brief, path: Path, tell: Tell) -> int:
    """Write a brief; nothing is left of one that was called off while it was drawn, or has no room."""
    try:
        sheets = write(brief, path)
        tell(1, 1, "")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return sheets


def _sweep(folder: Path) -> None:
    """Take away what is past its time."""
    for path in folder.glob("*.pdf"):
        if past_its_time(datetime.fromtimestamp(path.stat().st_mtime, UTC)):
            path.unlink(missing_ok=True)


class BriefDesk:
    """Takes requests for briefs, says how far they are, calls them off, and hands them out.

    Args:
        desk: figures and words.
        jobs: the queue that the worker serves.
        folder: where the worker leaves the files.
    """

    def __init__(self, desk: Desk, jobs: Jobs, folder: Path) -> None:
        self._desk, self._jobs = desk, jobs
        self._made = MadeFiles(jobs, folder, KIND, "Compare")

    @classmethod
    def of(cls, database: Database, figures: Figures, folder: Path) -> "BriefDesk":
        """The desk of an installation."""
        return cls(Desk(figures, Words(database, figures, figures.country)), Jobs(database), folder)

    def ask(self, search: str, language: str, person: Person) -> Job:
        """Ask for a brief of what an address of Compare shows; the open one where it was asked for already.

        Raises:
            QuestionError: one may not see it, or has too many briefs waiting.
        """
        figures = self._desk.figures
        address = Address.read(search)
        pair = figures.pair(address.pair or next(iter(figures.country.pairs)))
        unit = figures.unit(address.unit or figures.home(person.scope), person.scope)
        known = replace(address, unit=str(unit["id"]), pair=pair.id, language=None)
        arguments = {"search": known.href(), "language": language, "scope": seal(person.scope)}
        kind = f"{KIND}:{_digest(person.username, arguments)}"
        if self._jobs.active(kind) is None and self._jobs.open_of(KIND, person.username) >= MOST_OPEN:
            what = f"{MOST_OPEN} of your briefs are being made."
            raise BadQuestionError("brief", what, "Wait until one of them is ready, or call one off.")
        return self._jobs.enqueue(kind, arguments, asked_by=person.username)

    def job(self, number: str, person: Person) -> Job:
        """The job of one's own brief, as `MadeFiles.job`."""
        return self._made.job(number, person)

    def call_off(self, number: str, person: Person) -> Job:
        """End the making of one's own brief, as `MadeFiles.call_off`."""
        return self._made.call_off(number, person)

    def file(self, number: str, person: Person) -> Path:
        """The file of one's own brief, as `MadeFiles.file`."""
        return self._made.file(number, person)

    def called(self, number: str, person: Person) -> str:
        """What the file of one's own brief is called: by place, programme, pair and month."""
        job, figures = self._made.job(number, person), self._desk.figures
        address = _address(job)
        pair = figures.pair(str(address.pair))
        place = figures.holding().names.get(str(address.unit), str(address.unit))
        month = address.at or month_name(address.last or figures.months()[1])
        parts = [place, pair.programme, pair.id, str(month).replace("/", "-to-")]
        return "-".join(["brief", *(in_plain_letters(each).lower() for each in parts if each)]) + ".pdf"


def _digest(username: str, arguments: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps([username, arguments], sort_keys=True).encode()).hexdigest()[:32]
