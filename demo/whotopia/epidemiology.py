"""How many people come for each service: population, level, season, trend, what happens, and chance.

The expected number of a facility's month is

    base x population x level of the facility x season x trend of the district x happenings x exp(AR(1)),

and what is counted is negative binomial around it, var = mu + alpha mu^2, with alpha 0.04 to 0.10 times a
lognormal of the facility: routine counts vary more than chance alone (docs/whotopia.md). What follows from
another number, tests from fevers and complications from deliveries, is drawn from it: no cascade breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from demo.whotopia import cascades, happenings, offers, seasons
from demo.whotopia.happenings import ALL_SERVICES, Happening
from demo.whotopia.world import World

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]

SEASON = {
    "DIARRHOEA_ORS_ZINC": "diarrhoea",
    "PNEUMONIA_U5": "pneumonia",
    "SAM_TREATED": "malnutrition",
    "FP_PILL": "planning",
    "FP_INJ3": "planning",
    "FP_IMPLANT": "planning",
    "FP_IUD": "planning",
    "ANC1": "antenatal",
    "ANC4": "antenatal",
    "IPTP": "antenatal",
    "DELIVERIES": "births",
    "PENTA1": "immunisation",
    "PENTA3": "immunisation",
    "MEASLES1": "immunisation",
}
LATER = {"ANC4": ("ANC1", 3), "IPTP": ("ANC1", 1), "PENTA3": ("PENTA1", 2)}
"""What follows a first visit, so many months later."""
RETURN_SPREAD, MOST_RETURN = 0.08, 0.97
"""Log-spread of the share that comes back, over facilities, and the most that a usual month has."""
TREND, TREND_KEPT = 0.08, 0.7
"""A district's yearly growth: its spread, and how much of it lasts into the next year."""
DRIFT, DRIFT_KEPT = 0.08, 0.5
"""AR(1) of a facility's service: spread of its monthly steps, and how much lasts into the next month."""
ALPHA, ALPHA_SPREAD = (0.04, 0.10), 0.5
"""Overdispersion: range over services, and log-spread over facilities."""
MALARIA_FEVERS = 0.5
"""Share of fevers that are malaria over a usual year; the others hardly have a season."""
BY_DAYS = 0.4
"""Numbers of ambulant visits go with the month's working days to this power."""


@dataclass(frozen=True)
class Demand:
    """Who comes for what.

    Attributes:
        wanted: people who come in a month, `[service, facility, month]`; 0 where not offered or closed. The
            present month is whole too, though nobody has counted yet what comes after today.
        offered: whether a facility offers a service, `[service, facility]`.
        happenings: epidemics, campaigns, strikes and policies as kind, where, service, first, last, factor.
    """

    wanted: Counts
    offered: npt.NDArray[np.bool_]
    happenings: list[dict[str, Any]]


@dataclass(frozen=True)
class Expected:
    """What is expected before the last chance.

    Attributes:
        visits: of services that are counted by themselves, `[service, facility, month]`.
        positivity: share of the tested fevers that are malaria, `[facility, month]`.
        tested: share of the fevers that are tested, `[facility, month]`.
    """

    visits: Numbers
    positivity: Numbers
    tested: Numbers


def simulate(world: World) -> Demand:
    """Who comes for what, from January 2019 to the present month."""
    found = happenings.happenings(world)
    offered = offers.offered(world)
    counted = _counted(world, _expected(world, found))
    counted[~offered] = 0
    counted *= world.places.open(world.timeline.size)
    counted[world.catalogue.service("HIV_ON_ART")] = cascades.on_treatment(
        world, counted, offered[world.catalogue.service("HIV_ON_ART")]
    )
    return Demand(counted.astype(np.int32), offered, happenings.records(found))


def overdispersion(world: World) -> Numbers:
    """Alpha of each facility's service, `[service, facility]`."""
    services, facilities = len(world.catalogue.services), world.places.size
    alpha = world.chance.at("overdispersion", "services").uniform(*ALPHA, services)
    own = world.chance.at("overdispersion", "facilities").standard_normal((services, facilities))
    return np.asarray(alpha[:, None] * np.exp(ALPHA_SPREAD * own))


def _expected(world: World, found: list[Happening]) -> Expected:
    months = world.timeline.size
    people = np.stack([world.places.population(month) for month in range(months)], axis=1) / 1000
    base = np.array([service.base for service in world.catalogue.services])
    usual = (base[:, None] * offers.levels(world))[:, :, None] * people * _trend(world)
    visits = usual * _season(world) * _drift(world) * _by_days(world)
    for number, service in enumerate(world.catalogue.services):
        happened = [h for h in found if h.service in {service.code, ALL_SERVICES}]
        visits[number] *= happenings.factors(world.places, happened, months)
    for code, (first, later) in LATER.items():
        visits[world.catalogue.service(code)] = _following(world, visits, (code, first, later))
    fever = world.catalogue.service("MAL_FEVER")
    malaria, others = _fevers(world, found)
    visits[fever] *= malaria + others
    tests = [h for h in found if h.service == "MAL_TESTED"]
    tested = happenings.TESTED[0] * happenings.factors(world.places, tests, months)
    return Expected(visits, malaria / (malaria + others), tested)


def _following(world: World, visits: Numbers, what: tuple[str, str, int]) -> Numbers:
    """The later visits of those who came first, at the catalogue's ratio and a facility's own."""
    code, first, later = what
    services = world.catalogue.services
    ratio = services[world.catalogue.service(code)].base / services[world.catalogue.service(first)].base
    own = np.exp(RETURN_SPREAD * world.chance.at("following", code).standard_normal(world.places.size))
    source = visits[world.catalogue.service(first)]
    lagged = np.concatenate([np.repeat(source[:, :1], later, axis=1), source], axis=1)[:, : source.shape[1]]
    return np.asarray(lagged * np.minimum(ratio * own, max(ratio, MOST_RETURN))[:, None])


def _fevers(world: World, found: list[Happening]) -> tuple[Numbers, Numbers]:
    """Malaria and other fevers as multiples of all fevers of a usual month, each `[facility, month]`."""
    month = seasons.calendar(world.timeline.size)
    upsurges = [h for h in found if h.service == "MAL_CONFIRMED"]
    factor = happenings.factors(world.places, upsurges, world.timeline.size)
    malaria = MALARIA_FEVERS * seasons.malaria(world)[world.places.district_of()][:, month] * factor
    others = (1 - MALARIA_FEVERS) * seasons.other("fever")[month]
    return malaria, np.broadcast_to(others, malaria.shape)


def _season(world: World) -> Numbers:
    """Season of what is not malaria, `[service, facility, month]`, as multiples."""
    month = seasons.calendar(world.timeline.size)
    north = np.array([rain == seasons.ONE_RAIN for rain in seasons.rains(world.places)])
    northern = north[world.places.region_of()]
    result = np.ones((len(world.catalogue.services), world.places.size, len(month)))
    for code, name in SEASON.items():
        later = 1.5 if name in {"diarrhoea", "pneumonia"} else 0.0
        stronger = 1.5 if name == "malnutrition" else 1.0
        number = world.catalogue.service(code)
        result[number, northern] = seasons.other(name, later, stronger)[month]
        result[number, ~northern] = seasons.other(name)[month]
    return result


def _trend(world: World) -> Numbers:
    """Growth of each district beside its population's, `[facility, month]`; it changes from year to year."""
    months, steps = world.timeline.size, []
    yearly = np.zeros(len(world.places.districts))
    for year in range(-(-months // 12)):
        luck = world.chance.at("trend", year).standard_normal(len(world.places.districts))
        kept = TREND_KEPT if year else 0.0
        yearly = kept * yearly + np.sqrt(1 - kept**2) * TREND * luck
        steps.append(np.repeat(yearly[:, None] / 12, 12, axis=1))
    trend = np.exp(np.cumsum(np.concatenate(steps, axis=1)[:, :months], axis=1))
    return np.asarray(trend[world.places.district_of()])


def _drift(world: World) -> Numbers:
    """exp(AR(1)) of each facility's service, `[service, facility, month]`."""
    shape = (len(world.catalogue.services), world.places.size)
    value, values = np.zeros(shape), []
    for month in range(world.timeline.size):
        value = DRIFT_KEPT * value + DRIFT * world.chance.at("drift", month).standard_normal(shape)
        values.append(value)
    return np.exp(np.stack(values, axis=2))


def _by_days(world: World) -> Numbers:
    """The little that a month's working days do, `[service, 1, month]`; births do not wait for them."""
    days = seasons.working_days(world.timeline.size) ** BY_DAYS
    births = np.array([service.code == "DELIVERIES" for service in world.catalogue.services])
    return np.where(births[:, None], 1.0, days)[:, None, :]


def _counted(world: World, expected: Expected) -> npt.NDArray[np.int64]:
    """Counts of every month, each with luck of its own."""
    shape = 1 / overdispersion(world)
    ratios = cascades.Ratios.of(world)
    return np.stack([*_months(world, expected, shape, ratios)], axis=2)


def _months(
    world: World, expected: Expected, shape: Numbers, ratios: cascades.Ratios
) -> Iterator[npt.NDArray[np.int64]]:
    for month in range(world.timeline.size):
        luck = world.chance.at("visits", month)
        mean = expected.visits[:, :, month] * luck.standard_gamma(shape) / shape
        counts = luck.poisson(mean).astype(np.int64)
        malaria = (expected.tested[:, month], expected.positivity[:, month])
        yield cascades.drawn(counts, malaria, ratios, world.chance.at("cascades", month))
