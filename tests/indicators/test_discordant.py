import numpy as np
import pytest

from indicators.aberration import Reported
from indicators.discordant import CAUSES, either, pair_score


def pair(seed=1, series=60, months=48):
    """Services, and what they use."""
    rng = np.random.default_rng(seed)
    served = rng.poisson(rng.uniform(60, 200, (series, 1)), (series, months)).astype(float)
    used = rng.poisson(served * rng.lognormal(0, 0.2, (series, 1)) * rng.lognormal(0, 0.15, served.shape))
    return served, used.astype(float)


def test_a_mistake_on_either_side_is_an_alert_of_the_pair():
    served, used = pair()
    served[5, 40] *= 10
    used[8, 40] = np.floor(used[8, 40] / 10)
    found = pair_score(Reported(served), Reported(used))
    assert found.alert[5, 40] and found.alert[8, 40]
    assert found.services.score[5, 40] > found.consumption.score[5, 40]
    assert found.consumption.score[8, 40] > found.services.score[8, 40]


def test_an_epidemic_that_both_sides_show_is_no_alert():
    served, used = pair()
    served[5, 40:42] *= 3
    used[5, 40:42] *= 3
    assert not pair_score(Reported(served), Reported(used)).alert[5, 40:42].any()


def test_three_months_that_part_slowly_are_a_drift():
    served, used = pair()
    used[5, 40:43] = np.round(used[5, 40:43] * 0.4)
    found = pair_score(Reported(served), Reported(used))
    assert found.drift[5, 42]
    assert not pair_score(Reported(served), Reported(used), "co_movement").drift.any()


def test_an_empty_store_explains_too_little_consumption():
    served, used = pair()
    used[5, 40] = 3
    closing = np.full(used.shape, np.nan)
    closing[5, 40] = 0
    found = pair_score(Reported(served), Reported(used, closing=closing))
    assert CAUSES[found.cause[5, 40]] == "stock_out"
    assert not found.alert[5, 40]


def test_what_is_not_to_be_compared_has_no_score():
    found = pair_score(*(Reported(each) for each in pair()), "do_not_compare")
    assert np.isnan(found.score).all() and not found.alert.any()


def test_an_unknown_class_is_named():
    with pytest.raises(ValueError, match="no class of pairs 'fixed'"):
        pair_score(*(Reported(each) for each in pair()), "fixed")


def test_the_odds_of_either_are_at_least_those_of_each():
    one, other = np.array([-3.0, 2, np.nan]), np.array([-1.0, np.nan, np.nan])
    assert (either(one, other)[:2] >= np.fmax(one, other)[:2]).all()
