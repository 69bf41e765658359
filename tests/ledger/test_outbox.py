"""What reaches DHIS2, against a real embedded one, whose form has the present month open."""

import itertools
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import select

from ledger.consumption import consumed_earlier
from ledger.database import Database
from ledger.looking import Lookout
from ledger.orders import Orders
from ledger.projection import project
from ledger.tables import differences
from loaders.errors import NotReachable
from tests.ledger.stores import ZONE, Store
from tests.servers import demo_server
from tests.small_whotopia import TODAY


@pytest.fixture(scope="module")
def dhis2(whotopia_seed, tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("dhis2")
    with demo_server(folder, "--seed", str(whotopia_seed), "--today", TODAY.isoformat()) as address:
        yield address


@pytest.fixture(scope="module")
def units(dhis2) -> Iterator[Any]:
    """The units that have the form, in turn: a test takes one over as the one before it left it."""
    asked = {"filter": "code:eq:DS_1153709", "fields": "organisationUnits[id]"}
    told = requests.get(f"{dhis2}/api/dataSets", params=asked, auth=("admin", "district"), timeout=30).json()
    return itertools.cycle(sorted(each["id"] for each in told["dataSets"][0]["organisationUnits"]))


class Clock:
    """Noon of the day that the embedded DHIS2 shows, and on when told to."""

    def __init__(self) -> None:
        self.now = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(dhis2, units, tmp_path, migrated_file) -> Iterator[Store]:
    path = tmp_path / "tandem.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    database = Database.open(path)
    found = Store(database, dhis2, next(units), Clock())
    found.clock.now = datetime.now(UTC).replace(year=TODAY.year, month=TODAY.month, day=TODAY.day)
    yield found
    found.no_faults()
    database.close()


def seconds_pass() -> None:
    """DHIS2 dates what is typed to the second, and a balance stands a second after its consumption."""
    time.sleep(3.05)


def in_stock(store: Store, least: int = 8) -> str:
    """An item of which there is something in DHIS2."""
    held = {item: int(v) for (item, measure), v in store.form().items() if measure == "closing"}
    return (
        max(held, key=lambda item: held[item])
        if held and max(held.values()) >= least
        else pytest.fail("none")
    )


def test_what_is_dispensed_adds_to_the_consumption_and_leaves_the_end_balance(store):
    item, before = in_stock(store), store.form()
    store.open()
    store.note("dispense", item, 3, recipient={"name": "Awa"})
    store.deliver()
    after = store.form()
    assert int(after[item, "consumed"]) == int(before.get((item, "consumed"), 0)) + 3
    assert int(after[item, "closing"]) == int(before[item, "closing"]) - 3
    assert {cell: v for cell, v in after.items() if cell[0] != item} == {
        cell: v for cell, v in before.items() if cell[0] != item
    }
    assert store.deliveries.waiting() == []


def test_the_consumption_of_the_months_before_is_taken_over(store):
    """It tells what coming days may need, until the store's own book does."""
    present = TODAY.year * 100 + TODAY.month
    store.open()
    held = store.account.history(store.unit, present, 12)
    told = {
        (item, month): int(float(value.value))
        for month, cells in held.items()
        for (item, measure), value in cells.items()
        if measure == "consumed" and month < present
    }
    earlier = consumed_earlier(store.database, store.unit, present)
    assert len(told) > 20
    assert {(item, m): packs for item, months in earlier.items() for m, packs in months.items()} == told


def test_losses_deliveries_and_counts_change_the_end_balance_alone(store):
    item, before = in_stock(store), store.form()
    store.open()
    store.note("write_off", item, 2, reason="expired")
    store.note("receive", item, 10)
    store.note("count", item, int(before[item, "closing"]) + 5)
    store.deliver()
    after = store.form()
    assert int(after[item, "closing"]) == int(before[item, "closing"]) + 5
    assert after.get((item, "consumed")) == before.get((item, "consumed"))


def test_returns_and_reversals_take_back_consumption(store):
    item, before = in_stock(store), store.form()
    store.open()
    first = store.note("dispense", item, 4)
    store.note("dispense", item, 3)
    store.note("return", item, 1)
    store.note("reverse", "", 0, reverses=first.id)
    store.deliver()
    after = store.form()
    assert int(after[item, "consumed"]) == int(before.get((item, "consumed"), 0)) + 2
    assert int(after[item, "closing"]) == int(before[item, "closing"]) - 2


def test_a_store_that_nobody_records_in_is_never_written(store):
    before = store.form()
    store.open()
    store.deliver()
    assert store.form() == before
    assert store.deliveries.claim() is None


def test_what_was_dispensed_before_the_store_was_taken_over_is_delivered_with_it(store):
    item, before = in_stock(store), store.form()
    store.note("dispense", item, 3)
    store.deliver()
    assert store.form() == before
    assert store.openings.due() == (store.unit, "store")
    store.openings.open(store.account, *store.openings.due())
    store.deliver()
    assert int(store.form()[item, "closing"]) == int(before[item, "closing"]) - 3
    assert int(store.form()[item, "consumed"]) == int(before.get((item, "consumed"), 0)) + 3


def test_a_value_that_somebody_else_changed_stays_and_is_a_difference(store):
    item = in_stock(store)
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    ours = store.form()[item, "closing"]
    store.type(item, "closing", "777")
    store.note("dispense", item, 2)
    store.deliver()
    assert store.form()[item, "closing"] == "777"
    found = store.open_difference("changed", "closing")
    assert (found["ours"], found["theirs"], found["stored_by"]) == (int(ours) - 2, "777", "admin")
    assert found["choices"] == ["take", "keep", "ask"]


def test_keeping_ours_lets_it_be_overwritten_once(store):
    item = in_stock(store)
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    ours = store.form()[item, "closing"]
    store.type(item, "closing", "777")
    store.note("dispense", item, 2)
    store.deliver()
    store.choices.choose(store.open_difference("changed")["id"], "keep", "store")
    store.deliver()
    assert store.form()[item, "closing"] == str(int(ours) - 2)
    assert "changed" not in store.kinds()
    store.type(item, "closing", "777")
    store.note("dispense", item, 1)
    store.deliver()
    assert store.form()[item, "closing"] == "777"
    assert store.open_difference("changed")["choice"] == ""


def test_taking_theirs_is_a_count_as_of_when_it_was_written(store):
    item = in_stock(store)
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    seconds_pass()
    store.type(item, "closing", "777")
    store.clock.now = store.clock.now.replace(microsecond=0) + timedelta(seconds=30)
    store.note("dispense", item, 2)
    store.deliver()
    store.choices.choose(store.open_difference("changed")["id"], "take", "store")
    store.deliver()
    assert store.form()[item, "closing"] == "775"
    assert "changed" not in store.kinds()


def test_taking_a_consumption_and_the_balance_written_with_it_agrees_in_either_order(store):
    item, before = in_stock(store), store.form()
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    consumed, closing = (int(store.form()[item, measure]) for measure in ("consumed", "closing"))
    seconds_pass()
    store.type(item, "closing", str(closing - 4))
    store.type(item, "consumed", str(consumed + 5))
    store.clock.now += timedelta(seconds=30)
    store.note("dispense", item, 1)
    store.deliver()
    for measure in ("closing", "consumed"):
        store.choices.choose(store.open_difference("changed", measure)["id"], "take", "store")
    store.deliver()
    after = store.form()
    assert int(after[item, "consumed"]) == consumed + 6
    assert int(after[item, "closing"]) == closing - 5
    assert store.kinds() in ([], ["zero"] * len(store.kinds()))
    assert int(before[item, "closing"]) >= 8


def test_asking_the_district_leaves_both_as_they_are(store):
    item = in_stock(store)
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    store.type(item, "closing", "777")
    store.note("dispense", item, 1)
    store.deliver()
    told = store.choices.choose(store.open_difference("changed")["id"], "ask", "store")
    assert (told["open"], told["choice"], told["chosen_by"]) == (True, "ask", "store")
    store.note("dispense", item, 1)
    store.deliver()
    assert store.form()[item, "closing"] == "777"
    assert store.open_difference("changed")["choice"] == "ask"


def test_what_somebody_changes_after_us_is_found_though_nothing_more_is_recorded(store):
    item = in_stock(store)
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    lookout = Lookout(store.database, ZONE, store.clock)
    assert lookout.look(store.account) == 0
    store.type(item, "closing", "777")
    assert lookout.look(store.account) == 1
    store.deliver()
    assert store.open_difference("changed")["theirs"] == "777"


def test_a_balance_below_zero_is_sent_as_zero_and_listed(store):
    item, before = in_stock(store), store.form()
    store.open()
    store.note("dispense", item, int(before[item, "closing"]) + 4)
    store.deliver()
    assert store.form().get((item, "closing"), "0") == "0"
    assert store.open_difference("below_zero")["ours"] == -4


def test_a_zero_that_dhis2_drops_is_listed_until_it_keeps_zeros(store):
    item, before = in_stock(store), store.form()
    store.open()
    store.note("dispense", item, int(before[item, "closing"]))
    store.deliver()
    assert (item, "closing") not in store.form()
    assert [
        each["item"] for each in store.disagreements.open_of([store.unit]) if each["measure"] == "closing"
    ]
    store.metadata("dataElements", item, [{"op": "replace", "path": "/zeroIsSignificant", "value": True}])
    with store.database.write() as connection:
        store.deliveries.hurry(connection, store.unit, store.month, "store")
    store.deliver()
    assert store.form()[item, "closing"] == "0"
    left = [each["measure"] for each in store.disagreements.open_of([store.unit]) if each["item"] == item]
    assert left == []
    store.metadata("dataElements", item, [{"op": "replace", "path": "/zeroIsSignificant", "value": False}])


def test_a_mark_for_follow_up_and_a_comment_stay_when_we_write(store):
    item = in_stock(store)
    store.type(item, "closing", store.form()[item, "closing"], comment="counted twice", followUp="true")
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    held = store.account.month(store.unit, store.month).held[item, "closing"]
    assert (held.follow_up, held.comment) == (True, "counted twice")


def test_a_unit_without_the_form_is_not_written_and_says_so(store):
    item, before = in_stock(store), store.form()
    store.open()
    form = store.account.form().id
    store.web.delete(f"{store.address}/api/dataSets/{form}/organisationUnits/{store.unit}")
    store.note("dispense", item, 1)
    store.deliver()
    assert store.form() == before
    assert store.kinds() == ["unassigned"]
    assert "Assign" in store.deliveries.waiting()[0]["remedy"]
    store.web.post(f"{store.address}/api/dataSets/{form}/organisationUnits/{store.unit}")
    store.deliver()
    assert int(store.form()[item, "closing"]) == int(before[item, "closing"]) - 1
    assert "unassigned" not in store.kinds()


def test_without_the_right_nothing_is_written_and_it_is_said(store):
    item, before = in_stock(store), store.form()
    store.open()
    store.accounts = [store.entry("viewer", "Viewer-1234")]
    store.note("dispense", item, 1)
    store.deliver()
    assert store.form() == before
    assert store.kinds() == ["right"]
    store.accounts = [store.entry("nobody", "wrong"), store.account]
    store.deliver()
    assert int(store.form()[item, "closing"]) == int(before[item, "closing"]) - 1


def test_a_closed_month_waits_says_so_and_is_delivered_when_it_is_opened(store):
    item, before = in_stock(store), store.form()
    store.open()
    form = store.account.form().id
    store.metadata("dataSets", form, [{"op": "replace", "path": "/openFuturePeriods", "value": 0}])
    store.note("dispense", item, 1)
    store.deliver()
    assert store.form() == before
    assert "closed" in store.kinds()
    assert "Open future periods" in store.deliveries.waiting()[0]["remedy"]
    store.metadata("dataSets", form, [{"op": "replace", "path": "/openFuturePeriods", "value": 1}])
    store.deliver()
    assert int(store.form()[item, "closing"]) == int(before[item, "closing"]) - 1
    assert "closed" not in store.kinds()


def test_an_order_goes_out_when_a_person_sends_it_and_the_month_is_completed_when_asked(store):
    item = in_stock(store)
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    orders = Orders(store.database, store.clock)
    orders.send(store.unit, store.month, {item: 17}, "store")
    orders.complete(store.unit, store.month, "store")
    store.deliver()
    form = store.account.form().id
    asked = {"dataSet": form, "orgUnit": store.unit, "period": store.month}
    told = store.web.get(f"{store.address}/api/completeDataSetRegistrations", params=asked).json()
    if "changed" in store.kinds():
        store.choices.choose(store.open_difference("changed", "ordered")["id"], "keep", "store")
        store.deliver()
    assert store.form()[item, "ordered"] == "17"
    assert told["completeDataSetRegistrations"][0]["completed"] is True
    assert orders.of(store.unit, store.month)["completed_at"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 502, "count": 2},
        {"kind": "reset", "count": 2},
        {"kind": "truncate", "count": 2},
        {"kind": "latency", "ms": 4000, "count": 1},
        {"kind": "login", "count": 2},
    ],
    ids=lambda fault: fault["kind"],
)
@pytest.mark.parametrize("match", ["/api/dataValueSets", "/api/dataEntry/dataValues"])
def test_an_outage_loses_nothing_and_doubles_nothing(store, fault, match):
    item, before = in_stock(store), store.form()
    store.open()
    store.note("dispense", item, 2)
    store.fault(match=match, rate=1.0, seed=1, **fault)
    store.hurry()
    store.outbox.turn()
    store.note("dispense", item, 1)
    store.deliver()
    store.no_faults()
    time.sleep(fault.get("ms", 0) / 1000)  # what DHIS2 took late may still be stored, over what came after
    Lookout(store.database, ZONE, store.clock).look(store.account)
    store.deliver()
    assert int(store.form()[item, "consumed"]) == int(before.get((item, "consumed"), 0)) + 3
    assert int(store.form()[item, "closing"]) == int(before[item, "closing"]) - 3
    assert set(store.kinds()) <= {"zero"}
    assert store.deliveries.waiting() == []


def test_what_somebody_types_between_our_look_and_our_write_is_not_lost(store, monkeypatch):
    item = in_stock(store)
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    time.sleep(1.1)
    write = store.account.store

    def after_somebody_typed(*asked):
        monkeypatch.undo()
        store.type(item, "closing", "555")
        time.sleep(1.1)
        return write(*asked)

    monkeypatch.setattr(store.account, "store", after_somebody_typed)
    store.note("dispense", item, 1)
    store.deliver()
    found = store.open_difference("overwritten")
    assert (found["theirs"], found["item"], found["choices"]) == ("555", item, ["take", "keep", "ask"])
    store.choices.choose(found["id"], "take", "store")
    store.deliver()
    assert store.form()[item, "closing"] == "555"


def test_that_is_found_though_we_died_right_after_the_write(store, monkeypatch):
    item = in_stock(store)
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    time.sleep(1.1)
    write = store.account.store

    def dying(*asked):
        monkeypatch.undo()
        store.type(item, "closing", "555")
        time.sleep(1.1)
        write(*asked)
        raise NotReachable("The line was cut.", "Wait.", transient=True)

    monkeypatch.setattr(store.account, "store", dying)
    store.note("dispense", item, 1)
    store.deliver()
    assert store.open_difference("overwritten")["theirs"] == "555"


def test_two_writers_on_one_value_agree_in_the_end_or_differ_openly(store):
    """Our ledger and DHIS2's own form, at once, on one cell: never a sum that nobody sees."""
    item = in_stock(store)
    store.open()
    store.note("receive", item, 300)
    store.deliver()
    typed = [str(1000 + n) for n in range(25)]

    def somebody() -> None:
        for value in typed:
            store.type(item, "closing", value)

    thread = threading.Thread(target=somebody)
    thread.start()
    while thread.is_alive():
        store.note("dispense", item, 1)
        store.hurry()
        store.outbox.turn()
        for each in store.disagreements.open_of([store.unit]):
            if each["kind"] == "changed":
                store.choices.choose(each["id"], "keep", "store")
    thread.join()
    Lookout(store.database, ZONE, store.clock).look(store.account)
    store.deliver()
    with store.database.read() as connection:
        ours = str(project(connection, store.unit, store.month)[item].closing)
    differs = {each["theirs"] for each in store.disagreements.open_of([store.unit]) if each["choices"]}
    there = store.form()[item, "closing"]
    assert there == ours or there in differs
    decided = {each.theirs for each in every_difference(store)}
    assert decided, "nobody typed in between: the test did not test"


def every_difference(store: Store) -> list[Any]:
    with store.database.read() as connection:
        return list(connection.execute(select(differences).where(differences.c.unit == store.unit)))
