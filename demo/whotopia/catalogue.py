"""Services, commodities and what uses what, read from `catalogue.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TYPES = ("post", "centre", "hospital")


@dataclass(frozen=True)
class Service:
    """What the services form counts.

    Attributes:
        at: the types of facility that offer it.
        base: a month's count per 1,000 people, before season, trend and the facility's own level.
        kind: "flow" counts what happened in the month, "level" who is there at its end.
        by: how it is broken down ("sex").
    """

    code: str
    name: str
    programme: str
    at: tuple[str, ...]
    base: float
    kind: str = "flow"
    by: str | None = None


@dataclass(frozen=True)
class Commodity:
    """A product of the logistics form.

    Attributes:
        carried: share of the facilities of each of `TYPES` that stock it.
        uses: service code -> units for one service.
        other: a month's units per 1,000 people that no service records.
        family: products of one family stand in for each other.
    """

    code: str
    name: str
    programme: str
    unit: str
    pack: int
    carried: tuple[float, float, float]
    uses: Mapping[str, float]
    other: float = 0.0
    family: str | None = None


@dataclass(frozen=True)
class LifeSaving:
    """One of the thirteen of the stores' form, counted in packs of `units`.

    Attributes:
        like: the product of the logistics form that it is; None for what that form does not count.
        other: packs a month in a hospital of the usual size, for those without `like`.
    """

    code: str
    name: str
    units: int
    like: str | None = None
    other: float = 0.0


@dataclass(frozen=True)
class Catalogue:
    """Everything that is counted."""

    services: tuple[Service, ...]
    commodities: tuple[Commodity, ...]
    life_saving: tuple[LifeSaving, ...]

    def service(self, code: str) -> int:
        """The number of a service."""
        return [s.code for s in self.services].index(code)

    def commodity(self, code: str) -> int:
        """The number of a commodity."""
        return [c.code for c in self.commodities].index(code)

    def families(self) -> dict[str, tuple[int, ...]]:
        """Family -> numbers of its commodities."""
        found: dict[str, tuple[int, ...]] = {}
        for number, commodity in enumerate(self.commodities):
            if commodity.family:
                found[commodity.family] = (*found.get(commodity.family, ()), number)
        return found


@cache
def catalogue() -> Catalogue:
    """The catalogue of this package."""
    content = tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text(encoding="utf-8"))
    return Catalogue(
        services=tuple(Service(**{**s, "at": tuple(s["at"])}) for s in content["services"]),
        commodities=tuple(_commodity(c) for c in content["commodities"]),
        life_saving=tuple(LifeSaving(**item) for item in content["life_saving"]),
    )


def _commodity(table: dict[str, Any]) -> Commodity:
    return Commodity(**{"uses": {}, **table, "carried": tuple(table["carried"])})
