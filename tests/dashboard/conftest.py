"""The whole application over the Ivorian figures, and people who are signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from accounts.person import Person
from dashboard.queries import Figures
from tests.web import PASSWORDS, Browser, application, signed_in


@pytest.fixture(scope="session")
def civ_web(civ_demo, civ_data, tmp_path_factory) -> Flask:
    """The application over the embedded DHIS2's accounts and a snapshot of its figures."""
    return application(tmp_path_factory.mktemp("web"), civ_demo, civ_data.folder)


@pytest.fixture(scope="session")
def figures(civ_web) -> Figures:
    return civ_web.extensions["tandem"]["figures"]


@pytest.fixture(scope="session")
def browsers(civ_web) -> dict[str, Browser]:
    """A browser for each account, signed in, and one of nobody."""
    people = {username: signed_in(civ_web, username) for username in PASSWORDS}
    return {"nobody": Browser(civ_web), **people}


@pytest.fixture(scope="session")
def person(civ_web, browsers) -> Callable[[str], Person]:
    """Who an account is to the application."""
    access = civ_web.extensions["tandem"]["access"]
    return lambda username: access.by_session(browsers[username].cookie())
