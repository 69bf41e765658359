"""Items as a country configures them: what they are called, how they are counted, how much they matter."""

from collections.abc import Iterable
from dataclasses import dataclass

from countries.logistics import NEEDS
from countries.reading import Table, Words


@dataclass(frozen=True)
class Item:
    """How an item is called and counted.

    Attributes:
        code: its code in DHIS2.
        name: its name.
        short: a name for a legend.
        unit: its dispensing unit.
        pack_size: how many of these a pack has.
        per_dose: how many of these are one dose or treatment; None where that is not said.
        need: how much a commodity matters: "V" vital, "E" essential, "N" not essential, "" not said.
        price: what one dispensing unit costs; None where that is not said.
        protects: the contraceptive method that it is, for couple-years of protection; "" for none.
        programme: id of the health programme under which stores find it; "" for none.
    """

    code: str
    name: Words
    short: Words
    unit: Words
    pack_size: float
    need: str = ""
    price: float | None = None
    protects: str = ""
    programme: str = ""
    per_dose: float | None = None


def units_a_dose(items: Iterable[Item]) -> dict[str, float] | None:
    """How many units of each product make what can be added up, by code.

    Products that are counted in one unit add up as they are: 1 each. Others add up as doses; None where
    somebody did not say how many units of a product are one.
    """
    known = list(items)
    if len({tuple(sorted(item.unit.items())) for item in known}) <= 1:
        return {item.code: 1.0 for item in known}
    doses = {item.code: item.per_dose for item in known if item.per_dose is not None}
    return doses if len(doses) == len(known) else None


def add_up(items: Iterable[Item]) -> bool:
    """Whether the quantities of some products may be summed as they are reported."""
    found = units_a_dose(items)
    return found is not None and len(set(found.values())) <= 1


def read_item(table: Table, languages: tuple[str, ...]) -> Item:
    """The item of a table of [[items]]; CountryError names a wrong entry."""
    name = table.words("name", languages)
    short = table.words("short", languages, optional=True)
    return Item(
        code=table.text("code"),
        name=name,
        short=short if any(short.values()) else name,
        unit=table.words("unit", languages, optional=True),
        pack_size=table.number("pack_size", 1.0),
        need=table.choice("need", NEEDS) if table.has("need") else "",
        price=_above_nothing(table, "price"),
        protects=table.text("protects", ""),
        programme=table.text("programme", ""),
        per_dose=_above_nothing(table, "per_dose"),
    )


def _above_nothing(table: Table, key: str) -> float | None:
    if not table.has(key):
        return None
    value = table.number(key)
    if value <= 0:
        raise table.error(key, f"{value:g} is no {key} above 0")
    return value
