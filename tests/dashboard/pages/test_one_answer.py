"""What a page with one answer says of an address that has none."""

from dataclasses import dataclass

import pytest

from dashboard import i18n
from dashboard.pages.one_answer import OneAnswer
from dashboard.questions import NotInScopeError, UnknownUnitError


@dataclass(frozen=True)
class Address:
    unit: str | None


@pytest.fixture
def page():
    nothing = dict.fromkeys(("figures", "layout", "controls", "read", "view", "html"))
    return OneAnswer(name="quality", title_key="page.quality", path="/quality", icon="", **nothing)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_unknown_place_is_named_and_the_way_out_stays_on_the_page(page, language):
    with i18n.use(language):
        told = page.said(UnknownUnitError("unit", "No unit.", "Sync."), Address("NOWHERE"))
    assert "NOWHERE" in told["text"]
    assert told["href"] == "/quality"


def test_an_address_without_a_place_may_have_other_problems(page):
    with i18n.use("en"):
        told = page.said(NotInScopeError("unit", "Not yours.", "Ask."), Address(None))
    assert told["text"] and told["href"]
