"""What Compare reads out of an answer: series by state, the period looked at, names as people say them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from countries import Country, Pair
from dashboard import i18n
from dashboard.address import Address
from dashboard.i18n import t
from dashboard.logistics import rules_of
from dashboard.pages.compare_held import labels
from dashboard.pages.compare_relation import Dosed, dosed
from dashboard.pages.compare_usual import Normal, normal
from dashboard.pages.compare_windows import Window, windows
from dashboard.sources import source_said
from indicators.compare import Comparison, PairItems
from indicators.completeness import completeness
from indicators.states import IMPUTED, MISSING, NOT_APPLICABLE, ZERO
from indicators.stock import MonthsOfStock, averageable, months_of_stock

Floats = npt.NDArray[np.float64]
NO_FIGURE = (MISSING, NOT_APPLICABLE)
SIGNS = {ZERO: "0", MISSING: "·", NOT_APPLICABLE: "–"}
STOCK = "closing"


@dataclass(frozen=True)
class Place:
    """A unit by its id and name, and its level (1 = the nation)."""

    id: str
    name: str
    level: int


@dataclass(frozen=True)
class Reading:
    """One view of Compare, before it is put into words.

    Attributes:
        comparison: the unit's figures and its children's.
        services: where the services' figures are read: ``comparison``, or that of the unit above which
            reports them.
        borrowed: that unit above; None when the services are the unit's own.
        places: the unit, then its children, in the comparison's order.
        pair: which service and commodities.
        country: names, units and levels.
        address: the address, with every choice filled in.
        at: index of the period looked at.
        names: what units are called here, by id; names that several units bear tell them apart.
    """

    comparison: Comparison
    services: Comparison
    borrowed: Place | None
    places: tuple[Place, ...]
    pair: Pair
    country: Country
    address: Address
    at: int
    names: Mapping[str, str]

    @property
    def place(self) -> Place:
        """The unit that the page is about."""
        return self.places[0]

    @property
    def children(self) -> tuple[Place, ...]:
        """The units one level deeper, by the comparison's order."""
        return self.places[1:]

    @cached_property
    def labels(self) -> list[str]:
        """The periods as people read them, with what is in of those that are not over."""
        return labels(self.comparison)

    @property
    def label(self) -> str:
        """The period looked at, as people read it."""
        return self.labels[self.at]

    def source(self, side: str) -> Comparison:
        """The comparison that a side's own figures are read from."""
        return self.comparison if side == "commodity" else self.services

    def measure(self, side: str) -> str:
        """The measure that a side's bars show: stock where consumption says nothing of the services."""
        return STOCK if side == "commodity" and self.stock_only else main_measure(side)

    def unit(self, side: str) -> str:
        """What a side's bars count, in words."""
        if self.measure(side) == STOCK:
            return t("compare.in_stock")
        named = self.pair.service_unit if side == "service" else self.pair.commodity_unit
        return named[i18n.language()]

    def total(self, side: str) -> Floats:
        """The figures of the place that a side's chart shows, all items together."""
        return series(self.source(side), side, self.measure(side))

    def reports(self, side: str) -> list[tuple[int, int]]:
        """For each period the reports received and expected behind a side's chart.

        Of products a report is expected from whoever carries them. Which services a place offers nobody says:
        there the whole form's reports tell how complete they are.
        """
        if side == "service" and self._forms is not None:
            return self._forms
        return received(self.source(side), side, self.measure(side))

    @cached_property
    def _forms(self) -> list[tuple[int, int]] | None:
        return self.services.once("forms", self._reports_of_forms)

    def _reports_of_forms(self) -> list[tuple[int, int]] | None:
        asked = self.services
        items = PairItems(asked.pair.services, ())
        found = completeness(asked.rollup, items, replace(asked.view, children=False)).get("service")
        if found is None:
            return None
        came, due = found.reports.n_received[0], found.reports.n_expected[0]
        return list(zip(came.tolist(), due.tolist(), strict=True))

    def usual(self, side: str) -> Normal | None:
        """What is usual for a side's figures; None where it has none."""
        return self._usual[side]

    @cached_property
    def dosed(self) -> Dosed | None:
        """What a fixed dose lets one expect; None where the dose differs or the sides are of two places."""
        if self.pair.kind != "fixed_dose" or self.pair.expected is None:
            return None
        if self.borrowed and not self.services.has("service_report", "consumed"):
            return None
        found = dosed(self.services, self.pair.expected)
        return found.over(self.windows(found.side)) if found else None

    def windows(self, side: str) -> list[Window]:
        """The reports over several months behind a facility's chart."""
        return self._windows[side]

    @cached_property
    def _windows(self) -> dict[str, list[Window]]:
        return {
            side: windows(self.source(side), self._codes(side), self.measure(side))
            for side in ("service", "commodity")
        }

    def _codes(self, side: str) -> tuple[str, ...]:
        pair = self.comparison.pair
        return pair.services if side == "service" else pair.commodities

    @cached_property
    def _usual(self) -> dict[str, Normal | None]:
        return {
            side: normal(self.source(side), self._codes(side), self.measure(side))
            for side in ("service", "commodity")
        }

    def place_of(self, side: str) -> Place:
        """The place that a side's chart shows: the one asked for, or the one above that reports for it."""
        return self.borrowed if side == "service" and self.borrowed else self.place

    @cached_property
    def lasting(self) -> MonthsOfStock | None:
        """How long each place's stock lasts by our own average; None where no consumption is reported."""
        return self.comparison.once("lasting", self._lasting)

    def _lasting(self) -> MonthsOfStock | None:
        rollup, codes = self.comparison.rollup, self.comparison.pair.commodities
        known = averageable(rollup, codes)
        rule = rules_of(self.country).average
        return months_of_stock(rollup, codes, self.comparison.view, rule) if known else None

    @cached_property
    def overlaps(self) -> dict[int, str]:
        """What the two sides have in common in each place, in words, as far as it was asked for."""
        return {}

    def items(self, side: str) -> tuple[str, ...]:
        """The items of a side that have any figure, the largest sum first."""
        return self._items[side]

    @cached_property
    def _items(self) -> dict[str, tuple[str, ...]]:
        codes = {"service": self.pair.services, "commodity": self.pair.commodities}
        return {side: self._with_figures(side, codes[side]) for side in codes}

    def _with_figures(self, side: str, codes: Sequence[str]) -> tuple[str, ...]:
        source, measure = self.source(side), self.measure(side)
        sums = {code: float(np.nansum(series(source, side, measure, code))) for code in codes}
        return tuple(sorted((code for code in codes if sums[code] > 0), key=lambda code: -sums[code]))

    @property
    def stock_only(self) -> bool:
        """Whether the pair's consumption must not be compared, so that only its stock is shown."""
        return self.pair.kind == "do_not_compare"

    def level_name(self, level: int, plural: bool = False) -> str:
        """What units of a level are called."""
        return self.country.level_name(level, i18n.language(), plural)

    def level_count(self, level: int, count: float) -> str:
        """What ``count`` units of a level are called, singular or plural."""
        return self.level_name(level, plural=i18n.is_plural(count))

    def item_name(self, code: str) -> str:
        """An item's short name, else its code."""
        item = self.country.items.get(code)
        return item.short[i18n.language()] if item else code


def series(comparison: Comparison, side: str, measure: str, item: str = "total", unit: int = 0) -> Floats:
    """A unit's figures over the periods, NaN wherever its state is missing or not applicable."""
    if not comparison.has(side, measure, item):
        return np.full(len(comparison.periods), np.nan)
    shown: Floats = comparison.line(side, measure, item).shown[unit]
    return shown


def signs(comparison: Comparison, side: str, measure: str) -> list[str]:
    """For each period what stands on the baseline where no bar can: 0, missing, or not applicable."""
    if not comparison.has(side, measure):
        return [SIGNS[NOT_APPLICABLE]] * len(comparison.periods)
    return [SIGNS.get(str(state), "") for state in comparison.line(side, measure).state[0]]


def imputed(comparison: Comparison, side: str, measure: str, item: str = "total") -> list[float]:
    """How much of an item's figure is imputed in each period, 0 to 1."""
    if not comparison.has(side, measure, item):
        return [0.0] * len(comparison.periods)
    line = comparison.line(side, measure, item)
    shares = zip(line.imputed_share[0].tolist(), line.state[0], strict=True)
    return [share if str(state) == IMPUTED else 0.0 for share, state in shares]


def received(comparison: Comparison, side: str, measure: str, unit: int = 0) -> list[tuple[int, int]]:
    """For each period (reports received, reports expected) of a side's total."""
    if not comparison.has(side, measure):
        return [(0, 0)] * len(comparison.periods)
    line = comparison.line(side, measure)
    return list(zip(line.n_reported[unit].tolist(), line.n_expected[unit].tolist(), strict=True))


def source_name(reading: Reading, side: str) -> str:
    """The system that a side's figures are from, as sentences call it; empty when it has none."""
    source, measure = reading.source(side), reading.measure(side)
    if not source.has(side, measure):
        return ""
    return source_said(str(source.line(side, measure).source))


def main_measure(side: str) -> str:
    """The measure that tells what a side did: services given, goods consumed."""
    return "count" if side == "service" else "consumed"


def value_at(values: Sequence[float] | Floats, at: int) -> float | None:
    """The figure of a period, None where there is none."""
    value = float(values[at])
    return None if np.isnan(value) else value


def newest(comparisons: Sequence[Comparison]) -> int:
    """The last period in which either side has a figure; the last of all when there is none."""
    sides = [
        series(each, side, main_measure(side)) for each in comparisons for side in ("service", "commodity")
    ]
    known = ~np.isnan(np.array(sides)).all(axis=0)
    return int(np.flatnonzero(known)[-1]) if known.any() else len(known) - 1


def absence(comparison: Comparison, side: str, unit: int = 0) -> Any:
    """Why a unit has nothing on a side (its ``code``, ``reported_by``), None when it has figures."""
    found = comparison.absences.get(side)
    return found[unit] if found else None
