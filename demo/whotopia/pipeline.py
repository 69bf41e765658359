"""What does not get through from a district's depot: shortages that last, and who is left without.

Stock-outs of small facilities last as long as it takes until the depot can fill their orders again: at the
Ivorian sites the shelves stay empty for 2.6 months on average (`docs/whotopia.md`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from demo.whotopia.world import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BEGINS: Mapping[str, float] = {
    "malaria": 0.020,
    "hiv": 0.008,
    "family-planning": 0.048,
    "maternal": 0.035,
    "newborn": 0.035,
    "child": 0.025,
    "nutrition": 0.030,
    "immunisation": 0.006,
}
"""Programme -> how often a month begins a shortage of a commodity at a district's depot. Programmes with a
supply of their own are served best."""
LASTS, LONGEST = 4.5, 10
"""Months of a shortage on average (geometric), and at most."""
REACHED = np.array([0.75, 0.55, 0.2])
"""Share of the posts, centres and hospitals of a district that such a shortage reaches; the others fetch
from elsewhere."""
TOGETHER = 0.5
"""How often, as a multiple, all of a family are short together, because they come with one consignment."""
FORGOTTEN = 0.003
"""How often a single post or centre is left out of a commodity's distribution, as long as LASTS."""


class Pipeline:
    """The depots of the districts.

    Args:
        world: where and when.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._district_of = world.places.district_of()
        kinds = world.places.kinds()
        self._reached = REACHED[kinds]
        self._remote = kinds < 2
        self._lengths = _lengths(world)
        self._until = np.zeros((len(world.catalogue.commodities), world.places.size), dtype=np.int64)

    def open(self, month: int) -> Flags:
        """Whether a commodity gets through to a facility, to be asked month after month.

        Args:
            month: its number.

        Returns:
            `[commodity, facility]`.
        """
        chance = self._world.chance.at("pipeline", month)
        shape = self._until.shape
        reached = chance.random(shape) < self._reached
        short = self._lengths[:, self._district_of, month] * reached
        forgotten = (chance.random(shape) < FORGOTTEN) & self._remote
        alone = np.minimum(chance.geometric(1 / LASTS, shape), LONGEST) * forgotten
        begun = np.where(self._until <= month, np.maximum(short, alone), 0)
        self._until = np.maximum(self._until, month + begun)
        return np.asarray(self._until <= month)

    def short(self) -> Flags:
        """Whether a district's depot lacks a commodity, `[commodity, district, month]`."""
        months = np.arange(self._lengths.shape[2])
        until = np.maximum.accumulate(months + self._lengths, axis=2)
        return np.asarray(until > months)


def _lengths(world: World) -> Ints:
    """Months for which a shortage that begins in a month lasts, 0 where none does."""
    begins = np.array([BEGINS[c.programme] for c in world.catalogue.commodities])[:, None]
    shape = (len(begins), len(world.places.districts))
    found = np.zeros((*shape, world.timeline.size), dtype=np.int64)
    for month in range(world.timeline.size):
        chance = world.chance.at("district depots", month)
        draw, lengths = chance.random(shape), np.minimum(chance.geometric(1 / LASTS, shape), LONGEST)
        found[:, :, month] = lengths * (draw < begins)
        together = chance.random(shape)
        for members in world.catalogue.families().values():
            first = members[0]
            all_short = together[first] < begins[first] * TOGETHER
            found[members, :, month] = np.where(all_short, lengths[first], found[members, :, month])
    return found
