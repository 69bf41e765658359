"""What administrators are offered where DHIS2 drops what a store records: shown before it is changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.devices import Devices
from tests.browser.store_desk import opened, ready, remembered, sign_in
from tests.browser.test_store_receive import NATION

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


@pytest.fixture(scope="module")
def admin(browser: Browser, whotopia_served: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of an administrator, who works in every store."""
    return remembered(browser, whotopia_served, tmp_path_factory.mktemp("admin"), NATION)


@pytest.fixture
def desk(devices: Devices, admin: Path, whotopia_served: str) -> Iterator[Page]:
    with devices.lent(whotopia_served, admin) as device:
        page = opened(device.new_page(), whotopia_served)
        unit = page.evaluate(COUNTED_OUT)
        page.goto(f"{whotopia_served}/store?lang=en&tab=order&unit={unit}")
        ready(page)
        yield page


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


def test_who_is_no_administrator_sees_the_difference_and_no_fix(browser, desk, whotopia_served):
    context = browser.new_context()
    page = opened(sign_in(context, whotopia_served), whotopia_served)
    page.evaluate(COUNTED_OUT)
    page.locator("[data-tab=order]").click()
    expect(page.locator("summary", has_text="DHIS2 differs")).to_be_visible()
    expect(page.locator("[data-fix]")).to_have_count(0)
    context.close()
