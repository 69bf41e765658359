"""Whether a product rose because its substitute was out: its change in places and months without the other.

A reporter is without the substitute in a month when it reported none left at the end of that month or of the
month before. Changes are counted as in `indicators.attribution`: against the same month a year before, by
reporters that reported in both. That a rise falls together with a stock-out is evidence, not proof: the
services may have been moved to the product for good.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from indicators.attribution import Asked
from indicators.grids import Floats
from indicators.hierarchy import Amounts, Positions
from indicators.periods import Span
from indicators.rollup import Rollup, Series

YEAR = 12
# From this share on of a rise in places and months without the substitute, the stock-out is worth naming.
WORTH_NAMING = 0.25


@dataclass(frozen=True)
class Displaced:
    """How much of a unit's change fell on places and months without the substitute.

    Attributes:
        change: the change against the year before, over reporters that reported in both.
        while_out: the part of it in places and months without the substitute.
        units: ids of the children that are named.
        parts: each child's part of `while_out`, `[child]`.
        month: the month, `YYYYMM`, in which most places had none left: one of the period or, when none was
            out at the end of any of these, the month before it; 0 when none ever was out.
        n_out: how many places had none left at its end.
        n_known: how many places said then what they held.
    """

    change: float
    while_out: float
    units: tuple[str, ...]
    parts: Floats
    month: int
    n_out: int
    n_known: int

    @property
    def share(self) -> float:
        """The part of the change while the substitute was out; NaN without any change."""
        return self.while_out / self.change if self.change else float("nan")

    @property
    def explains(self) -> bool:
        """Whether the product rose, and enough of its rise fell on places without the substitute."""
        return self.change > 0 and self.share >= WORTH_NAMING


def displaced(rollup: Rollup, used: Series, substitute: tuple[int, ...], asked: Asked) -> Displaced:
    """The part of a product's change in places and months without its substitute.

    Args:
        rollup: the figures.
        used: what is used of the product, a flow.
        substitute: numbers of the other product's items; a place is out when it holds none of any.
        asked: the unit, the period, and who may be named.

    Raises:
        KeyError: the unit or group is unknown.
    """
    span = rollup.calendar.span(asked.month, asked.month, asked.grain)
    hierarchy, position = rollup.hierarchy, rollup.position(asked.unit)
    below = hierarchy.children(position)
    months = _Months(rollup, used, Series("closing", substitute, used.group))
    wide = replace(span, start=max(span.start - 1, 0))
    lead = span.start - wide.start
    found = months.at(np.array([position, *below]), wide)
    change, while_out = (amount[:, lead:] for amount in found[:2])
    out, known = (amount[0] for amount in found[2:])
    named = np.array([asked.only is None or hierarchy.ids[i] in asked.only for i in below], dtype=bool)
    first = lead if out[lead:].any() else 0
    worst = first + int(out[first:].argmax()) if len(out) else 0
    ever = bool(out.any())
    return Displaced(
        change=float(change[0].sum()),
        while_out=float(while_out[0].sum()),
        units=tuple(hierarchy.ids[i] for i in below[named]),
        parts=while_out[1:].sum(axis=1)[named],
        month=int(rollup.months[wide.start + worst]) if ever else 0,
        n_out=int(out[worst]) if ever else 0,
        n_known=int(known[worst]) if ever else 0,
    )


class _Months:
    """Month by month, what use changed by, and how much of it without the substitute, summed upwards."""

    def __init__(self, rollup: Rollup, used: Series, stock: Series) -> None:
        self._rollup, self._used, self._stock = rollup, used, stock
        self._members = rollup.members(used.group)

    def at(self, positions: Positions, span: Span) -> tuple[npt.NDArray[np.float64], ...]:
        """Change, change while out, how many are out, how many said, `[unit, month of the span]`."""
        key = ("displaced", self._used, self._stock)
        placed = self._rollup.placed(key, self._own, positions, self._members)
        return tuple(amount[:, span.columns] for amount in placed)

    def _own(self, positions: Positions) -> Amounts:
        months = self._rollup.calendar.whole("month")
        used = self._rollup.own(self._used, positions, months)
        stock = self._rollup.own(self._stock, positions, months)
        here = used.present > 0
        both = np.zeros_like(here)
        both[:, YEAR:] = here[:, YEAR:] & here[:, :-YEAR]
        before = np.zeros_like(used.value)
        before[:, YEAR:] = used.value[:, :-YEAR]
        change = (used.value - before) * both
        known = stock.present > 0
        empty = known & (stock.value == 0)
        without = empty.copy()
        without[:, 1:] |= empty[:, :-1]
        return change, change * without, empty.astype(np.float64), known.astype(np.float64)
