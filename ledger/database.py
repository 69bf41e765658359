"""The one writable database: an SQLite file in the data folder, or PostgreSQL at `DATABASE_URL`."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import connect
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
MIGRATION_LOCK = 727_268
"""Any number does, as long as nothing else of ours takes the same advisory lock."""


class Database:
    """An engine with two ways in: `read()` and `write()`, each one transaction.

    A write takes SQLite's lock at its start (`BEGIN IMMEDIATE`). With SQLite's own default, two writers
    that both read first would both hold a shared lock, and one would fail at once, whatever the timeout.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        # SQLite lets one write and has the others look again and again, asleep in between: here they queue.
        self._turn = threading.RLock() if self.dialect == "sqlite" else nullcontext()
        self._commits = _Commits(str(engine.url.database)) if self.dialect == "sqlite" else None

    @classmethod
    def open(cls, address: str | Path) -> "Database":
        """Open a database.

        Args:
            address: an SQLAlchemy address (`postgresql://…` means psycopg), or the path of an SQLite file.

        Raises:
            ValueError: the address names a database that is neither SQLite nor PostgreSQL.
        """
        url = make_url(str(address) if "://" in str(address) else f"sqlite:///{address}")
        if url.get_backend_name() == "sqlite":
            return cls(_sqlite(str(url.database)))
        if url.get_backend_name() != "postgresql":
            raise ValueError(
                f"DATABASE_URL asks for {url.get_backend_name()}. "
                "Use postgresql://…, or leave it out for SQLite."
            )
        return cls(create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that writes; committed at the end, rolled back on an error."""
        with (
            self._turn,
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def commits(self) -> tuple[int, int] | None:
        """What is another one after every commit, by whatever process; None where nothing counts."""
        return self._commits.number() if self._commits else None

    def migrate(self) -> None:
        """Bring the tables up to date; of several processes at once, one does it and the others wait."""
        with self.write() as connection:
            if self.dialect == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            command.upgrade(_configuration(connection), "head")

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
        if self._commits:
            self._commits.close()


class _Commits:
    """SQLite's own count, seen by a connection that never writes: it counts what others commit."""

    def __init__(self, path: str) -> None:
        self._path, self._lock = path, Lock()
        self._connection: SqliteConnection | None = None
        self._process = 0

    def number(self) -> tuple[int, int]:
        """This process and its count: a connection must not be carried over a fork, and counts by itself."""
        with self._lock:
            if self._connection is None or self._process != os.getpid():
                self._connection = connect(self._path, timeout=BUSY_SECONDS, check_same_thread=False)
                self._process = os.getpid()
            (number,) = self._connection.execute("PRAGMA data_version").fetchone()
        return self._process, int(number)

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None


def _configuration(connection: Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    configuration.attributes["connection"] = connection
    return configuration


def _sqlite(path: str) -> Engine:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: SqliteConnection, _record: Any) -> None:
    """Set what SQLite forgets between connections; the driver itself must not begin transactions."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
