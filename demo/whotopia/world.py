"""All that the parts of the simulation share: luck, months, what is counted and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from demo.whotopia import places
from demo.whotopia.catalogue import Catalogue, catalogue
from demo.whotopia.chance import Chance
from demo.whotopia.places import Places
from demo.whotopia.timeline import Timeline


@dataclass(frozen=True)
class World:
    """One Whotopia on one day."""

    chance: Chance
    timeline: Timeline
    catalogue: Catalogue
    places: Places

    @classmethod
    def of(cls, seed: int, today: date, districts: int = 0) -> World:
        """The country of a seed on a day.

        Args:
            seed: another seed, another country of the same kind.
            today: the day that is being shown.
            districts: only so many of its districts, spread over the regions, just as they are in the whole
                country; 0 for all.
        """
        chance = Chance(seed)
        whole = places.build(chance)
        return cls(chance, Timeline(today), catalogue(), whole.some(districts) if districts else whole)
