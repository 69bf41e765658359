"""One item's months, settled: longer windows laid over the months they cover, stocks taken at a period's edge.

A flow reported for a quarter is whole where the quarter is shown as a quarter. Where months are shown, or a staggered
quarter crosses the period, its thirds are imputed and say so (national practice divides by three without saying so).
A month's own report always stands before a share of a longer one.
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
    months = Months(value.copy(), present, imputed, np.zeros((len(positions), len(span))))
    owner, report = grid.windows.of(positions)
    for length in np.unique(grid.windows.months[report]):
        chosen = grid.windows.months[report] == length
        _lay(months, grid.windows, (owner[chosen], report[chosen]), span)
    return months


def _lay(months: Months, windows: Windows, chosen: tuple[Positions, Positions], span: Span) -> None:
    """Lay windows of one length over the months that have no report of their own yet."""
    assert months.imputed is not None
    assert months.whole is not None
    owner, report = chosen
    length = int(windows.months[report[0]])
    column = (windows.start[report] - span.start)[:, None] + np.arange(length)
    inside = (column >= 0) & (column < months.value.shape[1])
    at = (np.broadcast_to(owner[:, None], column.shape), np.where(inside, column, 0))
    free = inside & ~months.present[at]
    whole = free.all(axis=1) & _within_a_period(windows, report, span)
    np.add.at(
        months.whole,
        (owner[whole], span.period_of(windows.start[report[whole]])),
        windows.value[report[whole]],
    )
    share = np.where(whole[:, None], 0.0, (windows.value[report] / length)[:, None])
    spot = (at[0][free], at[1][free])
    months.value[spot] = np.broadcast_to(share, column.shape)[free]
    months.imputed[spot] = np.broadcast_to(~whole[:, None], column.shape)[free]
    months.present[spot] = True


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
