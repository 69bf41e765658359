"""What happened at a store, found again, corrected, drawn and put on paper."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import overflow
from tests.browser.store_desk import item_called, opened, receive, somebody, told
from tests.browser.test_store_dispense import SMALL, WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    """A desk on a device that knows nothing yet."""
    return opened(tablet.new_page(), whotopia_served)


PRINTED = """() => new Promise((tell) => {
  const look = () => (window.printed ? tell(window.printed) : window.setTimeout(look, 50));
  look();
})"""


def looked_up(desk: Page, item: str = "") -> None:
    """Open the history, of one item if it is named."""
    desk.locator("[data-tab=history]").click()
    if item:
        desk.get_by_label("Item", exact=True).select_option(label=item)


def test_a_wrong_entry_is_taken_back_with_a_reason_and_stays_to_be_seen(desk):
    item = item_called(desk, "Misoprostol")
    after = receive(desk, item, 17)
    looked_up(desk, "Misoprostol")
    newest = desk.locator(".store-history .store-entry").first
    expect(newest).to_contain_text("+17")
    newest.get_by_role("button", name="Correct").click()
    dialog = desk.locator("dialog[open]")
    dialog.get_by_role("button", name="Correct").click()
    expect(dialog).to_contain_text("Say in a few words what was wrong.")
    dialog.get_by_label("What was wrong?").fill("typed twice")
    dialog.get_by_role("button", name="Correct").click()
    expect(desk.locator(".store-entry.reversed", has_text="Misoprostol").first).to_contain_text("taken back")
    assert told(desk, item)["balance"] == after - 17


def test_filters_find_what_one_remembers(desk):
    receive(desk, item_called(desk, "Zinc"), 3)
    looked_up(desk, "Zinc")
    rows = desk.locator(".store-history .store-entry")
    expect(rows.first).to_contain_text("Zinc")
    expect(rows.filter(has_not_text="Zinc")).to_have_count(0)
    desk.get_by_label("What happened").select_option("receive")
    expect(rows.first).to_contain_text("+3")
    desk.get_by_label("Person, department, lot, number, reason").fill(somebody())
    expect(desk.get_by_text("No movement fits.")).to_be_visible()


def test_an_items_balance_is_drawn_with_its_deliveries(desk):
    after = receive(desk, item_called(desk, "Implants"), 9)
    looked_up(desk, "Implants")
    picture = desk.locator("#item-balance svg")
    expect(picture).to_be_visible()
    assert f"{after} packs" in str(picture.get_attribute("aria-label"))
    assert picture.locator(".store-arrival").count() >= 1


def test_the_sheet_for_a_review_takes_one_click(desk):
    receive(desk, item_called(desk, "Zinc"), 5)
    looked_up(desk)
    desk.evaluate(
        "window.print = () => { window.printed = document.getElementById('store-print').textContent; }"
    )
    desk.get_by_role("button", name="Print for a review").click()
    sheet = str(desk.evaluate(PRINTED))
    for head in ("Stock today", "Movements of November 2026", "Stock-outs of the year", "counts found"):
        assert head in sheet
    desk.emulate_media(media="print")
    height = desk.locator("#store-print").bounding_box()["height"]
    assert height <= 2 * 1080  # two A4 pages at 96 dots an inch, within their margins


def test_without_a_network_the_devices_own_entries_are_shown(desk):
    looked_up(desk)
    desk.context.set_offline(True)
    desk.get_by_label("What happened").select_option("count")
    expect(desk.locator("#store-tab")).to_contain_text("Below is what was entered on this device.")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hinders_anybody_and_it_fits(desk, width):
    desk.set_viewport_size({"width": width, "height": 900})
    receive(desk, item_called(desk, "Zinc"), 2)
    looked_up(desk, "Zinc")
    expect(desk.locator("#item-balance svg")).to_be_visible()
    assert overflow(desk) == 0
    assert desk.evaluate(SMALL) == []
    desk.set_viewport_size({"width": width, "height": 3000})  # nothing lies beneath the foot
    assert violations(desk, ALL) == []
