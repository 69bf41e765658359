"""Packs between stores are sent by one and received by the other; what is missing stays open."""

import pytest

from ledger.transfers import Transfers
from tests.ledger.desks import Desk, a_movement


@pytest.fixture
def desk(database, clock):
    return Desk(database, clock)


@pytest.fixture
def transfers(database):
    return Transfers(database)


def send(desk, packs=10, **more):
    sent = a_movement("transfer_send", packs, **more)
    assert desk.send(sent)[0].status == "accepted"
    return sent["id"]


def receive(desk, packs, **more):
    return desk.note("transfer_receive", packs, unit="HospitalB", **more)


def open_packs(transfers, unit="HospitalA"):
    return [each.open for each in transfers.open_at(unit)]


def test_what_is_sent_is_on_the_way_until_it_is_received(desk, transfers):
    desk.note("receive", 30)
    number = send(desk)
    assert (desk.balance(), desk.balance("HospitalB"), open_packs(transfers)) == (20, None, [10])
    receive(desk, 10, transfer=number)
    assert (desk.balance("HospitalB"), open_packs(transfers)) == (10, [])


def test_what_does_not_arrive_stays_open_until_it_is_written_off(desk, transfers):
    number = send(desk)
    receive(desk, 8, transfer=number)
    assert open_packs(transfers, "HospitalB") == [2]
    found = desk.note("write_off", 2, unit="HospitalB", transfer=number, reason="missing")
    assert (found.balance, open_packs(transfers)) == (8, [])


def test_a_receipt_may_be_known_before_the_sending(desk, transfers):
    receive(desk, 10, partner="HospitalA")
    assert open_packs(transfers) == [-10]
    send(desk)
    assert open_packs(transfers) == []


def test_a_receipt_without_the_number_is_that_of_what_is_on_the_way(desk, transfers):
    send(desk)
    receive(desk, 10, partner="HospitalA")
    assert open_packs(transfers) == []


def test_a_receipt_names_a_transfer_that_comes_here(desk):
    number = send(desk, partner="HospitalC")
    assert receive(desk, 10, transfer=number).problem.code == "other_transfer"
    assert receive(desk, 10, transfer="00000000-0000-4000-8000-000000000000").problem.retry


def test_a_sending_is_undone_only_until_it_is_received(desk, transfers):
    number = send(desk)
    came = a_movement("transfer_receive", 10, unit="HospitalB", transfer=number)
    desk.send(came)
    undo = a_movement("reverse", reverses=number)
    assert desk.send(undo)[0].problem.code == "received_already"
    assert desk.note("reverse", unit="HospitalB", reverses=came["id"]).balance == 0
    assert desk.note("reverse", reverses=number).balance == 0
    assert open_packs(transfers) == []
