"""Every rule of consumption by its name, on a month and on a quarter, and rules that cannot be."""

import numpy as np
import pytest

from indicators.consumption import Used
from indicators.rules import RULES, AverageRule, ForecastRule, GroupLevels, Rules


def used(consumed, days_out=0.0, days=30.0, months=1, out=None):
    """Months of one place; a month of a longer report has its share of consumption and days."""
    amounts = np.atleast_2d(np.asarray(consumed, dtype=float))
    lost, length = (np.broadcast_to(np.asarray(each, float), amounts.shape) for each in (days_out, days))
    empty = lost > 0 if out is None else np.broadcast_to(out, amounts.shape)
    return Used(amounts, lost, length, np.broadcast_to(months, amounts.shape), empty)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("tandem", [21, 30, np.nan]),
        ("none", [14, 10, 5]),
        ("openlmis", [21, 60, np.nan]),
        ("elmis", [21, 60, 5]),
        ("days_in_stock", [21, 60, np.nan]),
        ("commtrack", [np.nan, np.nan, np.nan]),
    ],
)
def test_each_rule_makes_good_in_its_own_way(rule, expected):
    found = used([14, 10, 5], days_out=[10, 25, 30]).made_good(AverageRule(rule))
    np.testing.assert_allclose(found[0], expected)


@pytest.mark.parametrize(("rule", "expected"), [("openlmis", 11 / 3), ("elmis", 10 / 3)])
def test_systems_round_a_quarter_once(rule, expected):
    """10 consumed in 90 days, 3 of them out: 10.34, of which one rule makes 11 and the other 10."""
    found = used([10 / 3], days_out=[1.0], months=3).made_good(AverageRule(rule))
    assert found[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize("rule", RULES)
def test_with_stock_on_every_day_all_rules_agree(rule):
    amounts = used([4, 8, 12, 16])
    np.testing.assert_allclose(amounts.made_good(AverageRule(rule))[0], [4, 8, 12, 16])
    np.testing.assert_allclose(amounts.averaged(AverageRule(rule, 2, 2))[0], [np.nan, 6, 10, 14])


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_averages_fewer_months_than_asked_for(rule):
    amounts = used([np.nan, 8, np.nan, np.nan, 8])
    assert np.isnan(amounts.averaged(AverageRule(rule, 3, 2))).all()
    assert amounts.averaged(AverageRule(rule, 3, 1))[0, 1:4].tolist() == [8, 8, 8]


def test_days_in_stock_divide_the_whole_window():
    found = used([10, 20], days_out=[20, 0]).averaged(AverageRule("days_in_stock", 2, 2))
    assert found[0, 1] == pytest.approx(30 * 30 / 40)


def test_a_month_that_ended_without_stock_is_dropped_by_commtrack_alone():
    emptied = used([10, 40], out=[False, True])
    assert emptied.averaged(AverageRule("commtrack", 2, 1))[0, 1] == 10
    assert emptied.averaged(AverageRule("tandem", 2, 1))[0, 1] == 25


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: AverageRule("ours"), "'ours' is unknown"),
        (lambda: AverageRule(months=2, least=3), "2 months cannot ask for 3"),
        (lambda: AverageRule(months=2, least=0), "cannot ask for 0"),
        (lambda: ForecastRule("guess"), "'guess' is unknown"),
        (lambda: ForecastRule(horizon=0), "one month ahead at least"),
        (lambda: ForecastRule(tested=0), "judged on one at least"),
    ],
)
def test_rules_that_cannot_be_are_refused(make, named):
    with pytest.raises(ValueError, match=named):
        make()


def test_rules_at_their_edges_are_taken():
    assert AverageRule(months=1, least=1).least == 1
    assert ForecastRule(horizon=1, tested=1).horizon == 1


def test_the_usual_rules_are_those_of_the_documents():
    rules = Rules()
    assert (rules.average.rule, rules.average.months, rules.average.least) == ("tandem", 3, 2)
    assert (rules.forecast.method, rules.forecast.horizon, rules.forecast.tested) == ("moving_average", 3, 12)
    assert (GroupLevels().low, GroupLevels().high) == (1.5, 3)
    assert (rules.complete, rules.season, rules.levels) == (0.75, 12, ())


@pytest.mark.parametrize(
    ("rule", "third", "always"),
    [
        ("tandem", 45, np.nan),  # (30 + 60) / 2: the month out says nothing
        ("none", 30, 0),
        ("openlmis", 45, np.nan),
        ("elmis", 30, 0),  # the month out is kept as the 0 it was
        ("days_in_stock", 45, np.nan),  # 90 in 60 days with stock
        ("commtrack", 45, np.nan),  # 90 in two intervals of 30 days
    ],
)
def test_an_average_with_a_month_or_all_of_them_out_throughout(rule, third, always):
    once = used([30, 60, 0], days_out=[0, 0, 30]).averaged(AverageRule(rule))
    np.testing.assert_allclose(once[0, 2], third)
    throughout = used([0, 0, 0], days_out=30).averaged(AverageRule(rule))
    np.testing.assert_allclose(throughout[0, 2], always)
