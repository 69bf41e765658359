"""Slips at their very limits: a figure beside what is usual for it, told for what it might have been."""

import numpy as np
import pandas as pd
import pytest

from indicators.quality_slips import (
    Judged,
    catch_up,
    near,
    pack_unit,
    packs_of,
    slip_findings,
    swap,
    swapped,
    times_ten,
)
from tests.indicators.test_quality import STEADY, found, line


def one(value, expected, score=9.0, pack=0.0):
    """One figure beside what is usual."""
    return Judged(
        *(np.array([[float(each)]]) for each in (value, expected, score)), np.array([[float(pack)]])
    )


@pytest.mark.parametrize(
    ("ratio", "factor", "fits"),
    [
        (11.499, 10, True), (11.501, 10, False), (8.696, 10, True), (8.695, 10, False), (0.0870, 10, True),
        (0.0869, 10, False), (2.0, 2, True), (1.9, 1.9, False), (30.0, 30, True), (1.0, 0, False),
        (0.0, 10, False), (2.9, 3, True), (np.nan, 10, False),
    ],
)  # fmt: skip
def test_a_ratio_is_near_a_factor_within_fifteen_in_a_hundred_either_way(ratio, factor, fits):
    assert near(np.array([ratio]), factor).tolist() == [fits]


def test_factors_differ_from_item_to_item_and_an_unknown_one_is_near_nothing():
    assert near(np.array([12.0, 12.0, 12.0]), np.array([12.0, np.nan, 0.0])).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("value", "expected", "score", "fits"),
    [
        (1000, 100, 4.0, True), (1000, 100, 3.999, False), (2, 20, -4.0, True), (2, 20, -3.999, False),
        (1.9, 19.9, -9, False), (190, 19, 9, True), (0, 100, -9, False), (500, 100, 9, False),
        (1000, 0, 9, False), (-10, 100, -9, False),
    ],
)  # fmt: skip
def test_ten_times_too_much_or_a_tenth_of_twenty_and_more(value, expected, score, fits):
    assert times_ten(one(value, expected, score)).item() is fits


@pytest.mark.parametrize(
    ("value", "expected", "score", "pack", "fits"),
    [
        (3000, 100, 4.0, 30, True), (3000, 100, 3.999, 30, False), (3, 90, -4.0, 30, True),
        (3, 90, -3.999, 30, False), (1, 30, -9, 30, True), (0.99, 30, -9, 30, False), (200, 100, 9, 2, True),
        (120, 100, 9, 1, False), (3000, 100, 9, 0, False), (0.9, 0.03, 9, 30, True), (0.95, 0.5, 9, 2, True),
    ],
)  # fmt: skip
def test_packs_for_units_or_units_for_packs(value, expected, score, pack, fits):
    assert pack_unit(one(value, expected, score, pack)).item() is fits


@pytest.mark.parametrize(
    ("value", "expected", "score", "back"),
    [
        (912, 192, 3.0, 192), (912, 192, 2.999, None), (21, 12, 3, 12), (91, 19, 9, 19), (19, 91, -3.0, 91),
        (51, 12.5, 9, 15), (51, 12.49, 9, None), (13, 31, -9, 31), (61, 16, 9, 16), (140, 100, 9, None),
        (53, 35, 9, 35), (53, 38, 9, None), (12, 8.5, 9, None), (91, 9.9, 9, None), (91, 10, 9, None),
        (1920000, 9120000, -9, 9120000), (51.5, 15, 9, None), (33, 20, 9, None),
        (21003040, 1.2e7, 9, 12003040), (210030400, 1.2e8, 9, None),
    ],
)  # fmt: skip
def test_two_digits_that_changed_places(value, expected, score, back):
    flags, turned = swap(one(value, expected, score))
    assert (turned.item() if flags.item() else None) == back


def test_digits_changed_back_must_lie_within_a_fifth_of_what_is_ten_or_more():
    assert swap(one(21, 10, 9))[0].item()
    assert not swap(one(21, 9.99, 9))[0].item()
    assert swap(one(210, 100, 9))[0].item()  # 120
    assert not swap(one(210, 99.9, 9))[0].item()
    assert swap(one(41, 17.5, 9))[0].item()  # 14
    assert not swap(one(41, 17.51, 9))[0].item()


def test_a_figure_must_be_off_by_four_in_ten_to_be_asked_for_its_digits():
    assert swap(one(21, 14.99, 9))[0].item()  # 12
    assert not swap(one(21, 15.01, 9))[0].item()
    assert swap(one(12, 20, -9))[0].item()  # 21, and 12 is 0.6 of 20
    assert not swap(one(12, 19.99, -9))[0].item()


def test_of_two_ways_to_change_digits_back_the_nearest_is_told():
    assert swap(one(210, 112, 9))[1].item() == 120
    assert swap(one(1320, 3100, -9))[1].item() == 3120
    assert swap(one(2133, 1200, 9))[1].item() == 1233


@pytest.mark.parametrize(
    ("value", "place", "turned"),
    [
        (12, 0, 21), (120, 1, 210), (120, 0, 102), (10, 0, 1), (9, 0, np.nan), (100, 0, np.nan),
        (1205, 2, 2105), (12.5, 0, np.nan), (0, 0, np.nan), (77, 0, np.nan), (99, 1, np.nan),
    ],
)  # fmt: skip
def test_neighbouring_digits_are_exchanged(value, place, turned):
    np.testing.assert_array_equal(swapped(np.array([float(value)]), place), [turned])


def told(values, score=9.0, expected=100.0):
    row = np.array([[np.nan if each is None else float(each) for each in values]])
    return Judged(row, np.full(row.shape, expected), np.full(row.shape, float(score)), np.zeros((1, 1)))


@pytest.mark.parametrize(
    ("value", "score", "fits"),
    [(170, 1.5, True), (169, 1.5, False), (240, 1.5, True), (241, 9, False), (200, 1.499, False)],
)
def test_what_two_months_use_lies_between_seventeen_and_twenty_four_tenths(value, score, fits):
    assert catch_up(told([90, None, value], score))[0].tolist() == [False, False, fits]


def test_a_catch_up_follows_a_report_that_was_left_out_or_said_nothing_and_never_begins_a_series():
    assert catch_up(told([90] * 9 + [0, 200]))[0, -1]
    assert not catch_up(told([90] * 9 + [1, 200]))[0, -1]
    assert not catch_up(told([None, 200, 90])).any()
    assert not catch_up(told([200, 90, 90])).any()
    assert catch_up(told([90, None, None, 200]))[0].tolist() == [False, False, False, True]


@pytest.mark.parametrize(("before", "fits"), [(8, True), (7, False)])
def test_where_more_than_one_in_ten_says_nothing_nothing_is_made_up_for(before, fits):
    assert catch_up(told([90] * before + [0, 200]))[0, -1] == fits


def test_the_first_that_fits_is_told_packs_before_tens():
    """Ten units in a pack: both would fit, and one is told."""
    frame = pd.concat(line("x", consumed=[*STEADY, 1001]), ignore_index=True)
    from indicators.quality_book import books

    [book] = books(frame)
    rows = slip_findings(book, np.array([10.0]))
    assert rows[["rule", "value", "second"]].to_numpy().tolist() == [["pack_unit", 1001.0, 10.0]]
    rows = slip_findings(book, np.array([0.0]))
    assert rows[["rule", "value", "second"]].to_numpy().tolist() == [["times_ten", 1001.0, 10.0]]


def test_a_slip_is_told_with_what_is_usual():
    rows = found(*line(consumed=[*STEADY, 1001]))
    [expected] = rows.loc[rows["rule"] == "times_ten", "expected"]
    assert round(expected) == 99


def test_packs_that_are_not_known_are_none():
    items = pd.DataFrame({"id": ["a", "b", "c"], "pack_size": [30, None, "twelve"]})
    assert packs_of(("c", "b", "a", "z"), items).tolist() == [0, 0, 30, 0]
    assert packs_of(("a", "b"), items[["id"]]).tolist() == [0, 0]
