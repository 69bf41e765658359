import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.holdings import build
from indicators.attribution import Asked, Attribution, attribution
from indicators.compare import PairItems, View, compare
from indicators.rollup import Series
from tests.indicators.builders import a_rollup, units


def moved(parts, reporting=0.0, itself=0.0):
    parts, change = np.array(parts, dtype=float), sum(parts) + reporting + itself
    names, both = tuple(f"U{i}" for i in range(len(parts))), np.ones(len(parts), dtype=np.int32)
    return Attribution("year_before", names, parts, both, itself, 0.0, reporting, 1, 0, 100.0, 100.0 + change)


def ask(rollup, unit="N", month=201906, grain="month", **choices):
    return attribution(
        rollup, Series("consumed", rollup.numbers(["DEPO"])), Asked(unit, month, grain, **choices)
    )


def consumed(*rows):
    return a_rollup(*((unit, "DEPO", "consumed", month, value) for unit, month, value in rows))


def test_a_years_change_is_parted_among_the_children():
    rollup = consumed(("A1", 201806, 10), ("A1", 201906, 40), ("B1", 201806, 20), ("B1", 201906, 30))
    found = ask(rollup)
    assert (found.reference, found.units) == ("year_before", ("A", "B"))
    assert found.parts.tolist() == [30, 10]
    assert (found.before, found.after, found.percents) == (30, 70, (75, 25, 0, 0, 0))


def test_a_unit_that_began_and_one_that_fell_silent_are_reporting_changed():
    rows = [("A1", 201806, 10), ("A1", 201906, 13), ("A2", 201906, 50), ("B1", 201806, 20)]
    found = ask(consumed(*rows))
    assert found.parts.tolist() == [3, 0]
    assert (found.reporting, found.began, found.silent) == (30, 1, 1)
    assert (found.before, found.after) == (30, 63)
    assert (found.both, found.before_both, found.change_both) == (1, 10, 3)
    assert found.verdict == "reporting_changed"


def test_a_zero_both_times_of_what_is_not_carried_is_nobodys_report():
    rows = [("A1", 201806, 10), ("A1", 201906, 13), ("B1", 201806, 0), ("B1", 201906, 0), ("B2", 201906, 0)]
    found = ask(consumed(*rows))
    assert (found.both, found.began, found.silent, found.reporters) == (1, 0, 0, 1)
    assert found.in_both.tolist() == [1, 0]
    assert ask(consumed(*rows), unit="B").reference == "none"


def test_a_zero_of_what_is_carried_or_was_the_year_before_is_a_report():
    rows = [("A1", "DEPO", "consumed", month, 0) for month in (201806, 201906)]
    rows += [("B1", "DEPO", "consumed", month, 0) for month in (201806, 201906)]
    rows += [("A1", "DEPO", "closing", 201906, 30), ("B1", "DEPO", "closing", 201805, 30)]
    found = ask(a_rollup(*rows))
    assert (found.both, found.change, found.in_both.tolist()) == (2, 0, [1, 1])


def test_a_product_that_is_carried_no_more_moved_where_it_was_used():
    rows = [("A1", 201806, 10), ("A1", 201906, 0), ("B1", 201806, 0), ("B1", 201906, 0)]
    found = ask(consumed(*rows))
    assert (found.both, found.change_both, found.verdict) == (1, -10, "one_place")


def test_of_the_median_of_the_year_before_zeros_of_what_is_not_carried_count_for_nobody():
    months = (201903, 201904, 201905, 201906)
    rows = [("A1", month, value) for month, value in zip(months, (4, 5, 6, 9), strict=True)]
    found = ask(consumed(*rows, *(("B1", month, 0) for month in months)))
    assert (found.reference, found.both, found.reporters) == ("twelve_months", 1, 1)


def test_without_last_year_the_median_of_the_twelve_months_before_stands():
    rows = [("A1", 201900 + month, value) for month, value in enumerate((10, 12, 11, 500, 11, 30), start=1)]
    found = ask(consumed(*rows), unit="A")
    assert (found.reference, found.before, found.after) == ("twelve_months", 11, 30)
    assert found.parts.tolist() == [19, 0]


def test_two_months_before_are_no_reference():
    found = ask(consumed(("A1", 201904, 10), ("A1", 201905, 10), ("A1", 201906, 90)))
    assert (found.reference, found.verdict, found.units) == ("none", "no_reference", ())


def test_without_any_reference_nobody_is_counted_and_nothing_is_parted():
    found = ask(consumed(("A1", 201906, 90)))
    assert (found.both, found.reporters, found.began, found.silent) == (0, 0, 0, 0)
    assert (found.before, found.after, found.before_both, found.change) == (0, 0, 0, 0)
    assert found.shares.shape == (3,) and found.percents == () and found.top is None


def test_what_a_district_reports_itself_is_its_own_part():
    found = ask(consumed(("A", 201806, 100), ("A", 201906, 160), ("A1", 201806, 5), ("A1", 201906, 5)), "A")
    assert (found.itself, found.parts.tolist()) == (60, [0, 0])
    assert (found.verdict, found.top) == ("one_place", 2)


def test_children_that_may_not_be_named_are_one_part():
    rollup = consumed(("A1", 201806, 10), ("A1", 201906, 40), ("B1", 201806, 20), ("B1", 201906, 30))
    found = ask(rollup, only=frozenset({"B"}))
    assert (found.units, found.others) == (("B",), 30)
    assert found.percents == (25, 0, 75, 0)


def test_a_quarter_is_compared_month_by_month_with_the_quarter_a_year_before():
    rows = [("A1", year * 100 + m, v) for year, v in ((2018, 10), (2019, 15)) for m in (4, 5, 6)]
    found = ask(consumed(*rows, ("B1", 201804, 7), ("B1", 201905, 9)), grain="quarter")
    assert found.parts.tolist() == [15, 0]
    assert found.reporting == 2
    assert (found.before, found.after) == (37, 54)


def test_stock_is_compared_by_the_last_of_the_period():
    rows = [
        ("A1", "DEPO", "closing", m, v) for m, v in ((201804, 90), (201806, 10), (201904, 70), (201906, 25))
    ]
    rollup = a_rollup(*rows)
    series = Series("closing", rollup.numbers(["DEPO"]))
    found = attribution(rollup, series, Asked("A", 201906, "quarter"))
    assert found.parts.tolist() == [15, 0]


@pytest.mark.parametrize(
    ("parts", "reporting", "verdict"),
    [
        ([60, 30, 10], 0, "one_place"),
        ([59, 31, 10], 0, "mixed"),
        ([25, 25, 25, 25], 0, "area_wide"),
        ([29, 29, 29, 28, -15], 0, "area_wide"),
        ([29, 29, 28, 28, -6, -4, -3, -1], 0, "mixed"),
        ([20, 20, 10], 50, "reporting_changed"),
        ([150, 0], -50, "reporting_changed"),
        ([50, -49], 0, "offsetting"),
        ([50, -50], 0, "offsetting"),
        ([0, 0], 0, "no_change"),
    ],
)
def test_the_verdict_follows_the_shares(parts, reporting, verdict):
    assert moved(parts, reporting).verdict == verdict


def test_of_the_children_that_reported_in_both_those_are_alike_that_moved_with_the_whole():
    found = moved([60, -5, 30, 0])
    some = Attribution(**{**vars(found), "in_both": np.array([2, 1, 0, 0], dtype=np.int32)})
    assert (found.alike, some.alike) == ((2, 4), (1, 2))


def test_a_fall_is_parted_as_a_rise_is():
    assert moved([-60, -40]).shares.tolist() == [0.6, 0.4, 0, 0, 0]
    assert moved([-60, -40]).top == 0


def test_opposite_movements_have_shares_beyond_a_hundred_percent():
    found = moved([130, -30])
    assert (found.percents, found.top) == ((130, -30, 0, 0, 0), 0)


def test_no_change_has_no_shares():
    assert np.isnan(moved([5, -5]).shares).all()
    assert moved([5, -5]).percents == ()
    assert moved([5, -5]).top is None


def test_where_reporting_alone_changed_no_place_moved_most():
    assert moved([0, 0], 40).top is None
    assert moved([-3, 0], 40).top is None


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=30), st.integers(-1000, 1000))
def test_shares_add_up_to_a_hundred_percent(parts, reporting):
    found = moved(parts, reporting)
    if found.change:
        assert found.shares.sum() == pytest.approx(1, abs=1e-9)
        assert sum(found.percents) == 100
        close = np.abs(np.array(found.percents) - 100 * found.shares)
        assert close.max() < 1 + 1e-6


FACILITY_MONTHS = st.lists(
    st.tuples(
        st.sampled_from(["N", "A", "A1", "A2", "B1", "B2"]),
        st.sampled_from([201806, 201903, 201904, 201905, 201906]),
        st.integers(0, 99),
    ),
    min_size=1,
    unique_by=lambda row: row[:2],
)


@given(FACILITY_MONTHS, st.sampled_from(["N", "A", "B"]))
def test_all_parts_add_up_to_the_change(rows, unit):
    found = ask(consumed(*rows, ("B2", 201801, 1)), unit)
    assert found.amounts.sum() == pytest.approx(found.change, abs=1e-9)
    below = {"N": {"N", "A", "A1", "A2", "B1", "B2"}, "A": {"A", "A1", "A2"}, "B": {"B1", "B2"}}[unit]
    after = sum(value for u, month, value in rows if month == 201906 and u in below)
    if found.reference != "none":
        assert found.after == pytest.approx(after)
        assert found.change_both == pytest.approx(found.amounts[:-1].sum())
    if found.reference == "year_before":
        known = {month: {u: v for u, m, v in rows if m == month and u in below} for month in (201806, 201906)}
        both = known[201806].keys() & known[201906].keys()
        carried = {u for u, _, value in rows if value} | {"B2"}
        assert found.both == len(both & carried)
        assert found.before_both == pytest.approx(sum(known[201806][each] for each in both))


def test_the_parts_of_the_ivorian_months_are_recomputed_by_plain_loops(civ_data, civ):
    snapshot, pair = civ_data.current(), civ.pairs["injectable-3m"]
    rollup = build(snapshot)
    numbers = rollup.numbers(pair.commodities)
    ids = {rollup.items["id"].iloc[n] for n in numbers}
    frame = snapshot.read("values")
    chosen = frame[frame["item"].isin(ids) & (frame["measure"] == "consumed")]
    book = chosen.groupby(["org_unit", "month"], observed=True)["value"].sum().to_dict()
    nation = rollup.hierarchy.ids[0]
    for month in (201801, 201804, 201901, 201906, 201909):
        found = attribution(rollup, Series("consumed", numbers), Asked(nation, month))
        for child, part in zip(found.units, found.parts, strict=True):
            first = rollup.position(child)
            below = rollup.hierarchy.ids[first : rollup.hierarchy.last[first]]
            both = [u for u in below if (u, month) in book and (u, month - 100) in book]
            assert part == pytest.approx(sum(book[u, month] - book[u, month - 100] for u in both))
        items = PairItems(commodities=pair.commodities)
        shown = compare(rollup, items, View(nation, month, month)).line("commodity", "consumed").value[0, 0]
        assert found.after == pytest.approx(shown)
        assert sum(found.percents) == 100


def test_a_facility_has_only_itself():
    tree = {"N": ["A"], "A": ["A1"]}
    frames = {"org_units": units(tree)}
    rows = [("A1", "DEPO", "consumed", 201806, 10), ("A1", "DEPO", "consumed", 201906, 40)]
    found = ask(a_rollup(*rows, **frames), "A1")
    assert (found.units, found.itself, found.verdict) == ((), 30, "one_place")
