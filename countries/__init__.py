"""Countries: one folder each with country.toml, pairs.toml and tips; `load_country` reads and checks them."""

from countries.configuration import Country, Family, Level, Pair, load_country
from countries.coverage import Coverage
from countries.forms import Form
from countries.items import Item
from countries.logistics import Logistics, Tracers
from countries.reading import CountryError, Words

__all__ = [
    "Country",
    "CountryError",
    "Coverage",
    "Family",
    "Form",
    "Item",
    "Level",
    "Logistics",
    "Pair",
    "Tracers",
    "Words",
    "load_country",
]
