"""What counts found otherwise than the book: each with its revisions, so that late movements are in it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from ledger.database import Database
from ledger.places import COUNTED
from ledger.tables import movements


@dataclass(frozen=True)
class Difference:
    """A count and what it found more (or less) than the book, as the book now says.

    `revised` says that a movement which became known later changed it; `day` is YYYYMMDD.
    """

    count: str
    item: str
    lot: str
    counted: int
    difference: int
    revised: bool
    day: int
    reason: str
    given_by: str


class Differences:
    """The differences of the counts of all stores."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, unit: str, first: int, last: int, all_counts: bool = False) -> list[Difference]:
        """Those of a store over some days, newest first.

        Args:
            unit: the store's unit.
            first: the first day, YYYYMMDD.
            last: the last one.
            all_counts: whether counts without a difference are wanted too.
        """
        kept = movements.c
        later = movements.alias("revisions")
        undone = movements.alias("reversals")
        revised = (
            select(func.sum(later.c.delta))
            .where(later.c.revises == kept.id)
            .correlate(movements)
            .scalar_subquery()
        )
        stands = ~select(undone.c.id).where(undone.c.reverses == kept.id).correlate(movements).exists()
        counted = (kept.unit == unit, kept.kind == COUNTED, kept.day.between(first, last), stands)
        names = (kept.id, kept.item, kept.lot, kept.packs, kept.delta, kept.day, kept.reason, kept.given_by)
        question = select(*names, revised.label("revised")).where(*counted).order_by(kept.rank.desc())
        with self._database.read() as connection:
            rows = connection.execute(question).all()
        found = [
            Difference(
                count=row.id,
                item=row.item,
                lot=row.lot,
                counted=row.packs,
                difference=int(row.delta + (row.revised or 0)),
                revised=row.revised is not None,
                day=row.day,
                reason=row.reason,
                given_by=row.given_by,
            )
            for row in rows
        ]
        return [each for each in found if all_counts or each.difference]
