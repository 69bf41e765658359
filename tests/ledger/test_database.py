import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import StatementError

from ledger.database import Database
from ledger.tables import leases, metadata

ROOT = Path(__file__).parents[2]


def test_the_migrations_make_the_tables_that_the_code_uses(address):
    opened = Database.open(address)
    opened.migrate()
    with opened.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    opened.close()


def test_migrating_again_changes_nothing(database):
    before = sorted(inspect(database.engine).get_table_names())
    database.migrate()
    assert sorted(inspect(database.engine).get_table_names()) == before


def test_several_processes_may_migrate_at_once(address):
    code = f"from ledger.database import Database; Database.open({address!r}).migrate()"
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)
    ]
    errors = [process.communicate()[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, errors
    opened = Database.open(address)
    assert set(metadata.tables) < set(inspect(opened.engine).get_table_names())
    opened.close()


def test_a_sqlite_file_is_kept_safely(tmp_path):
    opened = Database.open(tmp_path / "new folder" / "tandem.sqlite3")
    with opened.read() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous")
        }
        assert found == {"journal_mode": "wal", "synchronous": 2}
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 30_000
    opened.close()


def test_a_write_that_fails_leaves_nothing_behind(database):
    row = {"name": "worker", "holder": "a", "ends_at": datetime.now(UTC)}

    def write_and_fail():
        with database.write() as connection:
            connection.execute(leases.insert().values(**row))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with database.read() as connection:
        assert connection.execute(select(leases)).first() is None


def test_moments_come_back_in_utc_whatever_zone_they_were_given_in(database):
    noon_in_nairobi = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=3)))
    with database.write() as connection:
        connection.execute(leases.insert().values(name="n", holder="h", ends_at=noon_in_nairobi))
    with database.read() as connection:
        assert connection.execute(select(leases.c.ends_at)).scalar() == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused(database):
    with pytest.raises(StatementError, match="no time zone"), database.write() as connection:
        connection.execute(leases.insert().values(name="n", holder="h", ends_at=datetime(2026, 3, 1)))  # noqa: DTZ001


def test_another_kind_of_database_is_refused_by_name():
    with pytest.raises(ValueError, match=r"mysql.*postgresql://"):
        Database.open("mysql://somewhere/tandem")
