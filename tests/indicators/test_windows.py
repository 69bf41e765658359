"""Quarterly and yearly reports: whole where the period holds them, imputed thirds where it does not."""

import numpy as np
import pytest

from indicators.compare import View, compare
from tests.indicators.builders import PAIR, a_rollup

YEAR = (201810, 201912)


def look(rollup, grain="month", unit="A1", months=YEAR):
    return compare(rollup, PAIR, View(unit, *months, grain))


def consumed(answer):
    return answer.line("commodity", "consumed")


def by_period(answer, line, row=0):
    return {
        period: line.value[row, at]
        for at, period in enumerate(answer.periods)
        if not np.isnan(line.value[row, at])
    }


@pytest.fixture
def quarterly():
    """Facility A1 of group A: 300 from January to March, 40 in stock at the end."""
    return a_rollup(("A1", "DEPO", "consumed", 201901, 300, 3), ("A1", "DEPO", "closing", 201901, 40, 3))


def test_a_quarters_consumption_is_three_imputed_thirds_by_month(quarterly):
    answer = look(quarterly)
    line = consumed(answer)
    assert by_period(answer, line) == {"2019-01": 100, "2019-02": 100, "2019-03": 100}
    assert line.state[0].tolist() == ["imputed"] * 3
    assert line.imputed_share[0].tolist() == [1, 1, 1]


def test_a_quarters_stock_is_its_last_months_and_missing_before(quarterly):
    line = look(quarterly).line("commodity", "closing")
    assert np.isnan(line.value[0, :2]).all()
    assert line.value[0, 2] == 40
    assert line.state[0].tolist() == ["missing", "missing", "reported"]


@pytest.mark.parametrize("grain", ["quarter", "half", "year"])
def test_a_quarter_is_whole_and_not_imputed_in_a_longer_period(quarterly, grain):
    line = consumed(look(quarterly, grain))
    assert line.value[0].tolist() == [300]
    assert line.state[0].tolist() == ["reported"]
    assert (line.n_reported[0, 0], line.n_expected[0, 0]) == (3, 3)


def test_a_staggered_quarter_is_shared_between_the_calendar_quarters_it_crosses():
    rollup = a_rollup(("A1", "DEPO", "consumed", 201811, 300, 3), ("A2", "DEPO", "consumed", 201901, 500, 3))
    answer = look(rollup, "quarter", "A")
    line = consumed(answer)
    assert by_period(answer, line) == {"2018-Q4": 200, "2019-Q1": 600}
    assert line.state[0].tolist() == ["imputed", "imputed"]
    assert line.imputed_share[0].tolist() == [1, pytest.approx(100 / 600)]
    assert by_period(answer, line, row=2) == {"2019-Q1": 500}
    assert line.state[2, 1] == "reported"


def test_a_total_of_months_and_quarters_states_its_imputed_share():
    rollup = a_rollup(
        ("A1", "DEPO", "consumed", 201901, 300, 3),
        *(("A2", "DEPO", "consumed", month, 300) for month in (201901, 201902, 201903)),
    )
    line = consumed(look(rollup, unit="A"))
    assert line.value[0].tolist() == [400, 400, 400]
    assert line.imputed_share[0].tolist() == [0.25, 0.25, 0.25]
    assert line.state[0].tolist() == ["imputed"] * 3
    assert line.n_reported[0].tolist() == [2, 2, 2]


def test_a_months_own_report_stands_before_a_share_of_its_year():
    rollup = a_rollup(
        ("A1", "NEW", "count", 201801, 1200, 12),
        ("A1", "NEW", "count", 201901, 2400, 12),
        ("A1", "NEW", "count", 201902, 7),
    )
    months = look(rollup, months=(201801, 201912)).line("service", "count")
    assert months.value[0].tolist() == [100] * 12 + [200, 7] + [200] * 10
    assert months.state[0, 13] == "reported"
    years = look(rollup, "year", months=(201801, 201912)).line("service", "count")
    assert years.value[0].tolist() == [1200, 2207]
    assert years.state[0].tolist() == ["reported", "imputed"]


def test_a_quarter_stands_before_its_year():
    rollup = a_rollup(("A1", "NEW", "count", 201901, 1200, 12), ("A1", "NEW", "count", 201904, 30, 3))
    quarters = look(rollup, "quarter", months=(201901, 201912)).line("service", "count")
    assert quarters.value[0].tolist() == [300, 30, 300, 300]
    assert quarters.state[0].tolist() == ["imputed", "reported", "imputed", "imputed"]


def test_an_opening_of_a_quarter_is_that_of_its_first_month():
    rollup = a_rollup(("A1", "DEPO", "opening", 201901, 9, 3), ("A1", "DEPO", "closing", 201901, 4, 3))
    line = look(rollup).line("commodity", "opening")
    assert line.state[0].tolist() == ["reported", "missing", "missing"]


def test_a_value_that_the_source_imputed_says_so():
    rollup = a_rollup(("A1", "NEW", "count", 201901, 8, 1, "imputed"), ("A2", "NEW", "count", 201901, 24))
    line = look(rollup, unit="A").line("service", "count")
    assert line.state[:, 0].tolist() == ["imputed", "imputed", "reported"]
    assert line.imputed_share[:, 0].tolist() == [0.25, 1, 0]


def test_a_quarterly_product_is_carried_in_every_month_of_its_quarter(quarterly):
    line = consumed(look(quarterly))
    assert line.n_expected[0].tolist() == [1, 1, 1]
