"""What reaches DHIS2, against a real embedded one, whose form has the present month open."""

import time

import pytest

from ledger.consumption import consumed_earlier
from ledger.looking import Lookout
from ledger.orders import Orders
from tests.ledger.stores import ZONE, in_stock
from tests.small_whotopia import TODAY


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
