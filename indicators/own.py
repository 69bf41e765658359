"""Indicators put together from what is reported: one pooled sum over another, of places that have both.

A place counts where every part of an indicator was reported there, each part by one item of its own at least;
a report over several months counts in its last month, beside others of the same months only. Sums over sums,
never a mean of the places' own.

Source: the rule of pooled ratios, as in `indicators.ratio`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indicators.definitions.formulas import Formula, Term
from indicators.grids import Flags, Floats, Grid
from indicators.hierarchy import Positions
from indicators.periods import Span
from indicators.rollup import Rollup


@dataclass(frozen=True)
class Own:
    """An indicator of one place and month.

    Attributes:
        value: NaN where no place has both or the denominator is 0.
        numerator: over the places that have both.
        denominator: over the same; 1 for a plain sum.
        both: how many places that are.
        either: how many have any part.
    """

    value: float
    numerator: float
    denominator: float
    both: int
    either: int


LENGTHS = (1, 3, 6, 12)


def own(rollup: Rollup, formula: Formula, unit: str, month: int) -> Own:
    """An indicator of a unit and all below it, in one month.

    Args:
        rollup: the figures.
        formula: of terms that name their items (`Term.items`).
        unit: its id.
        month: `YYYYMM`, one of the calendar's.

    Raises:
        KeyError: no unit has this id, or a term names an item that the data lacks.
    """
    position = rollup.hierarchy.position(unit)
    positions = np.arange(position, rollup.hierarchy.last[position])
    span = rollup.calendar.span(month, month, "month")
    above, below = np.zeros(len(positions)), np.zeros(len(positions))
    both, either = (np.zeros(len(positions), dtype=bool) for _ in range(2))
    for length in LENGTHS:
        reports = _Reports(rollup, positions, span, length)
        top, some = reports.total(formula.above)
        bottom, others = reports.total(formula.below)
        free = ~np.isnan(top) & ~np.isnan(bottom) & ~both
        above[free], below[free] = top[free], bottom[free]
        both |= free
        either |= some | others
    denominator = float(below.sum()) if formula.below else 1.0
    numerator = float(above.sum())
    value = formula.factor * numerator / denominator if denominator and both.any() else float("nan")
    return Own(value, numerator, denominator, int(both.sum()), int(either.sum()))


@dataclass(frozen=True)
class _Reports:
    """The reports of some units that end in one month and are of one length."""

    rollup: Rollup
    positions: Positions
    span: Span
    length: int

    def total(self, terms: tuple[Term, ...]) -> tuple[Floats, Flags]:
        """The terms added up, NaN where one of them was not reported; and where any of them was."""
        total, some = np.zeros(len(self.positions)), np.zeros(len(self.positions), dtype=bool)
        for term in terms:
            amount = self._amount(term)
            total = total + term.weight * amount
            some |= ~np.isnan(amount)
        return total, some

    def _amount(self, term: Term) -> Floats:
        total = np.full(len(self.positions), np.nan)
        for item in self.rollup.numbers(term.items):
            grid = self.rollup.grids.get((item, term.measure))
            if grid is not None:
                values = self._of(grid)
                total = np.where(np.isnan(total), values, total + np.nan_to_num(values))
        return total

    def _of(self, grid: Grid) -> Floats:
        if self.length == 1:
            return np.asarray(grid.take(self.positions, self.span)[:, 0])
        found = np.full(len(self.positions), np.nan)
        if grid.windows is not None:
            owner, report = grid.windows.of(self.positions)
            ends = grid.windows.start[report] + grid.windows.months[report] - 1
            mine = (ends == self.span.start) & (grid.windows.months[report] == self.length)
            found[owner[mine]] = grid.windows.value[report[mine]]
        return found
