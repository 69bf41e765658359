"""What stands on a store's shelf, day by day: its slips walked in the order in which they happened.

A lot is what its slips say: first expired, first out is the keeper's doing, not ours. What stood there
before the first slip is told by what follows: what is given out of a lot beyond what came of it was there
before, and so was what the first count finds beyond that, of no known lot until slips tell of it. A count is
of all lots together: what it finds missing is taken from the lot that expires first, what it finds beyond the
books is of no known lot. No lot is ever below zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import pandas as pd

INWARDS = ("received", "returned")
COUNTED = "counted"
UNKNOWN = ""  # what is of no known lot


@dataclass(frozen=True)
class Slip:
    """One line that moves, or counts, an item of a store; the quantity in dispensing units."""

    day: date
    kind: str
    quantity: float
    lot: str
    expiry: date | None


@dataclass
class Shelf:
    """What stands of one item in one store.

    Attributes:
        lots: quantity by lot.
        expires: the date of each.
        borrowed: by lot, what was given out of it that stood as of no known lot.
    """

    lots: dict[str, float] = field(default_factory=dict)
    expires: dict[str, date] = field(default_factory=dict)
    borrowed: dict[str, float] = field(default_factory=dict)

    def write(self, slip: Slip) -> None:
        """One slip."""
        if slip.expiry is not None and slip.lot:
            self.expires[slip.lot] = slip.expiry
        if slip.kind == COUNTED:
            self._count(slip.quantity)
        elif slip.kind in INWARDS:
            self.lots[slip.lot] = self.lots.get(slip.lot, 0.0) + slip.quantity
        else:
            self._take(slip.lot, slip.quantity)

    def _take(self, lot: str, quantity: float) -> None:
        """Out of a lot, what it does not hold out of what is of no known lot, and then out of the others."""
        for name in (lot, UNKNOWN, *self._by_date()):
            part = min(quantity, self.lots.get(name, 0.0))
            self.lots[name] = self.lots.get(name, 0.0) - part
            quantity -= part
            if lot and name == UNKNOWN:
                self.borrowed[lot] = self.borrowed.get(lot, 0.0) + part

    def _count(self, found: float) -> None:
        missing = self.total - found
        if missing < 0:
            self.lots[UNKNOWN] = self.lots.get(UNKNOWN, 0.0) - missing
            return
        for lot in self._by_date():
            part = min(missing, self.lots[lot])
            self.lots[lot] -= part
            missing -= part

    def _by_date(self) -> list[str]:
        """The lots, the one that expires first first."""
        return sorted(self.lots, key=lambda lot: (self.expires.get(lot, date.max), lot))

    @property
    def total(self) -> float:
        """All lots together."""
        return sum(self.lots.values())

    def standing(self) -> Iterator[tuple[str | None, date | None, float]]:
        """Lot, expiry and quantity of what is there."""
        for lot, quantity in self.lots.items():
            if quantity > 0:
                yield lot or None, self.expires.get(lot), quantity


@dataclass(frozen=True)
class Book:
    """All that one store wrote of one item.

    Attributes:
        org_unit: the store's id.
        item: the item's id.
        begun: the day of the store's first slip, of any item.
        ended: the day of its last.
        slips: the item's, in the order in which they happened.
    """

    org_unit: str
    item: str
    begun: date
    ended: date
    slips: Sequence[Slip]

    @property
    def counted(self) -> bool:
        """Whether the item was ever counted, so that its whole stock is known."""
        return any(slip.kind == COUNTED for slip in self.slips)

    def days(self) -> Iterator[tuple[date, Shelf]]:
        """The shelf as the store began to write, and after the slips of each day; one that changes."""
        shelf = self._opening()
        if self.slips[0].day > self.begun:
            yield self.begun, shelf
        for day, slips in groupby(self.slips, key=lambda slip: slip.day):
            for slip in slips:
                shelf.write(slip)
            yield day, shelf

    def _opening(self) -> Shelf:
        """What stood there before the first slip; what was of no known lot is named as far as slips do."""
        opening = self._before_the_count()
        shelf = Shelf(dict(opening.lots))
        for slip in self.slips:
            shelf.write(slip)
        for lot, borrowed in shelf.borrowed.items():
            part = min(borrowed, opening.lots.get(UNKNOWN, 0.0))
            opening.lots[UNKNOWN] = opening.lots.get(UNKNOWN, 0.0) - part
            opening.lots[lot] = opening.lots.get(lot, 0.0) + part
        opening.expires = {lot: shelf.expires[lot] for lot in opening.lots if lot in shelf.expires}
        return opening

    def _before_the_count(self) -> Shelf:
        """The same by what happened up to the first count; all that happened where there is none."""
        opening, held = Shelf(), dict[str, float]()
        for slip in self.slips:
            if slip.kind == COUNTED:
                beyond = slip.quantity - sum(held.values()) - opening.total
                opening.lots[UNKNOWN] = opening.lots.get(UNKNOWN, 0.0) + max(beyond, 0.0)
                break
            sign = 1 if slip.kind in INWARDS else -1
            held[slip.lot] = held.get(slip.lot, 0.0) + sign * slip.quantity
            opening.lots[slip.lot] = max(opening.lots.get(slip.lot, 0.0), -held[slip.lot])
        return opening


def books(events: pd.DataFrame) -> Iterator[Book]:
    """What each store wrote of each item.

    Args:
        events: canonical `events`; what is no movement is passed over.
    """
    slips = events.loc[events["role"] == "movements"]
    slips = slips.assign(**{name: slips[name].astype("str") for name in ("org_unit", "item", "kind")})
    order = ["org_unit", "item", "day", "happened", "event"]
    slips = slips.sort_values(order, kind="stable", ignore_index=True)
    days = slips.groupby("org_unit")["day"]
    begun, ended = days.min().dt.date.to_dict(), days.max().dt.date.to_dict()
    for (unit, item), rows in groupby(_rows(slips), key=lambda row: row[0]):
        yield Book(unit, item, begun[unit], ended[unit], [slip for _, slip in rows])


def _rows(slips: pd.DataFrame) -> Iterator[tuple[tuple[str, str], Slip]]:
    keys = zip(slips["org_unit"].tolist(), slips["item"].tolist(), strict=True)
    days, kinds, lots = slips["day"].dt.date, slips["kind"], slips["lot"].fillna(UNKNOWN)
    dates = [None if pd.isna(day) else day.date() for day in slips["expiry"]]
    told = zip(days, kinds, slips["quantity"].tolist(), lots, dates, strict=True)
    return ((key, Slip(*row)) for key, row in zip(keys, told, strict=True))
