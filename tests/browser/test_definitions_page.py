"""The Definitions page as a person uses it: searched, linked to, read by everybody, with own figures."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DRAWN = "#definitions-list details"


def opened(visit: Visit, path: str = "/definitions?lang=en", **look: object) -> Page:
    page = visit(path, **look)
    page.wait_for_selector(DRAWN)
    page.wait_for_selector(".live p", state="attached")
    return page


def shown(page: Page) -> list[str]:
    return page.eval_on_selector_all(f"{DRAWN}:not([hidden])", "all => all.map(each => each.id)")


def test_what_one_types_finds_without_accents_or_capitals_and_stands_in_the_address(visit: Visit) -> None:
    page = opened(visit, "/definitions?lang=fr")
    everything = len(shown(page))
    page.locator("#definitions-search").fill("TAUX de PEREMPTION")
    assert shown(page) == []
    expect(page.locator("#definitions-none")).to_be_visible()
    page.locator("#definitions-search").fill("risque peremption")
    assert shown(page) == ["expiry_at_risk"]
    expect(page.locator("#expiry_at_risk")).to_have_attribute("open", "")
    expect(page.locator("#definitions-found")).to_have_text(f"Trouvées : 1 sur {everything}")
    assert "q=risque+peremption" in page.url
    page.reload()
    page.wait_for_selector("details#expiry_at_risk[open]")
    assert shown(page) == ["expiry_at_risk"]


def test_it_is_walked_by_keyboard_alone(visit: Visit) -> None:
    page = opened(visit)
    page.locator("body").press("/")
    expect(page.locator("#definitions-search")).to_be_focused()
    page.keyboard.type("months of stock")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#months_of_stock summary")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#definitions-search")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#definitions-search")).to_have_value("")
    assert len(shown(page)) > 80


def test_a_link_opens_its_definition_with_figures_of_ones_own_place(visit: Visit) -> None:
    page = opened(visit, "/definitions?lang=en#months_of_stock")
    entry = page.locator("#months_of_stock")
    expect(entry).to_have_attribute("open", "")
    expect(entry).to_be_in_viewport()
    expect(entry.locator(".examples")).to_contain_text("2 months")
    expect(entry.locator(".live")).to_contain_text("Sep 2019")
    expect(entry.locator(".live .result")).to_contain_text("reported:")
    entry.locator(".anchor").click()
    assert page.url.endswith("#months_of_stock")


def test_all_can_be_opened_for_paper_and_closed_again(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#definitions-open").click()
    assert page.locator(f"{DRAWN}:not([open])").count() == 0
    page.locator("#definitions-open").click()
    assert page.locator(f"{DRAWN}[open]").count() == 0


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [
        (360, "dark", "fr"),
        pytest.param(768, "light", "fr", marks=pytest.mark.exhaustive),
        pytest.param(1440, "dark", "en", marks=pytest.mark.exhaustive),
    ],
)
def test_nothing_on_it_hinders_people_who_hear_or_tab_and_it_fits(
    visit: Visit, width: int, scheme: str, language: str
) -> None:
    page = opened(visit, f"/definitions?lang={language}#stock_status", width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.locator("#definitions-open").click()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.locator("#definitions-open").click()
    page.evaluate("document.getElementById('stock_status').open = true")
    assert violations(page, ALL) == []


def test_the_place_of_the_examples_is_chosen_and_stands_in_the_address(visit: Visit) -> None:
    page = opened(visit, "/definitions?lang=en#months_of_stock")
    choice, live = page.locator("#definitions-unit"), page.locator("#months_of_stock .live h4")
    below = choice.locator("option").last
    place = (below.text_content() or "").strip()
    choice.select_option(below.get_attribute("value"))
    expect(live).to_contain_text(place)
    page.reload()
    expect(live).to_contain_text(place)
    expect(choice.locator("option:checked")).to_contain_text(place)
