"""What a country decides about its indicators is read, and what is wrong in it is named."""

import shutil
from pathlib import Path

import pytest

from countries import CountryError, Logistics, load_country
from countries.logistics import FORECASTS, PROTECTION, RULES
from indicators import rules
from indicators.cyp import FACTORS
from indicators.forecast import METHODS

TINY = Path(__file__).parents[1] / "tiny" / "country"


@pytest.fixture
def tiny_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def put(folder: Path, before: str, text: str) -> Path:
    path = folder / "country.toml"
    told = path.read_text(encoding="utf-8")
    assert before in told
    path.write_text(told.replace(before, f"{text}\n{before}", 1), encoding="utf-8")
    return folder


def test_the_configuration_and_the_indicators_know_the_same_names():
    assert set(RULES) == set(rules.RULES)
    assert set(FORECASTS) == set(METHODS)
    assert set(PROTECTION) == {factor.method for factor in FACTORS}


def test_a_country_that_decides_nothing_has_what_the_indicators_take_for_usual():
    country, usual = load_country(TINY), rules.Rules()
    said = country.logistics
    assert (said.rule, said.months, said.least) == (
        usual.average.rule,
        usual.average.months,
        usual.average.least,
    )
    assert (said.forecast, said.horizon, said.tested) == (
        usual.forecast.method,
        usual.forecast.horizon,
        usual.forecast.tested,
    )
    assert (country.tracers, country.couple_years) == ((), {})
    assert {(item.need, item.price, item.protects) for item in country.items.values()} == {("", None, "")}


def test_a_country_may_decide_everything(tiny_copy: Path):
    folder = put(
        tiny_copy,
        "[[levels]]\nlevel = 1",
        """
[logistics]
rule = "days_in_stock"
months = 6
least = 4
forecast = "tsb"
horizon = 1
tested = 6

[[tracers]]
id = "malaria"
name = { fr = "Paludisme", en = "Malaria" }
commodities = ["RDT", "ACT6"]

[couple_years]
amulet = 0.5
""",
    )
    put(folder, 'unit = { fr = "test", en = "test" }', 'need = "V"\nprice = 0.3\nprotects = "amulet"')
    country = load_country(folder)
    assert country.logistics == Logistics("days_in_stock", 6, 4, "tsb", 1, 6)
    assert country.tracers[0].commodities == ("RDT", "ACT6")
    assert country.couple_years == {"amulet": 0.5}
    rdt = country.items["RDT"]
    assert (rdt.need, rdt.price, rdt.protects) == ("V", 0.3, "amulet")


@pytest.mark.parametrize("name", ["civ", "whotopia"])
def test_shipped_countries_name_a_method_for_every_contraceptive(name: str):
    country = load_country(name)
    protecting = [item.code for item in country.items.values() if item.protects]
    assert len(protecting) >= 10
    assert country.tracers and all(tracers.name["fr"] for tracers in country.tracers)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[logistics]\nrule = "guess"', "'guess' is not one of tandem, none"),
        ('[logistics]\nforecast = "guess"', "'guess' is not one of seasonal_naive"),
        ("[logistics]\nmonths = 2\nleast = 3", "least: 3 of 2 months cannot be asked for"),
        ("[logistics]\nmonth = 2", "month: there is no such entry"),
        ("[logistics]\nmonths = 0", "0 is no whole number among 1 to 24"),
        (
            '[[tracers]]\nid = "x"\nname = { fr = "x", en = "x" }\ncommodities = ["NONE"]',
            "'NONE' is not among",
        ),
        ('[[tracers]]\nid = "x"\nname = { fr = "x", en = "x" }', "a code at least is required"),
        ("[couple_years]\namulet = 0", "amulet: 0 is no couple-years above 0"),
    ],
)
def test_a_wrong_decision_is_named(tiny_copy: Path, text: str, named: str):
    with pytest.raises(CountryError, match=named):
        load_country(put(tiny_copy, "[[levels]]\nlevel = 1", text + "\n"))


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ('need = "A"', "'A' is not one of V, E, N"),
        ("price = 0", "0 is no price above 0"),
        ('protects = "amulet"', r"item 'RDT', protects: nobody knows the method 'amulet'; give it a factor"),
    ],
)
def test_a_wrong_entry_of_an_item_is_named(tiny_copy: Path, entry: str, named: str):
    with pytest.raises(CountryError, match=named):
        load_country(put(tiny_copy, 'unit = { fr = "test", en = "test" }', entry))
