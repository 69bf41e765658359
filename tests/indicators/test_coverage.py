import pandas as pd
import pytest

from indicators.compare import PairItems, View, compare
from indicators.coverage import OneSided
from tests.indicators.builders import FACILITIES, PAIR, a_rollup, assigned

NAMES = ("A1", "A2", "B1", "B2")


def look(rollup, unit="N", pair=PAIR, **choices):
    return compare(rollup, pair, View(unit, 201901, 201902, **choices))


@pytest.fixture
def by_district():
    """Services by district, of A alone; commodities by facility, of A1 and B1."""
    return a_rollup(
        ("A", "NEW", "count", 201901, 9),
        ("A", "NEW", "count", 201902, 9),
        ("A1", "DEPO", "closing", 201901, 4),
        ("B1", "DEPO", "closing", 201901, 4),
        ("B1", "DEPO", "closing", 201902, 4),
        assignments=assigned(hmis=("A",), lmis=("A1", "B1")),
    )


def test_the_sides_meet_at_the_coarser_level_of_the_two(by_district):
    overlap = look(by_district).overlap
    assert overlap.level == 2
    assert overlap.places[0].tolist() == [2, 2]
    assert overlap.service[0].tolist() == [1, 1]
    assert overlap.commodity[0].tolist() == [2, 1]
    assert overlap.both[0].tolist() == [1, 0]


def test_a_place_counts_itself(by_district):
    overlap = look(by_district).overlap
    assert overlap.service[1:].tolist() == [[1, 1], [0, 0]]
    assert overlap.commodity[1:].tolist() == [[1, 0], [1, 1]]
    assert overlap.places[1:, 0].tolist() == [1, 1]


def test_facilities_on_both_sides_are_counted_where_both_report_by_facility():
    rows = [(unit, "NEW", "count", 201901, 1) for unit in FACILITIES[:3]]
    rows += [(unit, "DEPO", "closing", 201901, 1) for unit in FACILITIES[1:]]
    overlap = look(a_rollup(*rows)).overlap
    assert overlap.level == 3
    assert overlap.both[:, 0].tolist() == [2, 1, 1]
    assert overlap.places[:, 0].tolist() == [4, 2, 2]


def test_the_one_sided_places_are_listed_with_the_reason(by_district):
    answer = look(by_district)
    assert answer.places == 2
    assert answer.one_sided == [OneSided("B", "Unit B", 2, "commodity", "service", "no_form_here", None)]
    assert look(by_district, only=frozenset({"N", "A"})).one_sided == []


def test_a_facility_whose_services_are_reported_above_names_the_unit(by_district):
    answer = look(by_district, "A1")
    assert (answer.absences["service"][0].code, answer.absences["service"][0].reported_by) == (
        "reported_above",
        "A",
    )
    assert answer.line("service", "count").state.tolist() == [["not_applicable"] * 2]
    assert answer.absences["commodity"] == (None,)


def test_every_reason_of_an_absent_side_is_told_apart():
    rollup = a_rollup(
        ("A1", "DEPO", "closing", 201805, 4),
        ("B1", "DEPO", "closing", 201706, 4),
        ("A1", "NEW", "count", 201901, 1),
        ("B1", "NEW", "count", 201902, 1),
        assignments=assigned(hmis=("A1", "B1"), lmis=("A1", "B1")),
    )
    commodity = {unit: look(rollup, unit).absences["commodity"][0].code for unit in NAMES}
    assert commodity == {"A1": "no_report", "A2": "no_form_here", "B1": "not_carried", "B2": "no_form_here"}
    alone = PairItems(commodities=("DEPO",))
    assert look(rollup, pair=alone).absences["service"][0].code == "no_service_recorded"
    assert (
        look(rollup, pair=PairItems(services=("NEW",))).absences["commodity"][0].code == "no_commodity_paired"
    )


def test_a_group_without_the_unit_is_the_reason():

    groups = pd.DataFrame({"group": ["g"], "name": ["Hospitals"], "org_unit": ["A2"]})
    rollup = a_rollup(("A1", "NEW", "count", 201901, 1), groups=groups)
    assert look(rollup, "A1", group="g").absences["service"][0].code == "outside_group"
