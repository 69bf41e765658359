"""Values as dense grids: one for each item and measure, rows in depth-first order, one column a month.

A grid keeps only the units that ever reported its item, so a subtree is a slice of rows and an item that few
units have costs little. Reports over three or twelve months keep their own window beside the grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.hierarchy import Positions
from indicators.periods import Span

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_NONE: Positions = np.empty(0, dtype=np.intp)


def rows_of(rows: Positions, positions: Positions) -> slice | tuple[Positions, Positions]:
    """Where positions lie among sorted rows: a slice when they are one run of it, else (found, row).

    `found` are indices into `positions`, `row` the rows they have.
    """
    count = len(positions)
    if count and len(rows):
        start = int(rows.searchsorted(positions[0]))
        if count == 1:  # a facility: most of what is asked for on a click
            known = start < len(rows) and rows[start] == positions[0]
            return slice(start, start + 1) if known else (_NONE, _NONE)
        stop = start + count
        if stop <= len(rows) and (rows[start:stop] == positions).all():
            return slice(start, stop)
    row = np.searchsorted(rows, positions)
    row[row == len(rows)] = 0
    found = np.flatnonzero(rows[row] == positions) if len(rows) else np.empty(0, dtype=np.intp)
    return found, row[found]


@dataclass(frozen=True)
class Mask:
    """A flag for some units and every month; false for the units it has no row of."""

    rows: Positions
    flags: Flags

    def take(self, positions: Positions, span: Span) -> Flags:
        """The flags of units by position, `[unit, month of the span]`."""
        where = rows_of(self.rows, positions)
        if isinstance(where, slice):
            return self.flags[where, span.columns]
        taken = np.zeros((len(positions), span.stop - span.start), dtype=bool)
        taken[where[0]] = self.flags[where[1], span.columns]
        return taken


@dataclass(frozen=True)
class Windows:
    """Flows reported for several months at once, sorted by unit and, in a unit, shortest window first.

    Attributes:
        unit: position of each report's unit.
        start: calendar column of its first month.
        months: its length (3, 12).
        value: what it reported for the whole window.
    """

    unit: Positions
    start: npt.NDArray[np.int32]
    months: npt.NDArray[np.int32]
    value: Floats

    def only(self, chosen: Flags) -> Windows:
        """Some of the reports."""
        return Windows(self.unit[chosen], self.start[chosen], self.months[chosen], self.value[chosen])

    def of(self, positions: Positions) -> tuple[Positions, Positions]:
        """The reports of some units: index into `positions`, and index of the report."""
        low = np.searchsorted(self.unit, positions, side="left")
        count = np.searchsorted(self.unit, positions, side="right") - low
        owner = np.repeat(np.arange(len(positions)), count)
        before = np.cumsum(count) - count
        return owner, np.arange(len(owner)) - before[owner] + low[owner]

    def covered(self, rows: Positions, columns: int) -> Flags:
        """The months that the windows of some units lie over, `[row, month]`."""
        owner, report = self.of(rows)
        flags = np.zeros((len(rows), columns), dtype=bool)
        for offset in range(int(self.months.max(initial=0))):
            inside = (offset < self.months[report]) & (self.start[report] + offset < columns)
            flags[owner[inside], self.start[report[inside]] + offset] = True
        return flags


@dataclass(frozen=True)
class Grid:
    """All values of one item and measure.

    Attributes:
        rows: positions of the units that have any value, ascending.
        values: `[row, month]`, NaN where nothing was reported for the month itself.
        imputed: which values a source had imputed itself, or None when none.
        windows: flows reported over several months, or None when none.
    """

    rows: Positions
    values: Floats
    imputed: Flags | None = None
    windows: Windows | None = None

    def take(self, positions: Positions, span: Span) -> Floats:
        """Monthly values of units by position, `[unit, month of the span]`, NaN where there are none."""
        where = rows_of(self.rows, positions)
        if isinstance(where, slice):
            return self.values[where, span.columns]
        taken = np.full((len(positions), span.stop - span.start), np.nan)
        taken[where[0]] = self.values[where[1], span.columns]
        return taken

    def take_imputed(self, positions: Positions, span: Span) -> Flags | None:
        """Which of those values were imputed by the source, or None when none ever was."""
        return None if self.imputed is None else Mask(self.rows, self.imputed).take(positions, span)

    def present(self) -> Flags:
        """The months with a report, alone or within a longer window, `[row, month]`."""
        flags = ~np.isnan(self.values)
        if self.windows is not None:
            flags |= self.windows.covered(self.rows, self.values.shape[1])
        return flags

    def active(self) -> Flags:
        """The months with more than zero reported, alone or within a longer window, `[row, month]`."""
        flags = self.values > 0
        if self.windows is not None:
            above = self.windows.only(self.windows.value > 0)
            flags |= above.covered(self.rows, self.values.shape[1])
        return flags
