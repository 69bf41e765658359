"""Monthly reports: asked for, made by the worker, fetched by whoever asked, and gone after a day."""

import hashlib
import json
import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from accounts import Person
from dashboard import i18n, report_book, report_pages
from dashboard.address import month_name
from dashboard.logistics import LogisticsDesk
from dashboard.made_files import MadeFiles, past_its_time, seal
from dashboard.programme import Programme, ProgrammeAddress, look, programmes
from dashboard.questions import BadQuestionError, NotInScopeError
from dashboard.report import Report, Tell, gather
from ledger.database import Database
from ledger.jobs import CalledOffError, Job, Jobs
from ledger.people import People

KIND = "report"
FORMATS = ("pdf", "xlsx", "zip")
WRITERS = {"pdf": report_pages.write, "xlsx": report_book.write}
MOST_OPEN = 3  # of one person, at a time
UNNAMED = str.maketrans(dict.fromkeys('/\\:*?"<>|', "-"))


@dataclass(frozen=True)
class Making:
    """What reports are made from and where they are kept."""

    desk: LogisticsDesk
    people: People
    folder: Path


def make(making: Making, job: Job, tell: Tell) -> dict[str, Any]:
    """Make the report of a job, with the rights that its asker has now.

    What is made of a bundle is kept file by file: taken up again, it goes on where it was broken off.

    Returns:
        What is kept of it: file, scope, sheets.

    Raises:
        QuestionError: the asker may not, or no longer, see what was asked for.
        CalledOffError: the job was called off; nothing is left of it.
    """
    record = making.people.get(job.asked_by)
    if record is None or record.refused:
        what = "DHIS2 no longer lets this account in."
        raise NotInScopeError("account", what, "Log in again, then ask anew.")
    person, wanted = Person.of(record.facts), job.arguments
    making.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(making.folder)
    version = making.desk.figures.version()
    stem = _digest(job.id, wanted, seal(person.scope), version)
    path = making.folder / f"{stem}.{wanted['format']}"
    try:
        sheets = _made(making, job, person, path, tell)
    except CalledOffError:
        path.unlink(missing_ok=True)
        shutil.rmtree(path.with_suffix(""), ignore_errors=True)
        raise
    path.chmod(0o600)
    return {"file": path.name, "scope": seal(person.scope), "sheets": sheets}


def _made(making: Making, job: Job, person: Person, path: Path, tell: Tell) -> int:
    """Write what a job asks for; gives its sheets, or how many files are in the bundle."""
    if job.arguments["format"] == "zip":
        return _bundle(making, job, person, path, tell)
    tell(0, 1, "")
    sheets = _written(_gathered(making, job.arguments, person), job.arguments["format"], path)
    tell(1, 1, "")
    return sheets


def _gathered(making: Making, wanted: dict[str, Any], person: Person) -> Report:
    """What a report says in its language, whatever its format."""
    with i18n.use(wanted["language"]):
        return gather(making.desk, wanted["unit"], wanted["month"], person.scope)


def _written(report: Report, kind: str, path: Path) -> int:
    """Write a report in a format; the file is there whole, or not at all."""
    with i18n.use(report.language):
        beside = path.with_suffix(f".{os.getpid()}.part")
        try:
            sheets = WRITERS[kind](report, beside)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)  # a full disk is not left fuller
    return sheets


def _bundle(making: Making, job: Job, person: Person, path: Path, tell: Tell) -> int:
    """The reports of every district within the place, in both languages and both formats, in one file."""
    names = making.desk.figures.holding().names
    units = districts(making.desk, job.arguments["unit"], person)
    parts = path.with_suffix("")
    parts.mkdir(mode=0o700, exist_ok=True)
    kinds = [(language, each) for language in i18n.LANGUAGES for each in WRITERS]
    tasks = [(unit, language, kind) for unit in units for language, kind in kinds]

    @lru_cache(maxsize=1)  # both formats of a language stand beside each other and say the same
    def report(unit: str, language: str) -> Report:
        return _gathered(making, job.arguments | {"unit": unit, "language": language}, person)

    for done, (unit, language, kind) in enumerate(tasks):
        tell(done, len(tasks), names[unit])
        part = parts / f"{unit}-{language}.{kind}"
        if not part.is_file():
            _written(report(unit, language), kind, part)
    tell(len(tasks), len(tasks), "")
    beside = path.with_suffix(f".{os.getpid()}.part")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as bundle:
        called = _distinct(units, names)
        for unit, language, kind in tasks:
            name = f"{called[unit]}-{month_name(job.arguments['month'])}-{language}.{kind}"
            bundle.write(parts / f"{unit}-{language}.{kind}", f"{language}/{name}")
    beside.replace(path)
    for part in parts.iterdir():
        part.unlink()
    parts.rmdir()
    return len(tasks)


def _distinct(units: list[str], names: Mapping[str, str]) -> dict[str, str]:
    """What the file of each unit is called: its name, with its id where another's would be the same file."""
    plain = {unit: names[unit].translate(UNNAMED) for unit in units}
    count = Counter(name.casefold() for name in plain.values())
    return {u: name if count[name.casefold()] == 1 else f"{name}-{u}" for u, name in plain.items()}


def districts(desk: LogisticsDesk, unit: str, person: Person) -> list[str]:
    """The units right above the facilities, within a place, as far as they are the asker's own."""
    units = desk.figures.holding().units
    here = units.loc[str(desk.figures.unit(unit, person.scope)["id"])]
    within = units.iloc[int(here["first"]) : int(here["last"])]
    level = int(units["level"].max()) - 1
    return [
        str(each)
        for each, row in within.iterrows()
        if row["level"] == level and person.scope.sees(row["path"])
    ]


def _sweep(folder: Path) -> None:
    """Take away what is past its time."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if past_its_time(datetime.fromtimestamp(path.stat().st_mtime, UTC)):
            path.rmdir() if path.is_dir() and not any(path.iterdir()) else _forget(path)


def _forget(path: Path) -> None:
    if path.is_file():
        path.unlink(missing_ok=True)


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:40]


class ReportDesk:
    """Takes requests for reports, says how far they are, calls them off, and hands them out.

    Args:
        desk: the indicators.
        jobs: the queue that the worker serves.
        folder: where the worker leaves the files.
    """

    def __init__(self, desk: LogisticsDesk, jobs: Jobs, folder: Path) -> None:
        self._desk, self._jobs = desk, jobs
        self._made = MadeFiles(jobs, folder, KIND, "Programmes")

    @classmethod
    def of(cls, database: Database, desk: LogisticsDesk, folder: Path) -> "ReportDesk":
        """The desk of an installation."""
        return cls(desk, Jobs(database), folder)

    def ask(self, wanted: dict[str, Any], person: Person) -> Job:
        """Ask for a report: `unit`, `month` (YYYYMM or None), `format`, `language`.

        Raises:
            QuestionError: one may not see it, or has too many reports waiting.
        """
        programme = self._any(wanted, person)
        if wanted["format"] == "zip" and not districts(self._desk, wanted["unit"], person):
            what = "There is no district of yours within this place."
            raise BadQuestionError("format", what, "Ask for pdf or xlsx, or for a place above the districts.")
        known = wanted | {"unit": str(programme.unit["id"]), "month": programme.month}
        kind = f"{KIND}:{_digest(person.username, known, seal(person.scope))[:32]}"
        if self._jobs.active(kind) is None and self._jobs.open_of(KIND, person.username) >= MOST_OPEN:
            what = f"{MOST_OPEN} of your reports are being made."
            raise BadQuestionError("report", what, "Wait until one of them is ready, or call one off.")
        return self._jobs.enqueue(kind, known, asked_by=person.username)

    def _any(self, wanted: dict[str, Any], person: Person) -> Programme:
        """The first programme of the place that one may read: it knows the newest month."""
        names = list(programmes(self._desk.figures.country))
        for name in names:
            address = ProgrammeAddress(wanted["unit"], name, wanted["month"])
            try:
                return look(self._desk, address, person.scope)
            except NotInScopeError:
                if name == names[-1]:
                    raise
        raise BadQuestionError("report", "This country has no programme with products.", "Configure a pair.")

    def job(self, number: str, person: Person) -> Job:
        """The job of one's own report, as `MadeFiles.job`."""
        return self._made.job(number, person)

    def call_off(self, number: str, person: Person) -> Job:
        """End the making of one's own report, as `MadeFiles.call_off`."""
        return self._made.call_off(number, person)

    def file(self, number: str, person: Person) -> tuple[Job, Path]:
        """One's own report and its file, as `MadeFiles.file`."""
        return self.job(number, person), self._made.file(number, person)

    def place(self, job: Job) -> str:
        """What the place of a report is called; empty where the snapshot has it no more."""
        return self._desk.figures.holding().names.get(job.arguments["unit"], "")
