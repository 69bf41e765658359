import pytest

from indicators.attribution import Asked
from indicators.rollup import Series
from indicators.substitutes import displaced, risen_while_out
from tests.indicators.builders import a_rollup


def ask(*rows, carried=("A1", "A2", "B1"), unit="N", month=201906, grain="month", **choices):
    """Of the product DEPO while NORISTERAT, which some places carry, stands in for its substitute."""
    rollup = a_rollup(*rows, *(left(place, 201812, 5) for place in carried))
    used = Series("consumed", rollup.numbers(["DEPO"]))
    return displaced(rollup, used, rollup.numbers(["NORISTERAT"]), Asked(unit, month, grain, **choices))


def used(unit, month, value):
    return unit, "DEPO", "consumed", month, value


def left(unit, month, value):
    return unit, "NORISTERAT", "closing", month, value


RISE = (
    *(used(unit, month, 10) for unit in ("A1", "A2", "B1") for month in (201806,)),
    used("A1", 201906, 50),
    used("A2", 201906, 12),
    used("B1", 201906, 18),
)


def test_a_rise_is_counted_where_the_substitute_was_out_at_the_end():
    found = ask(*RISE, left("A1", 201906, 0), left("A2", 201906, 7), left("B1", 201906, 3))
    assert (found.change, found.while_out) == (50, 40)
    assert dict(zip(found.units, found.parts, strict=True)) == {"A": 40, "B": 0}
    assert (found.month, found.n_out, found.n_known) == (201906, 1, 3)
    assert found.explains


def test_a_place_that_ended_the_month_before_without_counts_as_well():
    found = ask(*RISE, left("B1", 201905, 0), left("B1", 201906, 30))
    assert found.while_out == 8
    assert not found.explains


def test_where_all_are_supplied_again_by_the_end_the_month_before_is_named():
    found = ask(*RISE, left("A1", 201905, 0), left("A1", 201906, 30))
    assert found.explains
    assert (found.month, found.n_out, found.n_known) == (201905, 1, 1)


def test_the_end_at_which_most_had_none_left_is_named_be_it_that_of_the_month_before():
    before = left("A1", 201905, 0), left("A2", 201905, 0)
    found = ask(*RISE, *before, left("A1", 201906, 0), left("A2", 201906, 8))
    assert (found.month, found.n_out, found.n_known) == (201905, 2, 2)


def test_a_place_that_does_not_carry_the_substitute_is_not_without_it():
    found = ask(*RISE, left("A1", 201906, 0), left("A2", 201906, 7), carried=["A2"])
    assert (found.change, found.while_out, found.n_out) == (50, 0, 0)


def test_a_place_that_says_nothing_of_its_stock_was_not_out():
    found = ask(*RISE)
    assert (found.while_out, found.n_out, found.n_known, found.month) == (0, 0, 0, 0)


def test_a_place_that_was_silent_now_or_a_year_ago_changed_nothing():
    began, fell_silent = used("A1", 201906, 50), used("A2", 201806, 70)
    out = left("A1", 201906, 0), left("A2", 201906, 0)
    found = ask(began, fell_silent, used("B1", 201806, 10), used("B1", 201906, 18), *out)
    assert (found.change, found.while_out) == (8, 0)


def test_a_fall_is_never_explained_by_a_substitute_that_was_out():
    found = ask(used("A1", 201806, 50), used("A1", 201906, 10), left("A1", 201906, 0))
    assert (found.change, found.while_out) == (-40, -40)
    assert not found.explains


def test_only_places_that_reported_both_times_count():
    found = ask(used("A1", 201906, 50), left("A1", 201906, 0))
    assert (found.change, found.while_out) == (0, 0)


def test_a_district_and_a_facility_are_answered_alike():
    rows = (*RISE, left("A1", 201906, 0))
    assert ask(*rows, unit="A").while_out == ask(*rows, unit="A1").while_out == 40


def test_places_that_may_not_be_named_are_not_named():
    found = ask(*RISE, left("A1", 201906, 0), only=frozenset({"B"}))
    assert found.units == ("B",)
    assert found.while_out == 40


@pytest.mark.parametrize(("grain", "month"), [("quarter", 201904), ("last3", 201906), ("year", 201901)])
def test_every_length_of_a_period_holds_its_months(grain, month):
    assert ask(*RISE, left("A1", 201906, 0), grain=grain, month=month).while_out == 40


def test_several_periods_at_once_are_answered_as_each_alone():
    more = used("A2", 201805, 9), used("A2", 201905, 4)
    rollup = a_rollup(*RISE, left("A1", 201812, 5), left("A1", 201906, 0), *more)
    series, other = Series("consumed", rollup.numbers(["DEPO"])), rollup.numbers(["NORISTERAT"])
    asked = [
        Asked("N", month, grain)
        for month, grain in [(201905, "month"), (201906, "month"), (201906, "quarter"), (201806, "month")]
    ]
    alone = [displaced(rollup, series, other, each) for each in asked]
    assert risen_while_out(rollup, series, other, asked) == [
        each.while_out if each.explains else 0 for each in alone
    ]
    assert [each.while_out for each in alone] == [0, 40, 40, 0]
    assert risen_while_out(rollup, series, other, []) == []
