"""What each kind of movement does: the row it becomes, and what it changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from ledger.counts import Effect
from ledger.device_clocks import beside, rank
from ledger.movement_form import Movement, Problem, Refused
from ledger.places import (
    ANCHORS,
    ARRIVE,
    COUNTED,
    DISPENSE,
    KINDS,
    LOSS,
    REVERSE,
    SEND,
    WRITE_OFF,
    Route,
    difference,
    other_end,
    route,
    transit,
)
from ledger.posting import Fact, Posting, Row
from ledger.recipients import Collected, Register
from ledger.tables import movements
from ledger.transfers import Change, Transfer, Way


@dataclass(frozen=True)
class Answer:
    """What a movement led to: the item's balance after it, and what is worth a second look."""

    balance: int
    flags: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "Answer":
        """An answer as it was remembered."""
        found = json.loads(text)
        return cls(int(found["balance"]), tuple(found["flags"]))

    def written(self) -> str:
        """As it is remembered."""
        return json.dumps({"balance": self.balance, "flags": self.flags})


@dataclass(frozen=True)
class Entry:
    """A movement that is about to be recorded: when it happened, and what its sending is flagged with."""

    movement: Movement
    moment: datetime
    flags: tuple[str, ...] = ()


class Recorder:
    """Records movements in one transaction.

    Args:
        posting: the transaction, which holds every store that is concerned.
    """

    def __init__(self, posting: Posting) -> None:
        self._posting = posting

    @cached_property
    def _register(self) -> Register:
        return Register(self._posting.connection, self._posting.units, self._posting.versions)

    @cached_property
    def _way(self) -> Way:
        return Way(self._posting.connection, self._posting.units)

    def record(self, entry: Entry) -> Answer:
        """Record a movement.

        Raises:
            Refused: it names another movement or transfer that does not fit; nothing was changed.
        """
        kind = entry.movement.kind
        if kind == REVERSE:
            return self._reverse(entry)
        if kind in ANCHORS:
            return self._count(entry)
        return self._move(entry)

    def end(self) -> None:
        """Write what is left to be written."""
        if "_register" in vars(self):  # else nobody collected anything
            self._register.end()
        self._posting.end()

    def _move(self, entry: Entry) -> Answer:
        movement = entry.movement
        transfer = self._way.of(movement) if _is_on_the_way(movement) else None
        collected = self._collected(entry)
        way = _route(movement, collected, transfer)
        row = self._row(entry, collected) | _of(way) | {"transfer": transfer.id if transfer else None}
        if transfer:
            self._change(transfer, row, movement.packs, entry.moment)
        return self._post(row, (*entry.flags, *_worth_a_look(row, movement), *collected.flags))

    def _collected(self, entry: Entry) -> Collected:
        told = entry.movement.recipient
        return self._register.collected(entry.movement.unit, told, entry.moment) if told else Collected()

    def _count(self, entry: Entry) -> Answer:
        """A count: its difference is what it found more than the book says."""
        movement = entry.movement
        row = self._row(entry, Collected())
        book = self._posting.balance_at(_fact(row, 0))
        end = COUNTED if movement.kind == COUNTED else "before"
        row |= _of(difference(movement.unit, movement.packs - book, end))
        flags = ("difference",) if row["delta"] and movement.kind == COUNTED else ()
        answer = self._post(row, (*entry.flags, *flags))
        self._posting.stand(row)
        return answer

    def _reverse(self, entry: Entry) -> Answer:
        """Undo a movement at its own moment; a count that is undone no longer holds."""
        movement = entry.movement
        known = self._reversible(movement)
        delta = -int(known["delta"])
        if known["kind"] in ANCHORS:
            delta = -self._difference(known)
            self._posting.fall(known)
        own = self._row(entry, Collected())
        row = {**known, **{name: own[name] for name in _ITS_OWN}} | {
            "delta": delta,
            "asked": _asked(known),
            "origin": known["destination"],
            "destination": known["origin"],
            "reverses": known["id"],
            "rank": beside(known["rank"]),
            "reason": movement.reason,
        }
        if known["kind"] in ANCHORS:  # its revisions may have turned the difference round
            row |= _of(difference(movement.unit, delta))
        transfer = self._way.known(known["transfer"]) if known["transfer"] else None
        if transfer:
            self._change(transfer, known, -int(known["packs"]), None)
        return self._post(row, entry.flags)

    def _post(self, row: Row, flags: tuple[str, ...]) -> Answer:
        fact = _fact(row, row["delta"])
        found: Effect = self._posting.effect(fact)
        balance = self._posting.balance(row["unit"], row["item"]) + found.balance
        said = (*flags, *(("late",) if found.revisions else ()), *(("below_zero",) if balance < 0 else ()))
        answer = Answer(balance, tuple(dict.fromkeys(said)))
        self._posting.append(row | {"answer": answer.written()})
        self._posting.apply(fact, found)
        return answer

    def _change(
        self, transfer: Transfer, row: Mapping[str, Any], packs: int, moment: datetime | None
    ) -> None:
        """Add to a transfer what a movement of it carried; both ends see it."""
        part = {SEND: "sent", ARRIVE: "received"}.get(str(row["kind"]), "lost")
        self._way.change(Change(transfer, **{part: packs}, moment=moment))
        for unit in (transfer.origin, transfer.destination):
            self._posting.touch(unit)

    def _row(self, entry: Entry, collected: Collected) -> Row:
        movement = entry.movement
        same = ("id", "seq", "kind", "packs", "asked", "lot", "expiry", "occurred_at", "body", "reverses")
        told = {name: getattr(movement, name) for name in (*same, "given_by", "reason", "document")}
        blank = self._posting.blank(movement.unit, movement.item, entry.moment)
        return (
            blank
            | told
            | {
                "recipient": collected.recipient,
                "department": collected.department,
                "rank": rank(entry.moment, self._posting.stamp.device, movement),
            }
        )

    def _reversible(self, movement: Movement) -> Row:
        """The movement that is to be undone.

        Raises:
            Refused: there is none, it is another store's, a reversal itself, undone already, or has arrived.
        """
        self._posting.flush()
        kept = movements.c
        question = select(movements).where(
            (kept.id == movement.reverses) | (kept.reverses == movement.reverses)
        )
        rows = [dict(row) for row in self._posting.connection.execute(question).mappings()]
        known = next((row for row in rows if row["id"] == movement.reverses), None)
        values = {"value": movement.reverses or ""}
        if known is None:
            raise Refused(Problem("reverses_unknown", "reverses", values, retry=True))
        if known["unit"] != movement.unit:
            raise Refused(Problem("reverses_elsewhere", "reverses", values))
        if known["kind"] not in KINDS or known["kind"] == REVERSE:
            raise Refused(Problem("reverses_reversal", "reverses", values))
        if len(rows) > 1:
            raise Refused(Problem("reversed_already", "reverses", values))
        self._still_on_the_way(known)
        return known

    def _still_on_the_way(self, known: Row) -> None:
        transfer = self._way.known(known["transfer"]) if known["kind"] == SEND else None
        if transfer and transfer.received:
            raise Refused(Problem("received_already", "reverses", {"value": known["id"]}))

    def _difference(self, count: Row) -> int:
        """What a count and its revisions added to the book."""
        kept = movements.c
        rows = select(func.sum(kept.delta)).where((kept.id == count["id"]) | (kept.revises == count["id"]))
        return int(self._posting.connection.execute(rows).scalar_one())


_ITS_OWN = (
    "id", "kind", "seq", "device", "username", "occurred_at", "corrected_at", "received_at", "body",
    "given_by", "document",
)  # fmt: skip
"""What a reversal does not take from the movement that it reverses."""


def _asked(known: Mapping[str, Any]) -> int | None:
    """What a reversal takes back of the demand: only what was dispensed had been asked for."""
    if known["kind"] != DISPENSE:
        return None
    return int(known["packs"] if known["asked"] is None else known["asked"])


def _is_on_the_way(movement: Movement) -> bool:
    return movement.kind in (SEND, ARRIVE) or (movement.kind == WRITE_OFF and movement.transfer is not None)


def _route(movement: Movement, collected: Collected, transfer: Transfer | None) -> Route:
    if movement.kind == WRITE_OFF and transfer:
        return Route(transit(transfer.id), LOSS, 0)
    end = other_end(movement.kind, collected.department, transfer.id if transfer else None)
    return route(movement.kind, movement.unit, movement.packs, end)


def _of(way: Route) -> Row:
    return {"origin": way.origin, "destination": way.destination, "delta": way.delta}


def _fact(row: Mapping[str, Any], delta: int) -> Fact:
    return Fact(row["unit"], row["item"], row["lot"], row["rank"], delta, row["id"], row["expiry"])


def _worth_a_look(row: Row, movement: Movement) -> tuple[str, ...]:
    found = []
    if movement.kind == DISPENSE and not movement.recipient:
        found.append("no_recipient")
    if movement.kind == DISPENSE and movement.expiry and int(movement.expiry.strftime("%Y%m%d")) < row["day"]:
        found.append("expired")
    return tuple(found)
