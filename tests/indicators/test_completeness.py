import numpy as np

from indicators.compare import PairItems, View
from indicators.completeness import completeness
from indicators.reporting import reporting
from tests.indicators.builders import PAIR, a_rollup


def rows():
    yield from ((unit, "NEW", "count", 201901, 5) for unit in ("A1", "A2", "B1", "B2"))
    yield from ((unit, "NEW", "count", 201902, 5) for unit in ("A1", "A2", "B1"))
    yield ("A1", "DEPO", "consumed", 201901, 5)
    yield from ((unit, "DEPO", "consumed", 201902, 5) for unit in ("A1", "A2"))


def test_each_side_has_the_reports_of_its_own_form():
    strips = completeness(a_rollup(*rows()), PAIR, View("N", 201901, 201902))
    assert strips["service"].forms == ("hmis",)
    assert strips["service"].reports.rate[0].tolist() == [1, 0.75]
    assert strips["commodity"].reports.rate[0].tolist() == [0.25, 0.5]
    assert strips["service_report"].forms == ("hmis",)


def test_under_three_quarters_of_the_reports_a_month_is_provisional():
    strips = completeness(a_rollup(*rows()), PAIR, View("N", 201901, 201902))
    assert strips["service"].provisional[:, 1].tolist() == [False, False, True]
    assert strips["commodity"].provisional[:, 1].tolist() == [True, False, True]


def test_a_quarter_counts_the_reports_of_its_months():
    strips = completeness(a_rollup(*rows()), PAIR, View("N", 201901, 201902, "quarter"))
    reports = strips["service"].reports
    assert (reports.n_received[0, 0], reports.n_expected[0, 0]) == (7, 8)


def test_a_side_without_items_has_no_strip():
    strips = completeness(a_rollup(*rows()), PairItems(commodities=("DEPO",)), View("N", 201901, 201902))
    assert list(strips) == ["commodity"]


def test_items_of_two_forms_count_the_reports_of_both():
    rollup = a_rollup(*rows())
    view = View("N", 201901, 201902)
    both = completeness(rollup, PairItems(services=("NEW", "DEPO")), view)["service"]
    parts = [reporting(rollup, form, view) for form in ("hmis", "lmis")]
    assert both.forms == ("hmis", "lmis")
    np.testing.assert_array_equal(both.reports.n_received, sum(part.n_received for part in parts))
