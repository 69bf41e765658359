from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.robust import Around
from indicators.usual import ABOVE, BELOW, NONE, Method, Usual, from_scale, judge, learn, to_scale, usual

TRAILING = Method(Around("trailing"))


def counts(series=40, months=48, level=60.0, amplitude=0.0, seed=3):
    """Poisson counts around levels that differ, with the same season."""
    rng = np.random.default_rng(seed)
    season = np.exp(amplitude * np.cos(2 * np.pi * np.arange(months) / 12))
    return rng.poisson(rng.uniform(0.5, 2, series)[:, None] * level * season).astype(float)


def test_what_varies_as_counts_do_is_seldom_outside_what_is_usual():
    answer = usual(counts())
    assert answer.enough.all()
    assert np.mean(answer.side != NONE) < 0.01
    assert np.median(np.abs(answer.score)) < 1


@pytest.mark.parametrize(("factor", "side"), [(10, ABOVE), (0.1, BELOW), (1, NONE)])
@pytest.mark.parametrize("method", [Method(), TRAILING])
def test_ten_times_or_a_tenth_of_the_usual_is_outside_it(factor, side, method):
    values = counts()
    values[5, 40] *= factor
    answer = usual(values, method=method)
    assert answer.side[5, 40] == side
    assert (answer.score[5, 40] * side > 4) if side else abs(answer.score[5, 40]) < 3


def test_a_wrong_figure_is_no_part_of_its_own_yardstick():
    values = counts()
    wrong = values.copy()
    wrong[5, 40] *= 1000
    assert usual(wrong).expected[5, 40] == pytest.approx(usual(values).expected[5, 40], rel=0.02)


@given(st.integers(0, 47), st.integers(0, 10**6))
def test_looking_back_nothing_after_a_month_changes_what_was_usual_then(month, seed):
    values = counts(series=6, seed=seed % 97)
    later = values.copy()
    later[:, month + 1 :] *= 3
    pattern = learn(values, np.zeros(6, dtype=np.intp), TRAILING)
    groups = np.zeros(6, dtype=np.intp)
    before, after = (judge(v, v, groups, pattern, TRAILING).expected for v in (values, later))
    np.testing.assert_allclose(before[:, : month + 1], after[:, : month + 1])


def test_a_rainy_season_that_comes_every_year_is_usual():
    values = counts(amplitude=0.9, level=200)
    seasonal, level = usual(values), usual(values, method=Method(cycle=1))
    assert np.mean(seasonal.side != NONE) < 0.01
    assert (seasonal.expected[:, 24] > 2 * seasonal.expected[:, 30]).all()
    wide, narrow = (np.median(np.log(each.high / each.low)) for each in (level, seasonal))
    assert wide > 2 * narrow


def test_under_two_years_there_is_no_season():
    values = counts(months=23, amplitude=0.9)
    assert not learn(values, np.zeros(len(values), dtype=np.intp), Method()).season.any()


def test_each_group_has_the_season_of_its_own():
    values = np.concatenate([counts(amplitude=0.8), counts(amplitude=-0.8, seed=4)])
    groups = np.repeat([0, 1], 40)
    season = learn(values, groups, Method()).season
    assert season[0, 0] > 0.4
    assert season[1, 0] < -0.4


def test_a_group_too_small_for_a_season_takes_that_of_all():
    values = np.concatenate([counts(amplitude=0.8), counts(series=1, amplitude=0.8, seed=4)])
    season = learn(values, np.repeat([0, 1], [40, 1]), Method()).season
    np.testing.assert_allclose(season[0], season[1], atol=0.05)


def test_a_zero_is_unusual_where_there_never_was_one_and_usual_where_every_third_is():
    values = counts(level=40)
    often = values.copy()
    often[:, ::3] = 0
    values[3, 30] = 0
    assert usual(values).side[3, 30] == BELOW
    assert not usual(values).zero[3, 30]
    answer = usual(often)
    assert answer.side[3, 30] == NONE
    assert answer.zero[3, 30]


def test_five_months_are_no_history_and_a_gap_is_no_zero():
    values = counts(months=5)
    assert not usual(values).enough.any()
    assert np.isnan(usual(values).expected).all()
    values = counts()
    values[0, 10] = np.nan
    answer = usual(values)
    assert np.isnan(answer.score[0, 10])
    assert not np.isnan(answer.expected[0, 10])
    assert answer.side[0, 10] == NONE


def test_the_band_and_the_score_say_the_same():
    rng = np.random.default_rng(11)
    values = counts(level=25) * rng.lognormal(0, 0.5, (40, 48)).round(2)
    answer = usual(values)
    seen = answer.enough & (values > 0)
    outside = (values > answer.high) | (values < answer.low)
    np.testing.assert_array_equal(outside[seen], (answer.side != NONE)[seen])
    assert outside.any()


@given(st.floats(0, 1e7), st.floats(0.03, 1.5))
def test_the_scale_can_be_taken_back(x, alpha):
    assert from_scale(to_scale(x, alpha), alpha) == pytest.approx(x, rel=1e-6, abs=1e-6)


def test_a_few_rows_are_judged_as_the_whole_country_was():
    values, groups = counts(), np.zeros(40, dtype=np.intp)
    whole = usual(values, groups)
    few = judge(values[3:5], values[3:5], groups[3:5], learn(values, groups, Method()))
    np.testing.assert_allclose(few.score, whole.score[3:5])
    np.testing.assert_allclose(few.high, whole.high[3:5])


def test_a_band_can_be_scaled_to_those_that_reported():
    answer = usual(counts())
    half = answer.scaled(np.full((40, 1), 0.5))
    np.testing.assert_allclose(half.high, answer.high / 2)
    np.testing.assert_array_equal(half.score, answer.score)


def test_from_the_width_of_the_band_on_a_figure_is_outside():
    score = np.array([[3.0, -3.0, 2.99, -2.99, 0.0, np.nan]])
    nothing = np.full(score.shape, np.nan)
    band = Usual(nothing, nothing, nothing, score > 9, score, score < 9)
    assert band.side.tolist() == [[ABOVE, BELOW, NONE, NONE, NONE, NONE]]
    assert replace(band, width=2.99).side.tolist() == [[ABOVE, BELOW, ABOVE, BELOW, NONE, NONE]]
