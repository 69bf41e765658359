"""A PostgreSQL of its own for a measurement: started with all its safety, on a socket, and ended again."""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

NAME = "{name}"
"""What stands in an address for the name of a database."""


@contextmanager
def running() -> Iterator[str]:
    """The address of a server, with `{name}` for that of a database.

    Raises:
        SystemExit: PostgreSQL's programs are not installed.
    """
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if not places:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql.")
    programs, root = places[0].parent, os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="tandem-postgresql-"))
    user = "postgres" if root else getpass.getuser()
    if root:  # it refuses to run as root; its own account, which its package made, runs it
        shutil.chown(folder, user)

    def run(program: str, *more: str) -> None:
        account = ["runuser", "-u", user, "--"] if root else []
        subprocess.run(
            [*account, str(programs / program), *more], check=True, capture_output=True, cwd=folder
        )

    try:
        run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", user, "-E", "UTF8")
        options = f"-c listen_addresses= -c unix_socket_directories={folder}"
        run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://{user}@/{NAME}?host={folder}"
        finally:
            run("pg_ctl", "-D", f"{folder}/data", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


def make_database(address: str, name: str) -> str:
    """The address of a database of a server; it is made where it is absent."""
    engine = create_engine(address.replace(NAME, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
        if known.first() is None:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return address.replace(NAME, name)
