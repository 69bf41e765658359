"""Our definitions as metadata that DHIS2 imports: indicators, their types, and a group of them.

The ids are worked out of the country's, the definition's and the product's names, so that an import anew
changes what is there and adds nothing. What DHIS2's expressions cannot say is not in it; why not stands with
each definition.
"""

import hashlib
import string
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from accounts.scope import Scope
from countries.configuration import Country, Pair
from countries.coverage import Coverage
from countries.indicators import OwnIndicator
from dashboard import i18n
from dashboard.definitions import in_dhis2, meaning
from dashboard.dhis2_expressions import Cells, Expressions, NotReported, of_form, of_items
from dashboard.i18n import t
from dashboard.own_indicators import NONE, formula_of, sums
from dashboard.queries import Figures
from dashboard.questions import NothingSyncedError
from dashboard.readable import unread
from indicators.definitions import DEFINITIONS, Definition
from indicators.definitions.formulas import Formula, Term
from indicators.measures import COMMODITY, SERVICE_REPORT

LETTERS = string.ascii_uppercase + string.ascii_lowercase
SIGNS = LETTERS + string.digits
UID_SIGNS, NAME_SIGNS, SHORT_SIGNS = 11, 230, 50
MARK_SIGNS = 6  # of an id, at the end of a name that was cut
DECIMALS = 4
FACTORS = {1: "Tandem × 1", 30: "Tandem × 30 (days)", 100: "Tandem × 100 (%)"}


def uid(*names: str) -> str:
    """An id as DHIS2's are, always the same for the same names: a letter, then ten letters and digits.

    >>> uid("civ", "consumed", "AS27000") == uid("civ", "consumed", "AS27000") != uid("civ", "consumed")
    True
    """
    number = int.from_bytes(hashlib.sha256("\n".join(("tandem", *names)).encode()).digest(), "big")
    number, first = divmod(number, len(LETTERS))
    found = LETTERS[first]
    for _ in range(UID_SIGNS - 1):
        number, sign = divmod(number, len(SIGNS))
        found += SIGNS[sign]
    return found


@dataclass(frozen=True)
class Said:
    """One indicator before it is written down.

    Attributes:
        definition: id of what it shows.
        of: the product, pair or form it shows it of; "" for a country's own.
        expressions: numerator and denominator.
        factor: what the result is multiplied by.
        names: by language, its name.
        descriptions: by language.
        above: by language, what the numerator is.
        below: by language, what the denominator is.
    """

    definition: str
    of: str
    expressions: Expressions
    factor: int
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    above: Mapping[str, str]
    below: Mapping[str, str]


def metadata(figures: Figures, scope: Scope) -> dict[str, Any]:
    """What a DHIS2 imports with `POST /api/metadata`: indicatorTypes, indicators, indicatorGroups.

    Args:
        figures: what the country configures, and where its figures stand in DHIS2.
        scope: elements that the asker may not read are left out.

    Names are in the reader's language, in the others as translations; ids are the same whoever reads.

    Raises:
        NothingSyncedError: no sync has kept yet where the figures stand.
    """
    said = list(_said(figures.country, _cells(figures, scope), figures))
    return _payload(figures.country, said)


def _cells(figures: Figures, scope: Scope) -> Cells:
    holding = figures.holding()
    if "cells" not in holding.snapshot.manifest["tables"]:
        what = "The last sync was of a version that did not keep where in DHIS2 each figure stands."
        raise NothingSyncedError(
            "data", what, "Run `python app.py sync`, or ask for a sync on the Data page."
        )
    codes = dict(zip(holding.rollup.items["id"], holding.rollup.items["code"], strict=True))
    codes |= {each["id"]: code for code, each in holding.rollup.populations.items.items()}
    frame = holding.snapshot.read("cells")
    frame = frame.assign(code=frame["item"].map(codes)).dropna(subset=["code"])
    hidden, _ = unread(holding, frame["code"].unique().tolist(), scope)
    readable = {key: each for key, each in holding.data_sets.items() if scope.reads(each)}
    return Cells(frame[~frame["code"].isin(hidden)], readable)


def _said(country: Country, cells: Cells, figures: Figures) -> Iterator[Said]:
    products = [str(row.code) for row in figures.holding().rollup.items.itertuples() if row.kind == COMMODITY]
    for each in DEFINITIONS:
        if each.formula is None:
            continue
        if each.formula.of == "form":
            yield from _of_forms(each, cells, figures)
        elif each.formula.of == "country":
            yield from (one for of in country.coverage.values() for one in _of_coverage(each, cells, of))
        elif each.formula.of == "pair":
            yield from (one for pair in country.pairs.values() for one in _of_pair(each, cells, pair))
        else:
            yield from (one for code in products for one in _of_product(each, cells, country, code))
    for own in country.indicators.values():
        yield from _own(country, own, cells)


def _of_product(each: Definition, cells: Cells, country: Country, code: str) -> Iterator[Said]:
    item = country.items.get(code)
    if each.formula and item:
        with suppress(NotReported):
            yield _named(each, code, of_items(each.formula, cells, [code]), item.name)


def _of_pair(each: Definition, cells: Cells, pair: Pair) -> Iterator[Said]:
    """Of a pair's services, of what they say of their own stock, or of both sides where a dose is fixed."""
    codes = pair.reported.get(each.measure, ()) if each.side == SERVICE_REPORT else pair.services
    if not each.formula or not codes or (each.formula.below and pair.kind != "fixed_dose"):
        return
    with suppress(NotReported):
        found = of_items(Formula(each.formula.below or each.formula.above), cells, codes)
        if each.formula.below:  # used for each service: what the services say of it, else what the stores do
            used = pair.reported.get("consumed") or pair.commodities
            above = of_items(Formula(each.formula.above), cells, used)
            found = Expressions(above.numerator, found.numerator)
        yield _named(each, pair.id, found, pair.name)


def _of_coverage(each: Definition, cells: Cells, of: Coverage) -> Iterator[Said]:
    """Services over those that the people of a year should have been given."""
    above = (Term("count", items=of.services),)
    below = (Term("count", of.share * of.each, items=(of.population,)),)
    with suppress(NotReported):
        yield _named(each, of.id, of_items(Formula(above, below, 100), cells, []), of.name)


def _of_forms(each: Definition, cells: Cells, figures: Figures) -> Iterator[Said]:
    names = figures.holding().forms["name"]
    for key, data_set in cells.data_sets.items():
        if each.formula:
            found = of_form(each.formula, data_set)
            yield _named(each, key, found, dict.fromkeys(i18n.LANGUAGES, str(names[key])))


def _own(country: Country, own: OwnIndicator, cells: Cells) -> Iterator[Said]:
    with suppress(NotReported):
        found = of_items(formula_of(own), cells, [])
        names = {each: own.name[each] for each in i18n.LANGUAGES}
        above, below = ({}, {})
        for language in names:
            with i18n.use(language):
                above[language], below[language] = sums(country, own)
        told = {each: own.description[each] for each in names}
        yield Said(own.id, "", found, own.factor, names, told, above, below)


def _named(each: Definition, of: str, found: Expressions, names: Mapping[str, str]) -> Said:
    """With its name and description in every language."""
    called, told, above, below = {}, {}, {}, {}
    for language in i18n.LANGUAGES:
        with i18n.use(language):
            words = meaning(each)
            called[language] = t("definitions.dhis2_name", what=names[language], figure=words.name)
            above[language], below[language] = words.numerator, words.denominator
            limits = in_dhis2(each)["text"] if each.formula and each.formula.limits else ""
            told[language] = f"{words.description} {words.formula}. {limits}".strip()
    factor = each.formula.factor if each.formula else 1
    return Said(each.id, of, found, factor, called, told, above, below)


def _payload(country: Country, said: list[Said]) -> dict[str, Any]:
    factors = sorted({each.factor for each in said})
    indicators = [_indicator(country, each) for each in said]
    name = t("definitions.dhis2_name", what="Tandem", figure=country.name[i18n.language()])
    group = {
        "id": uid(country.id, "group"),
        "code": f"TANDEM_{country.id}".upper()[:SHORT_SIGNS],
        "name": name,
        "shortName": name[:SHORT_SIGNS],
        "indicators": [{"id": each["id"]} for each in indicators],
    }
    return {
        "indicatorTypes": [_type(factor) for factor in factors],
        "indicators": indicators,
        "indicatorGroups": [group],
    }


def _type(factor: int) -> dict[str, Any]:
    name = FACTORS.get(factor, f"Tandem × {factor}")
    return {"id": uid("type", str(factor)), "name": name, "factor": factor, "number": False}


def _indicator(country: Country, said: Said) -> dict[str, Any]:
    first = i18n.language()
    mark = f"{said.definition}.{said.of}".strip(".")
    identity = uid(country.id, said.definition, said.of)
    return {
        "id": identity,
        "code": _short(f"{country.id}.{mark}".upper(), identity),
        "name": said.names[first][:NAME_SIGNS],
        "shortName": short_name(said.names[first], identity),
        "description": said.descriptions[first],
        "numerator": said.expressions.numerator,
        "numeratorDescription": said.above[first],
        "denominator": said.expressions.denominator,
        "denominatorDescription": said.below[first].replace(NONE, "1"),
        "indicatorType": {"id": uid("type", str(said.factor))},
        "annualized": False,
        "decimals": DECIMALS,
        "translations": [
            {"property": prop, "locale": language, "value": text}
            for language in said.names
            for prop, text in (
                ("NAME", said.names[language][:NAME_SIGNS]),
                ("SHORT_NAME", short_name(said.names[language], identity)),
                ("DESCRIPTION", said.descriptions[language]),
            )
        ],
    }


def short_name(name: str, identity: str) -> str:
    """A name within fifty signs; a longer one ends in some signs of the id, so that no two are the same.

    >>> short_name("Pill: Months of stock", "a1b2c3d4e5f"), len(short_name("Pill " * 20, "a1b2c3d4e5f"))
    ('Pill: Months of stock', 50)
    """
    if len(name) <= SHORT_SIGNS:
        return name
    return f"{name[: SHORT_SIGNS - MARK_SIGNS - 2].rstrip()}… {identity[-MARK_SIGNS:]}"


def _short(text: str, identity: str) -> str:
    """A text within fifty signs; a longer one is cut and ends in the id, so that no two are the same."""
    return text if len(text) <= SHORT_SIGNS else f"{text[: SHORT_SIGNS - len(identity) - 1]}.{identity}"
