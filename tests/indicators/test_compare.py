import numpy as np
import pandas as pd
import pytest

from indicators.compare import COLUMNS, Line, PairItems, View, all_series, compare
from tests.indicators.builders import PAIR, a_rollup

# unit, item, measure, January, February, March 2019 (None: no report)
BOOK = [
    ("A1", "NEW", "count", 10, 12, 9),
    ("A1", "OLD", "count", 30, None, 31),
    ("A2", "NEW", "count", 0, 0, None),
    ("B1", "NEW", "count", 5, 6, 7),
    ("A1", "USED", "consumed", 41, 13, 40),
    ("A1", "DEPO", "opening", 100, 55, 30),
    ("A1", "DEPO", "consumed", 45, 25, 20),
    ("A1", "DEPO", "closing", 55, 30, 10),
    ("A1", "SAYANA", "consumed", 4, 4, 4),
    ("A1", "SAYANA", "closing", 8, 4, 0),
    ("B1", "DEPO", "consumed", 7, None, 8),
    ("B1", "DEPO", "closing", 20, None, 2),
    ("B1", "NORISTERAT", "consumed", 1, 1, 1),
    ("B1", "NORISTERAT", "closing", 3, 2, 1),
    ("B1", "DEPO", "amc_reported", 7, None, 8),
]


@pytest.fixture
def rollup():
    months = (201901, 201902, 201903)
    return a_rollup(
        *(
            (*row[:3], month, value)
            for row in BOOK
            for month, value in zip(months, row[3:], strict=True)
            if value is not None
        )
    )


def look(rollup, unit="N", grain="month", **choices):
    return compare(rollup, PAIR, View(unit, 201901, 201903, grain, **choices))


def test_the_asked_unit_comes_first_and_its_children_follow(rollup):
    assert look(rollup).units == ("N", "A", "B")
    assert look(rollup, children=False).units == ("N",)
    assert look(rollup, "A1").units == ("A1",)


def test_services_add_their_elements(rollup):
    answer = look(rollup)
    assert answer.line("service", "count").value.tolist() == [[45, 18, 47], [40, 12, 40], [5, 6, 7]]
    assert answer.line("service", "count", "NEW").value[0].tolist() == [15, 18, 16]


def test_commodities_add_their_products_and_families_all_substitutes(rollup):
    answer = look(rollup)
    assert answer.line("commodity", "consumed").value[0].tolist() == [56, 29, 32]
    assert answer.line("commodity", "consumed", "SAYANA").value[0].tolist() == [4, 4, 4]
    assert answer.line("commodity", "consumed", "family:injectables").value[0].tolist() == [57, 30, 33]


def test_what_the_services_say_they_dispensed_is_a_side_of_its_own(rollup):
    assert look(rollup).line("service_report", "consumed").value[0].tolist() == [41, 13, 40]


def test_a_quarter_sums_flows_and_takes_the_first_opening_and_the_last_closing_of_each_unit(rollup):
    answer = look(rollup, grain="quarter")
    assert answer.periods == ("2019-Q1",)
    assert answer.line("commodity", "consumed").value[0].tolist() == [117]
    assert answer.line("commodity", "opening").value[0].tolist() == [100]
    assert answer.line("commodity", "closing").value[:, 0].tolist() == [12, 10, 2]


def test_a_reported_average_is_never_summed_over_time(rollup):
    assert look(rollup, grain="quarter").line("commodity", "amc_reported").value[0].tolist() == [8]


def test_a_stock_last_reported_earlier_in_the_quarter_stands():
    rollup = a_rollup(("A1", "DEPO", "closing", 201901, 6), ("A2", "DEPO", "closing", 201903, 1))
    assert look(rollup, "A", "quarter").line("commodity", "closing").value[0].tolist() == [7]


def test_a_missing_month_is_a_gap_and_not_a_zero(rollup):
    line = look(rollup, "B").line("commodity", "consumed")
    assert line.state[0].tolist() == ["reported", "missing", "reported"]
    assert np.isnan(line.value[0, 1])


def test_what_is_drawn_is_a_gap_where_nothing_was_reported_or_expected_and_a_zero_where_that_was_said():
    value, reported, expected = np.array([[0.0, 0, 0, 7, 7]]), [[1, 0, 0, 0, 2]], [[2, 2, 0, 2, 2]]
    none = np.zeros((1, 5))
    line = Line("service", "count", "x", value, np.array(reported), np.array(expected), none, "")
    assert np.array_equal(line.shown, [[0, np.nan, np.nan, 7, 7]], equal_nan=True)


def test_only_the_measures_asked_for_are_worked_out(rollup):
    lines = look(rollup, measures=("count", "closing")).lines
    assert {line.measure for line in lines} == {"count", "closing"}


def test_units_that_may_not_be_named_are_left_out_and_still_counted(rollup):
    answer = look(rollup, only=frozenset({"N", "B", "B1", "B2"}))
    assert answer.units == ("N", "B")
    assert answer.line("service", "count").value[0].tolist() == [45, 18, 47]


def test_a_line_that_a_pair_lacks_is_named(rollup):
    answer = compare(rollup, PairItems(commodities=("DEPO",)), View("N", 201901, 201903))
    assert not answer.has("service", "count")
    with pytest.raises(KeyError, match="service/count/total"):
        answer.line("service", "count")


def test_an_unknown_unit_is_named(rollup):
    with pytest.raises(KeyError, match="'Z'"):
        look(rollup, "Z")


def test_months_outside_the_data_are_left_out(rollup):
    answer = compare(rollup, PAIR, View("N", 201801, 202012))
    assert answer.periods == ("2019-01", "2019-02", "2019-03")
    empty = compare(rollup, PAIR, View("N", 201001, 201012, "quarter"))
    assert empty.periods == ()
    assert empty.rows().empty
    assert [absence.code for absence in empty.absences["service"]] == ["no_report"] * 3


def test_a_year_that_is_not_over_is_partial(rollup):
    assert look(rollup, grain="year").partial.tolist() == [True]
    assert look(rollup, grain="quarter").partial.tolist() == [False]


def test_the_rows_are_those_of_the_interface(rollup):
    rows = look(rollup).rows("2019-04-02")
    assert tuple(rows.columns) == COLUMNS
    assert not rows.duplicated(["unit_id", "period", "side", "measure", "item"]).any()
    one = rows.set_index(["unit_id", "period", "side", "measure", "item"]).loc[
        ("B", "2019-02", "commodity", "closing", "DEPO")
    ]
    empty = ["value", "numerator", "denominator"]
    assert one[empty].isna().all()
    shown = one.drop(empty).to_dict()
    assert shown == {
        "unit_code": "c-B",
        "unit_name": "Unit B",
        "level": 2,
        "state": "missing",
        "n_reported": 0,
        "n_expected": 1,
        "imputed_share": 0.0,
        "source": "LMIS",
        "as_of": "2019-04-02",
    }


def test_the_rows_hold_what_the_lines_hold(rollup):
    answer = look(rollup)
    rows = answer.rows()
    for line in answer.lines:
        mine = rows[(rows[["side", "measure", "item"]] == [line.side, line.measure, line.item]).all(axis=1)]
        table = mine.pivot_table("value", "unit_id", "period", dropna=False, sort=False, aggfunc="first")
        table = table.reindex(index=answer.units, columns=answer.periods)
        assert np.array_equal(table.to_numpy(dtype=float), line.value, equal_nan=True)


def test_sums_made_ahead_are_those_of_the_click(rollup):
    before = look(rollup).rows()
    rollup.prepare(series for _, _, series in all_series(rollup, PAIR))
    pd.testing.assert_frame_equal(look(rollup).rows(), before)


def test_in_windows_flows_add_up_stock_is_the_last_and_stock_out_days_add_up():
    months = (201903, 201904, 201905, 201906, 201907, 201908)
    rollup = a_rollup(
        *(("A1", "DEPO", "consumed", month, i + 1) for i, month in enumerate(months)),
        *(("A1", "DEPO", "closing", month, 10 * (i + 1)) for i, month in enumerate(months)),
        *(("A1", "DEPO", "stockout_days", month, i) for i, month in enumerate(months)),
        ("A1", "NEW", "count", 201909, 1),
    )
    answer = compare(rollup, PAIR, View("A", 201903, 201908, "last3"))
    assert answer.periods == ("2019-03/2019-05", "2019-06/2019-08")
    assert answer.line("commodity", "consumed").value[0].tolist() == [6, 15]
    assert answer.line("commodity", "closing").value[0].tolist() == [30, 60]
    assert answer.line("commodity", "stockout_days").value[0].tolist() == [3, 12]
    assert not answer.partial.any()
