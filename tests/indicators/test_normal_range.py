import numpy as np
import pytest

from dashboard.holdings import build
from indicators.compare import View, compare
from indicators.constant_set import ConstantSet, regular, weights
from indicators.normal_range import normal_range
from indicators.rollup import Series
from indicators.usual import ABOVE, BELOW
from tests.indicators.builders import PAIR, a_rollup

MONTHS = [year * 100 + month for year in (2017, 2018, 2019) for month in range(1, 13)]
AMOUNTS = {"A1": 100, "A2": 300, "B1": 50, "B2": 70}


def reports(item="DEPO", measure="consumed", skip=(), **instead):
    """Three years of nearly the same every month; `instead` is {unit: {month: value}}."""
    for unit, amount in AMOUNTS.items():
        for i, month in enumerate(MONTHS):
            if (unit, month) not in skip:
                yield unit, item, measure, month, instead.get(unit, {}).get(month, amount + i % 5)


def look(rollup, unit="A", first=201701, last=201912, mode="centred", grain="month"):
    series = Series("consumed", rollup.numbers(["DEPO"]))
    return normal_range(rollup, series, View(unit, first, last, grain), mode)


def at(month):
    return MONTHS.index(month)


def test_a_facility_that_is_silent_lowers_what_is_usual_and_makes_no_fall():
    silent = a_rollup(*reports(skip={("A2", 201906)}))
    answer = look(silent)
    assert answer.usual.expected[0, at(201906)] == pytest.approx(102, rel=0.03)
    assert answer.usual.expected[0, at(201905)] == pytest.approx(404, rel=0.03)
    assert not answer.usual.side[0].any()
    assert answer.n_reported[0, at(201906)] == 1


def test_a_facility_that_begins_makes_no_rise():
    late = {("A1", month) for month in MONTHS[:20]}
    answer = look(a_rollup(*reports(skip=late)))
    assert not answer.usual.side[0].any()
    assert answer.usual.expected[0, [5, 30]] == pytest.approx([302, 404], rel=0.03)


def test_months_in_which_most_of_the_set_is_silent_are_no_yardstick():
    answer = look(a_rollup(*reports(skip={("A2", month) for month in MONTHS[:20]})))
    assert not answer.usual.enough[0, :12].any()
    assert answer.usual.expected[0, 30] == pytest.approx(404, rel=0.03)


def test_those_that_report_ten_months_of_twelve_are_the_set():
    skip = {("A2", 201903), ("A2", 201904), ("A2", 201905), ("A1", 201906), ("A1", 201907)}
    answer = look(a_rollup(*reports(skip=skip)), unit="N")
    assert answer.n_set.tolist() == [3, 1, 2]


def test_of_nine_months_that_a_series_has_eight_are_asked_for():
    present = np.ones((3, 20), dtype=bool)
    present[:, :11] = False
    present[1, 12] = present[2, 12:14] = False
    assert regular(present, 19, began=11).tolist() == [True, True, False]


def test_one_wrong_figure_moves_no_weight():
    usual_amount = weights(np.array([[10.0, 11, 10, 9, 10, 10]]), np.ones((1, 6), dtype=bool))
    wrong = weights(np.array([[10.0, 11, 10, 9, 10, 10000]]), np.ones((1, 6), dtype=bool))
    assert wrong[0] == pytest.approx(usual_amount[0], rel=0.05)


@pytest.mark.parametrize(("value", "side"), [(3000, ABOVE), (5, BELOW)])
def test_what_a_facility_never_did_is_outside_for_it_and_its_district(value, side):
    answer = look(a_rollup(*reports(A2={201910: value})))
    assert answer.usual.side[:, at(201910)].tolist() == [side, 0, side]


def test_consumption_without_stock_is_no_yardstick():
    out = dict.fromkeys(MONTHS[10:18], 0)
    closing = [
        (u, "DEPO", "closing", m, 0 if u == "A2" and m in out else 50) for u in AMOUNTS for m in MONTHS
    ]
    answer = look(a_rollup(*reports(A2=out), *closing))
    assert answer.usual.expected[2, 14] == pytest.approx(302, rel=0.03)
    assert (answer.usual.side[2, 10:18] == BELOW).all()
    assert not answer.usual.side[2, 18:].any()


def test_at_the_months_end_nothing_later_is_known():
    known, later = (
        look(a_rollup(*reports(A2=wrong)), last=201812, mode="trailing")
        for wrong in ({}, dict.fromkeys(MONTHS[24:], 9999))
    )
    np.testing.assert_allclose(known.usual.expected, later.usual.expected)
    np.testing.assert_allclose(known.usual.score, later.usual.score)


@pytest.mark.parametrize("grain", ["quarter", "last3"])
def test_a_quarter_is_judged_by_quarters(grain):
    answer = look(a_rollup(*reports(A1={201808: 2000})), grain=grain)
    middle = answer.periods.index("2018-Q3" if grain == "quarter" else "2018-07/2018-09")
    assert answer.usual.expected[1, middle] == pytest.approx(306, rel=0.05)
    assert answer.usual.side[1, middle] == ABOVE


def test_a_unit_that_never_reported_has_no_range():
    answer = look(a_rollup(("A1", "DEPO", "consumed", 201901, 5)), unit="B")
    assert not answer.usual.enough.any()
    assert answer.n_set.tolist()[0] == 0


def test_a_view_outside_the_data_is_empty():
    assert look(a_rollup(*reports()), first=202501, last=202512).usual.score.shape == (3, 0)


def test_the_pair_has_a_range_for_its_services_too():
    rollup = a_rollup(*reports("NEW", "count"))
    answer = normal_range(rollup, Series("count", rollup.numbers(PAIR.services)), View("N", 201701, 201912))
    assert answer.usual.expected[0, 20] == pytest.approx(528, rel=0.03)


@pytest.fixture(scope="module")
def ivorian(civ_data):
    return build(civ_data.current())


@pytest.fixture(scope="module")
def injectable(ivorian, civ):
    return Series("consumed", ivorian.numbers(civ.pairs["injectable-3m"].commodities))


def test_the_ivorian_stock_out_of_2018_lies_below_what_is_usual(ivorian, injectable):
    nation = ivorian.hierarchy.ids[0]
    answer = normal_range(ivorian, injectable, View(nation, 201701, 201909))
    below = [answer.periods[i] for i in np.flatnonzero(answer.usual.side[0] == BELOW)]
    assert {"2018-03", "2018-04"} <= set(below)
    assert not answer.usual.side[0, -9:].any()
    assert answer.n_set[0] > 120


def test_a_figure_lies_outside_the_band_exactly_where_its_score_says_so(ivorian, injectable, civ):
    nation = ivorian.hierarchy.ids[0]
    for unit in (nation, *ivorian.children(nation)[:6]):
        view = View(unit, 201601, 201909)
        found = normal_range(ivorian, injectable, view).usual
        shown = compare_value(ivorian, civ, view)
        sure = found.enough & (shown > 0) & (abs(found.score - 3) > 1e-6) & (abs(found.score + 3) > 1e-6)
        outside = (shown > found.high) | (shown < found.low)
        np.testing.assert_array_equal(outside[sure], (found.side != 0)[sure])


def compare_value(rollup, country, view):
    pair = country.pairs["injectable-3m"]
    items = type(PAIR)(services=pair.services, commodities=pair.commodities)
    return compare(rollup, items, view).line("commodity", "consumed").value


def test_the_set_of_a_district_is_summed_from_its_facilities(ivorian, injectable):
    span = ivorian.calendar.span(201601, 201909, "month")
    constant = ConstantSet(ivorian, injectable, span)
    nation = constant.steady(np.array([0]))
    regions = constant.steady(ivorian.hierarchy.children(0))
    assert nation.n_set[0] == regions.n_set.sum()
    np.testing.assert_array_equal(nation.n_reported[0], regions.n_reported.sum(axis=0))
