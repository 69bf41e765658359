"""What waits on a device and what was refused: said in words, dealt with, taken along in a file."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.devices import DISTRICT, signed_in_as
from tests.browser.store_desk import (
    entries,
    give,
    item_called,
    learn,
    opened,
    receive,
    send_now,
    told,
)

pytestmark = pytest.mark.browser

REFUSED = """async (item) => {
  const { store } = window.tandem;
  const [unit, who] = [(await store.stores())[0].id, await store.me()];
  const broken = { kind: "dispense", unit, item, packs: 3, occurred_at: "yesterday" };
  const words = [{ item: "Oxytocin" }];
  await store.keepEntries([broken], { user: who.username, slip: "x", words, hold: 0 });
}"""


@pytest.fixture(scope="module")
def officer(browser: Browser, whotopia_served: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of the district."""
    return signed_in_as(browser, whotopia_served, tmp_path_factory.mktemp("officer"), DISTRICT)


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    return opened(tablet.new_page(), whotopia_served)


def test_what_waits_is_listed_in_words_and_can_be_taken_back(tablet, desk):
    item = item_called(desk, "Oxytocin")
    receive(desk, item, 10)
    tablet.set_offline(True)
    who = learn(desk)
    give(desk, item, "4")
    desk.locator("#store-show-entries").click()
    row = desk.locator("dialog[open] .store-entry")
    expect(row).to_contain_text("Given out: 4 packs of Oxytocin")
    expect(row).to_contain_text(who)
    expect(row).to_contain_text("Waits to be sent")
    row.get_by_role("button", name="Take back").click()
    expect(desk.locator("#store-line")).to_have_attribute("data-open", "0")
    assert entries(desk)[-1]["state"] == "undone"


def test_what_is_refused_stays_listed_with_the_remedy_until_it_is_dealt_with(desk):
    desk.evaluate(REFUSED, item_called(desk, "Oxytocin"))
    send_now(desk)
    expect(desk.locator("#store-line")).to_contain_text("1 entry was refused.")
    desk.reload()
    expect(desk.locator("#store-line")).to_contain_text("1 entry was refused.")
    desk.locator("#store-show-entries").click()
    row = desk.locator("dialog[open] .store-entry")
    expect(row).to_contain_text("Refused")
    expect(row.locator(".store-problem")).not_to_be_empty()
    row.get_by_role("button", name="Dealt with").click()
    expect(desk.locator("#store-line")).not_to_contain_text("refused")


def test_the_district_brings_in_a_file_and_the_device_sending_later_doubles_nothing(
    tablet, desk, devices, officer, whotopia_served, tmp_path
):
    item = item_called(desk, "Misoprostol")
    before = receive(desk, item, 30)
    tablet.set_offline(True)
    learn(desk)
    give(desk, item, "4")
    desk.locator("#store-show-entries").click()
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Save to a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    desk.keyboard.press("Escape")

    with devices.lent(whotopia_served, officer) as device:
        district = opened(device.new_page(), whotopia_served)
        district.locator("#store-show-entries").click()
        brought = district.locator("dialog[open] .notice.good")
        district.locator("#store-import").set_input_files(file)
        expect(brought).to_contain_text("1 of 1 entries are in the ledger.")
        district.locator("#store-import").set_input_files(file)
        expect(brought).to_contain_text("1 of 1 entries are in the ledger.")

    tablet.set_offline(False)
    send_now(desk)
    expect(desk.locator("#store-line")).to_have_attribute("data-open", "0")
    assert told(desk, item)["balance"] == before - 4


def test_a_file_that_is_none_of_a_desk_is_refused_in_words(desk, tmp_path):
    other = tmp_path / "other.json"
    other.write_text('{"format": "something else"}')
    desk.locator("#store-show-entries").click()
    desk.locator("#store-import").set_input_files(other)
    expect(desk.locator("dialog[open] .notice.warning")).to_contain_text(
        "This is no file of entries from a desk."
    )


UNKNOWN = """async () => {
  const { store } = window.tandem;
  const [unit, who] = [(await store.stores())[0].id, await store.me()];
  const at = store.withOffset(Date.now());
  const movement = { kind: "dispense", unit, item: "NotOnForm01", packs: 3, occurred_at: at };
  await store.keepEntries([movement], { user: who.username, slip: "y", words: [{ item: "?" }], hold: 0 });
}"""


def test_what_only_circumstances_refuse_is_asked_for_ever_and_ever_less_often(desk):
    desk.evaluate(UNKNOWN)
    waits = []
    for _ in range(6):
        send_now(desk)
        (waiting,) = [each for each in entries(desk) if each["state"] == "open"]
        waits.append(round((waiting["send_after"] - waiting["answer"]["at"]) / 60_000))
    assert waits == [1, 2, 4, 8, 15, 15]
