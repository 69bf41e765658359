import numpy as np
import pandas as pd
import pytest

from indicators.compare import View
from indicators.stock import averageable, months_of_stock
from tests.indicators.builders import a_rollup

MONTHS = (201901, 201902, 201903)


def facility(unit, consumed, stock, item="DEPO"):
    """Three months of one consumption, and the stock at the end of the last."""
    rows = [(unit, item, "consumed", month, consumed) for month in MONTHS]
    return [*rows, (unit, item, "closing", MONTHS[-1], stock)]


def lasts(rollup, unit="A", codes=("DEPO",), grain="month", **choices):
    return months_of_stock(rollup, codes, View(unit, 201901, 201912, grain, **choices))


def test_a_facilitys_stock_lasts_as_many_months_as_it_holds_averages():
    found = lasts(a_rollup(*facility("A1", 20, 50)), "A1")
    assert found.value[0, -1] == pytest.approx(2.5)
    assert (found.stock[0, -1], found.average[0, -1]) == (50, 20)


def test_a_district_divides_sums_and_does_not_average_months():
    found = lasts(a_rollup(*facility("A1", 10, 100), *facility("A2", 40, 0)))
    assert found.value[:, -1].tolist() == [2.0, 10.0, 0.0]
    assert (found.n_both[0, -1], found.n_either[0, -1]) == (2, 2)


def test_only_facilities_that_have_both_count():
    rollup = a_rollup(
        *facility("A1", 10, 30),
        ("A2", "DEPO", "closing", 201903, 1000),
        ("A2", "DEPO", "consumed", 201903, 1),
    )
    found = lasts(rollup)
    assert found.value[0, -1] == pytest.approx(3)
    assert (found.n_both[0, -1], found.n_either[0, -1]) == (1, 2)


def test_the_nation_is_the_sum_of_its_facilities():
    rollup = a_rollup(*facility("A1", 10, 30), *facility("B1", 30, 10), *facility("B2", 10, 40))
    found = lasts(rollup, "N")
    assert found.value[0, -1] == pytest.approx(80 / 50)
    assert found.value[:, -1].tolist() == pytest.approx([80 / 50, 3, 50 / 40])


def test_without_recent_consumption_nothing_is_said():
    found = lasts(a_rollup(*facility("A1", 0, 30)), "A1")
    assert np.isnan(found.value[0, -1]) and found.stock[0, -1] == 30


def test_two_products_count_where_each_has_both():
    rollup = a_rollup(
        *facility("A1", 10, 30), *facility("A1", 10, 10, "SAYANA"), ("A2", "SAYANA", "closing", 201903, 500)
    )
    assert lasts(rollup, codes=("DEPO", "SAYANA")).value[0, -1] == pytest.approx(40 / 20)


def test_a_quarter_stands_on_its_last_month_with_both():
    found = lasts(
        a_rollup(*facility("A1", 20, 50), ("A1", "DEPO", "closing", 201902, 10)), "A1", grain="quarter"
    )
    assert found.value[0].tolist() == [pytest.approx(2.5)]


def test_a_quarterly_facility_has_its_months_of_stock_at_the_quarters_end():
    rollup = a_rollup(("A1", "DEPO", "consumed", 201901, 90, 3), ("A1", "DEPO", "closing", 201901, 45, 3))
    for unit in ("A1", "A"):
        assert lasts(rollup, unit).value[0].tolist() == pytest.approx([np.nan, np.nan, 1.5], nan_ok=True)


def test_a_group_counts_its_members_alone():
    groups = pd.DataFrame([("g", "Clinics", "A2")], columns=["group", "name", "org_unit"])
    rollup = a_rollup(*facility("A1", 10, 100), *facility("A2", 40, 60), groups=groups)
    assert lasts(rollup, group="g").value[:, -1].tolist() == pytest.approx([1.5, np.nan, 1.5], nan_ok=True)


def test_products_without_consumption_have_no_average():
    rollup = a_rollup(("A1", "DEPO", "closing", 201903, 50))
    assert not averageable(rollup, ["DEPO", "SAYANA"])
    assert np.isnan(lasts(rollup).value).all()
    assert averageable(a_rollup(*facility("A1", 1, 1)), ["DEPO", "SAYANA"])
