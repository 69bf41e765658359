"""Where people live and are cared for: regions, districts and facilities of Whotopia."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Area:
    """A region or a district: `outline` is a closed ring of longitude and latitude, `parent` a code."""

    code: str
    name: str
    parent: str
    outline: Polygon


@dataclass(frozen=True)
class Facility:
    """A health post, centre or hospital.

    Attributes:
        kind: one of `catalogue.TYPES`.
        owner: "public" or "faith-based".
        population: of the catchment in January 2019.
        opened, closed: number of the first and the last month (`timeline`); far away when before or never.
        group: "A", "B" or "C" where logistics reports are quarterly, else "".
        store: whether it is one of the hospitals with daily slips.
        source: "health information" and "logistics" may know a facility by other names; this is its own.
    """

    code: str
    name: str
    district: str
    kind: str
    owner: str
    longitude: float
    latitude: float
    population: int
    phone: str
    opened: int
    closed: int
    group: str
    store: bool


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
        raise AssertionError

    def district_of(self) -> Ints:
        """Of each facility the number of its district, `[facility]`."""
        raise AssertionError

    def region_of(self) -> Ints:
        """Of each facility the number of its region, `[facility]`."""
        raise AssertionError

    def population(self, month: int) -> npt.NDArray[np.float64]:
        """People of each catchment in a month (by number), `[facility]`; it grows by the district's own rate."""
        raise AssertionError

    def open(self, months: int) -> Flags:
        """Whether each facility is open in each of the first months, `[facility, month]`."""
        raise AssertionError

    def stores(self) -> Ints:
        """Numbers of the twenty hospitals that keep daily slips."""
        raise AssertionError
