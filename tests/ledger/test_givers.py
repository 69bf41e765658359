"""A giver is known by a short PIN that nobody can read and nobody can try for ever."""

import pytest
from sqlalchemy import select

from ledger.givers import PAUSE, WRONG_AT_MOST, Givers
from ledger.tables import givers


@pytest.fixture
def kept(database, clock):
    return Givers(database, clock)


def test_the_right_pin_is_known_and_a_wrong_one_is_not(kept):
    number = kept.add("HospitalA", "Awa Koné", "4711")
    assert kept.is_right(number, "4711") and not kept.is_right(number, "4712")
    assert [each.name for each in kept.of("HospitalA")] == ["Awa Koné"] and kept.of("HospitalB") == []


def test_the_same_pin_of_two_people_is_kept_differently_and_unread(kept, database):
    kept.add("HospitalA", "Awa", "4711")
    kept.add("HospitalA", "Binta", "4711")
    with database.read() as connection:
        stored = list(connection.execute(select(givers.c.pin)).scalars())
    assert len(set(stored)) == 2 and "4711" not in stored


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "１２３４"])
def test_a_pin_has_four_to_eight_digits(kept, pin):
    with pytest.raises(ValueError, match="four to eight digits"):
        kept.add("HospitalA", "Awa", pin)


def test_after_some_wrong_ones_even_the_right_one_has_to_wait(kept, clock):
    number = kept.add("HospitalA", "Awa", "4711")
    for _ in range(WRONG_AT_MOST):
        assert not kept.is_right(number, "0000")
    assert not kept.is_right(number, "4711")
    clock.pass_by(seconds=PAUSE.total_seconds())
    assert kept.is_right(number, "4711")


def test_a_pin_can_be_changed_and_ended(kept):
    number = kept.add("HospitalA", "Awa", "4711")
    assert kept.change(number, "2468")
    assert kept.is_right(number, "2468") and not kept.is_right(number, "4711")
    assert kept.end(number) and not kept.is_right(number, "2468") and kept.of("HospitalA") == []
    assert not kept.change(number, "1357")
