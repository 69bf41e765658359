"""The stores' desk as a person at it sees it, and the ledger behind it as the server tells it."""

import json
import random
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.devices import STORE

KEY_MS = 110  # a person's; a scanner's follow each other faster, also where a machine is late
FIRST_MS = 60_000

_CONTROLLED = """() => new Promise((done) => {
  const { serviceWorker } = window.navigator;
  if (serviceWorker.controller) done();
  else serviceWorker.addEventListener("controllerchange", () => done(), { once: true });
})"""
_RECEIVE = """async ([item, packs]) => {
  const { store } = window.tandem;
  const unit = (await store.stores())[0].id;
  const at = store.withOffset(Date.now());
  const movement = { id: store.newId(), seq: 1, kind: "receive", unit, item, packs, occurred_at: at };
  return (await store.post("/api/v1/movements", { device: "test", movements: [movement] })).results[0];
}"""
_HELD_BACK = """async () => {
  const { db } = window.tandem.store;
  const later = Date.now() + 9e6;
  for (const each of await db.all("entries")) await db.put("entries", { ...each, send_after: later });
}"""
_TAKEN_OVER = """async () => {
  const { store } = window.tandem;
  const unit = (await store.stores())[0].id;
  for (let tries = 0; tries < 120; tries += 1) {
    const { opening } = await store.ask(`/api/v1/store/${unit}`);
    if (!opening || opening.opened_at) return;
    await new Promise((done) => window.setTimeout(done, 250));
  }
}"""
_TOLD = """async (item) => {
  const { store } = window.tandem;
  const unit = (await store.stores())[0].id;
  return (await store.ask(`/api/v1/store/${unit}`)).items.find((each) => each.id === item);
}"""


def hold_back(page: Page) -> None:
    """Let nothing be sent that is on the device now."""
    page.evaluate(_HELD_BACK)


def sign_in(context: BrowserContext, served: str, who: tuple[str, str] = STORE) -> Page:
    """A page in which somebody is signed in, at the desk, in English."""
    page = context.new_page()
    page.goto(f"{served}/login?lang=en&next=/store")
    page.locator("#username").fill(who[0])
    page.locator("#password").fill(who[1])
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def opened(page: Page, served: str, more: str = "lang=en") -> Page:
    """The desk, drawn with its items and kept by the service worker."""
    page.goto(f"{served}/store?{more}")
    ready(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(_CONTROLLED)
    return page


def ready(page: Page) -> None:
    """Wait until the desk is drawn; a server that was just started reads its figures first."""
    expect(page.locator("#store-tab .store-item").first).to_be_visible(timeout=FIRST_MS)


def item_called(page: Page, name: str) -> str:
    """The id of an item."""
    return str(page.locator(".store-item", has=page.get_by_text(name, exact=True)).get_attribute("data-item"))


def receive(page: Page, item: str, packs: int) -> int:
    """Have packs arrive once the first balances are there, and give the balance after."""
    page.evaluate(_TAKEN_OVER)
    result = page.evaluate(_RECEIVE, [item, packs])
    assert result["status"] == "accepted", result
    hear(page)
    return int(result["balance"])


def hear(page: Page) -> None:
    """Have the desk send, and be told what changed; also where it was sending already."""
    page.evaluate(
        """async () => {
          const { store } = window.tandem;
          const again = ["busy", "slow", "failed"]; // a machine at work on much else answers late
          while (again.includes(await store.send(true))) await new Promise((tell) => setTimeout(tell, 50));
        }"""
    )


def told(page: Page, item: str) -> dict[str, Any]:
    """An item as the server tells it now."""
    return dict(page.evaluate(_TOLD, item))


def entries(page: Page) -> list[dict[str, Any]]:
    """What is kept on the device, in the order it was entered."""
    rows: list[dict[str, Any]] = page.evaluate("window.tandem.store.db.all('entries')")
    return sorted(rows, key=lambda row: row["seq"])


def press(page: Page, *keys: str) -> None:
    """Keys one after the other, as a person presses them."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(KEY_MS)
    page.wait_for_timeout(KEY_MS)


def somebody() -> str:
    """A name that nobody else has, nor one that is like it."""
    made = ["".join(random.choices("abcdefghiklmnoprstuvwy", k=9)) for _ in range(2)]
    return " ".join(made).title()


def some_article() -> str:
    """The number (GTIN) of an article that nobody has scanned, with its check digit."""
    digits = "0600" + "".join(random.choices("0123456789", k=9))
    return f"{digits}{-sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(digits)) % 10}"


def learn(page: Page, department: str = "Theatre", name: str = "") -> str:
    """Enter somebody new as who collects, and give the name."""
    name = name or somebody()
    page.locator("[data-new-person]").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Department").fill(department)
    dialog.get_by_role("button", name="Save").click()
    return name


def put_on_slip(page: Page, item: str, packs: str) -> None:
    """An item onto the slip, with what is typed as its packs."""
    row = page.locator(f'.store-item[data-item="{item}"]')
    row.locator(".add").click()
    row.locator(".store-packs input").fill(packs)


def confirm(page: Page) -> None:
    """The one button that confirms a slip."""
    page.locator(".store-slip .go").click()


def give(page: Page, item: str, packs: str, sure: bool = False) -> None:
    """A slip of one item for who collected last, confirmed; `sure` answers what is asked back."""
    page.locator(".store-people [data-key='1']").click()
    put_on_slip(page, item, packs)
    confirm(page)
    if sure:
        page.locator("dialog[open]").get_by_role("button", name="It is right, save it").click()
    expect(page.locator(".store-item.chosen")).to_have_count(0)
    expect(page.locator("#store-done")).to_be_visible()


_SCAN = """(code) => {
  let at = performance.now(); // of each key: a scanner's pace, however long the page takes over the last one
  for (const sign of [...code, "Enter"]) {
    const target = document.activeElement || document.body;
    const more = sign === "\\u001d" ? { key: "]", ctrlKey: true } : { key: sign };
    const typed = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...more });
    Object.defineProperty(typed, "timeStamp", { value: at += 5 });
    if (target.dispatchEvent(typed) && target.matches("input") && sign.length === 1 && !more.ctrlKey)
      document.execCommand("insertText", false, sign);
  }
}"""


def scan(page: Page, code: str) -> None:
    """A code as a scanner types it, as fast as one whatever else the machine does."""
    page.evaluate(_SCAN, code)


def send_now(page: Page) -> None:
    """Send what waits, without waiting for the time of undoing to pass."""
    page.evaluate(
        """async () => {
          const { store } = window.tandem;
          const rows = (await store.db.all("entries")).filter((each) => each.state === "open");
          for (const row of rows) await store.db.put("entries", { ...row, send_after: 0 });
          while ((await store.send()) === "busy") await new Promise((tell) => setTimeout(tell, 50));
        }"""
    )


def begin_to_send(page: Page) -> None:
    """The same without waiting for how it ends: the page may be loaded anew meanwhile."""
    page.evaluate(
        """async () => {
          const { store } = window.tandem;
          const rows = (await store.db.all("entries")).filter((each) => each.state === "open");
          for (const row of rows) await store.db.put("entries", { ...row, send_after: 0 });
          setTimeout(() => store.send());
        }"""
    )


def cookies_of(state: Path) -> list[dict[str, Any]]:
    """The cookies in a file of `signed_in_as`."""
    return list(json.loads(state.read_text())["cookies"])
