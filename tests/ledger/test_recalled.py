"""A table in memory says at once what any process wrote, and is not read again for nothing."""

import multiprocessing

import pytest
from sqlalchemy import select

from ledger.database import Database
from ledger.recalled import Recalled
from ledger.tables import login_failures, tips
from ledger.words import Tips


@pytest.fixture
def reads():
    return []


@pytest.fixture
def recalled(database, reads):
    def texts(connection):
        reads.append(1)
        return list(connection.execute(select(tips.c.text).order_by(tips.c.revision)).scalars())

    return Recalled(database, tips, texts)


def test_what_was_written_is_seen_by_the_next_question(database, recalled):
    assert recalled.now() == []
    for revision, text in enumerate(("One.", "Two.")):
        Tips(database).write(("pill", "en"), text, "amina", revision)
        assert recalled.now()[-1] == text


def test_rows_are_read_once_while_nobody_adds_any(database, recalled, reads, clock):
    recalled.now()
    with database.write() as connection:  # another table's commit counts, and changes nothing here
        row = {"username": "amina", "address": "127.0.0.1", "failed_at": clock.now}
        connection.execute(login_failures.insert().values(**row))
    assert recalled.now() == recalled.now() == []
    assert len(reads) == 1


def test_what_another_process_writes_is_seen(tmp_path):
    path = str(tmp_path / "tandem.sqlite3")
    here = Database.open(path)
    here.migrate()
    tip = Tips(here)
    assert tip.current("pill", "en") is None
    other = multiprocessing.get_context("spawn").Process(target=_write, args=(path,))
    other.start()
    other.join()
    found = tip.current("pill", "en")
    here.close()
    assert found is not None
    assert found.text == "From elsewhere."


def test_a_forked_process_counts_by_itself(tmp_path):
    here = Database.open(tmp_path / "tandem.sqlite3")
    here.migrate()
    tip = Tips(here)
    assert tip.current("pill", "en") is None
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    child = context.Process(target=lambda: answer.put(_after_a_write(tip, str(tmp_path / "tandem.sqlite3"))))
    child.start()
    assert answer.get(timeout=30) == "From elsewhere."
    child.join()
    here.close()


def _after_a_write(tip, path):
    _write(path)
    return tip.current("pill", "en").text


def _write(path):
    there = Database.open(path)
    Tips(there).write(("pill", "en"), "From elsewhere.", "amina", 0)
    there.close()
