import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indicators.availability import mean_share, of_set


def test_one_tracer_that_lacks_makes_the_set_unavailable():
    assert of_set([[3, 3], [0, 4]]).pooled().value == 0.5
    assert mean_share([[3, 3], [0, 4]]).pooled().value == 0.75


def test_a_silent_tracer_leaves_the_set_open_unless_another_is_out():
    assert of_set([[3], [np.nan]]).pooled().denominator == 0
    assert of_set([[0], [np.nan]]).pooled().value == 0
    assert of_set([[3], [np.nan]], [[True], [False]]).pooled().value == 1


@given(
    stocks=arrays.arrays(np.float64, (3, 5), elements=st.integers(0, 2).map(float)),
    order=st.permutations(range(3)),
)
def test_a_set_is_available_where_each_of_its_tracers_is(stocks, order):
    assert of_set(stocks[order]).pooled() == of_set(stocks).pooled()
    assert of_set(stocks).pooled().numerator == (stocks > 0).all(axis=0).sum()
