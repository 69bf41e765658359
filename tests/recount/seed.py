"""A seed folder and a country's configuration as plain Python: who reported what, in which form, for when."""

import csv
import gzip
import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

FOREVER = 10**6
MONTHS_OF = {"Monthly": 1, "Quarterly": 3, "Yearly": 12}
Report = tuple[int, int]
"""First month (counted from year 0) and number of months that a value is for."""


@dataclass(frozen=True)
class Unit:
    """One unit: its place in the tree, and the months in which it was open."""

    id: str
    code: str
    name: str
    parent: str | None
    opened: int
    closed: int


@dataclass(frozen=True)
class Form:
    """One configured form: the units that have it, its elements' items, and the windows that it covers."""

    key: str
    kind: str
    units: frozenset[str]
    items: frozenset[str]
    months: int
    begins: int

    def covers(self, month: int) -> Report:
        """The window that a month's report of this form stands for."""
        return (month, 1) if self.months == 1 else (month - self.months + 1, self.months)

    def ends(self, month: int) -> bool:
        """Whether one of the form's windows ends with a month."""
        return (month + 1 - (self.begins - 1)) % self.months == 0


@dataclass
class Seed:
    """Everything that was reported.

    Attributes:
        units: by id.
        groups: the units of each group, by the group's id.
        forms: in the order of the configuration.
        kinds: of items by code: service, service_report or commodity.
        values: by item and measure, then by unit: the window of each value and the value.
        pairs: as configured, by id.
        families: the same, of which one can add up the members.
    """

    units: dict[str, Unit]
    groups: dict[str, frozenset[str]]
    forms: list[Form]
    kinds: dict[str, str]
    pairs: dict[str, dict[str, Any]]
    families: dict[str, dict[str, Any]]
    values: dict[tuple[str, str], dict[str, dict[Report, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.children: dict[str, list[str]] = defaultdict(list)
        for unit in self.units.values():
            if unit.parent:
                self.children[unit.parent].append(unit.id)
        self.home = cache(self._home)
        self.forms_of = {item: [form for form in self.forms if item in form.items] for item in self.kinds}

    @cached_property
    def last(self) -> int:
        """The last month that any value covers."""
        return max(start + months - 1 for start, months in self._windows())

    @cached_property
    def first(self) -> int:
        """The first month that any value covers."""
        return min(start for start, _ in self._windows())

    def _windows(self) -> Iterator[Report]:
        return (window for units in self.values.values() for each in units.values() for window in each)

    def within(self, unit: str) -> list[str]:
        """A unit and everything below it."""
        found = [unit]
        for each in found:
            found.extend(self.children[each])
        return found

    def _home(self, item: str, unit: str) -> Form:
        """The form that a unit reports an item in: the first of the item's that it has, else the first."""
        forms = self.forms_of[item]
        return next((form for form in forms if unit in form.units), forms[0])


def read(folder: Path, country: Path) -> Seed:
    """Read a seed folder with the configuration of its country."""
    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    said = tomllib.loads((country / "country.toml").read_text(encoding="utf-8"))
    pairs = tomllib.loads((country / "pairs.toml").read_text(encoding="utf-8"))
    elements = [each for each in metadata["dataElements"] if each.get("domainType") != "TRACKER"]
    forms, measures = _forms(said, metadata, elements)
    kinds = {item: kind for (item, _), (kind, _) in measures.items()}
    seed = Seed(
        units={each["id"]: _unit(each) for each in metadata["organisationUnits"]},
        groups={
            each["id"]: frozenset(unit["id"] for unit in each.get("organisationUnits", ()))
            for each in metadata["organisationUnitGroups"]
        },
        forms=forms,
        kinds=kinds,
        pairs={each["id"]: each for each in pairs["pairs"]},
        families={each["id"]: each for each in pairs.get("families", ()) if _adds_up(each, said["items"])},
    )
    _fill(seed, folder, measures, elements)
    return seed


def _adds_up(family: dict[str, Any], items: list[dict[str, Any]]) -> bool:
    """Whether the members are counted in one unit, or as many of each are one dose."""
    members = [item for item in items if item["code"] in family["commodities"]]
    units, doses = {item["unit"]["en"] for item in members}, {item.get("per_dose") for item in members}
    return len(units) == 1 or (len(doses) == 1 and None not in doses)


@cache
def month_of(text: str) -> int:
    """201903 or 2019-03-… as a running number of months."""
    digits = text.replace("-", "")
    return int(digits[:4]) * 12 + int(digits[4:6]) - 1


def _unit(row: dict[str, Any]) -> Unit:
    opened = month_of(row["openingDate"]) if row.get("openingDate") else -FOREVER
    closed = month_of(row["closedDate"]) if row.get("closedDate") else FOREVER
    parent = (row.get("parent") or {}).get("id")
    return Unit(row["id"], row.get("code", ""), row["name"], parent, opened, closed)


Measures = dict[tuple[str, str], tuple[str, str]]
"""(item, option's name; "" for any) -> (kind, measure)."""


def _forms(
    said: dict[str, Any], metadata: dict[str, Any], elements: list[dict[str, Any]]
) -> tuple[list[Form], Measures]:
    code_of = {each["id"]: each.get("code", each["id"]) for each in elements}
    forms, measures = [], {}
    for form in said["forms"]:
        if form.get("role", "figures") != "figures":
            continue
        named = {form["data_set"]}
        data_set = next(each for each in metadata["dataSets"] if named & {each.get("code"), each["name"]})
        asked = [code_of[each["dataElement"]["id"]] for each in data_set["dataSetElements"]]
        found = _measures(form, asked)
        for key, value in found.items():
            measures.setdefault(key, value)
        window = form.get("window", {})
        forms.append(
            Form(
                key=form["key"],
                kind=form["kind"],
                units=frozenset(unit["id"] for unit in data_set.get("organisationUnits", ())),
                items=frozenset(item for item, _ in found),
                months=window.get("months", MONTHS_OF[data_set["periodType"]]),
                begins=window.get("begins", 1),
            )
        )
    return forms, measures


def _measures(form: dict[str, Any], items: list[str]) -> Measures:
    found: Measures = {}
    for item in items:
        rule = next((each for each in form.get("elements", ()) if fnmatchcase(item, each["match"])), None)
        if rule:
            found[item, ""] = rule["kind"], rule["measure"]
        elif "measures" in form:
            found |= {(item, option): ("commodity", name) for option, name in form["measures"].items()}
    return found


def _fill(seed: Seed, folder: Path, measures: Measures, elements: list[dict[str, Any]]) -> None:
    """Put every value where it belongs; what lies outside the forms is no figure."""
    item_of = {name: each.get("code", each["id"]) for each in elements for name in _names(each)}
    unit_of = {name: each.id for each in seed.units.values() for name in (each.id, each.code, each.name)}
    for element, period, place, option, text in _rows(folder):
        item, unit = item_of.get(element, ""), unit_of[place]
        found = measures.get((item, option)) or measures.get((item, ""))
        if found is None or len(period) != len("YYYYMM"):
            continue
        form, month = seed.home(item, unit), month_of(period)
        if unit not in form.units or not form.ends(month):
            continue
        reports = seed.values.setdefault((item, found[1]), {}).setdefault(unit, {})
        window = form.covers(month)
        reports[window] = reports.get(window, 0.0) + float(text)


def _names(element: dict[str, Any]) -> tuple[str, ...]:
    return tuple(element[name] for name in ("id", "code", "name") if element.get(name))


def _rows(folder: Path) -> Iterator[tuple[str, ...]]:
    """Element, period, unit, option and value of every row."""
    wanted = itemgetter("dataelement", "period", "orgunit", "categoryoptioncombo", "value")
    with gzip.open(folder / "values.csv.gz", "rt", encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        columns = wanted({name: at for at, name in enumerate(next(lines))})
        yield from map(itemgetter(*columns), lines)
