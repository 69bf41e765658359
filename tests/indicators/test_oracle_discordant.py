"""Scores of pairs beside an account of them in plain Python, and on either side of each bound."""

import math
from dataclasses import replace

import numpy as np
import pytest

from indicators.aberration import Reported
from indicators.discordant import CAUSES, either, pair_score
from tests.indicators.aberrant_frames import a_frame, as_array
from tests.indicators.oracle_aberration import Judged
from tests.indicators.oracle_aberration_right import Goods, OtherSide
from tests.indicators.oracle_usual import PartingOracle


def two_sides():
    """Consumption with its shelf, and the services that it goes with; their figures in lists as well."""
    of = a_frame(3, series=8, months=28, sizes=(30, 300), shelf=True, partner=True)
    used = of.reported
    used = replace(used, partner=None)
    of.rows[0][20:23] = [None if v is None else math.floor(0.2 * v) for v in of.partner[0][20:23]]
    of.rows[1][20] = of.rows[1][21] = 0.0
    of.rows[3][-1] = 6.0
    of.closing[1][20] = 0.0
    used = replace(used, values=as_array(of.rows), closing=as_array(of.closing))
    return of, Reported(as_array(of.partner), area=used.area, first=of.first), used


def odds_of(score):
    return 0.0 if score is None else math.exp(score)


def test_the_odds_of_a_pair_are_those_of_both_sides_added_up():
    of, services, used = two_sides()
    found = pair_score(services, used, sight="retrospective")
    goods = of.goods()
    consumption = Judged(goods)
    empty = [[False] * len(row) for row in of.rows]
    served = replace(goods.figures, rows=of.partner, out=empty)
    other = OtherSide(replace(goods.figures, out=empty))
    served = Judged(Goods(served, None, other))
    cells, apart = served.f.cells, []
    for c in cells:
        sides = [side.score[c] for side in (served, consumption)]
        assert np.isnan(found.score[c]) == (sides == [None, None])
        if sides != [None, None]:
            apart.append(abs(found.score[c] - math.log(sum(map(odds_of, sides)))))
    assert max(apart) < 0.1 and np.median(apart) < 1e-3


@pytest.mark.parametrize(("sight", "mode"), [("retrospective", "centred"), ("prospective", "trailing")])
@pytest.mark.parametrize("kind", ["banded", "co_movement", "do_not_compare"])
def test_a_drift_is_three_months_that_part_alike_and_a_stock_out_explains_too_little(kind, sight, mode):
    of, services, used = two_sides()
    found = pair_score(services, used, kind, sight, newest=9)
    oracle = PartingOracle(of.partner, of.rows, [0] * len(of.rows), mode)
    told = kind in ("fixed_dose", "banded")
    drifts = []
    for s, t in np.ndindex(*found.score.shape):
        run, score = oracle.run(s, t), oracle.score(s, t)
        drifts.append(told and abs(run) >= 4)
        assert found.drift[s, t] == drifts[-1]
        moved = [abs(np.nan_to_num(side.spreads[s, t])) >= 3 for side in (found.services, found.consumption)]
        cause = ["unclear", "services_moved", "consumption_moved", "both_moved"][moved[0] + 2 * moved[1]]
        strongest = run if abs(run) > abs(score or 0) else score or 0
        if of.out(s, t) and strongest < 0 and found.consumption.score[s, t] < -0.25:
            cause = "stock_out"
        assert CAUSES[found.cause[s, t]] == cause
        odds = found.score[s, t] >= -0.25
        assert found.alert[s, t] == ((odds or drifts[-1]) and cause != "stock_out")
    assert any(drifts) == told
    assert np.isnan(found.score).all() == (kind == "do_not_compare")
    assert "stock_out" in {CAUSES[code] for code in found.cause.ravel()}


def test_the_odds_of_one_side_count_alone_where_the_other_is_unknown():
    nan = np.nan
    found = either(np.array([0.0, nan, -3, nan]), np.array([0.0, -5, nan, nan]))
    np.testing.assert_allclose(found, [np.log(2), -5, -3, nan])
