"""Which facility stocks which commodity, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from demo.whotopia.serving import NEEDS
from demo.whotopia.substitution import kin
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.epidemiology import Demand

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

HORIZON = 240
"""Months over which introductions and withdrawals are spread, whatever day it is."""
IDLE: Mapping[str, float] = {
    "family-planning": 0.41,
    "maternal": 0.06,
    "newborn": 0.10,
    "child": 0.02,
    "hiv": 0.02,
}
"""Programme -> share of the lines that lie idle at a health centre."""
IDLE_AT = np.array([1.15, 1.0, 0.5])
"""The same share at posts, centres and hospitals, as a multiple."""
NEVER_IDLE = ("HIV_RDT1", "TLD_30", "IRON_FOLATE", "CONDOM_M")
FOR_GOOD = 0.6
"""Share of them that have never been kept and stay on the form all the same."""
IDLE_MONTHS, TURNS = 8, 60
"""Months for which the others lie idle on average, and turns that are drawn for each."""
INTRODUCED, DROPPED = 0.10, 0.08
"""Share of the choices that are made, or given up, in the course of `HORIZON`."""
SELF_INJECTION = "DMPA_SC"
SELF_INJECTION_FROM = 24
"""DMPA-SC comes to the first districts in January 2021, to the last a year later."""


@dataclass(frozen=True)
class Assortment:
    """What facilities keep, `[commodity, facility, month + 1]`: the month after the present is known too.

    Attributes:
        listed: whether a commodity stands on the facility's form.
        stocked: whether the facility keeps it in fact. A line that lies idle stays on the form with nothing
            but zeros, as a third of the contraceptive lines in Côte d'Ivoire do.
    """

    listed: Flags
    stocked: Flags


def assortment(world: World, demand: Demand) -> Assortment:
    """Which facility keeps what, and when.

    Facilities hold to their choice; some take a commodity up later or give it up, and some lines lie idle for
    some months because nobody trained is there or the district does not send it. What a hospital's store
    counts is always kept, and so is what a service has nothing else for; nobody keeps what nothing at the
    facility uses.
    """
    chosen = _chosen(world) & _of_use(world, demand)
    needed = _needed(world, demand, chosen)
    chosen |= needed
    first, last = _terms(world)
    first[needed], last[needed] = 0, HORIZON
    stores = _stored(world)
    chosen[stores], first[stores], last[stores] = True, 0, HORIZON
    months = np.arange(world.timeline.size + 1)
    terms = (months >= first[:, :, None]) & (months < last[:, :, None])
    listed = chosen[:, :, None] & terms & world.places.open(len(months))
    idle = _idle(world, chosen, months)
    idle[stores] = False
    return Assortment(listed, listed & ~idle)


def _idle(world: World, chosen: Flags, months: Ints) -> Flags:
    """Whether a line lies idle, `[commodity, facility, month]`: always, or by turns.

    What always lies idle is made up for by another of its family: who gives a service has something for it.
    """
    share = np.array([IDLE.get(c.programme, 0.0) for c in world.catalogue.commodities])
    share[[c.code in NEVER_IDLE for c in world.catalogue.commodities]] = 0
    share = share[:, None] * IDLE_AT[world.places.kinds()]
    chance = world.chance.at("idle lines")
    never_kept = chance.random(share.shape) < share * FOR_GOOD
    family = kin(world.catalogue)
    made_up_for = (family.astype(int) @ (chosen & ~never_kept)) > 0
    never_kept &= made_up_for | (family.sum(axis=1) == 1)[:, None]
    share = share * (1 - FOR_GOOD) / (1 - share * FOR_GOOD)
    kept = IDLE_MONTHS * (1 - share) / np.maximum(share, 1e-9)
    idle = np.repeat(chance.random((*share.shape, 1)) < share[:, :, None], len(months), axis=2)
    mean = np.stack([np.where(idle[:, :, 0], IDLE_MONTHS, kept), np.where(idle[:, :, 0], kept, IDLE_MONTHS)])
    turn = np.zeros(share.shape)
    for number in range(TURNS):
        turn = turn + np.ceil(mean[number % 2] * chance.exponential(size=share.shape))
        idle ^= months >= turn[:, :, None]
    return idle | never_kept[:, :, None]


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


def _needed(world: World, demand: Demand, chosen: Flags) -> Flags:
    """What a facility must keep because a service that it gives has nothing else: who tests has tests."""
    needed = np.zeros_like(chosen)
    for code, needs in NEEDS.items():
        usual, *others = (world.catalogue.commodity(need) for need in needs)
        needed[usual] |= demand.offered[world.catalogue.service(code)] & ~chosen[others].any(axis=0)
    return needed


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
    rows, columns = np.ix_(np.array(like), world.places.stores())
    return rows, columns
