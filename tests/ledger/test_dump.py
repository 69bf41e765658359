"""Rows as text come into either kind of database, to the same checksum, and new rows go on counting."""

import pytest

from ledger.audit import Audit
from ledger.chain import broken
from ledger.database import Database
from ledger.dump import checksum, is_empty, lines, load
from ledger.jobs import Jobs
from ledger.leases import Leases
from tests.ledger.desks import Desk, a_movement
from tests.ledger.stores import now


@pytest.fixture
def source(tmp_path, migrated_file) -> Database:
    """A database with rows in many tables: texts, JSON, moments, days, whole and absent numbers."""
    path = tmp_path / "source.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    found = Database.open(path)
    desk = Desk(found, now)
    desk.send(a_movement("receive", 7, lot="É 1", expiry="2027-01-31"), a_movement("dispense", 2, asked=5))
    Audit(found).append("admin", "did", count=1)
    Jobs(found).enqueue("sync", {"full": True}, "admin")
    job = Jobs(found).claim("w")
    assert job
    Jobs(found).finish(job.id, {"a": ["b", None]})
    Leases(found).acquire("worker", "w", 60)
    return found


def test_rows_of_sqlite_come_into_either_database_to_the_same_checksum(source, database):
    load(database, lines(source))
    assert str(checksum(database)) == str(checksum(source))
    assert broken(database) == [] and Audit(database).broken() is None
    assert Jobs(database).latest("sync").result == {"a": ["b", None]}


def test_new_rows_go_on_counting(source, database):
    load(database, lines(source))
    assert Jobs(database).enqueue("sync").id == Jobs(source).latest("sync").id + 1
    assert Desk(database, now).note("receive", 1).balance == 6


def test_a_checksum_tells_any_other_row(source, database):
    load(database, lines(source))
    Desk(database, now).note("receive", 1)
    assert str(checksum(database)) != str(checksum(source))


def test_a_row_that_is_not_known_leaves_the_database_empty(source, database):
    with pytest.raises(ValueError, match="yarn"):
        load(database, [*lines(source), '["yarn", [1]]'])
    assert is_empty(database)


@pytest.mark.parametrize(
    "line", ["5", "null", "[]", "{}", '["jobs", 5]', '["jobs", [1]]', "{", '[["jobs"], []]']
)
def test_a_line_that_is_no_row_is_named_with_its_number(source, database, line):
    kept = list(lines(source))
    with pytest.raises(ValueError, match=f"line {len(kept) + 1} is no row"):
        load(database, [*kept, line])
    assert is_empty(database)
