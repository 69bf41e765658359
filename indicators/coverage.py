"""Which places have services, commodities or both, and why a side is absent where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags
from indicators.hierarchy import Positions
from indicators.measures import COMMODITY, COUNT, SERVICE
from indicators.periods import Span
from indicators.rollup import Extract, Rollup, Series

# Why a side is absent; the page has a sentence for each in its catalogues.
NO_SERVICE_RECORDED = "no_service_recorded"
NO_COMMODITY_PAIRED = "no_commodity_paired"
REPORTED_ABOVE = "reported_above"
NO_FORM_HERE = "no_form_here"
NOT_CARRIED = "not_carried"
CLOSED = "closed"
NO_REPORT = "no_report"
OUTSIDE_GROUP = "outside_group"

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """One side of a pair as coverage sees it: its series, any of which having reported is data.

    Attributes:
        name: service or commodity.
        items: numbers of its items.
        series: the series looked at.
    """

    name: str
    items: tuple[int, ...]
    series: tuple[Series, ...]

    @classmethod
    def of(cls, name: str, items: tuple[int, ...], group: str | None) -> Side:
        """The services by their count; the commodities by consumption or stock."""
        measures = (COUNT,) if name == SERVICE else ("consumed", "closing")
        return cls(name, items, tuple(Series(measure, items, group) for measure in measures) if items else ())

    def ever_reported(self, extract: Extract) -> Flags:
        """Where the side has any expected report in the whole span, by unit."""
        flags: Flags = np.logical_or.reduce(extract.reported(self.series), axis=1)
        return flags


@dataclass(frozen=True)
class Absence:
    """Why a unit has no figure of a side.

    Attributes:
        code: one of this module's reasons.
        reported_by: the unit above that reports them instead (`reported_above`), else None.
    """

    code: str
    reported_by: str | None = None


@dataclass(frozen=True)
class OneSided:
    """A place that has one side only.

    Attributes:
        unit_id: the place.
        unit_name: its name.
        level: its level.
        present: the side that it has.
        absent: the side that it lacks, because of `code` (one of this module's reasons).
        reported_by: the unit above that reports it instead, else None.
    """

    unit_id: str
    unit_name: str
    level: int
    present: str
    absent: str
    code: str
    reported_by: str | None


@dataclass(frozen=True)
class Overlap:
    """How many places have data on each side and on both, arrays `[unit, period]`.

    Places are the units of `level` in a unit's subtree: the coarser of the two levels at which the sides
    report, so that services by district and commodities by facility meet in districts. A unit at or below
    that level is one place.
    """

    level: int
    service: Counts
    commodity: Counts
    both: Counts
    places: Counts


class Coverage:
    """The overlap of a pair's two sides over the hierarchy."""

    def __init__(self, rollup: Rollup, service: Side, commodity: Side) -> None:
        self._rollup = rollup
        self._sides = (service, commodity)
        levels = [rollup.due.level(side.items) for side in self._sides]
        self.level = min((level for level in levels if level is not None), default=0)

    @property
    def _is_place(self) -> Flags:
        flags: Flags = self._rollup.hierarchy.levels == self.level
        return flags

    @property
    def _places_below(self) -> npt.NDArray[np.intp]:
        hierarchy = self._rollup.hierarchy
        return self._rollup.keep(("places", self.level), lambda: (hierarchy.below(self._is_place),))[0]

    def overlap(self, extract: Extract) -> Overlap:
        """Places with data below each unit, by period."""
        hierarchy, positions, span = self._rollup.hierarchy, extract.positions, extract.span
        high = (hierarchy.levels[positions] < self.level) & (hierarchy.branch_of[positions] >= 0)
        counts = self._marks(extract).astype(np.int64)
        if high.any():
            first = self._rollup.calendar.around(span).index_of(span.start)
            branches = hierarchy.branch_of[positions[high]]
            for count, total in zip(counts, self._totals(span), strict=True):
                count[high] = total[branches, first : first + len(span)]
        places = np.where(high, self._places_below[positions], 1)
        return Overlap(
            self.level, counts[0], counts[1], counts[2], np.broadcast_to(places[:, None], counts[0].shape)
        )

    def absences(self, side: Side, extract: Extract) -> tuple[Absence | None, ...]:
        """For each unit, why a side has no figure in the whole span; None where it has."""
        return tuple(
            None if here else self._absence(side, extract, row)
            for row, here in enumerate(side.ever_reported(extract).tolist())
        )

    def one_sided(self, position: int, span: Span) -> tuple[list[OneSided], int]:
        """The places of a unit's subtree that have one side only over the span, and how many have any."""
        hierarchy = self._rollup.hierarchy
        within = np.arange(position, hierarchy.last[position])
        places = within[self._is_place[within]] if hierarchy.levels[position] <= self.level else within[:1]
        extract = Extract(self._rollup, places, span)
        flags = [side.ever_reported(extract) for side in self._sides]
        one = np.flatnonzero(flags[0] != flags[1]).tolist()
        found = [self._one_sided(extract, row, bool(flags[0][row])) for row in one]
        return found, int((flags[0] | flags[1]).sum())

    def _one_sided(self, extract: Extract, row: int, has_service: bool) -> OneSided:
        hierarchy, position = self._rollup.hierarchy, int(extract.positions[row])
        present, absent = self._sides if has_service else self._sides[::-1]
        why, level = self._absence(absent, extract, row), int(hierarchy.levels[position])
        about = hierarchy.ids[position], hierarchy.names[position], level
        return OneSided(*about, present.name, absent.name, why.code, why.reported_by)

    def _totals(self, span: Span) -> tuple[npt.NDArray[Any], ...]:
        """Places with data on each side and on both, for every unit that has units below it."""
        rollup, whole = self._rollup, self._rollup.calendar.around(span)

        def marks(positions: Positions) -> tuple[npt.NDArray[Any], ...]:
            here = self._is_place[positions]
            found = np.zeros((3, len(positions), len(whole)), dtype=np.int64)
            found[:, here] = self._marks(Extract(rollup, positions[here], whole))
            return tuple(found)

        return rollup.keep((self._sides, span.cut), lambda: rollup.hierarchy.gather(marks, None))

    def _marks(self, extract: Extract) -> npt.NDArray[np.bool_]:
        service, commodity = (extract.reported(side.series) for side in self._sides)
        return np.stack([service, commodity, service & commodity])

    def _absence(self, side: Side, extract: Extract, row: int) -> Absence:
        if not side.items:
            return Absence(NO_SERVICE_RECORDED if side.name == SERVICE else NO_COMMODITY_PAIRED)
        due, hierarchy, position = self._rollup.due, self._rollup.hierarchy, int(extract.positions[row])
        nearest = due.nearest_reporting(position, side.items)
        if nearest is None:
            return Absence(NO_FORM_HERE)
        if nearest != position:
            return Absence(REPORTED_ABOVE, hierarchy.ids[nearest])
        return Absence(self._why_silent(side, extract, row))

    def _why_silent(self, side: Side, extract: Extract, row: int) -> str:
        if not len(extract.span) or extract.expected(side.series)[row]:
            return NO_REPORT
        if extract.expected(Side.of(side.name, side.items, None).series)[row]:
            return OUTSIDE_GROUP
        return NOT_CARRIED if side.name == COMMODITY else CLOSED
