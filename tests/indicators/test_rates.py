import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.rates import Rate, both, counted, over
from indicators.rounding import downwards, half_up, upwards

PAIRS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=8)


@given(pairs=PAIRS)
def test_a_pooled_rate_is_sums_over_sums_whatever_the_order(pairs):
    above, below = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    whole = both(above, below).pooled()
    if below.sum():
        assert whole.value == above.sum() / below.sum()
    else:
        assert np.isnan(whole.value)
    assert both(above[::-1], below[::-1]).pooled() == whole


@given(pairs=PAIRS)
def test_a_facility_that_reports_nothing_changes_no_rate(pairs):
    above, below = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    more = both(np.append(above, np.nan), np.append(below, np.nan)).pooled()
    assert more == both(above, below).pooled()


def test_a_zero_is_an_answer_and_a_missing_figure_is_none():
    assert both([0, 5], [10, 10]).pooled().value == 0.25
    missing = both([np.nan, 5], [10, 10]).pooled()
    assert missing.value == 0.5 and missing.expected == 20


def test_who_need_not_answer_is_in_neither_number():
    rate = counted([True, True, False], [True, True, True], [True, False, True]).pooled()
    assert (rate.numerator, rate.denominator, rate.expected) == (1, 2, 2)


def test_pooling_parts_one_after_the_other_is_pooling_all_at_once():
    rate = Rate(*(np.arange(12.0).reshape(3, 4) + shift for shift in (0, 20, 30)))
    assert rate.pooled(1).pooled(0) == rate.pooled((0, 1))


def test_nothing_over_nothing_is_no_rate():
    assert np.isnan(over([0, 4], [0, 0])).all()


def test_halves_go_up_on_both_sides_of_even_numbers():
    assert half_up([0.5, 1.5, 2.5, 2.49]).tolist() == [1, 2, 3, 2]


def test_a_hair_of_a_binary_fraction_is_not_rounded_to_a_unit():
    assert upwards(30 * 7 / 30) == 7 and upwards(3 * 1.1 / 1.1) == 3 and upwards(7.01) == 8
    assert downwards((0.1 + 0.7) * 10) == 8 and downwards(7.99) == 7
    assert np.isnan([half_up(np.nan), upwards(np.nan), downwards(np.nan)]).all()
