"""Whoever looks at a page is told whose figures it shows, and of invented ones that they are invented."""

import json

import pytest

from dashboard.i18n import LANGUAGES

PATHS = ("/definitions", "/data", "/profile")
"""Pages without figures in an answer of their own; Compare and Programmes bring the line with theirs."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_every_page_ends_with_the_credit_of_the_country(site, browsers, path, language):
    layout = laid_out(browsers["admin"], path, language)
    *_, last = parts(layout, "P")
    assert last["props"]["children"] == site.country.credit[language]


def test_the_credit_of_whotopia_says_that_its_figures_are_invented(whotopia):
    assert "synthetic" in whotopia.credit["en"] and "invented" in whotopia.credit["en"]
    assert "fictifs" in whotopia.credit["fr"] or "synthétiques" in whotopia.credit["fr"]


def laid_out(browser, path, language):
    """The component in which a page is drawn."""
    headers = {"Referer": f"http://localhost{path}?lang={language}"}
    answer = browser.get(f"/_dash-layout?lang={language}", headers=headers)
    assert answer.status_code == 200
    (page,) = [part for part in parts(json.loads(answer.text), "Main") if part["props"].get("id") == "page"]
    return page


def parts(component, kind):
    """Components of a kind inside one, in the order of reading."""
    if isinstance(component, list):
        for each in component:
            yield from parts(each, kind)
    elif isinstance(component, dict):
        if component.get("type") == kind:
            yield component
        yield from parts(component.get("props", {}).get("children"), kind)
