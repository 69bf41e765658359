"""In how many months of the whole view consumption and services parted, where, and what may lie behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard import i18n
from dashboard.i18n import number, t
from dashboard.pages.compare_reading import Reading
from dashboard.pages.compare_together import APART_BY_NATURE, PARTED, SHAPES, Judged, judged
from dashboard.pages.compare_usual import normal
from indicators.compare import Comparison, compare
from indicators.discordance import (
    BOTH_MOVED,
    CONSUMPTION_MOVED,
    SERVICES_MOVED,
    STOCK_OUT,
    UNCLEAR,
    cause,
)
from indicators.usual import OUTSIDE

CAUSES = {
    STOCK_OUT: "parted.stock_out",
    SERVICES_MOVED: "parted.services_moved",
    CONSUMPTION_MOVED: "parted.consumption_moved",
    BOTH_MOVED: "parted.both_moved",
    UNCLEAR: "parted.unclear",
}
# Of a place the figures must outweigh any strength, which only orders places that parted equally often.
MOST_STRENGTH = 999.0
UNIT = "UNIT"  # where a place's id goes in the link to it
# By period the index of its kind in `PARTED`, -1 where it does not part, and how far; NaN where unknown.
Told = tuple[list[int], list[float]]


@dataclass(frozen=True)
class Months:
    """The months of one place in which the two parted.

    Attributes:
        unit: the place's id.
        apart: the index of each month that parted, with its shape.
        told: of how many something can be said.
    """

    unit: str
    apart: tuple[tuple[int, str], ...]
    told: int

    @property
    def marks(self) -> str:
        """The months with their shapes, `2▲ 3■`; assets/compare writes them out."""
        return " ".join(f"{index}{shape}" for index, shape in self.apart)


@dataclass(frozen=True)
class Parted:
    """The same of a place, its children and, above the places that report both, of the children's children.

    Attributes:
        own: of each of the reading's places, in their order.
        below: of each child's children, in the order of the children; empty where `own` says it.
        judged: what it is from: months, or longer periods where no month can be judged.
        place: the place itself, among its like: for each period its kind and how far it parts.
    """

    own: tuple[Months, ...]
    below: tuple[tuple[Months, ...], ...]
    judged: Judged
    place: Told

    @property
    def in_months(self) -> bool:
        """Whether months were judged."""
        return self.judged.comparison.view.grain == "month"

    @property
    def labels(self) -> list[str]:
        """The periods that were judged, as people read them."""
        return [i18n.period(str(name)) for name in self.judged.comparison.periods]

    def words(self, reading: Reading, unit: int) -> dict[str, Any]:
        """What the last column says of a unit beneath the period looked at, and what it is sorted by."""
        below = self.below[unit - 1] if self.below and unit else ()
        told = [each for each in below if each.told]
        if told:
            count = sum(bool(each.apart) for each in told)
            return {"more": _of_places(reading, told), "marks": "", "count": count}
        own = self.own[unit]
        if not own.told:
            return {"more": "", "marks": "", "count": None}
        return {"more": self.of(own), "marks": own.marks, "count": len(own.apart)}

    def of(self, months: Months) -> str:
        """How often a place parted: in 3 of 9 months."""
        words = {"count": number(len(months.apart)), "of": number(months.told)}
        return t("parted.months", **words) if self.in_months else t("parted.periods", **words)


def _of_places(reading: Reading, told: Sequence[Months]) -> str:
    """How many places parted: 4 of 6 districts."""
    level, count = reading.place.level + 2, sum(bool(each.apart) for each in told)
    words = {"n": number(count), "of": number(len(told))}
    return t("parted.places", units=reading.level_name(level, plural=i18n.is_plural(len(told))), **words)


def parted(reading: Reading, found: Judged) -> Parted:
    """Where and when the two parted over the whole view of a reading.

    Args:
        reading: the view of Compare.
        found: what `judged_by_month` says of its places.
    """
    deeper = reading.place.level + 1 < found.comparison.coverage.level
    return found.comparison.once(("parted", deeper), lambda: _parted(found, deeper))


def _parted(found: Judged, deeper: bool) -> Parted:
    comparison = found.comparison
    own = _among_its_like(comparison) or _column(found, 0)
    columns = [own, *(_column(found, unit) for unit in range(1, len(comparison.units)))]
    own = tuple(_months(*each) for each in zip(comparison.units, columns, strict=True))
    deeper = deeper and comparison.view.only is None
    below = tuple(_below(comparison, child) for child in comparison.units[1:]) if deeper else ()
    return Parted(own, below, found, columns[0])


def _column(found: Judged, unit: int) -> Told:
    kinds = [PARTED.index(kind) if kind in PARTED else -1 for kind in found.kinds[unit].tolist()]
    return kinds, found.strength[unit].tolist()


def _months(unit: str, told: Told) -> Months:
    kinds, strength = told
    apart = tuple((index, SHAPES[PARTED[kind]]) for index, kind in enumerate(kinds) if kind >= 0)
    return Months(unit, apart, sum(each == each for each in strength))  # what is not known is no number


def _below(comparison: Comparison, unit: str) -> tuple[Months, ...]:
    """Of each of a unit's children."""
    kinds, strength = _children(comparison, unit)
    told = zip(comparison.rollup.children(unit), kinds.tolist(), strength.tolist(), strict=True)
    return tuple(_months(child, (of, how)) for child, of, how in told)


def _among_its_like(comparison: Comparison) -> Told | None:
    """The place itself as the table above shows it, among its like; None for the top."""
    hierarchy, unit = comparison.rollup.hierarchy, comparison.units[0]
    above = int(hierarchy.parent[hierarchy.position(unit)])
    if above < 0:
        return None
    row = comparison.rollup.children(hierarchy.ids[above]).index(unit)
    kinds, strength = _children(comparison, hierarchy.ids[above])
    return kinds[row].tolist(), strength[row].tolist()


def _children(comparison: Comparison, unit: str) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    """How a unit's children part, `[child, period]`: the index of the kind in `PARTED` or -1, and how far.

    They are judged once for all months up to the view's last, and kept.
    """
    rollup, view = comparison.rollup, comparison.view
    first = int(rollup.months[0]) if view.grain == "month" else view.first
    whole = replace(view, unit=unit, first=first, children=True, only=None)
    key = ("parted", comparison.pair.services, comparison.pair.commodities, whole)
    kinds, strength = rollup.keep(key, lambda: _judge(compare(rollup, comparison.pair, whole)))
    shown = slice(-len(comparison.periods), None)
    return kinds[:, shown], strength[:, shown]


def _judge(comparison: Comparison) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    found = judged(comparison)
    of = [np.where(found.kinds[1:] == kind, index, -1) for index, kind in enumerate(PARTED)]
    return np.max(of, axis=0).astype(np.int8), found.strength[1:]


def sort_value(count: int | None, strength: float | None) -> float | None:
    """What the last column is sorted by: how often the two parted, then how far in the period looked at."""
    if count is None:
        return None if strength is None else round(abs(strength) / 1000, 4)
    return round(count + min(abs(strength or 0.0), MOST_STRENGTH) / 1000, 4)


def listed(reading: Reading, found: Parted) -> dict[str, Any]:
    """Every place below in which the two parted, with its months; assets/compare makes links of them.

    Places that are rows of the table themselves say it there and are in no group.
    """
    if reading.pair.kind in APART_BY_NATURE:
        return {"title": "", "groups": []}
    sets = found.below or (found.own[1:],)
    told = [each for group in sets for each in group if each.told]
    groups = [
        {"row": each.id, "places": [_place(reading, months) for months in group if months.apart]}
        for each, group in zip(reading.children, found.below, strict=bool(found.below))
    ]
    level = reading.place.level + (2 if found.below else 1)
    words = {"n": number(sum(bool(each.apart) for each in told)), "of": number(len(told))}
    units = reading.level_name(level, plural=i18n.is_plural(len(told)))
    title = t("parted.title", units=units, first=reading.labels[0], last=reading.labels[-1], **words)
    link = {"href": reading.address.href(unit=UNIT)} if found.below else {}
    labels = {} if found.labels == reading.labels else {"labels": found.labels}
    return {"title": title, "groups": [each for each in groups if each["places"]]} | link | labels


def _place(reading: Reading, months: Months) -> dict[str, str]:
    return {"name": reading.names[months.unit], "unit": months.unit, "marks": months.marks}


def sentence(reading: Reading, found: Parted) -> str:
    """Which months parted at the place itself and why the page thinks so; empty where none can be judged."""
    own = found.own[0]
    if reading.pair.kind in APART_BY_NATURE or found.below or not own.told:
        return ""
    if not own.apart:
        return t("parted.never", words=found.of(own))
    pairs = zip(own.apart, _causes(found), strict=True)
    months = [f"{found.labels[index]} {shape} ({why})" for (index, shape), why in pairs]
    return t("parted.sentence", words=found.of(own), months="; ".join(months))


def _causes(found: Parted) -> list[str]:
    """For each period in which the place parts, which side moved, in words."""
    comparison = found.judged.comparison
    services = normal(comparison, comparison.pair.services, "count")
    consumption = normal(comparison, comparison.pair.commodities, "consumed")
    told = []
    for at, (kind, strength) in enumerate(zip(*found.place, strict=True)):
        if kind >= 0:
            sides = [OUTSIDE * int(side.side[at]) if side else 0.0 for side in (services, consumption)]
            told.append(_said(CAUSES[cause(strength, sides[0], sides[1], PARTED[kind] == STOCK_OUT)]))
    return told


def _said(key: str) -> str:
    return t(key)
