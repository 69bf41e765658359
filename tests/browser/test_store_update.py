"""A newer desk waits until nothing waits on the device: entries go out by the desk they were made in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.newer_desk import Newer, newer_desk
from tests.browser.store_desk import (
    entries,
    give,
    hold_back,
    item_called,
    learn,
    opened,
    ready,
    receive,
    send_now,
    sign_in,
    told,
)

pytestmark = pytest.mark.browser

UPDATED = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  for (let tries = 0; tries < 200 && !registration.waiting; tries += 1)
    await new Promise((done) => setTimeout(done, 50));
  return Boolean(registration.waiting);
}"""
KEPT = "caches.keys().then((names) => names.filter((name) => name.startsWith('tandem-desk-')).sort())"


@pytest.fixture
def newer(whotopia_served: str) -> Iterator[Newer]:
    with newer_desk(whotopia_served) as made:
        yield made


@pytest.fixture
def desk(browser: Browser, newer: Newer) -> Iterator[Page]:
    context = browser.new_context()
    yield opened(sign_in(context, newer.address), newer.address)
    context.close()


def version_of(desk: Page) -> str:
    """Of the desk that is on the screen."""
    return str(desk.locator("html").get_attribute("data-version"))


def test_an_update_waits_for_an_empty_queue_and_loses_nothing(desk, newer):
    item = item_called(desk, "Oxytocin")
    before = receive(desk, item, 30)
    learn(desk)
    give(desk, item, "4")
    hold_back(desk)
    old = version_of(desk)
    newer.update()

    assert desk.evaluate(UPDATED) is True  # the newer desk is on the device, and waits
    desk.reload()
    ready(desk)
    assert version_of(desk) == old  # what is open goes on as it was entered
    assert desk.evaluate(KEPT) == sorted(f"tandem-desk-{each}" for each in (newer.old, newer.new))
    assert [each["state"] for each in entries(desk)] == ["open"]
    expect(desk.locator(f'[data-item="{item}"] .store-balance b')).to_have_text(str(before - 4))

    send_now(desk)  # with that the queue is empty: the newer desk takes over and draws itself
    expect(desk.locator(f'html[data-version="{newer.new}"]')).to_be_attached()
    ready(desk)
    assert desk.evaluate(KEPT) == [f"tandem-desk-{newer.new}"]
    assert [each["state"] for each in entries(desk)] == ["accepted"]
    assert told(desk, item)["balance"] == before - 4


def test_a_half_filled_slip_holds_an_update_back_too(desk, newer):
    item = item_called(desk, "Misoprostol")
    desk.locator(f'.store-item[data-item="{item}"] .add').click()
    desk.locator(f'.store-item[data-item="{item}"] .store-packs input').fill("7")
    desk.wait_for_timeout(300)
    old = version_of(desk)
    newer.update()
    assert desk.evaluate(UPDATED) is True
    desk.wait_for_timeout(500)
    assert version_of(desk) == old
    expect(desk.locator(f'.store-item[data-item="{item}"] .store-packs input')).to_have_value("7")
