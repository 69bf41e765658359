"""Whose movement it is in random countries, beside an oracle in plain Python."""

import numpy as np
import pytest

from indicators.attribution import Asked as Question
from indicators.attribution import attribution
from tests.indicators.oracle_attribution import AttributionOracle
from tests.indicators.random_frames import yyyymm
from tests.indicators.random_series import Asked


@pytest.mark.parametrize("seed", range(30))
def test_the_parts_of_a_change_are_what_the_oracle_says(seed):
    asked = Asked(seed, months=(15, 20, 30)[seed % 3])
    at = asked.whole.index_of(asked.span.stop - 1)
    oracle = AttributionOracle(asked.said(), at)
    for unit in ("N", "A", "B", "B0"):
        only = frozenset({"A", "B1"}) if seed % 2 else None
        month = yyyymm(asked.until)
        found = attribution(asked.rollup, asked.series(), Question(unit, month, asked.grain, only))
        assert found.reference == oracle.reference(unit)
        if found.reference == "none":
            continue
        compared(found, oracle, unit, only)


def compared(found, oracle, unit, only):
    whole = oracle.of(unit, found.reference)
    children = oracle.series.world.tree.get(unit, [])
    parts = {child: oracle.of(child, found.reference) for child in children}
    named = [child for child in children if only is None or child in only]
    assert found.units == tuple(named)
    np.testing.assert_allclose(found.parts, [parts[child].change for child in named], atol=1e-9)
    assert found.in_both.tolist() == [parts[child].both for child in named]
    numbers = found.began, found.silent, found.both, found.reporters
    assert numbers == (whole.n_began, whole.n_silent, whole.both, whole.either)
    said = whole.began - whole.silent, whole.before, whole.before + whole.change + whole.began - whole.silent
    assert (found.reporting, found.before, found.after) == pytest.approx(said)
    assert found.before_both == pytest.approx(whole.before - whole.silent)
    rest = sum(parts[child].change for child in children if child not in named)
    own = whole.change - sum(each.change for each in parts.values())
    assert (found.itself, found.others) == pytest.approx((own, rest))
    assert found.amounts.sum() == pytest.approx(found.change)
