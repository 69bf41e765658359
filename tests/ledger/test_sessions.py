from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ledger.sessions import Lifetime, Sessions
from ledger.tables import sessions as table


@pytest.fixture
def sessions(database, clock):
    return Sessions(database, Lifetime(timedelta(minutes=30), timedelta(hours=12)), clock)


def test_the_secret_finds_the_session_and_is_nowhere_in_the_database(sessions, database):
    secret = sessions.start("store", "10.0.0.7")
    assert sessions.find(secret).username == "store"
    with database.read() as connection:
        assert secret not in str(connection.execute(select(table)).all())


def test_every_session_has_a_secret_of_its_own(sessions):
    assert len({sessions.start("store", "") for _ in range(20)}) == 20


@pytest.mark.parametrize("guess", ["", "x", "' OR 1=1 --"])
def test_a_guess_finds_nothing(sessions, guess):
    sessions.start("store", "")
    assert sessions.find(guess) is None


def test_a_session_that_is_used_lives_until_its_last_hour(sessions, clock):
    secret = sessions.start("store", "")
    for _ in range(12 * 3 - 1):
        clock.pass_by(minutes=20)
        assert sessions.find(secret)
    clock.pass_by(minutes=20)
    assert sessions.find(secret) is None


def test_a_session_that_nobody_uses_ends(sessions, clock):
    secret = sessions.start("store", "")
    clock.pass_by(minutes=30)
    assert sessions.find(secret) is None


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(sessions, clock):
    secret = sessions.start("store", "")
    for _ in range(29):
        clock.pass_by(minutes=1)
        assert sessions.find(secret, used=False)
    clock.pass_by(minutes=1)
    assert sessions.find(secret, used=False) is None


def test_an_ended_session_is_gone(sessions):
    one, other = sessions.start("store", ""), sessions.start("store", "")
    sessions.end(one)
    assert sessions.find(one) is None
    assert sessions.find(other)
    sessions.end_all("store")
    assert sessions.find(other) is None


def test_old_sessions_are_swept_out(sessions, clock, database):
    sessions.start("store", "")
    clock.pass_by(hours=13)
    sessions.start("viewer", "")
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar() == 1
