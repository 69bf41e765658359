"""Whether a product rose because its substitute was out: its change in places and months without the other.

A reporter is without the substitute in a month when it carries it and reported none left at the end of that
month or of the month before: the month began or ended without. Changes are counted as in
`indicators.attribution`: against the same month a year before, by reporters that reported in both. That a
rise falls together with a stock-out is evidence, not proof: the services may have been moved to the product
for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from indicators.attribution import Asked
from indicators.grids import Floats
from indicators.hierarchy import Amounts, Positions
from indicators.measures import FACILITIES_OUT
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
        month: the month, `YYYYMM`, at whose end most places had none left: of the period or the one before
            it; 0 when none ever was out.
        n_out: how many places had none left at its end, as `facilities_out` counts them.
        n_known: of how many that carry the substitute and reported.
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
    months = _Months(rollup, used, Series(FACILITIES_OUT, substitute, used.group))
    wide = replace(span, start=max(span.start - 1, 0))
    lead = span.start - wide.start
    found = months.at(np.array([position, *below]), wide)
    change, while_out = (amount[:, lead:] for amount in found[:2])
    out, known = (amount[0] for amount in found[2:])
    named = np.array([asked.only is None or hierarchy.ids[i] in asked.only for i in below], dtype=bool)
    worst = int(out.argmax()) if len(out) else 0
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


def risen_while_out(
    rollup: Rollup, used: Series, substitute: tuple[int, ...], asked: Sequence[Asked]
) -> list[float]:
    """Of several periods of one unit: what a product's rise was in places and months without its substitute.

    Args:
        rollup: the figures.
        used: what is used of the product, a flow.
        substitute: numbers of the other product's items.
        asked: the periods; all of the same unit.

    Returns:
        In their order, the part of the rise; 0 where `Displaced.explains` would not hold.

    Raises:
        KeyError: the unit or group is unknown.
    """
    if not asked:
        return []
    months = _Months(rollup, used, Series(FACILITIES_OUT, substitute, used.group))
    unit = np.array([rollup.position(asked[0].unit)])
    change, while_out, *_ = months.at(unit, rollup.calendar.whole("month"))
    spans = [rollup.calendar.span(each.month, each.month, each.grain).columns for each in asked]
    parts = [(float(change[0, at].sum()), float(while_out[0, at].sum())) for at in spans]
    return [out if total > 0 and out / total >= WORTH_NAMING else 0.0 for total, out in parts]


class _Months:
    """Month by month, what use changed by, and how much of it without the substitute, summed upwards."""

    def __init__(self, rollup: Rollup, used: Series, emptied: Series) -> None:
        self._rollup, self._used, self._emptied = rollup, used, emptied
        self._members = rollup.members(used.group)

    def at(self, positions: Positions, span: Span) -> tuple[npt.NDArray[np.float64], ...]:
        """Change, change while out, how many are out, how many said, `[unit, month of the span]`."""
        key = ("displaced", self._used, self._emptied)
        placed = self._rollup.placed(key, self._own, positions, self._members)
        return tuple(amount[:, span.columns] for amount in placed)

    def _own(self, positions: Positions) -> Amounts:
        months = self._rollup.calendar.whole("month")
        used = self._rollup.own(self._used, positions, months)
        out = self._rollup.own(self._emptied, positions, months)
        here = used.present > 0
        both = np.zeros_like(here)
        both[:, YEAR:] = here[:, YEAR:] & here[:, :-YEAR]
        before = np.zeros_like(used.value)
        before[:, YEAR:] = used.value[:, :-YEAR]
        change = (used.value - before) * both
        without = out.value > 0
        without[:, 1:] |= out.value[:, :-1] > 0
        return change, change * without, out.value, out.present.astype(np.float64)
