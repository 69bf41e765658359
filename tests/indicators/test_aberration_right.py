"""How likely a figure is if nobody erred: each part at its limits, with the numbers worked out by hand."""

from dataclasses import replace
from math import exp, log, sqrt

import numpy as np
import pytest

from indicators import aberration_right
from indicators.aberration_level import to_scale
from indicators.aberration_right import (
    NEVER,
    Balance,
    Habits,
    Right,
    Suspects,
    Tail,
    looked_up,
    roundness,
    scattering,
    student,
    tail_of,
    wandering,
)
from tests.indicators import oracle_aberration_right

USED, UNUSED = Balance(log(0.6), log(0.3), log(0.1)), Balance(log(0.9), log(0.06), log(0.04))
HABITS = Habits(0.0, Tail(5, 1), Tail(5, 1), 0.1, log(2), log(3), log(0.5), USED, UNUSED, 0.01, 0.02)
TRUE, FOLLOWED = 0.9, 0.1


def right(value, lost=None, expected=100.0, zero=0.1, habits=HABITS):
    """One figure to be judged, where a hundred are expected."""
    here, one = np.zeros(1, dtype=np.intp), np.ones(1)
    alpha = np.float32(0.05)
    shelf = None if lost is None else np.array([float(lost)])
    middle = to_scale(np.array([expected]), alpha)
    of = Suspects(here, here, here, one * value, one * expected, middle, one, alpha, middle, 2 * one,
                  one * zero, shelf)  # fmt: skip
    return Right(of, habits)


def shelf_of(balance, beyond):
    """The chance of a shelf beside what was used, so much more than it lost."""
    if abs(beyond) < 0.5:
        return exp(balance.same)
    return exp(balance.more if beyond > 0 else balance.less) / ((abs(beyond) + 4) * 6)


def test_of_the_shelf_half_a_unit_more_or_less_is_the_same():
    found = Balance.of(np.array([0.49, -0.49, 0.0, 0.5, 3, -0.5, 9, 9]))
    shares = [4 / 11, 5 / 11, 2 / 11]
    assert [found.same, found.more, found.less] == pytest.approx([log(each) for each in shares])


def test_no_way_of_the_shelf_is_rarer_than_two_in_a_thousand():
    found = Balance.of(np.full(997, 5.0))
    assert [found.same, found.more, found.less] == pytest.approx([log(0.002), log(0.998), log(0.002)])
    assert Balance.of(np.zeros(0)).same == pytest.approx(log(1 / 3))


@pytest.mark.parametrize("beyond", [0, 0.49, -0.49, 0.5, -0.5, 1, -1, 26, -26])
def test_what_the_shelf_gained_or_lost_besides_is_spread_over_six_e_folds(beyond):
    assert USED.log(np.array([float(beyond)])).item() == pytest.approx(log(shelf_of(USED, beyond)))


@pytest.mark.parametrize(
    ("value", "ends"),
    [(9, 1), (10, 2), (11, 0.5), (15, 3), (20, 2), (25, 3), (14.6, 3), (9.9, 1), (5, 1), (1e12, 2)],
)
def test_round_figures_count_from_ten_on(value, ends):
    with np.errstate(all="ignore"):
        alike = right(value, habits=_without_ends(HABITS)).figure(np.array([float(value)])).item()
    found = right(value).figure(np.array([float(value)])).item()
    assert found - alike == pytest.approx(log(ends), abs=1e-4)


def _without_ends(habits):
    return replace(habits, tens=0.0, fives=0.0, others=0.0)


@pytest.mark.parametrize(("value", "zero"), [(0, 0.1), (0, 0.7), (-3, 0.1)])
def test_nothing_is_as_likely_as_zeros_are(value, zero):
    assert right(value, zero=zero).figure(np.array([float(value)])).item() == pytest.approx(log(zero))


@pytest.mark.parametrize("value", [1.0, 63.0, 100.0, 161.0])
def test_a_figure_is_as_likely_as_its_place_on_the_scale_of_counts(value):
    """A tenth of the time the series wanders, and is then spread twice as wide."""
    alpha, moved = 0.05, value + 0.375
    off = float(to_scale(np.array([value]), np.float32(alpha))[0] - right(1).suspects.middle[0])
    near = exp(student(np.array([off]), 5).item())
    far = exp(student(np.array([off / 2]), 5).item()) / 2
    expected = log(0.9 * (0.9 * near + 0.1 * far) / sqrt(moved * (1 + alpha * moved)))
    ends = 0 if value < 10 else log(2) if value == 100 else log(0.5)
    assert right(value).figure(np.array([value])).item() == pytest.approx(expected + ends, abs=5e-3)


@pytest.mark.parametrize(
    ("value", "lost", "balance"),
    [(30, 30, USED), (31, 30, USED), (29, 30, USED), (0, 0, UNUSED), (0, 3, UNUSED), (1, 1, USED)],
)
def test_the_shelf_beside_figures_and_beside_zeros(value, lost, balance):
    found = right(value, lost).shelf(np.array([float(value)])).item()
    assert found == pytest.approx(log(shelf_of(balance, value - lost)))


def test_a_shelf_that_is_unknown_says_nothing():
    assert right(30, np.nan).shelf(np.array([30.0])).tolist() == [0]
    for judged in (right(30), right(30, np.nan)):
        assert judged.shelf_alone().tolist() == [0]
        assert judged.rounded_from(np.array([25.0]), 10).tolist() == [0]
    assert right(30).shelf(np.array([30.0])).tolist() == [0]


def followed(judged, shelf):
    """Nine times in ten the shelf moved by itself, else it followed the mistake."""
    return log(shelf * TRUE + exp(judged.shelf(judged.suspects.value).item()) * FOLLOWED)


@pytest.mark.parametrize(("value", "lost", "instead"), [(300, 30, 30), (300, 300, 30), (300, 35, 30)])
def test_in_the_place_of_a_figure_the_shelf_is_as_it_truly_was_or_followed(value, lost, instead):
    judged, other = right(value, lost), np.array([float(instead)])
    expected = judged.figure(other).item() + followed(judged, shelf_of(USED, instead - lost))
    assert judged.instead(other).item() == pytest.approx(expected, abs=1e-5)
    assert right(value).instead(other).item() == pytest.approx(right(value).figure(other).item())


@pytest.mark.parametrize(
    ("lost", "inside"), [(25, True), (34.9, True), (35, False), (24, False), (60, False)]
)
def test_what_a_rounded_figure_was_lies_from_its_low_end_on(lost, inside):
    judged = right(30, lost)
    if inside:
        shelf = exp(USED.same) / 10
    else:
        shelf = exp(USED.more if lost < 25 else USED.less) / ((abs(25 + 5 - lost) + 4) * 6)
    found = judged.rounded_from(np.array([25.0]), 10).item()
    assert found == pytest.approx(followed(judged, shelf), abs=1e-5)


@pytest.mark.parametrize("lost", [0, -3, 1, 0.5, 40, 99, 100, 160])
def test_whatever_the_true_figure_was_the_shelf_moved_by_it_or_by_more_or_less(lost):
    judged = right(1000, lost)
    same = 0.0
    if lost > 0:
        same = exp(USED.same + judged.figure(np.array([max(lost, 1.0)])).item())
    wide = (abs(100 - lost) + 4) * 6
    more = exp(USED.more) / wide * (exp(-2) if lost >= 100 else 1)
    expected = followed(judged, same + more + exp(USED.less) / wide)
    assert judged.shelf_alone().item() == pytest.approx(expected, abs=1e-5)
    assert exp(NEVER) < 1e-40


def test_a_density_is_looked_up_by_hundredths_and_ends_at_forty():
    grid = np.arange(8001.0)
    asked = np.array([-41.0, -40, -39.99, 0, 0.004, 0.006, 39.99, 40, 99])
    assert looked_up(grid, asked).tolist() == [0, 0, 1, 4000, 4000, 4001, 7999, 8000, 8000]


def test_thirty_figures_have_a_tail():
    narrow = np.linspace(-0.1, 0.1, 30)
    assert tail_of(narrow[:29]) == Tail() == Tail(20.0, 1.0)
    assert tail_of(narrow) == Tail(50.0, 0.6)
    assert tail_of(np.append(narrow[:29], 5.1)) == Tail()
    assert tail_of(np.append(narrow[:29], 5.0)) != Tail()
    assert tail_of(np.repeat([0.1, 4.9], 30)).freedom == 2.5


@pytest.mark.parametrize("freedom", [2.5, 3, 4, 5, 7, 10, 20, 50])
def test_the_tail_that_distances_fit_best_is_the_one_that_they_scatter_as_where_few_lie_beyond_five(freedom):
    middles = np.arange(100) / 20 + 0.025
    for width in (0.6, 0.8, 1):
        dense = np.exp(student(middles / width, freedom)) / width
        off = np.repeat(middles, (2e3 * dense).round().astype(int))
        found = tail_of(off)
        assert (found.freedom, found.width) == oracle_aberration_right.tail_of(off.tolist())
        assert found == Tail(freedom, width) or freedom < 10


def test_a_tail_that_is_wider_is_lower():
    off = np.array([0.0, 1.0])
    assert Tail(5, 2).log(off).tolist() == pytest.approx((student(off / 2, 5) - log(2)).tolist())


@pytest.mark.parametrize(
    ("values", "tens", "fives", "others"),
    [
        ([], 3 / 30, 3 / 30, 24 / 30), ([9, 5, 0], 3 / 30, 3 / 30, 24 / 30), ([10], 4 / 31, 3 / 31, 24 / 31),
        ([15, 25], 3 / 32, 5 / 32, 24 / 32), ([11, 12, 13], 3 / 33, 3 / 33, 27 / 33),
        ([10] * 970, 0.9, 3 / 1000, 24 / 1000), ([15] * 970, 3 / 1000, 0.9, 24 / 1000),
        ([10] * 9970, 0.9, 3 / 10000, 0.02),
    ],
)  # fmt: skip
def test_how_round_figures_are(values, tens, fives, others):
    expected = [log(tens / 0.1), log(fives / 0.1), log(others / 0.8)]
    assert roundness(np.array(values, dtype=float)) == pytest.approx(expected)


def test_how_often_a_series_wanders():
    assert wandering(np.zeros(0), np.zeros(0)) == 0.1
    assert wandering(np.ones(9), np.zeros(9)) == 0.001
    assert wandering(np.full(9, 1e-9), np.ones(9)) == 0.6
    assert wandering(np.ones(9), np.ones(9)) == pytest.approx(0.1)
    share = 0.1
    for _ in range(8):
        share = (2 * share / (2 * share + (1 - share)) + 0.5 * share / (0.5 * share + (1 - share))) / 2
    assert wandering(np.ones(2), np.array([2, 0.5])) == pytest.approx(share)


class Off:
    """How far figures lie off, as a level has it."""

    def __init__(self, off):
        self.off = np.array(off, dtype=float)


def test_figures_scatter_around_their_median_each_side_by_itself(monkeypatch):
    assert scattering(Off([]), np.zeros(0, dtype=bool)) == (0.0, Tail(), Tail())
    off = np.concatenate([np.linspace(-4, -3, 40), [1.0], np.linspace(1.1, 1.2, 40)])
    middle, low, high = scattering(Off(off), np.ones(81, dtype=bool))
    assert middle == 1.0
    assert low == tail_of(off[:40] - 1) and high == tail_of(off[40:] - 1)
    assert low != high
    assert scattering(Off([*off, 99.0]), np.arange(82) < 81) == (middle, low, high)
    monkeypatch.setattr(aberration_right, "_SAMPLE", 10)
    some = off[::4]
    assert scattering(Off(off), np.ones(81, dtype=bool))[0] == np.median(some)
