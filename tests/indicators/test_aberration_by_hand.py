"""Parts of the scores worked out by hand: on either side of each bound, with figures one can check."""

from dataclasses import replace
from math import e, log, sinh, sqrt

import numpy as np
import pytest

from indicators.aberration import EXPLANATIONS, _explained
from indicators.aberration_district import Areas, Others
from indicators.aberration_item import Item, Partner
from indicators.aberration_judging import ItemScores
from indicators.aberration_level import History, Level, chance_of_zero, to_scale
from indicators.aberration_mistakes import DOUBLED, Beside, odds, same_elsewhere, together
from indicators.aberration_right import Balance, Habits, Right, Suspects, Tail, student


def history(rows, trailing=False, out=None):
    values = np.array(rows, dtype=np.float32)
    known = ~np.isnan(values)
    out = np.zeros(values.shape, dtype=bool) if out is None else np.array(out)
    return History(np.nan_to_num(values), known, known & ~out, np.zeros(len(rows), dtype=int), 0, trailing)


def test_the_scale_of_counts_is_twice_the_inverse_hyperbolic_sine_over_the_root_of_overdispersion():
    alpha = np.float32(0.25)
    values = np.array([sinh(y) ** 2 / 0.25 - 0.375 for y in (1, 2, 3)])
    assert to_scale(values, alpha) == pytest.approx([4, 8, 12])


def test_a_count_of_ten_with_overdispersion_one_half_is_zero_once_in_thirty_six():
    assert chance_of_zero(np.array([10.0]), np.float32(0.5)) == pytest.approx([1 / 36])


def test_months_count_less_the_farther_they_are_and_never_for_themselves():
    both, before = history(np.ones((1, 20))).kernel, history(np.ones((1, 20)), trailing=True).kernel
    assert both[[0, 9, 18, 9], [9, 0, 9, 9]] == pytest.approx([0.9 / e + 0.1] * 3 + [0])
    assert both[0, 1] == pytest.approx(0.9 * e ** (-1 / 9) + 0.1)
    assert before[[0, 9, 9], [9, 0, 9]] == pytest.approx([0.9 / e + 0.1, 0, 0])


def others(shown, expected, alpha=0.1):
    """What two places show the first of them."""
    values, expected = (np.array([[10.0], [each]], dtype=np.float32) for each in (shown, expected))
    return Others.of(values, expected, Areas(np.zeros(2, dtype=int), 1), np.float32(alpha))


def test_a_neighbour_that_doubles_draws_the_district_up_as_far_as_its_noise_lets_it():
    found = others(20, 10)
    assert found.weight[0, 0] == pytest.approx(10 / (1 + 0.1 * 10))
    assert found.raw[0, 0] == pytest.approx(log((2 * 5 + 0.5) / (5 + 0.5)))
    assert found.surge(0.2)[0, 0] == pytest.approx(found.raw[0, 0] / 2)


@pytest.mark.parametrize(("shown", "times"), [(0, 0.2), (1, 0.2), (3, 0.3), (49, 4.9), (51, 5), (9000, 5)])
def test_a_neighbour_counts_as_a_fifth_of_what_was_expected_at_least_and_five_times_at_most(shown, times):
    assert others(shown, 10).raw[0, 0] == pytest.approx(log((times * 5 + 0.5) / 5.5))


@pytest.mark.parametrize(("expected", "moved"), [(0.5, False), (0.52, True)])
def test_a_neighbour_of_which_half_a_case_is_expected_says_nothing_of_a_district(expected, moved):
    assert (others(3, expected, 0.0).surge(1)[0, 0] != 0) == moved


def test_districts_move_by_what_lies_beyond_the_noise_of_more_than_one_case():
    weight = np.array([[1.0, 1.1, 4.0]])
    assert Others(np.array([[9.0, 0.0, 1.0]]), weight).moves() == 1e-4
    assert Others(np.array([[9.0, 1.0, 1.0]]), weight).moves() == pytest.approx((1 - 1 / 1.1 + 1 - 1 / 4) / 2)
    assert Others(np.array([[0.0, 3.0, 3.0]]), weight).moves() == 1


HABITS = Habits(
    0.0, Tail(5, 1), Tail(5, 1), 0.0, log(2), log(1.5), log(0.8),
    Balance(log(0.8), log(0.1), log(0.1)), Balance(log(0.7), log(0.2), log(0.1)), 0.05, 0.1,
)  # fmt: skip


def suspect(value, expected=100.0, lost=None):
    """One figure of a series one spread wide, overdispersion 0.04, nothing once in a hundred."""
    alpha, one = np.float32(0.04), np.ones(1)
    middle = to_scale(np.array([expected]), alpha)
    at = np.zeros(1, dtype=np.intp)
    lost = None if lost is None else np.array([lost])
    figures = np.array([value]), np.array([expected]), middle, one
    return Right(Suspects(at, at, at, *figures, alpha, middle, one, 0.01 * one, lost), HABITS)


def test_the_chance_of_a_right_figure_is_its_density_on_the_scale_of_counts_times_its_roundness():
    right = suspect(100.0)
    at_the_middle = log(0.99 * e ** student(np.zeros(1), 5)[0] / sqrt(100.375 * (1 + 0.04 * 100.375)))
    assert right.figure(np.array([100.0]))[0] == pytest.approx(at_the_middle + log(2), abs=1e-4)
    assert right.figure(np.zeros(1))[0] == pytest.approx(log(0.01))
    five, other = (right.figure(np.array([each]))[0] for each in (105.0, 104.0))
    assert five - other == pytest.approx(log(1.5 / 0.8), abs=0.08)


def test_figures_below_ten_are_not_round():
    right = suspect(9.0, expected=9.0)
    nine, ten, five = (float(right.figure(np.array([each]))[0]) for each in (9.0, 10.0, 5.0))
    density = log(0.99 * e ** student(np.zeros(1), 5)[0] / sqrt(9.375 * (1 + 0.04 * 9.375)))
    assert nine == pytest.approx(density, abs=1e-4)
    assert ten - nine == pytest.approx(log(2), abs=0.15)
    assert five < nine


def test_the_shelf_speaks_by_what_was_used_and_otherwise_by_what_was_not():
    used = suspect(100.0, lost=100.0).shelf(np.array([100.0]))
    assert used[0] == pytest.approx(log(0.8))
    assert suspect(0.0, lost=0.0).shelf(np.zeros(1))[0] == pytest.approx(log(0.7))
    assert suspect(100.0, lost=np.nan).shelf(np.array([100.0]))[0] == 0
    assert suspect(100.0).shelf(np.array([100.0]))[0] == 0


def test_nine_mistakes_of_ten_leave_the_shelf_as_it_was():
    right = suspect(1000.0, lost=100.0)
    found = right.instead(np.array([100.0])) - right.figure(np.array([100.0]))
    wrong = 0.1 * 0.1 / ((900 + 4) * 6)
    assert found[0] == pytest.approx(log(0.9 * 0.8 + wrong), abs=1e-5)


@pytest.mark.parametrize(
    ("lost", "shelf"),
    [
        (999.0, 0.1 / ((6 + 4) * 6)),
        (1000.0, 0.8 / 10),
        (1009.0, 0.8 / 10),
        (1010.0, 0.1 / ((5 + 4) * 6)),
    ],
)
def test_a_last_digit_that_was_cut_off_may_have_been_any_of_ten(lost, shelf):
    right = suspect(100.0, expected=1000.0, lost=lost)
    found = right.rounded_from(np.array([1000.0]), 10.0)[0]
    followed = np.exp(right.shelf(np.array([100.0]))[0])
    assert found == pytest.approx(log(0.9 * shelf + 0.1 * followed), abs=1e-5)


def test_a_shelf_that_lost_nothing_confirms_no_figure():
    nothing, one = (suspect(50.0, lost=each).shelf_alone()[0] for each in (0.0, 1.0))
    apart = np.exp(suspect(50.0, lost=0.0).shelf(np.array([50.0]))[0])
    more, less = 0.1 / (104 * 6), 0.1 / (104 * 6)
    assert nothing == pytest.approx(log(0.9 * (more + less) + 0.1 * apart), abs=1e-5)
    assert one != pytest.approx(nothing, abs=1e-3)
    gained = suspect(50.0, expected=80.0, lost=90.0)
    alone = 0.9 * (
        0.8 * np.exp(gained.figure(np.array([90.0]))[0]) + 0.1 * (e**-2 + 1) / (14 * 6)
    ) + 0.1 * np.exp(gained.shelf(np.array([50.0]))[0])
    assert gained.shelf_alone()[0] == pytest.approx(log(alone), abs=1e-5)


@pytest.mark.parametrize(
    ("lost_two", "confirmed"), [(200, True), (200.4, True), (200.5, False), (199, False)]
)
def test_two_months_in_one_are_confirmed_by_a_shelf_that_lost_both(lost_two, confirmed):
    right, yes, none = suspect(200.0, lost=np.nan), np.ones(1, dtype=bool), np.zeros(1)
    beside = Beside(yes, none + lost_two, none, ~yes, none, yes, (1, 1), False, 1.0)
    both = right.figure(np.array([100.0]))[0] - log(2 * HABITS.missing) + log(0.0005)
    rest = max(right.figure(np.array([100.0]))[0], log(1e-4))
    expected = both + (2 * log(0.8) - rest if confirmed else log(0.7))
    assert odds(right, beside)[DOUBLED, 0] == pytest.approx(expected, abs=1e-4)
    absent = replace(beside, previous_missing=~yes)
    assert odds(right, absent)[DOUBLED, 0] < -90
    unknown = replace(beside, lost_two=none * np.nan)
    assert odds(right, unknown)[DOUBLED, 0] == pytest.approx(both, abs=1e-4)


@pytest.mark.parametrize("figure", [7, 1023, 1024, 1025, 3_000_000])
def test_a_figure_is_sought_among_the_other_facilities_that_report_more_than_nothing_in_the_month(figure):
    values = np.array([[figure, figure], [figure, 1], [figure + 1, 2], [0, 0], [0, figure], [figure - 1, 3]])
    row, column = np.array([0, 0]), np.array([0, 1])
    assert same_elsewhere(values.astype(np.float32), row, column).tolist() == pytest.approx([1 / 3, 1 / 4])
    alone = np.array([[figure], [0]], dtype=np.float32)
    assert same_elsewhere(alone, np.array([0]), np.array([0])).tolist() == [0]


def test_odds_are_added_up_as_odds():
    assert together(np.log(np.array([[1.0, 5.0], [2.0, 7.0]]))) == pytest.approx([log(3), log(12)])


def item(rows, closing=None):
    of = history(rows)
    return Item(of, np.zeros(of.values.shape, dtype=bool), None if closing is None else np.array(closing))


def test_a_figure_above_two_repeats_the_one_before_or_the_one_before_a_missing_month():
    nan = np.nan
    same = item([[2, 2, 3, 3, nan, 3, nan, nan, 3], [5, 0, 5, 5, 6, 5, nan, 5, 5]]).same
    assert np.flatnonzero(same[0]).tolist() == [3, 5]
    assert np.flatnonzero(same[1]).tolist() == [3, 7, 8]


def test_the_shelf_loses_what_it_had_before_less_what_it_has():
    of = item([[1, 1, 1, 1]], [[90.0, 70, np.nan, 65]])
    np.testing.assert_array_equal(of.lost, [[np.nan, 20, np.nan, np.nan]])
    np.testing.assert_array_equal(of.lost_two, [[np.nan, np.nan, np.nan, 5]])


@pytest.mark.parametrize(
    ("zeros", "months", "found"),
    [
        (0, 20, 0), (1, 30, 1), (1, 25, 2), (1, 20, 2), (2, 21, 2), (2, 20, 3), (4, 21, 3), (4, 20, 4),
        (7, 21, 4), (7, 20, 5), (11, 21, 5), (11, 20, 6), (20, 20, 6), (0, 0, 0),
    ],
)  # fmt: skip
def test_months_are_classed_by_the_share_of_zeros_around_them(zeros, months, found):
    row = [9] + [0] * zeros + [5] * (months - zeros)
    at = np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.intp)
    assert item([row]).zero_class(at).tolist() == [found]


@pytest.mark.parametrize(
    ("score_of", "off", "out", "surge", "partner", "found"),
    [
        (-0.26, -1.0, True, 0, 0, "stock_out"),
        (-0.26, -0.99, True, 0, 0, "unexplained"),
        (-0.26, -1.0, False, 0, 0, "unexplained"),
        (-0.25, -1.0, True, 0.3, 2, "unexplained"),
        (-0.26, 3.0, False, 0.3, 0, "area"),
        (-0.26, 3.0, False, -0.3, 0, "area"),
        (-0.26, 3.0, False, 0.29, 0, "unexplained"),
        (-0.26, 3.0, False, 0.3, 2.0, "partner"),
        (-0.26, 3.0, False, 0, -2.0, "partner"),
        (-0.26, 3.0, False, 0, 1.99, "unexplained"),
        (-0.26, -1.0, True, 0.3, 2.0, "stock_out"),
        (np.nan, 3.0, False, 0.3, np.nan, "area"),
    ],
)
def test_what_is_no_alert_is_explained_by_an_empty_store_the_other_side_or_the_district(
    score_of, off, out, surge, partner, found
):
    one = np.ones((1, 1))
    of = replace(item([[5]]), out=np.array([[out]]), partner=Partner(partner * one, one))
    level = Level(one, off * one, surge * one)
    judged = ItemScores(score_of * one, np.zeros((1, 1), np.int8), off * one)
    assert EXPLANATIONS[_explained(judged, level, of, slice(None))[0, 0]] == found
