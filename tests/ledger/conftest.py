"""The repositories are tested on SQLite, and on PostgreSQL as well where its programs are installed.

What reaches DHIS2 is tested on SQLite, against a real embedded one.
"""

import getpass
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, text

from ledger.database import Database
from ledger.tables import metadata
from tests.ledger.stores import Store
from tests.servers import free_port
from tests.small_whotopia import present


@dataclass
class Clock:
    """A clock that goes when told to."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 8, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def postgresql_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; Debian keeps them off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("pg_ctl")
    return next(
        (place for place in places if (place / "initdb").exists()), Path(found).parent if found else None
    )


def as_nobody_special(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; then its own account, which its package made, runs it."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory) -> Iterator[str]:
    """The address of a private PostgreSQL, on a socket in a folder of its own."""
    programs = postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path("/tmp") / f"tandem-postgresql-{os.getpid()}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    user, port = ("postgres" if os.geteuid() == 0 else getpass.getuser()), free_port()

    def run(*command: str) -> None:
        called = as_nobody_special([str(programs / command[0]), *command[1:]])
        subprocess.run(called, check=True, capture_output=True, cwd=folder)

    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c port={port} -c fsync=off"
    try:
        run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", user, "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
        yield f"postgresql+psycopg://{user}@/{{name}}?host={folder}&port={port}"
    finally:
        run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def ask(server: str, *statements: str) -> None:
    engine = create_engine(server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def migrate(address: str) -> None:
    opened = Database.open(address)
    opened.migrate()
    opened.close()


def empty(database: Database) -> None:
    """Take every row out; what protects the append-only tables has to look away for that."""
    protected = ("audit", "movements")
    with database.write() as connection:
        for table in protected:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change"))
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))
        for table in protected:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change"))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory) -> Path:
    """An SQLite file with the tables, to be copied: to migrate for each test would take longer than it."""
    path = tmp_path_factory.mktemp("migrated") / "tandem.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_server(postgresql) -> str:
    """The address of a PostgreSQL database that has the tables."""
    ask(postgresql, "CREATE DATABASE migrated")
    address = postgresql.format(name="migrated")
    migrate(address)
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path) -> str:
    """The address of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tandem.sqlite3'}"
    server = request.getfixturevalue("postgresql")
    ask(server, "DROP DATABASE IF EXISTS tandem WITH (FORCE)", "CREATE DATABASE tandem")
    return server.format(name="tandem")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> Iterator[Database]:
    """A database of either kind with its tables, and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "tandem.sqlite3")
        opened = Database.open(tmp_path / "tandem.sqlite3")
    else:
        opened = Database.open(request.getfixturevalue("migrated_server"))
        empty(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def dhis2(whotopia_filled, tmp_path_factory) -> Iterator[str]:
    """The address of a DHIS2 whose form has the present month open."""
    with whotopia_filled.serving(tmp_path_factory.mktemp("dhis2")) as address:
        yield address


@pytest.fixture(scope="module")
def units(dhis2) -> Iterator[str]:
    """The units that have the form, in turn: a test takes one over as the one before it left it."""
    asked = {"filter": "code:eq:DS_1153709", "fields": "organisationUnits[id]"}
    told = requests.get(f"{dhis2}/api/dataSets", params=asked, auth=("admin", "district"), timeout=30).json()
    return itertools.cycle(sorted(each["id"] for each in told["dataSets"][0]["organisationUnits"]))


@pytest.fixture
def store(dhis2, units, tmp_path, migrated_file) -> Iterator[Store]:
    """A store of that DHIS2 on the day that it shows, at this time of day; its clock goes when told to."""
    path = tmp_path / "tandem.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    database = Database.open(path)
    today = present()
    found = Store(database, dhis2, next(units), Clock(today))
    yield found
    found.no_faults()
    database.close()
