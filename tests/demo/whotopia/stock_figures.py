"""The stocks of the whole country, simulated, and the figures of the months that are shown."""

from datetime import date

import numpy as np

from demo.whotopia import epidemiology, logistics, stores
from demo.whotopia.logistics import Logistics
from demo.whotopia.world import World

SHOWN = 60


CONTRACEPTIVES = (
    "PILL_COC",
    "PILL_POP",
    "DMPA_IM",
    "DMPA_SC",
    "IMPLANT_LNG",
    "IMPLANT_ETN",
    "IUD_CU",
    "CONDOM_M",
    "CONDOM_F",
    "EC_LNG",
)


Country = tuple[World, epidemiology.Demand, stores.Stores, Logistics]


def simulated(today: date, seed: int = 1) -> Country:
    world = World.of(seed, today)
    demand = epidemiology.simulate(world)
    kept = stores.simulate(world, demand)
    return world, demand, kept, logistics.simulate(world, demand, kept)


def shown(form: Logistics, name: str) -> np.ndarray:
    return form.measures[name][:, :, -SHOWN:].astype(np.int64)


def rows(world: World, *codes: str) -> list[int]:
    return [world.catalogue.commodity(code) for code in codes]


def spread(world: World, form: Logistics, code: str, service: str) -> tuple[float, float]:
    """Median over facilities of use for one service, and of its robust log-SD over their own months."""
    row = world.catalogue.commodity(code)
    used = shown(form, "consumed")[row]
    done = form.served[world.catalogue.service(service)][:, -SHOWN:]
    fit = (used > 0) & (done > 5) & (shown(form, "stockout_days")[row] == 0)
    ratio = np.log(np.where(fit, used / done.clip(1), np.nan))[fit.sum(axis=1) > 30]
    own = np.nanmedian(ratio, axis=1, keepdims=True)
    return float(np.exp(np.nanmedian(own))), float(np.median(1.4826 * np.nanmedian(abs(ratio - own), axis=1)))
