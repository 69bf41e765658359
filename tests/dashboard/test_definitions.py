"""Every figure has a definition in both languages, and the interface tells them."""

import re
from importlib import import_module

import pytest

from dashboard import i18n
from dashboard.definitions import TEXTS, described, meaning
from dashboard.pages.compare_definitions import EVERYWHERE, OF_THE_PLACES
from indicators.definitions import BY_ID, DEFINITIONS, of_measure
from indicators.measures import COMMODITY, COMMODITY_MEASURES, COUNT, FACILITIES_OUT, SERVICE

LINES = 8


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.id)
def test_a_definition_has_all_its_lines_in_every_language(definition, language):
    with i18n.use(language):
        assert i18n.t(TEXTS[definition.id]).count("\n") == LINES - 1
        said = meaning(definition)
    assert all(
        (said.name, said.formula, said.numerator, said.denominator, said.unit, said.source, said.is_not)
    )


def test_no_two_figures_share_an_id_or_a_measure():
    assert len(BY_ID) == len(DEFINITIONS)
    measures = [(each.side, each.measure) for each in DEFINITIONS if each.measure]
    assert len(set(measures)) == len(measures)


def test_every_measure_that_is_compared_is_defined():
    assert of_measure(SERVICE, COUNT)
    assert [
        each for each in (*COMMODITY_MEASURES, FACILITIES_OUT) if of_measure(COMMODITY, each) is None
    ] == []


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda each: each.id)
def test_a_definition_names_a_module_that_is_there(definition):
    assert import_module(f"indicators.{definition.module}").__doc__


def test_the_page_names_figures_that_are_defined():
    assert set(EVERYWHERE) | set(OF_THE_PLACES) <= set(BY_ID)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_interface_tells_them_to_whoever_is_logged_in(browsers, language):
    path = f"/api/v1/definitions?lang={language}"
    assert browsers["nobody"].get(path).status_code == 401
    told = browsers["store"].get(path).json
    with i18n.use(language):
        assert told == {"language": language, "definitions": described()}
    assert all(re.fullmatch("[a-z_]+", each["id"]) for each in told["definitions"])
