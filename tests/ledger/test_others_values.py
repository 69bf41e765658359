"""What somebody else types into DHIS2's own form, before, between and after what we write."""

import threading
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from ledger.looking import Lookout
from ledger.projection import project
from ledger.tables import differences
from loaders.errors import NotReachable
from tests.ledger.stores import ZONE, Store, in_stock


def seconds_pass() -> None:
    """DHIS2 dates what is typed to the second, and a balance stands a second after its consumption."""
    time.sleep(3.05)


def delivered(store):
    """An item of which one pack went out and DHIS2 was told, a second ago: it dates changes to the second."""
    item = in_stock(store)
    store.open()
    store.note("dispense", item, 1)
    store.deliver()
    time.sleep(1.1)
    return item


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


def test_what_somebody_types_between_our_look_and_our_write_is_not_lost(store, monkeypatch):
    item = delivered(store)
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
    item = delivered(store)
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
