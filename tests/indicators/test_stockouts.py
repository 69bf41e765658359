import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indicators.availability import of_product
from indicators.stockouts import (
    DaysOut,
    at_end,
    family_out,
    from_movements,
    mean_duration,
    of_days,
    on_any_day,
    spells,
)

STOCKS = arrays.arrays(
    np.float64, st.integers(1, 8), elements=st.one_of(st.just(np.nan), st.integers(0, 3).map(float))
)
MONTHS = arrays.arrays(np.int8, (3, 10), elements=st.integers(0, 2))  # 0 in stock, 1 out, 2 not reported


def moved(*movements):
    return pd.DataFrame(list(movements), columns=["day", "change"])


@given(stocks=STOCKS, factor=st.integers(1, 20))
def test_rates_know_neither_units_nor_order_nor_silent_places(stocks, factor):
    for rate in (at_end, of_product):
        found = rate(stocks).pooled()
        assert rate(stocks[::-1] * factor).pooled() == found
        more = rate(np.append(stocks, np.nan)).pooled()
        assert (more.numerator, more.denominator) == (found.numerator, found.denominator)
        assert more.expected == found.expected + 1


@given(stocks=STOCKS)
def test_who_is_not_available_is_out(stocks):
    out, there = at_end(stocks).pooled(), of_product(stocks).pooled()
    assert out.numerator + there.numerator == out.denominator == there.denominator


def test_zero_is_out_and_missing_is_nobodys_answer():
    assert at_end([0, 5]).pooled().value == 0.5
    assert at_end([np.nan, 5]).pooled().value == 0
    assert np.isnan(at_end([np.nan]).pooled().value)


def test_a_site_that_does_not_carry_the_product_is_not_out_of_it():
    assert at_end([0, 0, 5], [False, False, True]).pooled().value == 0


def test_out_at_the_end_out_on_any_day_and_out_of_days_are_three_rates():
    closing, days = [4, 0, 9, 9], [12, 3, 0, 0]
    assert at_end(closing).pooled().value == 0.25
    assert on_any_day(days).pooled().value == 0.5
    assert of_days(days, 30).pooled().value == 15 / 120
    assert mean_duration(days).pooled().value == 7.5
    assert mean_duration([*days, 30], [*[True] * len(days), False]).pooled().value == 7.5


def test_more_days_out_than_the_month_has_are_all_of_it():
    assert of_days([45], [30]).pooled().value == 1
    assert of_days([-2, 3], 30, [True, False]).pooled().value == 0


def test_a_family_is_out_when_every_member_that_is_carried_is():
    out, known = family_out([[0, 0, 0], [0, 9, np.nan]], [[True, True, True], [True, True, False]])
    assert out.tolist() == [True, False, True] and known.all()
    out, known = family_out([[np.nan], [np.nan]], [[False], [False]])
    assert not out.any() and not known.any()
    out, known = family_out([[5], [np.nan]], True)
    assert known.all() and not out.any()


@given(months=MONTHS)
def test_spells_hold_every_month_out_once(months):
    found = spells(months == 1, months != 2)
    laid = np.zeros(months.shape, dtype=int)
    for row in found.itertuples():
        laid[row.place, row.start : row.start + row.months] += 1
    assert np.array_equal(laid, (months == 1).astype(int))


@given(months=MONTHS)
def test_a_spell_is_open_where_nobody_knows_what_came_before_or_after(months):
    for row in spells(months == 1, months != 2).itertuples():
        before = months[row.place, row.start - 1] if row.start else 2
        stop = row.start + row.months
        after = months[row.place, stop] if stop < months.shape[1] else 2
        assert (row.left_open, row.right_open) == (before == 2, after == 2)
        assert 1 not in (before, after)


def test_a_month_without_stock_is_30_days_in_a_year_of_360_and_its_own_in_the_real_one():
    assert from_movements("2019-01", 0, moved()) == DaysOut(31, 30)
    assert from_movements("2019-02", 0, moved()) == DaysOut(28, 30)
    assert from_movements("2024-02", 0, moved()) == DaysOut(29, 30)


def test_stock_all_month_is_no_day_out_and_a_last_day_is_one():
    assert from_movements("2019-01", 5, moved()) == DaysOut(0, 0)
    assert from_movements("2019-01", 5, moved((31, -5))) == DaysOut(1, 1)
    assert from_movements("2019-04", 5, moved((30, -5))) == DaysOut(1, 1)


def test_what_is_received_and_issued_on_one_day_leaves_the_day_as_it_ends():
    assert from_movements("2019-04", 0, moved((10, 20), (10, -20), (11, 3))) == DaysOut(10, 10)


@given(
    opening=st.integers(0, 5),
    changes=st.lists(st.tuples(st.integers(1, 30), st.integers(-4, 4)), max_size=12),
    factor=st.integers(2, 9),
)
def test_days_out_are_those_a_walk_over_the_days_finds(opening, changes, factor):
    stock, days = opening, 0
    for day in range(1, 31):
        stock += sum(change for at, change in changes if at == day)
        days += stock <= 0
    found = from_movements("2019-04", opening, moved(*changes))
    assert found == DaysOut(days, days)
    scaled = moved(*[(day, change * factor) for day, change in reversed(changes)])
    assert from_movements("2019-04", opening * factor, scaled) == found


def test_a_movement_of_another_month_is_refused():
    with pytest.raises(ValueError, match="lies outside 2019-02"):
        from_movements("2019-02", 0, moved((29, 5)))


def test_a_single_day_out_is_a_month_with_a_stock_out():
    rate = on_any_day([0, 1, 0.5, 31, np.nan])
    assert rate.numerator.tolist() == [0, 1, 1, 1, 0]
    assert mean_duration([0, 1, 3]).pooled().value == 2
