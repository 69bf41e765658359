"""The bar on top of every page, the notices, and how still a page stands while it comes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.compare_page import AGNEBY, PAIR, ready
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

REGION = "Three-month injectable: Agneby-Tiassa-Me"
FACILITY = "/?pair=injectable-3m&unit=C4001&lang=fr"
MOST_SHIFT = 0.02
COMPARE = "#compare-commodity-chart .xaxislayer-above text"
PAGES = {
    f"/?{PAIR}": COMPARE,
    "/programmes?lang=en": "#programmes:not(.waiting) #programmes-heat td",
    "/definitions?lang=en": "#definitions-list summary",
    "/data?lang=en": "#data-report .panel",
}
_SHIFTS = """window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => {
  if (!each.hadRecentInput) window.moved += each.value;
})).observe({ type: "layout-shift", buffered: true });"""


def bar_height(page: Page) -> float:
    return float(page.evaluate("document.querySelector('.top-bar').getBoundingClientRect().height"))


@pytest.mark.parametrize(("width", "most"), [(1440, 56), (1024, 100), (768, 120), (390, 116), (360, 116)])
def test_the_bar_takes_two_rows_at_most_down_to_a_facility(visit: Visit, width: int, most: int) -> None:
    page = visit(FACILITY, width=width)
    page.wait_for_selector(COMPARE)
    expect(page.locator("#freshness span")).to_have_count(2)
    assert bar_height(page) <= most


def test_a_telephone_unfolds_the_choices_by_keyboard_and_says_what_is_chosen(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}", width=360)
    ready(page, REGION)
    choices = page.locator("#choices")
    expect(choices).to_contain_text("Agneby-Tiassa-Me")
    expect(choices).to_contain_text("Sep 2019")
    expect(choices).to_contain_text("Three-month injectable")
    expect(page.locator("#compare-pair")).to_be_hidden()
    choices.focus()
    page.keyboard.press("Enter")
    expect(choices).to_have_attribute("aria-expanded", "true")
    page.locator("#compare-pair").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#compare-pair")).to_be_hidden()
    expect(choices).to_be_focused()
    choices.click()
    page.locator("#compare-crumbs a").first.click()
    ready(page, "Three-month injectable: Côte d'Ivoire")
    expect(choices).to_have_attribute("aria-expanded", "false")
    expect(choices).to_contain_text("Côte d'Ivoire")


def test_a_telephone_says_what_moved_outside_the_fold(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}&at=2019-03", width=360)
    ready(page, REGION)
    said = page.locator("#compare-story-said")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Two-month injectable")
    page.locator("#compare-story summary").first.click()
    expect(said).to_be_hidden()


def test_a_lost_network_is_said_where_one_looks_and_nothing_stays_greyed(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}", width=360)
    ready(page, REGION)
    link = page.locator("#compare-table tbody a").first
    link.scroll_into_view_if_needed()
    page.context.set_offline(True)
    link.click()
    expect(page.locator("#notice-offline")).to_be_in_viewport()
    expect(page.locator("#compare.busy, #compare[aria-busy]")).to_have_count(0)
    page.context.set_offline(False)
    page.close()  # the console goes on about the lost link
    visit.complaints.clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_page_stands_still_while_it_comes(visit: Visit, width: int) -> None:
    page = visit("/healthz", width=width)
    page.add_init_script(_SHIFTS)
    moved = {}
    for path, drawn in PAGES.items():
        visit(path, width=width)
        page.wait_for_selector(drawn)
        expect(page.locator("#freshness span")).to_have_count(2)
        page.wait_for_timeout(500)
        moved[path] = page.evaluate("window.moved")
    assert {path: sum_ for path, sum_ in moved.items() if sum_ > MOST_SHIFT} == {}
