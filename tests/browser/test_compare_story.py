"""Following a spike down: whose movement it was, one level deeper by keyboard, and back where one stood."""

import pytest
from playwright.sync_api import expect

from tests.browser.compare_page import ready, state
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SPIKE = "pair=injectable-3m&lang=en&grain=quarter&from=2018-01&at=2019-Q1"
NATION = "Three-month injectable: Côte d'Ivoire"
PARTS = "#compare-story-sides .commodity a.part"


def test_a_stranger_finds_where_one_injectable_rose_because_the_other_was_out(visit: Visit) -> None:
    page = visit(f"/?{SPIKE}")
    ready(page, NATION)
    found = page.locator("#compare-story-family .substitute")
    expect(found).to_contain_text(
        "“Two-month injectable” was out of stock while “Three-month injectable” rose."
    )
    expect(found).to_contain_text(
        "at the end of Feb 2019, 103 of the 114 facilities that carry it and reported had none left"
    )
    found.get_by_role("link").first.click()
    ready(page, "Three-month injectable: Abidjan 2")
    assert state(page)["at"] == "2019-Q1"
    expect(page.locator("#compare-story-sides .commodity .verdict")).to_contain_text(
        "One place: Cocody-Bingerville"
    )


def test_the_shares_that_are_shown_add_up_to_100(visit: Visit) -> None:
    page = visit(f"/?{SPIKE}")
    ready(page, NATION)
    shares = page.locator("#compare-story-sides .commodity .part b").all_inner_texts()
    assert len(shares) >= 6
    assert sum(int(share.rstrip("%")) for share in shares) == 100


def test_back_returns_to_the_bar_that_was_followed(visit: Visit) -> None:
    page = visit(f"/?{SPIKE}")
    ready(page, NATION)
    bar = page.locator(PARTS).first
    bar.focus()
    page.wait_for_timeout(200)  # the browser scrolls to what has the focus
    stood = page.evaluate("window.scrollY")
    page.keyboard.press("Enter")
    ready(page, "Three-month injectable: Abidjan 2")
    expect(page.locator("#compare-title")).to_be_focused()
    page.go_back()
    ready(page, NATION)
    expect(page.locator(PARTS).first).to_be_focused()
    assert abs(page.evaluate("window.scrollY") - stood) < 2


def test_a_facility_shows_what_was_stored_by_whom_and_when(visit: Visit) -> None:
    page = visit("/?pair=injectable-3m&lang=en&unit=ACEjn5pPbiE&at=2019-03")
    rows = page.locator("#compare-reported-rows table").first.locator("tbody tr")
    expect(rows.filter(has_text="End Balance").first).to_contain_text("Apr 9, 2019")
    expect(rows.filter(has_text="End Balance").first).to_contain_text("LMIS, Grand-Lahou C1091")
    expect(page.locator("#compare-reported-rows table").nth(1)).to_contain_text("Contraceptive logistics")


def test_a_group_is_named_in_the_title_and_kept_on_the_way_down(visit: Visit) -> None:
    page = visit(f"/?{SPIKE}")
    ready(page, NATION)
    page.locator("#compare-group").select_option(label="Hospital")
    ready(page, f"{NATION} · Hospital")
    page.locator(PARTS).first.click()
    expect(page.locator("#compare-title")).to_contain_text("· Hospital")
    expect(page.locator("#compare-title")).not_to_contain_text("Côte d'Ivoire")
    page.locator("#compare-group").select_option(label="All places")
    expect(page.locator("#compare-title")).not_to_contain_text("Hospital")


@pytest.mark.parametrize("grain", ["last3", "last6", "last12"])
def test_windows_end_with_the_last_month(visit: Visit, grain: str) -> None:
    page = visit(f"/?pair=injectable-3m&lang=en&grain={grain}&from=2017-10&to=2019-08")
    ready(page, NATION)
    expect(page.locator("#compare-at option:checked")).to_contain_text("Aug 2019")
    expect(page.locator("#compare-story-title")).to_contain_text("Aug 2019")
