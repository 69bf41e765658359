"""What a usual month consumes: the average of the last three, made good for the days without stock.

A month of thirty days with ten of them out of stock shows two thirds of what would have been consumed, so its
figure is taken times 30/20. A month that was out throughout says nothing of the demand and is left out of the
mean; beyond twenty days out the factor stays at three, or a handful of days would speak for the month. Where
nobody said how many days the stock was out, the consumption stands as it was reported.

At least two of the three months must have been reported; the mean is taken over those that say something. A
quarterly report counts as three months of a third each, made good by the days out of its whole quarter.

Sources: adjusted average monthly consumption of OpenLMIS and of open mSupply; aggregation rules of the
USAID | DELIVER Logistics Handbook (2011).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats, Grid, Windows
from indicators.hierarchy import Positions
from indicators.periods import Calendar
from indicators.rollup import Rollup

# The mean is of so many months, of which at least so many were reported.
MONTHS, LEAST = 3, 2
# With less of a month in stock than this share, its consumption is not blown up any further.
IN_STOCK = 1 / 3


def adjusted(consumed: npt.ArrayLike, days_out: npt.ArrayLike, days: npt.ArrayLike) -> Floats:
    """Consumption as it would have been with stock on every day; NaN when it was out all the time.

    Args:
        consumed: what was consumed, in the product's units; NaN where nothing was reported.
        days_out: days without stock; NaN where nobody said, more than there are count as all.
        days: how many days the period has.

    >>> adjusted([30, 20, 10, 0], [float("nan"), 10, 25, 31], 30).tolist()
    [30.0, 30.0, 30.0, nan]
    """
    used, length = np.asarray(consumed, dtype=np.float64), np.asarray(days, dtype=np.float64)
    out = np.minimum(np.maximum(np.nan_to_num(np.asarray(days_out, dtype=np.float64)), 0), length)
    made_good = used * length / np.maximum(length - out, length * IN_STOCK)
    return np.asarray(np.where(out < length, made_good, np.nan), dtype=np.float64)


def average(monthly: Floats, reported: Flags) -> Floats:
    """The mean of each month and the two before it, `[unit, month]`; NaN where too few were reported.

    Args:
        monthly: adjusted consumption, NaN where a month says nothing.
        reported: which months were reported, whether they say something or not.

    >>> import numpy as np
    >>> monthly = np.array([[10.0, 20, np.nan, 60, np.nan, np.nan]])
    >>> average(monthly, ~np.isnan(monthly)).tolist()
    [[nan, 15.0, 15.0, 40.0, nan, nan]]
    """
    known = ~np.isnan(monthly)
    total, count = _trailing(np.where(known, monthly, 0.0)), _trailing(known.astype(np.float64))
    enough = (_trailing(reported.astype(np.float64)) >= LEAST) & (count > 0)
    return np.where(enough, total / np.maximum(count, 1), np.nan)


def monthly_average(rollup: Rollup, item: int, positions: Positions) -> Floats:
    """Each unit's own average monthly consumption of an item (a number of `Rollup.items`) as of every month.

    Returns:
        `[unit, month of the calendar]`, in the product's units a month; NaN where there is none.
    """
    calendar, grid = rollup.calendar, rollup.grids.get((item, "consumed"))
    if grid is None:
        return np.full((len(positions), calendar.size), np.nan)
    out = rollup.grids.get((item, "stockout_days"))
    span, length = calendar.whole("month"), days(calendar)
    consumed = grid.take(positions, span)
    days_out = np.full(consumed.shape, np.nan) if out is None else out.take(positions, span)
    monthly, reported = adjusted(consumed, days_out, length), ~np.isnan(consumed)
    if grid.windows is not None:
        _Thirds.of(grid.windows, out, positions, length).lay(monthly, reported)
    return average(monthly, reported)


def days(calendar: Calendar) -> Floats:
    """How many days each month of a calendar has.

    >>> days(Calendar(202401, 202403)).tolist()
    [31.0, 29.0, 31.0]
    """
    first = np.datetime64("0000-01", "M") + calendar.base
    starts = np.arange(first, first + calendar.size + 1).astype("datetime64[D]")
    return np.asarray(np.diff(starts).astype(np.float64))


def _trailing(values: Floats) -> Floats:
    """The sum of each month and those before it that its mean is of."""
    summed = values.copy()
    for back in range(1, min(MONTHS, values.shape[1])):
        summed[:, back:] += values[:, :-back]
    return summed


@dataclass(frozen=True)
class _Thirds:
    """Reports over several months, each as the same amount for every month of its window.

    Attributes:
        unit: row of each report.
        start: calendar column of its first month.
        months: its length.
        amount: its consumption a month, made good for the days out of the whole window; NaN when always out.
    """

    unit: Positions
    start: npt.NDArray[np.int32]
    months: npt.NDArray[np.int32]
    amount: Floats

    @classmethod
    def of(cls, used: Windows, out: Grid | None, positions: Positions, length: Floats) -> _Thirds:
        owner, report = used.of(positions)
        start, months = used.start[report], used.months[report]
        elapsed = np.concatenate([[0.0], np.cumsum(length)])
        days_of_window = elapsed[np.minimum(start + months, len(length))] - elapsed[start]
        days_out = np.full(len(report), np.nan)
        if out is not None and out.windows is not None:
            days_out = _matching(used, out.windows)[report]
        amount = adjusted(used.value[report], days_out, days_of_window) / months
        return cls(owner, start, months, amount)

    def lay(self, monthly: Floats, reported: Flags) -> None:
        """Write them where no month was reported by itself."""
        own = reported.copy()
        for offset in range(int(self.months.max(initial=0))):
            column = self.start + offset
            inside = (offset < self.months) & (column < monthly.shape[1])
            unit, column, amount = self.unit[inside], column[inside], self.amount[inside]
            free = ~own[unit, column]
            monthly[unit[free], column[free]] = amount[free]
            reported[unit[free], column[free]] = True


def _matching(windows: Windows, others: Windows) -> Floats:
    """What others report for the very window of each, NaN where they do not."""
    wanted, known = _number(windows), _number(others)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[at] == wanted, others.value[at], np.nan)


def _number(windows: Windows) -> npt.NDArray[np.int64]:
    """One number for each window's unit, length and beginning, ascending as windows are sorted."""
    number = windows.unit.astype(np.int64) * 100 + windows.months
    return np.asarray(number * 10_000 + windows.start)
