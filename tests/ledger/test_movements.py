from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from ledger.chain import broken
from ledger.movements import Batch, Movements
from ledger.tables import movements
from tests.ledger.desks import RULES, ZONE, Desk, a_movement, a_number, at


@pytest.fixture
def desk(database, clock):
    clock.now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    return Desk(database, clock)


def rows(database, **wanted):
    with database.read() as connection:
        found = connection.execute(select(movements).order_by(movements.c.number)).mappings()
        return [dict(row) for row in found if all(row[name] == value for name, value in wanted.items())]


def test_what_is_received_and_dispensed_makes_the_balance(desk):
    assert desk.note("receive", 10).balance == 10
    assert desk.note("dispense", 3).balance == 7
    assert desk.note("return", 1).balance == 8
    assert desk.note("write_off", 2, reason="expired").balance == 6
    assert desk.balance() == 6


def test_the_same_again_gets_the_first_answer_and_changes_nothing(desk):
    sent = a_movement("receive", 10)
    first = desk.send(sent)[0]
    desk.note("dispense", 4)
    again = desk.send(sent)[0]
    assert (first.status, again.status) == ("accepted", "duplicate")
    assert (first.balance, again.balance) == (10, 10)
    assert desk.balance() == 6


def test_the_same_twice_in_one_batch_counts_once(desk):
    sent = a_movement("receive", 10)
    assert [each.status for each in desk.send(sent, sent)] == ["accepted", "duplicate"]
    assert desk.balance() == 10


def test_a_known_id_with_another_body_is_a_conflict(desk):
    sent = a_movement("receive", 10)
    desk.send(sent)
    found = desk.send({**sent, "packs": 11})[0]
    assert (found.status, found.problem.code) == ("conflict", "conflict")
    assert desk.balance() == 10


def test_each_movement_of_a_batch_is_judged_alone(desk):
    found = desk.send(
        a_movement("receive", 5), {"id": "?"}, 7, a_movement("receive", -1), a_movement("receive", 2)
    )
    assert [each.status for each in found] == ["accepted", "rejected", "rejected", "rejected", "accepted"]
    assert desk.balance() == 7


def test_nothing_is_refused_for_lack_of_stock(desk):
    found = desk.note("dispense", 3)
    assert (found.status, found.balance, found.flags[-1]) == ("accepted", -3, "below_zero")


def test_a_refusal_is_remembered_unless_it_may_be_otherwise_later(desk):
    never, later = a_movement(packs=-1), a_movement(unit="HospitalX")
    assert [each.problem.retry for each in desk.send(never, later)] == [False, True]
    assert [each.problem.code for each in desk.send(never, {**never, "packs": 1})] == ["whole", "conflict"]
    assert desk.send({**later, "unit": "HospitalA"})[0].status == "accepted"


def test_a_reversal_undoes_a_movement_once(desk):
    desk.note("receive", 10)
    sent = a_movement("dispense", 4)
    desk.send(sent)
    assert desk.note("reverse", reverses=sent["id"]).balance == 10
    assert desk.note("reverse", reverses=sent["id"]).problem.code == "reversed_already"
    assert desk.balance() == 10


def test_reversals_of_what_is_no_movement_of_the_store_are_refused(desk):
    sent = a_movement("receive", 4)
    undo = a_movement("reverse", reverses=sent["id"])
    assert desk.send(undo)[0].problem.code == "reverses_unknown"
    desk.send(sent)
    assert desk.send(a_movement("reverse", unit="HospitalB", reverses=sent["id"]))[0].problem.code == (
        "reverses_elsewhere"
    )
    assert desk.send(undo)[0].status == "accepted"
    again = desk.send(a_movement("reverse", reverses=undo["id"]))[0]
    assert again.problem.code == "reverses_reversal"


def test_a_count_fixes_the_balance_and_its_difference_is_kept(desk, database):
    desk.note("receive", 10)
    found = desk.note("count", 8)
    assert (found.balance, found.flags) == (8, ("difference",))
    assert rows(database, kind="count")[0]["delta"] == -2


def test_a_movement_before_a_count_that_arrives_later_changes_the_difference(desk, database):
    desk.note("receive", 10, occurred_at=at(1))
    count = a_movement("count", 8, occurred_at=at(10))
    desk.send(count)
    found = desk.note("dispense", 2, occurred_at=at(9))
    assert (found.balance, found.flags) == (8, ("new_recipient", "late"))
    revision = rows(database, kind="revision")[0]
    assert (revision["delta"], revision["revises"]) == (2, count["id"])
    assert sum(row["delta"] for row in rows(database) if count["id"] in (row["id"], row["revises"])) == 0


def test_a_movement_after_the_last_count_changes_the_balance(desk):
    desk.note("count", 8, occurred_at=at(10))
    assert desk.note("dispense", 2, occurred_at=at(11)).balance == 6


def test_a_count_that_arrives_late_looks_at_its_own_moment(desk, database):
    desk.note("receive", 10, occurred_at=at(1))
    desk.note("dispense", 3, occurred_at=at(12))
    assert desk.note("count", 9, occurred_at=at(10)).balance == 6
    assert rows(database, kind="count")[0]["delta"] == -1


def test_a_count_between_two_others_moves_the_difference_of_the_next(desk, database):
    desk.note("receive", 10, occurred_at=at(1))
    desk.note("count", 6, occurred_at=at(20, 10))
    assert desk.note("count", 9, occurred_at=at(10)).balance == 6
    assert [row["delta"] for row in rows(database, item="Oxytocin")] == [10, -4, -1, 1]


def test_a_reversed_count_no_longer_holds(desk):
    desk.note("receive", 10, occurred_at=at(1))
    count = a_movement("count", 8, occurred_at=at(10))
    desk.send(count)
    assert desk.note("reverse", reverses=count["id"]).balance == 10
    assert desk.note("dispense", 2, occurred_at=at(9)).balance == 8


def test_a_count_reversed_in_a_batch_no_longer_holds_for_what_follows_in_it(desk):
    desk.note("receive", 10, occurred_at=at(1))
    count = a_movement("count", 8, occurred_at=at(10))
    undone = a_movement("reverse", reverses=count["id"])
    desk.send(count, undone, a_movement("dispense", 2, occurred_at=at(9)))
    assert desk.balance() == 8


def test_the_reversal_of_what_was_before_a_count_leaves_the_count_alone(desk):
    desk.note("receive", 10, occurred_at=at(1))
    wrong = a_movement("dispense", 5, occurred_at=at(5))
    desk.send(wrong)
    desk.note("count", 10, occurred_at=at(10))
    assert desk.note("reverse", reverses=wrong["id"], occurred_at=at(15)).balance == 10


def test_a_clock_that_is_wrong_is_corrected(database, clock):
    clock.now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    ahead = Desk(database, clock, "ahead", ahead=timedelta(days=2))
    found = ahead.note("receive", 10)
    assert found.flags == ("clock",)
    row = rows(database)[0]
    assert (row["corrected_at"], row["day"]) == (clock.now, 20260320)
    assert row["occurred_at"] == clock.now + timedelta(days=2)


def test_a_typed_time_is_not_corrected(database, clock):
    clock.now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    ahead = Desk(database, clock, "ahead", ahead=timedelta(days=2))
    ahead.note("receive", 10, occurred_at=at(5), typed=True)
    assert rows(database)[0]["day"] == 20260305


@pytest.mark.parametrize(
    ("sent_by", "noted"),
    [
        (2100, "2010-01-01T00:00:00+00:00"),
        (9999, "2026-03-01T08:00:00+00:00"),
        (2026, "2010-01-01T00:00:00Z"),
    ],
    ids=["between two wrong clocks", "beyond all dates", "a clock that began anew and was put right"],
)
def test_what_no_clock_can_tell_happened_before_the_next_of_its_device(database, clock, sent_by, noted):
    clock.now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    desk = Desk(database, clock, ahead=clock.now.replace(year=sent_by) - clock.now)
    lost = a_movement("receive", 10, seq=1, occurred_at=noted)
    known = a_movement("dispense", 1, seq=2, typed=True, occurred_at=at(19))
    assert [each.status for each in desk.send(lost, known)] == ["accepted", "accepted"]
    [row] = rows(database, id=lost["id"])
    assert (row["corrected_at"], row["month"]) == (clock.now, 202603)
    assert [each.flags for each in desk.send(lost)] == [("clock",)]


def test_a_late_entry_of_a_device_that_told_no_time_of_its_own_keeps_its_time(database, clock):
    clock.now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    old = a_movement("receive", 10, occurred_at="2024-11-05T08:00:00+00:00")
    [found] = Movements(database, ZONE, clock).accept(Batch("file", None, [old]), RULES)
    assert found.flags == () and rows(database)[0]["month"] == 202411


def test_nothing_happened_after_it_was_received(desk, database, clock):
    desk.send(a_movement("receive", 10, occurred_at=at(30)))
    assert rows(database)[0]["corrected_at"] == clock.now


def test_the_month_is_that_of_the_day_where_it_happened(desk, database, clock):
    clock.now = datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
    desk.note("receive", 1, occurred_at="2026-04-01T01:30:00+02:00")
    assert rows(database)[0]["month"] == 202603


def test_the_database_itself_refuses_to_change_what_was_recorded(desk, database):
    desk.note("receive", 10)
    for statement in ("UPDATE movements SET packs = 1", "DELETE FROM movements"):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
            connection.execute(text(statement))
    assert broken(database) == []


def test_who_collects_is_learned_and_known_again(desk, database):
    first = desk.note("dispense", recipient={"name": "Aïcha Koné", "department": "Maternité"})
    again = desk.note("dispense", recipient={"name": "aicha  kone", "department": "maternite"})
    alike = desk.note("dispense", recipient={"name": "Aïcha Konné", "department": "Maternité"})
    assert "new_recipient" in first.flags and "new_recipient" not in again.flags
    assert {"new_recipient", "alike"} <= set(alike.flags)
    found = rows(database)
    assert found[0]["recipient"] == found[1]["recipient"] != found[2]["recipient"]
    assert len({row["department"] for row in found}) == 1


def test_a_recipient_may_be_made_on_the_device(desk, database):
    person = a_number()
    desk.note("dispense", recipient={"id": person, "name": "Aïcha Koné", "department": "Maternité"})
    found = desk.note("dispense", recipient={"id": person})
    assert "unknown_recipient" not in found.flags
    assert {row["recipient"] for row in rows(database)} == {person}


def test_the_first_balance_comes_once_and_what_was_before_it_changes_nothing(desk):
    moment = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
    for _ in range(2):
        desk.movements.open_items("HospitalA", {"Oxytocin": 40}, moment, "store")
    assert desk.balance() == 40
    desk.note("dispense", 5, occurred_at=at(20, month=2))
    assert desk.balance() == 40
    assert desk.note("dispense", 5).balance == 35
