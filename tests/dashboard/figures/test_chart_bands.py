import math

import pytest

from dashboard.figures.chart_bands import Band, grey, outlined, reach


def test_a_band_is_drawn_in_steps_as_wide_as_a_period() -> None:
    area, edge = grey(Band([10, 20], [30, 50]))
    assert area["path"] == "M-0.5,30V30H0.5V50H1.5V20H0.5V10H-0.5Z"
    assert edge["path"] == "M-0.5,10V10H0.5V20H1.5"
    assert (area["layer"], edge["layer"]) == ("below", "above")


def test_where_nothing_can_be_said_the_band_has_a_gap() -> None:
    area, _ = grey(Band([1, math.nan, None, 2], [3, math.nan, 5, 4]))
    assert area["path"].count("M") == 2
    assert "H1.5" not in area["path"]


def test_a_band_that_says_nothing_is_no_shape() -> None:
    nothing = Band([math.nan], [math.nan])
    assert grey(nothing) == outlined(nothing, "#000") == []


def test_the_axis_reaches_over_stacked_bars_lines_and_band() -> None:
    bars = [[10, None, 30], [5, 5, 10]]
    assert reach(bars, [], [Band([0, 0, 0], [10, 20, 30])]) == pytest.approx([0, 42.4])
    assert reach(bars, [[50, 0, 0]], [Band([0, 0, 0], [1, 1, 1])]) == pytest.approx([0, 53])
    assert reach(bars, [], [Band([0, 0, 0], [1, 1, 60])]) == pytest.approx([0, 63.6])


def test_a_band_far_above_the_bars_does_not_make_them_unreadable() -> None:
    assert reach([[10, 20]], [], [Band([1, 1], [20, 9000])]) == pytest.approx([0, 42.4])


def test_without_a_band_or_a_figure_plotly_chooses() -> None:
    assert reach([[10, 20]], [], []) is None
    assert reach([[None]], [], [Band([None], [None])]) is None
