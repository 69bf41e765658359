"""What befalls a tablet in a store: no room left, a clock set back, a second tap, the back key."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import overflow
from tests.browser.store_desk import (
    entries,
    item_called,
    learn,
    opened,
    put_on_slip,
    ready,
    receive,
    send_now,
    somebody,
    told,
)

pytestmark = pytest.mark.browser

# What a browser says where its quota is used up; a quota set by hand is heeded half a minute later only.
FULL = """() => {
  window.add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => { throw new DOMException("", "QuotaExceededError"); };
}"""
ROOM_AGAIN = "() => { IDBObjectStore.prototype.add = window.add; }"
BALANCE = """([start, rows]) => {
  const entries = rows.map(([seq, occurred_at, kind, packs, typed]) => ({
    seq, state: "open", effect: -packs, movement: { item: "x", kind, packs, typed, occurred_at },
  }));
  return window.tandem.store.balanceWith(start, entries, "x");
}"""


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    return opened(tablet.new_page(), whotopia_served)


@pytest.fixture
def timed(browser: Browser, keeper: Path, whotopia_served: str) -> Iterator[Page]:
    """A desk of which a test sets the clock: no other is given this device."""
    context = browser.new_context(storage_state=keeper)
    context.clock.install()
    yield opened(context.new_page(), whotopia_served)
    context.close()


def test_a_device_without_room_says_that_nothing_was_saved_and_keeps_what_was_typed(desk):
    item = item_called(desk, "Oxytocin")
    receive(desk, item, 10)
    who = learn(desk)
    put_on_slip(desk, item, "2")
    desk.evaluate(FULL)
    desk.locator(".store-slip .go").click()
    dialog = desk.locator("dialog[open]")
    expect(dialog).to_contain_text("This device is full: nothing was saved.")
    assert violations(desk, ALL) == []
    dialog.get_by_role("button", name="Close").click()
    expect(desk.locator("#store-done")).to_have_count(0)
    expect(desk.locator(f'[data-item="{item}"] .store-packs input')).to_have_value("2")
    expect(desk.locator(".store-slip")).to_contain_text(who)
    assert entries(desk) == []

    desk.evaluate(ROOM_AGAIN)
    desk.locator(".store-slip .go").click()
    expect(desk.locator("#store-done")).to_be_visible()
    assert [each["movement"]["packs"] for each in entries(desk)] == [2]


def test_a_clock_that_is_set_back_a_day_holds_no_entry_back_and_hides_no_advice(timed):
    desk = timed
    item = item_called(desk, "Misoprostol")
    before = receive(desk, item, 40)
    can_go = desk.locator(f'[data-item="{item}"] .store-safe b')
    expect(can_go).not_to_have_text("–")
    learn(desk)
    put_on_slip(desk, item, "3")
    desk.locator(".store-slip .go").click()
    expect(desk.locator("#store-undo")).to_be_visible()
    desk.clock.set_system_time(datetime.now().astimezone() - timedelta(days=1))
    desk.evaluate("window.tandem.store.send()")
    expect(desk.locator("#store-line")).to_have_attribute("data-open", "0")
    assert told(desk, item)["balance"] == before - 3
    expect(can_go).not_to_have_text("–")


def test_what_a_clock_set_back_dates_before_a_count_still_goes_off_what_was_counted(desk):
    counted = [1, "2026-03-10T10:00:00Z", "count", 50, False]
    given = [2, "2026-03-09T10:05:00Z", "dispense", 4, False]
    assert desk.evaluate(BALANCE, [20, [counted, given]]) == 46
    from_paper = [3, "2026-03-10T09:00:00Z", "dispense", 5, True]
    assert desk.evaluate(BALANCE, [20, [counted, given, from_paper]]) == 46


def test_a_double_tap_saves_one_slip_and_complains_of_nothing(tablet, desk):
    item = item_called(desk, "Zinc")
    receive(desk, item, 10)
    tablet.set_offline(True)
    learn(desk)
    put_on_slip(desk, item, "1")
    desk.locator(".store-slip .go").dblclick(delay=60)
    expect(desk.locator("#store-done")).to_be_visible()
    expect(desk.locator(".store-slip [role=alert]")).to_be_hidden()
    assert [each["movement"]["packs"] for each in entries(desk)] == [1]


def test_what_was_said_after_a_slip_tells_that_it_was_sent_and_makes_way_for_another_form(timed):
    desk = timed
    item = item_called(desk, "Zinc")
    receive(desk, item, 10)
    learn(desk)
    put_on_slip(desk, item, "1")
    desk.locator(".store-slip .go").click()
    expect(desk.locator("#store-done")).to_contain_text("Saved on this device.")
    send_now(desk)
    expect(desk.locator("#store-done")).to_contain_text("Sent.")
    desk.locator("[data-tab=count]").click()
    expect(desk.locator("#store-undo")).to_be_visible()  # the ten seconds hold on every form
    desk.clock.fast_forward(10_500)
    desk.locator("[data-tab=return]").click()
    expect(desk.locator("#store-done")).to_have_count(0)


def test_what_was_said_of_a_slip_taken_back_goes_by_itself(timed):
    item = item_called(timed, "Zinc")
    receive(timed, item, 10)
    learn(timed)
    put_on_slip(timed, item, "1")
    timed.locator(".store-slip .go").click()
    timed.locator("#store-undo").click()
    expect(timed.locator("#store-done")).to_contain_text("1 line was taken back")
    timed.clock.fast_forward(8_500)
    expect(timed.locator("#store-done")).to_have_count(0)


def test_on_a_telephone_who_is_missing_on_a_slip_is_said_where_one_is_led(desk):
    desk.set_viewport_size({"width": 360, "height": 740})
    put_on_slip(desk, item_called(desk, "Zinc"), "1")
    desk.locator(".store-slip .go").click()
    said = desk.locator(".store-top + .store-problem")
    expect(said).to_have_text("Say who it is.")
    expect(said).to_be_in_viewport(ratio=1)
    learn(desk)
    expect(said).to_be_hidden()


def test_what_can_no_longer_safely_go_is_called_low_without_a_network(tablet, desk):
    item = item_called(desk, "Misoprostol")
    receive(desk, item, 40)
    row = desk.locator(f'[data-item="{item}"]')
    expect(row.locator(".store-status")).to_contain_text("Enough")
    safe = row.locator(".store-safe b").inner_text()
    tablet.set_offline(True)
    learn(desk)
    put_on_slip(desk, item, safe)
    desk.locator(".store-slip .go").click()
    doubt = desk.locator("dialog[open]").get_by_role("button", name="It is right, save it")
    expect(doubt.or_(desk.locator("#store-done")).first).to_be_visible()
    if doubt.count():
        doubt.click()
    expect(row.locator(".store-status")).to_contain_text("Low")
    expect(row.locator(".store-safe")).to_contain_text("fair share today")


def test_on_a_telephone_the_row_of_pages_shows_the_store(desk):
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.reload()
    ready(desk)
    expect(desk.locator(".rail [aria-current]")).to_be_in_viewport(ratio=1)


def test_the_back_key_in_the_middle_of_a_slip_leads_to_the_tab_before_and_forward_to_the_slip(desk):
    item = item_called(desk, "Oxytocin")
    desk.locator("[data-tab=count]").click()
    desk.locator("[data-tab=dispense]").click()
    put_on_slip(desk, item, "4")
    desk.go_back()
    expect(desk.locator("[data-tab=count]")).to_have_attribute("aria-current", "page")
    desk.go_forward()
    expect(desk.locator("[data-tab=dispense]")).to_have_attribute("aria-current", "page")
    expect(desk.locator(f'[data-item="{item}"] .store-packs input')).to_have_value("4")
    desk.locator(f'[data-item="{item}"]').get_by_role("button", name="off the slip").click()


def test_five_wrong_pins_cost_a_minute_even_for_the_right_one(timed):
    desk = timed

    def answer(pin: str) -> None:
        desk.locator("dialog[open] input[type=password]").fill(pin)
        desk.locator("dialog[open] .primary").click()

    desk.get_by_role("button", name="Who gives").click()
    desk.get_by_role("button", name="Add a person with a PIN").click()
    dialog = desk.locator("dialog[open]")
    dialog.get_by_label("Name").fill("Koffi")
    for field in dialog.locator("input[type=password]").all():
        field.fill("4711")
    dialog.locator(".primary").click()
    expect(desk.locator(".store-meta")).to_contain_text("Koffi")

    desk.get_by_role("button", name="Who gives").click()
    desk.locator("dialog[open]").get_by_role("button", name="Koffi").click()
    for _ in range(5):
        answer("0000")
        expect(desk.locator("dialog[open] .store-problem")).to_contain_text("not the PIN")
    answer("4711")
    expect(desk.locator("dialog[open] .store-problem")).to_contain_text("minute")
    desk.clock.fast_forward(61_000)
    answer("4711")
    expect(desk.locator("dialog[open]")).to_have_count(0)


def test_below_zero_no_balance_is_said_to_be_here_and_the_neighbours_are_pointed_at(tablet, desk):
    item = item_called(desk, "Chlorhexidine")
    here = receive(desk, item, 1)
    tablet.set_offline(True)
    learn(desk)
    put_on_slip(desk, item, str(here + 3))
    desk.locator(".store-slip .go").click()
    desk.locator("dialog[open]").get_by_role("button", name="It is right, save it").click()
    row = desk.locator(f'[data-item="{item}"]')
    expect(row.locator(".store-balance b")).to_have_text("−3")
    expect(row.locator(".store-safe")).to_contain_text("see Neighbours")
    put_on_slip(desk, item, "1")
    expect(row.locator(".store-why")).to_contain_text("The book says −3: count the shelf.")
    desk.locator(".store-slip .go").click()
    expect(desk.locator("[role=alert]:visible")).to_contain_text("Say who it is")
    learn(desk)
    desk.locator(".store-slip .go").click()
    expect(desk.locator("dialog[open]")).to_contain_text("by the book there is none (−3)")


def test_a_name_of_eighty_letters_makes_no_page_wider(desk):
    desk.set_viewport_size({"width": 360, "height": 740})
    item = item_called(desk, "Zinc")
    receive(desk, item, 5)
    learn(desk, "Urgences obstétricales et néonatales", f"Awa {somebody()} épouse " + "Kouadio" * 6)
    put_on_slip(desk, item, "1")
    desk.locator(".store-slip .go").click()
    expect(desk.locator("#store-done")).to_be_visible()
    assert overflow(desk) == 0
    send_now(desk)
    desk.locator("[data-tab=history]").click()
    expect(desk.locator(".store-history li").first).to_contain_text("Kouadio")
    for width in (360, 768):
        desk.set_viewport_size({"width": width, "height": 740})
        assert overflow(desk) == 0, width
