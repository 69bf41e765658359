"""A country's own indicators: pooled over the places that have both parts, each over its own months."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.definitions.formulas import Formula, Term, total
from indicators.own import own
from tests.indicators.builders import FACILITIES, a_rollup

MONTH = 201903
SHARE = Formula(
    (Term("consumed", items=("SAYANA",)),), (Term("consumed", items=("SAYANA", "DEPO")),), 100, of="country"
)


def used(unit, item, value, month=MONTH, months=1):
    return (unit, item, "consumed", month, value, months)


def test_sums_are_divided_once_over_the_places_that_have_both():
    rollup = a_rollup(
        used("A1", "SAYANA", 1), used("A1", "DEPO", 9), used("A2", "DEPO", 90), used("B1", "SAYANA", 30)
    )
    found = own(rollup, SHARE, "N", MONTH)
    assert (found.numerator, found.denominator, found.both, found.either) == (31, 40, 2, 3)
    assert found.value == pytest.approx(77.5)
    assert own(rollup, SHARE, "A", MONTH).value == pytest.approx(10)
    assert math.isnan(own(rollup, SHARE, "A2", MONTH).value)


def test_a_quarters_report_counts_in_its_last_month_against_the_same_months():
    quarter = (
        used("A1", "SAYANA", 6, 201901, 3),
        used("A1", "DEPO", 18, 201901, 3),
        used("A2", "DEPO", 5, 201902),
    )
    rollup = a_rollup(*quarter)
    assert own(rollup, SHARE, "N", MONTH).value == pytest.approx(25)
    assert math.isnan(own(rollup, SHARE, "N", 201902).value)


def test_parts_of_reports_of_different_lengths_are_of_different_months_and_make_no_share():
    rollup = a_rollup(used("A1", "SAYANA", 6, 201901, 3), used("A1", "DEPO", 18, 201810, 6))
    found = own(rollup, Formula((SHARE.above[0],), (Term("consumed", items=("DEPO",)),)), "N", MONTH)
    assert math.isnan(found.value)
    assert (found.both, found.either) == (0, 1)


def test_weights_count_and_a_plain_sum_has_no_denominator():
    rollup = a_rollup(used("A1", "SAYANA", 4), used("A1", "DEPO", 8))
    weighed = Formula(
        (Term("consumed", 0.25, items=("SAYANA",)), Term("consumed", -1, items=("DEPO",))), of="country"
    )
    found = own(rollup, weighed, "N", MONTH)
    assert (found.value, found.denominator, found.both) == (-7, 1, 1)


def test_nothing_over_nothing_is_not_nothing():
    rollup = a_rollup(used("A1", "SAYANA", 0), used("A1", "DEPO", 0))
    assert math.isnan(own(rollup, SHARE, "N", MONTH).value)


def test_an_unknown_unit_or_item_is_refused():
    rollup = a_rollup(used("A1", "SAYANA", 1))
    with pytest.raises(KeyError):
        own(rollup, SHARE, "nowhere", MONTH)


amounts = st.dictionaries(
    st.sampled_from(FACILITIES), st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1
)


@given(amounts, st.integers(2, 9))
def test_a_change_of_the_unit_of_count_changes_no_share_and_an_empty_place_neither(reported, factor):
    def rows(scale):
        return [
            used(unit, item, value * scale)
            for unit, both in reported.items()
            for item, value in zip(("SAYANA", "DEPO"), both, strict=True)
        ]

    plain, scaled = (own(a_rollup(*rows(scale)), SHARE, "N", MONTH) for scale in (1, factor))
    assert scaled.value == pytest.approx(plain.value, nan_ok=True)
    assert plain.both == len(reported)
    sums = [sum(each) for each in zip(*reported.values(), strict=True)]
    expected = 100 * sums[0] / sum(sums) if sum(sums) else math.nan
    assert plain.value == pytest.approx(expected, nan_ok=True)


def test_a_formula_that_sums_one_measure_is_that_measure():
    assert total("closing", last=True).value(lambda term: 7) == 7
