"""What is taken from DHIS2's form holds in the order in which it was written there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ledger.balances import Balances
from ledger.choices import Choices
from ledger.differences import Differences
from ledger.disagreements import CHANGED, OVERWRITTEN, Disagreements, Found

UNIT, MONTH = "HospitalA", 202603
ITEMS = [f"Item{number:02}" for number in range(12)]
ZONE = ZoneInfo("Africa/Abidjan")
APRIL = datetime(2026, 4, 2, 8, tzinfo=UTC)
WRITTEN = datetime(2026, 3, 31, 16, 13, 16, tzinfo=UTC)


@pytest.fixture
def form(database):
    return Form(database)


class Form:
    """What somebody wrote, and what is decided about it."""

    def __init__(self, database):
        self.database = database
        self.choices = Choices(database, ZONE, lambda: APRIL)
        self.disagreements = Disagreements(database, lambda: APRIL)

    def take(self, kind, item, packs, written):
        found = Found(kind, item, "closing", theirs=str(packs), changed_at=written)
        with self.database.write() as connection:
            self.disagreements.add(connection, (UNIT, MONTH), [found])
        self.choices.choose(self.disagreements.open_of([UNIT])[0]["id"], "take", "manager")

    def balances(self):
        return {each.item: each.balance for each in Balances(self.database).of(UNIT)}

    def differences(self):
        found = Differences(self.database).of(UNIT, 20260301, 20260430, all_counts=True)
        return {(each.item, each.counted): each.difference for each in found}


def test_what_gave_way_stood_before_what_took_its_place_though_both_bear_its_moment(form):
    for item in ITEMS:
        form.take(CHANGED, item, 2916, WRITTEN)
        form.take(OVERWRITTEN, item, 2614, WRITTEN)
    assert form.balances() == dict.fromkeys(ITEMS, 2916)
    assert form.differences() == {(item, n): d for item in ITEMS for n, d in ((2614, 2614), (2916, 302))}


def test_of_two_values_of_a_month_that_was_over_the_later_holds_in_whatever_order_they_are_taken(form):
    values = ((1000, 3), (555, 2))
    for number, item in enumerate(ITEMS):
        for packs, hours in values if number % 2 else reversed(values):
            form.take(CHANGED, item, packs, APRIL - timedelta(hours=hours))
    assert form.balances() == dict.fromkeys(ITEMS, 555)
    assert form.differences() == {(item, n): d for item in ITEMS for n, d in ((1000, 1000), (555, -445))}
