"""The figures of units, by month or longer period: one definition for facilities and their ancestors.

A figure is a value with the reports that it stands on. Everything in `Figures` adds up over units, so an
ancestor's figures are the sums of its units' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats, Grid, Mask
from indicators.hierarchy import Amounts, Positions
from indicators.measures import FACILITIES_OUT, Timing, timing
from indicators.months import edge, settle
from indicators.periods import Span

Counts = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Part:
    """One item of a sum: its values (None when nobody ever reported any) and where they are expected."""

    grid: Grid | None
    due: Mask


@dataclass(frozen=True)
class Figures:
    """Figures of some units, arrays `[unit, period]`; all add up over units.

    Attributes:
        value: the sum; 0 where nothing is `present`.
        present: how many reports any value came from, expected or not.
        reported: how many expected reports were received (unit-months of a flow, units of a stock).
        expected: how many were expected.
        imputed: how much of the value is imputed, in absolute terms; None when nothing is.
        gross: the absolute value that `imputed` is a part of; None when nothing is imputed.
        imputed_reports: how many of the reports have an imputed part; None when nothing is.
    """

    value: Floats
    present: Counts
    reported: Counts
    expected: Counts
    imputed: Floats | None = None
    gross: Floats | None = None
    imputed_reports: Counts | None = None

    def amounts(self) -> Amounts:
        """The arrays that there are, in the order of the attributes."""
        always = (self.value, self.present, self.reported, self.expected)
        if self.imputed is None or self.gross is None or self.imputed_reports is None:
            return always
        return (*always, self.imputed, self.gross, self.imputed_reports)

    def nbytes(self) -> int:
        """Bytes that the arrays occupy."""
        return sum(array.nbytes for array in self.amounts())

    def pick(self, rows: Positions | slice, columns: slice) -> Figures:
        """Some rows and a run of periods."""
        return Figures(*(array[rows, columns] for array in self.amounts()))

    def above(self, others: Figures) -> Figures:
        """The units of these figures, then those of others."""
        pairs = zip(self.amounts(), others.amounts(), strict=True)
        return Figures(*(np.concatenate(pair) for pair in pairs))

    def shown(self) -> Floats:
        """The values, NaN where there is none."""
        shown = self.value.copy()
        shown[self.present == 0] = np.nan
        return shown

    def imputed_share(self) -> Floats:
        """How much of each value is imputed, 0 to 1; by the number of reports where the value is 0."""
        if self.imputed is None or self.gross is None or self.imputed_reports is None:
            return np.zeros(self.value.shape)
        by_report = self.imputed_reports / np.maximum(self.present, 1)
        return np.where(self.gross > 0, self.imputed / np.where(self.gross > 0, self.gross, 1), by_report)


@dataclass(frozen=True)
class Recipe:
    """What to add up for each unit: a measure of some items, for all units or the members of a group."""

    measure: str
    parts: Sequence[Part]
    members: Flags | None = None

    @property
    def may_impute(self) -> bool:
        """Whether any value of the items may be imputed."""
        grids = [part.grid for part in self.parts if part.grid is not None]
        return any(grid.imputed is not None or grid.windows is not None for grid in grids)

    def own(self, positions: Positions, span: Span) -> Figures:
        """Each unit's own figures, without those below it."""
        parts = (_Total.of(part, positions, span, timing(self.measure)) for part in self.parts)
        total = reduce(_Total.plus, parts)
        if self.measure == FACILITIES_OUT:
            total = total.emptied()
        if self.members is not None:
            total = total.within(self.members[positions, None])
        return total.figures(span, timing(self.measure), self.may_impute)


@dataclass(frozen=True)
class _Total:
    """Own figures in the making: by month for a flow, by period already for a stock.

    Attributes:
        value: 0 where nothing is present.
        present: where there is a value.
        received: where an expected report was received.
        due: where a report is expected.
        imputed: which of the value is imputed, in absolute terms, with `doubtful`, where any is; or None.
        whole: by period, what longer windows add that lie within one; or None.
    """

    value: Floats
    present: Flags
    received: Flags
    due: Flags
    imputed: Floats | None = None
    doubtful: Flags | None = None
    whole: Floats | None = None

    @classmethod
    def of(cls, part: Part, positions: Positions, span: Span, timing: Timing) -> _Total:
        """One item."""
        by_period = timing != "flow" and span.grain != "month"
        due = part.due.take(positions, span)
        if part.grid is None:
            due = _any(due, span) if by_period else due
            nothing = np.zeros(due.shape, dtype=bool)
            return cls(np.zeros(due.shape), nothing, nothing, due)
        months = settle(part.grid, positions, span)
        received = months.present & due
        if by_period:
            months = edge(months, span, timing)
            received, due = _any(received, span), _any(due, span)
        value = np.where(months.present, months.value, 0.0)
        imputed = None if months.imputed is None else np.where(months.imputed, np.abs(value), 0.0)
        return cls(value, months.present, received, due, imputed, months.imputed, months.whole)

    def plus(self, other: _Total) -> _Total:
        """Two items together."""
        return _Total(
            self.value + other.value,
            self.present | other.present,
            self.received | other.received,
            self.due | other.due,
            _sum(self.imputed, other.imputed),
            _sum(self.doubtful, other.doubtful),
            _sum(self.whole, other.whole),
        )

    def emptied(self) -> _Total:
        """Of stocks: 1 where a report is due, came, and says that nothing of any item is left; else 0."""
        empty = self.received & (self.value <= 0)
        return _Total(empty.astype(np.float64), self.received, self.received, self.due)

    def within(self, members: Flags) -> _Total:
        """The same with the units outside a group blank."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{name: array * members for name, array in arrays.items() if array is not None})

    def figures(self, span: Span, timing: Timing, may_impute: bool) -> Figures:
        """Fold months into periods and count."""

        def folded(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
            if timing != "flow" or span.grain == "month":
                return array
            return np.add.reduceat(array, span.edges, axis=1, dtype=array.dtype)

        value, gross = folded(self.value), folded(np.abs(self.value)) if may_impute else None
        if self.whole is not None:
            value, gross = value + self.whole, gross + np.abs(self.whole)
        counts = [folded(flags.astype(np.int32)) for flags in (self.present, self.received, self.due)]
        if gross is None:
            return Figures(value, counts[0], counts[1], counts[2])
        imputed = np.zeros(self.value.shape) if self.imputed is None else self.imputed
        doubtful = np.zeros(self.value.shape) if self.doubtful is None else self.doubtful
        reports = folded(doubtful.astype(np.int32))
        return Figures(value, counts[0], counts[1], counts[2], folded(imputed), gross, reports)


def _sum(one: npt.NDArray[Any] | None, other: npt.NDArray[Any] | None) -> npt.NDArray[Any] | None:
    """What there is of two arrays: flags joined, amounts added."""
    if one is None or other is None:
        return other if one is None else one
    joined: npt.NDArray[Any] = one + other
    return joined


def _any(flags: Flags, span: Span) -> Flags:
    return np.logical_or.reduceat(flags, span.edges, axis=1)
