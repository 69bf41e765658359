"""A year of which nine months are in is never shown as if it were whole."""

from typing import Any

import pytest

from countries import Country
from dashboard import i18n
from dashboard.pages.compare_charts import both_charts
from dashboard.queries import Figures
from tests.dashboard.pages.test_compare import Ask, asking, seen


@pytest.fixture(scope="module")
def civ_ask(civ_data: Any, civ: Country) -> Ask:
    return asking(Figures(civ_data, civ), civ)


@pytest.mark.parametrize(("language", "named"), [("en", "2019 (Jan–Sep)"), ("fr", "2019 (janv.–sept.)")])
def test_a_year_that_is_not_over_names_its_months_wherever_it_stands(civ_ask: Ask, language, named):
    assert civ_ask("pair=pill&grain=year&at=2019", language=language).reading.labels == ["2018", named]


def test_the_choice_of_the_period_and_the_table_say_it_too(civ_ask: Ask):
    shown = seen(civ_ask("pair=pill&grain=year&at=2019"))
    assert [each["text"] for each in shown["controls"]["at"]["options"]] == ["2018", "2019 (Jan–Sep)"]
    assert shown["months"]["rows"][1][0] == "2019 (Jan–Sep)"


def test_a_year_passed_over_is_named_with_what_is_in_and_what_is_shown_instead(civ_ask: Ask):
    notes = seen(civ_ask("pair=pill&grain=year"))["notes"]
    assert any("2019" in note and "Jan–Sep" in note and "2018" in note for note in notes)


@pytest.mark.parametrize(
    "query", ["grain=year&at=2019", "grain=year&at=2018", "grain=month", "grain=quarter"]
)
def test_nothing_is_said_where_nothing_was_passed_over(civ_ask: Ask, query):
    assert not [note for note in seen(civ_ask(f"pair=pill&{query}"))["notes"] if "Jan–Sep" in note]


def test_the_axis_says_it_below_the_year(civ_ask: Ask):
    reading = civ_ask("pair=pill&grain=year&at=2018").reading
    with i18n.use("en"):
        service, _ = both_charts(reading)
    assert service["layout"]["xaxis"]["ticktext"] == ["2018", "2019<br>(Jan–Sep)"]
