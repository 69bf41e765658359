"""Months, days, history and lots of a store, worked out of its movements."""

from datetime import UTC, date, datetime

import pytest

from ledger.balances import Balances, Lot, first_expired_first_out
from ledger.figures import book_begins, daily, monthly
from ledger.history import Wanted, history
from ledger.recipients import Recipients
from tests.ledger.desks import Desk, a_movement, at


@pytest.fixture
def desk(database, clock):
    clock.now = datetime(2026, 4, 10, 12, tzinfo=UTC)
    return Desk(database, clock)


@pytest.fixture
def kept(desk, database):
    """March: 20 received, 6 of 9 given, 2 brought back, 1 lost, 3 given and undone, 12 counted at its end."""
    desk.note("receive", 20, occurred_at=at(2))
    desk.note("dispense", 6, asked=9, occurred_at=at(5))
    desk.note("return", 2, occurred_at=at(6))
    desk.note("write_off", 1, reason="expired", occurred_at=at(7))
    wrong = a_movement("dispense", 3, asked=4, occurred_at=at(8))
    desk.send(wrong)
    desk.note("reverse", reverses=wrong["id"], occurred_at=at(2, month=4))
    desk.note("count", 12, occurred_at=at(31))
    desk.note("dispense", 12, occurred_at=at(3, month=4))
    return database


def test_a_month_adds_up_and_a_reversal_counts_in_the_month_of_what_it_undoes(kept):
    march, april = monthly(kept, "HospitalA", 202603, 202604)
    assert (march.consumed, march.asked, march.received, march.lost) == (4, 9, 20, 1)
    assert (march.differences, march.closing, april.consumed, april.closing) == (-3, 12, 12, 0)


def test_a_month_without_movements_carries_its_balance_on(kept):
    assert [each.closing for each in monthly(kept, "HospitalA", 202603, 202606)] == [12, 0, 0, 0]
    assert monthly(kept, "HospitalA", 202601, 202602) == []


def test_days_say_what_was_asked_for_and_which_ended_with_nothing(kept):
    days = daily(kept, "HospitalA", date(2026, 3, 1), date(2026, 4, 5))["Oxytocin"]
    assert (days.first, days.asked[3], days.closing[3], days.closing[-1]) == (date(2026, 3, 2), 9, 14, 0)
    assert sum(days.asked) == 21 and days.out == 3
    assert book_begins(kept, "HospitalA") == date(2026, 3, 2)


def test_days_that_begin_later_begin_with_what_there_was(kept):
    days = daily(kept, "HospitalA", date(2026, 3, 10), date(2026, 3, 12))["Oxytocin"]
    assert days.closing == (15, 15, 15)


def test_the_balance_of_any_moment_is_known(kept):
    balances = Balances(kept)
    assert balances.at("HospitalA", datetime(2026, 3, 5, 7, tzinfo=UTC)) == {"Oxytocin": 20}
    assert balances.at("HospitalA", datetime(2026, 3, 5, 9, tzinfo=UTC)) == {"Oxytocin": 14}
    assert balances.at("HospitalA", datetime(2026, 3, 1, tzinfo=UTC)) == {}


def test_history_is_filtered_and_names_who_collected_and_what_was_undone(kept):
    found = history(kept, "HospitalA", Wanted(kinds=("dispense",), text="awa maternity"))
    assert [each["packs"] for each in found] == [12, 3, 6]
    assert [each["reversed_by"] is not None for each in found] == [False, True, False]
    (awa,) = Recipients(kept).people("HospitalA", 0)
    hers = history(kept, "HospitalA", Wanted(recipient=awa.id))
    assert {each["recipient"] for each in hers} == {"Awa Koné"}
    assert {each["id"] for each in found} <= {each["id"] for each in hers}
    assert history(kept, "HospitalA", Wanted(recipient="nobody")) == []
    one_day = history(kept, "HospitalA", Wanted(first=20260331, last=20260331))
    assert [each["kind"] for each in one_day] == ["count"]
    assert history(kept, "HospitalA", Wanted(text="100%")) == []


def test_pages_of_the_history_leave_nothing_out(kept):
    whole = [each["id"] for each in history(kept, "HospitalA", Wanted())]
    paged, before = [], None
    while page := history(kept, "HospitalA", Wanted(limit=3, before=before)):
        paged += [each["id"] for each in page]
        before = (page[-1]["rank"], page[-1]["id"])
    assert paged == whole and len(whole) == 8


def test_lots_are_kept_apart_and_those_that_expire_first_are_suggested_first(desk, database):
    desk.note("receive", 5, lot="B", expiry="2027-01-31")
    desk.note("receive", 3, lot="A", expiry="2026-06-30")
    desk.note("dispense", 1, lot="A")
    held = Balances(database).lots("HospitalA")
    assert [(each.lot, each.balance) for each in held] == [("A", 2), ("B", 5)]
    assert first_expired_first_out(held, 4, date(2026, 5, 1)) == [("A", 2), ("B", 2)]
    assert first_expired_first_out(held, 9, date(2026, 7, 1)) == [("B", 5)]
    assert first_expired_first_out([Lot("i", "C", None, 2)], 1, date(2026, 7, 1)) == [("C", 1)]


def test_a_first_balance_waits_to_be_counted(desk, database):
    desk.movements.open_items("HospitalA", {"Zinc": 4}, datetime(2026, 3, 31, tzinfo=UTC), "store")
    assert Balances(database).unconfirmed("HospitalA") == {"Zinc"}
    desk.note("count", 4, item="Zinc")
    assert Balances(database).unconfirmed("HospitalA") == set()
