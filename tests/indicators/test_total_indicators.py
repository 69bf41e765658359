"""Forecasts and variation over the roll-up: of sums by month, beside their errors."""

import numpy as np
import pytest

from indicators.logistics import Logistics
from indicators.question import Question
from indicators.rules import ForecastRule, Rules
from tests.indicators.asked import DEPO, ask, reports
from tests.indicators.builders import a_rollup


def test_a_forecast_adds_up_over_places_and_says_how_it_did():
    rollup = a_rollup(*reports("A1", consumed=(10, 10, 10)), *reports("A2", consumed=(2, 4, 6)))
    rules = Rules(forecast=ForecastRule("moving_average", horizon=1, tested=1))
    found = Logistics(rollup, rules).forecast(Question(("A", "A1", "A2", "B"), (DEPO,), 201901, 201903))
    assert found.starts == (201904,)
    assert found.value[:3, 0, 0].tolist() == [14, 10, 4] and np.isnan(found.value[3, 0, 0])
    assert found.wape[:3, 0].tolist() == pytest.approx([3 / 16, 0, 0.5])
    assert (found.reported[0, 0, 0], found.expected[0, 0, 0]) == (2, 2)


YEAR = [201811, 201812, *range(201901, 201913)]


def consumed(unit, amounts, item="DEPO"):
    """Fourteen months of consumption at a unit."""
    return [(unit, item, "consumed", month, value) for month, value in zip(YEAR, amounts, strict=True)]


def test_a_forecast_is_judged_on_the_last_months_beside_last_years():
    steady = [10] * 10
    rollup = a_rollup(*consumed("A1", [30, 20, *steady, 20, 30]), *consumed("A2", [1] * 14))
    rules = Rules(forecast=ForecastRule("moving_average", horizon=1, tested=2))
    found = Logistics(rollup, rules).forecast(Question(("A", "A1"), (DEPO,), 201901, 201912))
    assert found.starts == (202001,)
    assert found.value[1, 0, 0] == pytest.approx(20)
    missed = (20 - 10) + (30 - 40 / 3)
    assert found.wape[:, 0].tolist() == pytest.approx([missed / 52, missed / 50])
    assert found.bias[:, 0].tolist() == pytest.approx([-missed / 52, -missed / 50])
    assert found.scaled[1, 0] == pytest.approx(missed / (10 + 0 + 10))


def test_a_product_that_is_carried_no_more_is_forecast_for_nobody():
    rows = [("A2", "DEPO", "consumed", month, 5) for month in range(201701, 201707)]
    rows += [("A2", "DEPO", "consumed", month, 0) for month in YEAR]
    rules = Rules(forecast=ForecastRule("moving_average", horizon=1, tested=1))
    found = Logistics(a_rollup(*consumed("A1", [10] * 14), *rows), rules).forecast(
        Question(("A", "A1", "A2"), (DEPO,), 201901, 201912)
    )
    assert found.value[:2, 0, 0].tolist() == [10, 10] and np.isnan(found.value[2, 0, 0])
    assert found.reported[:, 0, 0].tolist() == found.expected[:, 0, 0].tolist() == [1, 1, 0]


def test_a_forecast_looks_as_far_ahead_as_the_country_says():
    rollup = a_rollup(*consumed("A1", range(14)))
    rules = Rules(forecast=ForecastRule("seasonal_naive", horizon=3, tested=1))
    found = Logistics(rollup, rules).forecast(Question(("A1",), (DEPO,), 201901, 201912))
    assert found.starts == (202001, 202002, 202003)
    assert found.value[0, 0].tolist() == [2, 3, 4]


def test_variation_needs_half_a_year_of_months_whose_reports_are_in():
    even = a_rollup(*consumed("A1", [10, 20] * 7), *consumed("A2", [20, 10] * 7))
    answer = ask(even, "coefficient_of_variation", "A", "A1", first=201811, last=201912)
    assert np.isnan(answer.value[:, 0, :5]).all() and not np.isnan(answer.value[:, 0, 5:]).any()
    assert answer.value[0, 0, -1] == 0
    assert answer.value[1, 0, -1] == pytest.approx(np.std([10, 20] * 6, ddof=1) / 15)
    assert (answer.reported[0, 0, -1], answer.expected[0, 0, -1]) == (12, 12)


def test_a_month_of_which_too_few_reported_says_nothing_of_variation():
    rollup = a_rollup(*consumed("A1", [10] * 14), *consumed("A2", [10] * 14)[:-1])
    answer = ask(rollup, "coefficient_of_variation", "A", first=201912, last=201912)
    assert (answer.value[0, 0, 0], answer.reported[0, 0, 0], answer.expected[0, 0, 0]) == (0, 11, 12)
    loose = ask(rollup, "coefficient_of_variation", "A", rules=Rules(complete=0.5), first=201912, last=201912)
    assert loose.value[0, 0, 0] > 0 and loose.reported[0, 0, 0] == 12
