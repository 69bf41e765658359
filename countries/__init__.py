"""Countries: one folder each with country.toml, pairs.toml and tips; `load_country` reads and checks them."""

from countries.configuration import Country, Family, Item, Level, Pair, load_country
from countries.forms import Form
from countries.reading import CountryError, Words

__all__ = ["Country", "CountryError", "Family", "Form", "Item", "Level", "Pair", "Words", "load_country"]
