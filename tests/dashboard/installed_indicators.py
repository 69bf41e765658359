"""Our definitions imported into a DHIS2 of a test's own, and what it works out of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import requests

from accounts.scope import Scope, Unit
from countries import Country
from dashboard.dhis2_indicators import uid
from dashboard.queries import Figures
from indicators.measures import COMMODITY
from indicators.rollup import Rollup

COUNTRIES = ("civ", "whotopia")


MONTHS = {"civ": (201906, 201908), "whotopia": (202608, 202609)}


MANY, SOME = 24, 5


Key = tuple[str, str, int]


@dataclass(frozen=True)
class Installed:
    """A DHIS2 that our indicators were imported into, and what they were made of."""

    address: str
    country: Country
    figures: Figures
    sent: dict[str, Any]
    answer: dict[str, Any]

    @property
    def rollup(self) -> Rollup:
        return self.figures.holding().rollup

    @property
    def top(self) -> str:
        return self.rollup.hierarchy.ids[0]

    @property
    def units(self) -> list[str]:
        """The nation, two units below it, one below that, and facilities that report by month."""
        hierarchy = self.rollup.hierarchy
        levels = {level: np.flatnonzero(hierarchy.levels == level) for level in np.unique(hierarchy.levels)}
        chosen = [0, *levels[2][:2], *levels[3][:2]]
        return [hierarchy.ids[int(each)] for each in chosen] + self.facilities

    @property
    def month_by_month(self) -> list[str]:
        """The units in which nobody reports by quarter: DHIS2 has a quarter in one month, we have thirds."""
        by_quarter = any(form.window for form in self.country.forms if form.role == "figures")
        return self.facilities if by_quarter else self.units

    @property
    def facilities(self) -> list[str]:
        """Facilities whose commodity form is of single months, those that reported most of it."""
        form = next(f.key for f in self.country.forms if f.kind == COMMODITY and f.role == "figures")
        of_form = self.rollup.due.forms.assigned(form)
        units = np.flatnonzero(of_form & (self.rollup.hierarchy.levels == self.rollup.hierarchy.levels.max()))
        reported = [self._reported(int(unit)) for unit in units]
        return [self.rollup.hierarchy.ids[int(unit)] for unit in units[np.argsort(reported)[::-1][:MANY]]]

    def _reported(self, unit: int) -> int:
        at = np.array([unit])
        span = self.rollup.calendar.whole("month")
        grids = (grid for (_, measure), grid in self.rollup.grids.items() if measure == "consumed")
        return int(sum((~np.isnan(grid.take(at, span))).sum() for grid in grids))

    def of(self, definition: str) -> dict[str, str]:
        """The indicators of a definition: what each is of, by its id."""
        forms = (form.key for form in self.country.forms)
        subjects = [*self.country.items, *self.country.pairs, *forms, *self.country.coverage, ""]
        known = {each["id"] for each in self.sent["indicators"]}
        found = {uid(self.country.id, definition, subject): subject for subject in subjects}
        return {each: subject for each, subject in found.items() if each in known}

    def theirs(
        self, definition: str, units: list[str], periods: tuple[int, ...] | None = None
    ) -> dict[Key, float]:
        """What DHIS2's analytics say, by subject, unit and period (its months where none are named).

        Where it has no value there is nothing.
        """
        of = self.of(definition)
        dimensions = [
            ("dimension", f"dx:{';'.join(of)}"),
            ("dimension", f"ou:{';'.join(units)}"),
            ("dimension", f"pe:{';'.join(map(str, periods or months(self.country)))}"),
        ]
        found = ask(self.address, "GET", "/api/analytics", params=[*dimensions, ("skipRounding", "true")])
        heads = [each["name"] for each in found["headers"]]
        rows = [dict(zip(heads, row, strict=True)) for row in found["rows"]]
        return {(of[row["dx"]], row["ou"], int(row["pe"])): float(row["value"]) for row in rows}

    def grid(self, code: str, measure: str, unit: str, month: int, back: int = 0) -> float:
        """What a facility itself reported, NaN where it did not."""
        item = self.rollup.numbers((code,))[0]
        at = np.array([self.rollup.hierarchy.position(unit)])
        span = self.rollup.calendar.whole("month")
        column = self.rollup.calendar.span(month, month, "month").start - back
        grid = self.rollup.grids.get((item, measure))
        return float(grid.take(at, span)[0, column]) if grid is not None else float("nan")


def months(country: Country) -> list[int]:
    first, last = MONTHS[country.id]
    return list(range(first, last + 1))


def ask(address: str, method: str, path: str, **more: Any) -> Any:
    answer = requests.request(method, address + path, auth=("admin", "district"), timeout=120, **more)
    assert answer.status_code < 300, answer.text[:2000]
    return answer.json()


def everything(figures: Figures) -> Scope:
    tops = figures.holding().units.query("parent.isna()")
    return Scope.of([Unit(row.id, row.path, row.level) for row in tops.itertuples()], None)


def imported(address: str, sent: dict[str, Any]) -> Any:
    return ask(address, "POST", "/api/metadata?importStrategy=CREATE_AND_UPDATE&atomicMode=ALL", json=sent)
