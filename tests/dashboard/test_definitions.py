"""Every figure has a definition in both languages with an example that runs, and the interface tells them."""

import csv
import io
import math
import re
from importlib import import_module

import pytest

from countries import load_country
from dashboard import i18n
from dashboard.country_settings import settings_of
from dashboard.definition_keys import TEXTS
from dashboard.definitions import described, in_dhis2, meaning
from dashboard.own_indicators import TakenNameError, check
from dashboard.pages.compare_definitions import EVERYWHERE, OF_THE_PLACES
from dashboard.worked import example, said, valued
from indicators.cyp import FACTORS
from indicators.definitions import ALIASES, BY_ID, DEFINITIONS, SUBJECTS, find, of_measure
from indicators.definitions.formulas import LIMITS, UNSAID
from indicators.definitions.shades import STOCK
from indicators.definitions.sources import SOURCES
from indicators.logistics import INDICATORS
from indicators.measures import COMMODITY, COMMODITY_MEASURES, COUNT, FACILITIES_OUT, SERVICE

LINES = 8
API = "/api/v1/definitions"
INK = "#10161d"
of_each = pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.id)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@of_each
def test_a_definition_has_all_its_lines_in_every_language(definition, language):
    with i18n.use(language):
        assert i18n.t(TEXTS[definition.id]).count("\n") == LINES - 1
        told = meaning(definition)
    assert all(
        (told.name, told.formula, told.numerator, told.denominator, told.unit, told.source, told.is_not)
    )
    assert told.description.endswith(".")


def test_no_two_figures_share_an_id_a_measure_or_a_name():
    assert len(BY_ID) == len(DEFINITIONS)
    measures = [(each.side, each.measure) for each in DEFINITIONS if each.measure]
    assert len(set(measures)) == len(measures)
    for language in i18n.LANGUAGES:
        with i18n.use(language):
            names = [meaning(each).name for each in DEFINITIONS]
        assert [name for name in names if names.count(name) > 1] == []


def test_every_measure_that_is_compared_and_every_indicator_is_defined():
    assert of_measure(SERVICE, COUNT)
    assert [
        each for each in (*COMMODITY_MEASURES, FACILITIES_OUT) if of_measure(COMMODITY, each) is None
    ] == []
    assert [name for name in INDICATORS if ALIASES.get(name, name) not in BY_ID] == []
    assert find("status_low").id == "status_shares"


@of_each
def test_a_definition_names_the_function_that_works_it_out(definition):
    module = import_module(f"indicators.{definition.module}")
    assert module.__doc__
    if definition.function:
        assert callable(getattr(module, definition.function)), definition.function
    assert definition.subject in SUBJECTS


@of_each
def test_a_worked_example_comes_out_as_it_says(definition):
    found = definition.example.work(**definition.example.inputs)
    assert rounded(found) == definition.example.result
    with i18n.use("en"):
        told = example(definition)
    assert told["result"]
    assert all(each["name"] and each["text"] for each in told["inputs"])


def rounded(value):
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 3) if isinstance(value, float) else value


@of_each
def test_a_definition_says_where_its_formula_is_from_and_whether_dhis2_can_say_it(definition):
    assert [each for each in definition.sources if each not in SOURCES] == []
    formula = definition.formula
    assert (formula is None) is bool(definition.unsaid)
    assert formula is None or set(formula.limits) <= set(LIMITS)
    assert formula is not None or definition.unsaid in UNSAID
    for language in i18n.LANGUAGES:
        with i18n.use(language):
            assert len(in_dhis2(definition)["text"]) > 20


def test_every_source_is_cited_somewhere():
    assert set(SOURCES) == {each for definition in DEFINITIONS for each in definition.sources}


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_classes_of_stock_have_the_designs_colours_and_marks_that_can_be_told():
    """A mark on its colour is a graphic: three to one suffices, and a word stands beside it (WCAG 1.4.11)."""
    designed = {"out": "✕#cc3311", "low": "▼#eecc66", "enough": "✓#44aa99", "over": "▲#aa99dd"}
    assert {each.id: each.mark + each.colour for each in STOCK if each.id in designed} == designed
    assert len({each.mark for each in STOCK}) == len(STOCK)
    assert [each.id for each in STOCK if each.colour and contrast(each.colour, INK) < 3] == []


@pytest.mark.parametrize("name", ["civ", "whotopia"])
def test_what_the_country_decides_is_said_with_its_own_numbers(name):
    country = load_country(name)
    with i18n.use("en"):
        told = {each.id: " ".join(settings_of(each, country)) for each in DEFINITIONS if each.settings}
    assert f"average of {country.logistics.months} months" in told["months_of_stock"]
    levels = country.stock_levels
    numbers = [f"{each.least:g}–{each.most:g}" for each in levels] or ["1.5–3"]
    assert [each for each in numbers if each not in told["stock_status"]] == []
    assert f"{country.thresholds.unusual:g} spreads" in told["usual"]


def test_values_are_said_as_people_write_them():
    with i18n.use("en"):
        assert valued(0.12345, "share") == "12.3%"
        assert valued([True, None, math.nan], "class") == "yes · not reported · not reported"
        assert (said(1.5), said(2.0), said(0.0678), said(1234.56)) == ("1.5", "2", "0.068", "1,234.6")
    with i18n.use("fr"):
        assert (valued("low", "class"), said(201909, "month")) == ("faible", "sept. 2019")


def test_the_shares_of_a_change_are_said_as_percentages_that_add_up_to_all():
    with i18n.use("en"):
        assert example(BY_ID["share_of_change"])["result"] == "61% · 29% · 10%"


def test_the_day_on_which_an_order_came_is_not_called_a_report():
    with i18n.use("en"):
        names = [each["name"] for each in example(BY_ID["lead_time"])["inputs"]]
    assert names == ["ordered on", i18n.catalogue("en")["definition_input.delivered"][0]]


def test_the_page_names_figures_that_are_defined():
    assert set(EVERYWHERE) | set(OF_THE_PLACES) <= set(BY_ID)


def test_couple_years_are_worked_out_by_factors_that_are_dated():
    assert any(each.since for each in FACTORS)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_interface_tells_them_to_whoever_is_logged_in(site, browsers, language):
    path = f"{API}?lang={language}"
    assert browsers["nobody"].get(path).status_code == 401
    told = browsers["store"].get(path).json
    own = set(site.country.indicators)
    with i18n.use(language):
        known = described()
    assert told["language"] == language
    assert [{name: each[name] for name in known[0]} for each in told["definitions"][: len(known)]] == known
    assert {each["id"] for each in told["definitions"][len(known) :]} == own
    assert all(re.fullmatch("[a-z][a-z0-9_]*", each["id"]) for each in told["definitions"])


def test_some_are_told_in_the_order_asked_for_and_one_by_its_name(browsers):
    store = browsers["store"]
    told = store.get(f"{API}?ids=stock,services").json["definitions"]
    assert [each["id"] for each in told] == ["closing", "services"]
    one = store.get(f"{API}/months_of_stock?lang=fr").json
    assert (one["id"], one["name"], one["href"]) == (
        "months_of_stock", "Mois de stock", "/definitions?lang=fr#months_of_stock"
    )  # fmt: skip
    missing = store.get(f"{API}/stockout_rates")
    assert missing.status_code == 404
    assert "'stockout_rate'" in missing.json["errors"][0]["remedy"]
    assert "definitions" in store.get(f"{API}/nothing").json["errors"][0]["remedy"]
    for path in (f"{API}?ids=nothing", f"{API}?format=xml", f"{API}?what=1"):
        refused = store.get(path)
        assert refused.status_code == 400, path
        assert refused.json["errors"][0]["remedy"], path


def test_they_are_taken_away_as_a_table(site, browsers):
    answer = browsers["store"].get(f"{API}?format=csv&lang=en")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == len(DEFINITIONS) + len(site.country.indicators)
    stock = next(row for row in rows if row["id"] == "stock_status")
    assert "#cc3311" in stock["classes"]
    assert all(row["formula"] and row["is_not"] and row["dhis2_text"] for row in rows)


def test_some_alone_are_not_promised_for_dhis2(browsers):
    told = browsers["admin"].get(f"{API}?format=dhis2&ids=months_of_stock").json["errors"][0]
    assert (told["where"], told["remedy"]) == ("ids", "Leave `ids` out.")


def test_examples_are_of_ones_own_place_and_come_out_of_its_figures(site, browsers):
    for username in ("admin", "district"):
        told = browsers[username].get(f"{API}/examples?lang=en").json
        assert told["unit"]["name"]
        assert len(told["examples"]) > 15, username
        assert all(each["result"] for each in told["examples"].values())
        values = [each["value"] for each in told["places"]]
        assert told["unit"]["id"] in values and len(values) == len(set(values))
        below = told["places"][-1]["value"]
        there = browsers[username].get(f"{API}/examples?lang=en&unit={below}").json
        assert (there["unit"]["id"], there["unit"]["name"]) == (below, told["places"][-1]["text"])
    assert set(told["examples"]) <= {*BY_ID, *site.country.indicators}
    assert browsers["admin"].get(f"{API}/examples?item=nothing").status_code == 400


def test_an_example_says_what_it_is_of_a_pair_a_product_or_a_service(site, browsers):
    told = browsers["admin"].get(f"{API}/examples?lang=en").json
    examples, country = told["examples"], site.country
    pairs = {pair.name["en"] for pair in country.pairs.values() if told["item"]["id"] in pair.commodities}
    of_pairs = [each for each in examples.values() if each["of"] == "pair"]
    assert examples["facilities_out"] in of_pairs
    assert {each["about"] for each in of_pairs} <= pairs
    assert examples["months_of_stock"]["about"] == told["item"]["name"]
    services = {each.name["en"] for each in country.coverage.values()}
    assert examples.get("coverage", {"about": next(iter(services), "")})["about"] in services | {""}
    assert all(examples[name]["about"] == "" for name in country.indicators if name in examples)


def test_an_own_indicator_must_not_bear_the_name_of_a_published_one(site):
    from dataclasses import replace

    indicator = next(iter(site.country.indicators.values()), None)
    check(site.country)
    if indicator:
        taken = replace(
            site.country, indicators={"months_of_stock": replace(indicator, id="months_of_stock")}
        )
        with pytest.raises(TakenNameError, match="another id"):
            check(taken)
