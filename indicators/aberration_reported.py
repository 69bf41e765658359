"""What was reported of one or many items, as scores take it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from indicators.robust import Counts, Reals

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reported:
    """What was reported, arrays `[series, month]` without gaps between the months; NaN is not reported.

    Attributes:
        values: one item at one place a row: services, or consumption.
        item: `[series]`, what is counted: its rows share season, spread and habits; None for one.
        area: `[series]`, the district, whose rows of an item move together; None for none.
        partner: the other side of the pair at the same place and month, in any unit; None for none.
        closing: stock at the end of the month; None where it is no commodity.
        stockout_days: days without stock; None where they are not reported.
        place: `[series]`, who reports: rows of one place are figures of its forms; None for unknown.
        first: the place in the year of the first column, from 0.
        cycle: periods in a year: 12 where a column is a month, 4 where it is a quarter.
        sums: whether a row is the sum of many places, which varies less than a place by itself.
    """

    values: Reals
    item: Counts | None = None
    area: Counts | None = None
    partner: Reals | None = None
    closing: Reals | None = None
    stockout_days: Reals | None = None
    place: Counts | None = None
    first: int = 0
    cycle: int = 12
    sums: bool = False

    def rows(self, rows: Counts) -> Reported:
        """Some of the series."""
        parts = {name: getattr(self, name) for name in _BY_ROW}
        return replace(self, **{name: part[rows] for name, part in parts.items() if part is not None})

    def until(self, end: int) -> Reported:
        """What was known when so many months were over."""
        parts = {name: getattr(self, name) for name in _BY_MONTH}
        return replace(self, **{name: part[:, :end] for name, part in parts.items() if part is not None})

    @property
    def out(self) -> Flags:
        """Where the store was empty, at the month's end or for some days of it."""
        out = np.zeros(self.values.shape, dtype=bool)
        if self.closing is not None:
            out |= self.closing <= 0
        if self.stockout_days is not None:
            out |= self.stockout_days > 0
        return out


_BY_ROW = ("values", "item", "area", "partner", "closing", "stockout_days", "place")
_BY_MONTH = ("values", "partner", "closing", "stockout_days")
