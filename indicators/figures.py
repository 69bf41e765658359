"""The figures of units, by month or longer period: one definition for facilities and their ancestors.

A figure is a value with the reports that it stands on. Everything in `Figures` adds up over units, so an
ancestor's figures are the sums of its units' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats, Grid, Mask
from indicators.hierarchy import Amounts, Positions
from indicators.measures import Timing, timing
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
        arrays = (getattr(self, field.name) for field in fields(self))
        return tuple(array for array in arrays if array is not None)

    def nbytes(self) -> int:
        """Bytes that the arrays occupy."""
        return sum(array.nbytes for array in self.amounts())

    def pick(self, rows: Positions, columns: slice) -> Figures:
        """Some rows and a run of periods."""
        return Figures(*(array[rows, columns] for array in self.amounts()))

    def shown(self) -> Floats:
        """The values, NaN where there is none."""
        return np.where(self.present > 0, self.value, np.nan)

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
        total = _Total.blank(len(positions), span, timing(self.measure), self.may_impute)
        for part in self.parts:
            total.add(part, positions)
        if self.members is not None:
            total.keep(self.members[positions, None])
        return total.figures()


@dataclass
class _Total:
    """Own figures in the making: by month for a flow, by period already for a stock."""

    span: Span
    timing: Timing
    value: Floats
    present: Flags
    received: Flags
    due: Flags
    whole: Floats
    doubt: _Doubt | None

    @classmethod
    def blank(cls, units: int, span: Span, timing: Timing, may_impute: bool) -> _Total:
        width = span.stop - span.start if timing == "flow" else len(span)
        flags = np.zeros((units, width), dtype=bool)
        value, whole = np.zeros((units, width)), np.zeros((units, len(span)))
        doubt = _Doubt(value, value, flags) if may_impute else None
        return cls(span, timing, value, flags, flags, flags, whole, doubt)

    def add(self, part: Part, positions: Positions) -> None:
        """Add one item's figures."""
        due = part.due.take(positions, self.span)
        if part.grid is None:
            self.due = self.due | (due if self.timing == "flow" else _any(due, self.span))
            return
        months = settle(part.grid, positions, self.span)
        received = months.present & due
        if self.timing != "flow" and self.span.grain != "month":
            months = edge(months, self.span, self.timing)
            received, due = _any(received, self.span), _any(due, self.span)
        value = np.where(months.present, months.value, 0.0)
        self.value = self.value + value
        self.present, self.received = self.present | months.present, self.received | received
        self.due = self.due | due
        if months.whole is not None:
            self.whole = self.whole + months.whole
        if self.doubt is not None:
            self.doubt.add(np.abs(value), months.imputed)

    def keep(self, members: Flags) -> None:
        """Blank the units outside a group."""
        self.value, self.whole = self.value * members, self.whole * members
        self.present, self.received = self.present & members, self.received & members
        self.due = self.due & members
        if self.doubt is not None:
            self.doubt.keep(members)

    def figures(self) -> Figures:
        """Fold months into periods and count."""
        value = self._folded(self.value) + self.whole
        present, received, due = (self._counted(flags) for flags in (self.present, self.received, self.due))
        if self.doubt is None:
            return Figures(value, present, received, due)
        gross = self._folded(self.doubt.gross) + np.abs(self.whole)
        doubtful, imputed = self._counted(self.doubt.flags), self._folded(self.doubt.amount)
        return Figures(value, present, received, due, imputed, gross, doubtful)

    def _counted(self, flags: Flags) -> Counts:
        return self._folded(flags.astype(np.int32))

    def _folded(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        if self.timing != "flow" or self.span.grain == "month":
            return array
        return np.add.reduceat(array, self.span.edges, axis=1, dtype=array.dtype)


@dataclass
class _Doubt:
    """How much of a total is imputed."""

    amount: Floats
    gross: Floats
    flags: Flags

    def add(self, gross: Floats, imputed: Flags | None) -> None:
        self.gross = self.gross + gross
        if imputed is not None:
            self.amount = self.amount + np.where(imputed, gross, 0.0)
            self.flags = self.flags | imputed

    def keep(self, members: Flags) -> None:
        self.amount, self.gross = self.amount * members, self.gross * members
        self.flags = self.flags & members


def _any(flags: Flags, span: Span) -> Flags:
    if span.grain == "month":
        return flags
    return np.logical_or.reduceat(flags, span.edges, axis=1)
