"""Balances and forecasts on the Ivorian logistics figures, where they show what the definitions claim."""

import numpy as np
import pytest

from indicators.forecast import METHODS
from indicators.forecast_error import backtest
from indicators.stock_balance import Report, breaks, gap
from indicators.stockouts import at_end, on_any_day
from tests.indicators.civ_logistics import Logistics


@pytest.fixture(scope="module")
def civ():
    return Logistics()


def test_every_report_adds_up_and_one_opening_in_250_differs_from_the_last_closing(civ):
    """What the publisher's own description says of the figures."""
    report = Report(*civ.report())
    found = gap(report)
    assert (~np.isnan(found)).sum() == 38_842
    assert np.nansum(np.abs(found)) == 0
    differ = breaks(report.opening, report.closing)
    known = ~np.isnan(differ)
    assert (differ[known] == 0).mean() == pytest.approx(0.996, abs=0.0005)


def test_a_third_of_month_ends_are_out_of_stock_and_almost_none_reports_a_day_of_it(civ):
    """The two stock-out rates of one form are worlds apart, so each is shown under its own name."""
    out, days = at_end(civ.closing).pooled((0, 1)), on_any_day(civ.days_out).pooled((0, 1))
    assert out.value == pytest.approx(0.33, abs=0.005)
    assert days.value < 0.02


def test_the_mean_of_three_months_is_nearer_than_the_month_of_last_year(civ):
    """A quarter ahead, over nine months: the bar is low where programmes grow and reports come and go."""
    tested = {name: backtest(civ.consumed, method, origins=9, ahead=3) for name, method in METHODS.items()}
    assert tested["seasonal_naive"].scaled == 1
    assert tested["moving_average"].scaled == pytest.approx(0.77, abs=0.01)
    assert all(tested[name].beats_the_bar for name in METHODS if name != "seasonal_naive")
    assert min(tested, key=lambda name: tested[name].wape) == "moving_average"
