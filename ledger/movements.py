"""Taking in what devices send: each movement judged alone, recorded once, remembered with its answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.device_clocks import WORTH_SAYING, Sending, corrected
from ledger.movement_form import Movement, Problem, Refused, Rules, fingerprint, number_of, read
from ledger.places import OPENING
from ledger.posting import Posting, Stamp
from ledger.recording import Answer, Entry, Recorder
from ledger.tables import balances, devices, movements, refusals, transfers
from ledger.upserts import insert_absent, upsert

ACCEPTED, DUPLICATE, CONFLICT, REJECTED = "accepted", "duplicate", "conflict", "rejected"
TRIES = 5
AT_ONCE = 500
_TAKEN, _REFUSED = (
    select(table.c.id, table.c.body, table.c.answer).where(
        table.c.id.in_(bindparam("numbers", expanding=True))
    )
    for table in (movements, refusals)
)


@dataclass(frozen=True)
class Batch:
    """What a device sends at once. `device_now` is its clock; None when that says nothing, as in a file."""

    device: str
    device_now: datetime | None
    movements: Sequence[Any]


@dataclass(frozen=True)
class Result:
    """What became of one movement.

    Attributes:
        id: as it was sent; None when it was no text.
        status: accepted, duplicate (the same again: its first answer), conflict (the id of another),
        rejected. balance: of the item after it; None where nothing was recorded. flags: what is worth a
        second look. problem: why it was not recorded.
    """

    id: Any
    status: str
    balance: int | None = None
    flags: tuple[str, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True)
class _Known:
    """What is remembered of an id: the body that came with it, and the answer or the refusal."""

    body: str
    answer: Answer | None
    problem: Problem | None


class Movements:
    """The movements of all stores: the only way into the ledger.

    Args:
        database: where they are kept.
        zone: the country's time zone, which months and days are of.
        clock: the server's.
    """

    def __init__(self, database: Database, zone: ZoneInfo, clock: Clock = utc_now) -> None:
        self._database, self._zone, self._clock = database, zone, clock

    def now(self) -> datetime:
        """This moment, by the clock that receives."""
        return self._clock()

    def accept(self, batch: Batch, rules: Rules) -> list[Result]:
        """Take in a batch: one result for each movement, in order.

        All that is recorded is on the disk when this returns. Whatever is wrong with one movement leaves
        the others alone; what physically happened is not refused for lack of stock.

        Args:
            batch: what a device sent.
            rules: which units and items there are, and where the sender may record.
        """
        whole = replace(rules, items=self._items_too(rules))
        sound = [_judged(raw, whole) for raw in batch.movements]
        for last in range(TRIES - 1, -1, -1):
            try:
                return self._write(batch, sound, rules.username)
            except IntegrityError:  # another sending of the same ids, to another store, was faster
                if not last:
                    raise
        return []

    def open_items(
        self, unit: str, packs: Mapping[str, int], moment: datetime, username: str
    ) -> list[Result]:
        """Give items of a store their first balance, as DHIS2 last knew it; a second time changes nothing.

        Args:
            unit: the store's unit.
            packs: by item.
            moment: when that was the balance, as the end of a month.
            username: who confirmed it.
        """
        opened = [
            Movement(
                id=str(uuid5(NAMESPACE_OID, f"{OPENING} {unit} {item}")),
                seq=0,
                kind=OPENING,
                unit=unit,
                item=item,
                packs=amount,
                occurred_at=moment,
                body=fingerprint({"unit": unit, "item": item, "packs": amount}),
                typed=True,
            )
            for item, amount in packs.items()
        ]
        return self._write(Batch("server", None, [{"id": each.id} for each in opened]), opened, username)

    def _items_too(self, rules: Rules) -> Mapping[str, str]:
        """The items of the form, and those that some store still holds though the form has dropped them."""
        with self._database.read() as connection:
            held = connection.execute(select(balances.c.item).distinct()).scalars()
            return {**{item: item for item in held}, **rules.items}

    def _write(self, batch: Batch, sound: Sequence[Movement | Problem], username: str) -> list[Result]:
        received_at = self._clock()
        with self._database.write() as connection:
            writing = _Writing(connection, batch, sound, Stamp(username, batch.device, received_at))
            return writing.results(self._zone)


class _Writing:
    """One batch in one transaction."""

    def __init__(
        self, connection: Connection, batch: Batch, sound: Sequence[Movement | Problem], stamp: Stamp
    ) -> None:
        self._connection, self._batch, self._sound, self._stamp = connection, batch, sound, stamp
        self._numbers = [number for raw in batch.movements if (number := number_of(raw))]
        self._known = _known(connection, self._numbers)
        self._refused: list[dict[str, Any]] = []

    def results(self, zone: ZoneInfo) -> list[Result]:
        """Record what is new; the result of each."""
        movements_in = [each for each in self._sound if isinstance(each, Movement)]
        fresh = [each for each in movements_in if each.id not in self._known]
        sending = self._sending()
        moments = corrected(fresh, sending)
        units = _units_of(self._connection, fresh)
        recorder = Recorder(Posting(self._connection, units, self._stamp, zone)) if fresh else None
        if recorder:  # who held the stores before us may have recorded the same
            self._known = _known(self._connection, self._numbers)
        found = []
        for raw, judged in zip(self._batch.movements, self._sound, strict=True):
            if isinstance(judged, Problem):
                found.append(self._rejected(raw, judged))
            elif judged.id in self._known or recorder is None:
                found.append(self._again(raw, judged.body))
            else:
                entry = Entry(judged, moments[judged.id], _clock(judged, moments[judged.id]))
                found.append(self._recorded(raw, entry, recorder))
        if recorder:
            recorder.end()
        insert_absent(self._connection, refusals, self._refused)
        self._note_device(fresh, sending)
        return found

    def _recorded(self, raw: Any, entry: Entry, recorder: Recorder) -> Result:
        try:
            answer = recorder.record(entry)
        except Refused as refusal:
            return self._rejected(raw, refusal.problem)
        self._known[entry.movement.id] = _Known(entry.movement.body, answer, None)
        return Result(raw["id"], ACCEPTED, answer.balance, answer.flags)

    def _again(self, raw: Any, body: str) -> Result:
        """What came before: the same answer; the id of something else: a conflict."""
        known = self._known[str(number_of(raw))]
        if known.body != body:
            problem = Problem("conflict", "id", {"value": str(raw["id"])})
            return Result(raw["id"], CONFLICT, problem=problem)
        if known.problem:
            return Result(raw["id"], REJECTED, problem=known.problem)
        answer = known.answer or Answer(0, ())
        return Result(raw["id"], DUPLICATE, answer.balance, answer.flags)

    def _rejected(self, raw: Any, problem: Problem) -> Result:
        """A refusal; it is remembered unless it may be otherwise another time."""
        number = number_of(raw)
        if number is None:
            told = raw.get("id") if isinstance(raw, Mapping) else None
            return Result(told if isinstance(told, str) else None, REJECTED, problem=problem)
        body = fingerprint(raw)
        if number in self._known:
            return self._again(raw, body)
        if not problem.retry:
            self._known[number] = _Known(body, None, problem)
            self._refused.append(
                {
                    "id": number,
                    "body": body,
                    "answer": json.dumps([problem.code, problem.where, dict(problem.values)]),
                    "username": self._stamp.username,
                    "refused_at": self._stamp.received_at,
                }
            )
        return Result(raw["id"], REJECTED, problem=problem)

    def _sending(self) -> Sending:
        question = select(devices.c.skew).where(devices.c.device == self._batch.device)
        skew = timedelta(seconds=self._connection.execute(question).scalar() or 0)
        return Sending(self._batch.device, self._batch.device_now, self._stamp.received_at, skew)

    def _note_device(self, fresh: Sequence[Movement], sending: Sending) -> None:
        row = {
            "device": self._batch.device,
            "username": self._stamp.username,
            "seq": max((each.seq for each in fresh), default=0),
            "skew": sending.kept_skew,
            "seen_at": self._stamp.received_at,
        }
        upsert(self._connection, devices, [row], _seen_again)


def _clock(movement: Movement, moment: datetime) -> tuple[str, ...]:
    """A flag where the device's clock was wrong enough to say so."""
    off = abs(moment - movement.occurred_at) > WORTH_SAYING
    return ("clock",) if off and not movement.typed else ()


def _seen_again(came: Any) -> dict[str, Any]:
    return {name: came[name] for name in ("username", "skew", "seen_at")}


def _judged(raw: Any, rules: Rules) -> Movement | Problem:
    try:
        return read(raw, rules)
    except Refused as refusal:
        return refusal.problem


def _known(connection: Connection, numbers: Sequence[str]) -> dict[str, _Known]:
    """What is remembered of some ids."""
    found: dict[str, _Known] = {}
    for start in range(0, len(numbers), AT_ONCE):
        part = numbers[start : start + AT_ONCE]
        for row in connection.execute(_TAKEN, {"numbers": part}):
            found[row.id] = _Known(row.body, Answer.read(row.answer), None)
        for row in connection.execute(_REFUSED, {"numbers": part}):
            found[row.id] = _Known(row.body, None, Problem(*json.loads(row.answer)))
    return found


def _units_of(connection: Connection, fresh: Sequence[Movement]) -> set[str]:
    """Every store that some movements concern: their own, and the other ends of their transfers."""
    found = {each.unit for each in fresh} | {each.partner for each in fresh if each.partner}
    named = {each.transfer for each in fresh if each.transfer}
    undone = [each.reverses for each in fresh if each.reverses]
    if undone:
        question = select(movements.c.transfer).where(movements.c.id.in_(undone))
        named |= {each for each in connection.execute(question).scalars() if each}
    if named:
        ends = select(transfers.c.origin, transfers.c.destination).where(transfers.c.id.in_(named))
        for row in connection.execute(ends):
            found |= {row.origin, row.destination}
    return found
