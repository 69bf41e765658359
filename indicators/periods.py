"""Months, quarters, half-years and years: how a month is counted, named and gathered into longer periods.

The windows `last3`, `last6` and `last12` are laid end to end backwards from the last month looked at, so that
each can be set beside the one before it and beside the same months a year ago.

A month is `YYYYMM` in every frame. Inside the arithmetic it is its *number*, `year * 12 + month - 1`, so that
the next month is one more and a quarter is three numbers that share `number // 3`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Grain = Literal["month", "quarter", "half", "year", "last3", "last6", "last12"]
GRAINS: tuple[Grain, ...] = get_args(Grain)
LENGTHS: dict[Grain, int] = {
    "month": 1, "quarter": 3, "half": 6, "year": 12, "last3": 3, "last6": 6, "last12": 12,
}  # fmt: skip
# Windows that end with the month asked for, wherever in the year that is.
WINDOWS: frozenset[Grain] = frozenset({"last3", "last6", "last12"})
LETTERS: dict[Grain, str] = {"quarter": "Q", "half": "S"}


def month_number(month: int) -> int:
    """The running number of a month written `YYYYMM`.

    >>> month_number(201901) - month_number(201812)
    1
    """
    return month // 100 * 12 + month % 100 - 1


def month_of(number: int) -> int:
    """The month `YYYYMM` of a running number.

    >>> month_of(month_number(201812) + 1)
    201901
    """
    return number // 12 * 100 + number % 12 + 1


def label(month: int, grain: Grain) -> str:
    """The name of the period that a month lies in; of a window, of the one that begins with the month.

    A quarter follows from the date alone: March is in the first, June in the second, October in the fourth
    (an eLMIS view that computes `round(month / 4) + 1` says 2, 3 and 3).

    >>> [label(m, "quarter") for m in (201903, 201906, 201910)]
    ['2019-Q1', '2019-Q2', '2019-Q4']
    >>> label(201909, "month"), label(201909, "half"), label(201909, "year")
    ('2019-09', '2019-S2', '2019')
    >>> label(201906, "last3")
    '2019-06/2019-08'
    """
    if grain in WINDOWS:
        last = month_of(month_number(month) + LENGTHS[grain] - 1)
        return f"{label(month, 'month')}/{label(last, 'month')}"
    year, in_year = divmod(month_number(month), 12)
    if grain == "year":
        return f"{year}"
    if grain == "month":
        return f"{year}-{in_year + 1:02d}"
    return f"{year}-{LETTERS[grain]}{in_year // LENGTHS[grain] + 1}"


def last_day(month: int) -> date:
    """The day with which a month ends.

    >>> last_day(202402)
    datetime.date(2024, 2, 29)
    """
    year, in_year = divmod(month_number(month) + 1, 12)
    return date(year, in_year + 1, 1) - timedelta(days=1)


def last_months(last: int, count: int) -> tuple[int, int]:
    """First and last month of the window of `count` months that ends with `last`.

    >>> last_months(201902, 3)
    (201812, 201902)
    """
    return month_of(month_number(last) - count + 1), last


def window_reported_in(month: int, months: int = 3) -> tuple[int, int]:
    """First and last month that a report handed in during `month` covers: the `months` before it.

    Facilities that report by quarter in staggered groups (A in January, B in February, C in March) cover
    different months; a report of group B, handed in in February, covers November to January.

    >>> window_reported_in(201902)
    (201811, 201901)
    """
    number = month_number(month)
    return month_of(number - months), month_of(number - 1)


@dataclass(frozen=True)
class Span:
    """Columns `start:stop` of the calendar, cut into periods of one grain.

    Attributes:
        grain: one of `GRAINS`.
        start: first column (a month of the calendar).
        stop: one past the last column.
        base: number of the calendar's first month.
        phase: by how many months a window begins after the quarter, half-year or year of its length does.
    """

    grain: Grain
    start: int
    stop: int
    base: int
    phase: int = 0

    @property
    def cut(self) -> tuple[Grain, int]:
        """What tells spans apart that part the months at other places: the grain and the phase."""
        return self.grain, self.phase

    @property
    def columns(self) -> slice:
        """The span as a slice of the calendar's months."""
        return slice(self.start, self.stop)

    @cached_property
    def edges(self) -> npt.NDArray[np.intp]:
        """Column, counted from `start`, at which each period begins."""
        of_column = (np.arange(self.start, self.stop) + self._offset) // LENGTHS[self.grain]
        return np.flatnonzero(np.diff(of_column, prepend=of_column[:1] - 1))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """First month `YYYYMM` of each period, as the calendar has it."""
        length = LENGTHS[self.grain]
        first = [(self.start + int(e) + self._offset) // length * length + self.phase for e in self.edges]
        return tuple(month_of(number) for number in first)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Name of each period: 2019-01, 2019-Q1, 2019-S1, 2019 or 2019-06/2019-08."""
        return tuple(label(month, self.grain) for month in self.starts)

    def period_of(self, column: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Index of the period, in this span, that each calendar column lies in (negative when before)."""
        length = LENGTHS[self.grain]
        before = (self.start + self._offset) // length
        periods: npt.NDArray[np.int32] = (column + self._offset) // length - before
        return periods

    def index_of(self, column: int) -> int:
        """Index of the period that a calendar column lies in."""
        length = LENGTHS[self.grain]
        return (column + self._offset) // length - (self.start + self._offset) // length

    @property
    def _offset(self) -> int:
        """What a calendar column lacks to the number that the length divides."""
        return self.base - self.phase

    def __len__(self) -> int:
        return len(self.edges)


class Calendar:
    """The contiguous months that a snapshot covers, and their gathering into periods."""

    def __init__(self, first: int, last: int) -> None:
        """From the first to the last month, both `YYYYMM` and included."""
        self.base = month_number(first)
        self.size = month_number(last) - self.base + 1
        self.months = np.array([month_of(self.base + i) for i in range(self.size)], dtype=np.int32)
        self._span = lru_cache(maxsize=256)(self._cut)
        self.partial = lru_cache(maxsize=256)(self._partial)

    def whole(self, grain: Grain, phase: int = 0) -> Span:
        """Every period of a grain that the calendar touches."""
        return self._span(grain, 0, self.size, phase)

    def around(self, span: Span) -> Span:
        """Every period of the calendar, cut where a span cuts its months."""
        return self._span(span.grain, 0, self.size, span.phase)

    def span(self, first: int, last: int, grain: Grain) -> Span:
        """The periods that `first` to `last` touch, whole, as far as the calendar goes.

        Windows are counted back from `last`, or from the calendar's last month where that comes before.

        >>> Calendar(201901, 201909).span(201902, 201908, "quarter").labels
        ('2019-Q1', '2019-Q2', '2019-Q3')
        >>> Calendar(201901, 201909).span(201903, 201908, "last3").labels
        ('2019-03/2019-05', '2019-06/2019-08')
        """
        if grain not in LENGTHS:
            raise ValueError(f"The grain {grain!r} is unknown: choose one of {', '.join(GRAINS)}.")
        length = LENGTHS[grain]
        end = min(month_number(last), self.base + self.size - 1)
        phase = (end + 1) % length if grain in WINDOWS else 0
        start = (month_number(first) - phase) // length * length + phase - self.base
        stop = ((end - phase) // length + 1) * length + phase - self.base
        start = min(max(start, 0), self.size)
        return self._span(grain, start, max(start, min(stop, self.size)), phase)

    def _partial(self, span: Span) -> npt.NDArray[np.bool_]:
        """Whether each period of a span reaches beyond the calendar, so that its sum is not yet whole."""
        length = LENGTHS[span.grain]
        first = np.array([month_number(month) for month in span.starts], dtype=np.int64)
        return (first < self.base) | (first + length > self.base + self.size)

    def _cut(self, grain: Grain, start: int, stop: int, phase: int) -> Span:
        return Span(grain, start, stop, self.base, phase)
