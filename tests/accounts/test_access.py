"""Access against a directory that changes its mind; `test_directory` meets the real one."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.access import Access, Books
from accounts.refusals import NobodyToAskError, TooManyFailuresError, WrongPasswordError
from accounts.vault import Vault
from ledger.audit import Audit
from ledger.database import Database
from ledger.failures import LoginFailures
from ledger.people import People
from ledger.sessions import Lifetime, Sessions
from ledger.tokens import Tokens
from loaders.errors import NotReachable, NotSignedIn

HERE = "10.0.0.7"


class Clock:
    def __init__(self):
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_by(self, **time):
        self.now += timedelta(**time)


class Directory:
    """A DHIS2 with one account, that can be moved, disabled and switched off."""

    def __init__(self):
        self.unit, self.down, self.disabled, self.makes_tokens = "a", False, False, True
        self.asked_again, self.tokens_made = 0, 0

    def _facts(self):
        if self.down:
            raise NotReachable("DHIS2 does not answer.", "Try later.")
        if self.disabled:
            raise NotSignedIn("DHIS2 does not know this account.", "Ask its administrator.")
        known = {"username": "store", "name": "Store", "language": "", "authorities": [], "user_groups": []}
        return {**known, "capture": [[self.unit, f"/n/{self.unit}", 2]], "view": [], "data_sets": ["lmis"]}

    def sign_in(self, username, password):
        facts = self._facts()
        if (username.lower(), password) != ("store", "right"):
            raise NotSignedIn("DHIS2 does not take this password.", "Check it.")
        return facts

    def make_token(self, username, password):
        self.tokens_made += 1
        return "d2p_token" if self.makes_tokens else ""

    def ask_again(self, token):
        assert token == "d2p_token"
        self.asked_again += 1
        return self._facts()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def directory():
    return Directory()


@pytest.fixture
def access(tmp_path, clock, directory):
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()
    books = Books(
        People(database, clock),
        Sessions(database, Lifetime(), clock),
        Tokens(database, clock),
        LoginFailures(database, clock=clock),
        Audit(database, clock),
    )
    yield Access(books, directory, Vault("k" * 40), clock)
    database.close()


def units(person):
    return [unit.id for unit in person.scope.units]


def stay_signed_in(access, clock, secret, hours):
    """Use the session all the time, so that it does not end for want of use."""
    person = None
    for _ in range(int(hours * 4)):
        clock.pass_by(minutes=15)
        person = access.by_session(secret)
    return person


def test_the_right_password_opens_a_session(access):
    secret = access.sign_in("store", "right", HERE)
    assert access.by_session(secret).username == "store"
    assert [entry.what for entry in access.books.audit.newest()] == ["logged in"]


def test_the_name_that_dhis2_gives_counts_however_it_was_typed(access):
    assert access.by_session(access.sign_in("STORE", "right", HERE)).username == "store"


def test_a_wrong_password_opens_nothing_and_is_written_down(access):
    with pytest.raises(WrongPasswordError):
        access.sign_in("store", "wrong", HERE)
    entry = access.books.audit.newest()[0]
    assert (entry.who, entry.what, entry.address) == ("store", "log-in failed", HERE)
    assert "wrong" not in entry.details


def test_after_five_failures_even_the_right_password_waits(access, clock):
    for _ in range(5):
        with pytest.raises(WrongPasswordError):
            access.sign_in("store", "wrong", HERE)
    with pytest.raises(TooManyFailuresError) as refusal:
        access.sign_in("store", "right", HERE)
    assert refusal.value.seconds == 900
    assert access.sign_in("store", "right", "10.0.0.8")
    clock.pass_by(minutes=15)
    assert access.sign_in("store", "right", HERE)


def test_a_dhis2_that_is_down_lets_nobody_new_in_and_counts_no_failure(access, directory):
    directory.down = True
    for _ in range(6):
        with pytest.raises(NobodyToAskError, match="does not answer"):
            access.sign_in("store", "right", HERE)
    directory.down = False
    assert access.sign_in("store", "right", HERE)


def test_a_changed_scope_counts_within_the_hour(access, directory, clock):
    secret = access.sign_in("store", "right", HERE)
    directory.unit = "b"
    assert units(stay_signed_in(access, clock, secret, hours=0.75)) == ["a"]
    assert units(stay_signed_in(access, clock, secret, hours=0.5)) == ["b"]


def test_dhis2_is_asked_once_an_hour_and_not_at_every_request(access, directory, clock):
    secret = access.sign_in("store", "right", HERE)
    for _ in range(20):
        access.by_session(secret)
    assert directory.asked_again == 0
    stay_signed_in(access, clock, secret, hours=4)
    assert 3 <= directory.asked_again <= 4


def test_while_dhis2_is_down_the_signed_in_go_on(access, directory, clock):
    secret = access.sign_in("store", "right", HERE)
    directory.down = True
    assert units(stay_signed_in(access, clock, secret, hours=5)) == ["a"]
    assert directory.asked_again <= 5 * 12
    directory.down, directory.unit = False, "b"
    assert units(stay_signed_in(access, clock, secret, hours=0.5)) == ["b"]


def test_an_account_disabled_in_dhis2_is_out_within_the_hour(access, directory, clock):
    secret, text = access.sign_in("store", "right", HERE), access.books.tokens.make("store", "sheet")
    assert access.by_token(text)
    directory.disabled = True
    assert stay_signed_in(access, clock, secret, hours=1.25) is None
    assert access.by_token(text) is None
    directory.disabled = False
    assert access.by_session(secret) is None
    assert access.by_session(access.sign_in("store", "right", HERE))
    assert access.by_token(text)


def test_without_a_token_of_dhis2_one_signs_in_again_after_an_hour(access, directory, clock):
    directory.makes_tokens = False
    secret = access.sign_in("store", "right", HERE)
    assert stay_signed_in(access, clock, secret, hours=0.75)
    assert stay_signed_in(access, clock, secret, hours=0.5) is None


def test_signing_in_again_makes_no_second_token(access, directory):
    for _ in range(3):
        access.sign_in("store", "right", HERE)
    assert directory.tokens_made == 1


def test_the_dhis2_token_is_not_readable_in_the_database(access):
    access.sign_in("store", "right", HERE)
    assert "d2p_token" not in access.books.people.get("store").credential


def test_signing_out_ends_the_session(access):
    secret = access.sign_in("store", "right", HERE)
    access.sign_out(secret, HERE)
    assert access.by_session(secret) is None
    assert access.books.audit.newest()[0].what == "logged out"


@pytest.mark.parametrize("guess", ["", "x", "tandem_x"])
def test_a_guess_is_nobody(access, guess):
    access.sign_in("store", "right", HERE)
    assert access.by_session(guess) is None
    assert access.by_token(guess) is None
