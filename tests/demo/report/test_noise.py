"""How much figures vary: known answers, and what was published of Côte d'Ivoire."""

import numpy as np
import pytest

from demo.report import country, noise

LUCK = np.random.default_rng(7)


@pytest.fixture(scope="module")
def civ() -> country.Reported:
    return country.civ()


def negative_binomial(mean: np.ndarray, alpha: float) -> np.ndarray:
    return LUCK.poisson(mean * LUCK.gamma(1 / alpha, alpha, mean.shape)).astype(float)


@pytest.mark.parametrize("alpha", [0.1, 0.3])
def test_the_alpha_of_negative_binomial_counts_is_found_again(alpha):
    counts = negative_binomial(np.full((200, 60), 60.0), alpha)
    assert noise.variation(counts, ["north"] * 200).alpha == pytest.approx(alpha, rel=0.25)


def test_a_season_that_a_region_shares_is_no_noise():
    season = 100 * np.exp(np.cos(2 * np.pi * np.arange(60) / 12))
    opposite = 100 * np.exp(-np.cos(2 * np.pi * np.arange(60) / 12))
    counts = negative_binomial(np.stack([season] * 60 + [opposite] * 60), 0.05)
    regions = ["north"] * 60 + ["south"] * 60
    assert noise.variation(counts, regions).alpha < 0.1
    assert noise.variation(counts, ["all"] * 120).alpha > 0.3


def test_the_level_of_a_month_leaves_the_month_itself_out():
    logs = np.zeros((1, 13))
    logs[0, 6] = 5.0
    assert noise.local_level(logs)[0, 6] == 0.0


def test_a_level_needs_six_figures():
    logs = np.full((1, 13), np.nan)
    logs[0, :6] = 1.0
    level = noise.local_level(logs)
    assert np.isnan(level[0, :6]).all()
    assert (level[0, 6:] == 1.0).all()


def test_round_figures_are_counted_by_size():
    assert noise.shares_of_tens(np.array([10, 11, 20, 49, 50, 51, 200, np.nan])) == [0.5, 0.5, 1.0]
    digits = noise.last_digits(np.array([10.0, 20, 25, 31, 40, np.nan]))
    assert digits[0] == digits[5] * 2 == 0.5


def test_a_figure_repeats_when_it_equals_the_month_before():
    assert noise.repeated(np.array([[20.0, 20, 30, 30, 31, np.nan, 31]])) == 0.5


def test_the_ivorian_figures_are_round_as_published(civ):
    used = civ.logistics["consumed"]
    assert noise.shares_of_tens(used) == pytest.approx([0.25, 0.35, 0.39], abs=0.006)
    digits = noise.last_digits(used)
    assert (digits[0], digits[5]) == pytest.approx((0.28, 0.13), abs=0.005)


@pytest.mark.parametrize(
    ("pair", "ratio", "spread", "without"),
    [
        ("three-month injectable", 0.10, 0.40, 0.08),
        ("pill", 0.37, 0.46, 0.08),
        ("implant", 0.115, 0.53, 0.10),
    ],
)
def test_ivorian_consumption_beside_services_is_as_measured_before(civ, pair, ratio, spread, without):
    found = noise.beside(civ, next(each for each in civ.pairs if each.name == pair))
    assert found.ratio == pytest.approx(ratio, abs=0.01)
    assert found.spread == pytest.approx(spread, abs=0.02)
    assert found.without == pytest.approx(without, abs=0.01)


def test_few_sites_are_one_or_two_of_a_district(civ):
    few = civ.few_sites()
    districts = [civ.district[site] for site in few]
    assert {districts.count(district) for district in districts} == {1, 2}
    assert set(districts) == {civ.district[site] for site in civ.logistics.places}
