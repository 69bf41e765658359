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
        """(figure, reference, meant) of each month of a flow's period, or of a stock's; None where none.

        Meant is whether the place is counted: a zero both times of what it does not carry says nothing.
        """
        if not self.series.flow:
            course = [self.end(place, period) for period in self.series.periods]
            return [self.pair(course, self.at, self.at, 12 // LENGTHS[self.series.grain], reference)]
        first = self.series.oracle.first
        months = range(first, self.series.oracle.last + 1)
        course = [self.told(place, self.series.said(place, self.series.measure, m), [m]) for m in months]
        begins = self.period[0] - first
        return [self.pair(course, m - first, begins, 12, reference) for m in self.period]

    def end(self, place, period):
        """A stock of a period, and whether it is a report."""
        return self.told(place, self.series.at_end(place, period), period)

    def told(self, place, figure, months):
        """A figure, and whether it is a report: one that is expected, or other than zero."""
        said = self.series.oracle
        expected = any(
            self.came(place, item, month) and said.due(place, item, month)
            for item in self.series.items
            for month in months
        )
        return figure, bool(figure) or (figure is not None and expected)

    def came(self, place, item, month):
        """Whether a place said anything of the measure of one product."""
        found = self.series.oracle.flow if self.series.flow else self.series.oracle.stock
        return found(place, item, self.series.measure, month) is not None

    @staticmethod
    def pair(course, at, begins, year, reference):
        """A figure with what it is counted against: that of a year before, or the year's median."""
        if reference == "year_before":
            against = course[at - year : at - year + 1] if at >= year else []
        else:
            against = course[max(begins - max(year // 2, 1) * 2, 0) : begins]
        known = [figure for figure, _ in against if figure is not None]
        enough = known and (reference == "year_before" or len(known) >= min(FEWEST, year))
        then = statistics.median(known) if enough else None
        meant = course[at][1] or (then is not None and any(each for _, each in against))
        return course[at][0], then, meant

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
        both = [each for each in pairs if each[0] is not None and each[1] is not None]
        began = [each for each in pairs if each[0] is not None and each[1] is None]
        silent = [each for each in pairs if each[0] is None and each[1] is not None]
        counted = (any(meant for *_, meant in each) for each in (both, began, silent, both + began + silent))
        return Moved(
            sum(now - then for now, then, _ in both),
            sum(now for now, *_ in began),
            sum(then for _, then, _ in silent),
            sum(then for _, then, _ in both + silent),
            *counted,
        )

    def reference(self, unit):
        """What stands against it: the year before where anybody reported both, else the median."""
        found = [each for each in ("year_before", "twelve_months") if self.of(unit, each).both]
        return found[0] if found else "none"
