"""What the generated country's places are like, whatever the day."""

from collections import Counter
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from demo.whotopia import outlines
from demo.whotopia.metadata import metadata
from demo.whotopia.places import Places
from demo.whotopia.timeline import number
from demo.whotopia.world import World


@pytest.fixture(scope="module")
def places() -> Places:
    """The whole country."""
    return World.of(1, date(2026, 11, 22)).places


def test_at_least_three_hundred_facilities_are_open_from_2024_to_2032(places: Places) -> None:
    there = places.open(number(203212) + 1).sum(axis=0)
    assert there[number(202401) :].min() >= 300
    assert len({*there[number(202401) :].tolist()}) > 1


def test_it_has_five_regions_thirty_districts_and_every_type_and_owner(places: Places) -> None:
    assert (len(places.regions), len(places.districts)) == (5, 30)
    kinds = Counter(facility.kind for facility in places.facilities)
    assert kinds["hospital"] >= 24
    assert 100 <= kinds["centre"] <= 120
    assert {facility.owner for facility in places.facilities} == {"public", "faith-based"}


def test_twenty_hospitals_keep_slips_at_least_one_a_region(places: Places) -> None:
    stores = places.stores()
    assert len(stores) == 20
    assert {places.facilities[n].kind for n in stores} == {"hospital"}
    assert {*places.region_of()[stores].tolist()} == {*range(5)}


def test_only_the_fifth_region_reports_by_quarter_in_three_groups(places: Places) -> None:
    fifth = places.region_of() == 4
    groups = np.array([facility.group for facility in places.facilities])
    assert {*groups[~fifth].tolist()} == {""}
    assert {*groups[fifth].tolist()} == {"A", "B", "C"}


def test_neighbouring_districts_have_the_very_same_border(places: Places) -> None:
    edges = Counter(edge for district in places.districts for edge in pairwise(district.outline))
    assert max(edges.values()) == 1, "a border is walked twice in the same direction: outlines overlap"
    inner = [edge for edge in edges if edge[::-1] in edges]
    outer = {edge for edge in edges if edge[::-1] not in edges}
    assert len(inner) > len(outer)
    assert {*pairwise(outlines.union(d.outline for d in places.districts))} == outer


def test_a_region_is_the_union_of_its_districts(places: Places) -> None:
    for region in places.regions:
        own = [d for d in places.districts if d.parent == region.code]
        assert sum(_area(d.outline) for d in own) == pytest.approx(_area(region.outline), rel=1e-9)


def test_every_facility_lies_in_its_own_district_alone(places: Places) -> None:
    for facility in places.facilities:
        point = facility.longitude, facility.latitude
        assert [d.code for d in places.districts if outlines.contains(d.outline, point)] == [
            facility.district
        ]


def test_names_repeat_between_districts_and_never_within_one(places: Places) -> None:
    names = [facility.name for facility in places.facilities]
    assert len({*names}) < len(names)
    assert len({(f.district, f.name) for f in places.facilities}) == len(names)
    assert any(not name.isascii() for name in names)
    assert any(name.endswith(" CHP") for name in names)
    towns = {district.name for district in places.districts}
    assert any(town in name for name in names for town in towns)


def test_catchments_are_skewed_and_grow(places: Places) -> None:
    start, later = places.population(0), places.population(60)
    assert start.mean() > np.median(start)
    assert ((later > start * 1.07) & (later < start * 1.2)).all()


def test_some_districts_are_as_they_are_in_the_whole_country(places: Places) -> None:
    some = World.of(1, date(2026, 11, 22), districts=3).places
    assert {*some.facilities} < {*places.facilities}


def test_another_seed_is_another_country(places: Places) -> None:
    other = World.of(2, date(2026, 11, 22)).places
    assert other.size == places.size
    assert {f.name for f in other.facilities} != {f.name for f in places.facilities}


def test_what_has_not_happened_yet_is_not_told() -> None:
    early, late = (_units(day) for day in (date(2024, 1, 10), date(2033, 1, 10)))
    opened = late.keys() - early.keys()
    closed = {uid for uid, unit in late.items() if "closedDate" in unit and uid in early} - {
        uid for uid, unit in early.items() if "closedDate" in unit
    }
    assert opened
    assert closed
    assert all(unit["openingDate"] <= "2024-01" for unit in early.values())
    assert all(late[uid]["openingDate"] > "2024-01" for uid in opened)
    assert all("2024-01-10" <= late[uid]["closedDate"] < "2033-01-10" for uid in closed)
    same = early.keys() - closed
    assert {uid: late[uid] for uid in same} == {uid: early[uid] for uid in same}


def _units(day: date) -> dict[str, dict[str, object]]:
    return {unit["id"]: unit for unit in metadata(World.of(1, day))["organisationUnits"]}


def _area(ring: outlines.Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2
