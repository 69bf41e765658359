"""What a review of a store asks for: stock-outs of the year, discrepancies, items that keep disappearing."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard.store_view import StoreView
from dashboard.stores import Store
from indicators.disappearing import disappearing
from ledger.differences import Difference, Differences
from ledger.figures import Days, book_begins, daily, date_of, monthly, number_of_day

YEAR = timedelta(days=365)
EXPLAINED = ("expired", "damaged")
"""Reasons for which packs were taken away in sight of all."""


@dataclass(frozen=True)
class Stockout:
    """Days on end that ended with nothing of an item on the shelf; `until` is None while it lasts."""

    item: str
    first: date
    until: date | None
    days: int


class StoreReview:
    """Looks back over the books of stores.

    Args:
        view: what is known of the stores.
    """

    def __init__(self, view: StoreView) -> None:
        self._view, self._desk = view, view.desk
        self._differences = Differences(view.desk.database)

    def losses(self, store: Store) -> dict[str, Any]:
        """What the counts of the last twelve months say of each item, for JSON."""
        today = self._view.today()
        counts = self._counts(store, today - YEAR, today, all_counts=True)
        rows = [(each.item, each.difference, each.reason.startswith(EXPLAINED)) for each in counts]
        found = disappearing(pd.DataFrame(rows, columns=["item", "difference", "explained"]))
        items = [
            {
                "item": str(item),
                "name": self._name(str(item)),
                **{name: int(row[name]) for name in ("counts", "short", "over", "missing")},
                "chance": float(row["chance"]),
                "verdict": str(row["verdict"]),
            }
            for item, row in found.iterrows()
        ]
        return {"from": (today - YEAR).isoformat(), "to": today.isoformat(), "items": items}

    def review(self, store: Store) -> dict[str, Any]:
        """What an inspector asks for besides the stock of today: one answer, for JSON."""
        today, database = self._view.today(), self._desk.database
        month, begins = today.year * 100 + today.month, book_begins(database, store.id)
        counts = self._counts(store, today - YEAR, today, all_counts=False)
        return {
            "today": today.isoformat(),
            "book_begins": begins.isoformat() if begins else None,
            "month": [
                {"name": self._name(each.item), **asdict(each)}
                for each in monthly(database, store.id, month, month)
            ],
            "stockouts": [self._told(each) for each in self._stockouts(store, begins, today)],
            "discrepancies": [
                {
                    "name": self._name(each.item),
                    **asdict(each),
                    "day": date_of(each.day).isoformat(),
                }
                for each in counts
            ],
        }

    def _counts(self, store: Store, first: date, last: date, all_counts: bool) -> list[Difference]:
        span = (number_of_day(first), number_of_day(last))
        return self._differences.of(store.id, *span, all_counts=all_counts)

    def _stockouts(self, store: Store, begins: date | None, today: date) -> list[Stockout]:
        if begins is None:
            return []
        days = daily(self._desk.database, store.id, max(begins, today - YEAR), today)
        found = [each for item, of_item in days.items() for each in stockouts(item, of_item)]
        return sorted(found, key=lambda each: (each.until is not None, -each.days, each.first, each.item))

    def _told(self, each: Stockout) -> dict[str, Any]:
        until = each.until.isoformat() if each.until else None
        days = {"from": each.first.isoformat(), "to": until, "days": each.days}
        return {"item": each.item, "name": self._name(each.item), **days}

    def _name(self, item: str) -> str:
        commodity = self._desk.catalogue().commodities.get(item)
        return self._desk.name(commodity) if commodity else item


def stockouts(item: str, days: Days) -> Iterator[Stockout]:
    """The stretches of days that ended with nothing on the shelf, in their order.

    Example:
        >>> held = Days(date(2026, 3, 1), (0,) * 5, (3, 0, 0, 2, 0))
        >>> [(each.first.day, each.until and each.until.day, each.days) for each in stockouts("ors", held)]
        [(2, 3, 2), (5, None, 1)]
    """
    began: int | None = None
    for number, packs in enumerate((*days.closing, None)):
        out = packs is not None and packs <= 0
        if out and began is None:
            began = number
        if not out and began is not None:
            lasts = packs is None
            last = days.first + timedelta(days=number - 1)
            first = days.first + timedelta(days=began)
            yield Stockout(item, first, None if lasts else last, number - began)
            began = None
