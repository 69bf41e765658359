"""Whose movement it is: the change of a unit in one period, parted among the units below it.

The change is counted against the same period a year before or, where nothing was reported then, against the
median of the twelve months before. Only reporters that reported in both have a change of their own; what is
added or taken away by those that began or fell silent is one part by itself, "reporting changed". All parts
add up to the change, so the shares add up to 1: beyond 1 or below 0 where parts move in opposite directions.
Counted among the reporters is whose report was expected either time, or other than zero: a zero both times of
a place that does not carry the product is nobody's report.

A top share from 60 % on is one place's movement; under 30 %, with more than half of the places moving the
same way, the whole area's. Source: the drill-down rule of spike attribution for routine data, with the
reports that come and go kept apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats
from indicators.hierarchy import Amounts, Positions
from indicators.measures import reported_as, timing
from indicators.periods import LENGTHS, Grain, Span
from indicators.robust import Around
from indicators.rollup import Rollup, Series
from indicators.shares import whole_percents

Reference = Literal["year_before", "twelve_months", "none"]

ONE_PLACE, AREA_WIDE, MIXED = "one_place", "area_wide", "mixed"
REPORTING_CHANGED = "reporting_changed"
OFFSETTING, NO_CHANGE, NO_REFERENCE = "offsetting", "no_change", "no_reference"

OF_ONE, OF_MANY, OF_REPORTING = 0.6, 0.3, 0.5
# Under this share of all movement, up and down, parts cancel out and their shares say little.
CANCELLED = 0.1
# A median of the months before stands on this many.
FEWEST_BEFORE = 3


@dataclass(frozen=True)
class Asked:
    """Whose change is asked for.

    Attributes:
        unit: id.
        month: `YYYYMM`, in the period that moved.
        grain: the length of the period; windows end with the month.
        only: ids of the children that may be named, None for all; the rest is one part, `others`.
        parted: whether the change is parted among the children; without, it is `others` as a whole.
    """

    unit: str
    month: int
    grain: Grain = "month"
    only: frozenset[str] | None = None
    parted: bool = True


@dataclass(frozen=True)
class Attribution:
    """The change of one unit in one period, in parts.

    Attributes:
        reference: what it is counted against.
        units: ids of the children that are named.
        parts: the change of each of them, by those of its reporters that reported in both, `[child]`.
        in_both: how many such reporters each has, `[child]`.
        itself: the change of what the unit itself reports.
        others: the change of children that are not named.
        reporting: what reporters that began add, less what those that fell silent take away.
        began, silent: how many they are.
        before: the reference, summed over all that it knows.
        after: the figure of the period.
        both: how many reporters reported in both, the unit and all below it.
        reporters: how many reported in either; of several months one may be in `both`, `began` and `silent`.
        before_both: the reference of what was reported in both: `before` less what fell silent.
    """

    reference: Reference
    units: tuple[str, ...]
    parts: Floats
    in_both: npt.NDArray[np.int32]
    itself: float
    others: float
    reporting: float
    began: int
    silent: int
    before: float
    after: float
    both: int = 0
    before_both: float = 0.0
    reporters: int = 0

    @property
    def change(self) -> float:
        """After less before: the sum of all parts."""
        return self.after - self.before

    @property
    def change_both(self) -> float:
        """The change of those that reported in both: all parts but that of reporting."""
        return self.change - self.reporting

    @cached_property
    def amounts(self) -> Floats:
        """All parts: the children's, the unit's own, the unnamed ones', and that of reporting."""
        return np.concatenate([self.parts, [self.itself, self.others, self.reporting]])

    @cached_property
    def shares(self) -> Floats:
        """Each part over the change, in the order of `amounts`; NaN without any change."""
        total = self.amounts.sum()
        return self.amounts / total if total else np.full(len(self.amounts), np.nan)

    @cached_property
    def percents(self) -> tuple[int, ...]:
        """The shares as whole percents that add up to 100; empty without any change."""
        return () if np.isnan(self.shares).any() else whole_percents(self.shares)

    @property
    def top(self) -> int | None:
        """The largest mover in the direction of the change: an index of `shares`, not that of reporting."""
        shares = self.shares[:-1]
        return None if np.isnan(shares).any() or shares.max() <= 0 else int(shares.argmax())

    @property
    def alike(self) -> tuple[int, int]:
        """How many of the children that reported in both moved the way of the whole, and of how many."""
        known = self.parts[self.in_both > 0]
        return int((np.sign(known) == np.sign(self.change)).sum()), len(known)

    @property
    def verdict(self) -> str:
        """A code of this module that says whose movement it is."""
        moved = float(np.abs(self.amounts).sum())
        if self.reference == "none" or not moved:
            return NO_REFERENCE if self.reference == "none" else NO_CHANGE
        if abs(self.amounts.sum()) < CANCELLED * moved:
            return OFFSETTING
        if abs(self.shares[-1]) >= OF_REPORTING:
            return REPORTING_CHANGED
        largest = float(self.shares[:-1].max())
        if largest >= OF_ONE:
            return ONE_PLACE
        return AREA_WIDE if largest < OF_MANY and self.most_alike else MIXED

    @property
    def most_alike(self) -> bool:
        """Whether more than half of those children moved the way of the whole."""
        same, known = self.alike
        return same * 2 > known


def attribution(rollup: Rollup, series: Series, asked: Asked) -> Attribution:
    """Whose movement a unit's change in one period is.

    A district's consumption rose from 100 to 160; its two facilities that reported in both years moved by +45
    and -5, and one of 20 began: the shares are 75 %, -8 % and, of reporting, 33 %.

    >>> found = Attribution(
    ...     "year_before", ("A1", "A2"), np.array([45.0, -5]), np.array([1, 1], dtype=np.int32),
    ...     itself=0, others=0, reporting=20, began=1, silent=0, before=100, after=160)
    >>> found.percents, found.verdict
    ((75, -8, 0, 0, 33), 'one_place')

    Raises:
        KeyError: the unit or group is unknown.
    """
    span = rollup.calendar.span(asked.month, asked.month, asked.grain)
    position = rollup.position(asked.unit)
    if not len(span):
        return _nothing()
    for reference in ("year_before", "twelve_months"):
        moves = _Moves(rollup, series, span, reference)
        total = moves.at(np.array([position]))
        if total.in_both[0]:
            return moves.parted(position, asked.only) if asked.parted else moves.whole(total)
    return _nothing()


def _nothing() -> Attribution:
    nobody = np.zeros(0, dtype=np.int32)
    return Attribution("none", (), np.zeros(0), nobody, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0)


@dataclass(frozen=True)
class _Moved:
    """What moved in one period, `[unit]`: each with all units below it."""

    change: Floats
    began: Floats
    silent: Floats
    before: Floats
    in_both: npt.NDArray[np.int32]
    n_began: npt.NDArray[np.int32]
    n_silent: npt.NDArray[np.int32]
    n_either: npt.NDArray[np.int32]


class _Moves:
    """The changes of every reporter against one reference, summed upwards."""

    def __init__(self, rollup: Rollup, series: Series, span: Span, reference: Reference) -> None:
        self._rollup, self._series, self._span, self._reference = rollup, series, span, reference
        self._whole = rollup.calendar.around(span)
        self._flow = timing(series.measure) == "flow"
        self._members = rollup.members(series.group)

    def at(self, positions: Positions) -> _Moved:
        """Of some units by position, in the span's period."""
        key = ("attribution", self._series, self._span.cut, self._reference)
        column = self._whole.index_of(self._span.start)
        placed = self._rollup.placed(key, self._own, positions, self._members)
        return _Moved(*(amount[:, column] for amount in placed))

    def parted(self, position: int, only: frozenset[str] | None) -> Attribution:
        """The change of one unit, among its children."""
        hierarchy = self._rollup.hierarchy
        below = hierarchy.children(position)
        total, children = self.at(np.array([position])), self.at(below)
        named = np.array([only is None or hierarchy.ids[i] in only for i in below], dtype=bool)
        change = float(total.change[0])
        return replace(
            self.whole(total),
            units=tuple(hierarchy.ids[i] for i in below[named]),
            parts=children.change[named],
            in_both=children.in_both[named],
            itself=change - float(children.change.sum()) if self._reports(position) else 0.0,
            others=float(children.change[~named].sum()),
        )

    def whole(self, total: _Moved) -> Attribution:
        """The change of one unit, given by `at`, without a look at its children."""
        change, apart = float(total.change[0]), float(total.began[0] - total.silent[0])
        return replace(
            _nothing(),
            reference=self._reference,
            others=change,
            reporting=apart,
            began=int(total.n_began[0]),
            silent=int(total.n_silent[0]),
            before=float(total.before[0]),
            after=float(total.before[0]) + change + apart,
            both=int(total.in_both[0]),
            before_both=float(total.before[0] - total.silent[0]),
            reporters=int(total.n_either[0]),
        )

    def _reports(self, position: int) -> bool:
        if self._members is not None and not self._members[position]:
            return False
        measure, grids = reported_as(self._series.measure), self._rollup.grids
        found = (grids.get((item, measure)) for item in self._series.items)
        return any(grid is not None and bool((grid.rows == position).any()) for grid in found)

    def _own(self, positions: Positions) -> Amounts:
        span = self._rollup.calendar.whole("month") if self._flow else self._whole
        own = self._rollup.own(self._series, positions, span)
        value, here = own.value, own.present > 0
        meant = (own.reported > 0) | (value != 0)
        find = self._year_before if self._reference == "year_before" else self._twelve_months
        before, then, meant_then = find(value, here, meant)
        both, began, silent = here & then, here & ~then, then & ~here
        sums = ((value - before) * both, value * began, before * silent, before * then)
        counted = (each & (meant | meant_then) for each in (both, began, silent, here | then))
        return (*(self._sum(part) for part in sums), *(self._any(part) for part in counted))

    def _year_before(self, value: Floats, here: Flags, meant: Flags) -> tuple[Floats, Flags, Flags]:
        lag = 12 if self._flow else 12 // LENGTHS[self._span.grain]
        before, then, told = np.zeros_like(value), np.zeros_like(here), np.zeros_like(meant)
        before[:, lag:], then[:, lag:], told[:, lag:] = value[:, :-lag], here[:, :-lag], meant[:, :-lag]
        return before, then, told

    def _twelve_months(self, value: Floats, here: Flags, meant: Flags) -> tuple[Floats, Flags, Flags]:
        """The median of the year before each period, the same for every month of it."""
        year = 12 if self._flow else 12 // LENGTHS[self._span.grain]
        known = np.where(here, value, np.nan)
        padded = np.concatenate([np.full((len(value), year), np.nan), known], axis=1)
        around = Around("trailing", max(year // 2, 1))
        median, count, told = around.median(padded)[:, year:], around.count(here), around.count(meant)
        if self._flow:
            first = self._whole.edges[self._whole.period_of(np.arange(value.shape[1], dtype=np.int32))]
            median, count, told = median[:, first], count[:, first], told[:, first]
        then = count >= min(FEWEST_BEFORE, year)
        return np.where(then, median, 0.0), then, then & (told > 0)

    def _sum(self, part: Floats) -> Floats:
        return np.asarray(np.add.reduceat(part, self._whole.edges, axis=1)) if self._flow else part

    def _any(self, flags: Flags) -> npt.NDArray[np.int32]:
        fold: Callable[..., Flags] = np.logical_or.reduceat
        folded = fold(flags, self._whole.edges, axis=1) if self._flow else flags
        return np.asarray(folded, dtype=np.int32)
