"""Movements as events of DHIS2's program, against a real embedded one: put there whole, sent once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from ledger import places
from ledger.database import Database
from ledger.event_queue import EventQueue
from loaders.store_program import FIELDS, find_program, lacking, put, uid_of
from tests.ledger.stores import NAMES, Store


@pytest.fixture(scope="module")
def civ_dhis2(civ_filled, tmp_path_factory) -> Iterator[str]:
    """One whose form is closed, and whose program lacks what ours says more."""
    with civ_filled.serving(tmp_path_factory.mktemp("civ")) as address:
        yield address


@pytest.fixture
def store(civ_dhis2, tmp_path, migrated_file) -> Iterator[Store]:
    path = tmp_path / "tandem.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    database = Database.open(path)
    asked = {"filter": "code:eq:DS_1153709", "fields": "organisationUnits[id]"}
    auth = ("admin", "district")
    told = requests.get(f"{civ_dhis2}/api/dataSets", params=asked, auth=auth, timeout=30).json()
    yield Store(database, civ_dhis2, min(each["id"] for each in told["dataSets"][0]["organisationUnits"]))
    requests.delete(f"{civ_dhis2}/demo/faults", timeout=10)
    database.close()


def installed(store: Store) -> None:
    metadata = lacking(store.account.client, NAMES)
    if metadata:
        put(store.account.client, metadata)


def send(store: Store, turns: int = 20) -> None:
    program = find_program(store.account.client)
    assert program
    queue = EventQueue(store.database, store.clock)
    for _ in range(turns):
        if not queue.turn(store.account.client, program, store.account.form().codes):
            return


def events(store: Store) -> list[dict[str, str]]:
    """What DHIS2 has, by the names of its elements."""
    program = find_program(store.account.client)
    assert program
    names = {element: field for field, element in program.elements.items()}
    asked = {"program": program.id, "orgUnit": store.unit, "pageSize": 500}
    told = store.web.get(f"{store.address}/api/tracker/events", params=asked).json()["events"]
    return [
        {"id": each["event"]} | {names[v["dataElement"]]: v["value"] for v in each["dataValues"]}
        for each in told
    ]


def test_what_the_program_lacks_is_told_put_there_and_lacks_no_more(store):
    assert set(find_program(store.account.client).elements) < set(FIELDS)
    metadata = lacking(store.account.client, NAMES)
    told = {each["name"] for each in metadata["dataElements"]}
    assert {f"Stock transaction - {field}" for field in ("Asked", "Department", "Corrects")} <= told
    put(store.account.client, metadata)
    assert set(find_program(store.account.client).elements) == set(FIELDS)
    assert lacking(store.account.client, NAMES) == {}


def test_a_movement_is_one_event_with_all_that_it_says(store):
    installed(store)
    item = store.items[0]
    result = store.note(
        "dispense",
        item,
        3,
        asked=5,
        given_by="Koffi",
        recipient={"name": "Awa Koné", "department": "Maternité"},
        lot="L1",
        expiry="2027-05-31",
    )
    undone = store.note("reverse", "", 0, reverses=result.id)
    send(store)
    found = {each["id"]: each for each in events(store)}
    assert found[uid_of(result.id)] == {
        "id": uid_of(result.id),
        "Commodity": store.account.form().codes[item],
        "Kind": "dispense",
        "Quantity": "3",
        "Asked": "5",
        "Recipient": "Awa Koné",
        "Department": "Maternité",
        "Manager": "Koffi",
        "Lot": "L1",
        "Expiry": "2027-05-31",
    }
    assert found[uid_of(undone.id)]["Corrects"] == uid_of(result.id)


@pytest.mark.parametrize("kind", ["status", "truncate", "reset"])
def test_events_that_met_an_outage_are_there_once(store, kind):
    installed(store)
    before = len(events(store))
    for _ in range(5):
        store.note("receive", store.items[1], 2)
    store.fault(kind=kind, match="/api/tracker", rate=1.0, count=1, status=502, seed=2)
    send(store, 1)
    store.no_faults()
    store.note("receive", store.items[1], 2)
    start = datetime.now(UTC)
    store.clock = lambda: start + timedelta(hours=1)
    send(store)
    assert len(events(store)) == before + 6


def test_many_movements_go_out_in_batches_and_none_twice(store):
    installed(store)
    before = len(events(store))
    told = {"kind": "receive", "unit": store.unit, "item": store.items[2], "packs": 1}
    moment = {"occurred_at": store.clock().isoformat()}
    store.send(*({**told, **moment, "id": f"00000000-0000-4000-8000-{n:012d}", "seq": n} for n in range(450)))
    send(store)
    send(store)
    program = find_program(store.account.client)
    asked = {"program": program.id, "orgUnit": store.unit, "paging": "false", "fields": "event"}
    told = store.web.get(f"{store.address}/api/tracker/events", params=asked).json()["events"]
    assert len({each["event"] for each in told}) == len(told) == before + 450


def test_every_kind_of_movement_that_is_sent_has_a_meaning_when_it_is_pulled(whotopia):
    kinds = next(each for each in whotopia.events.programs if each.role == "movements").kinds
    assert set(kinds) >= {*places.KINDS, places.OPENING}
