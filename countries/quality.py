"""What a country decides about data quality: which counts are part of which, and which shares are good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from countries.items import Item
from countries.reading import Table

GOOD: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "completeness": (0.90, 0.75),
        "timeliness": (0.80, 0.60),
        "filled": (0.90, 0.75),
        "consistency": (0.75, 0.50),
        "outliers": (0.99, 0.97),
        "arithmetic": (0.98, 0.95),
        "related": (0.98, 0.95),
        "agreement": (0.95, 0.85),
    }
)
"""Of each dimension of the review: the share from which it is good, and that from which to watch it."""


@dataclass(frozen=True)
class CascadeRule:
    """Counts of which the later can never be more than the earlier; item codes, added up.

    `needs` are products without which the earlier step is not counted: where one was out, none is compared.
    """

    whole: tuple[str, ...]
    part: tuple[str, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class QualityRules:
    """A country's rules of data quality.

    Attributes:
        cascades: which counts are part of which.
        shares: of each dimension, from which share it is good, and from which it is to be watched.
    """

    cascades: tuple[CascadeRule, ...] = ()
    shares: Mapping[str, tuple[float, float]] = field(default_factory=lambda: GOOD)


def read_quality(table: Table | None, items: Mapping[str, Item]) -> QualityRules:
    """The rules of quality.toml; the usual ones where there is none.

    Raises:
        CountryError: an entry is wrong; the message names it.
    """
    if table is None:
        return QualityRules()
    table.known("cascades", "shares")
    cascades = tuple(_cascade(each, items) for each in table.tables("cascades"))
    given = table.table("shares")
    if given is None:
        return QualityRules(cascades)
    given.known(*GOOD)
    return QualityRules(cascades, {name: _share(given, name) for name in GOOD})


def _cascade(table: Table, items: Mapping[str, Item]) -> CascadeRule:
    table.known("whole", "part", "needs")
    found = {name: tuple(table.strings(name)) for name in ("whole", "part", "needs")}
    for name, codes in found.items():
        if not codes and name != "needs":
            raise table.error(name, "name at least one item by its code")
        unknown = [code for code in codes if items and code not in items]
        if unknown:
            raise table.error(name, f"{unknown[0]!r} is not among [[items]]")
    return CascadeRule(**found)


def _share(table: Table, name: str) -> tuple[float, float]:
    limits = table.table(name)
    if limits is None:
        return GOOD[name]
    limits.known("good", "watch")
    good, watch = limits.number("good", GOOD[name][0]), limits.number("watch", GOOD[name][1])
    if not 0 < watch <= good <= 1:
        raise limits.error("watch", f"{watch:g} and {good:g} are not shares of which watch is the lower one")
    return good, watch
