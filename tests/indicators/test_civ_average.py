"""The average consumption that a national system worked out, against ours from the figures it had.

Every row of the Ivorian logistics figures carries the average monthly consumption of the national system
(eLMIS). What of it the rule reproduces, and what explains the rest, is counted here over all rows.
"""

import numpy as np
import pytest

from indicators.reported_average import Window, average
from indicators.rounding import half_up
from indicators.stockout_adjustment import elmis
from tests.indicators.civ_logistics import Logistics, earlier


class Averages:
    """The system's average, ours, and the normalised consumption that ours is of."""

    def __init__(self):
        figures = Logistics()
        self.consumed, self.out, self.theirs = figures.consumed, figures.days_out, figures.their_average
        self.normalised = elmis(self.consumed, self.out)
        self.ours = average(self.normalised)
        self.rows = ~np.isnan(self.theirs)
        self.exact = self.ours == self.theirs


@pytest.fixture(scope="module")
def civ():
    return Averages()


@pytest.fixture(scope="module")
def whole(civ):
    """The rows whose own month and the two before it were all published."""
    return civ.rows & ~np.isnan(earlier(civ.consumed, 1)) & ~np.isnan(earlier(civ.consumed, 2))


def test_the_rule_gives_98_37_percent_of_all_rows_exactly(civ):
    assert civ.rows.sum() == 38_842
    assert civ.exact[civ.rows].sum() == 38_211


def test_where_three_months_were_published_it_gives_99_8_percent(civ, whole):
    assert (whole.sum(), civ.exact[whole].sum()) == (35_571, 35_506)


def test_of_the_others_55_count_the_month_before_twice(civ, whole):
    last = earlier(civ.normalised, 1)
    twice = half_up((civ.normalised + 2 * last) / 3)
    odd = whole & ~civ.exact
    assert (odd.sum(), (twice == civ.theirs)[odd].sum()) == (65, 55)


def test_the_rest_have_a_report_in_their_window_that_was_not_published(civ, whole):
    """Their average is at least what the published reports alone would give over three."""
    odd = civ.rows & ~civ.exact & ~whole
    known = sum(np.nan_to_num(earlier(civ.normalised, months)) for months in range(3))
    assert odd.sum() == 566
    assert (civ.theirs >= half_up(known / 3))[odd].all()


def test_every_row_with_days_out_of_stock_in_its_window_is_exact_where_it_was_published(civ, whole):
    out = sum(np.nan_to_num(earlier(civ.out, months)) > 0 for months in range(3)) > 0
    assert (out & whole).sum() > 300
    assert civ.exact[out & whole].all()


def test_other_rules_give_fewer(civ):
    """Rounding up, no adjustment, or no limit to how old a report may be: each loses rows."""

    def exact(found):
        return int((found == civ.theirs)[civ.rows].sum())

    rounded_up = average(civ.normalised, rounding="up")
    assert exact(rounded_up) < 30_000
    assert exact(average(civ.consumed)) < 38_211 - 100
    assert exact(average(civ.normalised, Window(reach=45))) == 38_176
