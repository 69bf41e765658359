"""A unit's history as its regular reporters tell it, so that reports which come and go make no trend.

The regular reporters of a unit are those below it that reported in at least ten of the twelve months that
end with the last month looked at (of fewer months, as large a share of them). Each has a weight, its usual
amount. A month in which some of them are silent is brought to the whole set by the weights of those that
reported; the figure that is shown, of whoever reported that month, is set beside it by the same weights.
Consumption in a month without stock says what the store lacked, not what is usual: it is left out likewise.

Source: "consistently reporting" facilities of the DHIS2 data quality guide, ten of twelve months.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

import numpy as np
import numpy.typing as npt

from indicators.expected import rows_of_any
from indicators.grids import Flags, Floats, Grid
from indicators.hierarchy import Amounts, Positions
from indicators.measures import reported_as, timing
from indicators.periods import LENGTHS, Span
from indicators.rollup import Rollup, Series

Counts = npt.NDArray[np.int32]

REGULAR, OF_MONTHS = 10, 12
# A consumption in a month with more stock-out days than this is no yardstick.
OUT_FOR = 20
# A month is a yardstick when this share of the set, by weight, reported.
_ENOUGH_OF_IT = 0.5
_LEAST = 1e-9
# From this many periods on, the highest and the lowest one count for nothing in a weight.
_TRIMMED_FROM = 5


@dataclass(frozen=True)
class Steady:
    """A series of some units on the scale of their regular reporters, `[unit, period]`.

    Attributes:
        history: what the set reported, brought to the whole set; NaN where too few of it did.
        observed: what everybody reported, brought to the same scale; NaN where nobody did.
        scale: what a figure on this scale is multiplied with to stand beside the figure shown; 0 where nobody
            reported.
        n_set: regular reporters, `[unit]`.
        n_reported: how many of them reported in the period.
    """

    history: Floats
    observed: Floats
    scale: Floats
    n_set: Counts
    n_reported: Counts

    def until(self, stop: int | None) -> Steady:
        """The same without the periods from `stop` on; whole for None."""
        history, observed, scale = (part[:, :stop] for part in (self.history, self.observed, self.scale))
        return Steady(history, observed, scale, self.n_set, self.n_reported[:, :stop])


def regular(present: Flags, last: int, began: int = 0) -> Flags:
    """Which units report regularly up to the month of a column, `[unit]`.

    Of twelve months ten are asked for; where the series `began` later (a column), as large a share of fewer.

    >>> import numpy as np
    >>> present = np.ones((2, 14), dtype=bool); present[1, 8:11] = False
    >>> regular(present, 13).tolist(), regular(present, 7).tolist()
    ([True, False], [True, True])
    """
    months = min(OF_MONTHS, last + 1 - began)
    if months <= 0:
        return np.zeros(len(present), dtype=bool)
    came = present[:, last + 1 - months : last + 1].sum(axis=1)
    return np.asarray(came >= ceil(REGULAR * months / OF_MONTHS))


def weights(value: Floats, present: Flags) -> Floats:
    """Each unit's usual amount (of a flow, a month), `[unit]`: the mean without its highest and its lowest.

    >>> import numpy as np
    >>> weights(np.array([[10.0, 12, 0, 14, 12, 1200]]), np.ones((1, 6), dtype=bool)).tolist()
    [12.0]
    """
    rate, count = np.where(present, value, np.nan), present.sum(axis=1)
    total, trim = np.nansum(rate, axis=1), count >= _TRIMMED_FROM
    highest, lowest = np.fmax.reduce(rate, axis=1), np.fmin.reduce(rate, axis=1)
    total = np.where(trim, total - highest - lowest, total)
    return np.asarray(np.maximum(total / np.maximum(count - 2 * trim, 1), _LEAST))


class ConstantSet:
    """The regular reporters of one series as of one month, for units at any level.

    Args:
        rollup: the figures.
        series: which of them; not the signed `adjusted`, of which nothing is usual.
        span: the periods looked at; regular is who reported in the months up to its last.
    """

    def __init__(self, rollup: Rollup, series: Series, span: Span) -> None:
        self._rollup, self._series = rollup, series
        self.whole, self._last = rollup.calendar.around(span), max(span.stop - 1, 0)
        self._full = float(LENGTHS[span.grain] if timing(series.measure) == "flow" else 1)
        self._members = rollup.members(series.group)
        self.key = ("constant set", series, span.cut, self._last)

    def steady(self, positions: Positions) -> Steady:
        """The series of units by position over every period of the calendar."""
        totals = self._rollup.keep(
            self.key, lambda: self._rollup.hierarchy.gather(self._below, self._members)
        )
        hierarchy, members = self._rollup.hierarchy, self._members

        def work(at: Positions) -> Amounts:
            return _steady(hierarchy.place(totals, self._itself, at, members))

        return Steady(*self._rollup.near.of(self.key, work, positions))

    def reporters(self, at_most: int) -> Positions:
        """Units without any below that ever reported the series, evenly chosen where they are many."""
        rows = rows_of_any(self._grids)
        leaves = rows[self._rollup.hierarchy.branch_of[rows] < 0]
        return leaves[:: max(1, -(-len(leaves) // at_most))]

    def _below(self, positions: Positions) -> Amounts:
        return self._amounts(positions, lambda present: regular(present, self._last, self._began))

    def _itself(self, positions: Positions) -> Amounts:
        return self._amounts(positions, lambda present: np.ones(len(present), dtype=bool))

    def _amounts(self, positions: Positions, members: Callable[[Flags], Flags]) -> Amounts:
        months = self._rollup.calendar.whole("month")
        flow = timing(self._series.measure) == "flow"
        own = self._rollup.own(self._series, positions, months if flow else self.whole)
        monthly = own if flow else self._rollup.own(self._series, positions, months)
        present, stocked = own.present > 0, self._stocked(positions, months) if flow else np.True_
        stop = (self._last if flow else self.whole.index_of(self._last)) + 1
        weight = weights(own.value[:, :stop], (present & stocked)[:, :stop])[:, None]
        inside = members(monthly.present > 0)[:, None]
        sound = inside & present & stocked
        full = np.where(inside, weight * self._full, 0.0)
        counted = (own.value, own.value * sound, weight * present, weight * sound)
        folded = [self._folded(part) if flow else part for part in counted]
        came = self._came(inside & present) if flow else (inside & present).astype(np.int32)
        return (*folded, full, inside.astype(np.int32), came)

    def _stocked(self, positions: Positions, months: Span) -> Flags:
        """Whether a unit had any to give out: a month of a stock-out says nothing of what is usual."""
        if self._series.measure != "consumed":
            return np.ones((len(positions), 1), dtype=bool)
        opening, received, closing, days = (
            self._rollup.own(replace(self._series, measure=measure), positions, months)
            for measure in ("opening", "received", "closing", "stockout_days")
        )
        told = (opening.present > 0) & (received.present > 0)
        nothing = told & (opening.value + received.value <= 0)
        emptied = (closing.present > 0) & (closing.value <= 0)
        return ~(nothing | emptied | (days.value > OUT_FOR * len(self._series.items)))

    @cached_property
    def _grids(self) -> list[Grid]:
        measure, grids = reported_as(self._series.measure), self._rollup.grids
        return [grids[item, measure] for item in self._series.items if (item, measure) in grids]

    @cached_property
    def _began(self) -> int:
        """The column of the series' first report, by whomever; beyond the last where there is none."""
        reported = [np.flatnonzero(grid.present().any(axis=0)) for grid in self._grids]
        return min((int(columns[0]) for columns in reported if len(columns)), default=self._last + 1)

    def _folded(self, monthly: Floats) -> Floats:
        return np.asarray(np.add.reduceat(monthly, self.whole.edges, axis=1))

    def _came(self, flags: Flags) -> Counts:
        return np.asarray(np.logical_or.reduceat(flags, self.whole.edges, axis=1), dtype=np.int32)


def _steady(amounts: Amounts) -> Amounts:
    """What a `Steady` is made of."""
    value, of_set, carried, carried_of_set, full, members, came = amounts
    full = np.where(full > 0, full, np.nan)
    share, scale = carried_of_set / full, carried / full
    history = np.where(share >= _ENOUGH_OF_IT, of_set / np.where(share > 0, share, 1), np.nan)
    observed = np.where(scale > 0, value / np.where(scale > 0, scale, 1), np.nan)
    return history, observed, np.nan_to_num(scale), members[:, 0], came
