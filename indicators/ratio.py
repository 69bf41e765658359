"""Ratios on one universe: only units that report both sides count, each on its own windows.

A ratio is shown where one dose serves one service: of what the services themselves say they dispensed to the
women, cases or visits they served, else of what the logistics report of the same unit says was consumed. It
is pooled, the sum of the numerators over that of the denominators, never a mean of the units' ratios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.compare import PairItems, View, positions_of
from indicators.grids import Flags, Floats, Grid, Mask
from indicators.hierarchy import Amounts, Positions
from indicators.measures import COUNT
from indicators.periods import Span
from indicators.rollup import Rollup

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ratio:
    """A ratio of some units, arrays `[unit, period]`.

    Attributes:
        units: ids.
        periods: labels.
        value: NaN where no unit reports both or the denominator is 0.
        above: the pooled numerator, over the units that report both.
        below: the pooled denominator, over the same.
        n_both: units that report both sides in the period, which the ratio stands on.
        n_either: units that report either.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    value: Floats
    above: Floats
    below: Floats
    n_both: Counts
    n_either: Counts


def pooled(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> tuple[float, int, int]:
    """Pool the units that have both: the ratio, how many have both, how many have either.

    Two facilities, 100 and 50 cases, 110 treatments and a missing report: 1.10 on one of two. A district with
    stocks of 100 and 0 and monthly consumptions of 10 and 40 has 2 months of stock (not the mean of 10 and
    0). Rates of 1/10 and 900/1000 pool to 0.892 (not 0.5).

    >>> pooled([110, float("nan")], [100, 50])
    (1.1, 1, 2)
    >>> pooled([100, 0], [10, 40])
    (2.0, 2, 2)
    >>> round(pooled([1, 900], [10, 1000])[0], 3)
    0.892
    """
    above, below = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    both = ~np.isnan(above) & ~np.isnan(below)
    either = ~np.isnan(above) | ~np.isnan(below)
    total = below[both].sum()
    value = float(above[both].sum() / total) if total else float("nan")
    return value, int(both.sum()), int(either.sum())


def ratio(rollup: Rollup, pair: PairItems, view: View) -> Ratio:
    """Units dispensed for each service, over the units and windows that report both.

    What the services say of it stands before what the logistics report says: it is of the same register. A
    unit that does not carry the product reports no side of it, whatever zeros it fills in.

    Raises:
        KeyError: the unit or group is unknown.
    """
    span = rollup.calendar.span(view.first, view.last, view.grain)
    return ratio_of(rollup, pair, (positions_of(rollup, view), span), view.group)


def ratio_of(rollup: Rollup, pair: PairItems, of: tuple[Positions, Span], group: str | None) -> Ratio:
    """The same of units by position over the periods of a span."""
    positions, span = of
    said = pair.reported.get("consumed", ())
    used = _Side.of(rollup, said if rollup.numbers(said) else pair.commodities, "consumed")
    served = _Side.of(rollup, pair.services, COUNT)
    whole = rollup.calendar.around(span)

    def own(at: Positions) -> Amounts:
        return _own(used, served, at, whole)

    members = rollup.members(group)
    key = ("ratio", used.items, served.items, span.cut, group)
    amounts = rollup.placed(key, own, positions, members)
    start = whole.index_of(span.start)
    above, below, both, either = (amount[:, start : start + len(span)] for amount in amounts)
    value = np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)
    units = tuple(rollup.hierarchy.ids[i] for i in positions)
    return Ratio(units, span.labels, value, above, below, both.astype(np.int64), either.astype(np.int64))


@dataclass(frozen=True)
class _Side:
    """The grids of one side's items, each with the unit-months in which a report of it is due.

    What is not due does not count: a store that does not carry a product fills in zeros for it, and these
    say nothing of what a service uses.
    """

    items: tuple[int, ...]
    grids: tuple[tuple[Grid, Mask], ...]

    @classmethod
    def of(cls, rollup: Rollup, codes: tuple[str, ...], measure: str) -> _Side:
        items = rollup.numbers(codes)
        found = [
            (rollup.grids[i, measure], rollup.due.mask(i)) for i in items if (i, measure) in rollup.grids
        ]
        return cls(items, tuple(found))

    def monthly(self, positions: Positions, span: Span) -> Floats:
        """The sum of the items' monthly reports, NaN where there is none."""
        total = np.full((len(positions), span.stop - span.start), np.nan)
        for grid, due in self.grids:
            values = np.where(due.take(positions, span), grid.take(positions, span), np.nan)
            total = np.where(np.isnan(total), values, total + np.nan_to_num(values))
        return total

    def windows(self, positions: Positions, span: Span) -> dict[tuple[int, int, int], float]:
        """The sum of the items' reports over several months, by (unit, first column, months)."""
        found: dict[tuple[int, int, int], float] = {}
        for grid, due in self.grids:
            if grid.windows is None:
                continue
            windows, expected = grid.windows, due.take(positions, span)
            owner, report = windows.of(positions)
            columns = (owner, windows.start[report], windows.months[report], windows.value[report])
            for unit, start, months, value in zip(*(column.tolist() for column in columns), strict=True):
                if expected[unit, start : start + months].any():
                    found[unit, start, months] = found.get((unit, start, months), 0.0) + value
        return found


def _own(used: _Side, served: _Side, positions: Positions, span: Span) -> Amounts:
    """Each unit's own numerator, denominator, and whether it reports both, either, `[unit, period]`."""
    above, below = used.monthly(positions, span), served.monthly(positions, span)
    either = ~np.isnan(above) | ~np.isnan(below)
    paired = _Paired.of_months(above, below)
    longer = (used.windows(positions, span), served.windows(positions, span))
    for unit, start, months in longer[0].keys() | longer[1].keys():
        either[unit, start + months - 1] = True
        at = (unit, start, months)
        one = longer[0].get(at, _over(above, at))
        other = longer[1].get(at, _over(below, at))
        if not np.isnan(one + other):
            paired.put((unit, start + months - 1), one, other)
    return (
        np.add.reduceat(paired.above, span.edges, axis=1),
        np.add.reduceat(paired.below, span.edges, axis=1),
        np.logical_or.reduceat(paired.both, span.edges, axis=1).astype(np.int64),
        np.logical_or.reduceat(either, span.edges, axis=1).astype(np.int64),
    )


def _over(monthly: Floats, at: tuple[int, int, int]) -> float:
    """What a unit reported month by month over a window: NaN unless every month is there."""
    unit, start, months = at
    return float(monthly[unit, start : start + months].sum())


@dataclass(frozen=True)
class _Paired:
    """Numerators and denominators of the months (and, at their last month, longer windows) that have both."""

    above: Floats
    below: Floats
    both: Flags

    @classmethod
    def of_months(cls, above: Floats, below: Floats) -> _Paired:
        both = ~np.isnan(above) & ~np.isnan(below)
        return cls(np.where(both, above, 0.0), np.where(both, below, 0.0), both)

    def put(self, at: tuple[int, int], one: float, other: float) -> None:
        """Add a window, unless its last month stands paired already."""
        if not self.both[at]:
            self.above[at], self.below[at], self.both[at] = one, other, True
