"""Data quality of a place and period, as the asker may see it: the review's shares, and what rules found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from accounts.scope import Scope
from countries.configuration import Country
from dashboard.holdings import Holding
from dashboard.programme import months_before
from dashboard.quality_address import QualityAddress
from dashboard.quality_desk import Assessed, QualityDesk
from dashboard.questions import OutsideMonthError, UnknownFormError
from dashboard.readable import LeftOut
from indicators.quality import RULES
from indicators.quality_review import DIMENSIONS

SHOWN = 13
SEVERITIES = ("high", "medium", "low")
ENOUGH = 0.5
"""Of the reports, for a month to be the one that is shown where none is asked for."""
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """A share of checks that held, of one place and period."""

    held: int
    made: int

    @property
    def value(self) -> float:
        """Held of made; NaN where nothing could be checked."""
        return self.held / self.made if self.made else float("nan")

    def letter(self, limits: tuple[float, float]) -> str:
        """``g`` good, ``w`` to watch, ``p`` to review, ``u`` where nothing could be checked."""
        if not self.made:
            return "u"
        good, watch = limits
        return "g" if self.value >= good else "w" if self.value >= watch else "p"


@dataclass(frozen=True)
class Quality:
    """Data quality of one place and period, as the asker may see it.

    Attributes:
        address: the address, filled in.
        unit: id, code, name, level and path of the place.
        children: ids of the places below, that the asker may see one by one.
        below: those of them that are asked for.
        forms: keys of the forms that are looked at; what the asker may not read is not among them.
        readable: keys of all forms that the asker may read.
        left_out: the forms that the asker may not read.
        totals_only: whether the place lies above the asker's own.
    """

    desk: QualityDesk
    address: QualityAddress
    unit: Mapping[str, Any]
    children: tuple[str, ...]
    below: tuple[str, ...]
    forms: tuple[str, ...]
    readable: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    totals_only: bool

    @property
    def country(self) -> Country:
        """The country's configuration."""
        return self.desk.figures.country

    @property
    def month(self) -> int:
        """The last month of the period."""
        return self.address.month or 0

    @property
    def first(self) -> int:
        """The first month of the period."""
        return max(months_before(self.month, self.address.over - 1), self.desk.figures.months()[0])

    @cached_property
    def holding(self) -> Holding:
        """The version that answers."""
        return self.desk.figures.holding()

    @cached_property
    def assessed(self) -> Assessed:
        """What the rules and the review say."""
        return self.desk.of(self.holding)

    def tallies(self, dimension: str, forms: Sequence[str]) -> tuple[Counts, Counts]:
        """Checks that held and were made, of every unit with all below it, `[unit, month]`."""
        last = self.holding.rollup.hierarchy.last
        held, made = self.assessed.review.below(dimension, forms, last)
        return held.astype(np.int64), made.astype(np.int64)

    def shares(self, units: Sequence[str], forms: Sequence[str] | None = None) -> list[dict[str, Share]]:
        """The share of each dimension over the period, of some units."""
        rollup = self.holding.rollup
        columns = rollup.calendar.span(self.first, self.month, "month").columns
        at = [rollup.position(unit) for unit in units]
        found: list[dict[str, Share]] = [{} for _ in units]
        for dimension in DIMENSIONS:
            held, made = (
                each[at][:, columns].sum(axis=1) for each in self.tallies(dimension, forms or self.forms)
            )
            for told, good, every in zip(found, held, made, strict=True):
                told[dimension] = Share(int(good), int(every))
        return found

    def trend(self, months: Sequence[int]) -> dict[str, list[Share]]:
        """The share of each dimension in some months, of the place itself."""
        rollup = self.holding.rollup
        at = rollup.position(str(self.unit["id"]))
        column = {int(month): number for number, month in enumerate(rollup.months)}
        found = {}
        for dimension in DIMENSIONS:
            held, made = (each[at] for each in self.tallies(dimension, self.forms))
            found[dimension] = [
                Share(int(held[column[month]]), int(made[column[month]]))
                if month in column and column[month] < len(held)
                else Share(0, 0)
                for month in months
            ]
        return found

    @cached_property
    def found(self) -> pd.DataFrame:
        """Findings of the place and below it in the period, the gravest and newest first; none from above."""
        if self.totals_only:
            return self.assessed.found.iloc[:0]
        hierarchy, told = self.holding.rollup.hierarchy, self.assessed.found
        at = hierarchy.position(str(self.unit["id"]))
        edges = np.searchsorted(told["position"], [at, hierarchy.last[at]])
        told = told.iloc[edges[0] : edges[1]]
        told = told[within(told, self.first, self.month) & self._may_read(told)]
        rank = told["severity"].map({name: number for number, name in enumerate(SEVERITIES)})
        order = np.lexsort((told["position"], -told["month"], rank))
        return told.iloc[order].reset_index(drop=True)

    def _may_read(self, told: pd.DataFrame) -> pd.Series[bool]:
        """Findings about forms that are looked at, whose other side may be read too."""
        scope_of = self.holding.rollup.due.forms
        number = {str(item): at for at, item in enumerate(self.holding.rollup.items["id"])}

        def open_to(form: str) -> bool:
            return form in self.forms or not form

        items = {item: any(open_to(form) for form in scope_of.of_item[at]) for item, at in number.items()}
        readable = {
            item: any(form in self.readable for form in scope_of.of_item[at]) for item, at in number.items()
        }
        pairs = {
            pair.id: all(readable.get(item, False) for item in (*pair.services, *pair.commodities))
            for pair in self.assessed.known.pairs
        }
        by_item = told["item"].map(items | {"": True}).fillna(False).astype(bool)
        by_form = (told["item"] != "") | told["form"].map(open_to).astype(bool)
        general = (told["item"] != "") | (told["form"] != "") | self._reads_measure(told)
        return by_item & by_form & general & told["other"].map(pairs).fillna(True).astype(bool)

    def _reads_measure(self, told: pd.DataFrame) -> pd.Series[bool]:
        """Findings about a facility's habits, of services or products, where such a form is open."""
        kinds = {form.key: form.kind for form in self.country.forms}
        open_kinds = {kinds.get(form, "") for form in self.forms}
        services = told["measure"] == "count"
        return (services & ("service" in open_kinds)) | (~services & ("commodity" in open_kinds))


def within(told: pd.DataFrame, first: int, last: int) -> pd.Series[bool]:
    """Findings whose report ends in a period, or whose run or habit reaches into it."""
    month, length = told["month"].to_numpy(), told["months"].to_numpy()
    number = month // 100 * 12 + month % 100 - 1 + length - 1
    ends = number // 12 * 100 + number % 12 + 1
    habit = told["rule"].isin([rule.id for rule in RULES.values() if rule.about == "facility"])
    inside = (ends >= first) & (ends <= last)
    found: pd.Series[bool] = inside | (habit & (ends >= first) & (told["since"] <= last))
    return found


def look(desk: QualityDesk, address: QualityAddress, scope: Scope) -> Quality:
    """What an address of the page asks for; what it leaves open is chosen for the asker.

    Raises:
        QuestionError: one of its kinds says what is wrong and what to do.
    """
    figures = desk.figures
    unit = figures.unit(address.unit or figures.home(scope), scope)
    holding = figures.holding()
    every = tuple(dict.fromkeys(form for forms in holding.rollup.due.forms.of_item for form in forms))
    readable = tuple(form for form in every if scope.reads(holding.data_sets[form]))
    if address.form is not None and address.form not in readable:
        raise UnknownFormError(address.form, {key: str(holding.forms.loc[key, "name"]) for key in readable})
    above = scope.sees_total(str(unit["path"]))
    children = () if above else holding.rollup.children(str(unit["id"]))
    left_out = [LeftOut(form, str(holding.forms.loc[form, "name"])) for form in every if form not in readable]
    found = Quality(
        desk=desk,
        address=replace(address, unit=str(unit["id"])),
        unit=unit,
        children=tuple(children),
        below=tuple(children),
        forms=(address.form,) if address.form else readable,
        readable=readable,
        left_out=tuple(left_out),
        totals_only=above,
    )
    return replace(found, address=replace(found.address, month=_month(found)))


def _month(quality: Quality) -> int:
    """The month asked for; else the newest of which half of the reports are in, or the newest with any.

    Raises:
        OutsideMonthError: there are no figures of that month.
    """
    asked, (first, last) = quality.address.month, quality.desk.figures.months()
    if asked is not None:
        if first <= asked <= last:
            return asked
        raise OutsideMonthError(asked, (first, last))
    months = [int(month) for month in quality.holding.rollup.months]
    at = quality.holding.rollup.position(str(quality.unit["id"]))
    held, made = (each[at] for each in quality.tallies("completeness", quality.forms))
    for wanted in ((held >= ENOUGH * made) & (made > 0), held > 0):
        if wanted.any() and len(wanted) == len(months):
            return months[int(np.flatnonzero(wanted)[-1])]
    return last
