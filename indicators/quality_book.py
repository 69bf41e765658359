"""What places reported of items, report after report: the frame of values laid out as one array a measure.

A report covers a month, a quarter or a half-year. Reports of one length lie in one book, so that the column
before is always the report before, whatever months the groups of a staggered country hand in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grid_builder import codes, month_numbers
from indicators.grids import Flags, Floats

Index = npt.NDArray[np.intp]
LENGTHS = (1, 3, 6)
"""Reports of a year are estimates; no rule compares one with the next."""


@dataclass(frozen=True)
class Book:
    """Reports of one length, one row a place and item, one column a report.

    Attributes:
        units: ids of the places, which `unit` counts.
        items: ids of the items, which `item` counts.
        unit: the place of each row.
        item: the item of each row.
        step: how many months a report covers.
        first: number of the month in which the first column's report begins, of each row.
        values: by measure, `[row, report]`, NaN where nothing was reported.
    """

    units: tuple[str, ...]
    items: tuple[str, ...]
    unit: Index
    item: Index
    step: int
    first: npt.NDArray[np.int64]
    values: Mapping[str, Floats]

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and reports."""
        return next((each.shape for each in self.values.values()), (0, 0))

    def of(self, measure: str) -> Floats:
        """A measure, NaN all over where nobody reports it."""
        found = self.values.get(measure)
        return np.full(self.shape, np.nan) if found is None else found

    def months(self, rows: Index, columns: Index) -> npt.NDArray[np.int32]:
        """The first month `YYYYMM` of some reports."""
        number = self.first[rows] + columns * self.step
        return (number // 12 * 100 + number % 12 + 1).astype(np.int32)

    def days(self) -> Floats:
        """How many days each report covers, `[row, report]`."""
        number = self.first[:, None] + np.arange(self.shape[1])[None, :] * self.step
        begins = (number - 1970 * 12).astype("datetime64[M]")
        ends = (number + self.step - 1970 * 12).astype("datetime64[M]")
        length = ends.astype("datetime64[D]") - begins.astype("datetime64[D]")
        return np.asarray(length.astype(np.float64))

    def rows_of(self, items: frozenset[int] | set[int]) -> Index:
        """The rows of some items."""
        return np.flatnonzero(np.isin(self.item, list(items)))

    def any_reported(self) -> Flags:
        """Where anything at all was reported, `[row, report]`."""
        flags = np.zeros(self.shape, dtype=bool)
        for each in self.values.values():
            flags |= ~np.isnan(each)
        return flags


def before(values: Floats, reports: int = 1) -> Floats:
    """The report so many before each, NaN where there is none.

    >>> before(np.array([[1.0, 2.0, 3.0]])).tolist()
    [[nan, 1.0, 2.0]]
    """
    found = np.full(values.shape, np.nan)
    if reports < values.shape[1]:
        found[:, reports:] = values[:, : values.shape[1] - reports]
    return found


def books(values: pd.DataFrame, units: tuple[str, ...] = ()) -> list[Book]:
    """Lay a frame of values out, one book for each length of reports; the last of two values stands.

    Args:
        values: `org_unit, item, measure, month, months, value`, in any order; without `months` all are of one
            month. A row without a value is passed over.
        units: ids of all places that may come, so that several books count them alike; those of the frame
            where none are given.

    >>> frame = pd.DataFrame({"org_unit": ["a", "a"], "item": ["x", "x"], "measure": ["closing", "closing"],
    ...     "month": [202601, 202603], "months": [1, 1], "value": [5.0, 7.0]})
    >>> [book] = books(frame)
    >>> book.of("closing").tolist(), book.months(np.array([0]), np.array([2])).tolist()
    ([[5.0, nan, 7.0]], [202603])
    """
    told = values[values["value"].notna().to_numpy()]
    if not len(told):
        return []
    items, measures = names_in(told["item"]), names_in(told["measure"])
    units = units or names_in(told["org_unit"])
    columns = _Columns(
        unit=codes(told["org_unit"], _lookup(units)).astype(np.intp),
        item=codes(told["item"], _lookup(items)).astype(np.intp),
        measure=codes(told["measure"], _lookup(measures)).astype(np.intp),
        month=month_numbers(told["month"].to_numpy(dtype=np.int32)).astype(np.int64),
        value=told["value"].to_numpy(dtype=np.float64),
    )
    length = told["months"].to_numpy() if "months" in told else np.ones(len(told), dtype=np.int64)
    names = (units, items, measures)
    return [_book(columns.only(length == each), names, each) for each in LENGTHS if (length == each).any()]


@dataclass(frozen=True)
class _Columns:
    """The columns of a frame of values, names as numbers."""

    unit: Index
    item: Index
    measure: Index
    month: npt.NDArray[np.int64]
    value: Floats

    def only(self, chosen: Flags) -> _Columns:
        if chosen.all():
            return self
        return _Columns(
            self.unit[chosen],
            self.item[chosen],
            self.measure[chosen],
            self.month[chosen],
            self.value[chosen],
        )


def _book(told: _Columns, names: tuple[tuple[str, ...], ...], step: int) -> Book:
    """The book of reports of one length; who begins in another month of the quarter is a row of its own."""
    units, items, measures = names
    base = int(told.month.min()) // step * step
    phase = (told.month - base) % step
    key = (told.unit * len(items) + told.item) * step + phase
    rows, row = np.unique(key, return_inverse=True)
    column = (told.month - base) // step
    width = int(column.max()) + 1
    values = {}
    for number, measure in enumerate(measures):
        chosen = told.measure == number
        if chosen.any():
            values[measure] = np.full((len(rows), width), np.nan)
            values[measure][row[chosen], column[chosen]] = told.value[chosen]
    pair = rows // step
    return Book(
        units, items, pair // len(items), pair % len(items), step, base + rows % step, values
    )  # fmt: skip


def names_in(column: pd.Series) -> tuple[str, ...]:
    """Every name of a column, or of its categories."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return tuple(str(each) for each in column.cat.categories)
    return tuple(sorted(str(each) for each in column.unique()))


def _lookup(names: tuple[str, ...]) -> dict[str, int]:
    return {name: at for at, name in enumerate(names)}
