"""Regular reporters, normal range and relation of random countries, beside an oracle in plain Python."""

import numpy as np
import pytest

from indicators.constant_set import ConstantSet
from indicators.normal_range import normal_range
from indicators.relation import disagreement
from tests.indicators.oracle_steady import LENGTHS
from tests.indicators.oracle_usual import PartingOracle, UsualOracle, Year
from tests.indicators.random_series import Asked


def numbers(values):
    return np.array([np.nan if v is None else v for v in values], dtype=float)


@pytest.mark.parametrize("seed", range(40))
def test_a_series_stands_on_its_regular_reporters_as_the_oracle_says(seed):
    asked = Asked(seed, months=(None, 15, 20)[seed % 3])
    constant, oracle = ConstantSet(asked.rollup, asked.series(), asked.span), asked.said()
    units = asked.rollup.hierarchy.ids
    found = constant.steady(np.arange(len(units)))
    for row, unit in enumerate(units):
        said = oracle.of(unit)
        inside = not (asked.group and unit not in asked.world.group and not asked.world.tree.get(unit))
        for name in ("history", "observed", "scale"):
            ours = getattr(found, name)[row]
            np.testing.assert_allclose(
                ours, numbers(getattr(said, name)), rtol=1e-9, atol=1e-9, err_msg=f"{name} of {unit}"
            )
        assert (found.n_reported[row] == said.n_reported).all(), unit
        assert found.n_set[row] == (said.n_set[0] if inside else 0), unit


def depth_of(world, unit, root="N"):
    return 0 if unit == root else 1 if unit in world.tree[root] else 2


def learnt(asked, oracle, mode, stop):
    """The oracle's pattern, of all units with units below and of those that ever reported."""
    world, cut = asked.world, slice(None, stop if mode == "trailing" else None)
    months = range(asked.oracle.first, asked.oracle.last + 1)
    ever = [p for p in world.places if any(oracle.said(p, oracle.measure, m) is not None for m in months)]
    leaves = [p for p in asked.rollup.hierarchy.ids if p in ever and not world.tree.get(p)]
    units = [*(u for u in asked.rollup.hierarchy.ids if world.tree.get(u)), *leaves]
    groups = [2 * depth_of(world, unit) + bool(world.tree.get(unit)) for unit in units]
    length = LENGTHS[asked.grain]
    cycle = 12 // length
    first = (asked.whole.base - asked.whole.phase) // length % cycle
    year = Year(mode, max(cycle, 6), cycle, first)
    least = {group: 0.005 if group % 2 else 0.03 for group in range(max(groups) + 1)}
    rows = [list(oracle.of(unit).history)[cut] for unit in units]
    return UsualOracle(rows, groups, year, least)


@pytest.mark.parametrize("mode", ["centred", "trailing"])
@pytest.mark.parametrize("seed", range(16))
def test_the_normal_range_is_what_the_oracle_says(seed, mode):
    asked = Asked(seed, months=(20, 30)[seed % 2])
    oracle, at = asked.said(), asked.whole.index_of(asked.span.start)
    stop = at + len(asked.span)
    pattern = learnt(asked, oracle, mode, stop)
    found = normal_range(asked.rollup, asked.series(), asked.view("N"), mode)
    for row, unit in enumerate(found.units):
        series = oracle.of(unit)
        cut = slice(None, stop if mode == "trailing" else None)
        group = min(2 * depth_of(asked.world, unit) + bool(asked.world.tree.get(unit)), max(pattern.least))
        said = pattern.judge(list(series.history)[cut], list(series.observed)[cut], group)[at:stop]
        scale = np.array([each or np.nan for each in series.scale[at:stop]])
        for name, column in (("expected", 0), ("low", 1), ("high", 2)):
            ours = getattr(found.usual, name)[row]
            expected = numbers([each[column] for each in said]) * scale
            np.testing.assert_allclose(ours, expected, rtol=5e-3, atol=5e-3, err_msg=f"{name} of {unit}")
        np.testing.assert_allclose(
            found.usual.score[row], numbers([s[4] for s in said]), rtol=5e-3, atol=5e-3
        )
        assert found.usual.zero[row].tolist() == [each[3] for each in said]
        assert found.n_reported[row].tolist() == list(series.n_reported[at:stop])


@pytest.mark.parametrize("mode", ["centred", "trailing"])
@pytest.mark.parametrize("seed", range(16))
def test_the_relation_of_two_series_is_what_the_oracle_says(seed, mode):
    asked = Asked(seed, months=(20, 30)[seed % 2], measures=("consumed",))
    sides = asked.series("received", ("P1",)), asked.series("consumed", ("P2", "P3"))
    books = asked.said("received", ("P1",)), asked.said("consumed", ("P2", "P3"))
    at = asked.whole.index_of(asked.span.start)
    stop = at + len(asked.span)
    cut = slice(None, stop if mode == "trailing" else None)
    found = disagreement(asked.rollup, sides, asked.view("N"), mode)
    observed = [[list(book.of(unit).observed)[cut] for unit in found.units] for book in books]
    groups = [min(row, 1) for row in range(len(found.units))]
    oracle = PartingOracle(*observed, groups, mode)
    for row in range(len(found.units)):
        scores = numbers([oracle.score(row, i) for i in range(at, stop)])
        np.testing.assert_allclose(found.found.score[row], scores, rtol=1e-6, atol=1e-9)
        runs = numbers([oracle.run(row, i) for i in range(at, stop)])
        np.testing.assert_allclose(found.found.run[row], runs, rtol=1e-6, atol=1e-9)
