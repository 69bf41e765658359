"""Service coverage: services given, over those that the people of a place should have been given.

Pooled: services of the months over people x share x services each x months / 12, of the places whose people
are known. What was given where nobody knows the people is in neither, and said. Months in which services were
not reported stay in the denominator: n of N says how many these are. More than 100 % is shown: people come
from elsewhere, are counted twice, or are more than was estimated.

Sources: WHO, Analysis and use of health facility data: guidance for immunization programme managers (2021);
WHO, UNICEF, Assessing and improving the accuracy of target population estimates (2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indicators.folding import summed
from indicators.grids import Floats
from indicators.hierarchy import Amounts, Positions
from indicators.measures import COUNT
from indicators.periods import Span
from indicators.populations import YEAR, Years, climbed, oldest
from indicators.question import Subject
from indicators.rates import over
from indicators.rollup import Rollup, Series
from indicators.rules import Target

COVERAGE = "coverage"


@dataclass(frozen=True)
class Covered:
    """Coverage of some units, arrays `[unit, period]`.

    Attributes:
        services: given, at the places whose people are known.
        expected_services: of the same places; 0 where nobody's people are known.
        reported: reports of services that these stand on, unit-months.
        expected: reports that were expected, of places without an estimate too.
        outside: services given where the people are not known, in neither number.
        year: of the oldest estimate that stands in it; 0 where there is none.
    """

    services: Floats
    expected_services: Floats
    reported: Floats
    expected: Floats
    outside: Floats
    year: Years

    def parts(self) -> Amounts:
        """Numerator (NaN where nobody reported), denominator, n and N."""
        given = np.where(self.reported > 0, self.services, np.nan)
        return given, self.expected_services, self.reported, self.expected

    @property
    def value(self) -> Floats:
        """Services over those expected; NaN where the people are not known or nobody reported."""
        return over(*self.parts()[:2])

    @property
    def why(self) -> npt.NDArray[np.str_]:
        """Why there is no value: "population" (not known), "services" (not reported); "" where there is."""
        lacking = np.where(self.expected_services > 0, "services", "population")
        return np.where(np.isnan(self.value), lacking, "")


def expected_services(people: npt.ArrayLike, share: float, each: float, months: float) -> Floats:
    """How many services a population should have been given.

    Formula: people x share x services each x months / 12. Unit: services.

    >>> expected_services(12_000, 0.04, 1, 3).tolist()
    120.0
    """
    return np.asarray(np.asarray(people, dtype=np.float64) * share * each * months / YEAR)


def coverage(services: npt.ArrayLike, people: npt.ArrayLike, target: Target, months: float) -> float:
    """Services of some places over those expected of their people.

    Args:
        services: given over the months, NaN not reported: the people are there all the same.
        people: how many there are; NaN not known, so that the services are in neither number.
        target: of whom the service is expected.
        months: how many months the services are of.

    Returns:
        A share of 1, which may be more; NaN where the people of no place are known, or none of them reported.

    >>> round(coverage([100, 140, 30], [12_000, 12_000, float("nan")], Target("P", share=0.04), 3), 3)
    1.0
    """
    given, there = (np.asarray(each, dtype=np.float64) for each in (services, people))
    known = ~np.isnan(there)
    if np.isnan(given[known]).all():
        return float("nan")
    due = expected_services(there[known], target.share, target.each, months).sum()
    return float(over(np.nan_to_num(given[known]).sum(), due))


class _Monthly(NamedTuple):
    """What periods are folded of, `[unit, month]`."""

    services: Floats
    people: Floats
    reported: Floats
    expected: Floats
    outside: Floats
    year: Floats


def covered(
    rollup: Rollup, target: Target, subject: Subject, where: tuple[Positions, Span, str | None]
) -> Covered:
    """Coverage of units by position over the periods of a span.

    Args:
        rollup: the figures.
        target: of whom the services are expected.
        subject: the services, by code.
        where: the units, the periods, and the group that everything is restricted to.
    """
    positions, span, group = where
    key = ("coverage", target, subject, group)
    found = rollup.keep(key, lambda: _monthly(rollup, target, subject, group))
    monthly = _Monthly(*(part[positions][:, span.columns] for part in found))
    people, year = np.nan_to_num(monthly.people), monthly.year
    youngest = np.where(year > 0, year, np.inf)
    old = np.minimum.reduceat(youngest, span.edges, axis=1)
    return Covered(
        services=summed(monthly.services, span),
        expected_services=summed(expected_services(people, target.share, target.each, 1), span),
        reported=summed(monthly.reported, span),
        expected=summed(monthly.expected, span),
        outside=summed(monthly.outside, span),
        year=np.where(np.isinf(old), 0, old).astype(np.int32),
    )


def _monthly(rollup: Rollup, target: Target, subject: Subject, group: str | None) -> Amounts:
    """Everything by month, of every unit."""
    hierarchy, calendar = rollup.hierarchy, rollup.calendar
    own = rollup.populations.own(target.population, calendar, target.carried)
    members = rollup.members(group)
    known = ~np.isnan(own.count) & (True if members is None else members[:, None])
    series = Series(COUNT, rollup.numbers(subject.codes), group)
    figures = rollup.figures(series, np.arange(hierarchy.size), calendar.whole("month"))

    def within(amounts: npt.NDArray[np.float64]) -> Floats:
        """Of a unit's amounts what belongs to places whose people are known."""
        return np.nan_to_num(climbed(hierarchy, np.where(known, amounts, np.nan)))

    services = within(figures.value)
    return _Monthly(
        services=services,
        people=climbed(hierarchy, np.where(known, own.count, np.nan)),
        reported=within(figures.reported.astype(np.float64)),
        expected=figures.expected.astype(np.float64),
        outside=figures.value - services,
        year=oldest(hierarchy, np.where(known, own.year, 0).astype(np.int32)).astype(np.float64),
    )
