import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indicators.forecast import METHODS, croston, from_services, moving_average, seasonal_naive, tsb

HISTORY = arrays.arrays(
    np.float64, (2, 20), elements=st.one_of(st.just(np.nan), st.just(0.0), st.integers(0, 300).map(float))
)


def croston_by_hand(months, alpha):
    size = interval = None
    since = 0
    for month in months:
        if np.isnan(month):
            continue
        since += 1
        if month > 0:
            size = month if size is None else size + alpha * (month - size)
            interval = since if interval is None else interval + alpha * (since - interval)
            since = 0
    if np.isnan(months).all():
        return np.nan
    return 0 if size is None else size / interval


def tsb_by_hand(months, alpha, beta):
    known = [month for month in months if not np.isnan(month)]
    if not known:
        return np.nan
    size, chance = None, float(known[0] > 0)
    for at, month in enumerate(known):
        if at:
            chance += beta * ((month > 0) - chance)
        if month > 0:
            size = month if size is None else size + alpha * (month - size)
    return 0 if size is None else size * chance


@pytest.mark.parametrize("name", METHODS)
@given(history=HISTORY, factor=st.sampled_from([2, 8, 64]))
def test_a_forecast_knows_neither_units_nor_the_order_of_places(name, history, factor):
    found = METHODS[name](history, 3)
    assert found.shape == (2, 3)
    assert np.allclose(METHODS[name](history * factor, 3), found * factor, equal_nan=True)
    assert np.array_equal(METHODS[name](history[::-1], 3), found[::-1], equal_nan=True)


@pytest.mark.parametrize("name", METHODS)
def test_a_steady_consumption_is_forecast_as_it_is_and_silence_not_at_all(name):
    history = np.vstack([np.full(24, 50.0), np.full(24, np.nan)])
    found = METHODS[name](history, 14)
    expected = 50 * 0.95 if name == "croston" else 50
    assert found[0] == pytest.approx([expected] * 14)
    assert np.isnan(found[1]).all()


@given(history=HISTORY, ahead=st.integers(1, 30))
def test_the_seasonal_naive_forecast_is_the_last_same_month_that_was_reported(history, ahead):
    found = seasonal_naive(history, ahead)
    for row, months in zip(found, history, strict=True):
        for step in range(ahead):
            earlier = [
                months[at] for at in range(20) if (20 + step - at) % 12 == 0 and not np.isnan(months[at])
            ]
            assert np.array_equal(row[step], earlier[-1] if earlier else np.nan, equal_nan=True)


@given(history=HISTORY, alpha=st.sampled_from([0.1, 0.3, 1]))
def test_croston_and_tsb_are_what_they_are_by_hand(history, alpha):
    plain, corrected = croston(history, 1, alpha, corrected=False), croston(history, 1, alpha)
    assert np.allclose(corrected, plain * (1 - alpha / 2), equal_nan=True)
    for at, months in enumerate(history):
        assert plain[at, 0] == pytest.approx(croston_by_hand(months, alpha), nan_ok=True)
        assert tsb(history, 1, alpha, 0.2)[at, 0] == pytest.approx(
            tsb_by_hand(months, alpha, 0.2), nan_ok=True
        )


def test_a_moving_average_is_of_the_months_that_were_reported():
    assert moving_average([[9, 3, np.nan, 8]], 2).tolist() == [[5.5, 5.5]]
    assert moving_average([[9, 3, 0, 8]], 1, window=2).tolist() == [[4]]
    assert np.isnan(moving_average([[9, np.nan, np.nan, np.nan]], 1)).all()


def test_months_without_consumption_lower_the_rate_and_missing_ones_do_not():
    often, seldom, silent = [6, 6, 6, 6], [6, 0, 6, 0], [6, np.nan, 6, np.nan]
    for method in (croston, tsb):
        assert method([often], 1) == method([silent], 1)
        assert method([seldom], 1) < method([often], 1)


def test_tsb_forgets_a_product_that_is_no_longer_used_and_croston_does_not():
    used = np.full((1, 6), 10.0)
    stopped = np.hstack([used, np.zeros((1, 24))])
    assert croston(stopped, 1) == croston(used, 1)
    assert tsb(stopped, 1) < tsb(used, 1) / 5


def test_a_product_never_consumed_is_forecast_to_stay_so():
    assert croston([[0, 0]], 1) == tsb([[0, 0]], 1) == 0


def test_the_forecast_from_services_makes_up_for_share_and_wastage():
    assert from_services(100, 2, share=0.5, wastage=0.2) == 125
    assert np.isnan(from_services(100, 2, wastage=1))


@pytest.mark.parametrize("name", METHODS)
def test_sites_by_products_by_months_are_forecast_as_each_row_alone(name):
    history = np.arange(60.0).reshape(2, 30) % 7
    expected = METHODS[name](history, 4)
    assert np.array_equal(METHODS[name](history[:, None], 4)[:, 0], expected)
    assert np.array_equal(METHODS[name](history[1], 4), expected[1])
