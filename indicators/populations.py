"""How many people there are: yearly estimates, kept apart from what is reported month by month.

An estimate is no report: nobody is late with it, it stretches no calendar, and it is never added over time.
A place's people are its own estimate; the sum of those below it only where nobody estimated the place itself.
Where a year has no estimate yet the latest one before stands in, for some years and no longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Flags, Floats
from indicators.hierarchy import Hierarchy
from indicators.periods import Calendar, month_number

POPULATION = "population"
YEAR = 12
Years = npt.NDArray[np.int32]


@dataclass(frozen=True)
class People:
    """How many people each unit has been estimated to have by itself, `[unit, month]`.

    Attributes:
        count: NaN where there is no estimate.
        year: of which year the estimate is; 0 where there is none.
    """

    count: Floats
    year: Years


@dataclass(frozen=True)
class Populations:
    """The estimates of a snapshot.

    Attributes:
        hierarchy: the units.
        items: id, form and source of each item of kind `population`, by its code.
        rows: position of the unit, code, year and value of each estimate, of one unit and year the last.
    """

    hierarchy: Hierarchy
    items: Mapping[str, Mapping[str, str]]
    rows: pd.DataFrame

    def own(self, code: str, calendar: Calendar, carried: int) -> People:
        """What is known of each unit itself, in each month of the calendar, until the unit is closed.

        Args:
            code: of an item of kind `population`; one that there is not has no estimates.
            calendar: the months.
            carried: for so many years an estimate stands in for a later one that nobody has made.
        """
        rows = self.rows[self.rows["code"] == code]
        years = np.unique(calendar.months // 100)
        first = int(years[0]) - carried
        grid = np.full((self.hierarchy.size, int(years[-1]) - first + 1), np.nan)
        inside = rows[rows["year"].between(first, int(years[-1]))]
        grid[inside["unit"].to_numpy(), inside["year"].to_numpy() - first] = inside["value"].to_numpy()
        count, year = _carried(grid, first, carried)
        columns = calendar.months // 100 - first
        there = _before_closing(self.hierarchy, calendar) & ~np.isnan(count[:, columns])
        return People(
            np.where(there, count[:, columns], np.nan), np.where(there, year[:, columns], 0).astype(np.int32)
        )


def _carried(grid: Floats, first: int, carried: int) -> tuple[Floats, Years]:
    """Gaps filled from the years before, `[unit, year]`, and of which year each estimate is."""
    count = grid.copy()
    year = np.where(np.isnan(grid), 0, np.arange(grid.shape[1]) + first).astype(np.int32)
    for _ in range(carried):
        gaps = np.isnan(count[:, 1:])
        count[:, 1:] = np.where(gaps, count[:, :-1], count[:, 1:])
        year[:, 1:] = np.where(gaps, year[:, :-1], year[:, 1:])
    return count, year


def _before_closing(hierarchy: Hierarchy, calendar: Calendar) -> Flags:
    """The months in which a unit is not closed yet, `[unit, month]`: its people are then somebody else's."""
    if "closed" not in hierarchy.units:
        return np.ones((hierarchy.size, calendar.size), dtype=bool)
    closed = pd.to_datetime(hierarchy.units["closed"])
    last = np.where(closed.isna(), 1 << 30, closed.dt.year * YEAR + closed.dt.month - 1)
    return np.asarray(np.arange(calendar.size)[None, :] + calendar.base <= last[:, None])


def climbed(hierarchy: Hierarchy, own: Floats) -> Floats:
    """Each unit's own amount; where it has none, the sum of those below it, `[unit, column]`; else NaN.

    >>> units = pd.DataFrame({
    ...     "id": ["n", "a", "b"], "name": "", "level": [1, 2, 2], "parent": [None, "n", "n"],
    ...     "first": [0, 1, 2], "last": [3, 2, 3]})
    >>> climbed(Hierarchy(units), np.array([[np.nan, 50], [10, 10], [20, 20]])).tolist()
    [[30.0, 50.0], [10.0, 10.0], [20.0, 20.0]]
    """
    total = own.copy()
    for depth in range(int(hierarchy.depth.max(initial=0)), 0, -1):
        rows = np.flatnonzero(hierarchy.depth == depth)
        above, known = hierarchy.parent[rows], ~np.isnan(total[rows])
        summed, some = np.zeros(own.shape), np.zeros(own.shape, dtype=bool)
        np.add.at(summed, above, np.where(known, total[rows], 0.0))
        np.logical_or.at(some, above, known)
        lacking = np.isnan(total) & some
        total[lacking] = summed[lacking]
    return total


def oldest(hierarchy: Hierarchy, years: Years) -> Years:
    """The year of the oldest estimate that a unit's people are made of, 0 where there is none."""
    found = np.where(years > 0, years, 1 << 30)
    for depth in range(int(hierarchy.depth.max(initial=0)), 0, -1):
        rows = np.flatnonzero(hierarchy.depth == depth)
        below = np.full(years.shape, 1 << 30)
        np.minimum.at(below, hierarchy.parent[rows], found[rows])
        found = np.where(years > 0, years, np.minimum(found, below))
    return np.where(found == 1 << 30, 0, found).astype(np.int32)


@dataclass
class Sieve:
    """Takes the estimates out of the values while these are read.

    Args:
        items: the items frame, those of kind `population` among them.
    """

    items: pd.DataFrame
    _taken: list[pd.DataFrame] = field(default_factory=list)

    @property
    def others(self) -> pd.DataFrame:
        """The items that are reported."""
        return self.items[self.items["kind"] != POPULATION].reset_index(drop=True)

    def reported(self, values: pd.DataFrame) -> pd.DataFrame:
        """The values of a frame that were reported; the estimates among them are kept."""
        ids = self.items.loc[self.items["kind"] == POPULATION, "id"]
        if ids.empty:
            return values
        estimates = values["item"].isin(ids)
        if not estimates.any():
            return values
        self._taken.append(values.loc[estimates, ["org_unit", "item", "month", "value"]])
        return values.loc[~estimates]

    def populations(self, hierarchy: Hierarchy) -> Populations:
        """The estimates that were kept."""
        known = self.items[self.items["kind"] == POPULATION]
        codes = dict(zip(known["id"], known["code"], strict=True))
        about = {
            str(row.code): {"id": str(row.id), "form": str(row.form), "source": str(row.source)}
            for row in known.itertuples()
        }
        none = pd.DataFrame({"org_unit": [], "item": [], "month": [], "value": []})
        rows = pd.concat(self._taken, ignore_index=True) if self._taken else none
        places = rows["org_unit"].astype(str).map(hierarchy.positions)
        found = pd.DataFrame({
            "unit": places, "code": rows["item"].astype(str).map(codes),
            "year": rows["month"].astype(np.int64) // 100, "value": rows["value"].astype(np.float64),
        }).dropna()  # fmt: skip
        found = found.astype({"unit": np.intp}).drop_duplicates(["unit", "code", "year"], keep="last")
        return Populations(hierarchy, about, found.reset_index(drop=True))


def years_of(start: int, months: int) -> tuple[int, int]:
    """First and last calendar year of a window.

    >>> years_of(202412, 3)
    (2024, 2025)
    """
    last = month_number(start) + months - 1
    return start // 100, last // YEAR
