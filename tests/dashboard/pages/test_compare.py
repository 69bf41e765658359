"""What Compare says, over the real Ivorian figures and over the tiny country of another build."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.address import Address
from dashboard.pages.compare_charts import both_charts, ticks
from dashboard.pages.compare_problem import words_of
from dashboard.pages.compare_view import Asked, ask, view
from dashboard.queries import Figures
from dashboard.questions import (
    NothingSyncedError,
    NotInScopeError,
    QuestionError,
    UnknownPairError,
    UnknownUnitError,
)

Ask = Callable[..., Asked]
MOST_BYTES = 20_000


def asking(figures: Figures, country: Country) -> Ask:
    top = figures.holding().units.iloc[0]
    everything = Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)

    def ask_for(search: str = "", scope: Scope | None = None, language: str = "en") -> Asked:
        with i18n.use(language):
            return ask(figures, country, Address.read(search), scope or everything)

    return ask_for


@pytest.fixture(scope="module")
def civ_ask(civ_data: Any, civ: Country) -> Ask:
    return asking(Figures(civ_data, civ), civ)


@pytest.fixture(scope="module")
def tiny_ask(tiny_data: Any, tiny: Country) -> Ask:
    return asking(Figures(tiny_data, tiny), tiny)


def seen(asked: Asked, language: str = "en") -> dict[str, Any]:
    with i18n.use(language):
        return view(asked)


def row(shown: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in shown["table"]["rows"] if each["name"] == name)


REGION = "unit=R_AGNEBY_TIASSA_ME&pair=injectable-3m"


def test_headline_figures_are_those_of_the_published_data(civ_ask: Ask) -> None:
    shown = seen(civ_ask(f"{REGION}&at=2019-03"))
    kpis = [(each["value"], each["words"]) for each in shown["panels"]["service"]["kpis"]]
    assert ("2,773", "women served in Mar 2019") in kpis
    assert row(seen(civ_ask(f"{REGION}&at=2019-09")), "Tiassale")["service"] == "700"


def test_the_page_begins_with_the_askers_own_place_and_the_year_before(civ_ask: Ask) -> None:
    asked = civ_ask()
    assert asked.reading.place.level == 1
    assert (asked.reading.address.first, asked.reading.address.last) == (201801, 201909)
    assert asked.reading.comparison.periods[asked.reading.at] == "2019-09"


def test_at_a_facility_the_services_are_the_districts_and_the_page_says_so(civ_ask: Ask) -> None:
    asked = civ_ask("unit=C4001&pair=injectable-3m")
    shown = seen(asked)
    assert asked.reading.borrowed is not None
    assert asked.reading.borrowed.name == "Abengourou"
    assert (
        "not by Abengourou C4001: the figures are those of Abengourou"
        in shown["panels"]["service"]["message"]
    )
    assert shown["table"]["rows"] == []


def test_a_commodity_alone_says_that_there_is_no_recorded_service(civ_ask: Ask) -> None:
    shown = seen(civ_ask("pair=condom-male"))
    assert shown["panels"]["service"]["empty"]
    assert shown["caution"]["strong"] == "No recorded service."
    assert "service" not in [column["key"] for column in shown["table"]["columns"]]


def test_the_districts_with_one_side_only_are_counted_and_named_with_the_reason(civ_ask: Ask) -> None:
    found = seen(civ_ask("pair=implant"))["one_sided"]
    assert found["title"] == "With a form on one side only: 44 of 119 districts"
    assert sum(len(group["places"]) for group in found["groups"]) == 44
    assert all("no form is assigned here" in group["why"] for group in found["groups"])


def test_a_ratio_stands_only_beside_what_the_services_themselves_dispensed(civ_ask: Ask) -> None:
    fixed, banded = (
        seen(civ_ask(f"unit=R_AGNEBY_TIASSA_ME&pair={pair}")) for pair in ("injectable-3m", "pill")
    )
    notes = [each["note"] for each in fixed["panels"]["service"]["kpis"]]
    assert notes == ["", "", "", "0.72 a service, 1 expected (6 of 6 report both)"]
    assert all(each["note"] == "" for each in banded["panels"]["service"]["kpis"])
    assert not any("service" in each["note"] for each in fixed["panels"]["commodity"]["kpis"])


def test_every_bar_and_every_line_leads_one_level_deeper(civ_ask: Ask) -> None:
    asked = civ_ask(REGION)
    children = {child.id for child in asked.reading.children}
    for figure in both_charts(asked.reading):
        lines = {trace["meta"] for trace in figure["data"] if "meta" in trace}
        bars = {
            target for trace in figure["data"] if trace["type"] == "bar" for target in trace["customdata"]
        }
        assert lines == children
        assert bars <= children


def test_where_services_are_not_reported_deeper_their_bars_follow_the_commodities(civ_ask: Ask) -> None:
    asked = civ_ask("unit=aCP8NbgELRN&pair=injectable-3m")
    services, commodities = both_charts(asked.reading)
    assert services["data"][0]["customdata"] == commodities["data"][0]["customdata"]
    assert set(services["data"][0]["customdata"]) <= {child.id for child in asked.reading.children}


def test_the_sum_of_the_children_is_the_total(civ_ask: Ask) -> None:
    shown = seen(civ_ask("pair=implant&at=2019-05"))
    for side in ("service", "commodity"):
        total = shown["panels"][side]["kpis"][0]["value"]
        assert in_english(sum(each[f"{side}_value"] or 0 for each in shown["table"]["rows"])) == total


def in_english(value: float) -> str:
    with i18n.use("en"):
        return i18n.number(value)


@pytest.mark.parametrize("search", ["pair=pill", REGION, "pair=pill&from=2016-01"])
def test_a_click_costs_less_than_20_kilobytes(civ_ask: Ask, search: str) -> None:
    asked = civ_ask(search)
    answer = json.dumps([*both_charts(asked.reading), seen(asked)], separators=(",", ":"))
    assert len(gzip.compress(answer.encode(), 6)) < MOST_BYTES


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("grain", ["month", "quarter", "half", "year"])
def test_every_pair_place_and_grain_of_the_tiny_country_is_shown(
    tiny_ask: Ask, tiny: Country, grain: str, language: str
) -> None:
    nation = tiny_ask(language=language)
    for pair in tiny.pairs:
        for place in nation.reading.places:
            asked = tiny_ask(f"unit={place.id}&pair={pair}&grain={grain}", language=language)
            with i18n.use(language):
                both_charts(asked.reading)
            shown = seen(asked, language)
            json.dumps(shown)
            assert shown["title"]
            assert len(shown["months"]["rows"]) == len(asked.reading.comparison.periods)


def test_a_store_sees_the_places_above_as_totals(civ_ask: Ask) -> None:
    facility = civ_ask("unit=C4001&pair=pill")
    path = "/" + "/".join(each.id for each in facility.above)
    own = Scope.of([Unit(facility.reading.place.id, path, 4)], None)
    asked = civ_ask(f"unit={facility.above[2].id}&pair=pill", own)
    shown = seen(asked)
    assert [each["name"] for each in shown["table"]["rows"]] == [facility.reading.place.name]
    assert any("totals" in note for note in shown["notes"])
    with pytest.raises(NotInScopeError):
        civ_ask("unit=aCP8NbgELRN&pair=pill", own)


def test_a_period_that_is_not_there_falls_back_to_the_newest(civ_ask: Ask) -> None:
    reading = civ_ask("pair=pill&at=2031-01").reading
    assert reading.comparison.periods[reading.at] == "2019-09"


@pytest.mark.parametrize("search", ["to=0001-01", "from=9999-12", "from=0001-01&to=9999-12"])
def test_months_without_data_fall_back_to_those_that_have_some(civ_ask: Ask, search: str) -> None:
    address = civ_ask(f"pair=pill&{search}").reading.address
    assert 201601 <= address.first <= address.last <= 201909


@pytest.mark.parametrize(
    "kind", [NothingSyncedError, NotInScopeError, UnknownUnitError, UnknownPairError, QuestionError]
)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_cannot_be_answered_is_said_in_words_with_a_way_on(
    kind: type[QuestionError], language: str
) -> None:
    with i18n.use(language):
        said = words_of(kind("unit", "what", "remedy"))
    assert all(said[part] for part in ("title", "text", "href", "action"))


def test_the_time_axis_has_few_labels_and_names_each_year_once() -> None:
    with i18n.use("en"):
        labels = ticks([year * 100 + month for year in (2018, 2019) for month in range(1, 13)], "month")
    assert labels == {0: "Jan<br>2018", 6: "Jul", 12: "Jan<br>2019", 18: "Jul"}
