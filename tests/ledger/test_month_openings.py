from datetime import UTC, datetime

import pytest

from ledger.month_openings import month_openings
from tests.ledger.desks import Desk, at


@pytest.fixture
def desk(database, clock):
    clock.now = datetime(2026, 6, 20, 12, tzinfo=UTC)
    return Desk(database, clock)


def test_a_month_begins_with_what_all_movements_before_it_left(desk, database):
    desk.note("receive", 10, occurred_at=at(5, month=3))
    desk.note("dispense", 3, occurred_at=at(20, month=3))
    desk.note("dispense", 2, occurred_at=at(2, month=5))
    desk.note("receive", 4, occurred_at=at(5, month=5), item="Zinc")
    found = [(each.item, each.month, each.packs) for each in month_openings(database, 202606)]
    assert found == [
        ("Oxytocin", 202604, 7),
        ("Oxytocin", 202605, 7),
        ("Oxytocin", 202606, 5),
        ("Zinc", 202606, 4),
    ]


def test_nothing_is_said_of_months_before_the_first_movement_or_without_a_store(desk, database):
    assert month_openings(database, 202606) == []
    desk.note("receive", 10, occurred_at=at(5, month=6))
    assert month_openings(database, 202606) == []
