import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.stock_status import HAIR, Limits, Status, days, months, pooled_months, shares, status, to_plan

NUMBER = st.one_of(st.just(np.nan), st.integers(0, 300).map(float))


def by_hand(stock, average, limits):
    if stock == 0:
        return Status.STOCKED_OUT
    if np.isnan(stock) or np.isnan(average) or average == 0:
        return Status.UNKNOWN
    if stock < limits.low * average:
        return Status.LOW
    return Status.OVERSTOCKED if stock > limits.high * average else Status.ADEQUATE


@given(stock=NUMBER, average=NUMBER, low=st.sampled_from([0, 0.5, 1.5, 2]), more=st.sampled_from([0, 1.5, 4]))
def test_each_stock_has_the_class_it_has_by_hand(stock, average, low, more):
    limits = Limits(low, low + more)
    assert status(stock, average, limits) == by_hand(stock, average, limits)


@given(stocks=st.lists(NUMBER, min_size=1, max_size=9), average=NUMBER, factor=st.sampled_from([2, 8, 64]))
def test_packs_or_tablets_make_no_difference_to_class_and_months(stocks, average, factor):
    stock = np.array(stocks)
    assert (status(stock * factor, average * factor) == status(stock, average)).all()
    assert np.array_equal(months(stock * factor, average * factor), months(stock, average), equal_nan=True)


@given(stocks=st.lists(NUMBER, min_size=1, max_size=9), average=st.integers(0, 50))
def test_the_five_shares_add_up_to_one_in_any_order(stocks, average):
    found = status(np.array(stocks), float(average))
    parts = {each: float(rate.pooled().value) for each, rate in shares(found).items()}
    assert sum(parts.values()) == pytest.approx(1)
    assert parts == {each: float(rate.pooled().value) for each, rate in shares(found[::-1]).items()}


def test_the_limits_themselves_are_adequate():
    assert status([30, 60], 20).tolist() == [Status.ADEQUATE] * 2
    assert status([29.9, 60.1], 20).tolist() == [Status.LOW, Status.OVERSTOCKED]


def test_a_stock_below_zero_is_unknown():
    assert status([-3, 5], [10, -1]).tolist() == [Status.UNKNOWN] * 2


def test_less_than_a_unit_is_a_stock_and_an_average_like_any_other():
    assert status([0.5, 0.5, 0.5], [0.2, 0.4, 0.1]).tolist() == [
        Status.ADEQUATE,
        Status.LOW,
        Status.OVERSTOCKED,
    ]


def test_an_empty_shelf_lasts_no_time_whatever_is_consumed():
    assert months(0, [5, 0, np.nan]).tolist() == [0, 0, 0]
    assert days([40, 0], 20).tolist() == [60, 0]


def test_a_place_without_an_average_is_not_in_the_districts_months():
    pooled = pooled_months([100, 50], [10, np.nan]).pooled()
    assert pooled.value == 10 and pooled.numerator == 100
    assert pooled_months([100, 0], [10, 40]).pooled().value == 2


def test_a_place_that_does_not_carry_the_product_is_in_no_share():
    found = status([0, 40, 40], [20, 20, 20])
    assert shares(found, [False, True, True])[Status.STOCKED_OUT].pooled().value == 0
    assert shares(found)[Status.STOCKED_OUT].pooled().value == pytest.approx(1 / 3)


def test_stocked_to_plan_is_of_those_that_are_known():
    found = status([40, 0, np.nan, 40], [20, 20, 20, 0])
    assert to_plan(found).pooled().value == 0.5


def test_limits_that_nothing_lies_between_are_refused():
    with pytest.raises(ValueError, match="exchange them"):
        Limits(3, 1)


@pytest.mark.parametrize(
    ("stock", "found"),
    [
        (2 * (1 - HAIR), Status.ADEQUATE),
        (2 * (1 - 1.01 * HAIR), Status.LOW),
        (4 * (1 + HAIR), Status.ADEQUATE),
        (4 * (1 + 1.01 * HAIR), Status.OVERSTOCKED),
    ],
)
def test_what_rounding_takes_off_a_limit_does_not_cross_it(stock, found):
    assert status(stock, 1.0, Limits(2, 4)) == found
