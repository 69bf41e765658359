from dataclasses import replace

import numpy as np
import pytest

from indicators.compare import View
from indicators.ratio import pooled, ratio
from tests.indicators.builders import PAIR, a_rollup


def look(rollup, unit="A", grain="month", **choices):
    return ratio(rollup, PAIR, View(unit, 201801, 202012, grain, **choices))


def test_a_ratio_stands_on_the_facilities_that_report_both():
    rollup = a_rollup(
        ("A1", "NEW", "count", 201901, 100),
        ("A2", "NEW", "count", 201901, 50),
        ("A1", "USED", "consumed", 201901, 110),
    )
    answer = look(rollup)
    assert answer.value[:2, 0].tolist() == [pytest.approx(1.10), pytest.approx(1.10)]
    assert np.isnan(answer.value[2, 0])
    assert (answer.n_both[0, 0], answer.n_either[0, 0]) == (1, 2)


def test_a_districts_ratio_is_pooled_and_no_mean_of_ratios():
    rows = [("A1", "NEW", 10), ("A1", "USED", 1), ("A2", "NEW", 1000), ("A2", "USED", 900)]
    rollup = a_rollup(*((u, i, "count" if i == "NEW" else "consumed", 201901, v) for u, i, v in rows))
    assert look(rollup).value[0, 0] == pytest.approx(901 / 1010)


def test_months_of_stock_of_a_district_are_pooled():
    assert pooled([100, 0], [10, 40])[0] == 2.0
    assert pooled([100, float("nan")], [10, 40]) == (10.0, 1, 2)
    assert np.isnan(pooled([1], [0])[0])


def test_in_a_quarter_only_the_months_that_have_both_count():
    rollup = a_rollup(
        *(("A1", "NEW", "count", month, 10) for month in (201901, 201902, 201903)),
        ("A1", "USED", "consumed", 201902, 12),
    )
    assert look(rollup, grain="quarter").value[0].tolist() == [pytest.approx(1.2)]


def test_a_quarterly_report_is_compared_with_the_services_of_its_own_window():
    rollup = a_rollup(
        *(("A1", "NEW", "count", month, 10) for month in (201811, 201812, 201901)),
        ("A1", "USED", "consumed", 201811, 33, 3),
        ("A2", "NEW", "count", 201812, 10),
        ("A2", "USED", "consumed", 201811, 90, 3),
    )
    answer = look(rollup)
    assert answer.periods == ("2018-11", "2018-12", "2019-01")
    assert np.isnan(answer.value[0, :2]).all()
    assert answer.value[0, 2] == pytest.approx(1.1)
    assert (answer.n_both[0, 2], answer.n_either[0, 2]) == (1, 2)


def test_no_service_makes_no_ratio():
    rollup = a_rollup(("A1", "NEW", "count", 201901, 0), ("A1", "USED", "consumed", 201901, 3))
    assert np.isnan(look(rollup).value[0, 0])


def without_said(used=("DEPO",)):
    """The pair whose ratio is over what the stores say was consumed."""
    return replace(PAIR, reported={}, commodities=used, dosed=True)


def test_zeros_of_a_store_that_does_not_carry_the_product_are_no_side_of_a_ratio():
    rollup = a_rollup(
        *((unit, "NEW", "count", 201901, 10) for unit in ("A1", "A2")),
        ("A1", "DEPO", "consumed", 201901, 12),
        ("A2", "DEPO", "consumed", 201901, 0),
        ("A2", "DEPO", "closing", 201901, 0),
    )
    answer = ratio(rollup, without_said(), View("A", 201901, 201901))
    assert answer.value[0, 0] == pytest.approx(1.2)
    assert (answer.n_both[0, 0], answer.n_either[0, 0]) == (1, 2)


def test_a_zero_of_a_store_that_carries_the_product_counts():
    rollup = a_rollup(
        *((unit, "NEW", "count", 201901, 10) for unit in ("A1", "A2")),
        ("A1", "DEPO", "consumed", 201901, 12),
        ("A2", "DEPO", "consumed", 201901, 0),
        ("A2", "DEPO", "closing", 201901, 5),
    )
    answer = ratio(rollup, without_said(), View("A", 201901, 201901))
    assert answer.value[0, 0] == pytest.approx(0.6)
    assert (answer.n_both[0, 0], answer.n_either[0, 0]) == (2, 2)


def test_a_quarters_zero_of_a_store_that_does_not_carry_the_product_is_no_side_of_a_ratio():
    rollup = a_rollup(
        *(("A1", "NEW", "count", month, 10) for month in (201901, 201902, 201903)),
        ("A1", "DEPO", "consumed", 201901, 0, 3),
    )
    answer = ratio(rollup, without_said(), View("A1", 201901, 201903, "quarter"))
    assert np.isnan(answer.value[0, 0])
    assert (answer.n_both[0, 0], answer.n_either[0, 0]) == (0, 1)
