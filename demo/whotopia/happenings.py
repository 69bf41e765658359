"""What befalls the services: epidemics, campaigns, strikes and a change of policy, each kept for the record.

A year's happenings are drawn with the year, so that what is to come does not change what was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from demo.whotopia import seasons
from demo.whotopia.places import Places
from demo.whotopia.timeline import EPOCH, number, yyyymm
from demo.whotopia.world import World

Numbers = npt.NDArray[np.float64]

ALL_SERVICES = "*"
EPIDEMICS = {"MAL_CONFIRMED": ("malaria upsurge", 0.025), "DIARRHOEA_ORS_ZINC": ("diarrhoea outbreak", 0.012)}
"""Service -> what an epidemic of it is called, and how often one begins in a district in a year."""
SPREAD, MOST_NEIGHBOURS = 0.45, 2
"""How probably an epidemic reaches each of its two first neighbours, a month later."""
FIRST_CAMPAIGN, CAMPAIGN_EVERY = 2020, 2
"""Measles campaigns: the first year, and every second one."""
STRIKE, STRIKES = "strike", 0.5
"""How probably the public staff of one region goes on strike in a year."""
POLICY_YEAR = 2023
TESTED = (0.80, 0.94)
"""Share of fevers tested before and after "test before you treat" reaches a region."""
PLANNING = {"FP_PILL": 1.3, "FP_INJ3": 1.5, "FP_IMPLANT": 2.6, "FP_IUD": 2.2}


@dataclass(frozen=True)
class Happening:
    """Something that multiplied a service somewhere for a while.

    Attributes:
        kind: e.g. "malaria upsurge".
        where: code of a district or a region.
        service: code of the service, or `ALL_SERVICES`. An upsurge of malaria moves fevers and tests with it.
        first, last: months, YYYYMM.
        factor: what it multiplied the expected number by.
    """

    kind: str
    where: str
    service: str
    first: int
    last: int
    factor: float


def happenings(world: World) -> list[Happening]:
    """All that began up to the present month, in the order in which it began; what goes on ends with it."""
    present = world.timeline.months[-1]
    years = range(EPOCH // 12, present // 100 + 1)
    kinds: tuple[Callable[[World, int], Iterator[Happening]], ...] = (
        _epidemics,
        _measles_campaign,
        _planning_campaign,
        _strike,
        _policy,
    )
    found = [happening for year in years for kind in kinds for happening in kind(world, year)]
    begun = [
        Happening(**{**asdict(happening), "last": min(happening.last, present)})
        for happening in found
        if happening.first <= present
    ]
    return sorted(begun, key=lambda happening: (happening.first, happening.kind, happening.where))


def records(found: list[Happening]) -> list[dict[str, Any]]:
    """The happenings as they are written down."""
    return [asdict(happening) for happening in found]


def factors(places: Places, found: list[Happening], months: int) -> Numbers:
    """What the happenings together multiply a facility's numbers by, `[facility, month]`."""
    area = [{district.code, district.parent} for district in places.districts]
    district_of = places.district_of()
    public = np.array([facility.owner == "public" for facility in places.facilities])
    result = np.ones((places.size, months))
    for happening in found:
        there = np.array([happening.where in codes for codes in area])[district_of]
        if happening.kind == STRIKE:
            there &= public
        result[there, number(happening.first) : number(happening.last) + 1] *= happening.factor
    return result


def neighbours(places: Places) -> list[list[int]]:
    """Of each district the numbers of those that share a border with it."""
    corners = [{*district.outline} for district in places.districts]
    return [
        [other for other, theirs in enumerate(corners) if other != own and len(mine & theirs) > 1]
        for own, mine in enumerate(corners)
    ]


def _month(year: int, index: float) -> int:
    """The month of a year by its index from 0; more than 11 is the next year."""
    return yyyymm(year * 12 + int(index) - EPOCH)


def _epidemics(world: World, year: int) -> Iterator[Happening]:
    beside = neighbours(world.places)
    for service, (kind, rate) in EPIDEMICS.items():
        onsets = _onsets(world, service)
        for here, district in enumerate(world.places.districts):
            luck = world.chance.at("epidemic", service, year, district.code)
            begins, start = luck.random() < rate, int(luck.choice(12, p=onsets[here]))
            lasts, factor = int(luck.integers(2, 4)), luck.uniform(2.0, 4.0)
            reached = luck.random(MOST_NEIGHBOURS) < SPREAD
            weaker, order = luck.uniform(0.6, 0.95, MOST_NEIGHBOURS), luck.random(12)
            if not begins:
                continue
            yield _epidemic((kind, service), district.code, (year, start, lasts), factor)
            near = sorted(beside[here], key=lambda other: order[other % 12])[:MOST_NEIGHBOURS]
            for other, comes, milder in zip(near, reached, weaker, strict=False):
                if comes:
                    code = world.places.districts[other].code
                    yield _epidemic(
                        (kind, service), code, (year, start + 1, lasts), max(2.0, factor * milder)
                    )


def _epidemic(what: tuple[str, str], code: str, when: tuple[int, int, int], factor: float) -> Happening:
    kind, service = what
    year, start, lasts = when
    return Happening(
        kind, code, service, _month(year, start), _month(year, start + lasts - 1), round(float(factor), 2)
    )


def _onsets(world: World, service: str) -> Numbers:
    """How probably an epidemic begins in each calendar month, `[district, 12]`: with the rising season."""
    if service == "MAL_CONFIRMED":
        year = seasons.malaria(world)
    else:
        year = np.tile(seasons.other("diarrhoea"), (len(world.places.districts), 1))
    weight = np.roll(year, -1, axis=1) ** 2
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _measles_campaign(world: World, year: int) -> Iterator[Happening]:
    """Every second year all regions vaccinate more children in a month, and fewer come in the next."""
    if year < FIRST_CAMPAIGN or (year - FIRST_CAMPAIGN) % CAMPAIGN_EVERY:
        return
    month = int(world.chance.at("measles campaign", year).integers(1, 11))
    for region in world.places.regions:
        factor = world.chance.at("measles campaign", year, region.code).uniform(2.2, 3.4)
        for kind, at, times in (("measles campaign", 0, factor), ("after the measles campaign", 1, 0.75)):
            when = _month(year, month + at)
            yield Happening(kind, region.code, "MEASLES1", when, when, round(times, 2))


def _planning_campaign(world: World, year: int) -> Iterator[Happening]:
    """Each year one region invites to family planning for two months."""
    luck = world.chance.at("planning campaign", year)
    region = world.places.regions[int(luck.integers(len(world.places.regions)))]
    month, stronger = int(luck.integers(2, 10)), luck.uniform(0.9, 1.2)
    for service, factor in PLANNING.items():
        last = _month(year, month + 1)
        times = round(factor * stronger, 2)
        yield Happening("family planning campaign", region.code, service, _month(year, month), last, times)


def _strike(world: World, year: int) -> Iterator[Happening]:
    luck = world.chance.at("strike", year)
    strikes, region = (
        luck.random() < STRIKES,
        world.places.regions[int(luck.integers(len(world.places.regions)))],
    )
    month, lasts, factor = int(luck.integers(12)), int(luck.integers(1, 3)), luck.uniform(0.35, 0.6)
    if strikes:
        last = _month(year, month + lasts - 1)
        yield Happening(STRIKE, region.code, ALL_SERVICES, _month(year, month), last, round(factor, 2))


def _policy(world: World, year: int) -> Iterator[Happening]:
    """Region after region tests before it treats; it stays so."""
    if year != POLICY_YEAR:
        return
    for region in world.places.regions:
        month = int(world.chance.at("policy", region.code).integers(2, 11))
        factor = round(TESTED[1] / TESTED[0], 3)
        yield Happening(
            "test before treating", region.code, "MAL_TESTED", _month(year, month), 999912, factor
        )
