"""Whoever changes the trail of a store behind our back is found out, in both databases."""

import pytest
from sqlalchemy import text

from ledger.chain import broken
from tests.ledger.desks import Desk


@pytest.fixture
def recorded(database, clock):
    """Five movements of one store, a late one before a count, and one of another store."""
    desk = Desk(database, clock)
    desk.note("receive", 10, occurred_at="2026-02-01T08:00:00Z", lot="L1", expiry="2027-01-31")
    desk.note("count", 9, occurred_at="2026-02-10T08:00:00Z")
    desk.note(
        "dispense", 1, occurred_at="2026-02-09T08:00:00Z", recipient={"name": "Awa", "department": "ER"}
    )
    desk.note("dispense", 2)
    desk.note("receive", 7, unit="HospitalB")
    return desk


def tamper(database, *statements):
    with database.write() as connection:
        if database.dialect == "sqlite":
            connection.execute(text("DROP TRIGGER movements_no_update"))
            connection.execute(text("DROP TRIGGER movements_no_delete"))
        else:
            connection.execute(text("ALTER TABLE movements DISABLE TRIGGER movements_no_change"))
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def found(database):
    return {(each.unit, each.number) for each in broken(database)}


def test_an_untouched_trail_is_whole(recorded, database):
    assert broken(database) == []


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE movements SET given_by = 'x' WHERE unit = 'HospitalA' AND number = 2", 2),
        ("UPDATE movements SET packs = 100 WHERE unit = 'HospitalA' AND number = 1", 1),
        ("UPDATE movements SET occurred_at = corrected_at WHERE unit = 'HospitalA' AND number = 1", None),
        ("DELETE FROM movements WHERE unit = 'HospitalA' AND number = 3", 3),
        ("DELETE FROM movements WHERE unit = 'HospitalA' AND number = 5", 5),
        ("UPDATE movements SET number = 50 WHERE unit = 'HospitalA' AND number = 4", 4),
    ],
)
def test_a_changed_or_removed_movement_is_found(recorded, database, statement, number):
    tamper(database, statement)
    wrong = {(unit, at) for unit, at in found(database) if at}
    assert wrong == (set() if number is None else {("HospitalA", number)})


def test_a_store_whose_trail_vanished_is_found(recorded, database):
    tamper(database, "DELETE FROM movements WHERE unit = 'HospitalB'")
    assert ("HospitalB", 1) in found(database)


def test_movements_without_the_head_of_their_chain_are_found(recorded, database):
    tamper(database, "DELETE FROM stores WHERE unit = 'HospitalB'")
    assert found(database) == {("HospitalB", 1)}


@pytest.mark.parametrize(
    "statement", ["UPDATE balances SET balance = 1 WHERE unit = 'HospitalA'", "UPDATE lots SET balance = 1"]
)
def test_a_balance_that_is_not_the_sum_is_found(recorded, database, statement):
    tamper(database, statement)
    assert found(database) == {("HospitalA", 0)}
