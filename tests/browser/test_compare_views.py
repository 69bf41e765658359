"""The views of the places below: by mouse, by keyboard, on a telephone, in both themes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.compare_page import AGNEBY, PAIR, state
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NATION = "Three-month injectable: Côte d'Ivoire"


def opened(visit: Visit, search: str, **how: object) -> Page:
    page = visit(f"/?{search}", **how)
    page.wait_for_selector("#compare:not(.waiting)")
    return page


def names(page: Page, view: str) -> list[str]:
    """The places that a view names, in its order."""
    selector = {
        "table": "#compare-table tbody th",
        "multiples": "#compare-multiples strong",
        "map": "#compare-map .map-list a span:nth-of-type(1)",
    }[view]
    page.wait_for_selector(selector)
    return page.locator(selector).all_inner_texts()


def test_the_views_show_the_same_places_in_the_same_order(visit: Visit) -> None:
    page = opened(visit, f"{PAIR}&sort=name")
    first = names(page, "table")
    assert len(first) == 21
    assert first == sorted(first)
    for view, tab in (("multiples", "Small charts"), ("map", "Map")):
        page.get_by_role("tab", name=tab).click()
        assert names(page, view) == first
        assert state(page)["view"] == view


def test_small_charts_open_without_asking_the_server_and_their_links_keep_the_view(visit: Visit) -> None:
    page = opened(visit, PAIR)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "_dash-update" in request.url else None)
    page.get_by_role("tab", name="Small charts").click()
    card = page.locator("#compare-multiples a", has_text="Agneby-Tiassa-Me")
    expect(card.locator("svg")).to_have_count(2)
    assert asked == []
    card.click()
    expect(page.locator("#compare-title")).to_have_text("Three-month injectable: Agneby-Tiassa-Me")
    assert state(page)["view"] == "multiples"
    page.go_back()
    expect(page.locator("#compare-title")).to_have_text(NATION)
    expect(page.locator("#compare-multiples > li")).to_have_count(21)
    page.go_back()
    expect(page.locator("#compare-table tbody tr")).to_have_count(21)
    expect(page.locator("#compare-multiples")).to_be_hidden()


def test_the_pointer_reads_both_sides_of_a_small_chart(visit: Visit) -> None:
    page = opened(visit, f"{PAIR}&unit={AGNEBY}&view=multiples")
    card = page.locator("#compare-multiples > li").first
    frame = card.locator(".frame").first
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box
    page.mouse.move(box["x"] + 1, box["y"] + 10)
    expect(card.locator(".reading")).to_contain_text("Jan 2018")
    assert [each.get_attribute("d") for each in card.locator("path.here").all()].count("M3.0 0V46") == 2
    page.mouse.move(0, 0)
    expect(card.locator(".reading .two")).to_be_visible()


def test_the_tabs_are_walked_with_the_arrows_and_chosen_with_enter(visit: Visit) -> None:
    page = opened(visit, PAIR)
    page.locator("#compare-view-table").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "compare-view-multiples"
    expect(page.locator("#compare-view-table")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#compare-view-multiples")).to_have_attribute("aria-selected", "true")
    assert page.evaluate("document.activeElement.id") == "compare-view-multiples"
    page.keyboard.press("End")
    page.keyboard.press(" ")
    expect(page.locator("#compare-multiples > li")).to_have_count(8)
    assert page.evaluate("document.activeElement.id") == "compare-view-pairs"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "compare-view-table"


def test_a_heading_orders_by_disagreement_and_the_address_says_so(visit: Visit) -> None:
    page = opened(visit, "pair=injectable-2m&lang=en&at=2018-12")
    page.locator("#compare-table button[data-sort=disagreement]").click()
    assert state(page)["sort"] == "disagreement"
    expect(page.locator("#compare-table th[aria-sort=descending] button")).to_be_focused()
    down = names(page, "table")
    page.reload()
    page.wait_for_selector("#compare:not(.waiting)")
    assert names(page, "table") == down


def test_all_pairs_lead_to_each_pair_with_place_and_period_kept(visit: Visit) -> None:
    page = opened(visit, f"{PAIR}&unit={AGNEBY}&at=2019-03&view=pairs")
    expect(page.locator("#compare-multiples > li")).to_have_count(8)
    page.locator("#compare-multiples a", has_text="Implant").click()
    expect(page.locator("#compare-title")).to_have_text("Implant: Agneby-Tiassa-Me")
    assert {"unit": AGNEBY, "at": "2019-03", "view": "pairs"}.items() <= state(page).items()


def test_a_place_on_the_map_says_its_figures_and_leads_there(whotopia_visit: Visit) -> None:
    page = opened(whotopia_visit, "lang=en&view=map")
    link = page.locator("#compare-map .map-list a").first
    name = link.locator("span").first.inner_text()
    link.focus()
    expect(page.locator("#compare-map .map-words b")).to_have_text(name)
    expect(page.locator("#compare-map g.place.lit")).to_have_count(1)
    page.locator("#compare-map g.place.lit .area").click(position={"x": 40, "y": 60})
    expect(page.locator("#compare-title")).to_contain_text(f": {name}")
    assert state(page)["view"] == "map"


def test_a_mark_of_the_map_leads_on_however_slowly_it_is_pressed(visit: Visit) -> None:
    page = opened(visit, "lang=en&view=map")
    mark = page.locator("#compare-map g.place").last
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    name = page.locator("#compare-map .map-words b").inner_text()
    page.mouse.down()
    page.wait_for_timeout(300)
    page.mouse.up()
    expect(page.locator("#compare-title")).to_contain_text(name)


def test_the_map_is_coloured_anew_without_asking_the_server(whotopia_visit: Visit) -> None:
    page = opened(whotopia_visit, "lang=en&view=map")
    expect(page.locator("#compare-map .drawing.by-disagreement").first).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "_dash-update" in request.url else None)
    page.locator("#compare-by").select_option("service")
    expect(page.locator("#compare-map .drawing.by-service").first).to_be_visible()
    assert asked == []
    assert state(page)["by"] == "service"


def test_a_country_without_coordinates_offers_the_table(tiny_visit: Visit) -> None:
    page = opened(tiny_visit, "lang=en&view=map")
    expect(page.locator("#compare-map .message")).to_contain_text("holds no coordinates")
    page.get_by_role("button", name="Show the table").click()
    expect(page.locator("#compare-table tbody tr").first).to_be_visible()
