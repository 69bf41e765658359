"""What the days of a store's book, and the months before it, say of the days to come."""

import numpy as np
import pytest

from indicators.demand import DailyUse, learn

NO_MONTHS = np.empty((1, 0))


def of(days, weekday=0, monthly=NO_MONTHS):
    return learn(DailyUse(np.atleast_2d(np.asarray(days, dtype=float)), weekday, monthly))


def test_a_long_even_book_gives_its_mean_and_hardly_any_scatter():
    found = of([3.0] * 364)
    assert found.mean == pytest.approx([3.0], abs=0.02)
    assert found.scatter < 0.1
    assert found.drift < 0.07


def test_a_day_that_says_nothing_does_not_count_as_a_day_without_an_ask():
    half_unknown = [2.0, np.nan] * 100
    assert of(half_unknown).mean == pytest.approx([2.0], abs=0.05)
    assert of([2.0, 0.0] * 100).mean == pytest.approx([1.0], abs=0.05)


def test_the_rhythm_of_the_week_follows_the_weekday_of_the_first_day():
    weekdays_only = [5.0, 5, 5, 5, 5, 0, 0] * 30
    monday, thursday = of(weekdays_only, 0).rhythm[0], of(weekdays_only, 3).rhythm[0]
    assert monday[5] < 0.3 and monday[6] < 0.3
    assert np.roll(monday, 3) == pytest.approx(thursday)
    assert monday.mean() == pytest.approx(1)


def test_recent_weeks_count_more_than_old_ones():
    rising = [1.0] * 120 + [3.0] * 60
    assert of(rising).mean > np.mean(rising)
    assert of(rising[::-1]).mean < np.mean(rising)


def test_months_speak_where_there_is_no_book_and_give_way_to_one():
    months = np.full((1, 12), 60.875)
    without_book = of([np.nan], monthly=months)
    assert without_book.mean == pytest.approx([2.0], abs=0.06)
    assert without_book.days == 0
    assert of([6.0] * 180, monthly=months).mean > 4.5


def test_nothing_known_is_no_mean_at_all():
    found = of([np.nan] * 5, monthly=np.full((1, 3), np.nan))
    assert np.isnan(found.mean).all()


def test_packs_asked_for_in_lumps_scatter_more_than_one_by_one():
    luck = np.random.default_rng(7)
    single = luck.poisson(1.0, 280).astype(float)
    lumps = 6.0 * (luck.random(280) < 1 / 6)
    assert of(lumps).scatter > 3 * of(single).scatter


def test_months_of_different_levels_drift_more_than_equal_ones():
    luck = np.random.default_rng(8)
    levels = np.repeat([1.0, 6, 2, 5, 1, 6, 2, 5], 28)
    assert of(luck.poisson(levels)).drift > 3 * of(luck.poisson(3.5, 224)).drift


def test_little_knowledge_drifts_more_than_much():
    assert of([2.0] * 14).drift > 2 * of([2.0] * 336).drift


def test_items_do_not_touch_each_other_whatever_their_order():
    luck = np.random.default_rng(9)
    days, months = luck.poisson(2.0, (4, 90)).astype(float), luck.poisson(60.0, (4, 6)).astype(float)
    days[2, :40] = np.nan
    months[1] = np.nan
    order = [2, 0, 3, 1]
    together, shuffled = learn(DailyUse(days, 2, months)), learn(DailyUse(days[order], 2, months[order]))
    for name in ("mean", "rhythm", "scatter", "drift", "seen", "days"):
        assert getattr(shuffled, name) == pytest.approx(getattr(together, name)[order])


def test_days_before_the_book_began_change_nothing():
    days = np.random.default_rng(10).poisson(1.5, (1, 60)).astype(float)
    longer = np.concatenate([np.full((1, 28), np.nan), days], axis=1)
    one, two = learn(DailyUse(days, 0, NO_MONTHS)), learn(DailyUse(longer, 0, NO_MONTHS))
    for name in ("mean", "rhythm", "scatter", "drift", "seen", "days"):
        assert getattr(one, name) == pytest.approx(getattr(two, name))
