"""What people write beside the figures: annotations and the tips of the pairs, each with its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.recalled import Recalled
from ledger.tables import annotations, tips

KINDS = ("campaign", "form", "strike", "outbreak", "supply", "other")
"""What a remark may be about: a campaign, a new form, a strike, an outbreak, the supply, anything else."""

EVERY_PAIR = ""
"""The pair of a remark that concerns all of them, as a strike does."""


class StaleError(ValueError):
    """Somebody else wrote in between."""


@dataclass(frozen=True)
class Annotation:
    """One revision of a remark on a unit, a pair (or `EVERY_PAIR`) and a month (YYYYMM)."""

    annotation: str
    revision: int
    unit: str
    pair: str
    month: int
    kind: str
    text: str
    withdrawn: bool
    author: str
    written_at: datetime


@dataclass(frozen=True)
class Remark:
    """What an annotation says and of what; `kind` is one of `KINDS`."""

    unit: str
    pair: str
    month: int
    text: str
    kind: str = "other"


@dataclass(frozen=True)
class Tip:
    """One revision of a pair's tip in one language."""

    pair: str
    language: str
    revision: int
    text: str
    author: str
    written_at: datetime


class Annotations:
    """The remarks that people left; the newest revision of each counts, the others are its history."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._standing = Recalled(database, annotations, _standing)

    def add(self, remark: Remark, author: str) -> str:
        """Leave a remark; gives its id."""
        number = str(uuid4())
        self._write(Annotation(number, 1, **vars(remark), withdrawn=False, **self._written(author)))
        return number

    def revise(self, last: Annotation, text: str, author: str, withdrawn: bool = False) -> None:
        """Say it otherwise, or withdraw it.

        Raises:
            StaleError: LAST is no longer the newest revision.
        """
        now = {"text": text, "withdrawn": withdrawn, **self._written(author)}
        self._write(replace(last, revision=last.revision + 1, **now))

    def of(self, units: Sequence[str], pair: str) -> list[Annotation]:
        """The remarks that stand on any of some units, on a pair or on every pair; by month."""
        standing = self._standing.now()
        found = (each for unit in dict.fromkeys(units) for each in standing.get(unit, ()))
        on_pair = [each for each in found if each.pair in (pair, EVERY_PAIR)]
        return sorted(on_pair, key=lambda each: (each.month, each.written_at))

    def find(self, annotation: str) -> Annotation | None:
        """The newest revision of one remark, withdrawn or not; None where there is none of this id."""
        return next(iter(self.history(annotation)), None)

    def history(self, annotation: str) -> list[Annotation]:
        """Every revision of one remark, newest first."""
        question = select(annotations).where(annotations.c.annotation == annotation)
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(annotations.c.revision.desc())).mappings()
            return [Annotation(**row) for row in rows]

    def _written(self, author: str) -> dict[str, Any]:
        return {"author": author, "written_at": self._clock()}

    def _write(self, revision: Annotation) -> None:
        try:
            with self._database.write() as connection:
                connection.execute(annotations.insert().values(**vars(revision)))
        except IntegrityError as error:
            raise StaleError(
                "Somebody changed this remark meanwhile. Load it again, then change it."
            ) from error


def _standing(connection: Connection) -> dict[str, list[Annotation]]:
    """The newest revision of every remark that was not withdrawn, by unit."""
    rows = connection.execute(select(annotations).order_by(annotations.c.revision)).mappings()
    newest = {row["annotation"]: Annotation(**row) for row in rows}
    found: dict[str, list[Annotation]] = {}
    for each in newest.values():
        if not each.withdrawn:
            found.setdefault(each.unit, []).append(each)
    return found


class Tips:
    """The tips that people wrote over those of the country's files."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._newest = Recalled(database, tips, _newest)

    def write(self, tip: tuple[str, str], text: str, author: str, revision: int) -> None:
        """Write the next revision of a tip.

        Args:
            tip: the pair and the language.
            text: the tip; empty to go back to the country's own.
            author: who writes.
            revision: the number of the revision the writer saw; 0 when there was none.

        Raises:
            StaleError: somebody wrote a newer revision meanwhile.
        """
        pair, language = tip
        row = {"pair": pair, "language": language, "revision": revision + 1, "text": text, "author": author}
        with self._database.write() as connection:
            of_tip = (tips.c.pair == pair) & (tips.c.language == language)
            newest = connection.execute(
                select(func.coalesce(func.max(tips.c.revision), 0)).where(of_tip)
            ).scalar_one()
            if newest != revision:
                raise StaleError(
                    f"Somebody changed the tip of {pair} meanwhile. Load it again, then change it."
                )
            connection.execute(tips.insert().values(written_at=self._clock(), **row))

    def history(self, pair: str, language: str) -> list[Tip]:
        """Every revision of a tip, newest first."""
        of_tip = select(tips).where(tips.c.pair == pair, tips.c.language == language)
        with self._database.read() as connection:
            rows = connection.execute(of_tip.order_by(tips.c.revision.desc())).mappings()
            return [Tip(**row) for row in rows]

    def current(self, pair: str, language: str) -> Tip | None:
        """The tip that counts; None where nobody wrote one."""
        return self._newest.now().get((pair, language))


def _newest(connection: Connection) -> dict[tuple[str, str], Tip]:
    """The newest revision of every tip, by pair and language."""
    rows = connection.execute(select(tips).order_by(tips.c.revision)).mappings()
    return {(row["pair"], row["language"]): Tip(**row) for row in rows}
