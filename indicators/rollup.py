"""Facility values and every ancestor's sums, held in memory for one version of the snapshot.

A unit's figure is its own plus that of every unit below it. Ancestors are summed once for each series and
grain and kept; a click gathers some rows of them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.due import DueReports, Rules
from indicators.figures import Figures, Part, Recipe
from indicators.grid_builder import GridBuilder
from indicators.grids import Flags, Grid
from indicators.hierarchy import Hierarchy, Positions
from indicators.measures import reported_as
from indicators.periods import Calendar, Grain, Span
from indicators.populations import Populations, Sieve

Kept = TypeVar("Kept", bound="tuple[npt.NDArray[Any], ...] | Figures")

# Ancestors' sums are dropped, oldest use first, beyond this many bytes.
KEPT_BYTES = 256 << 20
# Own figures of so many units are kept too, for so many questions: one click asks for those of a district's
# facilities a dozen times over. While ancestors are summed more come together, each once.
FEW_UNITS, RECENT_OWN = 256, 128


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
        self._kept: OrderedDict[object, Figures | tuple[npt.NDArray[Any], ...]] = OrderedDict()
        self._own: OrderedDict[object, Figures] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

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
        branch = self.hierarchy.branch_of[positions]
        high, whole = branch >= 0, self.calendar.around(span)
        before = whole.index_of(span.start)
        columns = slice(before, before + len(span))
        if not high.any():
            return self.own(series, positions, whole).pick(slice(None), columns)
        totals = self._totals(series, self._recipe(series), whole)
        if high.all():
            return totals.pick(branch, columns)
        if high[0] and not high[1:].any():
            first = slice(int(branch[0]), int(branch[0]) + 1)
            below = self.own(series, positions[1:], whole).pick(slice(None), columns)
            return totals.pick(first, columns).above(below)
        below = self.own(series, positions[~high], whole).pick(slice(None), columns)
        both = totals.pick(branch[high], columns).above(below)
        return both.pick(np.argsort(np.argsort(~high, kind="stable")), slice(None))

    def own(self, series: Series, positions: Positions, span: Span) -> Figures:
        """Figures that units by position report themselves, without those below them, `[unit, period]`.

        They are shared with whoever asks the same: read them, but write nothing into them.
        """
        if len(positions) > FEW_UNITS:
            return self._recipe(series).own(positions, span)
        key = (series, positions.tobytes(), span)
        with self._lock:
            if key in self._own:
                self._own.move_to_end(key)
                return self._own[key]
        made = self._recipe(series).own(positions, span)
        with self._lock:
            self._own[key] = made
            if len(self._own) > RECENT_OWN:
                self._own.popitem(last=False)
        return made

    def prepare(self, series_to_sum: Iterable[Series], grain: Grain = "month") -> None:
        """Sum the ancestors of some series ahead of the first click (`compare.all_series` lists a pair's)."""
        for series in series_to_sum:
            self._totals(series, self._recipe(series), self.calendar.whole(grain))

    def keep(self, key: object, make: Callable[[], Kept]) -> Kept:
        """What was made for a key before, or now; the least used goes when memory is short."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[return-value]
        made = make()
        self._store(key, made)
        return made

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

    def _totals(self, series: Series, recipe: Recipe, span: Span) -> Figures:
        """The sums of all units that have units below them, over the whole calendar."""

        def make() -> Figures:
            return Figures(
                *self.hierarchy.gather(
                    lambda positions: recipe.own(positions, span).amounts(), recipe.members
                )
            )

        return self.keep((series, span.cut), make)

    def _store(self, key: object, made: Figures | tuple[npt.NDArray[Any], ...]) -> None:
        with self._lock:
            self._bytes += 0 if key in self._kept else _size(made)
            self._kept[key] = made
            while self._bytes > KEPT_BYTES and len(self._kept) > 1:
                self._bytes -= _size(self._kept.popitem(last=False)[1])


def _size(made: Figures | tuple[npt.NDArray[Any], ...]) -> int:
    return sum(array.nbytes for array in (made.amounts() if isinstance(made, Figures) else made))
