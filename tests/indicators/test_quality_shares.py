"""Shares of checks: what cannot be checked is in neither number, and places add up."""

import numpy as np
import pytest

from indicators.quality_shares import consistent, of_checks, yearly


@pytest.mark.parametrize("seed", range(5))
def test_a_share_of_several_places_is_that_of_all_their_checks(seed):
    luck = np.random.default_rng(seed)
    made = luck.random((6, 12)) < 0.7
    held = (luck.random((6, 12)) < 0.8) & made
    pooled = of_checks(held, made).pooled(0)
    assert (pooled.numerator == held.sum(0)).all()
    assert (pooled.denominator == made.sum(0)).all()


def test_what_could_not_be_checked_is_in_neither_number():
    rate = of_checks([True, True], [True, False])
    assert rate.numerator.tolist() == [1, 0]
    assert rate.denominator.tolist() == [1, 0]


@pytest.mark.parametrize(("factor", "held"), [(1.3, 1), (1.36, 0), (0.7, 1), (0.6, 0)])
def test_a_year_within_a_third_of_the_year_before_is_consistent(factor, held):
    history = np.concatenate([np.full(12, 100.0), np.full(12, 100.0 * factor)])
    rate = consistent(history[None])
    assert rate.denominator[0, -1] == 1
    assert rate.numerator[0, -1] == held


def test_years_with_too_few_months_or_too_small_figures_say_nothing():
    history = np.full((2, 24), 100.0)
    history[0, 3:6] = np.nan
    history[1] = 4
    assert np.isnan(yearly(history, 12)[:, -1]).all()
    assert not consistent(history).denominator.any()


@pytest.mark.parametrize(("months", "said"), [(10, 1), (9, 0)])
def test_ten_months_of_a_year_speak_for_it(months, said):
    history = np.full((1, 24), 20.0)
    history[0, months:12] = np.nan
    assert consistent(history).denominator[0, -1] == said
    assert consistent(history[:, ::-1]).denominator[0, -1] == said


@pytest.mark.parametrize(("size", "said"), [(10, 1), (9.9, 0)])
def test_ten_units_a_month_are_no_few(size, said):
    assert consistent(np.full((1, 24), float(size))).denominator[0, -1] == said


def test_two_whole_years_are_needed_however_full_they_are():
    assert consistent(np.full((1, 30), 20.0)).denominator[0].tolist() == [0] * 23 + [1] * 7


def test_a_silent_place_moves_no_other():
    history = np.full((2, 24), 50.0)
    alone = consistent(history[:1]).pooled(0)
    history[1] = np.nan
    both = consistent(history).pooled(0)
    assert (alone.denominator == both.denominator).all()
    assert (alone.numerator == both.numerator).all()
