"""What the case asks of a store, done at the desk in the browser; then DHIS2's own form is read.

The desk, the application with its worker, and DHIS2 are the real ones; the form is read without our client.
`TANDEM_LIVE_DHIS2` has a real DHIS2 stand for the embedded one (`tests/live.py`).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import serving
from tests.browser.store_desk import confirm, give, learn, opened, put_on_slip, send_now
from tests.live import STORE_FORM

pytestmark = pytest.mark.browser

PATIENCE = 90  # seconds that the worker and DHIS2 may take
CONSUMED, CLOSING, ORDERED = "Consumption", "End Balance", "Quantity to be ordered"
UNIT = "window.tandem.store.stores().then((all) => all[0].id)"
TAKEN_OVER = """async () => {
  const { store } = window.tandem;
  const unit = (await store.stores())[0].id;
  const { opening } = await store.ask(`/api/v1/store/${unit}`);
  return !opening || Boolean(opening.opened_at);
}"""


@dataclass
class Form:
    """A store's form of this month in DHIS2, as DHIS2 tells it."""

    address: str
    unit: str = ""

    def ask(self, path: str, **asked: Any) -> Any:
        answer = requests.get(
            f"{self.address}/api/{path}", params=asked, auth=("admin", "district"), timeout=60
        )
        assert answer.ok, answer.text
        return answer.json()

    @property
    def asked(self) -> dict[str, str]:
        data_set = self.ask("dataSets.json", filter=f"code:eq:{STORE_FORM}", fields="id")["dataSets"][0]["id"]
        return {"dataSet": data_set, "orgUnit": self.unit, "period": f"{datetime.now(UTC):%Y%m}"}

    def values(self) -> dict[tuple[str, str], int]:
        """By data element and name of the column."""
        combos = self.ask("categoryOptionCombos.json", fields="id,name", paging="false")
        columns = {each["id"]: each["name"] for each in combos["categoryOptionCombos"]}
        rows = self.ask("dataValueSets.json", **self.asked).get("dataValues", [])
        return {
            (row["dataElement"], columns[row["categoryOptionCombo"]]): int(row["value"])
            for row in rows
            if not row.get("deleted")
        }

    def of(self, item: str) -> tuple[int, int]:
        """Consumption and End balance of an item."""
        values = self.values()
        return values.get((item, CONSUMED), 0), values.get((item, CLOSING), 0)

    def completed_by(self) -> list[str]:
        rows = self.ask("completeDataSetRegistrations.json", **self.asked)
        found = rows.get("completeDataSetRegistrations", [])
        return [each["storedBy"] for each in found if each.get("completed", True)]


def until(told: Callable[[], Any], wanted: Any) -> None:
    """Wait until DHIS2 says what is wanted."""
    end = time.monotonic() + PATIENCE
    while (found := told()) != wanted:
        assert time.monotonic() < end, f"{found}, not {wanted}"
        time.sleep(1)


@pytest.fixture(scope="module")
def dhis2(whotopia_filled, tmp_path_factory) -> Iterator[str]:
    with whotopia_filled.serving(tmp_path_factory.mktemp("dhis2")) as address:
        yield address


@pytest.fixture(scope="module")
def whotopia_served(dhis2, whotopia_data, tmp_path_factory) -> Iterator[str]:
    """An application over a DHIS2 that nobody else writes to."""
    with serving(dhis2, whotopia_data, tmp_path_factory.mktemp("case"), TANDEM_COUNTRY="whotopia") as address:
        yield address


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    page = opened(tablet.new_page(), whotopia_served)
    until(lambda: page.evaluate(TAKEN_OVER), True)
    page.evaluate("window.tandem.store.send(true)")
    return page


@pytest.fixture
def form(dhis2: str, desk: Page) -> Form:
    return Form(dhis2, desk.evaluate(UNIT))


@pytest.fixture
def item(desk: Page, form: Form) -> str:
    """What there is most of."""
    held = {item: value for (item, column), value in form.values().items() if column == CLOSING}
    most = max(held, key=lambda each: held[each])
    shown = desk.locator(f'[data-item="{most}"] .store-balance b')
    expect(shown).to_have_text(str(held[most]))
    assert held[most] >= 8
    return most


def name_of(desk: Page, item: str) -> str:
    return desk.locator(f'.store-item[data-item="{item}"] .store-name b').inner_text()


def test_what_is_dispensed_returned_and_taken_back_is_the_months_consumption(desk, form, item):
    used, left = form.of(item)
    who = learn(desk)
    give(desk, item, "3")
    send_now(desk)
    until(lambda: form.of(item), (used + 3, left - 3))
    desk.locator("#store-undo").click()  # it was sent: taken back by an entry of its own
    send_now(desk)
    until(lambda: form.of(item), (used, left))
    give(desk, item, "2")
    send_now(desk)
    until(lambda: form.of(item), (used + 2, left - 2))
    desk.reload()
    expect(desk.locator(".store-people [data-key='1']")).to_contain_text(who)
    desk.locator("[data-tab=return]").click()
    desk.locator(".store-people [data-key='1']").click()
    put_on_slip(desk, item, "1")
    confirm(desk)
    expect(desk.locator("#store-done")).to_contain_text("1 item returned")
    send_now(desk)
    until(lambda: form.of(item), (used + 1, left - 1))


def test_losses_deliveries_and_counts_change_the_end_balance_alone(desk, form, item):
    (used, left), name = form.of(item), name_of(desk, item)
    desk.locator("[data-tab=write_off]").click()
    put_on_slip(desk, item, "2")
    desk.get_by_role("button", name="Damaged").click()
    confirm(desk)
    send_now(desk)
    until(lambda: form.of(item), (used, left - 2))
    desk.locator("[data-tab=receive]").click()
    desk.get_by_label(f"{name}: packs that arrived", exact=True).fill("30")
    confirm(desk)
    expect(desk.locator("#store-done")).to_be_visible()
    send_now(desk)
    until(lambda: form.of(item), (used, left + 28))
    desk.locator("[data-tab=count]").click()
    row = desk.locator(f'.store-item[data-item="{item}"]')
    desk.get_by_label(f"{name}: packs counted", exact=True).fill(str(left + 27))
    row.get_by_label("Why does it differ?").select_option("stolen")
    confirm(desk)
    expect(desk.locator("#store-done")).to_contain_text("Count kept.")
    send_now(desk)
    until(lambda: form.of(item), (used, left + 27))


def test_what_is_dispensed_without_a_network_arrives_with_it(desk, form, item):
    used, left = form.of(item)
    learn(desk)
    desk.context.set_offline(True)
    give(desk, item, "2")
    expect(desk.locator("#store-line")).to_have_attribute("data-open", "1")
    assert form.of(item) == (used, left)
    desk.context.set_offline(False)
    send_now(desk)
    until(lambda: form.of(item), (used + 2, left - 2))


def test_the_months_order_goes_to_the_form_and_a_person_calls_it_complete(desk, form, item):
    name = name_of(desk, item)
    assert form.completed_by() == []
    desk.locator("[data-tab=order]").click()
    desk.get_by_label(f"{name}: packs to order").fill("24")
    desk.get_by_role("button", name="Send and call the month complete").click()
    dialog = desk.locator("dialog[open]")
    dialog.get_by_role("button", name="Send and call the month complete").click()
    expect(desk.get_by_text("goes to DHIS2 as complete")).to_be_visible()
    until(lambda: form.values().get((item, ORDERED)), 24)
    until(form.completed_by, ["store"])
