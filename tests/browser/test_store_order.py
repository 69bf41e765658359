"""The month's form as it is ordered by and called complete, against the real ledger."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import overflow
from tests.browser.store_desk import item_called, opened, receive
from tests.browser.test_store_dispense import SMALL, WIDTHS

pytestmark = pytest.mark.browser

ORDERED = """async () => {
  const { store } = window.tandem;
  const unit = (await store.stores())[0].id;
  return store.ask(`/api/v1/store/${unit}/order?month=${store.monthOf(new Date())}`);
}"""


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    """The tab on a device that knows nothing yet."""
    page = opened(tablet.new_page(), whotopia_served)
    page.locator("[data-tab=order]").click()
    expect(page.locator(".store-ordered").first).to_be_visible()
    return page


def wanted(desk: Page, name: str) -> Locator:
    """Where one types what to order of an item."""
    return desk.get_by_label(f"{name}: packs to order")


def test_an_order_is_sent_and_is_what_the_next_delivery_is_prefilled_with(desk):
    wanted(desk, "Oxytocin").fill("24")
    wanted(desk, "Zinc").fill("0")
    desk.get_by_role("button", name="Send the order").click()
    expect(desk.get_by_text("The order is kept and goes to DHIS2.")).to_be_visible()
    ordered = desk.evaluate(ORDERED)["ordered"]
    assert ordered[item_called(desk, "Oxytocin")] == 24
    assert ordered[item_called(desk, "Zinc")] == 0
    desk.locator("[data-tab=receive]").click()
    expect(desk.get_by_label("Oxytocin: packs on the delivery note")).to_have_value("24")


def test_what_cannot_be_read_is_not_ordered(desk):
    wanted(desk, "Implants").fill("1,5")
    desk.get_by_role("button", name="Send the order").click()
    expect(wanted(desk, "Implants")).to_have_attribute("aria-invalid", "true")
    expect(wanted(desk, "Implants")).to_have_value("1,5")
    assert item_called(desk, "Implants") not in desk.evaluate(ORDERED)["ordered"]


def test_the_month_is_called_complete_by_a_person_who_was_asked(desk):
    wanted(desk, "Zinc").fill("3")
    desk.get_by_role("button", name="Send and call the month complete").click()
    dialog = desk.locator("dialog[open]")
    expect(dialog).to_contain_text("under your name")
    dialog.get_by_role("button", name="Send and call the month complete").click()
    expect(desk.get_by_text("goes to DHIS2 as complete")).to_be_visible()
    assert desk.evaluate(ORDERED)["asked_at"]


def test_without_a_network_what_was_typed_stays(desk, whotopia_served):
    wanted(desk, "Zinc").fill("8")
    desk.wait_for_timeout(300)
    desk.context.set_offline(True)
    desk.get_by_role("button", name="Send the order").click()
    expect(desk.get_by_text("Not sent; what you typed stays here.")).to_be_visible()
    desk.goto(f"{whotopia_served}/store?tab=order")
    expect(wanted(desk, "Zinc")).to_have_value("8")


def test_the_suggestion_is_the_sum_that_is_said(desk):
    item = item_called(desk, "Zinc")
    balance = receive(desk, item, 4)
    told = desk.evaluate(
        """([balance]) => window.tandem.store.orderSuggested(
          { expected_daily: 0.5, reserve: [14], needed: [11] }, balance, 22)""",
        [balance],
    )
    assert (told["days"], told["use"], told["spare"]) == (52, 26, 3)
    assert told["packs"] == max(0, 26 + 3 - balance)
    assert desk.evaluate("window.tandem.store.orderSuggested({ expected_daily: null }, 3, 22)") is None


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hinders_anybody_and_it_fits(desk, width):
    desk.set_viewport_size({"width": width, "height": 900})
    assert overflow(desk) == 0
    assert desk.evaluate(SMALL) == []
    desk.set_viewport_size({"width": width, "height": 3000})  # nothing lies beneath the foot
    assert violations(desk, ALL) == []
