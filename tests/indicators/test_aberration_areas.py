"""What areas told: the sums of their regular reporters, brought to the whole set where some are silent."""

import numpy as np
import pytest

from indicators.aberration_areas import together

NAN = np.nan


def told(values, stocked=None, areas=((0, None),)):
    """Of places' months, the areas that run from one place to another."""
    values = np.array(values, dtype=float)
    stocked = np.ones(values.shape, dtype=bool) if stocked is None else np.array(stocked, dtype=bool)
    begins = np.array([first for first, _ in areas])
    ends = np.array([len(values) if last is None else last for _, last in areas])
    return together(values, stocked, begins, ends)


def test_areas_add_up_the_places_between_their_first_and_their_last():
    found = told([[10.0] * 14, [20.0] * 14, [40.0] * 14], areas=((0, 2), (2, 3), (0, 3), (1, 1)))
    assert found.value.tolist() == [[30] * 14, [40] * 14, [70] * 14, [0] * 14]
    assert found.members.tolist() == [2, 1, 3, 0]
    assert found.reported.tolist() == [[2] * 14, [1] * 14, [3] * 14, [0] * 14]
    np.testing.assert_allclose(found.share, [[1] * 14, [1] * 14, [1] * 14, [0] * 14])
    np.testing.assert_allclose(found.history[:3], found.value[:3])
    assert np.isnan(found.history[3]).all()
    assert found.counted.all()


@pytest.mark.parametrize(("silent", "members"), [(2, 2), (3, 1)])
def test_ten_of_the_last_twelve_months_make_a_regular_reporter(silent, members):
    values = np.full((2, 20), 8.0)
    values[1, 9 : 9 + silent] = NAN
    found = told(values)
    assert found.members.tolist() == [members]
    assert found.value[0, 0] == 8 * members
    assert found.counted[1].sum() == (20 - silent if members == 2 else 0)


@pytest.mark.parametrize(("silent", "history"), [(1, 30.0), (2, NAN)])
def test_a_month_says_something_where_half_of_the_set_reported(silent, history):
    """Three places of ten: of one silent two thirds are there, of two a third."""
    values = np.full((3, 12), 10.0)
    values[:silent, -1] = NAN
    found = told(values)
    assert found.value[0, -1] == 10.0 * (3 - silent)
    assert found.reported[0, -1] == 3 - silent
    np.testing.assert_allclose(found.share[0, -1], (3 - silent) / 3)
    np.testing.assert_allclose(found.history[0, -1], history)


def test_just_half_of_the_set_is_enough():
    values = np.full((2, 12), 16.0)
    values[1, -1] = NAN
    found = told(values)
    assert found.share[0, -1] == 0.5
    assert found.history[0, -1] == 32


def test_a_month_without_anything_to_give_out_is_not_counted_and_no_yardstick():
    values = np.full((2, 12), 10.0)
    values[0, -1] = 0
    stocked = np.ones((2, 12), dtype=bool)
    stocked[0, -1] = False
    found = told(values, stocked)
    assert found.value[0, -1] == 10 and found.reported[0, -1] == 1
    assert found.history[0, -1] == 20
    assert found.counted[:, -1].tolist() == [False, True]
    there = told(values)
    assert there.value[0, -1] == 10 and there.reported[0, -1] == 2
    assert there.history[0, -1] == 10


def test_the_larger_place_weighs_more():
    values = np.array([[90.0] * 12, [10.0] * 12])
    values[1, -1] = NAN
    found = told(values)
    np.testing.assert_allclose(found.share[0, -1], 0.9)
    np.testing.assert_allclose(found.history[0, -1], 100)


def test_where_nobody_reports_there_are_no_figures():
    found = told(np.full((2, 12), NAN))
    assert found.members.tolist() == [0]
    assert not found.value.any() and not found.share.any() and not found.reported.any()
    assert np.isnan(found.history).all()


def test_who_began_late_is_judged_by_the_months_since_anybody_reported():
    values = np.full((2, 15), NAN)
    values[0, 9:] = 6.0
    values[1, 10:] = 6.0
    found = told(values)
    assert found.members.tolist() == [2]
    values[1, 11] = NAN
    assert told(values).members.tolist() == [1]
