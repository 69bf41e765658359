"""Packs asked of a store nearby, sent by it and received, with the real ledger between the two desks."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import overflow
from tests.browser.store_desk import entries, hear, item_called, opened, receive, send_now, told
from tests.browser.test_store_dispense import SMALL, WIDTHS

pytestmark = pytest.mark.browser

UNITS = "window.tandem.store.stores().then((all) => all.filter((each) => each.writes))"
STOCKED = """async ([unit, item]) => {
  const { store } = window.tandem;
  const at = store.withOffset(Date.now());
  const movement = { id: store.newId(), seq: 1, kind: "receive", unit, item, packs: 50, occurred_at: at };
  await store.post("/api/v1/movements", { device: "elsewhere", movements: [movement] });
}"""
ASKED = """async ([to, item]) => {
  const { store } = window.tandem;
  const unit = (await store.stores())[0].id;
  const asked = { id: store.newId(), to, item, packs: 12, note: "theatre tonight" };
  return store.post(`/api/v1/store/${unit}/requests`, asked);
}"""
COUNTED_OUT = """async (item) => {
  const { store } = window.tandem;
  const unit = (await store.stores())[0].id;
  const at = store.withOffset(Date.now());
  const movement = { id: store.newId(), seq: 1, kind: "count", unit, item, packs: 0, occurred_at: at };
  await store.post("/api/v1/movements", { device: "test", movements: [movement] });
  await store.send(true);
}"""


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    """The tab on a device that knows nothing yet."""
    return opened(tablet.new_page(), whotopia_served)


def other_desk(device: BrowserContext, served: str, mine: str, item: str) -> tuple[Page, dict[str, str]]:
    """A desk at another store, where there are packs of an item."""
    page = opened(device.new_page(), served)
    other = next(each for each in page.evaluate(UNITS) if each["id"] != mine)
    page = opened(page, served, f"lang=en&tab=dispense&unit={other['id']}")
    page.evaluate(STOCKED, [other["id"], item])
    return page, other


def test_packs_asked_for_are_sent_and_received(desk, elsewhere, whotopia_served):
    """The small country has one hospital a region, so the request is made where the button makes it."""
    item = item_called(desk, "Misoprostol")
    mine = desk.evaluate(f"{UNITS}.then((all) => all[0].id)")
    receive(desk, item, 1)
    desk.evaluate(COUNTED_OUT, item)
    other, place = other_desk(elsewhere, whotopia_served, mine, item)
    assert desk.evaluate(ASKED, [place["id"], item])["state"] == "asked"
    desk.locator("[data-tab=neighbours]").click()
    expect(desk.locator(f'.store-card[data-item="{item}"]')).to_contain_text("Out")
    expect(desk.locator(".store-entry", has_text="theatre tonight").first).to_contain_text(
        "Waits for an answer"
    )

    other.locator("[data-tab=neighbours]").click()
    asked = other.locator(".store-entry", has_text="theatre tonight").first
    asked.get_by_role("button", name="Send packs").click()
    sending = other.locator("dialog[open]")
    sending.get_by_label("Packs of Misoprostol to send").fill("10")
    sending.get_by_role("button", name="Send packs").click()
    expect(other.locator("#store-done")).to_contain_text("Sending kept.")
    send_now(other)
    assert [each["state"] for each in entries(other)] == ["accepted"]

    hear(desk)
    desk.locator("[data-tab=receive]").click()
    desk.get_by_role("button", name=place["name"]).click()
    desk.get_by_role("button", name="All as listed").click()
    desk.locator(".store-slip .go").click()
    expect(desk.locator("#store-done")).to_be_visible()
    send_now(desk)
    assert told(desk, item)["balance"] >= 10
    desk.locator("[data-tab=neighbours]").click()
    expect(desk.locator(".store-entry", has_text="theatre tonight").first).to_contain_text(
        "Arrived: 10 packs"
    )


def test_without_a_network_it_says_so_and_shows_what_was_last_known(desk):
    item = item_called(desk, "Zinc")
    receive(desk, item, 1)
    desk.evaluate(COUNTED_OUT, item)
    desk.locator("[data-tab=neighbours]").click()
    card = desk.locator(f'.store-card[data-item="{item}"]')
    expect(card.locator("[aria-busy]")).to_have_count(0)
    desk.context.set_offline(True)
    desk.locator("[data-tab=dispense]").click()
    desk.locator("[data-tab=neighbours]").click()
    expect(card).to_contain_text("Shown as of")


def test_what_was_never_asked_is_said_in_the_readers_words_and_asked_when_the_network_is_back(desk):
    item = item_called(desk, "Chlorhexidine")
    receive(desk, item, 1)
    desk.evaluate(COUNTED_OUT, item)
    desk.context.set_offline(True)
    desk.locator("[data-tab=neighbours]").click()
    card = desk.locator(f'.store-card[data-item="{item}"]')
    expect(card.locator(".notice")).to_have_text(
        "There is no network. Nothing was changed; try again later. "
        "Nothing is known of it on this device yet."
    )
    desk.context.set_offline(False)
    expect(card.locator(".notice")).to_have_count(0)
    expect(desk.locator("#store-tab")).not_to_contain_text("no network")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hinders_anybody_and_it_fits(desk, width):
    desk.set_viewport_size({"width": width, "height": 900})
    desk.locator("[data-tab=neighbours]").click()
    desk.locator("#near-item").select_option(label="Oxytocin")
    expect(desk.locator("[aria-busy='true']")).to_have_count(0)
    assert overflow(desk) == 0
    assert desk.evaluate(SMALL) == []
    desk.set_viewport_size({"width": width, "height": 3000})  # nothing lies beneath the foot
    assert violations(desk, ALL) == []
