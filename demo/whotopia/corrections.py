"""What is written as an adjustment: differences that counts find, and transfers between neighbours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from demo.whotopia.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COUNTED, MISCOUNT = 0.010, 0.05
"""How often a count finds another figure than the card, and the SD of the difference as a part of stock."""
TRANSFER = 0.36
"""How often a district moves some of a commodity from its best to its worst stocked facility in a month."""
RICH, POOR = 2.5, 1.8
"""Months of stock above which a facility gives to a neighbour, below which it gets."""
LUMP = 1.8
"""Months of the giver's own use that it gives at least."""
SIZE, MOST = 3, 4
"""A facility helps one that uses at least a third of what itself does, with no more than so many months of
the other's use."""


class Corrections:
    """Who counts, and who helps whom.

    Args:
        world: where and when.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        districts = world.places.district_of()
        self._members = [np.flatnonzero(districts == n) for n in range(len(world.places.districts))]

    def counted(self, month: int, stock: Ints) -> Ints:
        """Differences that counts find between card and shelf, never below an empty shelf."""
        chance = self._world.chance.at("counts", month)
        found = chance.random(stock.shape) < COUNTED
        difference = np.rint(chance.normal(0, MISCOUNT, stock.shape) * stock) * found
        return np.maximum(difference.astype(np.int64), -stock)

    def transferred(self, month: int, stock: Ints, monthly: Floats) -> Ints:
        """Moves between neighbours; what one gives another gets, `[commodity, facility]`.

        Args:
            month: its number.
            stock: units there are.
            monthly: units that a month takes; NaN where nothing is to be moved.
        """
        moves = np.zeros_like(stock)
        left = stock / np.maximum(monthly, 0.5)
        happens = (
            self._world.chance.at("transfers", month).random((len(stock), len(self._members))) < TRANSFER
        )
        for district, there in enumerate(self._members):
            known = np.isfinite(left[:, there])
            rows = np.flatnonzero(happens[:, district] & (known.sum(axis=1) > 1))
            poor = there[np.where(known, left[:, there], np.inf).argmin(axis=1)[rows]]
            of_a_size = known[rows] & (monthly[rows][:, there] <= SIZE * monthly[rows, poor, None] + 1)
            rich = there[np.where(of_a_size, left[rows][:, there], -np.inf).argmax(axis=1)]
            fits = (left[rows, rich] > RICH) & (left[rows, poor] < POOR)
            rows, rich, poor = rows[fits], rich[fits], poor[fits]
            lump = np.maximum(LUMP * monthly[rows, rich], 2 * monthly[rows, poor])
            lump = np.minimum(lump, MOST * monthly[rows, poor] + 1)
            surplus = stock[rows, rich] - np.ceil(monthly[rows, rich])
            units = np.minimum(surplus, np.ceil(lump)).astype(np.int64)
            units = np.where(units > 10, units // 10 * 10, units)
            moves[rows, rich] -= units
            moves[rows, poor] += units
        return moves
