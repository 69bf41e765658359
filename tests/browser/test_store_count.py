"""A count along the shelves, blind or not, on the screen and on paper, against the real ledger."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import overflow
from tests.browser.store_desk import entries, item_called, opened, receive, send_now, told
from tests.browser.test_store_dispense import SMALL, WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    """The tab on a device that knows nothing yet."""
    return opened(tablet.new_page(), whotopia_served, "lang=en&tab=count")


def counted(desk: Page, name: str) -> Locator:
    """Where one types what was counted of an item."""
    return desk.get_by_label(f"{name}: packs counted", exact=True)


def row(desk: Page, name: str) -> Locator:
    """The row of an item."""
    return desk.locator(f'.store-item[data-item="{item_called(desk, name)}"]')


def go(desk: Page) -> None:
    """The one button."""
    desk.locator(".store-slip .go").click()


def stocked(desk: Page, name: str, packs: int) -> int:
    """Have packs arrive; the balance after."""
    balance = receive(desk, item_called(desk, name), packs)
    expect(row(desk, name).locator(".store-balance b")).to_have_text(str(balance))
    return balance


def test_a_large_difference_is_counted_twice_and_explained(desk):
    balance = stocked(desk, "Oxytocin", 40)
    half = balance // 2
    counted(desk, "Oxytocin").fill(str(half - 2))
    go(desk)
    expect(row(desk, "Oxytocin")).to_contain_text("Count this a second time.")
    expect(row(desk, "Oxytocin")).to_contain_text("Say why it differs.")
    desk.get_by_label("Oxytocin: packs counted the second time").fill(str(half))
    row(desk, "Oxytocin").get_by_label("Why does it differ?").select_option("stolen")
    expect(row(desk, "Oxytocin")).to_contain_text(f"Book {balance}, counted {half}: −{balance - half}")
    go(desk)
    expect(desk.locator("#store-done")).to_contain_text("Count kept.")
    assert [(each["movement"]["packs"], each["movement"]["reason"]) for each in entries(desk)] == [
        (half, "stolen")
    ]
    send_now(desk)
    assert told(desk, item_called(desk, "Oxytocin"))["balance"] == half


def test_a_small_difference_needs_a_reason_but_no_second_count(desk):
    balance = stocked(desk, "Zinc", 50)
    counted(desk, "Zinc").fill(str(balance - 1))
    expect(desk.get_by_label("Zinc: packs counted the second time")).to_be_hidden()
    go(desk)
    expect(row(desk, "Zinc")).to_contain_text("Say why it differs.")
    row(desk, "Zinc").get_by_label("Why does it differ?").select_option("other")
    go(desk)
    expect(row(desk, "Zinc")).to_contain_text("Say in a few words")
    row(desk, "Zinc").get_by_label("Note").fill("found behind the shelf")
    go(desk)
    expect(desk.locator("#store-done")).to_be_visible()
    assert entries(desk)[0]["movement"]["reason"] == "other: found behind the shelf"


def test_zero_is_counted_and_blank_is_not(desk):
    stocked(desk, "Amoxicillin", 30)
    counted(desk, "Amoxicillin").fill("0")
    desk.get_by_label("Amoxicillin: packs counted the second time").fill("0")
    row(desk, "Amoxicillin").get_by_label("Why does it differ?").select_option("expired")
    expect(desk.locator(".store-slip")).to_contain_text("1 counted of 13 items")
    go(desk)
    expect(desk.locator("#store-done")).to_be_visible()
    assert [each["movement"]["packs"] for each in entries(desk)] == [0]
    send_now(desk)
    assert told(desk, item_called(desk, "Amoxicillin"))["balance"] == 0


def test_a_blind_count_shows_the_book_only_once_everything_is_counted(desk):
    balance = stocked(desk, "Oxytocin", 30)
    told_by_the_book = row(desk, "Oxytocin").get_by_text(str(balance), exact=True)
    expect(told_by_the_book).to_have_count(1)
    desk.get_by_role("button", name="Hide what the book says").click()
    expect(told_by_the_book).to_have_count(0)
    counted(desk, "Oxytocin").fill(str(balance - 1))
    expect(row(desk, "Oxytocin").get_by_label("Why does it differ?")).to_be_hidden()
    desk.get_by_role("button", name="Compare with the book").click()
    expect(row(desk, "Oxytocin")).to_contain_text(f"Book {balance}, counted {balance - 1}")
    row(desk, "Oxytocin").get_by_label("Why does it differ?").select_option("not_recorded")
    go(desk)
    expect(desk.locator("#store-done")).to_be_visible()


def test_the_order_of_the_shelves_is_made_by_keyboard_and_kept(desk):
    first = desk.locator(".store-item").first.get_attribute("data-item")
    second = desk.locator(".store-item").nth(1).get_attribute("data-item")
    desk.get_by_role("button", name="Arrange as on the shelves").click()
    desk.locator(f'[data-item="{second}"]').get_by_role("button", name="up").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".store-item").first).to_have_attribute("data-item", str(second))
    desk.reload()
    expect(desk.locator(".store-item").first).to_have_attribute("data-item", str(second))
    expect(desk.locator(".store-item").nth(1)).to_have_attribute("data-item", str(first))


def test_the_empty_sheet_is_printed_without_a_network_and_a_blind_one_tells_nothing(desk):
    balance = stocked(desk, "Oxytocin", 77)
    desk.evaluate("window.print = () => { window.printed = true; }")
    desk.context.set_offline(True)
    desk.get_by_role("button", name="Print an empty sheet").click()
    sheet = desk.locator("#store-print")
    told_by_the_book = sheet.locator("tr", has_text="Oxytocin").get_by_text(str(balance), exact=True)
    assert desk.evaluate("window.printed") is True
    assert sheet.locator("tbody tr").count() == 13
    assert told_by_the_book.count() == 1
    desk.evaluate("window.dispatchEvent(new Event('afterprint'))")
    desk.get_by_role("button", name="Hide what the book says").click()
    desk.get_by_role("button", name="Print an empty sheet").click()
    assert told_by_the_book.count() == 0


def test_a_half_done_count_survives_an_outage_and_is_sent_once(desk, whotopia_served):
    balance = stocked(desk, "Zinc", 8)
    counted(desk, "Zinc").fill(str(balance))
    desk.wait_for_timeout(300)
    desk.context.set_offline(True)
    desk.goto(f"{whotopia_served}/store?tab=count")
    expect(counted(desk, "Zinc")).to_have_value(str(balance))
    go(desk)
    expect(desk.locator("#store-done")).to_be_visible()
    desk.context.set_offline(False)
    send_now(desk)
    assert [each["state"] for each in entries(desk)] == ["accepted"]


def test_what_keeps_disappearing_is_told_apart_from_chance(desk):
    balance = stocked(desk, "Implants", 100)
    item = item_called(desk, "Implants")
    desk.evaluate(COUNTED, [item, [balance - 3 * number for number in range(1, 9)]])
    desk.reload()
    report = desk.locator("#count-losses")
    expect(report).to_contain_text("1 item keeps disappearing, more often than chance explains")
    expect(report.locator("tr", has_text="Implants")).to_contain_text("0.4%")
    expect(report.locator("tr", has_text="Implants")).to_contain_text("24")


COUNTED = """async ([item, found]) => {
  const { store } = window.tandem;
  const unit = (await store.stores())[0].id;
  const at = (index) => store.withOffset(Date.now() + index * 20);
  const same = { kind: "count", unit, item, reason: "miscounted" };
  const movements = found.map((packs, index) =>
    ({ ...same, id: store.newId(), seq: index + 1, packs, occurred_at: at(index) }));
  return (await store.post("/api/v1/movements", { device: "counting", movements })).results;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_hinders_anybody(desk, scheme):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": 1440, "height": 3000})  # nothing lies beneath the foot
    counted(desk, "Oxytocin").fill("100000")
    assert violations(desk, ALL) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_and_can_be_touched(desk, width):
    desk.set_viewport_size({"width": width, "height": 900})
    counted(desk, "Oxytocin").fill("100000")
    assert overflow(desk) == 0
    assert desk.evaluate(SMALL) == []
