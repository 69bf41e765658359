"""A disk without room is told from other faults, and readers go on."""

import errno
import logging
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from ledger import disk
from ledger.audit import Audit
from ledger.database import Database
from ledger.sessions import Lifetime, Sessions


def fill(database: Database) -> None:
    """Let the file of an SQLite database grow no further, and fill what it has, as a full disk does."""

    @event.listens_for(database.engine, "connect")
    def no_more(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    database.engine.dispose()
    with pytest.raises(OperationalError) as full:
        write_on(database)
    assert disk.is_full(full.value)


def write_on(database: Database) -> None:
    for _ in range(1000):
        Audit(database).append("somebody", "filled" * 20)


@pytest.fixture
def small(tmp_path):
    database = Database.open(tmp_path / "small.sqlite3")
    database.migrate()
    yield database
    database.close()


def test_a_database_without_room_is_a_full_disk(small):
    fill(small)


def test_a_file_without_room_is_a_full_disk_and_so_is_what_was_raised_from_it():
    assert disk.is_full(OSError(errno.ENOSPC, "No space left on device"))
    told = RuntimeError("not kept")
    told.__cause__ = OSError(errno.EDQUOT, "Disk quota exceeded")
    assert disk.is_full(told)


def test_other_faults_are_none(small):
    assert not disk.is_full(OSError(errno.EACCES, "Permission denied"))
    assert not disk.is_full(KeyError("x"))
    with small.read() as connection, pytest.raises(OperationalError) as wrong:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")
    assert not disk.is_full(wrong.value)


def test_a_full_disk_is_logged_in_one_line_and_other_faults_with_their_trace(caplog):
    log = logging.getLogger("tandem.test")
    disk.write_down(OSError(errno.ENOSPC, "No space left on device"), log)
    assert len(caplog.text.splitlines()) == 1 and "make room" in caplog.text
    disk.write_down(ValueError("another"), log)
    assert "ValueError: another" in caplog.text


def test_room_is_looked_for_on_the_disk_of_a_folder_that_is_not_there_yet(tmp_path, monkeypatch):
    assert disk.has_room(tmp_path / "not" / "yet")
    monkeypatch.setattr(disk, "LEAST_ROOM", 1 << 62)
    assert not disk.has_room(tmp_path / "not" / "yet")


def test_a_session_is_found_though_its_use_cannot_be_kept(small, clock, monkeypatch):
    sessions = Sessions(small, Lifetime(timedelta(minutes=30), timedelta(hours=12)), clock)
    secret = sessions.start("store", "")
    clock.pass_by(minutes=2)
    # An update in place needs no page more; on a full disk the log of it does not find room either.
    monkeypatch.setattr(small, "write", Full)
    assert sessions.find(secret).username == "store"


class Full:
    """A write that finds no room, as the driver says it."""

    def __enter__(self):
        problem = Exception("database or disk is full")
        problem.sqlite_errorcode = 13
        raise OperationalError("UPDATE", {}, problem) from problem

    def __exit__(self, *_):
        return None
