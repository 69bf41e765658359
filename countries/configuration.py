"""What a country configures: levels, forms, items, pairs and families, read from TOML and Markdown.

Ids never stand here, only codes and names: `loaders.mapping` finds them in the metadata of the DHIS2 at hand.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from countries.coverage import Coverage, read_coverage
from countries.events import Events, read_events
from countries.forms import Form, read_form
from countries.indicators import OwnIndicator, read_indicators
from countries.items import Item, add_up, read_item
from countries.logistics import Logistics, Tracers, read_couple_years, read_logistics, read_tracers
from countries.quality import QualityRules, read_quality
from countries.reading import CountryError, Table, Words
from countries.thresholds import StockLevels, Thresholds, read_stock_levels, read_thresholds

FOLDER = Path(__file__).parent
PAIR_CLASSES = ("fixed_dose", "banded", "co_movement", "do_not_compare", "alone")
ROLES = (
    "synchronise",
    "see_data_page",
    "edit_tips",
    "annotate",
    "close_alerts",
    "told_of_alerts",
    "see_neighbours",
    "approve_transfers",
)
DAYS = range(1, 29)


@dataclass(frozen=True)
class Level:
    """A level of the hierarchy: its number (1 = the nation) and what one unit, and several, are called."""

    level: int
    name: Words
    plural: Words


@dataclass(frozen=True)
class Programme:
    """A health programme, which pairs are grouped by."""

    id: str
    name: Words


@dataclass(frozen=True)
class Family:
    """Substitutes: a woman (or a patient) may be given any one of them. Members are item codes."""

    id: str
    name: Words
    commodities: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A service and the commodities it uses, compared as its class allows.

    `reported` holds, by measure, the elements in which the services themselves say what they dispensed,
    received and hold. `expected` is the number of units one service uses (class `fixed_dose` only), by
    `guideline`. `why` explains, for `alone` and `do_not_compare`, what is not shown.
    """

    id: str
    name: Words
    kind: str
    programme: str
    services: tuple[str, ...]
    commodities: tuple[str, ...]
    reported: Mapping[str, tuple[str, ...]]
    family: str | None
    expected: float | None
    service_unit: Words
    commodity_unit: Words
    guideline: Words
    approved_by: Words
    why: Words
    tip: Words


@dataclass(frozen=True)
class Country:
    """Everything one country configures.

    `delivery_day` is the day of the month on which stores are supplied, None where there is no such day.
    `roles` says, for each of `ROLES`, which DHIS2 authority or group may; superusers alone where nothing is
    said. `couple_years` are the country's own factors by method. `events` are what is written slip by slip,
    None where the folder has no events.toml. `quality` are rules of data quality, from quality.toml.
    """

    id: str
    name: Words
    time_zone: str
    languages: tuple[str, ...]
    credit: Words
    levels: tuple[Level, ...]
    forms: tuple[Form, ...]
    items: Mapping[str, Item]
    families: Mapping[str, Family]
    pairs: Mapping[str, Pair]
    roles: Mapping[str, str]
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    delivery_day: int | None = None
    stock_levels: tuple[StockLevels, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    indicators: Mapping[str, OwnIndicator] = field(default_factory=dict)
    logistics: Logistics = field(default_factory=Logistics)
    tracers: tuple[Tracers, ...] = ()
    couple_years: Mapping[str, float] = field(default_factory=dict)
    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    events: Events | None = None
    quality: QualityRules = field(default_factory=QualityRules)

    def adds_up(self, codes: Iterable[str]) -> bool:
        """Whether quantities of these products may be summed as they are reported."""
        return add_up(self.items[code] for code in codes if code in self.items)

    def form(self, key: str) -> Form:
        """The form of this key; KeyError when the country has none."""
        for form in self.forms:
            if form.key == key:
                return form
        raise KeyError(f"no form {key!r} in the configuration of {self.id}")

    def level_name(self, level: int, language: str, plural: bool = False) -> str:
        """What a unit of this level is called ("district"), or several of them."""
        for each in self.levels:
            if each.level == level:
                return (each.plural if plural else each.name)[language]
        return str(level)


def load_country(country: str | Path) -> Country:
    """Read a country's folder.

    Args:
        country: the name of a folder beside this module ("civ"), or the path of any folder of the same build.

    Raises:
        CountryError: the folder or a file is absent, or an entry is wrong; the message names the file, the
            entry and the remedy.
    """
    folder = Path(country) if isinstance(country, Path) else FOLDER / country
    if not (folder / "country.toml").is_file():
        known = ", ".join(sorted(p.parent.name for p in FOLDER.glob("*/country.toml")))
        absent = folder / "country.toml"
        raise CountryError(f"no country {folder.name!r}: {absent} is absent. Countries here: {known}.")
    main, pairs = _read(folder / "country.toml"), _read(folder / "pairs.toml")
    languages = tuple(main.strings("languages"))
    words = {"languages": languages}
    families = {f.id: f for f in (_family(t, **words) for t in pairs.tables("families"))}
    items = {i.code: i for i in (read_item(t, **words) for t in main.tables("items"))}
    programmes = {p.id: p for p in (_programme(t, **words) for t in main.tables("programmes"))}
    country_read = Country(
        id=main.text("id"),
        name=main.words("name", languages),
        time_zone=main.text("time_zone"),
        languages=languages,
        credit=main.words("credit", languages, optional=True),
        levels=tuple(_level(t, **words) for t in main.tables("levels")),
        forms=tuple(read_form(t) for t in main.tables("forms")),
        items=items,
        families=families,
        pairs={p.id: p for p in (_pair(t, folder, languages) for t in pairs.tables("pairs"))},
        roles=_roles(main),
        programmes=programmes,
        delivery_day=main.whole("delivery_day", DAYS) if main.has("delivery_day") else None,
        stock_levels=read_stock_levels(main.tables("stock_levels")),
        thresholds=read_thresholds(main.table("thresholds")),
        indicators=read_indicators(main.tables("indicators"), languages, items),
        logistics=read_logistics(main.table("logistics")),
        tracers=read_tracers(main.tables("tracers"), languages, items),
        couple_years=read_couple_years(
            main.table("couple_years"), {i.code: i.protects for i in items.values() if i.protects}
        ),
        coverage=read_coverage(main.tables("coverage"), languages, items, programmes),
        events=_events(folder / "events.toml"),
        quality=read_quality(_if_there(folder / "quality.toml"), items),
    )
    _check_pairs(country_read, folder / "pairs.toml")
    return country_read


def _read(path: Path) -> Table:
    try:
        return Table(tomllib.loads(path.read_text(encoding="utf-8")), str(path))
    except OSError as problem:
        raise CountryError(f"{path} cannot be read: {problem.strerror}.") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CountryError(f"{path} is not TOML: {problem}.") from problem


def _events(path: Path) -> Events | None:
    return read_events(_read(path)) if path.is_file() else None


def _if_there(path: Path) -> Table | None:
    return _read(path) if path.is_file() else None


def _level(table: Table, languages: tuple[str, ...]) -> Level:
    return Level(int(table.number("level")), table.words("name", languages), table.words("plural", languages))


def _roles(main: Table) -> Mapping[str, str]:
    roles = main.table("roles")
    if roles is not None:
        roles.known(*ROLES)
    return main.mapping("roles")


def _programme(table: Table, languages: tuple[str, ...]) -> Programme:
    return Programme(table.text("id"), table.words("name", languages))


def _family(table: Table, languages: tuple[str, ...]) -> Family:
    return Family(
        id=table.text("id"),
        name=table.words("name", languages),
        commodities=tuple(table.strings("commodities")),
        services=tuple(table.strings("services")),
    )


def _pair(table: Table, folder: Path, languages: tuple[str, ...]) -> Pair:
    kind = table.choice("class", PAIR_CLASSES)
    expected: Any = table.number("expected") if kind == "fixed_dose" else None
    return Pair(
        id=table.text("id"),
        name=table.words("name", languages),
        kind=kind,
        programme=table.text("programme", ""),
        services=tuple(table.strings("services")),
        commodities=tuple(table.strings("commodities")),
        reported={k: tuple(v) for k, v in table.lists("reported").items()},
        family=table.text("family", "") or None,
        expected=expected,
        service_unit=table.words("service_unit", languages, optional=not table.strings("services")),
        commodity_unit=table.words("commodity_unit", languages),
        guideline=table.words("guideline", languages, optional=kind != "fixed_dose"),
        approved_by=table.words("approved_by", languages, optional=True),
        why=table.words("why", languages, optional=kind not in ("alone", "do_not_compare")),
        tip=_tip(folder, table.text("id"), languages),
    )


def _tip(folder: Path, pair: str, languages: tuple[str, ...]) -> Words:
    texts = {}
    for language in languages:
        path = folder / "tips" / f"{pair}.{language}.md"
        if not path.is_file():
            raise CountryError(f"{path} is absent: every pair has a tip in each of {', '.join(languages)}.")
        texts[language] = path.read_text(encoding="utf-8").strip()
    return Words(texts)


def _check_pairs(country: Country, path: Path) -> None:
    for pair in country.pairs.values():
        if pair.family and pair.family not in country.families:
            raise CountryError(f"{path}, pair {pair.id!r}: family {pair.family!r} is not among [[families]].")
        if country.programmes and pair.programme not in country.programmes:
            known = ", ".join(country.programmes)
            wrong = f"programme {pair.programme!r} is not among [[programmes]] of country.toml: {known}"
            raise CountryError(f"{path}, pair {pair.id!r}: {wrong}.")
        if not country.adds_up(pair.commodities):
            wrong = (
                "its products are counted in different units, and their sum would be of nothing. Make a pair "
                "of each and let them share a family; or write per_dose for each in [[items]], where as many "
                "units of each are one dose"
            )
            raise CountryError(f"{path}, pair {pair.id!r}: {wrong}.")
