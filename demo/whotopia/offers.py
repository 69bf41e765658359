"""Which facility offers which service, and how much of it beside what its population would have."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from demo.whotopia.catalogue import TYPES
from demo.whotopia.world import World

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

OFFERED = {
    "DELIVERIES": (0.55, 1.0, 1.0),
    "HIV_TESTED": (0.0, 0.85, 1.0),
    "HIV_ON_ART": (0.0, 0.6, 1.0),
    "FP_IMPLANT": (0.0, 0.85, 1.0),
    "FP_IUD": (0.0, 0.6, 0.95),
    "SAM_TREATED": (0.0, 0.6, 0.9),
    "PENTA1": (0.9, 1.0, 0.9),
    "MAL_SEVERE": (0.0, 0.7, 1.0),
    "FP_PILL": (0.95, 1.0, 1.0),
    "FP_INJ3": (0.95, 1.0, 1.0),
}
"""Share of the posts, centres and hospitals that offer a service, where it is not all that may."""
TOGETHER = {
    "PPH": "DELIVERIES",
    "ECLAMPSIA": "DELIVERIES",
    "NEO_SEPSIS": "DELIVERIES",
    "HIV_POSITIVE": "HIV_TESTED",
    "PENTA3": "PENTA1",
    "MEASLES1": "PENTA1",
}
"""Offered where another is."""
SPREAD = {
    "malaria": 0.65,
    "hiv": 0.70,
    "family-planning": 0.60,
    "maternal": 0.50,
    "newborn": 0.50,
    "child": 0.60,
    "nutrition": 0.60,
    "immunisation": 0.35,
}
"""Log-spread of a facility's level around its population's share, by programme.

With the spread of the populations it comes to 1.1 for malaria and 1.0 for antenatal care over all facilities.
"""
OWN_SPREAD = 0.15
"""Log-spread of one service around its programme in the same facility."""


def offered(world: World) -> Flags:
    """Whether a facility offers a service at all, `[service, facility]`."""
    kinds = world.places.kinds()
    luck = {service.code: world.chance.at("offers", service.code) for service in world.catalogue.services}
    codes = [service.code for service in world.catalogue.services]
    result = np.zeros((len(codes), world.places.size), dtype=np.bool_)
    for number, service in enumerate(world.catalogue.services):
        may = np.array([kind in service.at for kind in TYPES])[kinds]
        share = np.array(OFFERED.get(service.code, (1.0, 1.0, 1.0)))[kinds]
        result[number] = may & (luck[service.code].random(world.places.size) < share)
    for code, other in TOGETHER.items():
        number = codes.index(code)
        may = np.array([kind in world.catalogue.services[number].at for kind in TYPES])[kinds]
        result[number] = may & result[codes.index(other)]
    result[codes.index("HIV_ON_ART")] &= result[codes.index("HIV_TESTED")]
    return result


def levels(world: World) -> Numbers:
    """What a facility's numbers are, as a multiple of its population's share, `[service, facility]`."""
    programmes = sorted({service.programme for service in world.catalogue.services})
    own = world.chance.at("levels", "services")
    deviation = {
        name: world.chance.at("levels", name).standard_normal(world.places.size) for name in programmes
    }
    result = []
    for service in world.catalogue.services:
        spread = SPREAD[service.programme]
        drawn = spread * deviation[service.programme] + OWN_SPREAD * own.standard_normal(world.places.size)
        result.append(np.exp(drawn - (spread**2 + OWN_SPREAD**2) / 2))
    return np.array(result)
