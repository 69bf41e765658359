"""Where people live and are cared for: regions, districts and facilities of Whotopia."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from demo.whotopia import siting
from demo.whotopia.catalogue import TYPES
from demo.whotopia.chance import Chance
from demo.whotopia.siting import Area, Facility, Polygon

__all__ = ["Area", "Facility", "Places", "Polygon", "build"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Places:
    """The whole country; facilities in the order of their codes, which never changes."""

    regions: tuple[Area, ...]
    districts: tuple[Area, ...]
    facilities: tuple[Facility, ...]

    @property
    def size(self) -> int:
        """How many facilities there ever are."""
        return len(self.facilities)

    def kinds(self) -> Ints:
        """Of each facility the number of its type among `catalogue.TYPES`, `[facility]`."""
        return np.array([TYPES.index(f.kind) for f in self.facilities], dtype=np.int64)

    def district_of(self) -> Ints:
        """Of each facility the number of its district, `[facility]`."""
        numbers = {district.code: n for n, district in enumerate(self.districts)}
        return np.array([numbers[f.district] for f in self.facilities], dtype=np.int64)

    def region_of(self) -> Ints:
        """Of each facility the number of its region, `[facility]`."""
        numbers = {region.code: n for n, region in enumerate(self.regions)}
        regions = np.array([numbers[district.parent] for district in self.districts], dtype=np.int64)
        return regions[self.district_of()]

    def population(self, month: int) -> npt.NDArray[np.float64]:
        """People of each catchment in a month (by number), `[facility]`: it grows at its district's rate."""
        rates = np.array([district.growth for district in self.districts])[self.district_of()]
        people = np.array([f.population for f in self.facilities], dtype=np.float64)
        return people * (1 + rates) ** (month / 12)

    def open(self, months: int) -> Flags:
        """Whether each facility is open in each of the first months, `[facility, month]`."""
        month = np.arange(months)
        opened = np.array([f.opened for f in self.facilities])[:, None]
        closed = np.array([f.closed for f in self.facilities])[:, None]
        return np.asarray((opened <= month) & (month <= closed), dtype=np.bool_)

    def stores(self) -> Ints:
        """Numbers of the hospitals that keep daily slips, twenty in the whole country."""
        return np.flatnonzero([f.store for f in self.facilities])

    def some(self, districts: int) -> Places:
        """The same country with so many of its districts only, from the first to the last."""
        chosen = np.linspace(0, len(self.districts) - 1, districts).round().astype(int)
        kept = tuple(self.districts[n] for n in chosen)
        codes, regions = {d.code for d in kept}, {d.parent for d in kept}
        return Places(
            regions=tuple(r for r in self.regions if r.code in regions),
            districts=kept,
            facilities=tuple(f for f in self.facilities if f.district in codes),
        )


@cache
def build(chance: Chance) -> Places:
    """The whole country of a seed; the same whatever the day."""
    regions, districts = siting.areas(chance)
    return Places(regions, districts, siting.facilities(chance, districts))
