"""Items as a country configures them: what they are called, how they are counted, how much they matter."""

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
        price=_price(table) if table.has("price") else None,
        protects=table.text("protects", ""),
        programme=table.text("programme", ""),
    )


def _price(table: Table) -> float:
    price = table.number("price")
    if price <= 0:
        raise table.error("price", f"{price:g} is no price above 0")
    return price
