"""From months to periods: sums, whether anything happened, and the last month that says something."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats
from indicators.periods import Span


def summed(months: npt.NDArray[np.float64] | Flags, span: Span) -> Floats:
    """The sum over each period of the span, `[unit, period]` of `[unit, month]`; flags are counted."""
    if span.grain == "month":
        return months.astype(np.float64)
    return np.asarray(np.add.reduceat(months, span.edges, axis=1, dtype=np.float64))


def any_of(months: Flags, span: Span) -> Flags:
    """Whether any month of each period is flagged, `[unit, period]`."""
    if span.grain == "month":
        return months
    return np.asarray(np.logical_or.reduceat(months, span.edges, axis=1))


class Last:
    """The last flagged month of each period, so that a stock is taken and never summed over time.

    Attributes:
        found: whether a period has one, `[unit, period]`.
    """

    def __init__(self, flagged: Flags, span: Span) -> None:
        """Of months flagged, `[unit, month]`."""
        self._monthly = span.grain == "month"
        if self._monthly:
            self.found: Flags = flagged
            return
        columns = np.where(flagged, np.arange(flagged.shape[1]), -1)
        last = np.maximum.reduceat(columns, span.edges, axis=1)
        self.found, self._column = np.asarray(last >= 0), np.maximum(last, 0)

    def of(self, months: npt.NDArray[Any]) -> Floats:
        """An array's values in those months, 0 where a period has none, `[unit, period]`."""
        taken = months if self._monthly else np.take_along_axis(months, self._column, axis=1)
        return np.where(self.found, taken, 0).astype(np.float64)


class First(Last):
    """The first flagged month of each period: what a stock began with."""

    def __init__(self, flagged: Flags, span: Span) -> None:
        """Of months flagged, `[unit, month]`."""
        self._monthly = span.grain == "month"
        if self._monthly:
            self.found = flagged
            return
        width = flagged.shape[1]
        first = np.minimum.reduceat(np.where(flagged, np.arange(width), width), span.edges, axis=1)
        self.found, self._column = np.asarray(first < width), np.minimum(first, width - 1)
