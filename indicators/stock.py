"""How long the stock lasts: what is there over what a usual month consumes.

Above the facilities stocks and averages are summed first, over the facilities and products that have both,
and then divided: no mean of the facilities' months, in which one full store would outweigh ten empty ones.
Nothing is said where nothing was consumed of late: stock without consumption does not last for ever.

Source: aggregation rules of the USAID | DELIVER Logistics Handbook (2011): stock of a place over consumption
of the same places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.cells import Cells
from indicators.compare import View, positions_of
from indicators.consumption import USUAL
from indicators.folding import any_of
from indicators.grids import Floats
from indicators.hierarchy import Amounts, Positions
from indicators.periods import Span
from indicators.rollup import Rollup
from indicators.rules import AverageRule, Rules
from indicators.stock_indicators import months_of_stock as both_of

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MonthsOfStock:
    """How many months the stock of some units lasts, arrays `[unit, period]`.

    Attributes:
        value: NaN where there is no stock or no average, or an average of 0.
        stock: the stock of the last month of the period that has both, over those that have both.
        average: the average monthly consumption of the same as of that month.
        n_both: units that carry any of the products and have both.
        n_either: units that carry any of the products and have either.
    """

    value: Floats
    stock: Floats
    average: Floats
    n_both: Counts
    n_either: Counts


def averageable(rollup: Rollup, codes: Iterable[str]) -> bool:
    """Whether consumption of any of these products was ever reported, so that it has an average."""
    return any((item, "consumed") in rollup.grids for item in rollup.numbers(codes))


def months_of_stock(
    rollup: Rollup, codes: Iterable[str], view: View, rule: AverageRule = USUAL
) -> MonthsOfStock:
    """How many months the stock of some products (by code) lasts, for a unit and its children.

    `rule` says how consumption is made good and averaged. `logistics` answers the same for many products.

    Raises:
        KeyError: the unit or group is unknown.
    """
    items, positions = rollup.numbers(codes), positions_of(rollup, view)
    span = rollup.calendar.span(view.first, view.last, view.grain)
    whole, members = rollup.calendar.around(span), rollup.members(view.group)

    def own(at: Positions) -> Amounts:
        return _own(Cells.of(rollup, Rules(average=rule), items, at), whole)

    key = ("months of stock", items, span.cut, view.group, rule)
    placed = rollup.placed(key, own, positions, members)
    before = whole.index_of(span.start)
    stock, average, both, either = (amount[:, before : before + len(span)] for amount in placed)
    value = np.where(average > 0, stock / np.where(average > 0, average, 1), np.nan)
    return MonthsOfStock(value, stock, average, both, either)


def _own(cells: Cells, span: Span) -> Amounts:
    """Each unit's own stock and average of the products that have both; whether it has both, or either."""
    found = both_of(cells, span)
    either = np.zeros(cells.shape, dtype=bool)
    for cell in cells.each:
        either |= ~np.isnan(cell.held) | ~np.isnan(cell.average)
    counts = (found.reported.astype(np.int64), any_of(either, span).astype(np.int64))
    return found.numerator, found.denominator, *counts
