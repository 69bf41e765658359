"""What people write beside the figures: annotations and the tips of the pairs, each with its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import annotations, tips

KINDS = ("campaign", "form", "strike", "outbreak", "supply", "other")
"""What a remark may be about: a campaign, a new form, a strike, an outbreak, the supply, anything else."""

EVERY_PAIR = ""
"""The pair of a remark that concerns all of them, as a strike does."""

# Every look at a page asks these two: they are put together once.
_ANNOTATIONS = (
    select(annotations)
    .where(
        annotations.c.unit.in_(bindparam("units", expanding=True)),
        annotations.c.pair.in_(bindparam("pairs", expanding=True)),
    )
    .order_by(annotations.c.revision)
)
_TIPS = (
    select(tips)
    .where(tips.c.pair == bindparam("of_pair"), tips.c.language == bindparam("of_language"))
    .order_by(tips.c.revision.desc())
)


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
        found = [newest for newest in self._newest(units, pair) if not newest.withdrawn]
        return sorted(found, key=lambda each: (each.month, each.written_at))

    def find(self, annotation: str) -> Annotation | None:
        """The newest revision of one remark, withdrawn or not; None where there is none of this id."""
        return next(iter(self.history(annotation)), None)

    def history(self, annotation: str) -> list[Annotation]:
        """Every revision of one remark, newest first."""
        question = select(annotations).where(annotations.c.annotation == annotation)
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(annotations.c.revision.desc())).mappings()
            return [Annotation(**row) for row in rows]

    def _newest(self, units: Sequence[str], pair: str) -> list[Annotation]:
        newest: dict[str, Annotation] = {}
        with self._database.read() as connection:
            asked = {"units": list(units), "pairs": [pair, EVERY_PAIR]}
            for row in connection.execute(_ANNOTATIONS, asked).mappings():
                newest[row["annotation"]] = Annotation(**row)
        return list(newest.values())

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


class Tips:
    """The tips that people wrote over those of the country's files."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

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
        with self._database.read() as connection:
            rows = connection.execute(_TIPS, {"of_pair": pair, "of_language": language}).mappings()
            return [Tip(**row) for row in rows]

    def current(self, pair: str, language: str) -> Tip | None:
        """The tip that counts; None where nobody wrote one."""
        return next(iter(self.history(pair, language)), None)
