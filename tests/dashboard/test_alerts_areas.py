"""Alerts of whole areas and of quarters, on a small country whose figures are made for each test."""

from types import SimpleNamespace

import numpy as np
import pytest

from dashboard.alerts_areas import AREA_HIGH, AREA_LOW, SEVERAL, area_facts, areas_found, of_forms
from dashboard.alerts_found import Wanted, items_found, other_side
from dashboard.alerts_learning import learn
from dashboard.alerts_series import SeriesDesk
from indicators.aberration import ALERT
from indicators.constant_set import ConstantSet
from indicators.periods import month_of
from indicators.rollup import Series
from ledger.alert_intake import Candidate
from tests.indicators.builders import a_rollup, assigned, items, units

PLACES = {area: [f"{area}{number}" for number in range(6)] for area in "ABC"}
TREE = {"N": list(PLACES), **PLACES}
EVERY = [place for places in PLACES.values() for place in places]
FIRST, MONTHS, AT = 2024 * 12, 30, 24
NOW = month_of(FIRST + AT)


def a_country(change=lambda place, month: 1.0, item="NEW", measure="count"):
    """The rows of an item at every place, month by month, times what a test makes of each."""
    chance = np.random.default_rng(3)
    usual = dict(zip(EVERY, chance.integers(60, 200, len(EVERY)), strict=True))
    rows = []
    for place in EVERY:
        for month in range(MONTHS):
            value = chance.poisson(usual[place] * change(place, month))
            rows.append((place, item, measure, month_of(FIRST + month), float(value)))
    return rows


def a_desk(*rows):
    rollup = a_rollup(*rows, org_units=units(TREE), assignments=assigned(EVERY, EVERY))
    country = SimpleNamespace(pairs={}, items={})
    return SeriesDesk(SimpleNamespace(rollup=rollup), country)


def found(desk, changed=None):
    return list(areas_found(desk, wanted(changed)))


def wanted(changed=None):
    return Wanted(month_of(FIRST + 12), (), changed, lambda subject, position: ALERT)


def test_what_all_districts_share_is_told_once_of_the_nation():
    [told] = found(a_desk(*a_country(lambda place, month: 2.5 if month == AT else 1.0)))
    assert (told.unit, told.code, told.kind, told.month) == ("N", AREA_HIGH, "event", NOW)
    assert told.facts["value"] > told.facts["high"] > told.facts["expected"]
    assert (told.facts["reported"], told.facts["same"], told.facts["of"]) == (18, 18, 18)


def test_a_district_that_falls_by_itself_is_told_and_the_nation_is_not():
    [told] = found(a_desk(*a_country(lambda place, month: 0.3 if month == AT and place[0] == "B" else 1.0)))
    assert (told.unit, told.code) == ("B", AREA_LOW)
    assert {each["unit"][0] for each in told.facts["places"]} == {"B"}
    assert all(each["value"] < each["expected"] for each in told.facts["places"])


def test_a_place_that_moved_the_other_way_is_not_named_for_its_area():
    change = {"B0": 0.4, "B1": 0.4, "B2": 1.1}
    rows = a_country(lambda place, month: change.get(place, 1.0) if month == AT else 1.0)
    desk = a_desk(*(row for row in rows if row[0] not in ("B3", "B4", "B5")))
    item, area = desk.item("NEW"), desk.area("NEW")
    facts = area_facts(desk, item, area, (area.row(desk.rollup.position("B")), AT))
    assert {each["unit"] for each in facts["places"]} == {"B0", "B1"}
    assert (facts["same"], facts["of"]) == (2, 3)


def test_a_district_that_falls_while_the_nation_rises_is_told_beside_it():
    desk = a_desk(*a_country(lambda place, month: 1.0 if month != AT else 0.3 if place[0] == "B" else 4.0))
    assert {(each.unit, each.code) for each in found(desk)} == {("N", AREA_HIGH), ("B", AREA_LOW)}


@pytest.mark.parametrize("factor", [10.0, 100.0])
def test_one_wrong_figure_is_the_place_s_alert_and_not_its_district_s(factor):
    desk = a_desk(*a_country(lambda place, month: factor if (place, month) == ("A1", AT) else 1.0))
    assert [each.unit for each in items_found(desk, wanted())] == ["A1"]
    assert found(desk) == []


def test_reports_that_stay_out_make_no_fall():
    rows = [row for row in a_country() if not (row[3] == NOW and row[0] in ("A1", "B2"))]
    assert found(a_desk(*rows)) == []


def test_an_area_is_looked_at_again_where_one_of_its_places_changed():
    desk = a_desk(*a_country(lambda place, month: 0.3 if month == AT and place[0] == "B" else 1.0))
    assert found(desk, {("A1", "NEW"), ("B1", "OLD")}) == []
    assert [each.unit for each in found(desk, {("B1", "NEW")})] == ["B"]


def test_what_regular_reporters_told_is_what_the_normal_range_stands_on():
    chance = np.random.default_rng(8)
    rows = [row for row in a_country(item="DEPO", measure="consumed") if chance.random() > 0.15]
    stock = [(*row[:2], "closing", row[3], 0.0 if chance.random() < 0.1 else 50.0) for row in rows]
    days = [(*row[:2], "stockout_days", row[3], float(chance.choice([0, 25], p=[0.9, 0.1]))) for row in rows]
    desk = a_desk(*rows, *stock, *days)
    area, rollup = desk.area("DEPO"), desk.rollup
    constant = ConstantSet(
        rollup, Series("consumed", rollup.numbers(["DEPO"])), rollup.calendar.whole("month")
    )
    steady = constant.steady(area.positions)
    np.testing.assert_allclose(area.told.history, steady.history)
    assert area.told.members.tolist() == steady.n_set.tolist()


def test_several_items_of_a_form_are_one_alert_of_the_area():
    def rise(subject, rank):
        facts = {"value": rank, "expected": 1.0, "score": None}
        return Candidate("event", AREA_HIGH, "B", subject, NOW, rank, facts)

    several = [rise(f"item{number}", float(number)) for number in range(SEVERAL)]
    forms = {each.subject: "hmis" for each in several} | {"other": "lmis"}
    told = of_forms([*several, rise("other", 9.0)], forms)
    assert {each.subject: each.facts["value"] for each in told} == {"form:hmis": SEVERAL, "other": 9.0}
    assert next(iter(told)).facts["named"][0]["subject"] == f"item{SEVERAL - 1}"
    assert len(of_forms(several[1:], forms)) == SEVERAL - 1


def test_an_event_that_turned_out_real_raises_no_threshold():
    closed = SimpleNamespace(kind="event", outcome="confirmed", subject="NEW", unit="B", facts={"score": 2.0})
    thresholds = SimpleNamespace(current=dict, write=lambda *args, **more: pytest.fail("learned of an event"))
    assert learn([closed] * 9, thresholds, {"B": "N"}) == 0


def quarters(staggered=False):
    """Twenty quarters of each place's consumption, of some a month later; one is ten times too much."""
    chance = np.random.default_rng(4)
    rows = []
    for number, place in enumerate(EVERY):
        later = number % 3 if staggered else 0
        for quarter in range(20):
            value = float(chance.poisson(300))
            month = month_of(2021 * 12 + 3 * quarter + later)
            rows.append(
                (place, "DEPO", "consumed", month, value * (10 if (place, quarter) == ("B1", 15) else 1), 3)
            )
            rows.append((place, "DEPO", "closing", month, 100.0, 3))
    return rows


@pytest.mark.parametrize("staggered", [False, True])
def test_a_quarter_ten_times_too_large_is_an_alert_of_its_three_months(staggered):
    rollup = a_rollup(
        *quarters(staggered), org_units=units(TREE), items=items(), assignments=assigned(EVERY, EVERY)
    )
    desk = SeriesDesk(SimpleNamespace(rollup=rollup), SimpleNamespace(pairs={}, items={}))
    of_all = Wanted(202101, (), None, lambda subject, position: ALERT)
    [told] = [each for each in items_found(desk, of_all) if each.facts["score"] > 3]
    later = EVERY.index("B1") % 3 if staggered else 0
    assert (told.unit, told.month, told.facts["months"]) == ("B1", month_of(2021 * 12 + 45 + later), 3)
    assert (told.code, told.facts["mistake"], told.facts["closing"]) == ("high", "times_ten", 100.0)
    assert 250 < told.facts["expected"] < 350


@pytest.mark.parametrize("factor", [1, 10])
def test_a_quarter_is_held_against_what_the_other_side_told_in_its_months(factor):
    chance = np.random.default_rng(5)
    served = [
        (place, "NEW", "count", month_of(2021 * 12 + month), float(chance.poisson(100)
         * (factor if (place, month // 3) == ("B1", 15) else 1)))
        for place in EVERY
        for month in range(60)
    ]  # fmt: skip
    rollup = a_rollup(
        *quarters(), *served, org_units=units(TREE), items=items(), assignments=assigned(EVERY, EVERY)
    )
    pair = SimpleNamespace(id="depo", services=("NEW",), commodities=("DEPO",), kind="banded")
    desk = SeriesDesk(SimpleNamespace(rollup=rollup), SimpleNamespace(pairs={"depo": pair}, items={}))
    [series] = desk.windows("DEPO")
    row, column = series.row(rollup.hierarchy.position("B1")), 15
    told = other_side(desk, series, row, column)
    assert told["value"] == sum(
        each[4] for each in served if each[0] == "B1" and each[3] in (202410, 202411, 202412)
    )
    assert 250 < told["expected"] < 350 and (told["pair"], told["measure"]) == ("depo", "count")
    # Ten times as much is a mistake where the services are as ever, and none where they rose with it.
    assert (series.scores.score[row, column] > 3) == (factor == 1)
    lacking = [each for each in served if (each[0], each[3]) != ("B1", 202411)]
    short = a_rollup(
        *quarters(), *lacking, org_units=units(TREE), items=items(), assignments=assigned(EVERY, EVERY)
    )
    desk = SeriesDesk(SimpleNamespace(rollup=short), desk.country)
    assert other_side(desk, desk.windows("DEPO")[0], row, column) is None
