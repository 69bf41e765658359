"""The stores' own form "Life-Saving Commodities", which agrees with their slips, and yearly populations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from demo.whotopia.people import store_account
from demo.whotopia.registrations import Registration
from demo.whotopia.rows import Block
from demo.whotopia.timeline import first_day, number, yyyymm
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.stores import Stores

DATA_SET = "DS_1153709"
OPTIONS = {"consumed": "Consumption", "closing": "End Balance", "ordered": "Quantity to be ordered"}
"""Measure of the stores -> option of the form."""
SETTLED = (1, 5)
"""Days after the month's end at which its last figures are written."""
POPULATIONS = {"POP_TOTAL": 1.0, "POP_UNDER1": 0.035, "POP_UNDER5": 0.162, "POP_WOMEN_15_49": 0.238}
"""Element -> its share of all people, as in young African populations."""
ESTIMATED = (1, 20)
"""Month and day on which a year's populations are stored."""
ESTIMATED_BY = "admin"
"""Who stores them, for the whole country at once."""


def blocks(world: World, stores: Stores) -> Iterator[Block]:
    """Balances of the stores by item, from the first month kept to the present one as it stands today.

    The form's elements do not keep a zero, so nothing is written for one.
    """
    months = range(world.timeline.first_stored, world.timeline.size)
    codes = [world.places.facilities[number].code for number in world.places.stores()]
    keepers = [store_account(world.places, code) for code in codes]
    stored = {month: _stored(world, month) for month in months}
    for item, life_saving in enumerate(world.catalogue.life_saving):
        for measure, option in OPTIONS.items():
            figures = stores.measures[measure][item]
            at = [(h, m) for h in range(len(codes)) for m in months if figures[h, m]]
            yield Block(
                element=life_saving.code,
                option=option,
                units=[codes[h] for h, _ in at],
                periods=[str(yyyymm(m)) for _, m in at],
                values=[str(int(figures[h, m])) for h, m in at],
                stored=[stored[m][h] for h, m in at],
                clerks=[keepers[h] for h, _ in at],
            )


def registrations(world: World) -> Iterator[Registration]:
    """The stores' months that are settled."""
    for month in range(world.timeline.first_stored, world.timeline.size):
        for store, day in zip(world.places.stores(), _days(world, month), strict=True):
            code = world.places.facilities[store].code
            if day <= world.timeline.today:
                yield DATA_SET, str(yyyymm(month)), code, day.isoformat(), store_account(world.places, code)


def populations(world: World) -> Iterator[Block]:
    """People of each catchment in each year given out, of the facilities open at the year's beginning."""
    timeline, places = world.timeline, world.places
    opens, district = places.open(timeline.size), places.district_of()
    for element, share in POPULATIONS.items():
        block = Block(element, "", [], [], [], [], [])
        own = 1 + world.chance.at("population", element).normal(0, 0.02, len(places.districts))[district]
        for year in range(timeline.months[timeline.first_shown] // 100, timeline.today.year + 1):
            month, day = number(year * 100 + 1), date(year, *ESTIMATED)
            people = places.population(month) * (share * own if share < 1 else 1)
            there = np.flatnonzero(opens[:, month] & (day <= timeline.today)).tolist()
            block.units.extend(places.facilities[n].code for n in there)
            block.periods.extend([str(year)] * len(there))
            block.values.extend(str(round(float(people[n]))) for n in there)
            block.stored.extend([day.isoformat()] * len(there))
            block.clerks.extend([ESTIMATED_BY] * len(there))
        yield block


def _days(world: World, month: int) -> list[date]:
    """The day on which each store settles a month."""
    waits = world.chance.at("settled", month).integers(*SETTLED, len(world.places.stores()))
    return [first_day(month + 1) + timedelta(days=int(wait) - 1) for wait in waits]


def _stored(world: World, month: int) -> list[str]:
    return [min(day, world.timeline.today).isoformat() for day in _days(world, month)]
