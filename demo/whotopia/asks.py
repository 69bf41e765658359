"""What departments ask a store for, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from demo.whotopia.catalogue import LifeSaving
from demo.whotopia.epidemiology import Demand
from demo.whotopia.timeline import days, first_day
from demo.whotopia.world import World

DEPARTMENTS = (
    "Maternity",
    "Paediatrics",
    "Outpatients",
    "Theatre",
    "Family planning",
    "Emergency",
    "Medical ward",
    "Neonatal unit",
)
NEVER_CLOSED = (True, True, False, False, False, True, True, True)
SHARES: dict[str, dict[str, float]] = {
    "DE_1153696": {"Family planning": 0.7, "Outpatients": 0.3},
    "DE_1153697": {"Family planning": 0.85, "Maternity": 0.15},
    "DE_1153698": {"Family planning": 0.4, "Outpatients": 0.2, "Emergency": 0.4},
    "DE_1153699": {"Maternity": 0.7, "Theatre": 0.2, "Emergency": 0.1},
    "DE_1153700": {"Maternity": 0.65, "Theatre": 0.15, "Outpatients": 0.1, "Emergency": 0.1},
    "DE_1153701": {"Maternity": 0.8, "Theatre": 0.1, "Emergency": 0.1},
    "DE_1153702": {"Neonatal unit": 0.35, "Paediatrics": 0.25, "Medical ward": 0.2, "Theatre": 0.2},
    "DE_1153703": {"Maternity": 0.75, "Neonatal unit": 0.25},
    "DE_1153704": {"Maternity": 0.7, "Neonatal unit": 0.3},
    "DE_1153705": {"Neonatal unit": 0.5, "Maternity": 0.3, "Theatre": 0.2},
    "DE_1153706": {"Outpatients": 0.5, "Paediatrics": 0.35, "Emergency": 0.15},
    "DE_1153707": {"Paediatrics": 0.45, "Outpatients": 0.35, "Emergency": 0.2},
    "DE_1153708": {"Paediatrics": 0.5, "Outpatients": 0.5},
}
"""Of each life-saving item the departments that use it."""
WORKING = np.array([1.3, 1.1, 1.0, 1.0, 1.15, 0.08, 0.04])
ALWAYS = np.array([1.2, 1.05, 1.0, 1.0, 1.1, 0.6, 0.5])
HOLIDAYS = {(1, 1), (5, 1), (8, 7), (12, 25)}
DOSES_VARY, MONTHS_VARY = 0.25, 0.15
USUAL_POPULATION = 60_000
"""A hospital's catchment for which an item without services is asked for at its usual rate."""
OPENS, WORKDAY = 8 * 60, 8 * 60


@dataclass(frozen=True, slots=True)
class Ask:
    """A department asks for packs of an item. `luck` decides what goes wrong with it."""

    minute: int
    item: int
    department: int
    packs: int
    luck: tuple[float, float, float]


def expected(world: World, demand: Demand) -> npt.NDArray[np.float64]:
    """Packs that a month's patients need, before chance.

    Returns:
        `[item, store, month]`.
    """
    stores = world.places.stores()
    needed = [_need(world, demand, item, stores) for item in world.catalogue.life_saving]
    doses = [
        np.exp(
            world.chance.at("doses of a store", world.places.facilities[f].code).normal(
                0, DOSES_VARY, len(needed)
            )
        )
        for f in stores
    ]
    return np.asarray(np.stack(needed) * np.stack(doses, axis=1)[:, :, None])


def _need(
    world: World, demand: Demand, item: LifeSaving, stores: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    people = np.stack([world.places.population(m)[stores] for m in range(world.timeline.size)], axis=1)
    if item.like is None:
        return np.asarray(people / USUAL_POPULATION * item.other)
    product = world.catalogue.commodities[world.catalogue.commodity(item.like)]
    used = sum(
        (each * demand.wanted[world.catalogue.service(code)][stores] for code, each in product.uses.items()),
        start=people / 1000 * product.other,
    )
    return np.asarray(used / item.units)


def month_of_asks(world: World, code: str, month: int, need: Sequence[float]) -> list[list[Ask]]:
    """What a store is asked for in a month, by day, each day in the order of the clock.

    Args:
        world: the country.
        code: of the store.
        month: its number; always the whole month, whatever the day is.
        need: packs of each item that the month needs.
    """
    luck = world.chance.at("asks", code, month)
    packs = np.asarray(need) * luck.gamma(1 / MONTHS_VARY, MONTHS_VARY, len(need))
    wanted = packs[:, None] * _shares(world)
    size = 1 + 0.35 * np.sqrt(wanted)
    visits = luck.poisson((wanted / size)[None] * _weights(month)[:, None, :])
    found: list[list[Ask]] = [[] for _ in range(days(month))]
    for day, ask in _drawn(visits, size, luck):
        found[day].append(ask)
    for asks in found:
        asks.sort(key=lambda ask: ask.minute)
    return found


def _drawn(
    visits: npt.NDArray[np.int64], size: npt.NDArray[np.float64], luck: np.random.Generator
) -> Iterator[tuple[int, Ask]]:
    day, item, department = (np.repeat(index, visits[visits > 0]) for index in np.nonzero(visits))
    packs = 1 + luck.poisson(size[item, department] - 1)
    minutes = (OPENS + WORKDAY * luck.beta(1.3, 1.8, len(day))).astype(int)
    chances = luck.random((len(day), 3))
    rows = zip(day, minutes, item, department, packs, chances, strict=True)
    for d, minute, i, where, count, (a, b, c) in rows:
        ask = Ask(int(minute), int(i), int(where), int(count), (float(a), float(b), float(c)))
        yield int(d), ask


def _shares(world: World) -> npt.NDArray[np.float64]:
    """The share of each department in each item, `[item, department]`."""
    return np.array([[SHARES[i.code].get(d, 0.0) for d in DEPARTMENTS] for i in world.catalogue.life_saving])


def _weights(month: int) -> npt.NDArray[np.float64]:
    """The share of a month that falls on each day, `[day, department]`."""
    dates = [date.fromordinal(first_day(month).toordinal() + d) for d in range(days(month))]
    kinds = [6 if (d.month, d.day) in HOLIDAYS else d.weekday() for d in dates]
    weights = np.where(np.array(NEVER_CLOSED)[None], ALWAYS[kinds][:, None], WORKING[kinds][:, None])
    return np.asarray(weights / weights.sum(axis=0))
