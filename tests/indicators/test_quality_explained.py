"""What may explain an unusual figure: each reason where it holds, and where it only seems to."""

import pandas as pd
import pytest

from indicators.quality import explain
from tests.indicators.test_quality import KNOWN, STEADY, line, series


def reasons(alert, *parts):
    alerts = pd.DataFrame([alert], columns=["org_unit", "item", "measure", "month", "value", "expected"])
    return explain(alerts, pd.concat(parts, ignore_index=True), KNOWN)


def test_a_stock_out_excuses_a_fall_but_no_rise():
    stock = line(consumed=[*STEADY, 5], closing=[40] * 12 + [0], opening=[40] * 13)
    told = reasons(("a", "x", "consumed", 202501, 5, 100), *stock)
    assert ("stock_out", "excuses") in set(zip(told["because"], told["stance"], strict=True))
    assert "stock_out" not in set(reasons(("a", "x", "consumed", 202501, 300, 100), *stock)["because"])


@pytest.mark.parametrize(
    ("opening", "closing", "days", "excused"), [(0, 1, 0, 1), (1, 0, 0, 1), (1, 1, 1, 1), (1, 1, 0, 0)]
)
def test_out_at_either_end_or_on_one_day_is_a_stock_out_and_a_single_unit_is_none(
    opening, closing, days, excused
):
    """Of the place and product that come last among all that report."""
    stock = line(
        "y",
        "b",
        consumed=[*STEADY, 5],
        opening=[40] * 12 + [opening],
        closing=[40] * 12 + [closing],
        stockout_days=[0] * 12 + [days],
    )
    told = reasons(("b", "y", "consumed", 202501, 5, 100), *line(consumed=STEADY), *stock)
    assert (told["because"] == "stock_out").sum() == excused


def test_a_substitute_that_was_out_excuses_a_rise():
    stock = [
        *line(consumed=[*STEADY, 190], closing=[40] * 13, opening=[40] * 13),
        *line("y", consumed=[30] * 12 + [0], closing=[9] * 12 + [0]),
    ]
    told = reasons(("a", "x", "consumed", 202501, 190, 100), *stock)
    assert told.loc[told["because"] == "substitute_out", "other"].tolist() == ["y"]


def test_both_sides_rising_is_an_event_to_verify():
    parts = [
        series("s", "count", [*STEADY, 220]),
        *line(consumed=[*STEADY, 222], closing=[40] * 13, opening=[40] * 13),
    ]
    told = reasons(("a", "x", "consumed", 202501, 222, 100), *parts)
    assert told[["because", "stance", "other"]].to_numpy().tolist() == [["both_rise", "event", "s"]]


@pytest.mark.parametrize(
    ("value", "because"),
    [(1000, "times_ten"), (10, "tenth"), (3, "packs"), (3000, "units"), (200, "catch_up")],
)
def test_the_size_of_a_figure_tells_of_a_slip(value, because):
    told = reasons(("a", "x", "consumed", 202502, value, 100), *line(consumed=[*STEADY, None, value]))
    assert because in told.loc[told["stance"] == "mistake", "because"].tolist()


def because(alert, *parts):
    told = reasons(alert, *parts)
    return dict(zip(told["because"], told["value"].tolist(), strict=True))


@pytest.mark.parametrize(
    ("value", "expected", "named"),
    [
        (170, 100, True), (169, 100, False), (240, 100, True), (241, 100, False),
        (17, 10, True), (24, 10, True),
    ],
)  # fmt: skip
def test_two_months_together_are_seventeen_to_twenty_four_tenths_of_one(value, expected, named):
    stock = line(consumed=[*STEADY, None, value])
    assert ("catch_up" in because(("a", "x", "consumed", 202502, value, expected), *stock)) is named


def test_what_came_before_a_catch_up_was_left_out_or_nothing_and_no_series_begins_with_one():
    zero = because(("a", "x", "consumed", 202501, 200, 100), *line(consumed=[*STEADY[:-1], 0, 200]))
    assert zero["catch_up"] == 0
    some = because(("a", "x", "consumed", 202501, 200, 100), *line(consumed=[*STEADY[:-1], 1, 200]))
    assert "catch_up" not in some
    assert "catch_up" not in because(("a", "x", "consumed", 202401, 200, 100), *line(consumed=[200, 9, 8]))
    assert "catch_up" in because(
        ("a", "x", "consumed", 202402, 200, 100), *line(consumed=[None, 200]), BEFORE
    )


BEFORE = series("y", "consumed", [4, 4])


@pytest.mark.parametrize(
    ("value", "expected", "back"),
    [
        (12, 20, 21), (12, 19.9, None), (21, 14.9, 12), (21, 15.1, None), (912, 192, 192),
        (1201, 2100, 2101), (13, 26, 31), (13, 25.8, None), (120, 250, 210), (1320, 3100, 3120),
        (21003040, 1.2e7, 12003040), (210030400, 1.2e8, None),
    ],
)  # fmt: skip
def test_digits_changed_back_lie_within_a_fifth_where_the_figure_is_two_fifths_off(value, expected, back):
    told = because(("a", "x", "consumed", 202402, value, expected), *line(consumed=[1, value]))
    assert told.get("digit_swap") == back


@pytest.mark.parametrize(("last", "value", "copied"), [(7, 7, True), (0, 0, False), (6, 7, False)])
def test_the_figure_of_the_report_before_once_more(last, value, copied):
    told = because(("a", "x", "consumed", 202402, value, 3), *line(consumed=[last, value]))
    assert ("copied" in told) is copied
    assert not copied or told["copied"] == last


@pytest.mark.parametrize(
    ("value", "expected", "other", "named"),
    [
        (13, 10, 13, "both_rise"), (12.99, 10, 13, None), (13, 10, 12.99, None),
        (1 / 1.3, 1, 10 / 1.3, "both_fall"), (0.77, 1, 10 / 1.3, None), (1 / 1.3, 1, 7.7, None),
        (13, 10, 7, None), (7, 10, 13, None),
    ],
)  # fmt: skip
def test_three_tenths_up_or_as_much_down_on_both_sides_is_an_event(value, expected, other, named):
    parts = [series("s", "count", [10] * 6 + [other]), *line(consumed=[4] * 6 + [value])]
    told = because(("a", "x", "consumed", 202407, value, expected), *parts)
    assert {name for name in told if name.startswith("both")} == ({named} if named else set())


def test_what_is_usual_for_the_other_side_is_the_median_of_a_year_before_and_after():
    counts = [50] + [10] * 12 + [20] + [10] * 12 + [50]
    parts = [series("s", "count", counts), *line(consumed=[4] * 13 + [9] + [4] * 13)]
    assert because(("a", "x", "consumed", 202502, 9, 4), *parts)["both_rise"] == 2.0
    far = [None] * 13 + [40] + [None] * 12 + [10, 10, 10]
    parts = [series("s", "count", far), *line(consumed=[4] * 13 + [9] + [4] * 13)]
    assert because(("a", "x", "consumed", 202502, 9, 4), *parts)["both_rise"] == 4.0


def test_a_service_falls_where_a_product_of_its_pair_was_out():
    parts = [series("s", "count", [*STEADY, 20]), *line(closing=[40] * 12 + [0])]
    told = reasons(("a", "s", "count", 202501, 20, 100), *parts)
    assert told.loc[told["because"] == "stock_out", ["value", "other"]].to_numpy().tolist() == [[1.0, "x"]]
    rise = reasons(("a", "s", "count", 202501, 20, 19), *parts)
    assert "stock_out" not in set(rise["because"])
    assert "stock_out" not in set(reasons(("a", "s", "count", 202501, 20, 20), *parts)["because"])
    assert "stock_out" not in set(reasons(("a", "p", "count", 202501, 20, 100), *parts, OTHER)["because"])


OTHER = series("p", "count", [*STEADY, 20])


def test_a_figure_as_usual_is_neither_excused_by_a_stock_out_nor_by_a_substitute_s():
    stock = [
        *line(consumed=[*STEADY, 100], closing=[40] * 12 + [0]),
        *line("y", consumed=[3] * 13, closing=[9] * 12 + [0]),
    ]
    assert because(("a", "x", "consumed", 202501, 100, 100), *stock) == {}
    assert because(("a", "x", "consumed", 202501, 98, 100), *stock) == {"stock_out": 0}
    assert list(because(("a", "x", "consumed", 202501, 101, 100), *stock)) == ["substitute_out"]


def test_the_figure_of_a_quarter_is_found_by_the_month_in_which_it_begins():
    quarters = line(months=3, first=1, consumed=[90, 90, 90, 5], closing=[9, 9, 9, 0])
    assert "stock_out" in because(("a", "x", "consumed", 202411, 5, 90), *quarters)
    for month in (202410, 202412, 202501, 202502, 202310):
        assert because(("a", "x", "consumed", month, 5, 90), *quarters) == {}
