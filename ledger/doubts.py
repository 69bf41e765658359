"""Writes to DHIS2 whose end nobody knows: what a cell held before, what was sent, since when and until when.

An answer that is lost, or a worker that died, leaves open whether a value was stored, or still will be. Until
that is settled DHIS2's audit of the cell is read from the last certain look on: whatever stood there and
gave way to a value of ours was somebody's, and is told.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, select

from ledger.tables import doubtful_writes
from loaders.store_audit import Change
from loaders.store_entry import Held

Cell = tuple[str, str]  # item, measure
Value = str | None

STILL_COMES = timedelta(minutes=10)
"""How long a request may be under way: longer than any server or proxy holds one."""


@dataclass(frozen=True)
class Doubt:
    """What is known of a cell that a write may have changed, or may still change.

    Attributes:
        seen: what it held when it was last looked at for certain; None for nothing.
        since: when that was stored; of an empty cell when we looked. By DHIS2's clock.
        written: what we sent since then, the emptiness that a dropped zero leaves included.
        until: when nothing of it can arrive any more, by our clock.
    """

    seen: Value
    since: datetime
    written: tuple[Value, ...]
    until: datetime

    def with_more(self, written: Collection[Value], until: datetime) -> "Doubt":
        """The same, once more was sent."""
        return replace(self, written=tuple(dict.fromkeys((*self.written, *written))), until=until)

    def seen_now(self, held: Held | None, moment: datetime) -> "Doubt":
        """The same, once everything up to now was looked at; MOMENT is DHIS2's."""
        value, since = (held.value, held.changed_at) if held else (None, None)
        return replace(self, seen=value, since=since or moment)


def read_doubts(connection: Connection, unit: str, month: int) -> dict[Cell, Doubt]:
    """The doubts about a store's month, by cell."""
    rows = connection.execute(select(doubtful_writes).where(*_place(unit, month)))
    return {
        (row.item, row.measure): Doubt(row.seen, row.since, tuple(json.loads(row.written)), row.until)
        for row in rows
    }


def write_doubts(connection: Connection, unit: str, month: int, doubts: Mapping[Cell, Doubt]) -> None:
    """Keep the doubts about a store's month; others about it are settled."""
    connection.execute(delete(doubtful_writes).where(*_place(unit, month)))
    rows = [
        {"unit": unit, "month": month, "item": item, "measure": measure, "seen": each.seen}
        | {"since": each.since, "written": json.dumps(each.written), "until": each.until}
        for (item, measure), each in sorted(doubts.items())
    ]
    if rows:
        connection.execute(doubtful_writes.insert(), rows)


def gave_way(doubt: Doubt, changes: Sequence[Change], held: Value, ours: Collection[Value]) -> list[Change]:
    """What others stored in a cell and values of ours took the place of, newest first.

    Args:
        doubt: since when, and what we sent.
        changes: DHIS2's audit of the cell, newest first.
        held: what it holds now.
        ours: what it may have held without anybody being told: ours, and what a person decided about.
    """
    found: list[Change] = []
    after, known = held, {*ours, *doubt.written, doubt.seen}
    for change in changes:
        if not change.is_after(doubt.since, exactly=doubt.seen is None):
            break
        if change.deleted:
            if None not in known and after in doubt.written:  # emptied by hand, and filled by us
                found.append(replace(change, before=None))
            after = None
        if change.before not in known and after in doubt.written:
            found.append(change)
        after = change.before
    return found


def _place(unit: str, month: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return doubtful_writes.c.unit == unit, doubtful_writes.c.month == month
