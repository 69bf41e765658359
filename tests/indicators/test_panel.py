"""A long frame with integer keys gives what the roll-up gives of the same reports, and partitions add up."""

import numpy as np
import pandas as pd
import pytest

from indicators.logistics import Logistics
from indicators.panel import Panel, PanelRates
from indicators.question import Question, Subject
from indicators.rules import RULES, AverageRule, Rules
from indicators.stock_status import Limits, Status
from tests.indicators.builders import FACILITIES, a_rollup

ITEMS = ("DEPO", "SAYANA")
MONTHS = [201811 + m if m < 2 else 201901 + m - 2 for m in range(15)]
MEASURES = ("consumed", "closing", "stockout_days")


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(7)
    rows = pd.MultiIndex.from_product([range(4), range(2), MONTHS], names=["facility", "item", "month"])
    frame = rows.to_frame(index=False)
    size = len(frame)
    frame["consumed"] = random.integers(0, 30, size).astype(float)
    frame["closing"] = random.choice([0.0, 1, 1, 20, 59], size)
    frame["stockout_days"] = random.choice([0.0, 0, 0, 0, 1, 11, 30], size)
    for measure in MEASURES:
        frame.loc[random.random(size) < 0.15, measure] = np.nan
    frame.loc[frame["facility"] == 3, list(MEASURES)] *= 0
    return frame.sample(frac=1, random_state=1)


def a_logistics(frame, rule):
    rows = [
        (FACILITIES[row.facility], ITEMS[row.item], measure, row.month, getattr(row, measure))
        for row in frame.itertuples()
        for measure in MEASURES
        if not np.isnan(getattr(row, measure))
    ]
    rows += [("B2", "NORISTERAT", "closing", month, 1) for month in (MONTHS[0], MONTHS[-1])]
    return Logistics(a_rollup(*rows), Rules(average=rule))


def ask(logistics, indicator, units=FACILITIES):
    question = Question(tuple(units), tuple(map(Subject.product, ITEMS)), MONTHS[0], MONTHS[-1])
    return logistics.ask(indicator, question)


@pytest.mark.parametrize("name", RULES)
def test_a_panel_says_of_each_facility_what_the_rollup_says(frame, name):
    rule = AverageRule(name)
    found, logistics = Panel.of(frame).indicators(rule), a_logistics(frame, rule)
    for indicator, values in {
        "average_monthly_consumption": found.average,
        "consumption_adjusted": found.adjusted,
    }.items():
        answer = ask(logistics, indicator)
        carried = answer.expected > 0
        np.testing.assert_allclose(values[carried], answer.value[carried])


def test_a_panel_says_of_all_facilities_what_the_rollup_says(frame):
    rates, logistics = Panel.of(frame).indicators().rates, a_logistics(frame, AverageRule())
    for indicator, rate in {
        "months_of_stock": rates.months_of_stock,
        "stockout_rate": rates.stockout,
    }.items():
        answer = ask(logistics, indicator, ["N"])
        np.testing.assert_allclose(rate.numerator, answer.numerator[0])
        np.testing.assert_allclose(rate.denominator, answer.denominator[0])
    consumed = ask(logistics, "consumption", ["N"])
    np.testing.assert_allclose(rates.consumption, consumed.numerator[0])
    np.testing.assert_array_equal(rates.stockout.expected, consumed.expected[0])


def test_each_stock_is_classed_and_lasts_by_the_average_beside_it(frame):
    panel = Panel.of(frame)
    found, limits = panel.indicators(limits=Limits(1, 2)), set()
    for at in np.ndindex(*panel.closing.shape):
        held, usual = panel.closing[at], found.average[at]
        lasts = 0.0 if held == 0 else held / usual if usual > 0 else np.nan
        np.testing.assert_allclose(found.months_of_stock[at], lasts)
        low_or_more = Status.LOW if lasts < 1 else Status.OVERSTOCKED if lasts > 2 else Status.ADEQUATE
        known = Status.STOCKED_OUT if held == 0 else low_or_more
        assert found.status[at] == (Status.UNKNOWN if np.isnan(lasts) else known), at
        limits.add(int(found.status[at]))
    assert limits == set(Status)


def test_months_that_nobody_reported_have_their_place_too():
    rows = pd.DataFrame({"facility": [2, 2], "item": [8, 8], "month": [202311, 202402]})
    panel = Panel.of(rows.assign(consumed=[6.0, 9], closing=1.0, stockout_days=0.0))
    assert panel.months.tolist() == [202311, 202312, 202401, 202402]
    np.testing.assert_array_equal(panel.consumed[0, 0], [6, np.nan, np.nan, 9])


def test_the_reporting_rate_is_of_those_that_carry_the_item():
    frame = pd.DataFrame({"facility": [5, 5, 9], "item": 1, "month": [202401, 202402, 202402]})
    frame = frame.assign(consumed=[3.0, np.nan, 0], closing=[np.nan, np.nan, 0], stockout_days=np.nan)
    rate = Panel.of(frame).indicators().rates.reporting
    assert (rate.numerator.tolist(), rate.denominator.tolist()) == ([[1, 0]], [[1, 1]])


def test_partitions_add_up_to_the_whole(frame):
    whole = Panel.of(frame).indicators().rates
    parts = [Panel.of(frame[frame["facility"] == each]).indicators().rates for each in range(4)]
    added = PanelRates.all(parts)
    np.testing.assert_allclose(added.consumption, whole.consumption)
    for rate in ("months_of_stock", "stockout", "reporting"):
        for part in ("numerator", "denominator", "expected"):
            one, other = (getattr(getattr(each, rate), part) for each in (added, whole))
            np.testing.assert_allclose(one, other)


def test_blocks_are_no_border(frame, monkeypatch):
    whole = Panel.of(frame).indicators()
    monkeypatch.setattr("indicators.panel.BLOCK", 1)
    in_blocks = Panel.of(frame).indicators()
    np.testing.assert_array_equal(whole.status, in_blocks.status)
    np.testing.assert_array_equal(whole.months_of_stock, in_blocks.months_of_stock)
    np.testing.assert_allclose(whole.rates.stockout.value, in_blocks.rates.stockout.value)


def test_keys_need_not_be_close_to_each_other_and_the_last_double_holds():
    keys = [7_000_000_000, 12, 7_000_000_000]
    frame = pd.DataFrame({"facility": keys, "item": [3, 3, 3], "month": 202402})
    frame = frame.assign(consumed=[1.0, 2, 5], closing=np.nan, stockout_days=np.nan)
    panel = Panel.of(frame)
    assert panel.facilities.tolist() == [12, 7_000_000_000]
    assert panel.consumed[:, 0, 0].tolist() == [2, 5]


def test_days_are_those_of_the_calendar():
    frame = pd.DataFrame({"facility": [1, 1], "item": 1, "month": [202401, 202402]})
    frame = frame.assign(consumed=[10.0, 10], closing=1.0, stockout_days=[15.5, 14.5])
    found = Panel.of(frame).indicators(AverageRule("days_in_stock", 1, 1))
    np.testing.assert_allclose(found.adjusted[0, 0], [20, 20])


def test_an_empty_frame_has_no_figures():
    empty = pd.DataFrame({"facility": [], "item": [], "month": []}).astype("int64")
    found = Panel.of(empty.assign(consumed=0.0, closing=0.0, stockout_days=0.0)).indicators()
    assert found.average.size == 0 and found.rates.consumption.size == 0
