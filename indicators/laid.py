"""A flow month by month: each month's own report, else its share of a report over several months.

A month's own report stands before a share of a quarter's, a quarter's before a year's, as everywhere. Beside
each amount stands how long the report is that it comes from, and where that begins, so that what belongs to
one report (its consumption, its days out) can be set beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats, Grid, Windows
from indicators.hierarchy import Positions
from indicators.periods import Calendar

Columns = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Laid:
    """A flow of some units, arrays `[unit, month of the calendar]`.

    Attributes:
        value: the month's amount, or its equal share of a longer report's; NaN where nothing was reported.
        months: how long the report is that it comes from; 0 where there is none.
        begins: calendar column of that report's first month; -1 where there is none.
    """

    value: Floats
    months: Columns
    begins: Columns

    @property
    def known(self) -> Flags:
        """Where something was reported."""
        return np.asarray(self.months > 0)

    def matching(self, other: Laid) -> Floats:
        """The amounts of another flow that belong to the very reports of this one; NaN elsewhere."""
        same = (self.months == other.months) & (self.begins == other.begins)
        return np.where(same, other.value, np.nan)

    def over_its_report(self, monthly: Floats) -> Floats:
        """The mean, over the months of each report, of what every month of the calendar has (its days)."""
        means = np.broadcast_to(monthly, self.value.shape).astype(np.float64)
        summed = np.concatenate([[0.0], np.cumsum(monthly)])
        longer = self.months > 1
        begins = self.begins[longer].astype(np.intp)
        ends = np.minimum(begins + self.months[longer], len(monthly))
        means[longer] = (summed[ends] - summed[begins]) / self.months[longer]
        return means


def lay(grid: Grid | None, positions: Positions, calendar: Calendar) -> Laid:
    """What units reported of a flow, month by month; of nobody where the grid is None.

    >>> rows = np.array([0])
    >>> windows = Windows(rows, *(np.array([n], dtype=np.int32) for n in (1, 3)), np.array([30.0]))
    >>> grid = Grid(rows, np.array([[4.0, np.nan, 6, np.nan]]), None, windows)
    >>> laid = lay(grid, rows, Calendar(201901, 201904))
    >>> laid.value.tolist(), laid.months.tolist()
    ([[4.0, 10.0, 6.0, 10.0]], [[1, 3, 1, 3]])
    """
    span = calendar.whole("month")
    if grid is None:
        return _nothing((len(positions), calendar.size))
    value = grid.take(positions, span)
    known = ~np.isnan(value)
    months = known.astype(np.int16)
    begins = np.where(known, np.arange(calendar.size, dtype=np.int16), np.int16(-1))
    laid = Laid(value, months, begins)
    if grid.windows is not None:
        laid = Laid(value.copy(), months, begins)
        _lay_windows(laid, grid.windows, positions)
    return laid


def _nothing(shape: tuple[int, int]) -> Laid:
    return Laid(np.full(shape, np.nan), np.zeros(shape, np.int16), np.full(shape, -1, np.int16))


def _lay_windows(laid: Laid, windows: Windows, positions: Positions) -> None:
    """Write the shares of longer reports into months that have nothing shorter."""
    owner, report = windows.of(positions)
    width = laid.value.shape[1]
    for length in np.unique(windows.months[report]):
        chosen = windows.months[report] == length
        units, reports = owner[chosen], report[chosen]
        columns = windows.start[reports][:, None] + np.arange(length)
        inside = (columns >= 0) & (columns < width)
        units = np.broadcast_to(units[:, None], columns.shape)
        free = inside & (laid.months[units, np.where(inside, columns, 0)] == 0)
        spots = units[free], columns[free]
        which = reports[np.nonzero(free)[0]]
        laid.value[spots] = windows.value[which] / length
        laid.months[spots], laid.begins[spots] = length, windows.start[which]
