"""Whose movement it is, once more in plain Python: reporter by reporter, month by month.

It shares no line with `indicators.attribution`; what a place reported is what `SteadyOracle` says.
"""

import statistics
from collections import namedtuple

from tests.indicators.agreement import descendants
from tests.indicators.oracle_steady import LENGTHS

Moved = namedtuple("Moved", "change began silent before both n_began n_silent either")
FEWEST = 3


class AttributionOracle:
    """The changes of the reporters of one series (a `SteadyOracle`) in one period.

    Args:
        series: what was reported.
        at: number of the period among all of the data.
    """

    def __init__(self, series, at):
        self.series, self.at, self.period = series, at, series.periods[at]

    def pairs(self, place, reference):
        """(figure, reference) of each month of a flow's period, or of a stock's period; None where none."""
        if not self.series.flow:
            ends = [self.series.at_end(place, period) for period in self.series.periods]
            year = 12 // LENGTHS[self.series.grain]
            return [(ends[self.at], self.before(ends, self.at, self.at, year, reference))]
        first = self.series.oracle.first
        count = self.series.oracle.last + 1 - first
        course = [self.series.said(place, self.series.measure, first + m) for m in range(count)]
        begins = self.period[0] - first
        return [
            (course[m - first], self.before(course, m - first, begins, 12, reference)) for m in self.period
        ]

    @staticmethod
    def before(course, at, begins, year, reference):
        """What a figure is counted against: that of a year before, or the median of the year before."""
        if reference == "year_before":
            return course[at - year] if at >= year else None
        known = [v for v in course[max(begins - max(year // 2, 1) * 2, 0) : begins] if v is not None]
        return statistics.median(known) if len(known) >= min(FEWEST, year) else None

    def of(self, unit, reference):
        """The sums of a unit and all below it."""
        places = descendants(self.series.world, unit)
        if self.series.group:
            places = [place for place in places if place in self.series.world.group]
        moves = [self.one(place, reference) for place in places]
        return Moved(*(sum(part) for part in zip(*moves, strict=True))) if moves else Moved(*[0] * 8)

    def one(self, place, reference):
        """Amounts of one reporter, and whether it is of those that are counted."""
        pairs = self.pairs(place, reference)
        both = [(now, then) for now, then in pairs if now is not None and then is not None]
        began = [now for now, then in pairs if now is not None and then is None]
        silent = [then for now, then in pairs if now is None and then is not None]
        return Moved(
            sum(now - then for now, then in both),
            sum(began),
            sum(silent),
            sum(then for _, then in both) + sum(silent),
            *(bool(each) for each in (both, began, silent, both or began or silent)),
        )

    def reference(self, unit):
        """What stands against it: the year before where anybody reported both, else the median."""
        found = [each for each in ("year_before", "twelve_months") if self.of(unit, each).both]
        return found[0] if found else "none"
