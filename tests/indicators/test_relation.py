import numpy as np
import pytest

from dashboard.holdings import build
from indicators.compare import PairItems, View
from indicators.constant_set import ConstantSet
from indicators.discordance import cause
from indicators.normal_range import normal_range
from indicators.ratio import ratio
from indicators.relation import (
    FixedDose,
    consumption_series,
    disagreement,
    expected_band,
    fixed_dose,
    indexed,
    service_series,
)
from tests.indicators.builders import PAIR, a_rollup

MONTHS = [year * 100 + month for year in (2018, 2019) for month in range(1, 13)]


def served(skip=(), **used):
    """100 women a month in every facility, and nearly as many units; `used` is {unit: {month: units}}."""
    for unit in ("A1", "A2", "B1", "B2"):
        for i, month in enumerate(MONTHS):
            yield unit, "NEW", "count", month, 100 + i % 3
            if (unit, month) not in skip:
                yield unit, "USED", "consumed", month, used.get(unit, {}).get(month, 100 + i % 4)


def issued(**used):
    for unit in ("A1", "A2", "B1", "B2"):
        for i, month in enumerate(MONTHS):
            yield unit, "DEPO", "consumed", month, used.get(unit, {}).get(month, 100 + i % 4)
            yield unit, "DEPO", "closing", month, 0 if used.get(unit, {}).get(month, 1) == 0 else 200


def test_the_expected_relation_stands_on_those_that_report_both():
    found = fixed_dose(a_rollup(*served(skip={("A2", 201906)})), PAIR, View("A", 201906, 201906), 1.0)
    assert found.services[0, 0] == found.expected[0, 0]
    assert (found.n_both[0, 0], found.n_either[0, 0]) == (1, 2)
    assert 95 < found.services[0, 0] < 105
    assert np.isnan(found.expected[2, 0])
    assert np.isnan(found.excess[2, 0])


@pytest.mark.parametrize(("units", "side"), [(400, 1), (20, -1), (104, 0)])
def test_what_was_used_beyond_the_band_is_marked(units, side):
    found = fixed_dose(a_rollup(*served(A1={201906: units})), PAIR, View("A", 201901, 201912), 1.0)
    assert found.side[1, 5] == side
    assert found.excess[1, 5] == units - found.expected[1, 5]


def test_two_tablets_a_service_double_what_is_expected():
    rollup = a_rollup(*served())
    once, twice = (fixed_dose(rollup, PAIR, View("A", 201901, 201912), dose) for dose in (1.0, 2.0))
    np.testing.assert_allclose(twice.expected, 2 * once.expected)
    assert (twice.side == -1).all()


def test_a_small_area_has_a_wider_band_than_a_large_one():
    width = [high / low for _, low, high in (expected_band(np.array(n), 1, 0.01) for n in (10.0, 10000.0))]
    assert width[0] > width[1] > 1


def test_stores_may_be_set_beside_services_where_both_report_in_the_same_place():
    rollup = a_rollup(*served(), *issued())
    pair = PairItems(services=("NEW",), commodities=("DEPO",))
    found = fixed_dose(rollup, pair, View("A", 201901, 201912), 1.0, used="commodity")
    assert (found.n_both == [[2], [1], [1]]).all()
    assert not found.side.any()


def test_the_band_of_a_place_is_its_own_whether_its_children_are_asked_for_or_not():
    uneven = {unit: {month: 60 + 9 * (i % 9) for i, month in enumerate(MONTHS)} for unit in ("A1",)}
    rollup = a_rollup(*served(**uneven))
    alone, above = (
        fixed_dose(rollup, PAIR, View("N", 201901, 201912, children=each), 1.0) for each in (False, True)
    )
    assert len(alone.units) == 1 and len(above.units) == 3
    for part in ("expected", "low", "high"):
        np.testing.assert_allclose(getattr(above, part)[0], getattr(alone, part)[0])
    assert (above.high - above.low)[1:].min() > 0


def test_two_series_of_any_size_share_one_scale():
    values = np.array([[10.0, 20, 30], [1000, 2000, 3000]])
    np.testing.assert_allclose(*indexed(values))
    assert np.isnan(indexed(np.array([[1.0, 2.0, np.nan]]))).all()


def parting(rollup, unit="A"):
    sides = service_series(rollup, PAIR), consumption_series(rollup, PAIR)
    view = View(unit, 201801, 201912)
    found = disagreement(rollup, sides, view)
    ranges = [normal_range(rollup, side, view).usual for side in sides]
    return found, found.causes(*ranges)


def test_a_stock_out_explains_that_consumption_fell_behind():
    found, causes = parting(a_rollup(*served(), *issued(A1={201906: 0})))
    month = MONTHS.index(201906)
    assert found.found.apart[1, month]
    assert (causes[1, month], causes[2, month]) == ("stock_out", None)
    assert found.share_out[:, month].tolist() == [0.5, 1, 0]


@pytest.mark.parametrize(("unit", "facility"), [("N", None), ("A", 1)])
def test_days_out_at_one_facility_explain_its_own_month_and_no_areas(unit, facility):
    rollup = a_rollup(*served(), *issued(), ("A1", "DEPO", "stockout_days", 201906, 9))
    out = parting(rollup, unit)[0].out[:, MONTHS.index(201906)]
    assert [row for row in range(len(out)) if out[row]] == ([] if facility is None else [facility])


def test_consumption_that_fell_with_stock_on_the_shelf_is_not_excused():
    found, causes = parting(a_rollup(*served(), *issued(A1={201906: 5})))
    assert causes[1, MONTHS.index(201906)] == "consumption_moved"
    assert not found.out.any()


def test_the_ivorian_relation_stands_on_the_ratio_of_the_same_places(civ_data, civ):
    rollup, pair = build(civ_data.current()), civ.pairs["injectable-3m"]
    items = PairItems(pair.services, pair.commodities, dict(pair.reported))
    view = View(rollup.hierarchy.ids[0], 201901, 201909)
    found, pooled = fixed_dose(rollup, items, view, 1.0), ratio(rollup, items, view)
    np.testing.assert_array_equal(found.n_both, pooled.n_both)
    np.testing.assert_allclose(found.used / found.services, pooled.value)
    assert (found.side[0] == -1).all()
    parted = disagreement(rollup, (service_series(rollup, items), consumption_series(rollup, items)), view)
    assert not parted.found.apart[0].any()
    assert 0 < parted.found.apart.mean() < 0.1


def test_too_much_consumption_is_no_matter_of_an_empty_shelf():
    assert [cause(score, 0, 0, out=True) for score in (-0.5, 0, 0.5, 5)] == ["stock_out"] + ["unclear"] * 3


def test_of_many_reporters_some_are_chosen_evenly():
    rollup = a_rollup(*issued())
    constant = ConstantSet(rollup, consumption_series(rollup, PAIR), rollup.calendar.whole("month"))
    chosen = {most: [rollup.hierarchy.ids[i] for i in constant.reporters(most)] for most in (1, 2, 3, 4, 9)}
    every = ["A1", "A2", "B1", "B2"]
    assert chosen == {1: every[:1], 2: every[::2], 3: every[::2], 4: every, 9: every}


def test_used_at_the_edge_of_the_band_is_within_it():
    used = np.array([[9.0, 10, 20, 21, np.nan]])
    low, high = np.full(used.shape, 10.0), np.full(used.shape, 20.0)
    both = np.array([[1, 1, 1, 0, 0]])
    found = FixedDose(("A",), tuple("12345"), used, used, low, low, high, used, both, both)
    assert found.side.tolist() == [[-1, 0, 0, 1, 0]]
    np.testing.assert_array_equal(found.excess, [[-1, 0, 10, np.nan, np.nan]])
