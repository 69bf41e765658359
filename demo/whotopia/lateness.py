"""Who reports which month, and on which day the report reaches the DHIS2.

Completeness and timeliness differ by district, type and owner and from one facility to the next; some
facilities are silent for good, some for half a year and more; rain and strikes cost reports. Most of those
that come late do so by a week or two, a few by months, and now and then several months are sent on one day.
A part of the reports is provisional: some of their figures are put right weeks later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from demo.whotopia import seasons
from demo.whotopia.forms import LOGISTICS, Form
from demo.whotopia.happenings import STRIKE
from demo.whotopia.timeline import EPOCH, first_day, yyyymm
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.epidemiology import Demand

Days = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEVER = 10**7
"""A day that does not come; days are counted as `date.toordinal` does."""
TIMELY_DAYS = 15
COMPLETE, ON_TIME = 3.5, 2.15
"""Log-odds that the usual facility reports, and that a report is on time."""
BY_KIND = (-0.25, 0.0, 0.7)
BY_OWNER = {"public": 0.0, "faith-based": 0.35}
IN_RAIN, ON_STRIKE = 0.45, 2.2
"""Log-odds lost."""
SILENT, SILENT_REPORTS = 0.025, 0.08
"""Share of the facilities that are silent for good, and of their reports that come all the same."""
GAP, GAP_MONTHS = 0.0022, (6, 13)
"""Chance a month that a facility falls silent, and for how long."""
HELD, HELD_MONTHS = 0.006, (2, 5)
"""Chance a month that it begins to hold reports back, and how many months then come in one batch."""
PROVISIONAL = 0.06
LATER = {LOGISTICS: 0.15}
"""Log-odds by which logistics reports are rarer and later."""
RAINY = {seasons.ONE_RAIN: (6, 7, 8), seasons.TWO_RAINS: (4, 5, 9)}
"""Calendar months (January is 0) in which roads are bad."""


@dataclass(frozen=True)
class Arrivals:
    """When the reports of one form come, `[F, N]` each; a day is `NEVER` where there is none.

    Attributes:
        first: the day a report is first stored.
        revised: the day on which the figures of a provisional report are put right.
        silent: facilities that hardly ever report, `[F]`.
    """

    first: Days
    revised: Days
    silent: Flags

    @property
    def sent(self) -> Flags:
        """Whether a report comes, sooner or later."""
        return np.asarray(self.first < NEVER)

    @property
    def provisional(self) -> Flags:
        """Whether a report is put right later on."""
        return np.asarray(self.revised < NEVER)


@dataclass
class _Diligence:
    """What each facility is like, and what state it is in, `[F]` each.

    Attributes:
        complete, on_time: log-odds of reporting, and of doing so in time.
        gap: months that a silence still lasts.
        held_until, held_day: the month up to which reports are held back, and the day on which they come.
    """

    complete: Numbers
    on_time: Numbers
    silent: Flags
    gap: Days
    held_until: Days
    held_day: Days


def arrivals(world: World, demand: Demand, form: Form) -> Arrivals:
    """When each report of a form comes.

    Args:
        world: the country.
        demand: whose strikes cost reports.
        form: which says what is due; what was before its first month is lived through as well.
    """
    diligence = _diligence(world, form.name)
    hard = _hardship(world, demand.happenings)
    first = np.full(form.due.shape, NEVER, dtype=np.int64)
    revised = np.full(form.due.shape, NEVER, dtype=np.int64)
    for month in range(world.timeline.size):
        day, later = _month(world, form.name, diligence, month, hard[:, month])
        if month >= form.start:
            at = month - form.start
            first[:, at] = np.where(form.due[:, at], day, NEVER)
            revised[:, at] = np.where(first[:, at] < NEVER, later, NEVER)
    return Arrivals(first, revised, diligence.silent)


def _diligence(world: World, name: str) -> _Diligence:
    places, chance = world.places, world.chance
    size, district = places.size, places.district_of()
    shared, own = chance.at("diligence"), chance.at("diligence", name)
    both = shared.normal(0, (0.45, 0.55), (len(places.districts), 2))[district]
    both = both + shared.normal(0, 0.55, (size, 2)) + own.normal(0, 0.35, (size, 2))
    both = both + np.array(BY_KIND)[places.kinds()][:, None] - LATER.get(name, 0.0)
    both = both + np.array([BY_OWNER[f.owner] for f in places.facilities])[:, None]
    luck = np.minimum(shared.random(size), own.random(size))
    silent = luck <= np.quantile(luck, SILENT)
    none = np.zeros(size, dtype=np.int64)
    return _Diligence(COMPLETE + both[:, 0], ON_TIME + both[:, 1], silent, none, none.copy() - 1, none.copy())


def _hardship(world: World, happenings: list[dict[str, Any]]) -> Numbers:
    """Log-odds lost to rain and strikes, `[F, month]`."""
    places, months = world.places, world.timeline.size
    patterns = seasons.rains(places)
    rain = np.array([[(EPOCH + m) % 12 in RAINY[pattern] for m in range(months)] for pattern in patterns])
    hard = np.where(rain[places.region_of()], IN_RAIN, 0.0)
    areas = [{district.code, district.parent} for district in places.districts]
    public = np.array([facility.owner == "public" for facility in places.facilities])
    for strike in (h for h in happenings if h["kind"] == STRIKE):
        lasting = [strike["first"] <= yyyymm(m) <= strike["last"] for m in range(months)]
        there = np.array([strike["where"] in codes for codes in areas])[places.district_of()] & public
        hard[np.ix_(there, lasting)] += ON_STRIKE
    return np.asarray(hard)


def _month(world: World, name: str, who: _Diligence, month: int, hard: Numbers) -> tuple[Days, Days]:
    """The day of each facility's report on a month, and of its revision."""
    size, chance = world.places.size, world.chance.at("report", name, month)
    draw = chance.random((7, size))
    length = chance.integers(*GAP_MONTHS, size)
    who.gap = np.where((who.gap <= 0) & (draw[0] < GAP), length, who.gap - 1)
    odds = 1 / (1 + np.exp(hard - who.complete))
    comes = (draw[1] < np.where(who.silent, SILENT_REPORTS, odds)) & (who.gap <= 0)
    day = _working(_end(month) + _delay(draw[2] < 1 / (1 + np.exp(hard - who.on_time)), draw[3], draw[4]))
    day = _held(who, month, draw[5] < HELD, chance.integers(*HELD_MONTHS, size), day)
    later = _working(day + 8 + (50 * draw[4]).astype(np.int64))
    first = np.where(comes, day, NEVER)
    return first, np.where(comes & (draw[6] < PROVISIONAL), later, NEVER)


def _delay(on_time: Flags, early: Numbers, tail: Numbers) -> Days:
    """Days after the month's end: most of those on time come shortly before the deadline."""
    timely = 2 + np.floor((TIMELY_DAYS - 2) * np.sqrt(early))
    long = np.where(early < 0.1, 60 - 45 * np.log1p(-tail), TIMELY_DAYS + 1 - 10 * np.log1p(-tail))
    return np.asarray(np.where(on_time, timely, np.floor(long)), dtype=np.int64)


def _held(who: _Diligence, month: int, begins: Flags, months: Days, day: Days) -> Days:
    """Where reports are held back, the day on which they all come."""
    begins = begins & (who.held_until < month)
    last = month + months - 1
    ends = np.array([_end(m) for m in range(month, month + HELD_MONTHS[1])])
    who.held_until = np.where(begins, last, who.held_until)
    who.held_day = np.where(begins, _working(ends[months - 1] + TIMELY_DAYS - months), who.held_day)
    return np.asarray(np.where(who.held_until >= month, who.held_day, day))


def _end(month: int) -> int:
    """The last day of a month."""
    return first_day(month + 1).toordinal() - 1


def _working(day: Days) -> Days:
    """The day itself, or the Monday after a weekend (a Monday's `toordinal` leaves 1 divided by seven)."""
    weekday = (day - 1) % 7
    return np.asarray(np.where(weekday > 4, day + 7 - weekday, day))
