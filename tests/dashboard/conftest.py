"""The whole application over each country's figures, and people who are signed in."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from accounts.person import Person
from countries import Country
from dashboard.queries import Figures
from tests.conftest import COUNTRIES
from tests.dashboard.api_asked import PATH
from tests.web import PASSWORDS, Browser, application, signed_in


@dataclass(frozen=True)
class Site:
    """An installation for one country, and what a test asks it for: all of it read from the configuration.

    Attributes:
        country: its configuration.
        dhis2: the address of its DHIS2.
        web: the application.
    """

    country: Country
    dhis2: str
    web: Flask

    @property
    def figures(self) -> Figures:
        return self.web.extensions["tandem"]["figures"]

    @property
    def pairs(self) -> tuple[str, ...]:
        """Pairs with services and commodities, the first ones of the configuration."""
        return tuple(each.id for each in self.country.pairs.values() if each.services and each.commodities)

    @property
    def pair(self) -> str:
        return self.pairs[0]

    @property
    def months(self) -> tuple[str, str]:
        """The last nine months that there are figures for, as the interface writes them."""
        last = self.figures.months()[1]
        return f"{last // 100}-{last % 100 - 8:02}", f"{last // 100}-{last % 100:02}"

    def form(self, kind: str) -> str:
        """The form that tells a side's figures: "service" or "commodity"."""
        return next(each.key for each in self.country.forms if each.kind == kind and each.role == "figures")


@pytest.fixture(scope="session")
def civ_web(civ_demo, civ_data, tmp_path_factory) -> Flask:
    """The application over the embedded DHIS2's accounts and a snapshot of the Ivorian figures."""
    return application(tmp_path_factory.mktemp("web"), civ_demo, civ_data.folder)


@pytest.fixture(scope="session")
def tiny_web(tiny_demo, tiny_data, tmp_path_factory) -> Flask:
    """The same over the tiny country's."""
    folder = tmp_path_factory.mktemp("tiny-web")
    return application(folder, tiny_demo, tiny_data.folder, TANDEM_COUNTRY=str(COUNTRIES["tiny"]))


@pytest.fixture(scope="session")
def whotopia_web(whotopia_demo, whotopia_data, tmp_path_factory) -> Flask:
    """The same over a small Whotopia's."""
    folder = tmp_path_factory.mktemp("whotopia-web")
    return application(folder, whotopia_demo, whotopia_data.folder, TANDEM_COUNTRY="whotopia")


@pytest.fixture(scope="session", params=COUNTRIES)
def site(request) -> Site:
    """Every installation, one after the other: a test that asks for it runs on each country."""
    name = request.param
    return Site(*(request.getfixturevalue(each) for each in (name, f"{name}_demo", f"{name}_web")))


@pytest.fixture(scope="session")
def web(site) -> Flask:
    return site.web


@pytest.fixture(scope="session")
def figures(site) -> Figures:
    return site.figures


@pytest.fixture(scope="session")
def browsers(web) -> dict[str, Browser]:
    """A browser for each account, signed in, and one of nobody."""
    people = {username: signed_in(web, username) for username in PASSWORDS}
    return {"nobody": Browser(web), **people}


@pytest.fixture(scope="session")
def person(web, browsers) -> Callable[[str], Person]:
    """Who an account is to the application."""
    access = web.extensions["tandem"]["access"]
    return lambda username: access.by_session(browsers[username].cookie())


@pytest.fixture(scope="module")
def units(figures):
    return figures.holding().units


@pytest.fixture(scope="module")
def nation(units):
    return units[units["level"] == 1].iloc[0]


@pytest.fixture(scope="module")
def url(site):
    """Addresses of the interface, for the first pair and the last nine months unless told otherwise."""

    def of(unit, pair=site.pair, **more):
        more = {"from": site.months[0], "to": site.months[1], **more}
        return f"{PATH}?unit={unit}&pair={pair}&" + "&".join(f"{key}={value}" for key, value in more.items())

    return of
