"""The desk without a network: what was entered is there afterwards, once, and under the right name."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.devices import DISTRICT, STORE
from tests.browser.store_desk import (
    begin_to_send,
    cookies_of,
    entries,
    give,
    hold_back,
    item_called,
    learn,
    opened,
    put_on_slip,
    ready,
    receive,
    send_now,
    sign_in,
    told,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    return opened(tablet.new_page(), whotopia_served)


def test_the_desk_opens_in_a_new_tab_without_a_server(tablet, desk, whotopia_served):
    tablet.set_offline(True)
    desk.close()
    page = tablet.new_page()
    page.goto(f"{whotopia_served}/store")
    ready(page)
    expect(page.locator("#store-line")).to_contain_text("No network since")
    page.goto(f"{whotopia_served}/store?lang=fr")
    ready(page)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("#store-line")).to_contain_text("Pas de réseau depuis")


def test_a_desk_read_in_another_language_names_its_programmes_anew(desk, whotopia_served):
    expect(desk.locator("[data-programme='Child health']")).to_be_visible()
    desk.goto(f"{whotopia_served}/store?lang=fr")
    expect(desk.locator("[data-programme='Santé de l’enfant']")).to_be_visible()
    expect(desk.locator("[data-programme='Child health']")).to_have_count(0)


def test_who_opens_another_page_without_a_network_is_led_to_the_desk(tablet, desk, whotopia_served):
    tablet.set_offline(True)
    page = tablet.new_page()
    page.goto(f"{whotopia_served}/")
    ready(page)


def test_what_is_given_offline_survives_the_browser_and_is_sent_once(
    browser, keeper, whotopia_served, tmp_path
):
    def start() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=CHROMIUM, args=list(QUIET), headless=True
        )

    first = start()
    first.add_cookies(cookies_of(keeper))
    page = opened(first.new_page(), whotopia_served)
    item = item_called(page, "Oxytocin")
    before = receive(page, item, 50)
    first.set_offline(True)
    learn(page)
    give(page, item, "3")
    expect(page.locator("#store-line")).to_have_attribute("data-open", "1")
    first.close()

    again = start()
    again.set_offline(True)
    page = again.new_page()
    page.goto(f"{whotopia_served}/store?lang=en")
    ready(page)
    expect(page.locator("#store-line")).to_contain_text("1 entry is saved on this device")
    expect(page.locator(f'[data-item="{item}"] .store-balance b')).to_have_text(str(before - 3))
    again.set_offline(False)
    send_now(page)
    expect(page.locator("#store-line")).to_have_attribute("data-open", "0")
    assert told(page, item)["balance"] == before - 3
    send_now(page)
    assert told(page, item)["balance"] == before - 3
    again.close()


def test_a_half_filled_slip_survives_a_closed_page(tablet, desk, whotopia_served):
    item = item_called(desk, "Misoprostol")
    put_on_slip(desk, item, "12x")
    desk.wait_for_timeout(200)
    desk.close()
    page = opened(tablet.new_page(), whotopia_served)
    expect(page.locator(f'[data-item="{item}"] .store-packs input')).to_have_value("12x")


def balance_of_store(device: BrowserContext, served: str, item: str) -> int:
    """What the server has of an item, as it tells the store's manager on another device."""
    (unit,) = device.request.get(f"{served}/api/v1/store").json()["stores"]
    items = device.request.get(f"{served}/api/v1/store/{unit['id']}").json()["items"]
    return int(next(each["balance"] for each in items if each["id"] == item))


def ids_sent(request) -> list[str]:
    """The ids of the movements that a request carries."""
    if request.method != "POST" or not request.url.endswith("/movements"):
        return []
    return [each["id"] for each in request.post_data_json["movements"]]


def test_two_tabs_send_each_entry_once(tablet, desk, whotopia_served):
    item = item_called(desk, "Misoprostol")
    before = receive(desk, item, 40)
    other = opened(tablet.new_page(), whotopia_served)
    desk.bring_to_front()  # a browser has time for the tab in front
    tablet.set_offline(True)
    learn(desk)
    for packs in ("1", "2", "3"):
        give(desk, item, packs, sure=packs != "1")
    sent: list[str] = []
    tablet.on("request", lambda request: sent.extend(ids_sent(request)))
    tablet.set_offline(False)
    send_now(desk)
    other.evaluate("window.tandem.store.send()")
    expect(other.locator("#store-line")).to_have_attribute("data-open", "0")
    assert told(other, item)["balance"] == before - 6
    assert len(sent) == len(set(sent)) == 3


def test_an_ended_session_keeps_the_queue_and_asks_to_log_in(tablet, desk, whotopia_served):
    item = item_called(desk, "Magnesium sulfate")
    before = receive(desk, item, 20)
    learn(desk)
    give(desk, item, "2")
    tablet.clear_cookies()
    send_now(desk)
    expect(desk.locator("#store-line")).to_contain_text("Your sign-in has ended")
    assert [each["state"] for each in entries(desk)] == ["open"]
    desk.reload()
    ready(desk)  # the desk is there although the server leads to the log-in page
    desk.locator("#store-log-in").click()
    desk.locator("#username").fill(STORE[0])
    desk.locator("#password").fill(STORE[1])
    desk.locator("button[type=submit]").click()
    ready(desk)
    expect(desk.locator("#store-line")).to_have_attribute("data-open", "0")
    assert told(desk, item)["balance"] == before - 2


def test_nobody_sends_what_somebody_else_entered_on_the_same_device(
    tablet, desk, devices, keeper, whotopia_served
):
    item = item_called(desk, "Chlorhexidine")
    before = receive(desk, item, 20)
    tablet.set_offline(True)
    learn(desk)
    give(desk, item, "5")
    hold_back(desk)  # nothing is sent before somebody else has logged in
    tablet.clear_cookies()  # the session ends before the network is back: nothing goes out under it
    tablet.set_offline(False)
    sign_in(tablet, whotopia_served, DISTRICT)
    with desk.expect_navigation():
        begin_to_send(desk)
    ready(desk)
    assert [(each["user"], each["state"]) for each in entries(desk)] == [("store", "open")]
    expect(desk.locator("#store-line")).to_contain_text("1 entry of store waits here until store logs in")
    with devices.lent(whotopia_served, keeper) as other:
        assert balance_of_store(other, whotopia_served, item) == before


def test_a_log_out_takes_everything_of_the_store_off_the_device(tablet, whotopia_served):
    tablet.clear_cookies()  # the other tests' session stays
    desk = opened(sign_in(tablet, whotopia_served), whotopia_served)
    desk.locator("#person").click()
    desk.locator("#store-leave button").click()
    desk.wait_for_url("**/login*")
    page = tablet.new_page()
    page.goto(f"{whotopia_served}/healthz")
    left = page.evaluate(
        """() => new Promise((tell) => {
          const request = indexedDB.open("tandem-desk");
          request.onsuccess = () => {
            const asked = request.result.transaction("reference").objectStore("reference").count();
            asked.onsuccess = () => tell(asked.result);
          };
        })"""
    )
    assert left == 0
    page.goto(f"{whotopia_served}/store")
    page.wait_for_url("**/login*")
