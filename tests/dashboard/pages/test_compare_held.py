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


@pytest.mark.parametrize(
    ("query", "opened"),
    [
        ("grain=year", "2019"),
        ("grain=half", "2019-S2"),
        ("grain=quarter", "2019-Q3"),
        ("grain=month", "2019-09"),
    ],
)
def test_every_grain_opens_on_the_latest_period_that_has_reports(civ_ask: Ask, query: str, opened: str):
    reading = civ_ask(f"pair=pill&{query}").reading
    assert reading.comparison.periods[reading.at] == opened


def test_the_axis_says_it_below_the_year(civ_ask: Ask):
    reading = civ_ask("pair=pill&grain=year&at=2018").reading
    with i18n.use("en"):
        service, _ = both_charts(reading)
    assert service["layout"]["xaxis"]["ticktext"] == ["2018", "2019<br>(Jan–Sep)"]
