"""What holds of every function of arrays whatever was reported: units, order, silence, zeros, doubles.

What is asked of the roll-up (any place, any period, a split month, rows in any order) is held by
`test_logistics_properties` and `test_compared_properties`; the last tests here say that every definition is
in one of them.
"""

import ast
from pathlib import Path

import numpy as np
import pytest

from indicators.definitions import ALIASES, DEFINITIONS
from indicators.logistics import INDICATORS
from indicators.rates import Rate
from tests.indicators.compared_cases import CASES as COMPARED
from tests.indicators.function_cases import CASES, PLACES, a_book

SEEDS = (1, 2, 3)
of_each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.names[0])
of_seeds = pytest.mark.parametrize("seed", SEEDS)
# Held by tests of their own, since they are not of places and months of one product: {definition: tests}.
ELSEWHERE = {
    "abc": (
        "test_variation::test_a_holds_the_dearest_products_and_the_least_of_them_that_make_80_percent",
        "test_variation::test_a_product_of_unknown_value_has_no_class_and_changes_none",
    ),
    "abc_ven": ("test_variation::test_the_matrix_counts_every_product_once",),
    "chain_wastage": ("test_wastage::test_each_level_of_the_chain_loses_its_own_share",),
    "wastage_factor": ("test_wastage::test_the_factor_makes_up_for_the_wastage",),
    "stockout_days_from_movements": (
        "test_stockouts::test_days_out_are_those_a_walk_over_the_days_finds",
        "test_registered::test_days_without_stock_are_a_mean_of_places_and_whole_months",
        "test_registered::test_without_slips_nothing_is_known_and_nothing_is_expected",
    ),
    "coverage": (
        "test_service_coverage::test_a_slow_recount_agrees_on_random_countries",
        "test_service_coverage::test_as_many_times_more_services_are_as_many_times_the_coverage",
        "test_service_coverage::test_an_added_place_without_people_or_services_changes_nothing",
        "test_service_coverage::test_months_without_a_report_are_no_services_and_stay_expected",
    ),
    **dict.fromkeys(
        (
            *("quality_filled", "quality_outliers", "quality_arithmetic", "quality_related"),
            *("quality_agreement", "quality_consistency"),
        ),
        (
            "test_quality_shares::test_a_share_of_several_places_is_that_of_all_their_checks",
            "test_quality_shares::test_what_could_not_be_checked_is_in_neither_number",
            "test_quality_shares::test_a_silent_place_moves_no_other",
        ),
    ),
}


def parts(result):
    """The arrays of a result: of a rate what is divided, else itself."""
    return (result.numerator, result.denominator) if isinstance(result, Rate) else (np.asarray(result),)


def shown(result):
    return result.value if isinstance(result, Rate) else np.asarray(result)


def same(found, expected):
    if expected.dtype.kind == "f":
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    else:
        np.testing.assert_array_equal(found, expected)


@of_each
@of_seeds
def test_a_book_says_something_at_all(case, seed):
    result = shown(case.ask(a_book(seed)))
    assert len(result) == PLACES
    if result.dtype.kind == "f":
        assert np.nan_to_num(result).any()
    else:
        assert len(np.unique(result)) > 1


@pytest.mark.parametrize("case", [each for each in CASES if each.exact], ids=lambda case: case.names[0])
@of_seeds
def test_a_quantity_counted_in_other_units_is_the_same_quantity(case, seed):
    book = a_book(seed)
    found, expected = shown(case.ask(book.in_units_of(8))), shown(case.ask(book))
    same(found, expected * 8 if case.power else expected)


@of_each
@of_seeds
def test_what_is_said_of_a_place_depends_on_no_other_and_no_order(case, seed):
    book, order = a_book(seed), np.random.default_rng(seed).permutation(PLACES)
    mixed, usual = case.ask(book.each(lambda array: array[order])), case.ask(book)
    for found, expected in zip(parts(mixed), parts(usual), strict=True):
        same(found, expected[order])


@of_each
@of_seeds
def test_every_place_entered_twice_is_the_same_place_twice_and_no_rate_moves(case, seed):
    book = a_book(seed)
    twice, once = case.ask(book.each(lambda array: np.concatenate([array, array]))), case.ask(book)
    for found, expected in zip(parts(twice), parts(once), strict=True):
        same(found, np.concatenate([expected, expected]))
    if isinstance(once, Rate):
        same(twice.pooled().value, once.pooled().value)


@of_each
@of_seeds
def test_a_place_that_says_nothing_has_no_figure_and_moves_no_other(case, seed):
    book = a_book(seed).said_by_last(np.nan)
    full, without = case.ask(book), case.ask(book.each(lambda array: array[:-1]))
    for found, expected in zip(parts(full), parts(without), strict=True):
        same(found[:-1], expected)
    if isinstance(full, Rate):
        same(full.numerator.sum(0), without.numerator.sum(0))
        assert not full.numerator[-1].any()
    if case.silent is not None and not case.names[0].startswith(("reporting", "timeliness")):
        alone = shown(full)[-1]
        same(alone, np.full(alone.shape, case.silent, dtype=shown(full).dtype))


@pytest.mark.parametrize("case", [each for each in CASES if each.zero_too], ids=lambda case: case.names[0])
@of_seeds
def test_zeros_are_figures_and_silence_is_none(case, seed):
    silent, zero = (shown(case.ask(a_book(seed).said_by_last(value)))[-1] for value in (np.nan, 0.0))
    assert not np.array_equal(silent, zero, equal_nan=silent.dtype.kind == "f")


def test_no_definition_is_held_by_no_property():
    asked = {name for case in CASES for name in case.names} | {case.name for case in COMPARED}
    rolled = {ALIASES.get(name, name) for name in INDICATORS}
    defined = {each.id for each in DEFINITIONS}
    assert sorted(defined - asked - rolled - set(ELSEWHERE)) == []
    assert sorted((asked | set(ELSEWHERE)) - defined) == []
    assert sorted(set(ELSEWHERE) & (asked | rolled)) == ["coverage"]  # of reports, and of services


@pytest.mark.parametrize("where", sorted({each for tests in ELSEWHERE.values() for each in tests}))
def test_what_is_said_to_be_held_elsewhere_is(where):
    file, test = where.split("::")
    told = ast.parse((Path(__file__).parent / f"{file}.py").read_text(encoding="utf-8"))
    assert test in {node.name for node in told.body if isinstance(node, ast.FunctionDef)}
