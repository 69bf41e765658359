"""Quarterly and yearly reports: whole where the period holds them, imputed thirds where it does not."""

import numpy as np
import pandas as pd
import pytest

from indicators.compare import PairItems, View, compare
from indicators.ratio import ratio
from indicators.reporting import reporting
from indicators.rollup import Series
from tests.indicators.builders import FACILITIES, PAIR, a_rollup, items

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


def test_a_place_asked_for_by_itself_over_later_months_has_its_thirds_in_their_months():
    rollup = a_rollup(
        ("A2", "DEPO", "consumed", 201801, 7), ("A1", "DEPO", "consumed", 201901, 300, 3),
        ("A1", "DEPO", "consumed", 201904, 60, 3),
    )  # fmt: skip
    series, here = Series("consumed", rollup.numbers(["DEPO"])), np.array([rollup.position("A1")])
    own = rollup.own(series, here, rollup.calendar.span(201902, 201905, "month"))
    assert own.value[0].tolist() == [100, 100, 20, 20]


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


KINDS = {"NEW": "service", "DEPO": "commodity"}
GROUPS = pd.DataFrame(
    [
        ("hmis", "i-NEW", 1, 1),
        ("lmis", "i-DEPO", 1, 1),
        ("lmis-a", "i-DEPO", 3, 1),
        ("lmis-b", "i-DEPO", 3, 2),
    ],
    columns=["form", "item", "months", "begins"],
)


def staggered(*rows, until=201905):
    """A1 reports every month, A2 by group A (January to March), B1 by group B (February to April)."""
    forms = pd.DataFrame(
        [("lmis", "A1"), ("lmis-a", "A2"), ("lmis-b", "B1"), *(("hmis", unit) for unit in FACILITIES)],
        columns=["form", "org_unit"],
    )
    last = ("B2", "NEW", "count", until, 1)
    return a_rollup(last, *rows, items=items(KINDS), assignments=forms, form_items=GROUPS)


STAGGERED = (
    *(("A1", "DEPO", "consumed", month, 10) for month in (201901, 201902, 201903, 201904, 201905)),
    ("A2", "DEPO", "consumed", 201901, 90, 3),
    ("B1", "DEPO", "consumed", 201902, 60, 3),
)


def test_a_group_s_report_is_expected_once_its_window_has_ended():
    answer = look(staggered(*STAGGERED), unit="N", months=(201901, 201905))
    line = consumed(answer)
    assert answer.periods == ("2019-01", "2019-02", "2019-03", "2019-04", "2019-05")
    assert line.n_expected[0].tolist() == [2, 3, 3, 2, 1]
    assert line.n_reported[0].tolist() == [2, 3, 3, 2, 1]
    assert line.value[0].tolist() == [40, 60, 60, 30, 10]
    assert line.imputed_share[0].tolist() == [
        pytest.approx(each) for each in (30 / 40, 50 / 60, 50 / 60, 20 / 30, 0)
    ]


def test_a_group_that_is_silent_after_its_window_is_missing():
    line = consumed(look(staggered(*STAGGERED[:-1]), unit="B1", months=(201901, 201905)))
    assert line.n_expected[0].tolist() == [0, 0, 0, 0, 0]
    carried = ("B1", "DEPO", "closing", 201811, 5, 3)
    line = consumed(look(staggered(*STAGGERED[:-1], carried), unit="B1", months=(201901, 201905)))
    assert line.n_expected[0].tolist() == [1, 1, 1, 1, 0]
    assert line.state[0].tolist() == ["missing"] * 4 + ["not_applicable"]


def test_the_reports_of_a_form_are_those_of_the_units_that_are_assigned_it():
    rollup = staggered(*STAGGERED)
    found = {
        form: reporting(rollup, form, View("N", 201901, 201905)) for form in ("lmis", "lmis-a", "lmis-b")
    }
    assert found["lmis"].n_received[0].tolist() == [1, 1, 1, 1, 1]
    assert found["lmis"].n_expected[0].tolist() == [1, 1, 1, 1, 1]
    assert found["lmis-a"].n_received[0].tolist() == [1, 1, 1, 0, 0]
    assert found["lmis-a"].n_expected[0].tolist() == [1, 1, 1, 0, 0]
    assert found["lmis-b"].n_expected[0].tolist() == [1, 1, 1, 1, 0]


def test_each_group_is_compared_with_the_services_of_its_own_window():
    served = [
        (unit, "NEW", "count", month, 20)
        for unit in ("A1", "A2", "B1")
        for month in (201901, 201902, 201903, 201904, 201905)
    ]
    pair = PairItems(services=("NEW",), commodities=("DEPO",))
    rollup = staggered(*STAGGERED, *served)
    quarters = ratio(rollup, pair, View("N", 201901, 201906, "quarter"))
    assert quarters.value[0, 0] == pytest.approx((3 * 10 + 90) / (3 * 20 + 60))
    assert quarters.value[0, 1] == pytest.approx((2 * 10 + 60) / (2 * 20 + 60))
    facility = ratio(rollup, pair, View("B1", 201901, 201905))
    assert np.flatnonzero(~np.isnan(facility.value[0])).tolist() == [3]
    assert facility.value[0, 3] == pytest.approx(1.0)


def test_the_stock_of_a_staggered_quarter_stands_at_its_last_month():
    rollup = staggered(*STAGGERED, ("B1", "DEPO", "closing", 201902, 7, 3))
    line = look(rollup, unit="B1", months=(201901, 201905)).line("commodity", "closing")
    assert line.value[0, 3] == 7
    assert line.state[0].tolist() == ["not_applicable", "missing", "missing", "reported", "not_applicable"]
