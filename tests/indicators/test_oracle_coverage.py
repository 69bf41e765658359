"""Places with services, with commodities and with both, counted one by one; and each reason of an absence."""

import numpy as np
import pytest

from indicators.compare import PairItems, View, compare
from indicators.coverage import Coverage, Side
from indicators.rollup import Extract, Series
from tests.indicators.builders import PAIR, TREE, a_rollup, assigned, units
from tests.indicators.random_frames import yyyymm
from tests.indicators.random_series import Asked


class Counted:
    """A random country, two sides of which one is called services, and where either reported."""

    def __init__(self, seed):
        asked = Asked(seed)
        self.rollup, calendar = asked.rollup, asked.rollup.calendar
        first = yyyymm(calendar.base + seed % max(calendar.size - 1, 1))
        self.span = calendar.span(first, yyyymm(asked.until), asked.grain)
        self.sides = [
            Side(name, numbers, (Series(measure, numbers),))
            for name, codes, measure in (
                ("service", ["P1"], "consumed"),
                ("commodity", ["P2", "P3"], "closing"),
            )
            for numbers in [self.rollup.numbers(codes)]
        ]
        self.coverage = Coverage(self.rollup, *self.sides)
        self.extract = Extract(self.rollup, np.arange(self.rollup.hierarchy.size), self.span)
        self.service, self.commodity = (self.extract.reported(side.series) for side in self.sides)

    def places(self, unit):
        """Positions of the places of a unit: those of the level below it, or the unit alone."""
        tree = self.rollup.hierarchy
        level = self.coverage.level
        if tree.levels[unit] > level:
            return [unit]
        return [each for each in range(unit, tree.last[unit]) if tree.levels[each] == level]


@pytest.mark.parametrize("seed", range(40))
def test_a_unit_has_as_many_places_as_are_counted_one_by_one(seed):
    told = Counted(seed)
    found, tree = told.coverage.overlap(told.extract), told.rollup.hierarchy
    for unit in range(tree.size):
        leaf = tree.last[unit] == unit + 1
        places = [unit] if leaf else told.places(unit)
        assert (found.places[unit] == len(places)).all()
        for period in range(len(told.span)):
            with_services = {place for place in places if told.service[place, period]}
            with_commodities = {place for place in places if told.commodity[place, period]}
            counts = [each[unit, period] for each in (found.service, found.commodity, found.both)]
            both = with_services & with_commodities
            assert counts == [len(with_services), len(with_commodities), len(both)]


@pytest.mark.parametrize("seed", range(40))
def test_the_places_with_one_side_are_those_found_one_by_one(seed):
    told = Counted(seed)
    tree = told.rollup.hierarchy
    for unit in range(tree.size):
        found, total = told.coverage.one_sided(unit, told.span)
        places = told.places(unit)
        served, supplied = ({p for p in places if flags[p].any()} for flags in (told.service, told.commodity))
        assert total == len(served | supplied)
        said = [(each.unit_id, each.unit_name, each.level, each.present, each.absent) for each in found]
        names = {True: ("service", "commodity"), False: ("commodity", "service")}
        assert said == [
            (tree.ids[place], tree.names[place], tree.levels[place], *names[place in served])
            for place in sorted(served ^ supplied)
        ]


def test_a_district_without_facilities_is_a_place_of_its_own():
    tree = TREE | {"N": ["A", "B", "C"]}
    rollup = a_rollup(
        ("A1", "NEW", "count", 201901, 1),
        ("A1", "DEPO", "closing", 201901, 1),
        ("C", "DEPO", "closing", 201901, 1),
        ("C", "NEW", "count", 201902, 1),
        org_units=units(tree),
    )
    overlap = compare(rollup, PAIR, View("N", 201901, 201902)).overlap
    at = ("N", "A", "B", "C").index("C")
    assert overlap.places[at].tolist() == [1, 1]
    assert (overlap.service[at].tolist(), overlap.commodity[at].tolist()) == ([0, 1], [1, 0])


def test_below_the_level_at_which_the_sides_meet_a_unit_is_one_place_whatever_it_holds():
    rollup = a_rollup(
        ("N", "NEW", "count", 201901, 1),
        ("A1", "DEPO", "closing", 201901, 1),
        ("A2", "DEPO", "closing", 201901, 1),
        assignments=assigned(hmis=("N",)),
    )
    answer = compare(rollup, PAIR, View("A", 201901, 201901))
    assert (answer.overlap.level, answer.places) == (1, 1)
    assert [(each.unit_id, each.reported_by) for each in answer.one_sided] == [("A", "N")]


def test_a_pair_of_which_nothing_is_reported_anywhere_meets_at_no_level():
    overlap = compare(a_rollup(), PairItems(), View("N", 197001, 197001)).overlap
    assert overlap.level == 0
    assert overlap.both.tolist() == [[0]] * 3


def reason(rollup, side, unit, first, last):
    absence = compare(rollup, PAIR, View(unit, first, last)).absences[side][0]
    return absence and absence.code


def test_a_service_that_nobody_owes_any_more_is_closed():
    rollup = a_rollup(
        ("A1", "NEW", "count", 201801, 1),
        ("A2", "NEW", "count", 201902, 1),
        org_units=units(A1=(None, "2018-03-15")),
    )
    assert reason(rollup, "service", "A1", 201901, 201902) == "closed"
    assert reason(rollup, "service", "A1", 201802, 201802) == "no_report"
    assert reason(rollup, "service", "A1", 201801, 201802) is None


def test_months_of_which_there_are_no_data_have_no_report():
    rollup = a_rollup(("A1", "NEW", "count", 201901, 1), ("A1", "DEPO", "closing", 201901, 1))
    for side in ("service", "commodity"):
        assert reason(rollup, side, "A1", 203001, 203002) == "no_report"
