"""What random stores are told of their coming days, beside an oracle in plain Python."""

import math

import numpy as np
import pytest

from indicators.demand import DailyUse, Demand, learn
from indicators.safe_issue import advise, chance_of_more, fair_part, outlook
from tests.indicators.oracle_demand import ItemOracle, chance, least

NAN = np.nan


def a_store(seed):
    """Five items of a store: asked for steadily, in lumps, rarely, never; the last without a book."""
    luck = np.random.default_rng(seed)
    days, months = int(luck.integers(1, 150)), int(luck.integers(0, 7))
    levels = luck.choice([0.2, 1, 4, 9], (5, 6)).repeat(28, axis=1)[:, :days]
    asked = luck.poisson(levels).astype(float)
    asked[1] *= luck.choice([0, 6], days)
    asked[2] = luck.random(days) < 0.03
    asked[3] = 0
    asked[:, luck.random(days) < luck.choice([0, 0.3])] = NAN
    asked[:2, : luck.integers(0, days + 1)] = NAN
    asked[4] = NAN
    monthly = luck.choice([0, 30, 100, 140, NAN], (5, months)) * luck.choice([1, 1, 0.1], (5, 1))
    return DailyUse(asked, int(luck.integers(0, 7)), monthly)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_learnt_of_a_store_is_what_the_oracle_says(seed):
    use = a_store(seed)
    found = learn(use)
    for at, (days, months) in enumerate(zip(use.asked.tolist(), use.monthly.tolist(), strict=True)):
        said = ItemOracle(days, use.weekday, months)
        for name in ("mean", "rhythm", "scatter", "drift", "seen"):
            np.testing.assert_allclose(
                getattr(found, name)[at], getattr(said, name)(), rtol=1e-9, err_msg=name
            )
        assert found.days[at] == len(said.known)


def one(days, months=()):
    return learn(DailyUse(np.array([days], dtype=float), 0, np.array([list(months)], dtype=float)))


def test_one_pack_more_than_was_asked_for_is_spread_over_the_days_of_the_book():
    assert one([3]).mean == pytest.approx([4])  # (3 + 1) / 1
    assert one([3, 0, 2, NAN]).mean > one([3, 0, 2]).mean  # the day without a word made them older
    assert one([NAN, 3]).seen == pytest.approx([4])


def test_a_day_sixty_days_ago_counts_half():
    assert one([8, *[NAN] * 60]).seen == pytest.approx([8 / 2 + 1])
    assert one([8, *[NAN] * 60]).mean == pytest.approx([5 / 0.5])
    assert one([8, *[NAN] * 120]).seen == pytest.approx([8 / 4 + 1])


def test_earlier_months_weigh_as_much_as_twenty_days():
    two_a_day = 2 * 365.25 / 12
    assert one([NAN], [two_a_day]).mean == pytest.approx([(20 * 2 + 1) / 20])
    assert one([5], [two_a_day, NAN, two_a_day]).mean == pytest.approx([(5 + 20 * 2 + 1) / 21])


def test_where_little_is_known_a_day_varies_by_twice_its_mean_and_four_weeks_by_half():
    """By a quarter squared; and once more, since what is known is of one level only."""
    found = one([NAN])
    assert (found.scatter[0], found.drift[0]) == (pytest.approx(2), pytest.approx(0.25 * 2))


def test_two_days_of_which_one_had_all_scatter_by_hand():
    """Monday 2, Tuesday 0. The rhythm of Monday: (2/1 + 4.5) / 5.5; of Tuesday 4.5 / 5.5; of others 1."""
    found = one([2, 0])
    whole = 6.5 / 5.5 + 4.5 / 5.5 + 5
    assert found.rhythm[0] == pytest.approx([7 * 6.5 / 5.5 / whole, 7 * 4.5 / 5.5 / whole, *[7 / whole] * 5])
    monday, tuesday = 2 * 6.5 / 11, 2 * 4.5 / 11  # of the 2 packs of these weeks
    squares = (2 - monday) ** 2 / monday + tuesday
    assert found.scatter == pytest.approx([(10 * 2 + squares) / (10 + 1)])


def test_two_blocks_of_different_levels_drift_by_hand():
    """28 days of 1 and 28 of 3, always the same within a block: 56 expected, 28 and 84 came."""
    found = one([1] * 28 + [3] * 28)
    scatter = 10 * 2 / (10 + 27 + 27)
    between = 2 * (28**2 - scatter * 56) / (2 * 56**2) * 2
    weight = sum(0.5 ** (day / 60) for day in range(56))
    assert found.scatter == pytest.approx([scatter])
    assert found.drift == pytest.approx([(3 * 0.25 + between) / 4 * (1 + 28 / weight)])


def test_months_of_different_levels_drift_by_hand_from_the_third_on():
    few, some = one([NAN], [40, 80]), one([NAN], [40, 80, 120])
    between = (1600 - 2 * 80) / 80**2
    assert few.drift == pytest.approx([0.25 * (1 + 1 / 2)])
    assert some.drift == pytest.approx([(3 * 0.25 + 2 * between) / 5 * (1 + 1 / 3)])


def a_demand(seed):
    luck = np.random.default_rng(seed)
    rhythm = luck.choice([0.0, 0.5, 1, 1, 2], (6, 7))
    few = luck.choice([0.0, 0.02, 0.6, 3, 8, NAN], 6)
    scatter, drift = luck.choice([0.5, 1, 2.5, 6], 6), luck.choice([0.0, 0.1, 0.6], 6)
    return Demand(few, rhythm, scatter, drift, luck.choice([1.0, 20, 900], 6), np.full(6, 90))


@pytest.mark.parametrize("seed", range(25))
def test_what_must_stay_on_the_shelf_is_what_the_oracle_says(seed):
    demand, weekday, days = a_demand(seed), seed % 7, 1 + seed % 17
    risk = (0.05, 0.2, 0.01)[seed % 3]
    found = outlook(demand, weekday, days, risk)
    for item, mean in enumerate(demand.mean):
        use = [mean * demand.rhythm[item, (weekday + day) % 7] for day in range(days)]
        for day in range(days):
            after = sum(use[day + 1 :]) if not math.isnan(mean) else mean
            certain = demand.scatter[item] * after * (1 + after / demand.seen[item])
            spread = certain + demand.drift[item] * after**2
            reserve = after if math.isnan(mean) else least(after, spread, risk)
            said = np.array([found.expected[item, day], found.needed[item, day], found.reserve[item, day]])
            np.testing.assert_allclose(said, [use[day], after, reserve], atol=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_advice_is_what_a_storekeeper_would_work_out_day_by_day(seed):
    demand, balances = a_demand(seed), [-3, 0, 1, 4.1, 30.1, 200.1]  # no share falls on a half
    ahead = outlook(demand, 3, 12)
    for balance in balances:
        found = advise([balance] * 6, ahead)
        for item in range(6):
            said = [each[item] for each in (found.safe, found.fair, found.share, found.lasts)]
            np.testing.assert_allclose(said, worked_out(balance, ahead, item))


def worked_out(balance, ahead, item):
    use, reserve = ahead.expected[item].tolist(), ahead.reserve[item, 0]
    if math.isnan(reserve):
        return [NAN] * 4
    left = there = max(balance, 0)
    share = there / sum(use) if sum(use) else 1
    lasts = 0 if there == 0 else math.inf
    for day, packs in enumerate(use):
        left -= packs
        if left < 0:
            lasts = min(lasts, day)
    fair = min(max(round(share * use[0]), 1), there)
    return [max(there - reserve, 0), fair, min(share, 1), lasts]


def test_stock_that_is_just_enough_lasts():
    single = np.ones(1)
    ahead = outlook(Demand(2 * single, np.ones((1, 7)), single, single, single, np.array([9])), 0, 5)
    assert advise([10], ahead).lasts.tolist() == [math.inf]
    assert advise([9], ahead).lasts.tolist() == [4]


@pytest.mark.parametrize(("mean", "variance"), [(0.3, 0.3), (4.0, 2.0), (4.0, 9.0), (25.0, 300.0)])
def test_the_chance_of_more_is_what_is_left_of_the_single_chances(mean, variance):
    packs = [0, 1, 3, 40, 10_000]
    found = chance_of_more(np.full(5, mean), np.full(5, variance), packs)
    said = [1 - sum(chance(mean, variance, count) for count in range(min(each, 900) + 1)) for each in packs]
    np.testing.assert_allclose(found, said, atol=1e-7)


def test_the_fair_part_of_every_ask_is_its_share_in_whole_packs():
    cases = [
        (asked, there, share) for asked in range(8) for there in (-1, 0, 1, 3, 9) for share in (0.1, 0.4, 0.9)
    ]
    found = fair_part(*(np.array(each) for each in zip(*cases, strict=True)))
    assert found.tolist() == [min(max(round(a * s), 1), a, max(b, 0)) for a, b, s in cases]
