from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.audit import Audit


@pytest.fixture
def audit(database, clock):
    return Audit(database, clock)


def unprotect(database):
    """What somebody with the database in hand can do."""
    with database.write() as connection:
        if database.dialect == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_update"))
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_no_change"))


def tamper(database, statement):
    unprotect(database)
    with database.write() as connection:
        connection.execute(text(statement))


def three(audit):
    for what in ("logged in", "token made", "logged out"):
        audit.append("store", what, "10.0.0.7", token=1)


def test_what_was_done_is_read_back_newest_first(audit, clock):
    three(audit)
    newest = audit.newest(limit=1)[0]
    assert (newest.who, newest.what, newest.address, newest.at) == (
        "store",
        "logged out",
        "10.0.0.7",
        clock.now,
    )
    assert newest.details == '{"token": 1}'


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_changes(audit, database, statement):
    three(audit)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
        connection.execute(text(statement))
    assert audit.broken() is None


def test_an_empty_and_an_untouched_audit_are_whole(audit):
    assert audit.broken() is None
    three(audit)
    assert audit.broken() is None


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE audit SET who = 'somebody else' WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 3", 3),
        ("DELETE FROM audit", 1),
    ],
)
def test_a_changed_or_removed_row_is_found(audit, database, statement, first):
    three(audit)
    tamper(database, statement)
    assert audit.broken() == first


def test_rows_of_many_writers_form_one_chain(audit):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: audit.append(f"user {n}", "logged in"), range(40)))
    assert [entry.id for entry in audit.newest()] == list(range(40, 0, -1))
    assert audit.broken() is None
