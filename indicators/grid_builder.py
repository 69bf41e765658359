"""From the canonical `values` frame to grids, in one pass and with little memory beside the frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Flags, Floats, Grid, Windows
from indicators.hierarchy import Positions
from indicators.measures import timing
from indicators.periods import Calendar, month_of
from indicators.states import IMPUTED, MISSING, NOT_APPLICABLE

Codes = npt.NDArray[np.int32]
Key = tuple[int, str]

# Rows coded and sorted at a time: temporary arrays stay at some tens of megabytes whatever the frame's size.
SLICE = 1 << 21


def codes(column: pd.Series, lookup: Mapping[str, int]) -> Codes:
    """The number of each entry of a column, -1 where the lookup lacks it.

    A categorical column is translated category by category, never row by row.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        numbers, names = column.cat.codes.to_numpy(), column.cat.categories
    else:
        numbers, names = pd.factorize(column)
    table = np.array([*(lookup.get(name, -1) for name in names), -1], dtype=np.int32)
    return table[numbers]


def month_numbers(months: npt.NDArray[np.int32]) -> Codes:
    """Running numbers of months `YYYYMM`, as an array."""
    return (months // 100 * 12 + months % 100 - 1).astype(np.int32, copy=False)


@dataclass
class _Canvas:
    """One growing grid: rows in the order in which units turned up, columns from `base` on."""

    row_of: Codes
    base: int
    values: Floats
    used: int = 0
    flagged: list[tuple[Codes, Codes]] = field(default_factory=list)
    windows: list[tuple[Codes, Codes, Codes, Floats]] = field(default_factory=list)

    def rows(self, units: Codes) -> Codes:
        """Rows of units, made when new."""
        rows = self.row_of[units]
        if (rows < 0).any():
            new = np.unique(units[rows < 0])
            self.row_of[new] = np.arange(self.used, self.used + len(new), dtype=np.int32)
            self.used += len(new)
            self._room(max(self.used, min(2 * len(self.values), len(self.row_of))), 0, self.values.shape[1])
            rows = self.row_of[units]
        return rows

    def put(self, units: Codes, numbers: Codes, values: Floats) -> None:
        """Write monthly values; the last of two for one unit and month stands."""
        rows = self.rows(units)
        before = max(0, self.base - int(numbers.min()))
        width = max(self.values.shape[1], int(numbers.max()) - self.base + 1)
        self._room(len(self.values), before, width + before)
        self.values[rows, numbers - self.base] = values

    def _room(self, height: int, before: int, width: int) -> None:
        if height <= len(self.values) and before == 0 and width <= self.values.shape[1]:
            return
        grown = np.full((max(height, len(self.values)), width), np.nan)
        grown[: len(self.values), before : before + self.values.shape[1]] = self.values
        self.values, self.base = grown, self.base - before


class GridBuilder:
    """Collects frames of values and makes a grid of each item and measure.

    Args:
        units: position of each unit id.
        items: number of each item id.
    """

    def __init__(self, units: Mapping[str, int], items: Mapping[str, int]) -> None:
        self._units = units
        self._items = items
        self._measures: dict[str, int] = {}
        self._canvases: dict[tuple[int, int], _Canvas] = {}
        self._low, self._high = 1 << 30, -1
        self.left_out = 0

    def add(self, values: pd.DataFrame) -> None:
        """Take in a frame `org_unit, item, measure, month, months, value, state`, in any order of rows."""
        if len(values):
            numbers = values["month"].to_numpy()
            self._see(int(month_numbers(numbers.min())), int(month_numbers(numbers.max())))
        for start in range(0, len(values), SLICE):
            self._add(values.iloc[start : start + SLICE])

    def finish(self) -> tuple[Calendar, dict[Key, Grid]]:
        """The calendar of all months seen and the grids by (item number, measure)."""
        if self._high < 0:
            return Calendar(197001, 197001), {}
        calendar = Calendar(month_of(self._low), month_of(self._high))
        names = list(self._measures)
        grids: dict[Key, Grid] = {}
        for item, measure in sorted(self._canvases):
            canvas = self._canvases.pop((item, measure))
            grid = grids[item, names[measure]] = _finished(canvas, names[measure], calendar)
            grid.values.flags.writeable = False  # all who ask share it
        return calendar, grids

    def _see(self, low: int, high: int) -> None:
        self._low, self._high = min(self._low, low), max(self._high, high)

    def _add(self, values: pd.DataFrame) -> None:
        units, items = codes(values["org_unit"], self._units), codes(values["item"], self._items)
        for name in _names(values["measure"]):
            self._measures.setdefault(name, len(self._measures))
        measures = codes(values["measure"], self._measures)
        known = (units >= 0) & (items >= 0) & (measures >= 0)
        self.left_out += int(len(known) - known.sum())
        series = np.where(known, items * len(self._measures) + measures, -1)
        order = np.argsort(series, kind="stable")
        order = order[np.searchsorted(series[order], 0) :]
        edges = np.flatnonzero(np.diff(series[order], prepend=-1))
        rows = _Rows.of(values, units)
        for start, stop in pairwise([*edges.tolist(), len(order)]):
            item, measure = divmod(int(series[order[start]]), len(self._measures))
            self._put((item, measure), rows.pick(order[start:stop]))

    def _put(self, key: tuple[int, int], rows: _Rows) -> None:
        if not len(rows.units):
            return
        canvas = self._canvases.get(key)
        if canvas is None:
            blank = np.full((0, self._high - self._low + 1), np.nan)
            canvas = _Canvas(np.full(len(self._units), -1, dtype=np.int32), self._low, blank)
            self._canvases[key] = canvas
        monthly = rows.months == 1
        if monthly.all():
            canvas.put(rows.units, rows.numbers, rows.values)
        else:
            self._put_windows(canvas, rows, monthly)
        if rows.imputed is not None and (flagged := rows.imputed & monthly).any():
            canvas.flagged.append((rows.units[flagged], rows.numbers[flagged]))

    def _put_windows(self, canvas: _Canvas, rows: _Rows, monthly: Flags) -> None:
        if monthly.any():
            canvas.put(rows.units[monthly], rows.numbers[monthly], rows.values[monthly])
        longer = ~monthly
        units, numbers, months = rows.units[longer], rows.numbers[longer], rows.months[longer]
        canvas.rows(units)
        canvas.windows.append((units, numbers, months, rows.values[longer]))
        self._see(int(numbers.min()), int((numbers + months).max()) - 1)


@dataclass(frozen=True)
class _Rows:
    """Some rows of a values frame as arrays."""

    units: Codes
    numbers: Codes
    months: Codes
    values: Floats
    imputed: Flags | None

    @classmethod
    def of(cls, values: pd.DataFrame, units: Codes) -> _Rows:
        amounts = values["value"].to_numpy(dtype=np.float64, na_value=np.nan)
        imputed = None
        if "state" in values:
            state = codes(values["state"], {IMPUTED: 1, MISSING: 2, NOT_APPLICABLE: 2})
            if (state == 2).any():
                amounts = np.where(state == 2, np.nan, amounts)
            imputed = state == 1 if (state == 1).any() else None
        months = (
            values["months"].to_numpy(dtype=np.int32) if "months" in values else np.ones(len(units), np.int32)
        )
        return cls(units, month_numbers(values["month"].to_numpy(dtype=np.int32)), months, amounts, imputed)

    def pick(self, order: npt.NDArray[np.intp]) -> _Rows:
        order = order[~np.isnan(self.values[order])]
        imputed = None if self.imputed is None else self.imputed[order]
        return _Rows(self.units[order], self.numbers[order], self.months[order], self.values[order], imputed)


def _finished(canvas: _Canvas, measure: str, calendar: Calendar) -> Grid:
    """The canvas with its rows in depth-first order and its columns those of the calendar."""
    units = np.flatnonzero(canvas.row_of >= 0)
    left = canvas.base - calendar.base
    values = np.full((len(units), calendar.size), np.nan)
    values[:, left : left + canvas.values.shape[1]] = canvas.values[canvas.row_of[units]]
    imputed = _imputed(canvas, units, calendar) if canvas.flagged else None
    if not canvas.windows:
        return Grid(units, values, imputed)
    windows = _sorted_windows(canvas, calendar)
    if timing(measure) == "flow":
        return Grid(units, values, imputed, windows)
    _stand_at_the_edge(values, np.searchsorted(units, windows.unit), windows, measure)
    return Grid(units, values, imputed)


def _imputed(canvas: _Canvas, units: Positions, calendar: Calendar) -> Flags:
    flags = np.zeros((len(units), calendar.size), dtype=bool)
    for flagged, numbers in canvas.flagged:
        flags[np.searchsorted(units, flagged), numbers - calendar.base] = True
    return flags


def _sorted_windows(canvas: _Canvas, calendar: Calendar) -> Windows:
    unit, number, months, value = (np.concatenate(parts) for parts in zip(*canvas.windows, strict=True))
    last = len(unit) - 1 - np.unique(np.stack([unit, number, months])[:, ::-1], axis=1, return_index=True)[1]
    order = last[np.lexsort((number[last], months[last], unit[last]))]
    return Windows(unit[order].astype(np.intp), number[order] - calendar.base, months[order], value[order])


def _stand_at_the_edge(values: Floats, rows: npt.NDArray[np.intp], windows: Windows, measure: str) -> None:
    """A quarter's stock is that of its last month, its opening that of its first; the others stay missing."""
    column = windows.start + (0 if timing(measure) == "first" else windows.months - 1)
    free = np.isnan(values[rows, column])
    values[rows[free], column[free]] = windows.value[free]


def _names(measures: pd.Series) -> list[str]:
    if isinstance(measures.dtype, pd.CategoricalDtype):
        return list(measures.cat.categories)
    return list(measures.dropna().unique())
