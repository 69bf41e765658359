"""From the order to the delivery on the 14th: what the depots can fill, and what gets through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo.whotopia import depot
from demo.whotopia.pipeline import Pipeline
from demo.whotopia.timeline import yyyymm
from demo.whotopia.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MAXIMUM = np.array([3.7, 4.1, 4.5])
"""Months of stock that posts, centres and hospitals order up to."""
HOARDERS, HOARDED = 0.07, 1.7
"""Share of facilities that order more than they should, and how many times as much."""
MISSED = np.array([0.035, 0.025, 0.015])
"""How often the truck does not reach a post, a centre or a hospital in a month, before region and place."""
LATE = 0.65
"""Share of missed deliveries that come a month later; the others never do."""
SHORT, SHORTEST = 0.06, 0.25
"""Share of order lines that are filled in part, and the least part."""
REGIONAL = 0.006
"""How often a month begins a shortage of a commodity at one region's depot."""
SMALL = 2.0
"""A depot opens packs for those who use less than a pack in so many months."""


@dataclass(frozen=True)
class Luck:
    """What happens to one month's deliveries.

    Attributes:
        filled: share of each order line that leaves the depot, `[commodity, facility]`.
        late: whether the facility's delivery comes a month late, `[facility]`.
        never: whether it never comes, `[facility]`.
    """

    filled: Floats
    late: Flags
    never: Flags


class Supply:
    """The country's depots and roads.

    Args:
        world: where and when.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._region_of = world.places.region_of()
        kinds = world.places.kinds()
        months, size = world.timeline.size, world.places.size
        self._shape = (len(world.catalogue.commodities), size)
        chance = world.chance.at("habits of supply")
        hoards = chance.random(size) < HOARDERS
        self.maximum: Floats = MAXIMUM[kinds] * np.where(hoards, HOARDED, 1) * chance.lognormal(0, 0.08, size)
        roads = chance.lognormal(0, 0.5, len(world.places.regions))[self._region_of]
        self._missed = np.minimum(MISSED[kinds] * roads * chance.lognormal(0, 0.4, size), 0.25)
        self._central = depot.shortages(world.chance, months)
        self._sent = _cushioned(self._central)
        self._regional = _regional(world)
        self._pipeline = Pipeline(world)

    def luck(self, month: int) -> Luck:
        """What happens to the deliveries of a month, to be asked month after month."""
        chance = self._world.chance.at("deliveries", month)
        missed = chance.random(self._shape[1]) < self._missed
        late = missed & (chance.random(self._shape[1]) < LATE)
        short = chance.random(self._shape) < SHORT
        part = np.where(short, chance.uniform(SHORTEST, 0.9, self._shape), 1)
        depots = self._sent[:, month, None] * self._regional[:, self._region_of, month]
        return Luck(depots * part * self._pipeline.open(month), late, missed & ~late)

    def happenings(self) -> list[dict[str, object]]:
        """Shortages at the depots of the country, the regions and the districts, as they are written down."""
        places = self._world.places
        districts = np.where(self._pipeline.short(), 0.0, 1.0)
        areas = [
            ("WTP", self._central),
            *zip((r.code for r in places.regions), np.moveaxis(self._regional, 1, 0), strict=True),
            *zip((d.code for d in places.districts), np.moveaxis(districts, 1, 0), strict=True),
        ]
        return [
            {"kind": "depot shortage", "where": where, "commodity": commodity.code,
             "first": yyyymm(first), "last": yyyymm(last), "factor": round(float(row[first]), 2)}
            for where, shares in areas
            for commodity, row in zip(self._world.catalogue.commodities, shares, strict=True)
            for first, last in spells(row < 1)
        ]  # fmt: skip


def spells(flags: Flags) -> list[tuple[int, int]]:
    """First and last index of each run of True."""
    edges = np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def packs(units: Floats, pack: Floats) -> Ints:
    """Whole packs' units for an order: a begun pack is sent from its half on, and always the first.

    Args:
        units: wanted, not negative.
        pack: units in what the depot counts as one pack, same shape.
    """
    whole = np.floor(units / pack + 0.5)
    return (np.where((units > 0) & (whole == 0), 1, whole) * pack).astype(np.int64)


def pack_sizes(sizes: Ints, monthly: Floats) -> Floats:
    """Units in what the depot counts as one pack for each facility, `[commodity, facility]`.

    Args:
        sizes: units in the manufacturer's pack, `[commodity]`.
        monthly: what the facility uses in a month, `[commodity, facility]`.
    """
    whole = np.broadcast_to(sizes[:, None].astype(np.float64), monthly.shape)
    opened = np.maximum(1, np.floor(whole / 10))
    return np.where(monthly * SMALL < whole, opened, whole)


def _cushioned(central: Floats) -> Floats:
    """What reaches the regions when the central store lacks it: for a month, half comes from their own."""
    begins = (central < 1) & (np.concatenate([np.ones((len(central), 1)), central[:, :-1]], axis=1) == 1)
    return np.where(begins, (1 + central) / 2, central)


def _regional(world: World) -> Floats:
    """Share of orders that each region's depot can fill, `[commodity, region, month]`."""
    months, shape = world.timeline.size, (len(world.catalogue.commodities), len(world.places.regions))
    share = np.ones((*shape, months))
    for month in range(months):
        chance = world.chance.at("regional depots", month)
        begins, part = chance.random(shape) < REGIONAL, chance.uniform(0, 0.4, shape)
        lasts = chance.integers(1, 4, shape)
        for row, region in np.argwhere(begins):
            share[row, region, month : month + lasts[row, region]] = part[row, region]
    return share
