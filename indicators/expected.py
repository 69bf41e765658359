"""Which reports are expected: the form is assigned, the unit open, and a product carried there that month.

What was received counts as expected too (a facility that reports a form nobody assigned to it has reported),
so that n of N never exceeds N.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Flags, Grid, Mask
from indicators.hierarchy import Hierarchy, Positions
from indicators.periods import Calendar

# A product is carried when it was stocked, received or used in this many months up to the month itself.
CARRIED_FOR = 12
_ALWAYS = 1 << 30


class Openings:
    """Which units are open in which months, from their opening and closing dates (open in both months)."""

    def __init__(self, units: pd.DataFrame, calendar: Calendar) -> None:
        self._since = _columns(units, "opened", -_ALWAYS) - calendar.base
        self._until = _columns(units, "closed", _ALWAYS) - calendar.base
        self._column = np.arange(calendar.size)

    def flags(self, positions: Positions) -> Flags:
        """Open or not, `[unit, month]`."""
        since, until = self._since[positions, None], self._until[positions, None]
        return (self._column >= since) & (self._column <= until)


def _columns(units: pd.DataFrame, name: str, absent: int) -> npt.NDArray[np.int64]:
    if name not in units:
        return np.full(len(units), absent, dtype=np.int64)
    dates = pd.to_datetime(units[name], errors="coerce")
    number = dates.dt.year * 12 + dates.dt.month - 1
    return np.asarray(number.fillna(absent), dtype=np.int64)


def assigned_units(hierarchy: Hierarchy, assignments: pd.DataFrame) -> dict[str, Flags]:
    """For each form, which units it is assigned to."""
    by_form = assignments.groupby("form", observed=True)["org_unit"]
    return {str(form): hierarchy.flags(units) for form, units in by_form}


def carried(activity: Flags) -> Flags:
    """Where a product is carried, `[unit, month]`: any activity in the twelve months up to each month.

    >>> import numpy as np
    >>> once = np.zeros((1, 14), dtype=bool); once[0, 1] = True
    >>> carried(once).astype(int).tolist()
    [[0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]]
    """
    seen = np.cumsum(activity, axis=1, dtype=np.int16)
    seen[:, CARRIED_FOR:] -= seen[:, :-CARRIED_FOR].copy()
    return seen > 0


def rows_of_any(grids: Iterable[Grid], flags: Flags | None = None) -> Positions:
    """Positions of the units that any of the grids, or the flags, know."""
    parts = [grid.rows for grid in grids]
    if flags is not None:
        parts.append(np.flatnonzero(flags))
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.intp)


def spread(rows: Positions, masks: Iterable[Mask], columns: int) -> Flags:
    """Any of some masks, over a common list of rows that holds all of theirs."""
    flags = np.zeros((len(rows), columns), dtype=bool)
    for mask in masks:
        flags[np.searchsorted(rows, mask.rows)] |= mask.flags
    return flags
