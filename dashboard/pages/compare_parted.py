"""In how many months of the whole view consumption and services parted, where, and what may lie behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard import i18n
from dashboard.i18n import number, t, tn
from dashboard.pages.compare_reading import Reading
from dashboard.pages.compare_together import PARTED, SHAPES, Judged, judged
from indicators.compare import Comparison, compare

# Of a place the figures must outweigh any strength, which only orders places that parted equally often.
MOST_STRENGTH = 999.0
# Consumption for each service is said to hundredths: less than half of one is hardly any.
LEAST = 0.005


@dataclass(frozen=True)
class Month:
    """A month in which the two parted at one place.

    Attributes:
        at: its index.
        shape: how they did.
        percent: consumption for each service in percent of what is usual there; None where either is not
            known, or hardly any is usual.
    """

    at: int
    shape: str
    percent: int | None

    def __str__(self) -> str:
        """`2▲180`: what assets/compare writes out."""
        return f"{self.at}{self.shape}{'' if self.percent is None else self.percent}"


@dataclass(frozen=True)
class Months:
    """The months of one place in which the two parted.

    Attributes:
        unit: the place's id.
        apart: each month that parted.
        told: of how many something can be said.
        first, last: the indices of the first and the last of these; -1 without any.
    """

    unit: str
    apart: tuple[Month, ...]
    told: int
    first: int = -1
    last: int = -1

    @property
    def marks(self) -> str:
        """The months, `2▲180 3■0`; assets/compare writes them out."""
        return " ".join(map(str, self.apart))


@dataclass(frozen=True)
class Told:
    """What is known of one place by period, NaN where nothing is.

    Attributes:
        kinds: the index of its kind in `PARTED`, -1 where it does not part.
        strength: how far it parts.
        seen, usual: consumption for each service as it was, and as it usually is there.
    """

    kinds: list[int]
    strength: list[float]
    seen: list[float]
    usual: list[float]


@dataclass(frozen=True)
class Parted:
    """The same of a place, its children and, above the places that report both, of the children's children.

    Attributes:
        own: of each of the reading's places, in their order.
        below: of each child's children, in the order of the children; empty where `own` says it.
        judged: what it is from: months, or longer periods where no month can be judged.
        place: the place itself, among its like.
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
        """How often a place parted: apart in 3 of 9 months."""
        key = "parted.months" if self.in_months else "parted.periods"
        return tn(key, months.told, apart=number(len(months.apart)))

    def often(self, months: Months) -> str:
        """The same where it is said already that they parted: 3 of 9 months."""
        key = "parted.often_months" if self.in_months else "parted.often_periods"
        return tn(key, months.told, apart=number(len(months.apart)))


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
    return Told(kinds, *(part[unit].tolist() for part in (found.strength, found.seen, found.usual)))


def _months(unit: str, told: Told) -> Months:
    apart = tuple(
        Month(index, SHAPES[PARTED[kind]], _percent(told.seen[index], told.usual[index]))
        for index, kind in enumerate(told.kinds)
        if kind >= 0
    )
    # What is not known is no number.
    known = [index for index, each in enumerate(told.strength) if each == each]
    return Months(unit, apart, len(known), *((known[0], known[-1]) if known else ()))


def _percent(seen: float, usual: float) -> int | None:
    """What was used in percent of the usual: 0 for nothing at all, and for nothing else."""
    if not (seen >= 0 and usual >= LEAST):  # nor where either is not known
        return None
    return max(round(100 * seen / usual), int(seen > 0))


def _below(comparison: Comparison, unit: str) -> tuple[Months, ...]:
    """Of each of a unit's children."""
    columns = zip(*(part.tolist() for part in _children(comparison, unit)), strict=True)
    return tuple(
        _months(child, Told(*each))
        for child, each in zip(comparison.rollup.children(unit), columns, strict=True)
    )


def _among_its_like(comparison: Comparison) -> Told | None:
    """The place itself as the table above shows it, among its like; None for the top."""
    hierarchy, unit = comparison.rollup.hierarchy, comparison.units[0]
    above = int(hierarchy.parent[hierarchy.position(unit)])
    if above < 0:
        return None
    row = comparison.rollup.children(hierarchy.ids[above]).index(unit)
    return Told(*(part[row].tolist() for part in _children(comparison, hierarchy.ids[above])))


def _children(comparison: Comparison, unit: str) -> tuple[npt.NDArray[Any], ...]:
    """How a unit's children part, each part of `Told` as `[child, period]`.

    They are judged once for all months up to the view's last, and kept.
    """
    rollup, view = comparison.rollup, comparison.view
    first = int(rollup.months[0]) if view.grain == "month" else view.first
    whole = replace(view, unit=unit, first=first, children=True, only=None)
    key = ("parted", comparison.pair.services, comparison.pair.commodities, whole)
    kept = rollup.keep(key, lambda: _judge(compare(rollup, comparison.pair, whole)))
    return tuple(part[:, -len(comparison.periods) :] for part in kept)


def _judge(comparison: Comparison) -> tuple[npt.NDArray[Any], ...]:
    found = judged(comparison)
    of = [np.where(found.kinds[1:] == kind, index, -1) for index, kind in enumerate(PARTED)]
    parts = found.strength[1:], found.seen[1:], found.usual[1:]
    return np.max(of, axis=0).astype(np.int8), *parts


def sort_value(count: int | None, strength: float | None) -> float | None:
    """What the last column is sorted by: how often the two parted, then how far in the period looked at."""
    if count is None:
        return None if strength is None else round(abs(strength) / 1000, 4)
    return round(count + min(abs(strength or 0.0), MOST_STRENGTH) / 1000, 4)
