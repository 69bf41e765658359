"""The band of what is usual behind a series of a unit and its children: `usual` over regular reporters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indicators.compare import View, positions_of
from indicators.constant_set import ConstantSet, Counts, Steady
from indicators.hierarchy import Amounts
from indicators.periods import LENGTHS, Span
from indicators.robust import Around, Mode
from indicators.robust import Counts as Indices
from indicators.rollup import Rollup, Series
from indicators.usual import LEAST_ALPHA, Method, Pattern, Usual, judge, learn

# Units without any below, from which a level's season and overdispersion are learnt.
SAMPLE = 2000
# Of periods of three months and more, too few lie within a year for a level.
_LEAST_REACH = 6
# Sums of many units vary less than one facility's figures: this much beyond counting noise is allowed for.
_LEAST_ALPHA_OF_SUMS = 0.005


@dataclass(frozen=True)
class Range:
    """What is usual for some units, arrays `[unit, period]`.

    Attributes:
        units: ids.
        periods: labels.
        usual: expected, low, high (in the series' unit, for those that reported in the period), score, side.
        n_set: regular reporters that the band stands on, `[unit]`; 1 for a unit without any below.
        n_reported: how many of them reported in the period.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    usual: Usual
    n_set: Counts
    n_reported: Counts


def method_of(span: Span, mode: Mode) -> Method:
    """How what is usual is worked out for the periods of a span, counted from the calendar's first.

    >>> from indicators.periods import Calendar
    >>> method = method_of(Calendar(201802, 201909).whole("month"), "trailing")
    >>> method.around.before, method.cycle, method.first
    (24, 12, 1)
    """
    length = LENGTHS[span.grain]
    first = (span.base - span.phase) // length % (12 // length)
    return Method(Around(mode, max(12 // length, _LEAST_REACH)), 12 // length, first)


def normal_range(rollup: Rollup, series: Series, view: View, mode: Mode = "centred") -> Range:
    """What is usual for a unit and its children in each period, each by its own history.

    `centred` tells history by the year before and after each month; `trailing` says what could be said at the
    month's end, by the two years before. The band is scaled to those that reported in the period, so that the
    figure shown lies outside it exactly where the score says so.

    Raises:
        KeyError: the unit or group is unknown.
    """
    span, positions = rollup.calendar.span(view.first, view.last, view.grain), positions_of(rollup, view)
    constant = ConstantSet(rollup, series, span)
    first = constant.whole.index_of(span.start)
    columns = slice(first, first + len(span))
    judging = _Judging(rollup, constant, method_of(constant.whole, mode), columns.stop)
    *found, n_set, n_reported = (part[:, columns] for part in judging.of(positions))
    expected, low, high, zero, score, enough = found
    units = tuple(rollup.hierarchy.ids[i] for i in positions)
    shown = Usual(expected, low, high, zero, score, enough, judging.method.width)
    return Range(units, span.labels, shown, n_set.max(axis=1, initial=0), n_reported)


@dataclass(frozen=True)
class _Judging:
    """Judges units by their history up to a period; those with units below them all at once, and keeps it.

    Attributes:
        rollup: the figures.
        constant: the regular reporters.
        method: how.
        stop: one past the last period looked at.
    """

    rollup: Rollup
    constant: ConstantSet
    method: Method
    stop: int

    def of(self, positions: Indices) -> Amounts:
        """Expected, low, high, zero, score, enough, set and reporters, `[unit, period of the calendar]`."""
        hierarchy = self.rollup.hierarchy
        key = (*self.constant.key, self.method, self.stop, "judged")
        branches = self.rollup.keep(key, lambda: self._judged(hierarchy.branches))

        def work(at: Indices) -> Amounts:
            return hierarchy.place(branches, self._judged, at, None)

        return self.rollup.near.of(key, work, positions)

    def _judged(self, positions: Indices) -> Amounts:
        steady, pattern = self._known(positions), self._pattern
        groups = np.minimum(_groups(self.rollup, positions), len(pattern.alpha) - 1)
        found = judge(steady.history, steady.observed, groups, pattern, self.method)
        found = found.scaled(np.where(steady.scale > 0, steady.scale, np.nan))
        members = np.broadcast_to(steady.n_set[:, None], steady.scale.shape)
        band = (found.expected, found.low, found.high)
        return (*band, found.zero, found.score, found.enough, members, steady.n_reported)

    def _known(self, positions: Indices) -> Steady:
        steady = self.constant.steady(positions)
        return steady.until(self.stop) if self.method.around.mode == "trailing" else steady

    @property
    def _pattern(self) -> Pattern:
        return Pattern(*self.rollup.keep((*self.constant.key, self.method, self.stop), self._learnt))

    def _learnt(self) -> Amounts:
        positions = np.concatenate([self.rollup.hierarchy.branches, self.constant.reporters(SAMPLE)])
        groups = _groups(self.rollup, positions)
        of_sums = np.arange(groups.max() + 1) % 2 == 1
        least = np.where(of_sums, _LEAST_ALPHA_OF_SUMS, LEAST_ALPHA)
        found = learn(self._known(positions).history, groups, self.method, least)
        return found.season, found.alpha, found.spread


def _groups(rollup: Rollup, positions: Indices) -> Indices:
    """Units of a level share a season, those with units below them apart from those without."""
    hierarchy = rollup.hierarchy
    groups: Indices = hierarchy.depth[positions] * 2 + (hierarchy.branch_of[positions] >= 0)
    return groups
