import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.discordance import Discordance, _run, cause, discordance, overdispersion


def a_pair(series=30, months=36, seed=5, ratio=0.4):
    """Services that move as they like and consumption that follows them, both counted."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(80, 300, (series, 1)) * rng.lognormal(0, 0.15, (series, months))
    return rng.poisson(level).astype(float), rng.poisson(level * ratio).astype(float)


@pytest.mark.parametrize("mode", ["centred", "trailing"])
def test_sides_that_move_together_do_not_part(mode):
    services, consumption = a_pair()
    epidemic = services.copy(), consumption.copy()
    for side in epidemic:
        side[:, 30:33] *= 3
    for pair in ((services, consumption), epidemic):
        assert discordance(*pair, mode=mode).apart.mean() < 0.01


@pytest.mark.parametrize(("factor", "sign"), [(0.1, -1), (10, 1)])
def test_consumption_that_leaves_its_services_parts(factor, sign):
    services, consumption = a_pair()
    consumption[4, 30] *= factor
    found = discordance(services, consumption)
    assert found.apart[4, 30]
    assert np.sign(found.strength[4, 30]) == sign
    assert not found.apart[5, 30]


def test_three_months_of_a_small_fall_count_together():
    services, consumption = a_pair(ratio=1)
    consumption[:, 30:33] = np.round(consumption[:, 30:33] * 0.66)
    found = discordance(services, consumption)
    alone = np.abs(found.score[:, 32]) >= 4
    assert found.apart[:, 32].mean() > max(0.5, alone.mean())


def test_a_month_parts_from_the_bound_on_by_itself_or_as_the_end_of_a_run():
    score, run = np.array([[4, -4, 3.99, 0, 0, 0, np.nan]]), np.array([[0, 0, 0, 4, -4, 3.99, 0]])
    found = Discordance(score, run, score, score)
    assert found.apart.tolist() == [[True, True, False, True, True, False, False]]
    assert found.strength[0, :6].tolist() == [4, -4, 3.99, 4, -4, 3.99]


def test_a_typed_zero_does_not_excuse_itself():
    services, consumption = a_pair()
    consumption[4, 30] = 0
    assert discordance(services, consumption).score[4, 30] < -4


def test_five_months_say_nothing():
    services, consumption = a_pair(months=6)
    assert np.isnan(discordance(services, consumption).score[:, :6]).all()


@given(st.integers(0, 200), st.floats(0.1, 10))
def test_how_many_units_a_service_takes_does_not_matter(seed, dose):
    services, consumption = a_pair(series=8, seed=seed)
    one, other = discordance(services, consumption), discordance(services * 100, consumption * 100 * dose)
    both = np.isfinite(one.score)
    np.testing.assert_array_equal(both, np.isfinite(other.score))
    agree = np.sign(one.score[both]) == np.sign(other.score[both])
    assert agree.mean() > 0.95


@pytest.mark.parametrize(
    ("scores", "out", "found"),
    [
        ((-5, 0, -5), True, "stock_out"),
        ((5, 0, 5), True, "consumption_moved"),
        ((-5, 4, 0), False, "services_moved"),
        ((-5, 3, -3), False, "both_moved"),
        ((-5, 1, -1), False, "unclear"),
        ((-5, float("nan"), float("nan")), False, "unclear"),
    ],
)
def test_the_side_that_moved_is_named(scores, out, found):
    assert cause(*scores, out=out) == found


def test_each_series_by_itself_varies_as_it_does_without_the_others():
    rng = np.random.default_rng(5)
    served = rng.poisson(200, (6, 40)).astype(float)
    used = rng.poisson(served * rng.lognormal(0, 0.4, served.shape)).astype(float)
    used[1, 8:] = np.nan  # too few months for a group of its own
    used[2] = np.nan
    alone = np.zeros(1, dtype=np.intp)
    one_by_one = [overdispersion(served[[row]], used[[row]], alone)[0] for row in range(6)]
    assert overdispersion(served, used).tolist() == one_by_one
    assert len(set(one_by_one)) > 3


def test_of_no_pairs_there_are_no_scores():
    none = np.zeros((0, 13))
    found = discordance(none, none)
    assert found.score.shape == found.apart.shape == (0, 13)


@pytest.mark.parametrize(
    ("scores", "run"),
    [
        ((1, 1, 1), 3), ((0.99, 5, 5), 0), ((-1, -1, -1), -3), ((-0.99, -5, -5), 0), ((5, 5, 5), 15),
        ((6, 5, 9), 15), ((-6, -5, -9), -15), ((1, -1, 1), 0), ((np.nan, 5, 5), 0),
    ],
)  # fmt: skip
def test_three_scores_of_one_sign_count_together_up_to_five_each(scores, run):
    """Over the root of three; a run ends where its third month does."""
    assert _run(np.array([[0.0, *scores]])).tolist() == [[0, 0, 0, run / np.sqrt(3)]]
    assert _run(np.array([scores[:2]])).tolist() == [[0, 0]]


def test_what_one_service_used_is_not_known_where_there_was_none():
    services = np.array([[0.0, 1, 2, np.nan]])
    found = discordance(services, np.full(services.shape, 4.0))
    np.testing.assert_array_equal(found.seen, [[np.nan, 4, 2, np.nan]])
