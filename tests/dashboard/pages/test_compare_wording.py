"""What Compare says of single figures in words: zeros, units, ratios, names of files, definitions."""

import re
from typing import Any

import numpy as np
import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.pages.compare_kpis import kpis
from dashboard.pages.compare_panels import panels
from dashboard.pages.compare_reading import source_name
from dashboard.pages.compare_usual_words import about_usual, hovers, summary
from dashboard.pages.compare_words import caution
from dashboard.queries import Figures
from dashboard.questions import Question
from dashboard.reported import reported
from dashboard.takeaway import file_name
from indicators.states import NOT_APPLICABLE
from tests.dashboard.pages.test_compare import Ask, asking, seen


@pytest.fixture(scope="module")
def civ_figures(civ_data: Any, civ: Country) -> Figures:
    return Figures(civ_data, civ)


@pytest.fixture(scope="module")
def civ_ask(civ_figures: Figures, civ: Country) -> Ask:
    return asking(civ_figures, civ)


def everything(figures: Figures) -> Scope:
    top = figures.holding().units.iloc[0]
    return Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "4 to 160; 0 is usual too"), ("fr", "4 à 160 ; 0 est habituel aussi")]
)
def test_a_zero_outside_the_band_that_is_usual_is_said_to_be(civ_ask: Ask, language: str, words: str) -> None:
    reading = civ_ask("unit=C4001&pair=injectable-3m&at=2019-09", language=language).reading
    with i18n.use(language):
        said = about_usual(reading, "commodity")
        usual = reading.usual("commodity")
        assert words in said
        assert words in hovers(usual)[reading.at]


def test_where_no_zero_is_usual_none_is_told(civ_ask: Ask) -> None:
    reading = civ_ask("pair=injectable-3m&at=2019-09").reading
    with i18n.use("en"):
        assert "0 is usual" not in about_usual(reading, "commodity")


@pytest.mark.parametrize(
    ("language", "of_none", "of_many"), [("en", "vials", "vials"), ("fr", "flacon", "flacons")]
)
def test_raw_values_are_counted_in_the_readers_words(
    civ_figures: Figures, language: str, of_none: str, of_many: str
) -> None:
    question = Question("C4001", "injectable-3m", 201901, 201909, children=False)
    with i18n.use(language):
        values = reported(civ_figures, question, everything(civ_figures)).values
    vials = values[values["item"] == "AS27133"]
    assert set(vials.loc[vials["value"] == 0, "unit"]) == {of_none}
    assert set(vials.loc[vials["value"] >= 2, "unit"]) == {of_many}


def test_a_files_name_keeps_the_letters_under_accents(civ_figures: Figures) -> None:
    nation = str(civ_figures.holding().units.index[0])
    answer = civ_figures.compare(Question(nation, "injectable-3m", 201901, 201909), everything(civ_figures))
    assert file_name(answer) == "injectable-3m-cote-d-ivoire-201901-201909"


def test_the_menu_says_that_of_all_pairs_one_is_taken_away(civ_ask: Ask) -> None:
    assert "alone" in seen(civ_ask("pair=injectable-3m&view=pairs"))["export"]["note"]
    assert seen(civ_ask("pair=injectable-3m"))["export"]["note"] == ""


def test_a_place_that_does_not_carry_the_product_has_no_ratio(whotopia_data: Any, whotopia: Country) -> None:
    figures = Figures(whotopia_data, whotopia)
    ask_for, units = asking(figures, whotopia), figures.holding().units
    facilities = units.index[units["level"] == units["level"].max()][:60]
    with_ratio = 0
    for unit in facilities:
        reading = ask_for(f"unit={unit}&pair=injectable").reading
        if reading.dosed is None or reading.dosed.side != "commodity":
            continue
        with i18n.use("en"):
            shown = "ratio" in [each["define"] for each in kpis(reading, "commodity")]
        known = not np.isnan(reading.dosed.ratio[reading.at])
        carried = reading.comparison.line("commodity", "consumed").state[0, reading.at] != NOT_APPLICABLE
        assert shown == (known and carried)
        with_ratio += shown
    assert with_ratio


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("our average", "source’s own")), ("fr", ("notre", "de la source"))]
)
def test_months_of_stock_name_whose_average_it_is(language: str, words: tuple[str, ...]) -> None:
    with i18n.use(language):
        formula = i18n.t("definition.months_of_stock").splitlines()[1]
    assert all(word in formula for word in words)


def test_french_keeps_its_double_punctuation_on_the_line_of_the_word_before() -> None:
    texts = [text for each in i18n.catalogue("fr").values() for text in each]
    assert not [text for text in texts if re.search(r"\S [;?!:»%](?!\w)|« ", text)]
    assert any("\u202f;" in text for text in texts) and any("\u00a0:" in text for text in texts)


@pytest.mark.parametrize(("language", "names"), [("en", ("HMIS", "LMIS")), ("fr", ("SNIS", "SIGL"))])
def test_the_systems_are_called_in_the_panels_as_in_the_sentences(
    civ_ask: Ask, language: str, names: tuple[str, str]
) -> None:
    reading = civ_ask("pair=pill", language=language).reading
    with i18n.use(language):
        assert (source_name(reading, "service"), source_name(reading, "commodity")) == names
        assert names[1] in caution(reading)["text"]


def test_what_is_not_carried_is_not_said_to_lack_reports(civ_ask: Ask) -> None:
    asked = civ_ask("unit=C4001&pair=iud")
    with i18n.use("en"):
        said = panels(asked.reading, asked.answer.as_of)["commodity"]["reports"]
    due = asked.reading.reports("commodity")[asked.reading.at][1]
    assert said.endswith("none was expected") == (due == 0)


def test_a_trend_is_told_of_the_periods_that_have_figures(civ_ask: Ask) -> None:
    reading = civ_ask("pair=injectable-3m&from=2018-01&to=2019-09").reading
    with i18n.use("en"):
        said = summary(reading, "service")
    assert said.startswith("Women served, Jan 2019 to Sep 2019: ")
    assert "no trend can be told" not in said


def test_at_a_facility_both_sides_are_said_to_be_of_two_places(civ_ask: Ask) -> None:
    asked = civ_ask("unit=C4001&pair=injectable-3m")
    with i18n.use("en"):
        text = caution(asked.reading)["text"]
    assert text.startswith(
        "The services are of Abengourou as a whole; the LMIS is of Abengourou C4001 alone."
    )
