"""A delivery as it is received at the desk, from the depot and from another store, by the real ledger."""

from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import overflow
from tests.browser.store_desk import entries, hear, item_called, opened, send_now, told
from tests.browser.test_store_dispense import SMALL, WIDTHS

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    """The tab on a device that knows nothing yet."""
    return opened(tablet.new_page(), whotopia_served, "lang=en&tab=receive")


def line(desk: Page, item: str) -> Locator:
    """The row of an item."""
    return desk.locator(f'.store-item[data-item="{item}"]')


def listed(desk: Page, name: str) -> Locator:
    """Where one types what the note says of an item."""
    return desk.get_by_label(f"{name}: packs on the delivery note")


def came(desk: Page, name: str) -> Locator:
    """Where one types what arrived of an item."""
    return desk.get_by_label(f"{name}: packs that arrived", exact=True)


def go(desk: Page) -> None:
    """The one button."""
    desk.locator(".store-slip .go").click()


def go_on(desk: Page) -> None:
    """Press it, and leave what an earlier order lists besides to a later delivery."""
    go(desk)
    later = desk.locator("dialog[open]").get_by_role("button", name="Receive the others now")
    expect(later.or_(desk.locator("#store-done")).first).to_be_visible()
    if later.count():
        later.click()
    expect(desk.locator("#store-done")).to_be_visible()


def movements(desk: Page) -> list[dict[str, object]]:
    """What is kept on the device, as it is sent."""
    return [each["movement"] for each in entries(desk)]


def test_a_note_is_received_as_listed_but_for_what_is_typed(desk):
    oxytocin, zinc = item_called(desk, "Oxytocin"), item_called(desk, "Zinc")
    before = {item: told(desk, item)["balance"] or 0 for item in (oxytocin, zinc)}
    listed(desk, "Oxytocin").fill("20")
    listed(desk, "Zinc").fill("30")
    came(desk, "Oxytocin").fill("18")
    desk.get_by_label("Number of the delivery note").fill("BL-4711")
    desk.get_by_role("button", name="All as listed").click()
    expect(came(desk, "Zinc")).to_have_value("30")
    expect(came(desk, "Oxytocin")).to_have_value("18")
    go(desk)
    expect(line(desk, oxytocin)).to_contain_text("Say why less came than is listed.")
    assert movements(desk) == []
    line(desk, oxytocin).get_by_label("Why less?").select_option("not_sent")
    go(desk)
    expect(desk.locator("#store-done")).to_contain_text("Delivery received, 2 lines.")
    kept = {each["item"]: each for each in movements(desk)}
    assert kept[oxytocin]["reason"] == "short 2 of 20: not_sent"
    assert {each["document"] for each in kept.values()} == {"BL-4711"}
    send_now(desk)
    assert told(desk, oxytocin)["balance"] == before[oxytocin] + 18
    assert told(desk, zinc)["balance"] == before[zinc] + 30


def test_what_arrives_damaged_is_received_and_written_off_and_lots_are_kept_apart(desk):
    item = item_called(desk, "Amoxicillin")
    before = told(desk, item)["balance"] or 0
    first, second = (uuid4().hex[:8].upper() for _ in range(2))
    came(desk, "Amoxicillin").fill("10")
    line(desk, item).get_by_role("button", name="lots and damage").click()
    line(desk, item).get_by_label("Lot", exact=True).fill(first)
    line(desk, item).get_by_label("Expiry").fill("2027-05-31")
    line(desk, item).get_by_label("packs that arrived damaged").fill("3")
    line(desk, item).get_by_role("button", name="Another lot").click()
    line(desk, item).get_by_label("packs of another lot").fill("5")
    line(desk, item).get_by_label("Lot", exact=True).nth(1).fill(second)
    go_on(desk)
    kept = [(each["kind"], each["packs"], each["lot"]) for each in movements(desk)]
    assert kept == [("receive", 10, first), ("receive", 5, second), ("write_off", 3, first)]
    send_now(desk)
    found = told(desk, item)
    assert found["balance"] == before + 12
    assert {"lot": first, "expiry": "2027-05-31", "balance": 7} in found["lots"]


def test_a_line_of_the_note_that_is_left_blank_is_asked_about_and_never_read_as_zero(desk):
    listed(desk, "Oxytocin").fill("20")
    listed(desk, "Zinc").fill("30")
    came(desk, "Zinc").fill("30")
    go(desk)
    dialog = desk.locator("dialog[open]")
    expect(dialog).to_contain_text("Blank is not 0")
    dialog.get_by_role("button", name="Receive the others now").click()
    expect(desk.locator("#store-done")).to_be_visible()
    assert [each["item"] for each in movements(desk)] == [item_called(desk, "Zinc")]


@pytest.mark.parametrize("typed", ["1.5", "-3", "1e3", "007", "12abc", "12345678"])
def test_nothing_that_is_no_number_of_packs_is_received(desk, typed):
    came(desk, "Zinc").fill(typed)
    go(desk)
    expect(came(desk, "Zinc")).to_have_attribute("aria-invalid", "true")
    expect(came(desk, "Zinc")).to_have_value(typed)
    assert movements(desk) == []


def test_a_half_typed_note_is_there_again_without_a_network(desk, whotopia_served):
    came(desk, "Zinc").fill("12")
    desk.get_by_label("Number of the delivery note").fill("BL-9")
    desk.wait_for_timeout(300)
    desk.context.set_offline(True)
    desk.goto(f"{whotopia_served}/store?tab=receive")
    expect(came(desk, "Zinc")).to_have_value("12")
    expect(desk.get_by_label("Number of the delivery note")).to_have_value("BL-9")
    go_on(desk)
    expect(desk.locator("#store-done")).to_contain_text("Saved on this device")
    desk.context.set_offline(False)
    send_now(desk)
    assert [each["state"] for each in entries(desk)] == ["accepted"]


def test_a_transfer_is_received_in_part_and_the_rest_written_off_as_lost_on_the_way(
    desk, elsewhere, whotopia_served
):
    item = item_called(desk, "Oxytocin")
    before = told(desk, item)["balance"] or 0
    unit = desk.evaluate("window.tandem.store.stores().then((all) => all[0].id)")
    sent = opened(elsewhere.new_page(), whotopia_served).evaluate(SENT, [item, unit])
    assert sent["status"] == "accepted", sent
    waiting = desk.evaluate(ON_THE_WAY)
    hear(desk)
    desk.reload()
    desk.get_by_role("button", name=sent["name"]).click()
    expect(listed(desk, "Oxytocin")).to_have_value("10")
    came(desk, "Oxytocin").fill("8")
    line(desk, item).get_by_label("Why less?").select_option("lost")
    go(desk)
    expect(desk.locator("#store-done")).to_be_visible()
    assert [(each["kind"], each["packs"]) for each in movements(desk)] == [
        ("transfer_receive", 8),
        ("write_off", 2),
    ]
    send_now(desk)
    found = told(desk, item)
    assert found["balance"] == before + 8
    assert len(desk.evaluate(ON_THE_WAY)) == len(waiting) - 1


SENT = """async ([item, unit]) => {
  const { store } = window.tandem;
  const mine = { id: unit };
  const other = (await store.stores()).findLast((each) => each.writes && each.id !== unit);
  const at = store.withOffset(Date.now());
  const ends = { unit: other.id, partner: mine.id };
  const what = { kind: "transfer_send", item, packs: 10, occurred_at: at };
  const movement = { ...ends, ...what, id: store.newId(), seq: 1 };
  const told = await store.post("/api/v1/movements", { device: "elsewhere", movements: [movement] });
  return { ...told.results[0], name: other.name };
}"""


ON_THE_WAY = """async () => {
  const { store } = window.tandem;
  const told = await store.ask(`/api/v1/store/${(await store.stores())[0].id}`);
  return told.open_transfers.map((each) => each.id);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_hinders_anybody(desk, scheme):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": 1440, "height": 3000})  # nothing lies beneath the foot
    line(desk, item_called(desk, "Zinc")).get_by_role("button", name="lots and damage").click()
    listed(desk, "Zinc").fill("5")
    came(desk, "Zinc").fill("3")
    assert violations(desk, ALL) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_and_can_be_touched(desk, width):
    desk.set_viewport_size({"width": width, "height": 900})
    came(desk, "Zinc").fill("3")
    assert overflow(desk) == 0
    assert desk.evaluate(SMALL) == []
