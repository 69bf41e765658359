"""Pictures as SVG, and the verdict on a figure."""

from xml.etree import ElementTree

import pytest

from demo.report.drawing import Chart, bars, lines
from demo.report.figures import Claim, Figure, near

SVG = "{http://www.w3.org/2000/svg}"
NAN = float("nan")


def heights(picture: str) -> list[float]:
    marks = ElementTree.fromstring(picture).iter(f"{SVG}rect")
    return [float(mark.get("height", "")) for mark in marks if mark.get("x")]


def test_bars_are_as_high_as_their_figures_and_missing_ones_are_left_out():
    found = heights(bars(Chart("Zeros", ["a", "b", "c"], {"one": [1.0, 2.0, NAN]})))
    assert len(found) == 2
    assert found[1] == pytest.approx(2 * found[0], abs=0.2)


def test_words_are_escaped_and_read_out():
    picture = ElementTree.fromstring(bars(Chart("Stock < 1 & more", ["a"], {"x": [1.0]})))
    assert picture.get("aria-label") == "Stock < 1 & more"
    assert picture.get("role") == "img"


def test_a_line_breaks_where_a_figure_is_missing():
    picture = lines(Chart("Cases", [*"abcde"], {"x": [1.0, 2.0, NAN, 3.0, 4.0]}))
    assert len([*ElementTree.fromstring(picture).iter(f"{SVG}polyline")]) == 2


def test_shares_are_written_as_percent():
    words = [e.text for e in ElementTree.fromstring(bars(Chart("Share", ["a"], {"x": [0.4]}, True))).iter()]
    assert "40 %" in words


def test_a_figure_near_the_measured_one_is_within():
    assert near("zeros", (0.4, 0.5)).within
    assert not near("zeros", (0.2, 0.5)).sound
    assert near("silent", (0.9, 0.98)).high == 1.0


def test_an_explanation_holds_only_where_it_says():
    claim = Claim("Fewer sites.", (0.1, 0.9))
    assert not near("zeros", (0.2, 0.5), claim=claim).within
    assert near("zeros", (0.2, 0.5), claim=claim).sound
    assert not near("zeros", (0.05, 0.5), claim=claim).sound


def test_a_figure_without_an_explanation_must_be_within():
    assert not Figure("alpha", 0.6, 0.3, 0.2, 0.4, percent=False, source="").sound
