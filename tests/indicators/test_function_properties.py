"""What holds of every function of arrays whatever was reported: units, order, silence, zeros, doubles.

What is asked of the roll-up (any place, any period, a split month, rows in any order) is held by
`test_logistics_properties` and `test_rollup`; the last test here says that no definition is in neither.
"""

from pathlib import Path

import numpy as np
import pytest

from indicators.definitions import ALIASES, DEFINITIONS
from indicators.logistics import INDICATORS
from indicators.measures import COMMODITY_MEASURES, FACILITIES_OUT
from indicators.rates import Rate
from tests.indicators.function_cases import CASES, PLACES, a_book

SEEDS = (1, 2, 3)
of_each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.names[0])
of_seeds = pytest.mark.parametrize("seed", SEEDS)
# Held by tests of their own, since they are not of places and months: {definition: where}.
ELSEWHERE = {
    "abc": "test_variation",
    "abc_ven": "test_variation",
    "chain_wastage": "test_wastage",
    "wastage_factor": "test_wastage",
    "stockout_days_from_movements": "test_stockouts",
    "coverage": "test_service_coverage",
    "usual": "test_usual",
    "expected_band": "test_relation",
    "ratio": "test_ratio",
    "share_of_change": "test_attribution",
    "months_of_stock": "test_stock",
    "overlap": "test_coverage",
    "imputed": "test_rollup",
    "year_before": "test_compare",
}
# Sums of the roll-up.
SUMMED = {"services", "dispensed", "services_received", "services_stock", "reports", "average"}


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
    asked = {name for case in CASES for name in case.names}
    rolled = {ALIASES.get(name, name) for name in INDICATORS} | {*COMMODITY_MEASURES, FACILITIES_OUT}
    held = asked | rolled | set(ELSEWHERE) | SUMMED
    assert sorted({each.id for each in DEFINITIONS} - held) == []
    assert sorted((asked | set(ELSEWHERE) | SUMMED) - {each.id for each in DEFINITIONS}) == []
    assert [each for each in ELSEWHERE.values() if not (Path(__file__).parent / f"{each}.py").exists()] == []
