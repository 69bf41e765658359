"""A country's own indicators, put together from what its forms report: sums over sums, times a factor."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from countries.forms import MEASURES
from countries.reading import Table, Words

REPORTED = ("count", *MEASURES)
NAME = re.compile(r"[a-z][a-z0-9_]*")
ENTRIES = ("id", "name", "description", "is_not", "unit", "numerator", "denominator", "factor")
PERCENT = 100


@dataclass(frozen=True)
class Part:
    """One sum in an indicator.

    Attributes:
        items: codes of elements that it is summed over.
        measure: what of them: one of `REPORTED`, "count" for services.
        weight: what it is multiplied by.
    """

    items: tuple[str, ...]
    measure: str
    weight: float


@dataclass(frozen=True)
class OwnIndicator:
    """An indicator that a country adds to those published.

    Attributes:
        id: its name, which never changes.
        name: what it is called.
        description: what it says.
        is_not: what it is not.
        unit: what its value is counted in.
        numerator: the sums that are added up.
        denominator: those that they are divided by; empty for a plain sum.
        factor: what the result is multiplied by, 100 for a percentage.
    """

    id: str
    name: Words
    description: Words
    is_not: Words
    unit: Words
    numerator: tuple[Part, ...]
    denominator: tuple[Part, ...]
    factor: int


def read_indicators(
    tables: list[Table], languages: tuple[str, ...], items: Collection[str]
) -> Mapping[str, OwnIndicator]:
    """The indicators of [[indicators]], by id; CountryError names a wrong entry.

    Args:
        tables: the entries.
        languages: the languages of the country.
        items: the codes that the country's [[items]] name.
    """
    found: dict[str, OwnIndicator] = {}
    for table in tables:
        one = _indicator(table, languages, items)
        if one.id in found:
            raise table.error("id", f"{one.id!r} stands here twice; give one of them another id")
        found[one.id] = one
    return found


def _indicator(table: Table, languages: tuple[str, ...], items: Collection[str]) -> OwnIndicator:
    table.known(*ENTRIES)
    name, factor = table.text("id"), table.number("factor", 1)
    if not NAME.fullmatch(name):
        raise table.error("id", f"{name!r} is no id; write small letters, digits and _, a letter first")
    if factor != int(factor) or factor < 1:
        raise table.error("factor", f"{factor:g} is no whole number from 1 on; write 100 for a percentage")
    above = tuple(_part(each, items) for each in table.tables("numerator"))
    if not above:
        raise table.error(
            "numerator", 'nothing is added up; write [{ items = ["CODE"], measure = "consumed" }]'
        )
    percent = Words(dict.fromkeys(languages, "%"))
    unit = table.words("unit", languages, optional=int(factor) == PERCENT)
    return OwnIndicator(
        id=name,
        name=table.words("name", languages),
        description=table.words("description", languages),
        is_not=table.words("is_not", languages, optional=True),
        unit=unit if any(unit.values()) else percent,
        numerator=above,
        denominator=tuple(_part(each, items) for each in table.tables("denominator")),
        factor=int(factor),
    )


def _part(table: Table, items: Collection[str]) -> Part:
    table.known("items", "measure", "weight")
    codes, weight = tuple(table.strings("items")), table.number("weight", 1)
    if not codes:
        raise table.error("items", "a list of codes of [[items]] is required")
    absent = [code for code in codes if code not in items]
    if absent:
        raise table.error("items", f"{absent[0]!r} is not among [[items]]; add it there, or correct the code")
    if len(set(codes)) < len(codes):
        raise table.error("items", "a code stands here twice, and would count twice; take one away")
    if weight == 0:
        raise table.error("weight", "a weight of 0 adds nothing; take the part away, or write another weight")
    return Part(codes, table.choice("measure", REPORTED), weight)
