"""Every row of the database as text, and back: what a backup holds, whatever database it is from or for."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Integer, Table, func, select, text

from ledger.columns import UtcTime
from ledger.database import Database
from ledger.tables import metadata

AT_ONCE = 1_000
MOST_SHOWN = 60
WHOLE = 1 << 256


class Checksum:
    """A sum over rows that does not depend on their order: databases sort texts differently."""

    def __init__(self) -> None:
        self._sum, self.rows = 0, 0

    def add(self, line: str) -> None:
        """Take in a row."""
        self._sum = (self._sum + int.from_bytes(sha256(line.encode()).digest(), "big")) % WHOLE
        self.rows += 1

    def __str__(self) -> str:
        return f"{self._sum:064x}"


def tables() -> list[Table]:
    """Every table that we have."""
    return [metadata.tables[name] for name in sorted(metadata.tables)]


def lines(database: Database) -> Iterator[str]:
    """Every row, as one moment saw them, while others go on writing: `["table", [cells]]` as JSON."""
    whole = {"isolation_level": "REPEATABLE READ"} if database.dialect == "postgresql" else {}
    with database.engine.connect().execution_options(**whole) as connection, connection.begin():
        for table in tables():
            for row in connection.execution_options(yield_per=AT_ONCE).execute(select(table)):
                cells = [_plain(value) for value in row]
                yield json.dumps([table.name, cells], ensure_ascii=False, separators=(",", ":"))


def checksum(database: Database) -> Checksum:
    """The checksum of all that a database holds."""
    found = Checksum()
    for line in lines(database):
        found.add(line)
    return found


def is_empty(database: Database) -> bool:
    """Whether no table has a row."""
    with database.read() as connection:
        return all(connection.execute(select(table).limit(1)).first() is None for table in tables())


def load(database: Database, kept: Iterable[str]) -> None:
    """Put rows into a database whose tables are there and empty, all or none.

    Args:
        database: where to.
        kept: as `lines` gave them.

    Raises:
        ValueError: a row is of a table, or has cells, that we do not have.
    """
    known = {table.name: table for table in tables()}
    with database.write() as connection:
        waiting: list[dict[str, Any]] = []
        last: Table | None = None
        for number, line in enumerate(kept, start=1):
            table, row = _row(known, number, line)
            if waiting and (table is not last or len(waiting) == AT_ONCE):
                _insert(connection, last, waiting)
                waiting = []
            last = table
            waiting.append(row)
        _insert(connection, last, waiting)
        _count_on(connection)


def _row(known: Mapping[str, Table], number: int, line: str) -> tuple[Table, dict[str, Any]]:
    """The table and the row that a line of a backup holds."""
    try:
        name, cells = json.loads(line)
        table = known[name]
        pairs = zip(table.columns, cells, strict=True)
        return table, {column.name: _valued(column, cell) for column, cell in pairs}
    except (KeyError, TypeError, ValueError) as problem:
        shown = line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}…"
        raise ValueError(f"line {number} is no row that this version knows: {shown}") from problem


def _insert(connection: Connection, table: Table | None, rows: list[dict[str, Any]]) -> None:
    if table is not None and rows:
        connection.execute(table.insert(), rows)


def _count_on(connection: Connection) -> None:
    """PostgreSQL numbers new rows by counters of its own, which inserted numbers leave behind."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables():
        column = table.autoincrement_column
        if column is not None and isinstance(column.type, Integer) and column.autoincrement is True:
            last = connection.execute(select(func.max(column))).scalar()
            if last:
                name = f"{table.name}"
                words = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
                connection.execute(words, {"table": name, "column": column.name, "last": last})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _valued(column: Column[Any], cell: Any) -> Any:
    if cell is None or isinstance(column.type, JSON):
        return cell
    if isinstance(column.type, UtcTime):
        return datetime.fromisoformat(cell)
    if isinstance(column.type, Date):
        return date.fromisoformat(cell)
    return bool(cell) if isinstance(column.type, Boolean) else cell
