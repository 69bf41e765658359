"""Draws the districts of Whotopia and puts its facilities in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from demo.whotopia import names, outlines
from demo.whotopia.chance import Chance
from demo.whotopia.timeline import EPOCH, number

Polygon = tuple[tuple[float, float], ...]

FACILITIES = 324
CENTRES = 110
STORES = 20
WITHOUT_HOSPITAL, WITH_TWO = 2, 2
"""How many districts have no hospital, and how many a faith-based one besides."""
CATCHMENT = {"post": (5_200, 0.55), "centre": (12_500, 0.55), "hospital": (34_000, 0.45)}
"""Median and log-spread of the people who live around a facility of each type in January 2019."""
FAITH = {"post": 0.06, "centre": 0.2, "hospital": 0.0}
GROWTH = (0.017, 0.034)
"""Range of the districts' growth of population a year."""
NEW, CLOSING = 14, 10
CHANGES = (number(201903), number(203312))
"""So many facilities open, and as many others close, between these months: at least 300 are always open."""
NEVER = 10**6
FIRST_YEARS = (1962, 2017)
QUARTERLY_REGION, GROUPS = "R5", "ABC"


@dataclass(frozen=True)
class Area:
    """A region or a district.

    Attributes:
        outline: a closed ring of longitude and latitude.
        parent: a code.
        growth: of its population a year, e.g. 0.025; 0 for regions, which grow as their districts do.
    """

    code: str
    name: str
    parent: str
    outline: Polygon
    growth: float = 0.0


@dataclass(frozen=True)
class Facility:
    """A health post, centre or hospital.

    Attributes:
        kind: one of `catalogue.TYPES`.
        owner: "public" or "faith-based".
        population: of the catchment in January 2019.
        opened, closed: number of the first and the last month (`timeline`), negative before 2019; `NEVER`.
        group: "A", "B" or "C" where logistics reports are quarterly, else "".
        store: whether it is one of the hospitals with daily slips.
    """

    code: str
    name: str
    district: str
    kind: str
    owner: str
    longitude: float
    latitude: float
    population: int
    phone: str
    opened: int
    closed: int
    group: str
    store: bool


def areas(chance: Chance) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
    """Regions and districts, each in the order of its codes."""
    rings, bricks = outlines.district_rings(chance), outlines.bricks()
    luck = chance.at("districts")
    towns, growth = names.villages(luck, len(bricks)), luck.uniform(*GROWTH, len(bricks))
    districts = tuple(
        Area(f"D{n + 1:02}", towns[n], f"R{bricks[n][2]}", rings[n], round(float(growth[n]), 4))
        for n in range(len(bricks))
    )
    regions = tuple(
        Area(f"R{n}", name, "WTP", outlines.union(d.outline for d in districts if d.parent == f"R{n}"))
        for n, name in enumerate(names.REGIONS, 1)
    )
    return regions, districts


def facilities(chance: Chance, districts: tuple[Area, ...]) -> tuple[Facility, ...]:
    """All facilities that there ever are, district by district, hospitals first."""
    planned = _planned(chance, districts)
    stores = _stores(chance, planned)
    changed = _changes(chance, [kind for _, kind, _ in planned])
    towns = _towns(chance, districts, planned)
    return tuple(
        _facility(chance, n, plan, towns[plan[0].code], (n in stores, changed.get(n)))
        for n, plan in enumerate(planned)
    )


Plan = tuple[Area, str, str]


def _planned(chance: Chance, districts: tuple[Area, ...]) -> list[Plan]:
    """District, type and owner of every facility."""
    luck = chance.at("facilities")
    order = luck.permutation(len(districts))
    hospitals = np.ones(len(districts), dtype=int)
    hospitals[order[:WITHOUT_HOSPITAL]] = 0
    hospitals[order[-WITH_TWO:]] = 2
    weights = luck.lognormal(0.0, 0.3, len(districts))
    centres = _shared_out(CENTRES, weights, 1)
    posts = _shared_out(FACILITIES - CENTRES - int(hospitals.sum()), weights, 3)
    planned: list[Plan] = []
    for district, *counts in zip(districts, hospitals, centres, posts, strict=True):
        for kind, count in zip(("hospital", "centre", "post"), counts, strict=True):
            draws = luck.random(40)
            for n in range(int(count)):
                faith = draws[n] < FAITH[kind] or (kind == "hospital" and n > 0)
                planned.append((district, kind, "faith-based" if faith else "public"))
    return planned


def _shared_out(total: int, weights: np.ndarray, least: int) -> list[int]:
    """Whole numbers of that total, at least `least` each, by weight (largest remainders)."""
    exact = (total - least * len(weights)) * weights / weights.sum()
    given = exact.astype(int)
    remaining = total - least * len(weights) - int(given.sum())
    given[np.argsort(given - exact, kind="stable")[:remaining]] += 1
    return [int(n) + least for n in given]


def _stores(chance: Chance, planned: list[Plan]) -> set[int]:
    """The numbers of the hospitals with daily slips: one of every region, then others."""
    hospitals = [n for n, plan in enumerate(planned) if plan[1] == "hospital"]
    drawn = [int(n) for n in chance.at("stores").permutation(hospitals)]
    first: dict[str, int] = {}
    for n in drawn:
        first.setdefault(planned[n][0].parent, n)
    others = [n for n in drawn if n not in first.values()]
    return {*first.values(), *others[: STORES - len(first)]}


def _changes(chance: Chance, kinds: list[str]) -> dict[int, tuple[str, int]]:
    """Which facilities open or close in the simulated time, and in which month; never hospitals."""
    luck = chance.at("openings")
    who = luck.permutation([n for n, kind in enumerate(kinds) if kind != "hospital"])[: NEW + CLOSING]
    first, last = CHANGES
    step = (last - first) / NEW, (last - first) / CLOSING
    opened = {int(n): first + int((i + luck.random()) * step[0]) for i, n in enumerate(who[:NEW])}
    closed = {int(n): first + int((i + luck.random()) * step[1]) for i, n in enumerate(who[NEW:])}
    return {n: ("opened", m) for n, m in opened.items()} | {n: ("closed", m) for n, m in closed.items()}


def _towns(chance: Chance, districts: tuple[Area, ...], planned: list[Plan]) -> dict[str, names.Villages]:
    luck = chance.at("villages")
    towns = [district.name for district in districts]
    drawn = [v for v in names.villages(luck, FACILITIES * 2) if v not in towns]
    shared, own = drawn[: names.SHARED_VILLAGES], drawn[names.SHARED_VILLAGES :]
    counts = Counter(plan[0].code for plan in planned)
    found, start = {}, 0
    for district in districts:
        end = start + counts[district.code] + 4
        own_of_it = [district.name, *own[start:end]]
        found[district.code] = names.Villages(own_of_it, shared, chance.at("villages", district.code))
        start = end
    return found


def _facility(
    chance: Chance, n: int, plan: Plan, towns: names.Villages, fate: tuple[bool, tuple[str, int] | None]
) -> Facility:
    (district, kind, owner), code, (store, changed) = plan, f"F{n + 1:03}", fate
    luck = chance.at("facility", code)
    median, spread = CATCHMENT[kind]
    year, month = luck.integers(*FIRST_YEARS), luck.integers(12)
    longitude, latitude = outlines.somewhere(district.outline, luck, 0.35 if kind == "hospital" else 0.95)
    change = dict([changed]) if changed else {}
    return Facility(
        code=code,
        name=towns.facility(kind, owner),
        district=district.code,
        kind=kind,
        owner=owner,
        longitude=longitude,
        latitude=latitude,
        population=int(median * np.exp(spread * np.clip(luck.standard_normal(), -2.2, 2.2))),
        phone="+999 " + " ".join(f"{pair:02}" for pair in (7, *luck.integers(0, 100, 4))),
        opened=change.get("opened", int(year * 12 + month) - EPOCH),
        closed=change.get("closed", NEVER),
        group=GROUPS[n % len(GROUPS)] if district.parent == QUARTERLY_REGION else "",
        store=store,
    )
