"""What stocks look like in reports: known answers, and what was measured in Côte d'Ivoire."""

import numpy as np
import pytest

from demo.report import country, stocks
from demo.report.panel import OPTIONS, Panel, Run, panel


@pytest.fixture(scope="module")
def civ() -> Panel:
    return country.civ().logistics


def a_panel(**measures: list[float]) -> Panel:
    """One product at one site; what is not told is blank."""
    months = len(next(iter(measures.values())))
    figures = {name: np.full((1, 1, months), np.nan) for name in OPTIONS.values()}
    figures |= {name: np.array(values, dtype=float)[None, None] for name, values in measures.items()}
    return Panel(("OXYTOCIN",), ("F001",), tuple(range(202601, 202601 + months)), figures)


def test_values_are_arranged_by_item_place_and_month():
    runs = [
        Run("A", "Consumption", ["F1", "F2"], ["202512", "202602"], ["3", "4"]),
        Run("A", "Female", ["F1"], ["202512"], ["9"]),
    ]
    found = panel(runs, ["A"], ["F1", "F2"], {"Consumption": "consumed"})
    assert found.months == (202512, 202601, 202602)
    assert found["consumed"][0, 0].tolist()[0] == 3
    assert found["consumed"][0, 1, 2] == 4
    assert np.isfinite(found["consumed"]).sum() == 2


def test_options_of_one_name_are_added():
    runs = [Run("HIV", sex, ["F1"], ["202601"], [value]) for sex, value in (("Female", "5"), ("Male", "2"))]
    assert panel(runs, ["HIV"], ["F1"], {"Female": "count", "Male": "count"})["count"].tolist() == [[[7.0]]]


def test_spells_begin_and_end_within_the_reports():
    closing = [0, 5, 0, 0, 4, 0, np.nan, 0, 3, 0]
    assert stocks.spells(a_panel(closing=closing)).tolist() == [2]


def test_a_stocked_line_that_ends_empty_is_an_onset():
    assert stocks.onsets(a_panel(opening=[5, 0, 5, 5], closing=[0, 0, 3, 2])) == pytest.approx(1 / 3)


def test_an_empty_month_end_is_silent_when_no_day_was_reported():
    assert stocks.silent(a_panel(closing=[0, 0, 0, 4], stockout_days=[0, 3, np.nan, 0])) == pytest.approx(
        2 / 3
    )


def test_an_adjustment_dominates_when_it_is_not_below_consumption():
    found = a_panel(closing=[1, 1, 1, 1], adjusted=[0, -5, 2, np.nan], consumed=[3, 5, 9, 1])
    assert stocks.adjusted(found) == (0.5, 0.25)


def test_a_row_adds_up_with_its_losses():
    found = a_panel(
        opening=[10, 10],
        received=[5, 5],
        consumed=[3, 3],
        adjusted=[-1, -1],
        lost=[1, np.nan],
        closing=[10, 10],
    )
    assert stocks.unbalanced(found) == 0.5


def test_a_break_is_an_opening_that_differs_from_the_end_before():
    assert stocks.breaks(a_panel(opening=[9, 5, 4, 4], closing=[5, 4, np.nan, 4])) == 0.0
    assert stocks.breaks(a_panel(opening=[9, 6], closing=[5, 4])) == 1.0


def test_months_before_the_first_and_after_the_last_report_are_not_missing():
    assert stocks.completeness(a_panel(closing=[np.nan, 1, np.nan, 1, 1, np.nan])) == 0.75


def test_ivorian_stocks_are_as_measured_before(civ):
    assert stocks.silent(civ) == pytest.approx(0.98, abs=0.005)
    assert stocks.adjusted(civ) == pytest.approx((0.048, 0.039), abs=0.001)
    assert stocks.breaks(civ) == pytest.approx(0.0038, abs=0.0002)
    assert stocks.unbalanced(civ) == 0
    assert stocks.zero_share(civ["closing"]) == pytest.approx(0.33, abs=0.005)
