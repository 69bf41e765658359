"""Data quality as a person uses it: from the nation to the cells, by keyboard, on a narrow window."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def opened(visit: Visit, path: str = "/quality?lang=en&over=12", **look: object) -> Page:
    page = visit(path, **look)
    page.wait_for_selector("#quality:not(.waiting) #quality-places tbody tr")
    return page


def test_a_finding_leads_to_the_cells_that_it_is_about(visit: Visit) -> None:
    page = opened(visit)
    expect(page.locator("#quality-title")).to_have_text("Data quality: Côte d'Ivoire, 12 months to Sep 2019")
    expect(page.locator("#quality-cards .panel")).to_have_count(8)
    expect(page.locator("#quality-worst tbody tr")).to_have_count(10)
    page.locator("#quality-rules a", has_text="More days out than the month has").click()
    expect(page.locator("#quality-findings-title")).to_contain_text("More days out than the month has")
    expect(page.locator("#quality-findings li")).to_have_count(3)
    page.locator("#quality-findings li a").first.click()
    expect(page.locator("#quality-title")).not_to_contain_text("Côte d'Ivoire")
    expect(page.locator("#quality-cells .doubted").first).to_contain_text("⚑")
    expect(page.locator("#quality-cells caption").first).to_have_text("Contraceptive logistics")


def test_a_name_leads_one_level_down_and_the_choices_stay(visit: Visit) -> None:
    page = opened(visit)
    link = page.locator("#quality-places tbody th a").first
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#quality-crumbs [aria-current]")).to_have_text(name)
    assert "over=12" in page.url
    expect(page.locator("#quality-takes a")).to_have_count(2)


def test_a_narrow_window_holds_the_page_and_nothing_is_hard_to_reach(visit: Visit) -> None:
    page = opened(visit, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page, ALL) == []
