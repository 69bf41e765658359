"""Which figures a person may see: units × data sets, as DHIS2 grants them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Unit:
    """An organisation unit as DHIS2 names it in `/api/me`. `path` is `/root/…/id`."""

    id: str
    path: str
    level: int


@dataclass(frozen=True)
class Scope:
    """What a person may see.

    Attributes:
        units: the tops of the subtrees that are one's own, highest first.
        data_sets: the ids of the data sets that one may read; None when all.
    """

    units: tuple[Unit, ...]
    data_sets: frozenset[str] | None = None

    @classmethod
    def of(cls, units: Collection[Unit], data_sets: Collection[str] | None) -> Self:
        """The scope over these units; one that lies below another adds nothing and is left out."""
        tops = sorted(units, key=lambda unit: (unit.level, unit.path))
        kept: list[Unit] = []
        for unit in tops:
            if not any(_within(unit.path, each.path) for each in kept):
                kept.append(unit)
        return cls(tuple(kept), None if data_sets is None else frozenset(data_sets))

    @property
    def home(self) -> str | None:
        """The id of the unit where one begins; None for a person without units."""
        return self.units[0].id if self.units else None

    def sees(self, path: str) -> bool:
        """Whether the unit with this path is one's own: its figures, its children and their names."""
        return any(_within(path, unit.path) for unit in self.units)

    def sees_total(self, path: str) -> bool:
        """Whether the unit lies above one's own: its total is shown, its other children are not."""
        return not self.sees(path) and self.leads_home(path)

    def leads_home(self, path: str) -> bool:
        """Whether the unit is, or lies above or below, one of one's own."""
        return any(_within(path, unit.path) or _within(unit.path, path) for unit in self.units)

    def reads(self, data_set: str) -> bool:
        """Whether one may read a data set."""
        return self.data_sets is None or data_set in self.data_sets

    def key(self) -> tuple[Any, ...]:
        """What tells this scope from another in a cache's key."""
        sets = None if self.data_sets is None else tuple(sorted(self.data_sets))
        return tuple(unit.path for unit in self.units), sets


def _within(path: str, top: str) -> bool:
    return path == top or path.startswith(top + "/")
