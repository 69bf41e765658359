"""Sums, means and last values of a table's rows, for every cell that a question spans.

The rules are those of DHIS2's aggregation types: a period takes in the shorter periods within it; averages
also take in longer ones around it; LAST looks back ten years and adds up over org units.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demo.analytics.combining import Cells, outer
from demo.analytics.table import Rows, Table
from demo.periods import Period

YEARS_BACK = 10
FREQUENCY = {
    "Daily": 1,
    "BiWeekly": 14,
    "Monthly": 30,
    "BiMonthly": 61,
    "Quarterly": 91,
    "QuarterlyNov": 91,
    "SixMonthly": 182,
    "SixMonthlyApril": 182,
    "SixMonthlyNov": 182,
    "Yearly": 365,
}
INNER_LAST = {
    "LAST": "last",
    "LAST_AVERAGE_ORG_UNIT": "last",
    "LAST_LAST_ORG_UNIT": "last",
    "LAST_IN_PERIOD": "last",
    "LAST_IN_PERIOD_AVERAGE_ORG_UNIT": "last",
    "FIRST": "first",
    "FIRST_AVERAGE_ORG_UNIT": "first",
    "FIRST_FIRST_ORG_UNIT": "first",
}
WITHIN_PERIOD = ("LAST_IN_PERIOD", "LAST_IN_PERIOD_AVERAGE_ORG_UNIT")
INNER_EXTREME = {"MIN_SUM_ORG_UNIT": np.minimum, "MAX_SUM_ORG_UNIT": np.maximum}
AVERAGING = ("AVERAGE", "AVERAGE_SUM_ORG_UNIT")


def frequency(kind: str) -> int:
    """How long a period of KIND is, in days, as DHIS2 orders them."""
    return FREQUENCY.get(kind, 7 if kind.startswith("Weekly") else 365)


@dataclass(frozen=True)
class Axis:
    """One dimension other than data and org units: rows fall into columns.

    Attributes:
        size: number of columns.
        column: for every row its column, or -1.
    """

    size: int
    column: np.ndarray


@dataclass(frozen=True)
class Span:
    """The time that a question asks about.

    Attributes:
        periods: the columns asked for; empty when only dates are given.
        as_filter: the periods are taken together, in one column.
        start, end: dates asked for instead of periods.
    """

    periods: tuple[Period, ...] = ()
    as_filter: bool = False
    start: date | None = None
    end: date | None = None

    @property
    def size(self) -> int:
        """Number of columns."""
        return 1 if self.as_filter or not self.periods else len(self.periods)

    def column_days(self) -> np.ndarray:
        """Length of each column in days."""
        if not self.periods and self.start and self.end:
            return np.array([(self.end - self.start).days + 1])
        days = [(p.end - p.start).days + 1 for p in self.periods]
        return np.array([sum(days)] if self.as_filter else days)

    def windows(self) -> list[tuple[date, date]]:
        """First and last day of each column."""
        if not self.periods:
            return [(self.start or date(1, 1, 1), self.end or date(9999, 12, 31))]
        if self.as_filter:
            return [(min(p.start for p in self.periods), max(p.end for p in self.periods))]
        return [(p.start, p.end) for p in self.periods]


def placed(table: Table, rows: Rows, span: Span, aggregation: str) -> tuple[np.ndarray, np.ndarray]:
    """Which rows fall into which column of SPAN.

    Returns:
        row indexes (a row may be there more than once) and, for each, its column.
    """
    if aggregation in INNER_LAST:
        return _picked(table, rows, span, aggregation)
    found = [_columns(table, rows, members, aggregation) for members in _members(span)]
    if not span.periods:
        mask = _inside(table, *span.windows()[0])[rows.period]
        index = np.flatnonzero(mask)
        return index, np.zeros(len(index), np.int64)
    index = np.concatenate([part[0] for part in found])
    column = np.concatenate([part[1] for part in found])
    if span.as_filter:
        index = np.unique(index)
        return index, np.zeros(len(index), np.int64)
    return index, column


def _members(span: Span) -> list[list[tuple[int, Period]]]:
    """The periods of a span by kind: within a kind, no two overlap."""
    kinds: dict[str, list[tuple[int, Period]]] = {}
    for column, period in enumerate(span.periods):
        kinds.setdefault(period.type, []).append((column, period))
    return list(kinds.values())


def _columns(
    table: Table, rows: Rows, members: list[tuple[int, Period]], aggregation: str
) -> tuple[np.ndarray, np.ndarray]:
    column_of = np.full(len(table.periods) + 1, -1, np.int64)
    order = frequency(members[0][1].type)
    for place, period in enumerate(table.periods):
        if frequency(period.type) <= order:
            day = period.start + timedelta(3) if period.type.startswith("Weekly") else period.start
            column_of[place] = next((c for c, p in members if p.start <= day <= p.end), -1)
    column = column_of[rows.period]
    index = np.flatnonzero(column >= 0)
    column = column[index]
    if aggregation not in AVERAGING:
        return index, column
    wider = [_around(table, rows, c, p) for c, p in members]
    return (np.concatenate([index, *(w[0] for w in wider)]), np.concatenate([column, *(w[1] for w in wider)]))


def _around(table: Table, rows: Rows, column: int, period: Period) -> tuple[np.ndarray, np.ndarray]:
    """Rows of longer periods around PERIOD: an average holds in every part of its time."""
    holds = np.array(
        [
            frequency(p.type) > frequency(period.type) and p.start <= period.start and p.end >= period.end
            for p in table.periods
        ]
        + [False]
    )
    index = np.flatnonzero(holds[rows.period])
    return index, np.full(len(index), column, np.int64)


def _inside(table: Table, start: date, end: date) -> np.ndarray:
    return (table.starts >= np.datetime64(start)) & (table.ends <= np.datetime64(end))


def _picked(table: Table, rows: Rows, span: Span, aggregation: str) -> tuple[np.ndarray, np.ndarray]:
    """The last (or first) row of each unit and combination, for every column."""
    parts: list[tuple[np.ndarray, np.ndarray]] = []
    across_units = aggregation in ("LAST_LAST_ORG_UNIT", "FIRST_FIRST_ORG_UNIT")
    for column, (start, end) in enumerate(span.windows()):
        earliest = (
            start if aggregation in WITHIN_PERIOD else date(max(end.year - YEARS_BACK, 1), end.month, 1)
        )
        known = (table.starts >= np.datetime64(earliest)) & (table.starts <= np.datetime64(end))
        index = np.flatnonzero(known[rows.period])
        sign = 1 if INNER_LAST[aggregation] == "last" else -1
        when = sign * table.ends[rows.period[index]].astype(np.int64)
        unit = np.zeros(len(index), np.int32) if across_units else rows.position[index]
        order = np.lexsort((when, rows.attribute[index], rows.combo[index], unit))
        keys = np.stack([unit, rows.combo[index], rows.attribute[index]])[:, order]
        newest = np.append(np.any(keys[:, 1:] != keys[:, :-1], axis=0), True)[: len(order)]
        chosen = index[order[newest]]
        parts.append((chosen, np.full(len(chosen), column, np.int64)))
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def reduced(rows: Rows, index: np.ndarray, column: np.ndarray, aggregation: str) -> tuple[Rows, np.ndarray]:
    """The chosen rows ordered by position; the smallest (or largest) of each unit where the type says so."""
    order = np.argsort(rows.position[index], kind="stable")
    index, column = index[order], column[order]
    chosen = rows.take(index)
    choose = INNER_EXTREME.get(aggregation)
    if choose is None:
        return chosen, column
    key = np.stack([chosen.position, column, chosen.combo, chosen.attribute])
    order = np.lexsort(key[::-1])
    starts = np.flatnonzero(
        np.append(True, np.any(np.diff(key[:, order], axis=1) != 0, axis=0))[: len(order)]
    )
    if not len(starts):
        return chosen, column
    best = choose.reduceat(chosen.value[order], starts)
    kept = chosen.take(order[starts])
    return Rows(kept.position, kept.period, kept.combo, kept.attribute, best), column[order[starts]]


@dataclass(frozen=True)
class Layout:
    """How rows are spread over the cells of an answer.

    Attributes:
        span: the periods or dates.
        ranges: for every org unit asked for, its range of positions.
        more: the further axes (option combos, groups) of the rows it is given.
    """

    span: Span
    ranges: list[tuple[int, int]]
    more: Callable[[Rows], list[Axis]]


def cells(table: Table, rows: Rows, layout: Layout, aggregation: str) -> Cells:
    """Aggregates rows.

    Args:
        table: where the rows come from.
        rows: what to aggregate, sorted by position, filters already applied.
        layout: the cells.
        aggregation: DHIS2's aggregation type.

    Returns:
        values and presence, each with one row for every range and one column for every combination of a
        column of the span with the columns of the further axes (the last axis runs fastest).
    """
    span, ranges = layout.span, layout.ranges
    index, column = placed(table, rows, span, aggregation)
    chosen, code = reduced(rows, index, column, aggregation)
    size, good = span.size, np.ones(len(chosen), bool)
    for axis in layout.more(chosen):
        code, size, good = code * axis.size + axis.column, size * axis.size, good & (axis.column >= 0)
    chosen, code = chosen.take(good), code[good]
    value = chosen.value
    if aggregation == "AVERAGE_SUM_ORG_UNIT":
        value = value * _share(table, chosen, code // max(size // span.size, 1), span)
    combine = outer(aggregation)
    values, present = np.zeros((len(ranges), size)), np.zeros((len(ranges), size), bool)
    edges = np.searchsorted(chosen.position, np.array(ranges, np.int64).reshape(-1, 2))
    for unit, (start, end) in enumerate(edges):
        if end > start:
            values[unit], present[unit] = combine(value[start:end], code[start:end], size)
    return values, present


def _share(table: Table, rows: Rows, column: np.ndarray, span: Span) -> np.ndarray:
    """The part of a column's days that a row's period lasts; a longer period around it holds all of them."""
    lasts = (table.ends - table.starts).astype(int) + 1
    return np.minimum(lasts[rows.period] / span.column_days()[column], 1.0)
