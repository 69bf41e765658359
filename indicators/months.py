"""One item's months, settled: longer windows laid over their months, stocks taken at a period's edge.

A flow reported for a quarter is whole where the quarter is shown as a quarter. Where months are shown, or a
staggered quarter crosses the period, its thirds are imputed and say so (national practice divides by three
without saying so). A month's own report always stands before a share of a longer one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indicators.grids import Flags, Floats, Grid, Windows
from indicators.hierarchy import Positions
from indicators.measures import Timing
from indicators.periods import Span


@dataclass(frozen=True)
class Months:
    """Settled values of some units: `[unit, month]`, or `[unit, period]` after `edge`.

    Attributes:
        value: NaN (or anything) where not `present`.
        present: where something was reported.
        imputed: which of it is imputed; None when nothing is.
        whole: `[unit, period]`, what windows that lie within one period add to it; None without windows.
    """

    value: Floats
    present: Flags
    imputed: Flags | None = None
    whole: Floats | None = None


def settle(grid: Grid, positions: Positions, span: Span) -> Months:
    """The monthly values of some units, with the shares of longer windows where no month was reported."""
    value = grid.take(positions, span)
    present, imputed = ~np.isnan(value), grid.take_imputed(positions, span)
    if grid.windows is None:
        return Months(value, present, imputed)
    imputed = np.zeros(value.shape, dtype=bool) if imputed is None else imputed.copy()
    whole = np.zeros((len(positions), len(span)))
    months = Months(value.copy(), present, imputed, whole)
    owner, report = grid.windows.of(positions)
    for length in np.unique(grid.windows.months[report]):
        chosen = grid.windows.months[report] == length
        laid = _Laid.over(months.present, grid.windows, (owner[chosen], report[chosen]), span)
        laid.write(months.value, imputed, whole)
        present[laid.spots] = True
    return months


@dataclass(frozen=True)
class _Laid:
    """Windows of one length over the months that have no report of their own yet.

    Attributes:
        spots: (unit, month) of every month they fill.
        share: what each of those months gets: nothing where the window stays whole.
        split: whether the month belongs to a window that does not stay whole.
        whole: (unit, period) of every window that stays whole, and `amount`, its value.
    """

    spots: tuple[Positions, Positions]
    share: Floats
    split: Flags
    whole: tuple[Positions, Positions]
    amount: Floats

    @classmethod
    def over(cls, present: Flags, windows: Windows, chosen: tuple[Positions, Positions], span: Span) -> _Laid:
        owner, report = chosen
        length = int(windows.months[report[0]])
        column = (windows.start[report] - span.start)[:, None] + np.arange(length)
        inside = (column >= 0) & (column < present.shape[1])
        rows, columns = np.broadcast_to(owner[:, None], column.shape), np.where(inside, column, 0)
        free = inside & ~present[rows, columns]
        intact = free.all(axis=1) & _within_a_period(windows, report, span)
        share = np.where(intact, 0.0, windows.value[report] / length)
        filled = np.nonzero(free)
        kept = report[intact]
        return cls(
            spots=(rows[free], columns[free]),
            share=share[filled[0]],
            split=~intact[filled[0]],
            whole=(owner[intact], span.period_of(windows.start[kept]).astype(np.intp)),
            amount=windows.value[kept],
        )

    def write(self, value: Floats, imputed: Flags, whole: Floats) -> None:
        value[self.spots], imputed[self.spots] = self.share, self.split
        np.add.at(whole, self.whole, self.amount)


def _within_a_period(windows: Windows, report: Positions, span: Span) -> Flags:
    first = windows.start[report]
    flags: Flags = span.period_of(first) == span.period_of(first + windows.months[report] - 1)
    return flags


def edge(months: Months, span: Span, timing: Timing) -> Months:
    """A stock's value in each period: the first or the last that was reported in it, never a sum."""
    column = np.arange(months.value.shape[1])
    if timing == "first":
        chosen = np.minimum.reduceat(np.where(months.present, column, len(column)), span.edges, axis=1)
        present = chosen < len(column)
    else:
        chosen = np.maximum.reduceat(np.where(months.present, column, -1), span.edges, axis=1)
        present = chosen >= 0
    chosen = np.where(present, chosen, 0)
    imputed = None if months.imputed is None else np.take_along_axis(months.imputed, chosen, axis=1) & present
    return Months(np.take_along_axis(months.value, chosen, axis=1), present, imputed)
