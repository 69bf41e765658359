"""Facility values and every ancestor's sums, held in memory for one version of the snapshot.

A unit's figure is its own plus that of every unit below it. Ancestors are summed once for each series and
grain and kept; a click gathers some rows of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.due import DueReports, Rules
from indicators.figures import Figures, Part, Recipe
from indicators.grid_builder import GridBuilder
from indicators.grids import Flags, Grid
from indicators.hierarchy import Amounts, Hierarchy, Positions
from indicators.kept import Kept, Near
from indicators.measures import reported_as
from indicators.periods import Calendar, Grain, Span
from indicators.populations import Populations, Sieve

Made = TypeVar("Made", bound="Amounts | Figures")

# Ancestors' sums and single units' figures are dropped, oldest use first, beyond this many bytes. All that
# first clicks on 24 pairs of 350 units and 61 months need is 340 MB: with less, one pair drives out another.
KEPT_BYTES, NEAR_BYTES = 256 << 20, 512 << 20


@dataclass(frozen=True)
class Frames:
    """The canonical frames that a roll-up is built from.

    Attributes:
        org_units: `id, code, name, level, parent, opened, closed, first, last`.
        items: `id, code, name, kind, form, source`.
        values: `org_unit, item, measure, month, months, value, state`, one frame or several in turn;
            categorical columns take a fraction of the memory of strings.
        assignments: `form, org_unit`.
        reports: `org_unit, form, month, months, registered`, one row a report received.
        groups: `group, name, org_unit`, for totals over a facility type or group.
        carried: `org_unit, item, carried`, set by hand; it overrules what the values say.
        form_items: `form, item, months, begins`: the forms that ask for each item, and the windows of their
            reports; None when each item is of its own form, month by month.
    """

    org_units: pd.DataFrame
    items: pd.DataFrame
    values: pd.DataFrame | Iterable[pd.DataFrame]
    assignments: pd.DataFrame
    reports: pd.DataFrame | None = None
    groups: pd.DataFrame | None = None
    carried: pd.DataFrame | None = None
    form_items: pd.DataFrame | None = None


@dataclass(frozen=True)
class Series:
    """What a line shows: a measure summed over items (numbers in `Rollup.items`), of all units or a group."""

    measure: str
    items: tuple[int, ...]
    group: str | None = None


class Extract:
    """The figures of some units over some periods, each series worked out once."""

    def __init__(self, rollup: Rollup, positions: Positions, span: Span) -> None:
        """Of units by position."""
        self.rollup, self.positions, self.span = rollup, positions, span
        self._figures: dict[Series, Figures] = {}
        self._reported: dict[tuple[Series, ...], Flags] = {}
        self._expected: dict[tuple[Series, ...], Flags] = {}

    def figures(self, series: Series) -> Figures:
        """The figures of one series, `[unit, period]`."""
        if series not in self._figures:
            self._figures[series] = self.rollup.figures(series, self.positions, self.span)
        return self._figures[series]

    def reported(self, any_of: tuple[Series, ...]) -> Flags:
        """Where any of some series has an expected report, `[unit, period]`."""
        if any_of not in self._reported:
            flags = np.zeros((len(self.positions), len(self.span)), dtype=bool)
            for series in any_of:
                flags |= self.figures(series).reported > 0
            self._reported[any_of] = flags
        return self._reported[any_of]

    def expected(self, any_of: tuple[Series, ...]) -> Flags:
        """Of which units any of some series expects a report in any period, `[unit]`."""
        if any_of not in self._expected:
            flags = np.zeros(len(self.positions), dtype=bool)
            for series in any_of:
                flags |= self.figures(series).expected.any(axis=1)
            self._expected[any_of] = flags
        return self._expected[any_of]


class Rollup:
    """Sums, n of N and coverage of any unit, for any item, measure and period.

    Attributes:
        hierarchy: the tree of units by position.
        calendar: the months of the data.
        items: the items frame, numbered by row; estimates of populations are not among them.
        populations: the estimates.
        grids: values by (item number, measure).
        due: which reports are expected.
        reports: the reports frame, or None.
        left_out: how many values named a unit or item that the frames lack, and are in no sum.
    """

    def __init__(self, frames: Frames, calendar: Calendar, grids: dict[tuple[int, str], Grid]) -> None:
        self.hierarchy = Hierarchy(frames.org_units)
        self.items = frames.items.reset_index(drop=True)
        self.calendar, self.grids, self.left_out = calendar, grids, 0
        self.populations: Populations = Sieve(frames.items).populations(self.hierarchy)
        self.due = DueReports(
            self.hierarchy,
            self.items,
            (calendar, grids),
            Rules(frames.assignments, frames.carried, frames.form_items),
        )
        self.reports, self._groups = frames.reports, frames.groups
        self._source: list[object] = self.items["source"].tolist()
        self._number = {code: i for i, code in reversed(list(enumerate(self.items["code"])))}
        self._kept, self.near = Kept(KEPT_BYTES), Near(self.hierarchy, NEAR_BYTES)

    @classmethod
    def build(cls, frames: Frames) -> Rollup:
        """Build the roll-up of one snapshot: grids of all values; sums follow when first asked for."""
        hierarchy = Hierarchy(frames.org_units)
        sieve = Sieve(frames.items)
        items = {item: i for i, item in enumerate(sieve.others["id"])}
        builder = GridBuilder(hierarchy.positions, items)
        for values in [frames.values] if isinstance(frames.values, pd.DataFrame) else frames.values:
            builder.add(sieve.reported(values))
        rollup = cls(replace(frames, items=sieve.others), *builder.finish())
        rollup.left_out = builder.left_out
        rollup.populations = sieve.populations(hierarchy)
        return rollup

    @property
    def units(self) -> pd.DataFrame:
        """The units, depth first."""
        return self.hierarchy.units

    @property
    def months(self) -> npt.NDArray[np.int32]:
        """The months of the data, `YYYYMM`, without gaps."""
        return self.calendar.months

    @cached_property
    def measures(self) -> frozenset[str]:
        """Every measure that any item has a value of."""
        return frozenset(measure for _, measure in self.grids)

    def position(self, unit: str) -> int:
        """The position of a unit by its id; KeyError names the unit."""
        return self.hierarchy.position(unit)

    def find(self, name: str) -> str:
        """The id of the unit with this id or code; KeyError names it."""
        return self.hierarchy.find(name)

    def children(self, unit: str) -> tuple[str, ...]:
        """Ids of the units directly below one."""
        return tuple(self.hierarchy.ids[i] for i in self.hierarchy.children(self.position(unit)))

    def ancestors(self, unit: str) -> tuple[str, ...]:
        """Ids from the root down to the unit's parent."""
        return tuple(self.hierarchy.ids[i] for i in self.hierarchy.ancestors(self.position(unit)))

    def numbers(self, codes: Iterable[str]) -> tuple[int, ...]:
        """Numbers of the items with these codes; a code that the snapshot lacks is passed over."""
        return tuple(self._number[code] for code in codes if code in self._number)

    def nearest_reporting(self, unit: str, codes: Iterable[str]) -> str | None:
        """The unit whose figures stand for these items here.

        The unit itself when it or anything below it reports them, else the nearest ancestor that does, else
        None.
        """
        found = self.due.nearest_reporting(self.position(unit), self.numbers(codes))
        return None if found is None else self.hierarchy.ids[found]

    def source(self, items: tuple[int, ...]) -> str:
        """Where the figures of some items come from."""
        return ", ".join(dict.fromkeys(str(self._source[item]) for item in items))

    def figures(self, series: Series, positions: Positions, span: Span) -> Figures:
        """Figures of units by position, each with all units below it, `[unit, period of the span]`."""
        whole = self.calendar.around(span)
        before = whole.index_of(span.start)
        columns = slice(before, before + len(span))
        branch = self.hierarchy.branch_of[positions]
        if branch.min(initial=0) >= 0:
            return self._totals(series, whole).pick(branch, columns)

        def own(at: Positions) -> Amounts:
            return self.own(series, at, whole).amounts()

        def work(at: Positions) -> Amounts:
            if self.hierarchy.branch_of[at].max() < 0:
                return own(at)
            return self.hierarchy.place(self._totals(series, whole).amounts(), own, at, None)

        found = self.near.of((series, whole.cut, "figures"), work, positions)
        return Figures(*(part[:, columns] for part in found))

    def own(self, series: Series, positions: Positions, span: Span) -> Figures:
        """Figures that units by position report themselves, without those below them, `[unit, period]`.

        They are shared with whoever asks the same: read them, but write nothing into them.
        """

        def work(at: Positions) -> Amounts:
            return self._recipe(series).own(at, span).amounts()

        return Figures(*self.near.of((series, span, "own"), work, positions))

    def placed(
        self, key: object, own: Callable[[Positions], Amounts], positions: Positions, members: Flags | None
    ) -> Amounts:
        """Amounts of units by position, each with all units below it: arrays `[unit, ...]`, shared.

        Args:
            key: tells what `own` gives from all else.
            own: each unit's own amounts, without those below it, whatever units are beside it; summable.
            positions: of whom.
            members: which units count at all; every one when None.
        """
        totals = self.keep(key, lambda: self.hierarchy.gather(own, members))
        return self.near.of(key, lambda at: self.hierarchy.place(totals, own, at, members), positions)

    def prepare(self, series_to_sum: Iterable[Series], grain: Grain = "month") -> None:
        """Sum the ancestors of some series ahead of the first click (`compare.all_series` lists a pair's)."""
        for series in series_to_sum:
            self._totals(series, self.calendar.whole(grain))

    def keep(self, key: object, make: Callable[[], Made]) -> Made:
        """What was made for a key before, or now; the least used goes when memory is short."""
        return self._kept.of(key, make)

    def members(self, group: str | None) -> Flags | None:
        """Which units belong to a group, by its id or name; None for no group.

        Raises:
            KeyError: the snapshot has no such group.
        """
        if group is None:
            return None
        rows = (
            None
            if self._groups is None
            else self._groups[(self._groups[["group", "name"]] == group).any(axis=1)]
        )
        if rows is None or rows.empty:
            raise KeyError(f"No group of units is called {group!r}.")
        return self.hierarchy.flags(rows["org_unit"])

    def _recipe(self, series: Series) -> Recipe:
        source = reported_as(series.measure)
        parts = [Part(self.grids.get((item, source)), self.due.mask(item)) for item in series.items]
        return Recipe(series.measure, parts, self.members(series.group))

    def _totals(self, series: Series, span: Span) -> Figures:
        """The sums of all units that have units below them, over the whole calendar."""

        def make() -> Figures:
            recipe = self._recipe(series)
            return Figures(
                *self.hierarchy.gather(
                    lambda positions: recipe.own(positions, span).amounts(), recipe.members
                )
            )

        return self.keep((series, span.cut), make)
