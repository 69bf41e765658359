"""What a country says of the coverage of its services is read, and what is wrong with it is named."""

import pytest

from countries import CountryError, load_country
from countries.coverage import read_coverage
from countries.reading import Table

GOOD = {
    "id": "anc1",
    "programme": "maternal",
    "name": {"fr": "CPN 1", "en": "ANC 1"},
    "services": ["ANC1"],
    "population": "POP",
    "share": 0.04,
    "target": {"fr": "grossesses", "en": "pregnancies"},
    "source": {"fr": "norme", "en": "norm"},
}


def read(*entries: dict) -> dict:
    tables = [Table(entry, "country.toml, coverage") for entry in entries]
    return read_coverage(tables, ("fr", "en"), {"ANC1", "ANC4"}, {"maternal"})


def test_what_is_not_said_is_as_usual():
    found = read(GOOD)["anc1"]
    assert (found.share, found.each, found.months, found.carried) == (0.04, 1.0, 12, 2)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"services": ["ANC9"]}, "'ANC9' is not among"),
        ({"services": []}, "a code at least"),
        ({"programme": "dental"}, "'dental' is not among"),
        ({"share": 0}, "0 is not above 0"),
        ({"each": -1}, "-1 is not above 0"),
        ({"months": 5}, "5 is no whole number"),
        ({"carried": 11}, "11 is no whole number"),
        ({"mistake": 1}, "there is no such entry"),
        ({"id": "ANC1"}, "an item's code"),
        ({"source": {}}, "the text in fr, en is lacking"),
    ],
)
def test_a_wrong_entry_is_named(changes, named):
    with pytest.raises(CountryError, match=named):
        read(GOOD | changes)


def test_no_two_bear_one_name():
    with pytest.raises(CountryError, match="stands here twice"):
        read(GOOD, GOOD)


def test_every_population_that_whotopia_asks_for_is_of_its_form_of_estimates():
    country = load_country("whotopia")
    assert country.form("population").kind == "population"
    assert all(each.population.startswith("POP_") for each in country.coverage.values())
    assert load_country("civ").coverage == {}
