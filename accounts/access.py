"""Letting people in: log-in against DHIS2, sessions, tokens, and the hourly look if DHIS2 still agrees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from accounts.person import Person
from accounts.refusals import NobodyToAskError, TooManyFailuresError, WrongPasswordError
from accounts.vault import Vault
from ledger.audit import Audit
from ledger.clock import Clock, utc_now
from ledger.failures import LoginFailures
from ledger.people import People, Record
from ledger.sessions import Sessions
from ledger.tokens import Tokens
from loaders.errors import NotSignedIn, SourceError

CHECKED_FOR = timedelta(hours=1)
"""So long DHIS2's word about a person holds."""

TRIED_AGAIN_AFTER = timedelta(minutes=5)
"""So long we wait for a DHIS2 that did not answer before asking it again."""


class Directory(Protocol):
    """Where people are known: DHIS2. `accounts.directory` has the real one."""

    def sign_in(self, username: str, password: str) -> Mapping[str, Any]:
        """The facts of a person whose password is right."""

    def make_token(self, username: str, password: str) -> str:
        """A token with which to ask again as this person; empty where DHIS2 makes none."""

    def ask_again(self, token: str) -> Mapping[str, Any]:
        """The facts of the person whose token it is."""


@dataclass(frozen=True)
class Books:
    """The tables that access needs."""

    people: People
    sessions: Sessions
    tokens: Tokens
    failures: LoginFailures
    audit: Audit


class Access:
    """Who may come in."""

    def __init__(self, books: Books, directory: Directory, vault: Vault, clock: Clock = utc_now) -> None:
        self.books = books
        self._directory = directory
        self._vault = vault
        self._clock = clock

    def sign_in(self, username: str, password: str, address: str) -> str:
        """Log somebody in and give the secret of the new session.

        Raises:
            TooManyFailuresError: this user has to wait; DHIS2 was not asked.
            WrongPasswordError: DHIS2 does not know this user with this password.
            NobodyToAskError: DHIS2 could not be asked.
        """
        wait = self.books.failures.wait(username, address)
        if wait:
            raise TooManyFailuresError(wait)
        facts = self._ask(username, password, address)
        self.books.failures.forgive(username, address)
        known_as = str(facts["username"])
        self.books.people.confirm(known_as, dict(facts), self._credential(known_as, username, password))
        self.books.audit.append(known_as, "logged in", address)
        return self.books.sessions.start(known_as, address)

    def _ask(self, username: str, password: str, address: str) -> Mapping[str, Any]:
        try:
            return self._directory.sign_in(username, password)
        except NotSignedIn as refusal:
            self.books.failures.note(username, address)
            self.books.audit.append(username, "log-in failed", address)
            raise WrongPasswordError(str(refusal)) from refusal
        except SourceError as problem:
            raise NobodyToAskError(str(problem)) from problem

    def sign_out(self, secret: str, address: str) -> None:
        """End a session."""
        session = self.books.sessions.find(secret)
        self.books.sessions.end(secret)
        if session:
            self.books.audit.append(session.username, "logged out", address)

    def by_session(self, secret: str, used: bool = True) -> Person | None:
        """Whose living session this is; `used` says whether a person acted, or only an open page asked."""
        session = self.books.sessions.find(secret, used)
        return self._person(session.username) if session else None

    def by_token(self, text: str) -> Person | None:
        """Whose API token this is."""
        token = self.books.tokens.find(text)
        return self._person(token.username) if token else None

    def _credential(self, known_as: str, username: str, password: str) -> str:
        """The person's own DHIS2 token, sealed; one that works is kept, or log-ins would pile them up."""
        record = self.books.people.get(known_as)
        kept = self._vault.open(record.credential) if record else ""
        try:
            if kept and self._directory.ask_again(kept)["username"] == known_as:
                return record.credential if record else ""
        except SourceError:
            pass
        return self._vault.seal(self._directory.make_token(username, password))

    def _person(self, username: str) -> Person | None:
        record = self.books.people.get(username)
        if record is None or record.refused:
            return None
        if self._clock() - record.checked_at < CHECKED_FOR:
            return Person.of(record.facts)
        return self._checked(record)

    def _checked(self, record: Record) -> Person | None:
        """The person after another look at DHIS2. One request looks; the others go on with what is known."""
        token = self._vault.open(record.credential)
        if not token:
            self._refuse(
                record.username, "DHIS2 made no token for this account, so it cannot be asked again."
            )
            return None
        if not self.books.people.take_turn(record.username, self._clock() - TRIED_AGAIN_AFTER):
            return Person.of(record.facts)
        try:
            facts = self._directory.ask_again(token)
        except NotSignedIn as refusal:
            self._refuse(record.username, str(refusal))
            return None
        except SourceError:  # DHIS2 is down or ill: who is signed in goes on
            return Person.of(record.facts)
        self.books.people.confirm(record.username, dict(facts))
        return Person.of(facts)

    def _refuse(self, username: str, why: str) -> None:
        self.books.people.refuse(username, why)
        self.books.sessions.end_all(username)
        self.books.audit.append(username, "no longer let in by DHIS2", why=why)
