"""Slips, orders and messages of the last year, as DHIS2 keeps them."""

import json
from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest

from demo.ids import is_uid
from demo.whotopia import epidemiology, logistics, messages, metadata, orders, staff, stores, transactions
from demo.whotopia.asks import DEPARTMENTS
from demo.whotopia.timeline import number
from demo.whotopia.world import World

TODAY = date(2021, 5, 9)
KINDS = {
    "dispense": 1,
    "return": -1,
    "reverse": -1,
    "receive": 0,
    "write_off": 0,
    "count": 0,
    "transfer_send": 0,
    "transfer_receive": 0,
}


@pytest.fixture(scope="module")
def country():
    world = World.of(1, TODAY, districts=6)
    demand = epidemiology.simulate(world)
    books = stores.simulate(world, demand)
    return world, books, logistics.simulate(world, demand, books)


@pytest.fixture(scope="module")
def slips(country):
    return list(transactions.events(*country[:2]))


@pytest.fixture(scope="module")
def ordered(country):
    return list(orders.events(*country))


def value(event, name):
    return event["dataValues"].get(f"{event['program']} - {name}", "")


def month_of(event):
    return number(int(event["occurredAt"][:4] + event["occurredAt"][5:7]))


def test_slips_are_of_the_last_twelve_months_and_none_lies_ahead(country, slips):
    world = country[0]
    assert {month_of(event) for event in slips} == set(range(world.timeline.first_slips, world.timeline.size))
    assert max(event["createdAt"] for event in slips) < TODAY.isoformat()
    assert all(event["occurredAt"] <= event["createdAt"] for event in slips)
    assert all(a["createdAt"] <= b["createdAt"] for a, b in pairwise(slips))


def test_consumption_of_the_form_is_dispensed_less_returned_and_reversed(country, slips):
    world, books, _ = country
    consumed = defaultdict(int)
    for event in slips:
        key = value(event, "Commodity"), event["orgUnit"], month_of(event)
        consumed[key] += KINDS[value(event, "Kind")] * int(value(event, "Quantity"))
    for row, item in enumerate(world.catalogue.life_saving):
        for column, code in enumerate(books.codes):
            for month in range(world.timeline.first_slips, world.timeline.size):
                told = int(books.measures["consumed"][row, column, month])
                assert consumed[item.code, code, month] == told


def test_end_balance_of_the_form_follows_from_the_slips(country, slips):
    """A reader who knows the balance before the first slip arrives at every later one."""
    world, books, _ = country
    first = world.timeline.first_slips
    codes = [item.code for item in world.catalogue.life_saving]
    balance = {
        (item, code): int(books.measures["closing"][row, column, first - 1])
        for row, item in enumerate(codes)
        for column, code in enumerate(books.codes)
    }
    signs = {"dispense": -1, "write_off": -1, "transfer_send": -1}
    in_time = sorted(enumerate(slips), key=lambda pair: (pair[1]["occurredAt"], pair[0]))
    for _, event in in_time:
        key, packs = (value(event, "Commodity"), event["orgUnit"]), int(value(event, "Quantity"))
        kind = value(event, "Kind")
        balance[key] = packs if kind == "count" else balance[key] + signs.get(kind, 1) * packs
    for (item, code), packs in balance.items():
        told = books.measures["closing"][codes.index(item), books.codes.index(code), -1]
        assert packs == told


def test_ids_are_valid_unique_and_stable(country, slips, ordered):
    ids = [event["event"] for event in [*slips, *ordered]]
    assert len(set(ids)) == len(ids)
    assert all(map(is_uid, ids))
    assert [e["event"] for e in transactions.events(*country[:2])] == [e["event"] for e in slips]


def test_programs_and_elements_are_those_of_the_metadata(country, slips, ordered):
    told = metadata.metadata(country[0])
    units = {unit["id"]: unit["code"] for unit in told["organisationUnits"]}
    programs = {
        program["name"]: {units[unit["id"]] for unit in program["organisationUnits"]}
        for program in told["programs"]
    }
    elements = {element["name"] for element in told["dataElements"]}
    people = {user["username"] for user in told["users"]}
    for event in [*slips, *ordered]:
        assert event["orgUnit"] in programs[event["program"]]  # DHIS2 refuses events of other units
        assert event["storedBy"] in people
        assert set(event["dataValues"]) <= elements


def test_a_reversal_names_the_slip_that_it_takes_back(slips):
    known = {event["event"]: event for event in slips}
    reversals = [event for event in slips if value(event, "Kind") == "reverse"]
    assert reversals
    for event in reversals:
        before = known[value(event, "Document")]
        assert value(before, "Kind") == "dispense"
        assert value(before, "Quantity") == value(event, "Quantity")
        assert value(before, "Commodity") == value(event, "Commodity")


def test_every_dispensing_names_who_gave_who_collected_and_for_whom(slips):
    given = [event for event in slips if value(event, "Kind") == "dispense"]
    assert all(value(event, n) for event in given for n in ("Manager", "Recipient", "Department", "Asked"))
    usual = sum(value(event, "Department") in DEPARTMENTS for event in given) / len(given)
    assert 0.88 < usual < 0.99
    others = {name for names in staff.OTHER_NAMES.values() for name in names}
    assert {value(event, "Department") for event in given} <= {*DEPARTMENTS, *others}
    managers = defaultdict(set)
    for event in given:
        managers[event["orgUnit"]].add(value(event, "Manager"))
    assert all(2 <= len(names) <= 6 for names in managers.values())


def test_some_people_are_written_down_in_several_ways(slips):
    """An initial for the first name, beside the whole name, at the same store."""
    names = defaultdict(set)
    for event in slips:
        if value(event, "Recipient"):
            names[event["orgUnit"]].add(value(event, "Recipient"))
    for known in names.values():
        shortened = {f"{first[0]}. {last}" for first, last in (n.split() for n in known if n.count(" ") == 1)}
        assert shortened & known


def test_orders_say_what_was_suggested_and_shipments_what_arrived(country, ordered):
    confirmations = [e for e in ordered if e["program"] == orders.ORDER]
    shipments = [e for e in ordered if e["program"] == orders.SHIPMENT]
    decisions = {value(e, "Decision") for e in confirmations}
    assert decisions == {"confirmed", "changed", "declined"}
    for event in confirmations:
        same = value(event, "Quantity suggested") == value(event, "Quantity confirmed")
        assert same == (value(event, "Decision") == "confirmed")
    assert all(int(value(e, "Quantity received")) <= int(value(e, "Quantity shipped")) for e in shipments)
    assert {e["orgUnit"] for e in confirmations} > set(country[1].codes)


def test_acknowledged_at_a_store_is_what_its_slips_received(country, slips, ordered):
    received, acknowledged = defaultdict(int), defaultdict(int)
    for event in slips:
        if value(event, "Kind") == "receive":
            received[value(event, "Document"), value(event, "Commodity")] += int(value(event, "Quantity"))
    for event in ordered:
        if event["program"] == orders.SHIPMENT and event["orgUnit"] in country[1].codes:
            key = value(event, "Delivery note number"), value(event, "Commodity")
            acknowledged[key] += int(value(event, "Quantity received"))
    assert {key: packs for key, packs in acknowledged.items() if packs} == received


def test_conversations_tell_of_suggestion_note_delay_and_receipt(country):
    world, books, _ = country
    told = list(messages.conversations(world, books))
    assert {c["participants"][1] for c in told} >= {"store"}
    said = [m for c in told for m in c["messages"]]
    assert all(m["created"] < TODAY.isoformat() for m in said)
    assert len({m["id"] for m in said}) == len(said)
    texts = " ".join(m["text"] for m in said)
    assert all(word in texts for word in ("Suggested order", "Delivery note", "is late", "Received on"))
    assert any(len(c["read"]) < len(c["participants"]) for c in told)


def test_everything_can_be_written_as_json(country, slips, ordered):
    for thing in (slips, ordered, list(messages.conversations(*country[:2]))):
        assert json.loads(json.dumps(thing, ensure_ascii=False)) == thing
