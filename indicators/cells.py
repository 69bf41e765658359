"""What is known of some products at some places, month by month, worked out when first asked for.

An indicator takes it from here; whether a place is one of ten in a district or of ten thousand in a nation
makes no difference to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indicators.consumption import Used, used
from indicators.grids import Flags, Floats
from indicators.hierarchy import Positions
from indicators.laid import Laid, lay
from indicators.question import Kind
from indicators.rollup import Rollup
from indicators.rules import GroupLevels, Rules
from indicators.stock_status import Limits


class Cell:
    """One product at some places, arrays `[place, month of the calendar]`.

    Attributes:
        item: number of the item in `Rollup.items`.
    """

    def __init__(self, rollup: Rollup, rules: Rules, item: int, positions: Positions) -> None:
        self.item = item
        self._rollup, self._rules, self._positions = rollup, rules, positions
        self._span = rollup.calendar.whole("month")

    @cached_property
    def due(self) -> Flags:
        """Where a report is expected: the form is assigned, the place open, the product carried there."""
        return self._rollup.due.mask(self.item).take(self._positions, self._span)

    @cached_property
    def held(self) -> Floats:
        """Stock at the end of the month where a report is expected, else NaN."""
        return np.where(self.due, self._stock("closing"), np.nan)

    @cached_property
    def opening(self) -> Floats:
        """Stock at the beginning of the month: as reported, else the end of the month before; NaN else."""
        before = np.full(self.due.shape, np.nan)
        before[:, 1:] = self._stock("closing")[:, :-1]
        reported = self._stock("opening")
        return np.where(self.due, np.where(np.isnan(reported), before, reported), np.nan)

    @cached_property
    def used(self) -> Used:
        """Consumption with what is needed to make it good."""
        return used(self._rollup, self.item, self._positions)

    @cached_property
    def made_good(self) -> Floats:
        """Consumption made good for stock-outs by the country's rule, where it is due; NaN else."""
        return np.where(self.due, self.used.made_good(self._rules.average), np.nan)

    @cached_property
    def average(self) -> Floats:
        """Average monthly consumption as of each month, by the country's rule, where it is due; NaN else."""
        return np.where(self.due, self.used.averaged(self._rules.average), np.nan)

    def every(self, measure: str) -> Laid:
        """A flow month by month, with the shares of longer reports, carried or not."""
        return lay(self._rollup.grids.get((self.item, measure)), self._positions, self._rollup.calendar)

    def flow(self, measure: str) -> Laid:
        """A flow month by month, with the shares of longer reports; NaN where none is due."""
        laid, none = self.every(measure), ~self.due
        return Laid(
            np.where(none, np.nan, laid.value),
            np.where(none, 0, laid.months),
            np.where(none, -1, laid.begins),
        )

    def _stock(self, measure: str) -> Floats:
        grid = self._rollup.grids.get((self.item, measure))
        if grid is None:
            return np.full((len(self._positions), self._rollup.calendar.size), np.nan)
        return grid.take(self._positions, self._span)


@dataclass(frozen=True)
class Cells:
    """The products of a subject at some places.

    Attributes:
        rollup: the figures.
        rules: what the country decides.
        positions: of the places.
        each: one cell a product.
        kind: "product", "family" or "tracers".
    """

    rollup: Rollup
    rules: Rules
    positions: Positions
    each: Sequence[Cell]
    kind: Kind = "product"

    @classmethod
    def of(cls, rollup: Rollup, rules: Rules, items: Sequence[int], positions: Positions) -> Cells:
        """Of items by number, as one product or family."""
        return cls(rollup, rules, positions, [Cell(rollup, rules, item, positions) for item in items])

    def singles(self) -> list[Cells]:
        """Each product by itself."""
        return [Cells(self.rollup, self.rules, self.positions, [cell]) for cell in self.each]

    @property
    def shape(self) -> tuple[int, int]:
        """How many places, and months of the calendar."""
        return len(self.positions), self.rollup.calendar.size

    @cached_property
    def due(self) -> Flags:
        """Where any of the products is due."""
        flags = np.zeros(self.shape, dtype=bool)
        for cell in self.each:
            flags |= cell.due
        return flags

    def stacked(self) -> tuple[Floats, Flags]:
        """Stock of each product, and where it is due, `[product, place, month]`."""
        if not self.each:
            return np.zeros((0, *self.shape)), np.zeros((0, *self.shape), dtype=bool)
        return np.stack([cell.held for cell in self.each]), np.stack([cell.due for cell in self.each])

    def limits(self) -> Limits:
        """The levels of stock of each place, by its group of units, `[place, 1]`."""
        return limits_of(self.rollup, self.rules.levels, self.positions)


def limits_of(rollup: Rollup, levels: Sequence[GroupLevels], positions: Positions) -> Limits:
    """The levels of stock of places by position, `[place, 1]`: those of the first group that each is in.

    A group that the snapshot does not know holds nobody; who is in none takes the entry without a group, and
    the usual levels where there is none.
    """

    def make() -> tuple[Floats, Floats]:
        usual, size = GroupLevels(), rollup.hierarchy.size
        low, high = np.full(size, usual.low), np.full(size, usual.high)
        for level in reversed([*(each for each in levels if each.group), *_for_others(levels)]):
            inside = _members(rollup, level.group)
            low[inside], high[inside] = level.low, level.high
        return low, high

    low, high = rollup.keep(("limits", tuple(levels)), make)
    return Limits(low[positions, None], high[positions, None])


def _for_others(levels: Sequence[GroupLevels]) -> list[GroupLevels]:
    return [each for each in levels if not each.group][:1]


def _members(rollup: Rollup, group: str) -> Flags:
    everybody = np.ones(rollup.hierarchy.size, dtype=bool)
    try:
        members = rollup.members(group or None)
    except KeyError:
        return ~everybody
    return everybody if members is None else members
