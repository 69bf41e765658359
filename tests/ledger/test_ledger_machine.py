"""Whatever is recorded, in whatever order it arrives: the ledger says what a slow replay says."""

import shutil
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from ledger.chain import broken
from ledger.database import Database
from ledger.differences import Differences
from ledger.figures import monthly
from ledger.tables import balances, lots, transfers
from tests.ledger.conftest import Clock, empty
from tests.ledger.desks import ITEMS, UNITS, Desk, a_movement, a_number
from tests.ledger.oracle import Happened, replay

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SENT_AT = datetime(2026, 5, 1, tzinfo=UTC)
MONTHS = (202601, 202604)
ITEM, LOT = st.sampled_from([ITEMS[0], ITEMS[0], ITEMS[1]]), st.sampled_from([None, None, "A", "B"])
PACKS, UNIT = st.integers(0, 40), st.sampled_from([UNITS[0], UNITS[0], UNITS[1]])
MINUTES = st.integers(0, 110).map(lambda number: number * 24 * 60)
KINDS = st.sampled_from(["count", "receive", "dispense", "count", "return", "write_off"])
NOTES = st.lists(st.tuples(KINDS, UNIT, ITEM, PACKS, MINUTES, LOT), min_size=4, max_size=16)
PICKS = st.lists(st.integers(0, 500), min_size=1, max_size=6)


class Ledger(RuleBasedStateMachine):
    """Two stores, two items, two lots, and devices that tell of January to April in any order."""

    fresh: Callable[[], Database]

    def __init__(self):
        super().__init__()
        self.database = self.fresh()
        self.desk = Desk(self.database, Clock(SENT_AT))
        self.events, self.told, self.undone, self.used, self.kept_back = {}, [], set(), set(), []

    def moment(self, minutes):
        """A moment that no other movement has, so that the true order is one."""
        while minutes in self.used:
            minutes += 1
        self.used.add(minutes)
        return minutes, BEGAN + timedelta(minutes=minutes)

    def make(self, kind, unit, item, packs, minutes, **more):
        number, moment = self.moment(minutes)
        told = a_movement(kind, packs, unit=unit, item=item, occurred_at=moment.isoformat(), **more)
        month = moment.year * 100 + moment.month
        event = Happened(number, told["id"], kind, unit, item, packs, more.get("lot") or "", month)
        return told, event

    def deliver(self, noted):
        """Send what was noted, as one batch in its order; nothing of it is refused."""
        results = self.desk.send(*(told for told, _ in noted))
        assert [each.status for each in results] == ["accepted"] * len(noted)
        self.events |= {event.id: event for _, event in noted}
        self.told += [told for told, _ in noted]

    def note(self, kind, unit, item, packs, minutes, lot):
        return self.make(kind, unit, item, packs, minutes, lot=lot)

    @rule(notes=NOTES)
    def record(self, notes):
        self.deliver([self.note(*each) for each in notes])

    @rule(notes=NOTES)
    def note_without_a_network(self, notes):
        self.kept_back += [self.note(*each) for each in notes]

    @precondition(lambda self: self.kept_back)
    @rule(order=st.randoms(use_true_random=False))
    def come_back_online(self, order):
        order.shuffle(self.kept_back)
        self.deliver(self.kept_back)
        self.kept_back = []

    @precondition(lambda self: self.told)
    @rule(picks=PICKS)
    def send_again(self, picks):
        told = [self.told[pick % len(self.told)] for pick in picks]
        assert {each.status for each in self.desk.send(*told, *told)} == {"duplicate"}
        other = [{**each, "packs": each["packs"] + 1} for each in told]
        assert {each.status for each in self.desk.send(*other)} == {"conflict"}

    @precondition(lambda self: self.told)
    @rule(picks=PICKS)
    def undo(self, picks):
        for told in (self.told[pick % len(self.told)] for pick in picks):
            if told["kind"].startswith("transfer"):
                continue
            result = self.desk.send(a_movement("reverse", unit=told["unit"], reverses=told["id"]))[0]
            assert result.status == ("rejected" if told["id"] in self.undone else "accepted")
            self.undone.add(told["id"])

    @rule(item=ITEM, packs=PACKS, less=st.integers(-2, 3), days=st.tuples(MINUTES, MINUTES))
    def transfer(self, item, packs, less, days):
        """From one store to the other; who receives may tell of it before who sends, and count otherwise."""
        sent = self.make("transfer_send", UNITS[0], item, packs, days[0], partner=UNITS[1])
        more = {"transfer": sent[0]["id"], "partner": UNITS[0]}
        came = self.make("transfer_receive", UNITS[1], item, max(packs - less, 0), days[1], **more)
        self.deliver([sent, came] if less % 2 else [came, sent])

    @invariant()
    def balances_are_those_of_the_true_order(self):
        book = replay(self.events.values(), self.undone)
        with self.database.read() as connection:
            held = {(row.unit, row.item): row.balance for row in connection.execute(select(balances))}
            by_lot = {(r.unit, r.item, r.lot): r.balance for r in connection.execute(select(lots))}
        assert held == {key: book.items[key] for key in held}
        assert {key for key, packs in book.items.items() if packs} <= set(held)
        assert {key: packs for key, packs in by_lot.items() if packs} == {
            key: packs for key, packs in book.lots.items() if packs
        }

    def teardown(self):
        book = replay(self.events.values(), self.undone)
        self.differences_are_those_of_the_true_order(book)
        self.months_are_those_of_the_true_order(book)
        self.packs_are_conserved(book)
        assert broken(self.database) == []
        self.database.close()

    def differences_are_those_of_the_true_order(self, book):
        found = {
            each.count: each.difference
            for unit in UNITS[:2]
            for each in Differences(self.database).of(unit, 20260101, 20261231, all_counts=True)
        }
        assert found == book.differences

    def months_are_those_of_the_true_order(self, book):
        for unit in UNITS[:2]:
            for each in monthly(self.database, unit, *MONTHS):
                for what in ("consumed", "received", "lost", "transferred", "differences"):
                    assert getattr(each, what) == book.flows[unit, each.item, each.month, what], (each, what)

    def packs_are_conserved(self, book):
        """What came from suppliers and counts is in the stores, on the way, used or lost."""
        total = defaultdict(int)
        for unit in UNITS[:2]:
            for each in monthly(self.database, unit, *MONTHS):
                total[each.item] += each.received + each.differences - each.consumed - each.lost
        with self.database.read() as connection:
            for row in connection.execute(select(balances)):
                total[row.item] -= row.balance
            for row in connection.execute(select(transfers)):
                total[row.item] -= row.sent - row.received - row.lost
        assert set(total.values()) <= {0}


def run(fresh, examples):
    """Run the machine; `fresh` gives an empty database for each example."""
    machine = type("OverIt", (Ledger,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=10))


def test_the_ledger_agrees_with_a_slow_replay_in_sqlite(migrated_file, tmp_path):
    def fresh():
        path = tmp_path / a_number() / "tandem.sqlite3"
        path.parent.mkdir()
        shutil.copy(migrated_file, path)
        return Database.open(path)

    run(fresh, 30)


def test_the_ledger_agrees_with_a_slow_replay_in_postgresql(migrated_server):
    def fresh():
        opened = Database.open(migrated_server)
        empty(opened)
        return opened

    run(fresh, 6)
