"""What cannot be followed of an address is said in words, with the remedy, and loses nothing else."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.scope import Scope, Unit
from countries import Country
from dashboard import i18n
from dashboard.address import Address
from dashboard.pages.compare_problem import refusal, words_of
from dashboard.pages.compare_view import ask, view
from dashboard.queries import Figures
from dashboard.questions import BadQuestionError, QuestionError


@pytest.fixture(scope="module")
def figures(civ_data: Any, civ: Country) -> Figures:
    return Figures(civ_data, civ)


@pytest.fixture(scope="module")
def everything(figures: Figures) -> Scope:
    top = figures.holding().units.iloc[0]
    return Scope.of([Unit(str(top["id"]), str(top["path"]), 1)], None)


def notes(figures: Figures, scope: Scope, search: str, language: str = "en") -> list[str]:
    with i18n.use(language):
        found: list[str] = view(ask(figures, figures.country, Address.read(search), scope))["notes"]
        return found


def refused(figures: Figures, scope: Scope, search: str, language: str = "en") -> dict[str, Any]:
    address = Address.read(search)
    with i18n.use(language):
        try:
            ask(figures, figures.country, address, scope)
        except QuestionError as problem:
            return refusal(figures, address, problem, scope)
    raise AssertionError(f"{search} was answered")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(
    ("search", "named"),
    [
        ("from=2019-09&to=2019-01", "2019"),
        ("from=2010-01&to=2019-09", "2010"),
        ("from=2030-01&to=2030-02", "2030"),
        ("from=2019-13", "2019-13"),
        ("to=yesterday", "yesterday"),
        ("grain=week", "week"),
        ("view=globe", "globe"),
        ("sort=--size", "--size"),
        ("at=2019-99", "2019-99"),
    ],
)
def test_what_is_put_right_is_said_with_what_was_asked(
    figures: Figures, everything: Scope, search: str, named: str, language: str
) -> None:
    said = notes(figures, everything, f"pair=pill&{search}", language)
    assert len(said) == 1
    assert named in said[0]


def test_an_address_that_is_followed_says_nothing(figures: Figures, everything: Scope) -> None:
    assert (
        notes(figures, everything, "pair=pill&from=2019-01&to=2019-09&at=2019-03&view=map&sort=-name") == []
    )


def test_months_in_the_wrong_order_are_shown_in_theirs(figures: Figures, everything: Scope) -> None:
    asked = ask(figures, figures.country, Address.read("from=2019-06&to=2019-02"), everything)
    assert (asked.reading.address.first, asked.reading.address.last) == (201902, 201906)


REFUSED = [("unit", "nowhere"), ("pair", "aspirin"), ("group", "nobody")]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(("name", "given"), REFUSED)
def test_what_cannot_be_answered_names_it_and_leads_on_with_the_rest_of_the_link(
    figures: Figures, everything: Scope, name: str, given: str, language: str
) -> None:
    unit = figures.holding().rollup.children(figures.holding().units.index[0])[0]
    asked = {"unit": unit, "pair": "pill", "from": "2019-01", "to": "2019-06", "view": "map", name: given}
    search = "&".join(f"{key}={value}" for key, value in asked.items())
    found = refused(figures, everything, search, language)
    assert given in found["problem"]["text"]
    kept = parse_qs(urlsplit(found["problem"]["href"]).query)
    assert kept == {key: [value] for key, value in asked.items() if key != name}
    ways = {crumb["name"] for crumb in found["crumbs"]}
    assert len(ways) == (1 if name == "unit" else 2)
    with i18n.use(language):
        address = Address.read(urlsplit(found["problem"]["href"]).query)
        assert ask(figures, figures.country, address, everything).put_right == ()


@pytest.mark.parametrize(("name", "given"), REFUSED)
def test_no_choice_is_blank_beside_a_problem(
    figures: Figures, everything: Scope, name: str, given: str
) -> None:
    asked = {"pair": "pill", "from": "2019-01", name: given}
    found = refused(figures, everything, "&".join(f"{key}={value}" for key, value in asked.items()))
    for choice in found["controls"].values():
        assert choice["value"] in [each["value"] for each in choice["options"]]
        assert all(each["text"].strip() for each in choice["options"])
    assert found["controls"]["from"]["value"] == "2019-01"


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Ce programme n’existe pas"), ("en", "There is no such programme")]
)
def test_an_unknown_programme_is_named_as_such(language: str, title: str) -> None:
    problem = BadQuestionError(
        "programme", "There is no programme 'dentistry' that has products.", "Ask for one."
    )
    with i18n.use(language):
        view = words_of(problem)
    assert (view["title"], view["href"]) == (title, "/programmes")
