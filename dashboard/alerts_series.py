"""The series that alerts are found in: every item at every place, each pair where both its sides meet.

What several months are reported of at once is a series of its own (`alerts_windows`), and so is what a whole
area told (`alerts_area_series`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from countries.configuration import Country, Pair
from dashboard.alerts_area_series import AreaSeries, area_series
from dashboard.alerts_scored import ItemSeries, JudgedPair, both_sights, pair_by_both_sights, row_of
from dashboard.alerts_windows import Partner, window_series
from dashboard.holdings import Holding
from indicators.aberration import Reported
from indicators.grids import Floats
from indicators.hierarchy import Positions
from indicators.rollup import Rollup

COUNT, CONSUMED, CLOSING, DAYS_OUT = "count", "consumed", "closing", "stockout_days"
BESIDE = (CLOSING, DAYS_OUT, "opening", "received")
WINDOWS = (3, 6)
"""Of how many months at once a report may be, for its series to be scored: there are several in a year."""

SERVICE, COMMODITY = "service", "commodity"
JUDGED = ("fixed_dose", "banded", "co_movement")
"""Classes of pairs whose sides are held against each other."""

ENOUGH = 0.8
"""A sum over facilities counts where so many of those that ever reported at once are in it."""


@dataclass(frozen=True)
class PairSeries:
    """Both sides of a pair at the places where they meet, arrays `[place, month of the data]`."""

    pair: Pair
    positions: Positions
    services: Floats
    consumption: Floats
    scores: JudgedPair

    def row(self, position: int) -> int | None:
        """The row of a place; None where the sides do not meet there."""
        return row_of(self.positions, position)


class SeriesDesk:
    """The series of one version of the data, each worked out when it is first asked for.

    Args:
        holding: the version.
        country: its pairs.
    """

    def __init__(self, holding: Holding, country: Country) -> None:
        self.holding, self.country, self.rollup = holding, country, holding.rollup
        self._items: dict[str, ItemSeries | None] = {}
        self._pairs: dict[str, PairSeries | None] = {}
        self._areas: dict[str, AreaSeries | None] = {}
        self._windows: dict[str, list[ItemSeries]] = {}

    @property
    def months(self) -> npt.NDArray[np.int32]:
        """The months of the data."""
        return self.rollup.months

    def codes(self) -> list[str]:
        """Every service and commodity."""
        items = self.rollup.items
        wanted = items["kind"].isin((SERVICE, COMMODITY)).to_numpy()
        return [str(code) for code in items["code"][wanted]]

    def windows(self, code: str) -> list[ItemSeries]:
        """The series of an item whose reports are of several months at once, one for each length."""
        if code not in self._windows:
            [number] = self.rollup.numbers([code]) or [None]
            of = [] if number is None else [(number, self._measure(number), length) for length in WINDOWS]
            found = [window_series(self.rollup, code, each, self._other_of(code, each[1])) for each in of]
            self._windows[code] = [each for each in found if each]
        return self._windows[code]

    def area(self, code: str) -> AreaSeries | None:
        """The series of an item in whole areas; None where none holds several regular reporters."""
        if code not in self._areas:
            item = self.item(code)
            self._areas[code] = self._area(item) if item else None
        return self._areas[code]

    def pairs(self) -> list[PairSeries]:
        """Every pair whose sides are held against each other and meet somewhere."""
        found = (self.pair(each.id) for each in self.country.pairs.values())
        return [each for each in found if each]

    def item(self, code: str) -> ItemSeries | None:
        """The series of an item; None where nobody reports it month by month."""
        if code not in self._items:
            self._items[code] = self._item(code)
        return self._items[code]

    def pair(self, name: str) -> PairSeries | None:
        """The series of a pair; None where its sides are not compared, or never meet."""
        if name not in self._pairs:
            self._pairs[name] = self._pair(self.country.pairs[name])
        return self._pairs[name]

    def pair_of(self, code: str) -> PairSeries | None:
        """The first pair that an item is in whose sides are compared."""
        for each in self.country.pairs.values():
            if code in (*each.services, *each.commodities) and (found := self.pair(each.id)):
                return found
        return None

    def _item(self, code: str) -> ItemSeries | None:
        [number] = self.rollup.numbers([code]) or [None]
        if number is None:
            return None
        measure = self._measure(number)
        grid = self.rollup.grids.get((number, measure))
        if grid is None or not (~np.isnan(grid.values)).any():
            return None
        span = self.rollup.calendar.whole("month")
        closing, days = (
            np.full(grid.values.shape, np.nan) if other is None else other.take(grid.rows, span)
            for other in (self.rollup.grids.get((number, each)) for each in (CLOSING, DAYS_OUT))
        )
        beside = {} if measure == COUNT else {"closing": closing, "stockout_days": days}
        other = self._other_of(code, measure)(grid.rows)
        if other is not None:
            beside["partner"] = other[2]
        reported = self._reported(grid.values, grid.rows, **beside)
        scores = both_sights(reported)
        begins = np.broadcast_to(self.months, grid.values.shape)
        return ItemSeries(code, measure, grid.rows, grid.values, closing, days, scores, begins)

    def _area(self, item: ItemSeries) -> AreaSeries | None:
        [number] = self.rollup.numbers([item.code])
        grids, stock = self.rollup.grids, BESIDE if item.measure == CONSUMED else ()
        beside = {each: grids.get((number, each)) for each in stock}
        return area_series(self.rollup, item.code, grids[number, item.measure], beside)

    def _measure(self, number: int) -> str:
        """What is judged of an item: how many services, how much was used of a commodity."""
        return COUNT if self.rollup.items["kind"].iloc[number] == SERVICE else CONSUMED

    def _other_of(self, code: str, measure: str) -> Partner:
        """The other side of the first pair that an item is in, where the same places report it."""

        def at(positions: Positions) -> tuple[str, str, Floats] | None:
            for pair in self.country.pairs.values():
                own, what = pair.services, (pair.commodities, CONSUMED)
                if measure == CONSUMED:
                    own, what = pair.commodities, (pair.services, COUNT)
                if code in own and pair.kind in JUDGED:
                    return pair.id, what[1], summed(self.rollup, what, positions)
            return None

        return at

    def _pair(self, pair: Pair) -> PairSeries | None:
        if pair.kind not in JUDGED:
            return None
        positions = self._homes(pair)
        if not len(positions):
            return None
        services = summed(self.rollup, (pair.services, COUNT), positions)
        consumption = summed(self.rollup, (pair.commodities, CONSUMED), positions)
        both = (~np.isnan(services) & ~np.isnan(consumption)).any(axis=1)
        if not both.any():
            return None
        positions, services, consumption = positions[both], services[both], consumption[both]
        closing = summed(self.rollup, (pair.commodities, CLOSING), positions)
        sides = (
            self._reported(services, positions),
            self._reported(consumption, positions, closing=closing),
        )
        scores = pair_by_both_sights(sides, pair.kind)
        return PairSeries(pair, positions, services, consumption, scores)

    def _homes(self, pair: Pair) -> Positions:
        """Where the services of a pair are reported: there both sides can be known."""
        numbers = self.rollup.numbers(pair.services)
        rows = [grid.rows for (item, measure), grid in self.rollup.grids.items()
                if item in numbers and measure == COUNT]  # fmt: skip
        return np.unique(np.concatenate(rows)) if rows else np.empty(0, dtype=np.intp)

    def _reported(self, values: Floats, positions: Positions, **stock: Floats) -> Reported:
        parent = self.rollup.hierarchy.parent
        area = np.unique(parent[positions], return_inverse=True)[1].astype(np.intp)
        return Reported(values, area=area, first=int(self.months[0]) % 100 - 1, **stock)


def summed(rollup: Rollup, what: tuple[Sequence[str], str], positions: Positions) -> Floats:
    """What everybody at or below some places reported of items together, `[place, month]`.

    NaN where too few of those that usually report at once did, so that a fall of reports is no fall.

    Args:
        rollup: the figures.
        what: codes of items, and the measure.
        positions: the places.
    """
    codes, measure = what
    last, months = rollup.hierarchy.last[positions], len(rollup.months)
    total, count = np.zeros((len(positions), months)), np.zeros((len(positions), months))
    for number in rollup.numbers(codes):
        grid = rollup.grids.get((number, measure))
        if grid is None:
            continue
        begins, ends = (np.searchsorted(grid.rows, each) for each in (positions, last))
        total += _between(np.nan_to_num(grid.values), begins, ends)
        count += _between(~np.isnan(grid.values), begins, ends)
    usually = count.max(axis=1, keepdims=True, initial=0)
    return np.where((count > 0) & (count >= ENOUGH * usually), total, np.nan)


def _between(rows: npt.NDArray[Any], begins: Positions, ends: Positions) -> Floats:
    """The sum of the rows of each range."""
    running = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)])
    return np.asarray(running[ends] - running[begins])
