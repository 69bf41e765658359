import json
import math
from dataclasses import replace

import pytest

from dashboard.figures.chart import Chart, ChildLine, Part, Words, draw, whole
from dashboard.figures.chart_bands import Band

WORDS = Words(
    ticks={0: "Jan<br>2019", 2: "Mar"},
    bars=["a", "b", "c"],
    strip="Districts",
    separators=", ",
    totals=["1"] * 3,
)
CHART = Chart(
    side="service",
    periods=["2019-01", "2019-02", "2019-03"],
    labels=["Jan 2019", "Feb 2019", "Mar 2019"],
    parts=[Part("new", [1.0, math.nan, 3.0])],
    words=WORDS,
    targets=["x", "", "y"],
)


def test_missing_is_a_gap_and_zero_is_a_zero() -> None:
    assert whole([0.0, math.nan, 2.5, None]) == [0, None, 2.5, None]
    assert draw(CHART)["data"][0]["y"] == [1, None, 3]


def test_only_traces_of_the_small_chart_bundle_are_used() -> None:
    full = replace(
        CHART, dashes=Part("said", [1, 2, 3]), marks=["", "·", ""], children=[ChildLine("x", [1, 2, 3], "h")]
    )
    assert {trace["type"] for trace in draw(full)["data"]} == {"bar", "scatter"}
    assert {trace["mode"] for trace in draw(full)["data"] if "mode" in trace} == {
        "lines",
        "text",
        "lines+markers",
    }


def test_a_bar_knows_where_a_click_on_it_leads_and_a_line_whose_it_is() -> None:
    figure = draw(replace(CHART, children=[ChildLine("x", [1, 2, 3], "Go to X: %{y:,d} of %{customdata}")]))
    assert figure["data"][0]["customdata"] == ["x", "", "y"]
    assert figure["data"][1]["meta"] == "x"
    assert figure["layout"]["meta"] == ["2019-01", "2019-02", "2019-03"]


def test_every_period_has_its_place_on_the_axis_whatever_is_missing() -> None:
    axis = draw(CHART)["layout"]["xaxis"]
    assert axis["range"] == [-0.5, 2.5]
    assert axis["categoryarray"] == CHART.labels
    assert {trace["x0"] for trace in draw(CHART)["data"]} == {"Jan 2019"}


def test_imputed_bars_are_hollow() -> None:
    marker = draw(replace(CHART, parts=[Part("new", [1, 2, 3], [False, True, False])]))["data"][0]["marker"]
    assert marker["color"] == ["#0072B2", "rgba(0,0,0,0)", "#0072B2"]
    assert marker["line"]["width"] == [0, 1.5, 0]


def test_a_bar_that_is_imputed_in_part_is_filled_as_far_as_it_was_reported() -> None:
    figure = draw(replace(CHART, parts=[Part("new", [10, 20, None], [0.0, 0.25, 0.0])]))
    filled, hollow = figure["data"][:2]
    assert filled["y"] == [10, 15, None]
    assert hollow["y"] == [None, 5, None]
    assert isinstance(filled["marker"]["color"], str)
    assert set(hollow["marker"]["color"]) == {"rgba(0,0,0,0)"}
    assert hollow["customdata"] == filled["customdata"]


@pytest.mark.parametrize(("side", "colour"), [("service", "#0072B2"), ("commodity", "#D98200")])
def test_services_are_blue_and_commodities_orange(side: str, colour: str) -> None:
    assert draw(replace(CHART, side=side))["data"][0]["marker"]["color"] == colour


def test_names_from_other_systems_stay_text() -> None:
    hostile = "<a href='javascript:x'>x</a>"
    figure = draw(replace(CHART, parts=[Part(hostile, [1, 2, 3])], dashes=Part(hostile, [1, 2, 3])))
    assert "<a" not in json.dumps(figure)


def test_the_period_looked_at_is_marked() -> None:
    assert draw(CHART)["layout"]["shapes"] == []
    (mark,) = draw(replace(CHART, at=1))["layout"]["shapes"]
    assert (mark["x0"], mark["x1"]) == (0.5, 1.5)


def test_the_band_of_what_is_usual_lies_behind_the_bars_and_takes_no_pointer() -> None:
    figure = draw(replace(CHART, usual=Band([1, 1, 1], [2, 2, 9])))
    assert [shape["layer"] for shape in figure["layout"]["shapes"]] == ["below", "above"]
    assert len(figure["data"]) == len(draw(CHART)["data"])
    assert figure["layout"]["yaxis"]["range"][1] > 3


def test_what_is_outside_has_a_sign_above_its_bar() -> None:
    stacked = [Part("new", [1, 2, None]), Part("continuing", [4, 5, 6])]
    (signs,) = (
        trace
        for trace in draw(replace(CHART, parts=stacked, outside=["▲", "", "▼"]))["data"]
        if trace.get("mode") == "text"
    )
    assert signs["text"] == ["▲", "", "▼"]
    assert signs["y"] == [5, None, 6]


def test_a_provisional_figure_is_pale() -> None:
    marker = draw(replace(CHART, faded=[False, False, True]))["data"][0]["marker"]
    assert marker["opacity"][:2] == [1, 1]
    assert marker["opacity"][2] < 0.6
    assert "opacity" not in draw(CHART)["data"][0]["marker"]
