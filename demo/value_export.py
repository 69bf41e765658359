"""Reading stored values: which are meant by a request, and their lines as CSV or JSON.

A line for each value is built in SQL and joined per org unit, so that a third of a million lines cost
little more than
reading them, and other threads run meanwhile.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from demo.periods import parse
from demo.schemes import Schemes
from demo.store import PERIODS, Store

CSV_HEADER = (
    "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value,storedby,lastupdated,comment,"
    "followup,deleted\n"
)
DURATION = re.compile(r"(\d+)([dhms])")
BLOCK, FEW = 8192, 0.25
BY_KEY, BY_CHANGE = "INDEXED BY data_values_key", "INDEXED BY data_values_changed"
BY_PERIOD = f"INDEXED BY {PERIODS}"
REST = " + ".join(f"length({column})" for column in ("de", "pe", "ou", "coc", "aoc")) + " + 5"
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
FOLLOWUP, YES_DELETED = "CASE WHEN followup THEN 'true' ELSE 'false' END", ',"deleted":true'
IDS = (
    ("dataElement", "de"),
    ("orgUnit", "ou"),
    ("categoryOptionCombo", "coc"),
    ("attributeOptionCombo", "aoc"),
)


@dataclass
class Wanted:
    """Which values are meant; None means all.

    Attributes:
        changed_since: only those stored at or after this moment.
        deleted: whether deleted values are told too.
        schemes: how to name things.
        dialect: the version to write like.
    """

    elements: set[str] | None = None
    periods: set[str] | None = None
    between: tuple[date, date] | None = None
    units: set[str] | None = None
    attributes: set[str] | None = None
    changed_since: str | None = None
    deleted: bool = False
    limit: int | None = None
    schemes: Schemes = field(default_factory=lambda: Schemes({}))
    dialect: int = 42


def csv_lines(store: Store, wanted: Wanted) -> Iterator[str]:
    """Yields the CSV document in pieces of whole lines."""
    yield CSV_HEADER
    line = "csv"
    if not wanted.schemes.all_uid():
        names = (_cell("dataElement", "de"), "pe", *(_cell(thing, column) for thing, column in IDS[1:]))
        line = " || ',' || ".join(names) + f" || substr(csv, {REST})"
    for block in _blocks(store, wanted, f"{line} || {_deleted(wanted, 'true', 'null')}", "\n"):
        yield block + "\n"


def json_objects(store: Store, wanted: Wanted) -> Iterator[str]:
    """Yields the values as JSON objects, in pieces joined by commas."""
    absent = ',"deleted":false' if wanted.dialect < 42 else ""
    write = _key_or_nothing if wanted.dialect >= 43 else _key
    element, unit, combo, attribute = (_key(thing, _named(thing, column)) for thing, column in IDS)
    line = " || ',' || ".join((element, _key("period", "pe"), unit, combo, attribute))
    for name, column in (("value", "value"), ("storedBy", "stored_by")):
        line += f" || {write(name, column, ',')}"
    for name, column in (("created", "created"), ("lastUpdated", "last_updated")):
        line += f" || ',\"{name}\":\"' || {column} || '+0000\"'"
    line += f" || {write('comment', 'comment', ',')} || {_key('followup', FOLLOWUP, ',', plain=True)}"
    line += f" || {_deleted(wanted, YES_DELETED, absent)}"
    yield from _blocks(store, wanted, f"'{{' || {line} || '}}'", ",")


def _key(name: str, expression: str, before: str = "", plain: bool = False) -> str:
    return f"'{before}\"{name}\":' || " + (expression if plain else f"json_quote({expression})")


def _key_or_nothing(name: str, expression: str, before: str = "") -> str:
    return f"CASE WHEN {expression} IS NULL THEN '' ELSE {_key(name, expression, before)} END"


def since(duration: str, now: datetime) -> str | None:
    """Returns the moment that lies a duration (`1h`, `10d`) before NOW, or None when it is no duration."""
    found = DURATION.fullmatch(duration)
    if not found:
        return None
    return (now - timedelta(**{UNITS[found[2]]: int(found[1])})).isoformat(timespec="milliseconds")


def _deleted(wanted: Wanted, yes: str, no: str) -> str:
    return f"CASE WHEN deleted THEN '{yes}' ELSE '{no}' END" if wanted.deleted else f"'{no}'"


def _named(thing: str, column: str) -> str:
    return f"shown('{thing}', {column})"


def _cell(thing: str, column: str) -> str:
    return f"shown_cell('{thing}', {column})"


def _blocks(store: Store, wanted: Wanted, line: str, joint: str) -> Iterator[str]:
    connection = store.connection()
    line = _plain_ids(line) if wanted.schemes.all_uid() else _with_names(connection, store, wanted, line)
    where, parameters, path = _where(store, wanted)
    source = f"FROM data_values {path} {where}"
    unordered = path == BY_PERIOD or (path == BY_KEY and store.small)
    if unordered and wanted.limit is None:  # in one step of SQLite, in which other threads go on
        whole = connection.execute(f"SELECT group_concat({line}, ?) {source}", (joint, *parameters))
        yield from (block[0] for block in whole if block[0])
    elif path:
        order = "" if store.small else "ORDER BY rowid"  # sorting takes long where there are many
        rows = connection.execute(f"SELECT {line} {source} {order} {_limit(wanted)}", parameters)
        while block := rows.fetchmany(BLOCK):
            yield joint.join(row[0] for row in block)
    else:
        yield from _everything(connection, f"SELECT group_concat({line}, ?) {source}", (joint, *parameters))


def _everything(connection: sqlite3.Connection, sql: str, parameters: tuple[object, ...]) -> Iterator[str]:
    """Reads the whole table from one end to the other, some thousand rows at a time."""
    last = connection.execute("SELECT max(rowid) FROM data_values").fetchone()[0] or 0
    for first in range(1, last + 1, BLOCK):
        ends = (first, first + BLOCK - 1)
        block = connection.execute(f"{sql} AND rowid BETWEEN ? AND ?", (*parameters, *ends)).fetchone()[0]
        if block:
            yield block


def _limit(wanted: Wanted) -> str:
    return "" if wanted.limit is None else f"LIMIT {wanted.limit}"


def _plain_ids(line: str) -> str:
    return re.sub(r"shown\('\w+', (\w+)\)", r"\1", line)


def _with_names(connection: sqlite3.Connection, store: Store, wanted: Wanted, line: str) -> str:
    namers = {thing: wanted.schemes.namer(store, thing) for thing, _ in IDS}
    connection.create_function("shown", 2, lambda thing, uid: namers[thing](uid))
    connection.create_function("shown_cell", 2, lambda thing, uid: _quoted(namers[thing](uid) or ""))
    return line


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


def _where(store: Store, wanted: Wanted) -> tuple[str, list[object], str]:
    """Returns the condition, its parameters, and the index to go by ("" to read everything, in blocks)."""
    parts, parameters = ["1" if wanted.deleted else "NOT deleted"], list[object]()
    stored, periods = _stored_periods(store), wanted.periods
    if periods is None and wanted.between is not None:
        periods = {p for p in stored if (found := parse(p)) and found.within(*wanted.between)}
    places = store.metadata.get("organisationUnits", {})
    path = _path(
        store, wanted, len(wanted.units or ()) / max(1, len(places)), len(periods or ()) / max(1, len(stored))
    )
    units = set(places) if wanted.units is None and path == BY_KEY else wanted.units
    for column, chosen in (
        ("ou", units),
        ("pe", periods),
        ("de", wanted.elements),
        ("aoc", wanted.attributes),
    ):
        if chosen is not None:
            parts.append(f"{column} IN ({','.join('?' * len(chosen))})")
            parameters += sorted(chosen)
    if wanted.changed_since:
        parts.append("last_updated >= ?")
        parameters.append(wanted.changed_since)
    if path == BY_CHANGE:
        parts.append(f"last_updated >= '{store.indexed_since}'")  # which tells that the index will do
    return "WHERE " + " AND ".join(parts), parameters, path


def _path(store: Store, wanted: Wanted, share_of_units: float, share_of_periods: float) -> str:
    if wanted.changed_since and wanted.changed_since >= store.indexed_since:
        return BY_CHANGE
    if wanted.units is not None and share_of_units < FEW:
        return BY_KEY
    if 0 < share_of_periods < FEW:
        return BY_KEY if store.small else BY_PERIOD
    return "NOT INDEXED" if wanted.limit is not None else ""


def _stored_periods(store: Store) -> list[str]:
    """Returns every period that ever had a value."""
    return [row[0] for row in store.execute("SELECT pe FROM stored_periods")]
