import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.wastage import closed_vial, cumulative, factor, loss_rate, open_vial, total

DOSES = st.lists(st.tuples(st.integers(1, 400), st.integers(0, 400)), min_size=1, max_size=12)


@given(doses=DOSES, factor_of_unit=st.integers(2, 20))
def test_the_cumulative_rate_ends_at_the_pooled_one_in_any_unit(doses, factor_of_unit):
    opened, given_ = (np.array(side, dtype=float) for side in zip(*doses, strict=True))
    rate = open_vial(opened, given_)
    assert cumulative(rate).value[-1] == pytest.approx(rate.pooled().value)
    assert np.allclose(open_vial(opened * factor_of_unit, given_ * factor_of_unit).value, rate.value)


def test_a_vial_carried_over_makes_a_month_negative_and_the_year_not():
    rate = open_vial([240, 180], [200, 195])
    assert rate.value[1] < 0 < cumulative(rate).value[1]


def test_a_month_with_one_of_both_figures_is_in_neither_sum():
    rate = open_vial([240, np.nan, 100], [200, 150, np.nan])
    assert np.isnan(rate.value[1:]).all()
    assert cumulative(rate).value.tolist() == [pytest.approx(1 / 6)] * 3


def test_nothing_opened_is_no_rate_and_nothing_wasted_is_zero():
    assert np.isnan(open_vial(0, 0).value)
    assert closed_vial(0, 50).value == 0
    assert open_vial(10, 0).value == 1


def test_each_level_of_the_chain_loses_its_own_share():
    assert total(0.1, 0, levels=2) == pytest.approx(0.19)
    assert total(0, 0.3) == pytest.approx(0.3)
    assert total(0.1, 0.5) == pytest.approx(0.55)


def test_the_factor_makes_up_for_the_wastage():
    assert factor(0) == 1 and factor(0.3) * 0.7 == pytest.approx(1)
    assert np.isnan(factor(1))


def test_losses_are_of_what_there_was_to_lose():
    assert loss_rate([5, 0], [60, 0], [40, 0]).pooled().value == 0.05
    assert loss_rate([5, 3], [60, np.nan], [40, 10]).pooled().value == 0.05
