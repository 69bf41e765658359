import pytest
from sqlalchemy import select

from ledger.tables import api_tokens
from ledger.tokens import Tokens


@pytest.fixture
def tokens(database, clock):
    return Tokens(database, clock)


def test_a_token_opens_as_its_owner_and_is_nowhere_in_the_database(tokens, database):
    text = tokens.make("store", " monthly sheet ")
    assert text.startswith("tandem_")
    found = tokens.find(text)
    assert (found.username, found.name) == ("store", "monthly sheet")
    with database.read() as connection:
        assert text not in str(connection.execute(select(api_tokens)).all())


def test_a_revoked_token_opens_nothing(tokens):
    text = tokens.make("store", "a")
    number = tokens.of("store")[0].id
    assert tokens.revoke(number, "store")
    assert tokens.find(text) is None
    assert tokens.of("store") == []
    assert not tokens.revoke(number, "store")


def test_nobody_revokes_or_sees_anothers_token(tokens):
    text = tokens.make("store", "a")
    number = tokens.of("store")[0].id
    assert not tokens.revoke(number, "district")
    assert tokens.of("district") == []
    assert tokens.find(text)


def test_a_token_ends(tokens, clock):
    text = tokens.make("store", "a", days=30)
    clock.pass_by(days=29)
    assert tokens.find(text)
    clock.pass_by(days=1)
    assert tokens.find(text) is None


def test_the_last_use_is_known_to_the_minute(tokens, clock):
    text = tokens.make("store", "a")
    assert tokens.of("store")[0].used_at is None
    tokens.find(text)
    first = clock.now
    clock.pass_by(seconds=30)
    tokens.find(text)
    assert tokens.of("store")[0].used_at == first
    clock.pass_by(seconds=30)
    tokens.find(text)
    assert tokens.of("store")[0].used_at == clock.now


@pytest.mark.parametrize("guess", ["", "tandem_", "tandem_x"])
def test_a_guess_finds_nothing(tokens, guess):
    tokens.make("store", "a")
    assert tokens.find(guess) is None
