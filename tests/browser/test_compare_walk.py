"""From the nation to a facility and back: with the mouse, with the keyboard alone, with Back and Forward."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.compare_page import AGNEBY, PAIR, TIASSALE, click_point, curve_of, ready, state
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NATION = "Three-month injectable: Côte d'Ivoire"
REGION = "Three-month injectable: Agneby-Tiassa-Me"
DISTRICT = "Three-month injectable: Tiassale"


def test_clicks_on_both_charts_and_a_row_lead_from_the_nation_to_a_facility(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    ready(page, NATION)
    expect(page.locator("#compare-hint")).to_be_visible()
    page.locator("#compare-table").get_by_role("link", name="Agneby-Tiassa-Me").click()
    ready(page, REGION)
    click_point(page, "service", curve_of(page, "service", TIASSALE), 20)
    ready(page, DISTRICT)
    assert state(page)["at"] == "2019-09"
    facility = page.locator("#compare-table tbody a").first.inner_text()
    click_point(page, "commodity", 0, 19)
    expect(page.locator("#compare-title")).not_to_have_text(DISTRICT)
    expect(page.locator("#compare-service-message")).to_contain_text("Services are reported by the district")
    expect(page.locator("#compare-crumbs li")).to_have_count(4)
    expect(page.locator("#compare-hint")).to_be_hidden()  # nothing lies below
    assert state(page)["at"] == "2019-08"
    assert facility


def test_a_click_on_a_bar_leads_to_its_largest_part_and_keeps_the_month(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}&at=2019-09")
    ready(page, REGION)
    click_point(page, "service", 0, 14)
    expect(page.locator("#compare-title")).not_to_have_text(REGION)
    assert state(page)["at"] == "2019-03"
    expect(page.locator("#compare-at")).to_have_value("2019-03")
    ready(page, "Three-month injectable: Agboville")


def test_a_click_anywhere_in_a_line_leads_where_its_name_leads(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&at=2019-03")
    ready(page, NATION)
    line = page.locator("#compare-table tbody tr", has_text="Agneby-Tiassa-Me")
    line.locator(".spark.commodity").click()
    ready(page, REGION)
    assert state(page)["at"] == "2019-03"
    page.locator("#compare-table tbody tr", has_text="Tiassale").locator("td").nth(2).click()
    ready(page, DISTRICT)


LONGEST = "Koumassi-Port Bouet-Vridi C1015"


def test_a_wide_screen_shows_the_whole_way_down_whatever_the_names(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    ready(page, NATION)
    height = page.locator(".top-bar").bounding_box()
    page.goto(f"{page.url.split('?')[0]}?{PAIR}&unit=C1015")
    ready(page, f"Three-month injectable: {LONGEST}")
    expect(page.locator("#compare-crumbs b")).to_have_text(LONGEST)
    cut = """(way) => {
      const room = way.getBoundingClientRect();
      const out = (part) => part.bottom > room.bottom + 5 || part.right > room.right + 1;
      return [...way.querySelectorAll("a, b")]
        .filter((name) => (name.clientWidth && name.scrollWidth > name.clientWidth + 1)
          || [...name.getClientRects()].some(out))
        .map((name) => name.textContent);
    }"""
    assert page.locator("#compare-crumbs").evaluate(cut) == []
    assert page.locator(".top-bar").bounding_box() == height


def test_the_breadcrumb_leads_back_up(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={TIASSALE}")
    ready(page, DISTRICT)
    page.locator("#compare-crumbs").get_by_role("link", name="Agneby-Tiassa-Me").click()
    ready(page, REGION)
    page.locator("#compare-crumbs").get_by_role("link", name="Côte d'Ivoire").click()
    ready(page, NATION)


def test_back_and_forward_lead_through_the_places_that_were_seen(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    ready(page, NATION)
    page.locator("#compare-table").get_by_role("link", name="Agneby-Tiassa-Me").click()
    ready(page, REGION)
    page.locator("#compare-table").get_by_role("link", name="Tiassale").click()
    ready(page, DISTRICT)
    page.go_back()
    ready(page, REGION)
    page.go_back()
    ready(page, NATION)
    page.go_forward()
    ready(page, REGION)
    expect(page.locator("#compare-table tbody tr")).to_have_count(6)


def test_the_same_point_can_be_clicked_again_after_going_back(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}")
    ready(page, REGION)
    for _ in range(2):
        click_point(page, "service", curve_of(page, "service", TIASSALE), 20)
        ready(page, DISTRICT)
        page.go_back()
        ready(page, REGION)


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until the focus is on an element."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{most} times Tab do not reach {selector}")


def test_the_keyboard_alone_leads_from_the_nation_to_a_facility_and_back(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    ready(page, NATION)
    tab_to(page, f"#compare-table a[href*='unit={AGNEBY}']")
    page.keyboard.press("Enter")
    ready(page, REGION)
    assert page.evaluate("document.activeElement.id") == "compare-title"
    tab_to(page, f"#compare-table a[href*='unit={TIASSALE}']")
    page.keyboard.press("Enter")
    ready(page, DISTRICT)
    tab_to(page, "#compare-table tbody a")
    page.keyboard.press("Enter")
    expect(page.locator("#compare-crumbs li")).to_have_count(4)
    for crumbs in (3, 2):
        page.keyboard.press("Shift+Tab")
        tab_back_to(page, f"#compare-crumbs li:nth-child({crumbs}) a")
        page.keyboard.press("Enter")
        expect(page.locator("#compare-crumbs li")).to_have_count(crumbs)
    ready(page, REGION)


def tab_back_to(page: Page, selector: str, most: int = 40) -> None:
    """Press Shift+Tab until the focus is on an element."""
    for _ in range(most):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Shift+Tab")
    raise AssertionError(f"{most} times Shift+Tab do not reach {selector}")


def test_the_list_beside_the_place_is_the_charts_click_for_the_keyboard(visit: Visit) -> None:
    page = visit(f"/?{PAIR}")
    ready(page, NATION)
    tab_to(page, "#compare-deeper")
    page.keyboard.type("Agn")
    ready(page, REGION)


def test_pair_months_and_grain_are_chosen_into_the_address(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}")
    ready(page, REGION)
    page.locator("#compare-pair").select_option("implant")
    ready(page, "Implant: Agneby-Tiassa-Me")
    page.locator("#compare-from").select_option("2019-01")
    expect(page.locator("#compare-months tbody tr")).to_have_count(9)
    page.locator("#compare-grain").select_option("quarter")
    expect(page.locator("#compare-months tbody tr")).to_have_count(3)
    assert state(page) | {"at": ""} == {
        "unit": AGNEBY, "pair": "implant", "from": "2019-01", "grain": "quarter", "lang": "en", "at": "",
    }  # fmt: skip
