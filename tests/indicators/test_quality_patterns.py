"""Patterns that counting people do not make, at their very limits."""

import numpy as np
import pandas as pd
import pytest

from indicators.quality_book import books
from indicators.quality_patterns import flat_lines, heaping, runs, twin_facilities
from tests.indicators.test_quality import found, line, series


def book_of(*parts):
    [book] = books(pd.concat(parts, ignore_index=True))
    return book


@pytest.mark.parametrize(
    ("values", "since"),
    [
        ([20, 20, 20], [202401]), ([19, 19, 19], []), ([19] * 4, [202401]), ([0] * 9, []), ([-3] * 9, []),
        ([20, 20], []), ([1, 1, 1, 1], [202401]), ([5, 20, 20, 20, 5], [202402]),
        ([20, None, 20, 20], []), ([20.5] * 3, [202401]), ([0.5] * 4, [202401]),
    ],
)  # fmt: skip
def test_three_times_twenty_or_four_times_anything_is_a_flat_line(values, since):
    rows = flat_lines(book_of(series("x", "consumed", values)), "consumed")
    assert rows["since"].tolist() == since


def test_the_same_figure_is_counted_along_each_row_and_not_across_a_gap():
    told = np.array([[1.0, 1, 2, np.nan, 2], [7, 7, 7, 7, 0], [np.nan] * 5])
    assert runs(told).tolist() == [[1, 2, 1, 0, 1], [1, 2, 3, 4, 1], [0] * 5]


def twins(one, other, months=1):
    parts = [
        series(item, "consumed", [value], unit, months)
        for unit, form in (("a", one), ("b", other))
        for item, value in zip("vwxyz", form, strict=False)
        if value is not None
    ]
    book = book_of(*parts)
    rows = twin_facilities(book, np.zeros(len(book.items), dtype=np.intp))
    return rows[["org_unit", "other", "value"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("form", "alike"),
    [
        ([100, 100, 100], 3), ([99, 100, 100], 0), ([1000, 1000], 0), ([1000, 1000, 0], 0),
        ([1000, 1000, 1], 3), ([10, 10, 10, 10, 99], 0), ([10, 10, 10, 10, 100], 5), ([5, 5, 5, 5, 5], 0),
        ([1000, 1000, -4, 1], 3), ([1000, None, 1000, 3], 3),
    ],
)  # fmt: skip
def test_three_figures_of_six_digits_in_all_are_not_alike_by_chance(form, alike):
    expected = [["a", "b", alike], ["b", "a", alike]] if alike else []
    assert twins(form, form) == expected
    assert twins(form, form, months=3) == expected


def test_a_figure_below_nothing_a_blank_and_nothing_say_the_same():
    assert len(twins([1000, 1000, 7, -4], [1000, 1000, 7, None])) == 2
    assert len(twins([1000, 1000, 7, 0], [1000, 1000, 7, None])) == 2
    assert twins([1000, 1000, 7, 1], [1000, 1000, 7, None]) == []


def test_what_is_alike_in_other_boxes_is_not_alike():
    one = [series(item, "consumed", [1000], "a") for item in "xyz"]
    other = [series(item, "received", [1000], "b") for item in "xyz"]
    book = book_of(*one, *other)
    assert twin_facilities(book, np.zeros(3, dtype=np.intp)).empty
    assert twins([1000, 1001, 1002], [1001, 1000, 1002]) == []


def test_three_alike_name_the_next_and_forms_of_other_months_and_kinds_do_not_count():
    told = [1000, 2000, 3000]
    parts = [
        series(item, "consumed", [None] * late + [value], unit)
        for unit, late in (("a", 0), ("b", 1), ("c", 0), ("d", 0), ("e", 1))
        for item, value in zip("xyz", told, strict=True)
    ]
    book = book_of(*parts)
    rows = twin_facilities(book, np.zeros(3, dtype=np.intp))
    assert rows[["org_unit", "month", "other"]].to_numpy().tolist() == [
        ["a", 202401, "c"], ["b", 202402, "e"], ["c", 202401, "d"], ["d", 202401, "a"], ["e", 202402, "b"],
    ]  # fmt: skip
    assert twin_facilities(book, np.array([0, 0, 1])).empty  # neither form has three figures


def test_whose_forms_begin_in_another_month_of_the_quarter_is_named_with_its_own_month():
    parts = []
    for unit, late in (("a", 0), ("b", 1), ("c", 2)):
        for at, item in enumerate("xyzwv"):
            values = [50 + at, 50 + at, 60 + at] if unit == "b" else [1 + at, 2 + at, 3 + at]
            parts += line(item, unit, 3, late, consumed=values)
    told = found(*parts).query("rule == 'copied_form'")
    assert told[["org_unit", "form", "month", "months", "value", "second"]].to_numpy().tolist() == [
        ["b", "lmis", 202405, 3, 5, 5]
    ]


def test_thousands_of_forms_that_differ_are_no_twins():
    luck = np.random.default_rng(3)
    size = 2000
    told = {item: luck.integers(100, 999, size) for item in "xyz"}
    frame = pd.concat(
        [
            pd.DataFrame({"org_unit": [f"{at:04}" for at in range(size)], "item": item, "value": values})
            for item, values in told.items()
        ]
    ).assign(month=202401, months=1, measure="consumed")
    assert len(set(zip(*told.values(), strict=True))) == size
    assert twin_facilities(book_of(frame.astype({"value": float})), np.zeros(3, dtype=np.intp)).empty


def rounds(round_, others, **more):
    """A place of so many figures that end in 0, and so many that do not, month after month."""
    values = [20 + 10 * (at % 7) for at in range(round_)] + [21 + 11 * (at % 8) for at in range(others)]
    per = -(-len(values) // 24)
    parts = [
        series(f"i{at}", "consumed", values[at * 24 : at * 24 + 24] or [None], **more) for at in range(per)
    ]
    return heaping(book_of(*parts, series("i0", "received", [1] * 24)), "consumed")


@pytest.mark.parametrize(
    ("round_", "others", "told"),
    [
        (23, 0, False), (24, 0, True), (9, 15, True), (8, 16, False), (9, 16, True), (8, 17, False),
        (30, 70, False), (31, 69, True), (36, 84, False), (37, 83, True),
    ],
)  # fmt: skip
def test_far_more_than_one_in_ten_of_two_dozen_figures_end_in_nought(round_, others, told):
    rows = rounds(round_, others)
    share = round_ / (round_ + others)
    assert rows[["value", "expected", "second"]].to_numpy().tolist() == (
        [[share, 0.1, round_ + others]] if told else []
    )


def test_only_figures_from_twenty_on_and_the_last_two_dozen_reports_are_looked_at():
    assert (
        found(*line(consumed=[20] + [30, 40] * 11 + [50])).query("rule == 'heaping'")["second"].item() == 24
    )
    assert found(*line(consumed=[10] + [30, 40] * 11 + [50])).query("rule == 'heaping'").empty
    later = found(*line(consumed=[20, 37] + [30, 40] * 11 + [50])).query("rule == 'heaping'")
    assert later[["value", "second", "month"]].to_numpy().tolist() == [[23 / 24, 24, 202601]]


def test_of_quarters_the_last_eight_are_looked_at_and_the_last_month_with_a_figure_is_named():
    parts = [line(item, months=3, consumed=[31] + [30] * 7 + [4]) for item in "xyzv"]
    rows = found(*(each for part in parts for each in part)).query("rule == 'heaping'")
    assert rows[["value", "second", "month", "months"]].to_numpy().tolist() == [[1.0, 28, 202510, 3]]
