"""What administrators are offered where DHIS2 drops what a store records: shown before it is changed."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.store_desk import opened, ready

pytestmark = pytest.mark.browser

COUNTED_OUT = """async () => {
  const { store } = window.tandem;
  const unit = (await store.stores()).find((each) => each.writes).id;
  const item = (await store.ask(`/api/v1/store/${unit}`)).items[0].id;
  const at = store.withOffset(Date.now());
  const movement = { id: store.newId(), seq: 1, kind: "count", unit, item, packs: 0, occurred_at: at };
  await store.post("/api/v1/movements", { device: "test", movements: [movement] });
  for (let tries = 0; tries < 240; tries += 1) {
    const told = await store.ask(`/api/v1/store/differences?unit=${unit}`);
    if (told.differences.some((each) => each.kind === "zero")) return unit;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error("no difference came about");
}"""


@pytest.fixture
def desk(elsewhere: BrowserContext, whotopia_served: str) -> Page:
    """An administrator's, who works in every store."""
    page = opened(elsewhere.new_page(), whotopia_served)
    unit = page.evaluate(COUNTED_OUT)
    page.goto(f"{whotopia_served}/store?lang=en&tab=order&unit={unit}")
    ready(page)
    return page


def test_what_would_change_is_shown_first_and_nothing_is_done_unless_wanted(desk):
    desk.locator("[data-fix=keep_zeros]").click()
    dialog = desk.locator("dialog[open]", has_text="Keep zeros")
    expect(dialog).to_contain_text("objects of DHIS2 would be changed")
    expect(dialog.get_by_role("listitem").first).to_contain_text("zeros are kept: no → yes")
    assert violations(desk, ALL) == []
    dialog.get_by_role("button", name="Cancel").click()
    expect(desk.locator("[data-fix=keep_zeros]")).to_be_visible()
    desk.locator("[data-fix=keep_zeros]").click()  # still to be changed: nothing was
    expect(desk.locator("dialog[open]")).to_contain_text("would be changed")


def test_who_is_no_administrator_sees_the_difference_and_no_fix(tablet, whotopia_served):
    page = opened(tablet.new_page(), whotopia_served)
    page.evaluate(COUNTED_OUT)
    page.locator("[data-tab=order]").click()
    expect(page.locator("summary", has_text="DHIS2 differs")).to_be_visible()
    expect(page.locator("[data-fix]")).to_have_count(0)
