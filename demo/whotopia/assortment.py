"""Which facility stocks which commodity, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.epidemiology import Demand

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

HORIZON = 240
"""Months over which introductions and withdrawals are spread, whatever day it is."""
INTRODUCED = 0.14
DROPPED = 0.12
SELF_INJECTION = "DMPA_SC"
SELF_INJECTION_FROM = 24
"""DMPA-SC comes to the first districts in January 2021, to the last a year later."""


def carried(world: World, demand: Demand) -> Flags:
    """Whether a facility stocks a commodity, `[commodity, facility, month + 1]`: the month after the present one too.

    Facilities keep to their choice; some take a commodity up later or give it up. What a hospital's store counts
    it always stocks, and nobody stocks what nothing at the facility uses.
    """
    chosen = _chosen(world) & _of_use(world, demand)
    first, last = _terms(world)
    chosen[_stored(world)] = True
    first[_stored(world)] = 0
    last[_stored(world)] = HORIZON
    months = np.arange(world.timeline.size + 1)
    terms = (months >= first[:, :, None]) & (months < last[:, :, None])
    stocked: Flags = chosen[:, :, None] & terms & world.places.open(len(months))
    return stocked


def _chosen(world: World) -> Flags:
    shares = np.array([c.carried for c in world.catalogue.commodities])
    luck = world.chance.at("assortment").random((len(shares), world.places.size))
    chosen: Flags = luck < shares[:, world.places.kinds()]
    return chosen


def _of_use(world: World, demand: Demand) -> Flags:
    users = [[s.code in c.uses for s in world.catalogue.services] for c in world.catalogue.commodities]
    other = np.array([c.other > 0 for c in world.catalogue.commodities])
    of_use: Flags = (np.array(users) @ demand.offered) | other[:, None]
    return of_use


def _terms(world: World) -> tuple[Ints, Ints]:
    """First month of each choice and the one after its last, `[commodity, facility]`."""
    shape = (len(world.catalogue.commodities), world.places.size)
    chance = world.chance.at("introductions")
    first = np.where(chance.random(shape) < INTRODUCED, chance.integers(1, HORIZON, shape), 0)
    last = np.where(chance.random(shape) < DROPPED, chance.integers(1, HORIZON, shape), HORIZON)
    districts = SELF_INJECTION_FROM + chance.integers(0, 13, len(world.places.districts))
    arrival = districts[world.places.district_of()] + chance.integers(0, 5, world.places.size)
    row = world.catalogue.commodity(SELF_INJECTION)
    first[row] = np.maximum(first[row], arrival)
    return first, last


def _stored(world: World) -> tuple[Ints, Ints]:
    like = [world.catalogue.commodity(item.like) for item in world.catalogue.life_saving if item.like]
    rows, columns = np.ix_(like, world.places.stores())
    return rows, columns
