"""The series of areas that alerts are found in: an item in a whole district, region or the nation."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.alerts_scored import Judged, both_sights, row_of
from indicators.aberration import Reported
from indicators.aberration_areas import Numbers, Together, together
from indicators.constant_set import OUT_FOR
from indicators.grids import Flags, Floats, Grid
from indicators.hierarchy import Hierarchy, Positions
from indicators.rollup import Rollup

CLOSING, DAYS_OUT, OPENING, RECEIVED = "closing", "stockout_days", "opening", "received"
Grids = Mapping[str, Grid | None]
FEWEST_PLACES = 3
"""An area of fewer regular reporters is no more than these."""


@dataclass(frozen=True)
class AreaSeries:
    """An item in every area of several places that report it, arrays `[area, month of the data]`.

    Attributes:
        code: the item's.
        positions: of the areas, ascending.
        begins, ends: which places lie in each, as rows of the item's series.
        told: what the regular reporters said.
        scores: of what they said, brought to the whole set.
    """

    code: str
    positions: Positions
    begins: Numbers
    ends: Numbers
    told: Together
    scores: Judged

    def row(self, position: int) -> int | None:
        """The row of an area; None where it has none."""
        return row_of(self.positions, position)

    def usual(self, name: str) -> Floats:
        """What is usual (`expected`, `low`, `high`) of the places that reported in each month."""
        scaled: Floats = getattr(self.scores, name) * np.where(self.told.share > 0, self.told.share, np.nan)
        return scaled


def area_series(rollup: Rollup, code: str, values: Grid, beside: Grids) -> AreaSeries | None:
    """The series of an item; None where no area holds several regular reporters.

    Args:
        rollup: knows the tree and the months.
        code: the item's.
        values: what was counted or used.
        beside: of a commodity its closings, openings, receipts and days out, by measure.
    """
    hierarchy, places = rollup.hierarchy, values.rows
    areas = _above(hierarchy, places)
    begins, ends = (np.searchsorted(places, each) for each in (areas, hierarchy.last[areas]))
    told = together(values.values, _stocked(rollup, places, beside), begins, ends)
    kept = told.members >= FEWEST_PLACES
    if not kept.any():
        return None
    areas, begins, ends = areas[kept], begins[kept], ends[kept]
    told = Together(told.value[kept], told.share[kept], told.reported[kept], told.members[kept], told.counted)
    level, above = (
        np.unique(each[areas], return_inverse=True)[1].astype(np.intp)
        for each in (hierarchy.depth, hierarchy.parent)
    )
    first = int(rollup.months[0]) % 100 - 1
    reported = Reported(told.history, item=level, area=above, first=first, sums=True)
    return AreaSeries(code, areas, begins, ends, told, both_sights(reported))


def _above(hierarchy: Hierarchy, places: Positions) -> Positions:
    """Every unit that has some of the places below it."""
    found: set[int] = set()
    near = set(hierarchy.parent[places].tolist())
    while near - found - {-1}:
        found |= near - {-1}
        near = {int(hierarchy.parent[each]) for each in near if each >= 0}
    return np.array(sorted(found), dtype=np.intp)


def _stocked(rollup: Rollup, places: Positions, beside: Grids) -> Flags:
    """Where a place had any to give out: a month of a stock-out says nothing of what is usual."""
    span = rollup.calendar.whole("month")
    nothing = np.full((len(places), len(rollup.months)), np.nan)
    closing, days, opening, received = (
        nothing if (grid := beside.get(each)) is None else grid.take(places, span)
        for each in (CLOSING, DAYS_OUT, OPENING, RECEIVED)
    )
    return np.asarray(~((closing <= 0) | (days > OUT_FOR) | (opening + received <= 0)))
