"""What the embedded server keeps: metadata in memory and on disk, everything else in SQLite.

Every thread has a connection of its own (WAL: readers never wait), writers take turns. Modules of the API
bring their
tables with `create`, and ask with `execute`. Metadata objects are plain dicts, held by type and id as DHIS2
exports
them; whoever changes one says so with `save`.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from demo.clock import Clock

Object = dict[str, Any]

SPECIAL = """GLOB '*[,"
]*'"""
QUOTED = f"""CASE WHEN {{0}} {SPECIAL} THEN '"' || replace({{0}}, '"', '""') || '"'
    ELSE ifnull({{0}}, '') END"""
PLAIN_LINE = (
    "printf('%s,%s,%s,%s,%s,%s,%s,%s+0000,,false,', de, pe, ou, coc, aoc, value, stored_by, last_updated)"
)
CSV_LINE = (
    f"CASE WHEN comment IS NULL AND NOT followup AND value NOT {SPECIAL} AND stored_by NOT {SPECIAL}"
    f" THEN {PLAIN_LINE}"
    " ELSE de || ',' || pe || ',' || ou || ',' || coc || ',' || aoc || ','"
    f" || {QUOTED.format('value')} || ',' || {QUOTED.format('stored_by')} || ',' || last_updated || '+0000,'"
    f" || {QUOTED.format('comment')} || CASE WHEN followup THEN ',true,' ELSE ',false,' END END"
)
INDEXED_SINCE, INDEXED_DAYS = "demo.indexed_since", 60
"""Setting that says since when changes of values are indexed, and how long that is before a store is made."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS metadata (type TEXT, id TEXT, body TEXT, PRIMARY KEY (type, id));
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passwords (user TEXT PRIMARY KEY, salt BLOB, hash BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY, hash TEXT UNIQUE, user TEXT, expires TEXT, body TEXT)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS data_values (
    ou TEXT, pe TEXT, de TEXT, coc TEXT, aoc TEXT, value TEXT, comment TEXT, followup INTEGER DEFAULT 0,
    deleted INTEGER DEFAULT 0, stored_by TEXT, first_stored TEXT, last_updated TEXT,
    created TEXT GENERATED ALWAYS AS (ifnull(first_stored, last_updated)) VIRTUAL,
    csv TEXT GENERATED ALWAYS AS (@line@) @kept@);
CREATE UNIQUE INDEX IF NOT EXISTS data_values_key ON data_values (ou, pe, de, coc, aoc);
@periods@
CREATE INDEX IF NOT EXISTS data_values_changed ON data_values (last_updated) WHERE last_updated >= '@since@';
INSERT OR IGNORE INTO settings VALUES ('@indexed_since@', '"@since@"');
CREATE INDEX IF NOT EXISTS data_values_marked ON data_values (followup) WHERE followup;
CREATE TABLE IF NOT EXISTS stored_periods (pe TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS note_the_period AFTER INSERT ON data_values
    WHEN NOT EXISTS (SELECT 1 FROM stored_periods WHERE pe = new.pe)
    BEGIN INSERT INTO stored_periods VALUES (new.pe); END;
CREATE TABLE IF NOT EXISTS audits (
    id INTEGER PRIMARY KEY, de TEXT, pe TEXT, ou TEXT, coc TEXT, aoc TEXT, value TEXT, modified_by TEXT,
    created TEXT, type TEXT);
CREATE INDEX IF NOT EXISTS audits_of_a_value ON audits (de, pe, ou);
CREATE TABLE IF NOT EXISTS registrations (
    ds TEXT, pe TEXT, ou TEXT, aoc TEXT, completed INTEGER, stored_by TEXT, created TEXT,
    last_updated_by TEXT, last_updated TEXT, PRIMARY KEY (ds, pe, ou, aoc)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lock_exceptions (ds TEXT, pe TEXT, ou TEXT, created TEXT, PRIMARY KEY (ds, pe, ou))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS approvals (
    ds TEXT, pe TEXT, ou TEXT, approved_by TEXT, created TEXT, PRIMARY KEY (ds, pe, ou)) WITHOUT ROWID;
""".replace("@line@", CSV_LINE).replace("@indexed_since@", INDEXED_SINCE)
"""The tables of a store. `first_stored` is NULL where a value has not changed since."""
PERIODS = "data_values_of_a_period"
SAVE = (
    "INSERT INTO metadata VALUES (?, ?, ?)"
    " ON CONFLICT (type, id) DO UPDATE SET body = excluded.body"  # objects keep their order
)


class Store:
    """All that one embedded server keeps.

    Args:
        path: the SQLite file, made when missing.
        clock: what the server takes for now.
        small: a new file has no index of periods, and works out the lines of values as CSV when they are
            asked for. Others keep them, which reads three times as fast and takes twice the room.
    """

    def __init__(self, path: Path, clock: Clock | None = None, small: bool = False) -> None:
        self.path = Path(path)
        self.clock = clock or Clock()
        self.metadata: dict[str, dict[str, Object]] = {}
        self.version = 0
        self._threads = threading.local()
        self._writing = threading.RLock()
        since = str(self.clock.today() - timedelta(days=INDEXED_DAYS))
        self.small = not self._has(PERIODS) if self._has("data_values") else small
        self._schema = _schema(since, self.small)
        self.create(self._schema)
        self.indexed_since = str(self.setting(INDEXED_SINCE))
        self._read_metadata()

    def connection(self) -> sqlite3.Connection:
        """Returns this thread's connection, in autocommit mode; rows are `sqlite3.Row`."""
        if not hasattr(self._threads, "connection"):
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=60, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            for pragma in (
                "journal_mode=WAL",
                "synchronous=NORMAL",
                "cache_size=-64000",
                "temp_store=MEMORY",
                "mmap_size=268435456",
            ):
                connection.execute(f"PRAGMA {pragma}")
            self._threads.connection = connection
        return self._threads.connection

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Runs one statement and returns its cursor; writes outside `transaction` commit at once."""
        return self.connection().execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Runs one statement for every row, in one transaction."""
        with self.transaction() as connection:
            connection.executemany(sql, rows)

    def create(self, ddl: str) -> None:
        """Runs DDL statements (`CREATE TABLE IF NOT EXISTS ...`), separated by semicolons."""
        with self._writing:
            self.connection().executescript(ddl)

    def without_indexes(self, table: str, fill: Callable[[], None]) -> None:
        """Runs FILL while a table has no indexes and triggers, which come back: quicker for many rows."""
        made = self.execute(
            "SELECT type, name FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger')"
            " AND sql IS NOT NULL",
            (table,),
        ).fetchall()
        for row in made:
            self.execute(f"DROP {row['type']} {row['name']}")
        fill()
        self.create(self._schema)
        self.execute("INSERT OR IGNORE INTO stored_periods SELECT DISTINCT pe FROM data_values")

    @contextmanager
    def unprotected(self) -> Iterator[None]:
        """Writes much faster inside the block, and loses the whole file if the machine stops in it."""
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "threads=2"):
            self.execute(f"PRAGMA {pragma}")
        yield
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "threads=0"):
            self.execute(f"PRAGMA {pragma}")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Gives the connection inside a write transaction, undone when the block raises; may be nested."""
        connection = self.connection()
        with self._writing:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def all(self, kind: str) -> dict[str, Object]:
        """Returns the objects of one type (`dataElements`) by id; changes to the answer reach nobody else."""
        return dict(self.metadata.get(kind, {}))

    def get(self, kind: str, uid: str | None) -> Object | None:
        """Returns one object as it is kept, or None. Change it only to `save` it."""
        return self.metadata.get(kind, {}).get(uid or "")

    def save(self, kind: str, *objects: Object) -> None:
        """Keeps objects, new or changed, in memory and on disk. Times are the caller's to set."""
        rows = [(kind, o["id"], json.dumps(o, ensure_ascii=False)) for o in objects]
        self.executemany(SAVE, rows)
        with self._writing:
            known = dict(self.metadata.get(kind, {}))
            known.update((o["id"], o) for o in objects)
            self.metadata[kind] = known
            self.version += 1

    def remove(self, kind: str, uid: str) -> None:
        """Forgets one object."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM metadata WHERE type = ? AND id = ?", (kind, uid))
            self.metadata[kind] = {i: o for i, o in self.metadata.get(kind, {}).items() if i != uid}
            self.version += 1

    def setting(self, key: str, default: Any = None) -> Any:
        """Returns one system setting, or the default."""
        row = self.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return default if row is None else json.loads(row["value"])

    def set_setting(self, key: str, value: Any) -> None:
        """Keeps one system setting (any JSON value)."""
        self.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, json.dumps(value)))

    def close(self) -> None:
        """Closes this thread's connection."""
        if hasattr(self._threads, "connection"):
            self._threads.connection.close()
            del self._threads.connection

    def _has(self, name: str) -> bool:
        found = self.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,))
        return found.fetchone() is not None

    def _read_metadata(self) -> None:
        for row in self.execute("SELECT type, id, body FROM metadata ORDER BY rowid"):
            self.metadata.setdefault(row["type"], {})[row["id"]] = json.loads(row["body"])


def _schema(since: str, small: bool) -> str:
    """The tables of a new store, changes indexed since a day; see `Store`."""
    periods = "" if small else f"CREATE INDEX IF NOT EXISTS {PERIODS} ON data_values (pe);"
    kept = "VIRTUAL" if small else "STORED"
    return SCHEMA.replace("@since@", since).replace("@periods@", periods).replace("@kept@", kept)
