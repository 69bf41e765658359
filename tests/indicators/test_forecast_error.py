import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indicators.forecast import METHODS, moving_average, seasonal_naive
from indicators.forecast_error import absolute_error, backtest, bias, scaled_error

AMOUNTS = arrays.arrays(np.float64, (2, 6), elements=st.integers(1, 300).map(float))
SEASONS = np.tile(np.array([[30.0, 10, 10, 10, 20, 40, 60, 80, 60, 40, 30, 30]]), 4)


@given(forecast=AMOUNTS, actual=AMOUNTS, factor=st.integers(2, 50))
def test_errors_are_shares_and_know_no_unit(forecast, actual, factor):
    found = absolute_error(forecast, actual).pooled((0, 1)).value
    assert found == pytest.approx(np.abs(forecast - actual).sum() / actual.sum())
    assert absolute_error(forecast * factor, actual * factor).pooled((0, 1)).value == pytest.approx(found)
    assert abs(bias(forecast, actual).pooled((0, 1)).value) <= found + 1e-12


def test_a_month_without_forecast_or_report_is_in_no_error():
    assert absolute_error([12, np.nan, 5], [10, 10, np.nan]).pooled().value == 0.2
    assert bias([8, np.nan], [10, 10]).pooled().value == -0.2


def test_the_bar_itself_scores_one():
    history = SEASONS + np.arange(48) % 7
    assert backtest(history, seasonal_naive).scaled == 1
    assert not backtest(history, seasonal_naive).beats_the_bar


def test_where_the_season_is_all_last_year_is_never_off_and_the_last_months_are():
    assert backtest(SEASONS, seasonal_naive).wape == 0
    assert backtest(SEASONS, moving_average).wape > 0.2


def test_where_the_level_shifted_the_last_months_beat_last_year():
    shifted = np.hstack([np.full((1, 24), 10.0), np.full((1, 8), 50.0)])
    found = backtest(shifted, moving_average, origins=4)
    assert found.beats_the_bar and found.wape == 0 and found.months == 4


@pytest.mark.parametrize("method", METHODS.values())
@pytest.mark.parametrize("ahead", [1, 3])
def test_no_forecast_sees_the_months_it_is_judged_by(method, ahead):
    """Changing what comes after the origin of the first forecast leaves that forecast as it is."""
    calls = []

    def watched(history, steps):
        calls.append(history.copy())
        return method(history, steps)

    backtest(SEASONS, watched, origins=5, ahead=ahead)
    assert [call.shape[1] for call in calls] == [48 - 5 - ahead + 1 + step for step in range(5)]
    assert all(np.array_equal(call, SEASONS[:, : call.shape[1]]) for call in calls)


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_of_what_a_method_says_only_the_month_so_far_ahead_is_judged(ahead):
    """A method that is right that many months ahead, and wrong before and after."""

    def right_once(history, steps):
        said = np.full((*history.shape[:-1], steps + 2), 1e6)
        said[..., ahead - 1] = history[..., -1] + ahead
        return said

    assert backtest(np.arange(30.0)[None, :], right_once, origins=6, ahead=ahead).wape == 0


def test_a_history_shorter_than_what_is_asked_of_it_is_refused():
    with pytest.raises(ValueError, match="take fewer"):
        backtest(np.ones((1, 6)), moving_average, origins=6)


def test_a_method_is_scored_where_the_bar_has_a_forecast_too():
    found = scaled_error([12, 90], [10, 10], [14, np.nan]).pooled()
    assert found.value == 0.5
