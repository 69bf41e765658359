"""DHIS2 as the place where people are known."""

from typing import Any

from loaders.dhis2 import Basic, Client, Limits, Token, sign_in
from loaders.people import Me

PATIENCE = Limits(parallel=1, connect=5.0, read=15.0, total=20.0, attempts=2, longest_wait=2.0)
"""A person waits for this, so it is short: a DHIS2 that takes longer counts as down."""


class Dhis2Directory:
    """The accounts of one DHIS2.

    Args:
        url: its address without `/api`.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def sign_in(self, username: str, password: str) -> dict[str, Any]:
        """The facts of a person whose password is right.

        Raises:
            NotSignedIn: DHIS2 does not know this user with this password.
            SourceError: DHIS2 could not be asked.
        """
        with Client(self._url, Basic(username, password), PATIENCE) as client:
            return facts_of(client.me())

    def make_token(self, username: str, password: str) -> str:
        """A token with which DHIS2 can be asked again as this person; empty where it makes none."""
        return sign_in(self._url, username, password).token

    def ask_again(self, token: str) -> dict[str, Any]:
        """The facts of the person whose token this is.

        Raises:
            NotSignedIn: the token ended, or the account is disabled.
            SourceError: DHIS2 could not be asked.
        """
        with Client(self._url, Token(token), PATIENCE) as client:
            return facts_of(client.me())


def facts_of(me: Me) -> dict[str, Any]:
    """What we keep of a person, as JSON; `accounts.person.Person.of` reads it."""
    return {
        "username": me.username,
        "name": me.name,
        "language": me.language,
        "authorities": sorted(me.authorities),
        "user_groups": sorted(name for _, name in me.user_groups),
        "capture": [[unit.id, unit.path, unit.level] for unit in me.organisation_units],
        "view": [[unit.id, unit.path, unit.level] for unit in me.data_view_units],
        "data_sets": sorted(me.data_sets),
    }
