"""Where consumption and services parted over the whole view is said of each place, and listed from above."""

import re
from typing import Any

import numpy as np
import pytest

from countries import Country
from dashboard import i18n
from dashboard.pages.compare_parted import sort_value
from dashboard.pages.compare_parted_words import CAUSES
from dashboard.pages.compare_together import LESS, MORE, STOCK_OUT, judged
from dashboard.queries import Figures
from tests.dashboard.pages.test_compare import Ask, asking, seen

YEAR = "pair=injectable-3m&from=2019-01&to=2019-09"
PARTED = (MORE, LESS, STOCK_OUT)
# A month, what was used there for each service, and what is usual.
FIGURES = r"(\w{3} 2019), ([\d.]+) for each service where ([\d.]+|hardly any) is usual"


@pytest.fixture(scope="module")
def civ_ask(civ_data: Any, civ: Country) -> Ask:
    return asking(Figures(civ_data, civ), civ)


@pytest.fixture(scope="module")
def nation(civ_ask: Ask) -> dict[str, Any]:
    return seen(civ_ask(YEAR))


def apart_by_district(civ_ask: Ask) -> dict[str, int]:
    """Each district's number of months that parted, region by region, as the page says of single months."""
    found = {}
    for region in civ_ask(YEAR).reading.children:
        reading = civ_ask(f"{YEAR}&unit={region.id}").reading
        kinds = judged(reading.comparison).kinds
        for unit, child in enumerate(reading.children, start=1):
            found[child.id] = int(np.isin(kinds[unit], PARTED).sum())
    return found


def test_the_nation_lists_every_district_that_parted_with_its_months(
    civ_ask: Ask, nation: dict[str, Any]
) -> None:
    expected = {unit: count for unit, count in apart_by_district(civ_ask).items() if count}
    listed = {
        place["unit"]: len(place["marks"].split())
        for group in nation["table"]["parted"]["groups"]
        for place in group["places"]
    }
    assert expected
    assert "unit=UNIT&" in nation["table"]["parted"]["href"]
    assert listed == expected
    assert nation["table"]["parted"]["title"].startswith(
        f"Consumption and services parted in {len(expected)} of "
    )


def test_a_region_says_how_many_of_its_districts_parted_and_is_sorted_by_it(nation: dict[str, Any]) -> None:
    told = [row for row in nation["table"]["rows"] if row["two"]["more"]]
    listed = {group["row"]: len(group["places"]) for group in nation["table"]["parted"]["groups"]}
    assert told
    for row in told:
        count = int(re.match(r"(\d+) of \d+ districts? parted", row["two"]["more"]).group(1))  # type: ignore[union-attr]
        assert int(row["two_sort"]) == count == listed.get(row["id"], 0)


def test_a_district_says_in_how_many_months_it_parted(civ_ask: Ask) -> None:
    counts = apart_by_district(civ_ask)
    region = "R_AGNEBY_TIASSA_ME"
    rows = seen(civ_ask(f"{YEAR}&unit={region}"))["table"]["rows"]
    for row in rows:
        said = re.match(r"apart in (\d+) of \d+ months", row["two"]["more"])
        assert int(said.group(1) if said else 0) == counts[row["id"]]
        assert len(row["two"]["marks"].split()) == counts[row["id"]]


def test_a_year_is_told_by_its_months(civ_ask: Ask) -> None:
    counts = apart_by_district(civ_ask)
    region = "R_AGNEBY_TIASSA_ME"
    rows = seen(civ_ask(f"{YEAR}&unit={region}&grain=year"))["table"]["rows"]
    assert any(counts[row["id"]] for row in rows)
    for row in rows:
        assert (row["two"]["kind"] in PARTED) == bool(counts[row["id"]])


def test_a_district_says_which_months_parted_why_and_by_which_figures(civ_ask: Ask) -> None:
    counts = apart_by_district(civ_ask)
    most = max(counts, key=lambda unit: counts[unit])
    asked = civ_ask(f"{YEAR}&unit={most}")
    said = seen(asked)["table"]["apart"]
    assert f"parted: in {counts[most]} of the " in said
    with i18n.use("en"):
        causes = [i18n.t(key) for key in CAUSES.values()]
    assert any(f"({why})" in said for why in causes)
    figures = re.findall(FIGURES, said)
    assert len(figures) == counts[most]
    for month, used_each, usual in figures:
        assert used_each != usual
        assert float(used_each) == pytest.approx(by_hand(asked, month), abs=0.006)


def test_the_list_says_how_often_each_district_parted_and_how_far_from_its_usual(
    civ_ask: Ask, nation: dict[str, Any]
) -> None:
    places = [place for group in nation["table"]["parted"]["groups"] for place in group["places"]]
    compared = 0
    for place in places[::3]:
        asked = civ_ask(f"{YEAR}&unit={place['unit']}")
        figures = {month: told for month, *told in re.findall(FIGURES, seen(asked)["table"]["apart"])}
        marks = re.findall(r"(\d+)[▲▼■](\d*)", place["marks"])
        assert re.fullmatch(f"{len(marks)} of [5-9] months", place["often"])
        for at, percent in marks:
            used_each, usual = figures[asked.reading.labels[int(at)]]
            assert bool(percent) == (usual != "hardly any")
            if percent:
                compared += 1
                rounding = 100 * 0.006 / float(usual)  # both were said to hundredths
                assert int(percent) == pytest.approx(
                    100 * float(used_each) / float(usual), rel=0.1, abs=rounding
                )
    assert compared > 3


def test_the_places_of_which_nothing_can_be_said_are_counted_with_their_reason(
    civ_ask: Ask, nation: dict[str, Any]
) -> None:
    found = nation["table"]["parted"]
    told = int(re.search(r"of the (\d+) districts", found["title"]).group(1))  # type: ignore[union-attr]
    every, said, *untold = [int(each) for each in re.findall(r"\d+", found["rest"])]
    one_sided = sum(len(group["places"]) for group in nation["one_sided"]["groups"])
    assert every == 119 and said == told and untold == [one_sided, every - told - one_sided]
    assert untold[1] == 1


def by_hand(asked: Any, month: str) -> float:
    """Consumption over services of a place in a month, from the figures of the two charts."""
    reading = asked.reading
    at = reading.labels.index(month)
    return float(reading.total("commodity")[at] / reading.total("service")[at])


def test_a_place_that_never_parted_says_so(civ_ask: Ask) -> None:
    counts = apart_by_district(civ_ask)
    texts = [
        seen(civ_ask(f"{YEAR}&unit={unit}"))["table"]["apart"] for unit in sorted(counts) if not counts[unit]
    ]
    told = [text for text in texts if text]
    assert told and all("apart in 0 of the " in text for text in told)


def test_the_span_is_of_the_months_that_could_be_judged_and_says_one_period_once(civ_ask: Ask) -> None:
    since_2018 = "pair=injectable-3m&from=2018-01&to=2019-09"
    titles = [
        seen(civ_ask(f"{asked}&grain={grain}"))["table"]["parted"]["title"]
        for asked in (since_2018, YEAR)
        for grain in ("month", "year")
    ]
    assert all(title.endswith("Jan 2019 to Sep 2019") for title in titles)
    one = seen(civ_ask("pair=injectable-3m&from=2019-09&to=2019-09"))["table"]["parted"]["title"]
    assert one.endswith(", Sep 2019")


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
def test_the_link_of_a_parted_month_shows_that_month(civ_ask: Ask, grain: str) -> None:
    parted = seen(civ_ask(f"{YEAR}&grain={grain}"))["table"]["parted"]
    place = parted["groups"][0]["places"][0]
    periods = parted.get("periods") or civ_ask(f"{YEAR}&grain={grain}").reading.comparison.periods
    period = str(periods[int(re.split("[▲▼■]", place["marks"])[0])])
    href = parted["href"].replace("UNIT", place["unit"]).replace("PERIOD", period)
    there = civ_ask(href.removeprefix("/?")).reading
    assert there.place.id == place["unit"]
    assert str(there.comparison.periods[there.at]) == period
    assert re.fullmatch(r"2019-\d\d", period)


def test_a_commodity_without_a_service_lists_nothing(civ_ask: Ask) -> None:
    shown = seen(civ_ask("pair=condom-male"))["table"]
    assert shown["parted"]["groups"] == [] and shown["apart"] == ""


def test_places_are_sorted_by_months_apart_before_the_strength_of_one() -> None:
    assert sort_value(3, None) > sort_value(2, -80.0) > sort_value(2, 1.0)  # type: ignore[operator]
    assert sort_value(None, None) is None
