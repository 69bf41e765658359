"""What people write beside the figures: annotations and the tips of the pairs, each with its history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import annotations, tips


class StaleError(ValueError):
    """Somebody else wrote in between."""


@dataclass(frozen=True)
class Annotation:
    """One revision of a remark on a unit, a pair and a month (YYYYMM)."""

    annotation: str
    revision: int
    unit: str
    pair: str
    month: int
    text: str
    withdrawn: bool
    author: str
    written_at: datetime


@dataclass(frozen=True)
class Remark:
    """What an annotation says and of what."""

    unit: str
    pair: str
    month: int
    text: str


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
        self._write(Annotation(number, 1, *_parts(remark), False, author, self._clock()))
        return number

    def revise(self, last: Annotation, text: str, author: str, withdrawn: bool = False) -> None:
        """Say it otherwise, or withdraw it.

        Raises:
            StaleError: LAST is no longer the newest revision.
        """
        remark = Remark(last.unit, last.pair, last.month, text)
        revision = last.revision + 1
        self._write(Annotation(last.annotation, revision, *_parts(remark), withdrawn, author, self._clock()))

    def of(self, unit: str, pair: str) -> list[Annotation]:
        """The remarks on a unit and a pair that stand, by month."""
        found = [history[0] for history in self._histories(unit, pair) if not history[0].withdrawn]
        return sorted(found, key=lambda each: (each.month, each.written_at))

    def history(self, annotation: str) -> list[Annotation]:
        """Every revision of one remark, newest first."""
        question = select(annotations).where(annotations.c.annotation == annotation)
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(annotations.c.revision.desc())).mappings()
            return [Annotation(**row) for row in rows]

    def _histories(self, unit: str, pair: str) -> list[list[Annotation]]:
        question = select(annotations).where(annotations.c.unit == unit, annotations.c.pair == pair)
        histories: dict[str, list[Annotation]] = {}
        with self._database.read() as connection:
            for row in connection.execute(question.order_by(annotations.c.revision.desc())).mappings():
                histories.setdefault(row["annotation"], []).append(Annotation(**row))
        return list(histories.values())

    def _write(self, revision: Annotation) -> None:
        try:
            with self._database.write() as connection:
                connection.execute(annotations.insert().values(**vars(revision)))
        except IntegrityError as error:
            raise StaleError(
                "Somebody changed this remark meanwhile. Load it again, then change it."
            ) from error


def _parts(remark: Remark) -> tuple[str, str, int, str]:
    return remark.unit, remark.pair, remark.month, remark.text


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
        question = select(tips).where(tips.c.pair == pair, tips.c.language == language)
        with self._database.read() as connection:
            return [
                Tip(**row) for row in connection.execute(question.order_by(tips.c.revision.desc())).mappings()
            ]

    def current(self, pair: str, language: str) -> Tip | None:
        """The tip that counts; None where nobody wrote one."""
        return next(iter(self.history(pair, language)), None)
