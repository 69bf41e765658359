"""Heaping: facilities that write round figures where they should count."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from demo.whotopia.world import World

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

ROUNDING = 0.5
"""Share of facilities that round at all."""
FROM = np.array([10, 50, 200])
TO_TENS = np.array([0.0, 0.22, 0.41, 0.49])
"""How often those that round write a multiple of ten, below and from each of `FROM` on: chosen so that, with
the tenth that ends in 0 anyway, 25, 35 and 39 % of all figures do, as in Côte d'Ivoire."""
TO_FIVES = np.array([0.05, 0.21, 0.26, 0.28])
"""How often they write a multiple of five: 13 % of all figures end in 5."""
REPEATED, NEAR = 0.20, 0.3
"""How often they write last month's figure again where this month's differs by less than such a part."""


class Rounding:
    """Who rounds, and how far.

    Args:
        world: where and when.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        chance = world.chance.at("who rounds")
        rounds = chance.random(world.places.size) < ROUNDING
        self._last: Ints = np.zeros((len(world.catalogue.commodities), world.places.size), dtype=np.int64)
        self._leaning: Floats = rounds * chance.uniform(0.75, 1.25, world.places.size)

    def written(self, month: int, counted: Ints, most: Ints, known: Flags) -> Ints:
        """What is written as consumed in a month, `[commodity, facility]`.

        Args:
            month: its number; to be asked month after month.
            counted: what was given.
            most: what can have been given at most; a figure is never rounded beyond it.
            known: whether the figure is beyond doubt, as that of a shelf that was emptied.
        """
        chance = self._world.chance.at("rounding", month)
        luck = chance.random(counted.shape)
        size = np.searchsorted(FROM, counted, side="right")
        tens = TO_TENS[size] * self._leaning
        fives = tens + TO_FIVES[size] * self._leaning
        to = np.where(luck < tens, 10, np.where(luck < fives, 5, 1))
        rounded = (counted + to // 2) // to * to
        again = chance.random(counted.shape) < REPEATED * self._leaning
        again &= np.abs(self._last - counted) < NEAR * counted
        figures = np.where(again, self._last, rounded)
        self._last = np.where((figures > most) | (figures == 0) | known, counted, figures)
        return self._last
