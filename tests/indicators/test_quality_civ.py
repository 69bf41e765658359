"""The rules on the real Ivorian reports: as often as was counted by hand on the published figures."""

import numpy as np
import pandas as pd
import pytest

from dashboard.quality_known import known_of
from dashboard.queries import Figures
from indicators.quality import findings, laid_out
from indicators.quality_book import before
from indicators.quality_stock import balance, silent

ROWS = 38_842  # facility-product-months published


@pytest.fixture(scope="module")
def known(civ_data, civ):
    figures = Figures(civ_data, civ)
    return known_of(civ, figures.holding())


@pytest.fixture(scope="module")
def values(civ_data):
    return civ_data.current().read("values", ["org_unit", "item", "measure", "month", "months", "value"])


@pytest.fixture(scope="module")
def book(values, known):
    _, [products] = laid_out(values, known)
    return products


@pytest.fixture(scope="module")
def found(values, known):
    return findings(values, known)


def count(found, rule):
    return int((found["rule"] == rule).sum())


def test_every_line_adds_up_because_the_system_works_the_closing_out(book, found):
    assert int((~np.isnan(balance(book))).sum()) == ROWS
    assert count(found, "arithmetic") == 0


def test_openings_leave_the_last_closing_in_four_of_a_thousand(book, found):
    known = int((~np.isnan(book.of("opening") - before(book.of("closing")))).sum())
    assert count(found, "continuity") == 142
    assert round(100 * 142 / known, 2) == 0.38


def test_nothing_is_negative_and_nobody_issues_more_than_there_is(found):
    assert count(found, "negative") == count(found, "impossible_issue") == 0


def test_adjustments_reach_what_was_issued_in_four_of_a_hundred_lines(found):
    assert round(100 * count(found, "adjustment_dominates") / ROWS, 1) == 3.9


def test_98_of_100_ends_at_nothing_are_reported_without_a_day_out(book):
    ended = book.of("closing") == 0
    quiet = ended & (book.of("stockout_days") == 0)
    assert int(ended.sum()) == 12_817
    assert round(100 * quiet.sum() / ended.sum()) == 98


def test_ends_at_nothing_of_what_nobody_carries_are_no_stock_outs(book):
    """Two fifths of the zero ends are of products that the site had not held for a year."""
    out, _ = silent(book)
    assert 0.5 < out.sum() / (book.of("closing") == 0).sum() < 0.7


def test_silent_stock_outs_are_told_once_a_facility(found):
    told = found[found["rule"] == "silent_stock_out"]
    assert len(told) == told["org_unit"].nunique() == 142


def test_seven_of_199_months_out_from_end_to_end_have_issues(book, found):
    assert int((book.of("stockout_days") >= 28).sum()) == 199
    assert count(found, "phantom_issue") == 7


def test_three_months_have_more_days_out_than_days_and_two_more_than_any_month(found):
    told = found[found["rule"] == "impossible_days"]
    assert len(told) == 3
    assert int((told["value"] > 31).sum()) == 2


def test_six_of_a_hundred_figures_from_twenty_on_equal_the_one_before(book):
    used = book.of("consumed")
    large = used >= 20
    assert round(100 * ((used == before(used)) & large).sum() / large.sum()) == 6


def test_28_of_a_hundred_last_digits_are_zero_and_thirty_sites_round_more_than_that(book, found):
    used = book.of("consumed")
    large = used[used >= 20]
    assert round(100 * (large % 10 == 0).mean()) == 28
    assert count(found, "heaping") == 31


def test_districts_with_services_and_stock_but_no_consumption_are_few(found):
    told = found[found["rule"] == "services_without_consumption"]
    assert len(told) == 172
    assert (told["second"] >= 5).all()


def test_pairs_are_compared_at_the_district_that_reports_the_services(found, civ_data):
    units = civ_data.current().read("org_units").set_index("id")["level"]
    told = found[found["rule"].isin(["services_without_consumption", "consumption_without_services"])]
    assert set(units.reindex(told["org_unit"])) == {3}


def test_rules_see_the_same_in_any_half_of_the_country(values, known, found):
    """Findings of a place depend on its own reports; only twins and pairs look beyond, and usual values."""
    own = [
        "arithmetic",
        "continuity",
        "phantom_issue",
        "impossible_days",
        "flat_line",
        "adjustment_dominates",
    ]
    units = sorted(values["org_unit"].unique())[::2]
    half = findings(values[values["org_unit"].isin(units)], known)
    expected = found[found["org_unit"].isin(units) & found["rule"].isin(own)].reset_index(drop=True)
    pd.testing.assert_frame_equal(half[half["rule"].isin(own)].reset_index(drop=True), expected)
