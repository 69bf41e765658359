"""What people write on Compare in the browser: notes on months, and the tip."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.compare_page import AGNEBY, PAIR, ready
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
REGION = "Three-month injectable: Agneby-Tiassa-Me"
CAMPAIGN = "Injections were given in the markets."


def test_a_note_is_written_shown_changed_and_withdrawn(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}&at=2019-03")
    ready(page, REGION)
    page.locator("#compare-remark-add").click()
    expect(page.locator("#compare-remark-text")).to_be_focused()
    expect(page.locator("#compare-remark-month")).to_have_value("2019-03")
    assert page.locator("#compare-remark-kind").input_value() == ""
    page.locator("#compare-remark-text").fill(CAMPAIGN)
    page.locator("#compare-remark-form button[type=submit]").click()
    expect(page.locator("#compare-remark-form")).to_be_visible()  # a kind has to be chosen
    page.locator("#compare-remark-kind").select_option("campaign")
    page.locator("#compare-remark-form button[type=submit]").click()
    note = page.locator("#compare-remarks li").filter(has_text=CAMPAIGN)
    expect(note).to_contain_text("Mar 2019 · Campaign")
    expect(page.locator("#compare-remark-form")).to_be_hidden()
    note.get_by_role("button", name="edit").click()
    page.locator("#compare-remark-text").fill("Only in Tiassale.")
    page.locator("#compare-remark-form button[type=submit]").click()
    changed = page.locator("#compare-remarks li").filter(has_text="Only in Tiassale.")
    expect(changed).to_have_count(1)
    changed.get_by_role("button", name="edit").click()
    page.locator("#compare-remark-withdraw").click()
    expect(changed).to_have_count(0)


def test_the_tip_is_rewritten_in_place_with_its_history_and_given_back(visit: Visit) -> None:
    page = visit(f"/?{PAIR}&unit={AGNEBY}")
    ready(page, REGION)
    own = page.locator("#compare-tip").inner_text()
    page.locator("#compare-tip-edit").click()
    expect(page.locator("#compare-tip-text")).to_be_focused()
    page.locator("#compare-tip-text").fill("Look at the two-month injectable first.")
    page.locator("#compare-tip-form button[type=submit]").click()
    expect(page.locator("#compare-tip")).to_have_text("Look at the two-month injectable first.")
    page.locator("#compare-tip-show-history").click()
    expect(page.locator("#compare-tip-history li").first).to_contain_text("two-month injectable first")
    page.locator("#compare-tip-edit").click()
    page.locator("#compare-tip-own").click()
    expect(page.locator("#compare-tip-form")).to_be_hidden()
    expect(page.locator("#compare-tip")).to_have_text(own, use_inner_text=True)


def test_french_keeps_a_space_before_every_colon(visit: Visit) -> None:
    page = visit("/?pair=injectable-3m&lang=fr&show=index&at=2019-03")
    page.wait_for_selector("#compare:not(.waiting):not([aria-busy])")
    spoken = "all => all.map(each => [each.textContent, each.title, each.ariaLabel]).join()"
    said = page.eval_on_selector_all("main, main [title], main [aria-label]", spoken)
    assert "écartés" in said
    assert re.findall(r".{20}\w: .{10}", said) == []
