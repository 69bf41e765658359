"""What is lost of the facilities' stocks: what expires, breaks, spoils or is stolen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from demo.whotopia.world import World

Ints = npt.NDArray[np.int64]

LIFE: Mapping[str, int] = {
    **dict.fromkeys(("PENTA", "MEASLES_V"), 12),
    **dict.fromkeys(("OXYTOCIN", "MAL_RDT", "HIV_RDT1", "HIV_RDT2", "TLD_30", "RUTF"), 15),
    **dict.fromkeys(("ACT_6X1", "ACT_6X2", "ACT_6X3", "ACT_6X4"), 24),
    **dict.fromkeys(("CONDOM_M", "CONDOM_F", "IMPLANT_LNG", "IMPLANT_ETN", "IUD_CU", "LLIN"), 36),
}
"""Months that a delivery still has to live when it arrives; `USUAL_LIFE` for all others."""
USUAL_LIFE = 20
VACCINES = ("PENTA", "MEASLES_V")
FRIDGE = 0.004
"""How often a facility's refrigerator fails in a month and takes the vaccines with it."""
DAMAGED, DAMAGE = 0.018, 0.10
"""How often a line loses something to breakage, damp or theft, and at most which part of it."""


class Losses:
    """What leaves the stock for nobody's good.

    Args:
        world: where and when.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        codes = [c.code for c in world.catalogue.commodities]
        self._life = np.array([LIFE.get(code, USUAL_LIFE) for code in codes])
        self._cold = np.array([code in VACCINES for code in codes])
        shape = (len(codes), world.places.size)
        self._arrived = np.zeros((world.timeline.size, *shape), dtype=np.int64)
        self._gone = np.zeros(shape, dtype=np.int64)

    def expired(self, month: int, came: Ints, went: Ints) -> Ints:
        """Units that reach the end of their life in a month; what came first is used first.

        Args:
            month: its number; to be asked month after month.
            came: units that entered the stock this month, `[commodity, facility]`.
            went: units that left it.
        """
        before = self._arrived[month - 1] if month else 0
        self._arrived[month] = before + came
        self._gone += went
        old = np.zeros_like(came)
        for row, life in enumerate(self._life):
            if month >= life:
                old[row] = np.maximum(self._arrived[month - life, row] - self._gone[row], 0)
        self._gone += old
        return old

    def moved(self, month: int, units: Ints) -> None:
        """Counts units that came (or, below 0, went) after a month's expiry was settled."""
        self._arrived[month] += np.maximum(units, 0)
        self._gone += np.maximum(-units, 0)

    def broken(self, month: int, stock: Ints) -> Ints:
        """Units broken, spoilt or stolen in a month of what is in stock, `[commodity, facility]`."""
        chance = self._world.chance.at("losses", month)
        part = chance.uniform(0, DAMAGE, stock.shape) * (chance.random(stock.shape) < DAMAGED)
        fridge = (chance.random(stock.shape[1]) < FRIDGE) & self._cold[:, None]
        return np.where(fridge, stock, np.ceil(part * stock).astype(np.int64))
