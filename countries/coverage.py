"""Service coverage as a country configures it: which services, of how many people who should have them."""

from collections.abc import Collection
from dataclasses import dataclass

from countries.reading import Table, Words

ENTRIES = (
    "id", "programme", "name", "services", "population", "share", "each", "months", "carried", "target",
    "source",
)  # fmt: skip
WINDOWS = (1, 3, 6, 12)
MOST_CARRIED = 10


@dataclass(frozen=True)
class Coverage:
    """Services given over those that a population should have been given.

    Attributes:
        id: its name, which never changes.
        programme: id of the programme that it is shown with.
        name: what it is called.
        services: codes of the services, added up.
        population: code of the element that says how many people there are, of a form of kind `population`.
        share: how many of them should have the service in a year (0.04 where 4 of 100 are pregnant).
        each: how many of these services each of them should have in a year.
        months: over so many months, up to the one that is looked at, the figure is taken.
        carried: for so many years an estimate stands in for a later one that nobody has made.
        target: what those who should have the service are called.
        source: where the share and the number for each are from.
    """

    id: str
    programme: str
    name: Words
    services: tuple[str, ...]
    population: str
    share: float
    each: float
    months: int
    carried: int
    target: Words
    source: Words


def read_coverage(
    tables: list[Table], languages: tuple[str, ...], items: Collection[str], programmes: Collection[str]
) -> dict[str, Coverage]:
    """The entries of [[coverage]] by id; CountryError names a wrong one.

    Args:
        tables: the entries.
        languages: the languages of the country.
        items: the codes that the country's [[items]] name.
        programmes: the ids of its [[programmes]].
    """
    found: dict[str, Coverage] = {}
    for table in tables:
        one = _one(table, languages)
        strange = [code for code in one.services if code not in items]
        if strange or not one.services:
            what = f"{strange[0]!r} is not among [[items]]" if strange else "a code at least is required"
            raise table.error("services", what)
        if one.programme not in programmes:
            raise table.error("programme", f"{one.programme!r} is not among [[programmes]]")
        if one.id in found or one.id in items:
            raise table.error("id", f"{one.id!r} stands here twice, or is an item's code; choose another id")
        found[one.id] = one
    return found


def _one(table: Table, languages: tuple[str, ...]) -> Coverage:
    table.known(*ENTRIES)
    return Coverage(
        id=table.text("id"),
        programme=table.text("programme"),
        name=table.words("name", languages),
        services=tuple(table.strings("services")),
        population=table.text("population"),
        share=_positive(table, "share"),
        each=_positive(table, "each"),
        months=table.whole("months", WINDOWS, 12),
        carried=table.whole("carried", range(MOST_CARRIED + 1), 2),
        target=table.words("target", languages),
        source=table.words("source", languages),
    )


def _positive(table: Table, key: str) -> float:
    found = table.number(key, 1.0)
    if found <= 0:
        raise table.error(key, f"{found:g} is not above 0")
    return found
