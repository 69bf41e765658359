"""The first day at a desk rests on the slips that the store has in DHIS2's registry."""

from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard.queries import Figures
from dashboard.store_advice import Known, advice_of, before
from dashboard.store_registry import Registry, registered_days
from dashboard.stores import read_catalogue
from ledger.figures import Days
from tests.small_whotopia import TODAY

YEAR = timedelta(days=365)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def holding(whotopia_data, whotopia):
    return Figures(whotopia_data, whotopia).holding()


@pytest.fixture(scope="module")
def slips(holding) -> pd.DataFrame:
    rows = holding.snapshot.read("events").astype({"org_unit": "str", "item": "str", "kind": "str"})
    return rows.loc[rows["role"].astype(str) == "movements"]


@pytest.fixture(scope="module")
def packs(holding) -> dict[str, float]:
    return {each.id: each.pack_size for each in read_catalogue(holding).commodities.values()}


@pytest.fixture(scope="module")
def unit(slips) -> str:
    return str(slips["org_unit"].value_counts().index[0])


def test_each_day_is_what_the_slips_of_that_day_issued(holding, slips, packs, unit):
    found = registered_days(holding, unit, packs, TODAY - YEAR, TODAY - DAY)
    mine = slips.loc[(slips["org_unit"] == unit) & (slips["kind"] == "issued")]
    item = str(mine["item"].value_counts().index[0])
    told = {}
    for row in mine.loc[mine["item"] == item].itertuples():
        told[row.day.date()] = told.get(row.day.date(), 0.0) + row.quantity / packs[item]
    days = found[item]
    shown = {days.first + n * DAY: asked for n, asked in enumerate(days.asked) if asked}
    assert shown == {day: asked for day, asked in told.items() if asked and days.first <= day < TODAY}
    assert len(days.asked) == len(days.closing) > 200


def test_nothing_is_said_of_days_outside_those_asked_for_or_after_the_last_slip(holding, packs, unit, slips):
    first, last = TODAY - timedelta(days=90), TODAY - timedelta(days=30)
    for days in registered_days(holding, unit, packs, first, last).values():
        assert days.first >= first
        assert days.first + len(days.asked) * DAY <= last + DAY
    ended = slips.loc[slips["org_unit"] == unit, "day"].max().date()
    late = registered_days(holding, unit, packs, first, TODAY + YEAR)
    assert all(days.first + len(days.asked) * DAY <= ended + DAY for days in late.values())
    assert registered_days(holding, unit, packs, last, first) == {}


def test_the_first_morning_lets_more_go_than_three_monthly_figures_do(holding, packs, unit):
    days = registered_days(holding, unit, packs, TODAY - YEAR, TODAY - DAY)
    used = {item: sum(each.asked) for item, each in days.items()}
    item = max(used, key=lambda each: used[each])
    monthly = [sum(days[item].asked[n : n + 30]) for n in (0, 30, 60)]
    held = {item: 2 * max(monthly)}
    delivery = TODAY + timedelta(days=22)
    by_months = advice_of(Known(held, {}, {item: monthly}), TODAY, delivery)[item]
    by_slips = advice_of(Known(held, {}, {}, days), TODAY, delivery)[item]
    assert by_slips["rests_on"]["registry"] == by_slips["rests_on"]["days"] > 200
    assert by_slips["safe_today"] > by_months["safe_today"]


def test_slips_and_the_stores_own_book_stand_one_after_the_other_with_a_gap_between():
    slips = Days(TODAY - timedelta(days=40), (2,) * 20, (50,) * 20)
    own = Days(TODAY - timedelta(days=10), (2,) * 10, (30,) * 10)
    both = advice_of(Known({"a": 30}, {"a": own}, {}, {"a": slips}), TODAY, TODAY + timedelta(days=9))["a"]
    assert (both["rests_on"]["days"], both["rests_on"]["registry"] < 30) == (30, True)
    assert both["expected_daily"] == pytest.approx(2, abs=0.2)


def test_months_that_slips_tell_day_by_day_are_not_counted_twice():
    slips = Days(date(2026, 9, 1), (1,), (1,))
    assert before({202607: 5, 202608: 6, 202609: 7, 202610: 8}, slips) == [5, 6]
    assert before({202609: 7}, None) == [7]


def test_what_was_read_is_remembered_until_the_next_sync(holding, packs, unit):
    registry = Registry()
    asked = (holding, unit, packs, TODAY - YEAR, TODAY - DAY)
    assert registry.days(*asked) is registry.days(*asked)


def test_a_store_without_slips_has_none(holding, packs):
    assert registered_days(holding, "nobody", packs, TODAY - YEAR, TODAY) == {}
