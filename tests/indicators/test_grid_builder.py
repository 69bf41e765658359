import numpy as np
import pytest

from indicators import grid_builder
from indicators.compare import View, compare
from tests.indicators.builders import PAIR, a_rollup, values

ROWS = [
    (unit, item, measure, month, 10 * at + month % 100)
    for at, unit in enumerate(["A1", "A2", "B1"])
    for item, measure in (("NEW", "count"), ("DEPO", "consumed"), ("DEPO", "closing"))
    for month in (201811, 201901, 201904)
]


def shown(rollup):
    return compare(rollup, PAIR, View("N", 201811, 201904)).rows().drop(columns="as_of")


def as_categories(frame):
    return frame.astype(dict.fromkeys(("org_unit", "item", "measure", "state"), "category"))


@pytest.mark.parametrize(
    "given",
    [
        lambda frame: frame.sample(frac=1, random_state=1),
        as_categories,
        lambda frame: [frame[frame["month"] == month] for month in (201901, 201904, 201811)],
        lambda frame: (as_categories(frame[frame["item"] == item]) for item in ("i-DEPO", "i-NEW")),
        lambda frame: [frame.iloc[:0], frame],
    ],
    ids=["shuffled", "categories", "month by month, not in order", "item by item", "an empty frame first"],
)
def test_the_same_values_make_the_same_sums_however_they_come(given):
    frame = values(*ROWS)
    assert shown(a_rollup(values=given(frame))).equals(shown(a_rollup(values=frame)))


def test_slices_of_a_long_frame_join(monkeypatch):
    whole = shown(a_rollup(*ROWS))
    monkeypatch.setattr(grid_builder, "SLICE", 4)
    assert shown(a_rollup(*ROWS)).equals(whole)


def test_a_value_of_an_unknown_unit_or_item_is_counted_and_left_out():
    rollup = a_rollup(
        ("A1", "NEW", "count", 201901, 5),
        ("gone", "NEW", "count", 201901, 7),
        ("A1", "ODD", "count", 201901, 9),
    )
    assert rollup.left_out == 2
    assert compare(rollup, PAIR, View("N", 201901, 201901)).line("service", "count").value[0, 0] == 5


def test_no_value_at_all_makes_a_roll_up_that_knows_its_units():
    rollup = a_rollup()
    answer = compare(rollup, PAIR, View("N", 197001, 197001))
    assert answer.units == ("N", "A", "B")
    assert np.isnan(answer.line("service", "count").value).all()


@pytest.mark.parametrize("state", ["missing", "not_applicable"])
def test_a_row_that_says_it_has_no_figure_has_none_whatever_stands_in_it(state):
    rows = [("A1", "NEW", "count", 201901, 5), ("A1", "NEW", "count", 201902, 99, 1, state)]
    line = compare(a_rollup(*rows), PAIR, View("A1", 201901, 201902)).line("service", "count")
    np.testing.assert_array_equal(line.value[0], [5, np.nan][: line.value.shape[1]])
