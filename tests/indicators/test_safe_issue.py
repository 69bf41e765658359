"""How much can go out today: the definition, its edges, and whether stores that follow it last."""

from math import exp, factorial

import numpy as np
import pytest

from bench import safe_issue as bench
from bench.stores_asked import simulated
from indicators.demand import DailyUse, Demand, learn
from indicators.safe_issue import advise, chance_of_more, fair_part, outlook


def steady(mean, scatter=1.0, drift=0.0, seen=1e12):
    """An item whose demand is known: the same every day."""
    one = np.array([1.0])
    return Demand(one * mean, np.ones((1, 7)), one * scatter, one * drift, one * seen, np.array([365]))


def poisson(mean, up_to):
    return sum(exp(-mean) * mean**k / factorial(k) for k in range(up_to + 1))


@pytest.mark.parametrize("mean", [0.1, 0.5, 2, 7.5])
@pytest.mark.parametrize("days", [2, 5, 14])
def test_the_reserve_is_the_least_count_that_leaves_five_in_a_hundred(mean, days):
    reserve = int(outlook(steady(mean), 0, days).reserve[0, 0])
    left = mean * (days - 1)
    assert 1 - poisson(left, reserve) <= 0.05
    assert reserve == 0 or 1 - poisson(left, reserve - 1) > 0.05


def test_the_chance_of_more_is_that_of_a_negative_binomial():
    luck = np.random.default_rng(1)
    mean, variance = 8.0, 30.0
    draws = luck.negative_binomial(mean**2 / (variance - mean), mean / variance, 400_000)
    for packs in (0, 5, 12, 25):
        found = chance_of_more(np.array([mean]), np.array([variance]), [packs])[0]
        assert found == pytest.approx((draws > packs).mean(), abs=0.003)


def test_on_the_last_day_all_of_it_can_go_out():
    assert advise([9], outlook(steady(3.0), 0, 1)).safe.tolist() == [9]


def test_each_day_nearer_to_the_delivery_needs_less():
    reserve = outlook(steady(2.0, scatter=3.0, drift=0.1), 2, 30).reserve[0]
    assert (np.diff(reserve) <= 0).all() and reserve[-1] == 0


def test_a_day_of_the_outlook_is_what_that_day_itself_would_say():
    """A device without a network reads tomorrow's reserve from today's answer."""
    days = np.random.default_rng(3).poisson(1.2, (3, 120)).astype(float)
    demand = learn(DailyUse(days, 0, np.empty((3, 0))))
    today, tomorrow = outlook(demand, 4, 20), outlook(demand, 5, 19)
    assert (today.reserve[:, 1:] == tomorrow.reserve).all()
    assert today.needed[:, 1:] == pytest.approx(tomorrow.needed)


@pytest.mark.parametrize("worse", [{"scatter": 4.0}, {"drift": 0.3}, {"seen": 5.0}])
def test_whatever_is_less_certain_needs_a_greater_reserve(worse):
    known, unknown = outlook(steady(1.0), 0, 15), outlook(steady(1.0, **worse), 0, 15)
    assert unknown.reserve[0, 0] > known.reserve[0, 0]


def test_where_even_nothing_is_too_much_the_fair_share_goes_out_and_the_day_it_ends_is_said():
    found = advise([10], outlook(steady(2.0), 0, 10))
    assert found.safe.tolist() == [0]
    assert found.fair.tolist() == [1]
    assert found.share.tolist() == [0.5]
    assert found.lasts.tolist() == [5]


def test_an_empty_or_overdrawn_shelf_gives_nothing():
    for balance in (0, -4):
        found = advise([balance], outlook(steady(2.0), 0, 10))
        assert (found.safe[0], found.fair[0], found.lasts[0]) == (0, 0, 0)


def test_what_is_not_known_is_not_advised():
    unknown = learn(DailyUse(np.full((1, 3), np.nan), 0, np.empty((1, 0))))
    found = advise([50], outlook(unknown, 0, 14))
    assert np.isnan(found.safe[0]) and np.isnan(found.fair[0])


def test_half_a_year_without_an_ask_lets_more_go_out_than_a_week_without_one():
    never = {days: learn(DailyUse(np.zeros((1, days)), 0, np.empty((1, 0)))) for days in (180, 7)}
    safe = {days: advise([8], outlook(found, 0, 14)).safe[0] for days, found in never.items()}
    assert safe[180] >= 7 > safe[7]


def test_the_fair_part_is_never_more_than_asked_nor_a_bare_nothing():
    asked, there = np.arange(0, 30), np.full(30, 12)
    part = fair_part(asked, there, 0.2)
    assert (part <= asked).all() and (part <= 12).all()
    assert (part[1:] >= 1).all() and part[0] == 0


@pytest.mark.parametrize(("days", "risk"), [(0, 0.05), (3, 0), (3, 1)])
def test_no_day_and_no_chance_are_refused(days, risk):
    with pytest.raises(ValueError, match=r"one day at least"):
        outlook(steady(1.0), 0, days, risk)


def test_stores_that_give_all_they_are_advised_run_out_about_five_times_in_a_hundred():
    luck = np.random.default_rng(2026)
    stores = bench.put_on(simulated(600, bench.YEAR + bench.BOOK + bench.COMING, luck), luck)
    days = 14
    ahead = outlook(stores.learnt(), stores.today, days)
    out = (stores.coming[:, 1:days].sum(axis=1) > ahead.reserve[:, 0]).mean()
    assert 0.02 < out < 0.08
