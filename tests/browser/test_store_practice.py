"""Practice: five tasks on made-up stock, of which nothing is kept or sent."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import overflow
from tests.browser.store_desk import confirm, entries, opened, put_on_slip
from tests.browser.test_store_dispense import SMALL, WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    """The tab on a device that knows nothing yet."""
    page = opened(tablet.new_page(), whotopia_served)
    page.locator("[data-tab=practice]").click()
    expect(page.locator("#practice-mark")).to_be_visible()
    return page


def give(desk: Page, packs: str) -> None:
    """Give oxytocin to the one person there is."""
    desk.locator("[data-task=dispense]").wait_for()
    desk.locator(".store-people [data-key='1']").click()
    put_on_slip(desk, "oxytocin", packs)
    confirm(desk)
    again = desk.locator("dialog[open]").get_by_role("button", name="It is right, save it")
    if again.count():
        again.click()
    expect(desk.locator("#store-done")).to_contain_text("kept nowhere")


def to_task(desk: Page, name: str) -> None:
    """Open the form that a task is done with."""
    desk.locator(f"[data-task={name}] button").click()


def test_five_tasks_are_done_and_nothing_leaves_the_page(desk):
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    give(desk, "1")
    desk.locator("#store-undo").click()
    expect(desk.locator("[data-task=undo]")).to_contain_text("Done")
    give(desk, "2")
    expect(desk.locator("[data-task=dispense]")).to_contain_text("Done")
    to_task(desk, "receive")
    desk.get_by_label("Zinc: packs that arrived").fill("30")
    confirm(desk)
    expect(desk.locator("[data-task=receive]")).to_contain_text("Done")
    to_task(desk, "count")
    desk.get_by_label("ORS: packs counted", exact=True).fill("70")
    desk.locator("[data-item=ors]").get_by_label("Why does it differ?").select_option("miscounted")
    confirm(desk)
    expect(desk.locator("[data-task=count]")).to_contain_text("Done")
    to_task(desk, "write_off")
    desk.get_by_role("button", name="Expired").click()
    put_on_slip(desk, "amoxicillin", "3")
    confirm(desk)
    expect(desk.get_by_text("All five tasks are done.")).to_be_visible()
    assert entries(desk) == []
    assert desk.evaluate("window.tandem.store.db.all('drafts')") == []
    assert sent == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hinders_anybody_and_it_fits(desk, width):
    desk.set_viewport_size({"width": width, "height": 900})
    assert overflow(desk) == 0
    assert desk.evaluate(SMALL) == []
    desk.set_viewport_size({"width": width, "height": 3000})  # nothing lies beneath the foot
    assert violations(desk, ALL) == []
