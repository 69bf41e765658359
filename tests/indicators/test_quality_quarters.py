"""The review of quarterly reports: each check is counted in the last month of its quarter, place by place."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from indicators.quality import Known, Partners, findings, laid_out
from indicators.quality_review import review
from indicators.rollup import Frames, Rollup
from tests.indicators.builders import FACILITIES, units

ITEMS = pd.DataFrame(
    {"id": ["s", "x"], "kind": ["service", "commodity"], "form": ["hmis", "lmis"], "pack_size": [1.0, 1.0]}
).assign(code=["s", "x"], name=["s", "x"], source=["hmis", "lmis"])
KNOWN = Known(ITEMS, (Partners("pair", ("s",), ("x",)),))
QUARTERS = [(year, month) for year in (2017, 2018, 2019) for month in (1, 4, 7, 10)]
BOXES = ("opening", "received", "consumed", "closing")


def line(consumed, wrong=0):
    return {"opening": 400, "received": consumed, "consumed": consumed, "closing": 400 + wrong}


def reported():
    """{(facility, quarter): boxes}: one report did not come, one box is empty, one line is wrong."""
    told = {(place, at): line(300 + at % 3) for place in FACILITIES for at in range(12)}
    del told["A1", 5]
    del told["A2", 6]["received"]
    told["B1", 7] = line(301, wrong=9)
    told |= {("B2", at): line(450) for at in range(4, 8)}  # half as much again as the year before
    return told


@cache
def reviewed():
    rows = [
        (place, "x", measure, QUARTERS[at][0] * 100 + QUARTERS[at][1], 3, float(value))
        for (place, at), boxes in reported().items()
        for measure, value in boxes.items()
    ]
    rows += [
        (place, "s", "count", year * 100 + month, 1, 100.0)
        for place in (*FACILITIES, "N")
        for year in (2017, 2018, 2019)
        for month in range(1, 13)
    ]
    return review_of(rows, 3)


def review_of(rows, months):
    """The roll-up and the review of some values, products reported for so many months together."""
    frame = pd.DataFrame(rows, columns=["org_unit", "item", "measure", "month", "months", "value"])
    frame = frame.astype({"month": "int32", "months": "int16"}).assign(state="reported")
    asked = pd.DataFrame(
        [(form, place) for form in ("hmis", "lmis") for place in FACILITIES] + [("hmis", "N")],
        columns=["form", "org_unit"],
    )
    windows = pd.DataFrame(
        [("hmis", "s", 1, 1), ("lmis", "x", months, 1)], columns=["form", "item", "months", "begins"]
    )
    rollup = Rollup.build(Frames(units(), ITEMS, frame, asked, form_items=windows))
    found = findings(frame, KNOWN)
    return rollup, review(rollup, laid_out(frame, KNOWN), found, KNOWN)


def of(dimension, form="lmis"):
    """(held, made) of each facility, `{facility: [of each quarter]}`; nothing stands in other months."""
    rollup, told = reviewed()
    both = []
    for kept in (told.held, told.made):
        rows = kept[dimension, form][[rollup.position(place) for place in FACILITIES]]
        ends = np.arange(36) % 3 == 2
        assert not rows[:, ~ends].any()
        both.append(dict(zip(FACILITIES, rows[:, ends].tolist(), strict=True)))
    return both


def test_the_boxes_of_a_quarter_are_looked_for_in_reports_that_came():
    held, made = of("filled")
    assert made == {place: [4] * 12 for place in FACILITIES} | {"A1": [4] * 5 + [0] + [4] * 6}
    assert held == made | {"A2": [4] * 6 + [3] + [4] * 5}


def test_a_line_of_a_quarter_is_checked_where_all_that_takes_is_there():
    held, made = of("arithmetic")
    gone = {"A1": [1] * 5 + [0] + [1] * 6, "A2": [1] * 6 + [0] + [1] * 5}
    assert made == dict.fromkeys(FACILITIES, [1] * 12) | gone
    # The quarter after the wrong one begins with another stock than that ended with.
    assert held == made | {"B1": [1] * 7 + [0, 0] + [1] * 3}


def test_four_quarters_are_held_against_the_four_before():
    """Three of four quarters are no ten months of twelve."""
    held, made = of("consistency")
    whole = [0] * 7 + [1] * 5
    assert made == dict.fromkeys(FACILITIES, whole) | {"A1": [0] * 12}
    assert held == made | {"B2": [0] * 8 + [1, 1, 1, 0]}


def test_a_quarter_of_consumption_agrees_with_the_services_of_its_three_months():
    held, made = of("agreement")
    gone = {"A1": [1] * 5 + [0] + [1] * 6}
    assert made == dict.fromkeys(FACILITIES, [1] * 12) | gone
    assert {**held, "B2": made["B2"]} == made
    assert held["B2"][:6] == [1] * 6 and 0 in held["B2"]  # half as much again for as many services


def test_a_report_of_a_quarter_counts_in_each_of_its_months():
    rollup, told = reviewed()
    at = rollup.position("A1")
    assert told.made["completeness", "lmis"][at].tolist() == [1] * 36
    assert told.held["completeness", "lmis"][at].tolist() == [1] * 15 + [0] * 3 + [1] * 18


@pytest.mark.parametrize("dimension", ["filled", "consistency", "completeness"])
def test_services_of_every_month_are_counted_in_it(dimension):
    rollup, told = reviewed()
    made = told.made[dimension, "hmis"][[rollup.position(place) for place in FACILITIES]]
    assert made.tolist() == [[0] * 23 + [1] * 13 if dimension == "consistency" else [1] * 36] * 4


def test_what_the_nation_reports_itself_is_counted_too():
    rollup, told = reviewed()
    assert rollup.position("N") == 0
    assert told.made["filled", "hmis"][0].tolist() == [1] * 36
    assert told.made["consistency", "hmis"][0].tolist() == [0] * 23 + [1] * 13


@pytest.mark.parametrize(
    ("closing", "days", "held"), [(9, 0, 0), (0, 0, 1), (9, 1, 1), (9, None, 0), (0, None, 1), (1, 0, 0)]
)
def test_a_stock_out_explains_that_services_went_on_and_consumption_fell(closing, days, held):
    used = [98, 103, 100, 101, 97, 99, 102, 100, 104, 96, 100, 100, 5]
    boxes = {"consumed": used, "closing": [9] * 12 + [closing], "stockout_days": [0] * 12 + [days]}
    months = [*range(201801, 201813), 201901]
    rows = [
        ("A1", "x", measure, month, 1, float(value))
        for measure, values in boxes.items()
        for month, value in zip(months, values, strict=True)
        if value is not None
    ]
    rollup, told = review_of([*rows, *(("A1", "s", "count", month, 1, 100.0) for month in months)], 1)
    at = rollup.position("A1")
    assert told.made["agreement", "lmis"][at].tolist() == [1] * 13
    assert told.held["agreement", "lmis"][at].tolist() == [1] * 12 + [held]
