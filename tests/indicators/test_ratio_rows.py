from dataclasses import replace

import numpy as np
import pytest

from indicators.compare import COLUMNS, View, compare
from indicators.ratio_rows import ratio_rows, side_used
from tests.indicators.builders import PAIR, a_rollup

DOSED = replace(PAIR, dosed=True)


@pytest.fixture
def rollup():
    return a_rollup(
        ("A1", "NEW", "count", 201901, 100),
        ("A2", "NEW", "count", 201901, 50),
        ("A1", "USED", "consumed", 201901, 110),
        ("A1", "NEW", "count", 201902, 0),
        ("A1", "USED", "consumed", 201902, 0),
    )


def rows_of(rollup, pair=DOSED, unit="A"):
    return ratio_rows(compare(rollup, pair, View(unit, 201901, 201902)), "2019-04-02")


def test_a_ratio_is_a_row_of_the_interface_with_both_its_sums(rollup):
    rows = rows_of(rollup)
    assert tuple(rows.columns) == COLUMNS
    first = rows.set_index(["unit_id", "period"]).loc[("A", "2019-01")]
    assert (first["value"], first["numerator"], first["denominator"]) == (pytest.approx(1.1), 110, 100)
    assert (first["n_reported"], first["n_expected"], first["state"]) == (1, 2, "reported")
    assert (first["side"], first["measure"], first["item"]) == ("service_report", "ratio", "total")
    assert (first["source"], first["as_of"]) == ("HMIS", "2019-04-02")


def test_where_nobody_reports_both_there_is_no_ratio_and_no_sum(rollup):
    row = rows_of(rollup).set_index(["unit_id", "period"]).loc[("A2", "2019-01")]
    assert np.isnan([row["value"], row["numerator"], row["denominator"]]).all()
    assert (row["n_reported"], row["n_expected"], row["state"]) == (0, 1, "missing")


def test_no_service_makes_no_ratio_but_both_sums_are_told(rollup):
    row = rows_of(rollup).set_index(["unit_id", "period"]).loc[("A1", "2019-02")]
    assert np.isnan(row["value"])
    assert (row["numerator"], row["denominator"], row["state"]) == (0, 0, "not_applicable")


@pytest.mark.parametrize(
    ("change", "side"),
    [
        ({"dosed": False}, None),
        ({"services": ()}, None),
        ({"reported": {}}, "commodity"),
        ({}, "service_report"),
    ],
)
def test_the_numerator_is_what_services_say_else_what_stores_do_and_only_of_a_fixed_dose(
    rollup, change, side
):
    comparison = compare(rollup, replace(DOSED, **change), View("A", 201901, 201902))
    assert side_used(comparison) == side
    assert len(ratio_rows(comparison)) == (6 if side else 0)
