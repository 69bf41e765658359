import numpy as np
import pytest

from indicators.grids import Grid, Windows
from indicators.laid import lay
from indicators.periods import Calendar

CALENDAR = Calendar(201812, 201905)
HERE = np.array([4])


def reports(months=(np.nan,) * 6, windows=()):
    """A grid of one unit: its months, and (first column, length, value) of longer reports."""
    units, starts, lengths, values = (
        np.array([each[at] for each in [(4, *window) for window in windows]], dtype=kind)
        for at, kind in enumerate((np.intp, np.int32, np.int32, np.float64))
    )
    return Grid(HERE, np.array([months], dtype=float), None, Windows(units, starts, lengths, values))


def test_a_share_fills_the_months_that_have_no_report_of_their_own():
    laid = lay(reports((np.nan, 5, *[np.nan] * 4), [(0, 3, 30.0)]), HERE, CALENDAR)
    assert laid.value[0, :3].tolist() == [10, 5, 10] and np.isnan(laid.value[0, 3:]).all()
    assert laid.months.tolist() == [[3, 1, 3, 0, 0, 0]]
    assert laid.begins.tolist() == [[0, 1, 0, -1, -1, -1]]
    assert laid.known.tolist() == [[True] * 3 + [False] * 3]


def test_a_shorter_report_stands_before_a_longer_one():
    laid = lay(reports(windows=[(0, 3, 30.0), (0, 6, 600.0)]), HERE, CALENDAR)
    assert laid.value.tolist() == [[10, 10, 10, 100, 100, 100]]


def test_a_report_that_reaches_beyond_the_calendar_keeps_its_share():
    laid = lay(reports(windows=[(4, 3, 30.0)]), HERE, CALENDAR)
    assert laid.value[0, 4:].tolist() == [10, 10]
    assert laid.begins[0, 4:].tolist() == [4, 4]


def test_nobody_reports_without_a_grid_and_who_is_not_in_it_is_silent():
    for laid in (lay(None, HERE, CALENDAR), lay(reports([1.0] * 6), np.array([3]), CALENDAR)):
        assert np.isnan(laid.value).all() and not laid.known.any() and (laid.begins == -1).all()


def test_what_matches_is_of_the_very_report():
    used = lay(reports((7, *[np.nan] * 5), [(1, 3, 30.0)]), HERE, CALENDAR)
    other = lay(reports((2, 3, *[np.nan] * 4), [(1, 3, 9.0)]), HERE, CALENDAR)
    matching = used.matching(other)[0].tolist()
    assert matching[0] == 2 and np.isnan(matching[1]) and matching[2:4] == [3, 3]
    shifted = lay(reports((2, *[np.nan] * 5), [(2, 3, 9.0)]), HERE, CALENDAR)
    assert np.isnan(used.matching(shifted)[0, 1:]).all()


def test_days_of_a_month_of_a_longer_report_are_its_mean():
    laid = lay(reports((1, *[np.nan] * 5), [(1, 3, 30.0), (4, 3, 30.0)]), HERE, CALENDAR)
    days = np.array([31.0, 31, 28, 31, 30, 31])
    found = laid.over_its_report(days)[0]
    assert found[:4].tolist() == [31, 30, 30, 30]
    assert found[4] == pytest.approx(61 / 3)
