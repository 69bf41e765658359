"""Faults to be put into the real code, one at a time: a simulator that does not find them shows nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import PropertyMock, patch
from uuid import uuid4

from sqlalchemy import bindparam, select

from bench.simulator.device import Device
from bench.simulator.fates import Cut, Killed
from ledger.comparing import There, compare
from ledger.counts import Effect
from ledger.deliveries import Deliveries
from ledger.device_clocks import Sending
from ledger.movements import ACCEPTED, Movements, Result, _Writing
from ledger.openings import Openings
from ledger.outbox import Outbox
from ledger.outcome import Written
from ledger.places import ANCHORS
from ledger.tables import deliveries, movements
from loaders.store_entry import Held

_EVERY_COUNT = (
    select(*(movements.c[name] for name in ("unit", "item", "rank", "id", "lot")))
    .where(movements.c.unit.in_(bindparam("units", expanding=True)), movements.c.kind.in_(ANCHORS))
    .order_by(movements.c.rank)
)
Fault = Callable[[], AbstractContextManager[Any]]


@contextmanager
def _a_new_id_for_each_try() -> Iterator[None]:
    """A device makes another UUID when it sends again what may have arrived."""
    take = Device.take

    def renamed(self: Device) -> Any:
        taken = take(self)
        for each in taken:
            if each.tried > 1:
                each.movement["id"] = str(uuid4())
        return taken

    with patch.object(Device, "take", renamed):
        yield


@contextmanager
def _sent_means_answered() -> Iterator[None]:
    """A device forgets what it sent, whether an answer came or not."""
    post = Device.post

    def careless(self: Device, taken: Any) -> Any:
        try:
            return post(self, taken)
        except Cut:
            for each in taken:
                each.state = "accepted"
            raise

    with patch.object(Device, "post", careless):
        yield


@contextmanager
def _everybodys_entries() -> Iterator[None]:
    """A device sends whatever waits on it, whoever is signed in."""

    def take(self: Device) -> Any:
        taken = [each for each in self.open() if each.send_after <= self.fates.now][: self.batch]
        for each in taken:
            each.tried += 1
        return taken

    with patch.object(Device, "take", take):
        yield


@contextmanager
def _answered_before_the_disk() -> Iterator[None]:
    """The server answers although what it answers for was never committed."""
    accept = Movements.accept

    def hasty(self: Movements, batch: Any, rules: Any) -> Any:
        try:
            return accept(self, batch, rules)
        except Killed:
            return [Result(each["id"], ACCEPTED, 0) for each in batch.movements]

    with patch.object(Movements, "accept", hasty):
        yield


@contextmanager
def _repeats_are_answered_anew() -> Iterator[None]:
    """A repeat is told the balance of now, not that of its own time."""
    again = _Writing._again  # noqa: SLF001

    def anew(self: _Writing, raw: Any, body: str) -> Result:
        found = again(self, raw, body)
        return replace(found, balance=(found.balance or 0) + 1)

    with patch.object(_Writing, "_again", anew):
        yield


def _careless(figures: Any, there: There) -> Any:
    """Everything in DHIS2 counts as ours."""
    return compare(
        figures, replace(there, accepted={cell: [each.value] for cell, each in there.held.items()})
    )


def _blind(_: Outbox, account: Any, claim: Any, found: Any, there: There) -> Written:
    """What was sent counts as stored."""
    values = [(cell, str(found.targets[cell]), there.held.get(cell)) for cell in found.send]
    stored = replace(account.store(claim.unit, claim.month, values), conflicts=())
    return Written(stored, {**there.held, **{cell: Held(value) for cell, value, _ in values}})


@contextmanager
def _delivered_whatever_came_meanwhile() -> Iterator[None]:
    """What was recorded while a month was delivered counts as delivered with it."""
    done = Deliveries.done

    def greedy(self: Deliveries, connection: Any, claim: Any, answer: Any, trouble: Any = None) -> None:
        here = (deliveries.c.unit == claim.unit, deliveries.c.month == claim.month)
        marked = connection.execute(select(deliveries.c.marked).where(*here)).scalar_one()
        done(self, connection, replace(claim, marked=marked), answer, trouble)

    with patch.object(Deliveries, "done", greedy):
        yield


FAULTS: Mapping[str, Fault] = {
    "a new id for each try": _a_new_id_for_each_try,
    "sent means answered": _sent_means_answered,
    "everybody's entries": _everybodys_entries,
    "answered before the disk": _answered_before_the_disk,
    "repeats are answered anew": _repeats_are_answered_anew,
    "ids are not remembered": lambda: patch("ledger.movements._known", lambda *_: {}),
    "clocks are believed": lambda: patch.object(
        Sending, "skew", new_callable=PropertyMock, return_value=timedelta()
    ),
    "counts are not revised": lambda: patch(
        "ledger.posting.effect", lambda _anchors, _rank, delta, lot: Effect(delta, delta if lot else 0)
    ),
    "a count that was undone holds": lambda: patch("ledger.posting._STANDING", _EVERY_COUNT),
    "later months are not marked": lambda: patch("ledger.posting.months_from", lambda first, _: [first]),
    "a store's first month is forgotten": lambda: patch.object(Openings, "_began", lambda *_: 999912),
    "others are overwritten": lambda: patch("ledger.outbox.compare", _careless),
    "nobody looks into the audit": lambda: patch.object(Outbox, "_look_back", lambda *_: []),
    "doubts are forgotten": lambda: patch("ledger.outbox.read_doubts", lambda *_: {}),
    "nothing is read back": lambda: patch.object(Outbox, "_written", _blind),
    "writes are not announced": lambda: patch("ledger.outbox.intended", lambda _, there: there.accepted),
    "delivered whatever came meanwhile": _delivered_whatever_came_meanwhile,
}
"""By name."""
