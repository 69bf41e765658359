"""All findings of random reports, beside the rules once more in plain Python."""

import math
from collections import Counter
from functools import cache

import pytest

from indicators.quality import COLUMNS, RULES, findings
from tests.indicators.oracle_pairs import cascades, pairs
from tests.indicators.oracle_patterns import again_and_again, copied, rounding, slips, twins
from tests.indicators.oracle_quality import form_of, ledger_rule, shelves, stock_rules
from tests.indicators.quality_reports import reports

SEEDS = range(8)
FIGURES = ("value", "expected", "second")


@cache
def expected(seed):
    """What plain loops find in the reports of a seed, as rows of `quality.COLUMNS`."""
    told = reports(seed)
    services, products = shelves(told)
    found = list(ledger_rule(told))
    for shelf in (*services, *products):
        for rule in (stock_rules, again_and_again, copied, twins, rounding, slips):
            found += rule(shelf)
    for served in services:
        found += cascades(served, products)
        for used in products:
            found += pairs(served, used, told.homes)
    return [_row(each) for each in found]


def _row(found):
    rule = RULES[found["rule"]]
    usual = {"form": form_of(found["item"]), "severity": rule.severity, "remedy": rule.remedy}
    usual |= {"since": found["month"], "other": "", **dict.fromkeys(FIGURES, math.nan)}
    return _rounded((usual | found)[column] for column in COLUMNS)


def _rounded(row):
    """Numbers alike to nine digits are one; a figure that is not there is told by its name."""
    return tuple(each if isinstance(each, str) else _number(float(each)) for each in row)


def _number(value):
    return "nothing" if math.isnan(value) else float(f"{value:.9g}")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rules_find_what_plain_loops_find(seed):
    told = reports(seed)
    found = findings(told.frame(), told.known())
    ours = Counter(_rounded(row) for row in found[list(COLUMNS)].itertuples(index=False))
    assert ours == Counter(expected(seed))


def test_every_rule_is_broken_in_these_reports():
    broken = Counter(row[COLUMNS.index("rule")] for seed in SEEDS for row in expected(seed))
    assert {rule: broken[rule] for rule in RULES if broken[rule] < 4} == {}
