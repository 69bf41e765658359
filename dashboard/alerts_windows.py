"""Series of reports over several months at once: a quarter is a period, judged beside other quarters."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.alerts_scored import ItemSeries, OtherSide, both_sights
from indicators.aberration import Reported
from indicators.grids import Floats, Windows
from indicators.hierarchy import Positions
from indicators.periods import month_number, month_of
from indicators.rollup import Rollup

YEAR = 12
CLOSING, DAYS_OUT, COUNT = "closing", "stockout_days", "count"

Partner = Callable[[Positions], tuple[str, str, Floats] | None]
"""The other side of an item's pair at some places: the pair's id, its measure, and `[place, month]`."""


@dataclass(frozen=True)
class _Laid:
    """Windows of one length as `[place, period]`; of staggered places, each period begins at its own month.

    Attributes:
        places: who reports so.
        row, column: of each window.
        start: the calendar's column with which each window begins.
        first: the number of the first period, counted from the year 0.
        shape: of the arrays.
    """

    places: Positions
    row: Positions
    column: Positions
    start: Positions
    first: int
    shape: tuple[int, int]


def window_series(
    rollup: Rollup, code: str, of: tuple[int, str, int], partner: Partner = lambda _: None
) -> ItemSeries | None:
    """An item at the places that report it over several months at once; None where nobody does.

    Args:
        rollup: the figures.
        code: the item's.
        of: its number, what is counted of it, and how many months a report is of.
        partner: knows the other side of its pair, month by month.
    """
    number, measure, length = of
    grid = rollup.grids.get((number, measure))
    if grid is None or grid.windows is None or not (grid.windows.months == length).any():
        return None
    windows = grid.windows.only(grid.windows.months == length)
    base = month_number(int(rollup.months[0]))
    laid = _laid(windows, base, length)
    values = np.full(laid.shape, np.nan)
    values[laid.row, laid.column] = windows.value
    closing, days = (np.full(laid.shape, np.nan), np.full(laid.shape, np.nan))
    if measure != COUNT:
        closing, days = _closing(rollup, number, (laid, length)), _days(rollup, number, (laid, base, length))
    area = np.unique(rollup.hierarchy.parent[laid.places], return_inverse=True)[1].astype(np.intp)
    cycle = YEAR // length
    beside = {} if measure == COUNT else {"closing": closing, "stockout_days": days}
    year = {"area": area, "first": laid.first % cycle, "cycle": cycle}
    other = partner(laid.places)
    if other is not None:
        beside["partner"] = _together(other[2], laid, length)
    scores = both_sights(Reported(values, **year, **beside))
    of_other = None
    if other is not None and not np.isnan(beside["partner"]).all():
        told = beside["partner"]
        of_other = OtherSide(other[0], other[1], told, both_sights(Reported(told, **year)))
    begins = _begins(laid, base, length)
    return ItemSeries(code, measure, laid.places, values, closing, days, scores, begins, length, of_other)


def _laid(windows: Windows, base: int, length: int) -> _Laid:
    places, row = np.unique(windows.unit, return_inverse=True)
    start = windows.start.astype(np.intp)
    period = (start + base) // length
    first = int(period.min())
    shape = (len(places), int(period.max()) - first + 1)
    return _Laid(places, row.astype(np.intp), period - first, start, first, shape)


def _together(monthly: Floats, laid: _Laid, length: int) -> Floats:
    """What was told month by month, added up over each window; NaN where one of its months lacks."""
    found = np.full(laid.shape, np.nan)
    inside = laid.start + length <= monthly.shape[1]
    row, start = laid.row[inside], laid.start[inside]
    months = monthly[row[:, None], start[:, None] + np.arange(length)]
    found[row, laid.column[inside]] = months.sum(axis=1)
    return found


def _begins(laid: _Laid, base: int, length: int) -> npt.NDArray[np.int32]:
    """The month that each period begins with; where nothing was reported, as the calendar has it."""
    number = np.broadcast_to((laid.first + np.arange(laid.shape[1])) * length, laid.shape).copy()
    number[laid.row, laid.column] = laid.start + base
    months: npt.NDArray[np.int32] = np.vectorize(month_of, otypes=[np.int32])(number)
    return months


def _closing(rollup: Rollup, number: int, of: tuple[_Laid, int]) -> Floats:
    """The stock at the end of each period."""
    laid, length = of
    found, grid = np.full(laid.shape, np.nan), rollup.grids.get((number, CLOSING))
    last = laid.start + length - 1
    inside = last < len(rollup.months)
    if grid is not None:
        ends = grid.take(laid.places, rollup.calendar.whole("month"))
        found[laid.row[inside], laid.column[inside]] = ends[laid.row[inside], last[inside]]
    return found


def _days(rollup: Rollup, number: int, of: tuple[_Laid, int, int]) -> Floats:
    """The days without stock of each period, where they are reported as the figure is."""
    laid, base, length = of
    found, grid = np.full(laid.shape, np.nan), rollup.grids.get((number, DAYS_OUT))
    if grid is not None and grid.windows is not None:
        told = grid.windows.only((grid.windows.months == length) & np.isin(grid.windows.unit, laid.places))
        column = (told.start.astype(np.intp) + base) // length - laid.first
        inside = (column >= 0) & (column < laid.shape[1])
        row = np.searchsorted(laid.places, told.unit[inside])
        found[row, column[inside]] = told.value[inside]
    return found
