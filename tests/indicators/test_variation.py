import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.variation import Demand, abc, coefficient_of_variation, demand, matrix, steadiness

MONTHS = st.lists(st.integers(0, 500), min_size=6, max_size=15)


@given(months=MONTHS, factor=st.integers(2, 50), order=st.randoms(use_true_random=False))
def test_variation_is_that_of_the_textbook_in_any_unit_and_order(months, factor, order):
    found = coefficient_of_variation(np.array(months))
    if sum(months) == 0:
        assert np.isnan(found)
        return
    assert found == pytest.approx(statistics.stdev(months) / statistics.fmean(months))
    shuffled = months.copy()
    order.shuffle(shuffled)
    assert coefficient_of_variation(np.array(shuffled) * factor) == pytest.approx(float(found))


def test_a_zero_is_a_month_and_a_missing_one_is_none():
    steady = [10.0] * 6
    assert coefficient_of_variation([*steady, np.nan]) == 0
    assert coefficient_of_variation([*steady, 0]) > 0
    assert np.isnan(coefficient_of_variation(steady[:5]))


def test_x_y_and_z_end_at_their_limits():
    assert steadiness([0.5, 0.51, 1.0, 1.01]).tolist() == ["X", "Y", "Y", "Z"]


@pytest.mark.parametrize(
    ("months", "kind"),
    [
        ([10, 11, 9, 10, 10, 10], Demand.SMOOTH),
        ([1, 1, 40, 1, 1, 1], Demand.ERRATIC),
        ([2, 2, 2, 2, 2, 9], Demand.ERRATIC),
        ([0, 5, 0, 5, 0, 5], Demand.INTERMITTENT),
        ([5] * 25 + [0] * 8, Demand.INTERMITTENT),
        ([5] * 25 + [0] * 7, Demand.SMOOTH),
        ([0, 0, 1, 0, 90, 0, 0, 1, 0], Demand.LUMPY),
        ([0, 0, 0, 0, 1, 9], Demand.LUMPY),
        ([0, 0, 0, 0, 0, 9], Demand.INTERMITTENT),
        ([0, 0, 0, 0, 0, 0], Demand.UNKNOWN),
        ([5, 5, 5, np.nan, np.nan, np.nan], Demand.UNKNOWN),
    ],
)
def test_demand_is_of_the_kind_its_months_show(months, kind):
    assert demand([months]).tolist() == [kind]
    assert demand(np.array([months]) * 30).tolist() == [kind]


@given(values=st.lists(st.integers(1, 10**6), min_size=1, max_size=20), factor=st.integers(2, 600))
def test_a_holds_the_dearest_products_and_the_least_of_them_that_make_80_percent(values, factor):
    found = abc(values)
    assert (abc(np.array(values) * factor) == found).all()
    worth = np.array(values, dtype=float)
    first = found == "A"
    assert worth[first].sum() >= 0.8 * worth.sum() * (1 - 1e-12)
    assert worth[first].sum() - worth[first].min() < 0.8 * worth.sum()
    assert (worth[first].min() >= worth[~first]).all()


def test_a_product_of_unknown_value_has_no_class_and_changes_none():
    assert abc([70, np.nan, 30]).tolist() == ["A", "", "A"]
    assert abc([0, 0]).tolist() == ["", ""]


def test_the_matrix_counts_every_product_once():
    table = matrix(["A", "A", "B", "C"], ["V", "N", "E", "E"])
    assert table.to_numpy().sum() == 4 and table.loc["A", "V"] == 1 and table.loc["C", "E"] == 1
