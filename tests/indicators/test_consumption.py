import numpy as np
import pytest

from indicators.consumption import adjusted, average, days, monthly_average
from indicators.periods import Calendar
from tests.indicators.builders import a_rollup


def averages(*rows, unit="A1"):
    """The average of a facility's DEPO as of each month, by `YYYYMM`."""
    rollup = a_rollup(*rows)
    item = rollup.numbers(["DEPO"])[0]
    found = monthly_average(rollup, item, np.array([rollup.position(unit)]))[0].tolist()
    return dict(zip(rollup.months.tolist(), found, strict=True))


def used(month, value, months=1, unit="A1"):
    return (unit, "DEPO", "consumed", month, value, months)


def out(month, value, months=1, unit="A1"):
    return (unit, "DEPO", "stockout_days", month, value, months)


def test_the_average_is_of_the_month_and_the_two_before_it():
    found = averages(used(201901, 10), used(201902, 20), used(201903, 60), used(201904, 40))
    assert found[201903] == pytest.approx(30)
    assert found[201904] == pytest.approx(40)


def test_one_month_of_three_is_too_few_and_two_are_enough():
    found = averages(used(201901, 10), used(201902, 20), used(201906, 90))
    assert np.isnan(found[201901]) and found[201902] == found[201903] == 15
    assert np.isnan(found[201904]) and np.isnan(found[201906])


def test_a_month_half_out_of_stock_counts_double():
    found = averages(used(202104, 10), out(202104, 15), used(202105, 20), used(202106, 30), out(202106, 0))
    assert found[202106] == pytest.approx((20 + 20 + 30) / 3)


def test_each_month_is_made_good_by_its_own_number_of_days():
    found = averages(used(202402, 15), out(202402, 14.5), used(202403, 31), out(202403, 15.5))
    assert found[202403] == pytest.approx((30 + 62) / 2)


def test_a_month_out_throughout_is_reported_and_says_nothing():
    found = averages(used(202104, 0), out(202104, 30), used(202105, 0), out(202105, 31), used(202106, 12))
    assert np.isnan(found[202105])
    assert found[202106] == 12


def test_a_few_days_in_stock_are_not_blown_up_beyond_three_times():
    assert adjusted(4, 29, 30) == pytest.approx(12)
    assert adjusted(4, 20, 30) == pytest.approx(12)
    assert np.isnan(adjusted(4, 30, 30)) and np.isnan(adjusted(4, 45, 30))


def test_days_out_below_zero_or_never_said_change_nothing():
    assert adjusted([7, 7], [-3, np.nan], 30).tolist() == [7, 7]


def test_a_quarter_counts_as_three_months_of_a_third_each():
    found = averages(used(202101, 90, 3), used(202104, 30, 3))
    assert found[202103] == pytest.approx(30)
    assert found[202104] == pytest.approx((30 + 30 + 10) / 3)
    assert found[202106] == pytest.approx(10)


def test_a_quarter_is_made_good_by_the_days_out_of_its_whole_window():
    found = averages(
        used(202101, 60, 3), out(202101, 30, 3), used(202101, 9, 3, "B1"), out(202101, 90, 3, "B1")
    )
    assert found[202103] == pytest.approx(60 * 90 / 60 / 3)
    alone = averages(used(202101, 9, 3, "B1"), out(202101, 90, 3, "B1"), unit="B1")
    assert np.isnan(alone[202103])


def test_the_days_out_of_another_quarter_are_not_taken():
    found = averages(used(202101, 60, 3), out(202104, 30, 3), used(202104, 60, 3))
    assert found[202103] == pytest.approx(20)
    assert found[202106] == pytest.approx(60 * 91 / 61 / 3)


def test_a_months_own_report_stands_before_the_share_of_a_quarter():
    found = averages(used(202101, 90, 3), used(202102, 3))
    assert found[202103] == pytest.approx((30 + 3 + 30) / 3)


def test_who_never_reported_has_no_average():
    rollup = a_rollup(("A1", "SAYANA", "consumed", 201901, 5))
    for code in ("DEPO", "SAYANA"):
        found = monthly_average(rollup, rollup.numbers([code])[0], np.array([rollup.position("B2")]))
        assert found.shape == (1, 1) and np.isnan(found).all()


def test_an_average_of_one_month_alone_is_none():
    assert np.isnan(average(np.array([[5.0]]), np.array([[True]]))).all()


def test_a_leap_year_has_its_day():
    assert days(Calendar(202312, 202403)).tolist() == [31, 31, 29, 31]
