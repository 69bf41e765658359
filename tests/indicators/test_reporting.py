import numpy as np
import pandas as pd

from indicators.compare import View
from indicators.reporting import reporting
from tests.indicators.builders import a_rollup


def registrations(*rows):
    frame = pd.DataFrame(rows, columns=["org_unit", "form", "month", "months"])
    return frame.assign(registered=True)


def look(rollup, unit="A", form="hmis", grain="month"):
    return reporting(rollup, form, View(unit, 201901, 201903, grain))


ROWS = [
    ("A1", "NEW", "count", 201901, 5),
    ("A1", "NEW", "count", 201903, 0),
    ("A2", "DEPO", "closing", 201902, 3),
]


def test_a_value_is_a_report_and_a_zero_too():
    answer = look(a_rollup(*ROWS))
    assert answer.units == ("A", "A1", "A2")
    assert answer.n_received.tolist() == [[1, 0, 1], [1, 0, 1], [0, 0, 0]]
    assert answer.n_expected[0].tolist() == [2, 2, 2]


def test_a_registered_completion_without_any_value_is_a_report():
    reports = registrations(("A2", "hmis", 201902, 1), ("A2", "lmis", 201903, 1), ("gone", "hmis", 201902, 1))
    assert look(a_rollup(*ROWS, reports=reports)).n_received[0].tolist() == [1, 1, 1]


def test_a_quarterly_report_covers_its_three_months():
    answer = look(a_rollup(*ROWS, reports=registrations(("A2", "hmis", 201901, 3))))
    assert answer.n_received[2].tolist() == [1, 1, 1]


def test_the_rate_pools_unit_months():
    answer = look(a_rollup(*ROWS), grain="quarter")
    assert (answer.n_received[0, 0], answer.n_expected[0, 0]) == (2, 6)
    assert answer.rate[0, 0] == 2 / 6
    nothing = look(a_rollup(*ROWS), form="unknown")
    assert np.isnan(nothing.rate).all()


def test_each_form_has_its_own_reports():
    assert look(a_rollup(*ROWS), form="lmis").n_received[0].tolist() == [0, 1, 0]


def test_completions_before_or_after_the_data_and_of_unknown_units_are_no_reports_of_these_months():
    outside = registrations(
        ("A2", "hmis", 201812, 2),
        ("A2", "hmis", 201903, 4),
        ("A1", "hmis", 201811, 1),
        ("gone", "hmis", 201901, 3),
    )
    assert look(a_rollup(*ROWS, reports=outside)).n_received.tolist() == [[2, 0, 2], [1, 0, 1], [1, 0, 1]]
