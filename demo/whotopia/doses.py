"""What people need of each commodity in a month: services times doses that differ by facility, plus noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from demo.whotopia.catalogue import Catalogue
from demo.whotopia.substitution import kin, strengths
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.epidemiology import Demand

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Spread:
    """How far a commodity's use strays from the guideline.

    Attributes:
        dose: log-SD of the facilities' own doses around the guideline's; they keep theirs.
        noise: overdispersion of a month's use given the services, variance = mean + noise * mean squared.
    """

    dose: float
    noise: float


TIGHT = Spread(0.05, 0.004)
CLOSE = Spread(0.10, 0.03)
LOOSE = Spread(0.25, 0.20)
PLANNED = Spread(0.25, 0.12)
SPREADS: Mapping[str, Spread] = {
    **dict.fromkeys(("MAL_RDT", "HIV_RDT1", "PENTA", "MEASLES_V", "TLD_30"), TIGHT),
    **dict.fromkeys(("ACT_6X1", "ACT_6X2", "ACT_6X3", "ACT_6X4", "SP", "LLIN", "HIV_RDT2", "ZINC"), CLOSE),
    **dict.fromkeys(("PILL_COC", "PILL_POP", "DMPA_IM", "DMPA_SC", "IUD_CU", "EC_LNG"), PLANNED),
    **dict.fromkeys(("IMPLANT_LNG", "IMPLANT_ETN"), PLANNED),
    **dict.fromkeys(("CONDOM_M", "CONDOM_F"), Spread(0.25, 0.38)),
}
"""Chosen so that reported consumption varies as it does in Côte d'Ivoire (contraceptives 0.27 to 0.42,
condoms 0.54), of which services, stock-outs and substitutes make a part; fixed doses stray less."""
DISTRICT_NOISE = 0.3
"""Share of a commodity's log-SD that the facilities of a district have in common in a month."""


class Needs:
    """A month's need of each commodity at each facility.

    Args:
        world: where and when.
        demand: who comes for what.
        stocked: whether a facility stocks a commodity, `[commodity, facility, month]`.
    """

    def __init__(self, world: World, demand: Demand, stocked: Flags) -> None:
        self._world = world
        self._wanted = demand.wanted
        self._stocked = stocked
        self._open = world.places.open(world.timeline.size)
        self._uses = uses(world.catalogue)
        self._other = np.array([c.other for c in world.catalogue.commodities]) / 1000
        self._noise = np.array([_spread(c.code).noise for c in world.catalogue.commodities])
        self._doses = _doses(world)
        self._strengths = strengths(world.catalogue)[:, None]
        self._kin = kin(world.catalogue).astype(float)

    def mean(self, month: int) -> Floats:
        """What the people of this month would be given by the guideline and the facility's habits.

        Returns:
            Dispensing units, `[commodity, facility]`; what a facility does not stock is asked for as what it
            stocks of the same family.
        """
        people = self._world.places.population(month) * self._open[:, month]
        need = (self._uses @ self._wanted[:, :, month] + self._other[:, None] * people) * self._doses
        strength = need * self._strengths
        kept = strength * self._stocked[:, :, month]
        family, stocked = self._kin @ strength, self._kin @ kept
        return need * self._stocked[:, :, month] * family / np.where(stocked > 0, stocked, 1)

    def draw(self, month: int, mean: Floats) -> Ints:
        """A month's need as it turned out.

        Args:
            month: its number.
            mean: see `mean`.

        Returns:
            Dispensing units, `[commodity, facility]`.
        """
        chance = self._world.chance.at("need", month)
        places = self._world.places
        noise = self._noise[:, None]
        own = chance.gamma(np.broadcast_to(1 / noise, mean.shape)) * noise
        spread = DISTRICT_NOISE * np.sqrt(noise)
        shared = np.exp(spread * chance.standard_normal((len(noise), len(places.districts))))
        drawn: Ints = chance.poisson(mean * own * shared[:, places.district_of()])
        return drawn


def uses(catalogue: Catalogue) -> Floats:
    """Units of each commodity for one of each service, `[commodity, service]`."""
    table = [[c.uses.get(s.code, 0.0) for s in catalogue.services] for c in catalogue.commodities]
    return np.array(table)


def _spread(code: str) -> Spread:
    return SPREADS.get(code, LOOSE)


def _doses(world: World) -> Floats:
    spread = np.array([_spread(c.code).dose for c in world.catalogue.commodities])[:, None]
    luck = world.chance.at("doses").standard_normal((len(spread), world.places.size))
    return np.exp(spread * luck)
