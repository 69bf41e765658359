"""What one does at the desk and another sees: codes, names entered twice, what the district approves."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import overflow
from tests.browser.conftest import serving
from tests.browser.devices import NATION, STORE, Devices, signed_in_as
from tests.browser.store_desk import (
    hear,
    item_called,
    learn,
    opened,
    put_on_slip,
    receive,
    scan,
    send_now,
    some_article,
    somebody,
)
from tests.browser.test_store_dispense import SMALL
from tests.browser.test_store_neighbours import ASKED, UNITS
from tests.dashboard.test_store_approval import COUNTRY

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def approving(whotopia_filled, whotopia_data, tmp_path_factory) -> Iterator[str]:
    """The application of a Whotopia where whoever runs validations approves what stores ask of each other."""
    folder = tmp_path_factory.mktemp("approving")
    country = folder / "whotopia"
    shutil.copytree(COUNTRY, country)
    main = country / "country.toml"
    text = main.read_text(encoding="utf-8")
    main.write_text(text.replace("[roles]", '[roles]\napprove_transfers = "F_RUN_VALIDATION"', 1), "utf-8")
    with (
        whotopia_filled.serving(folder / "dhis2") as dhis2,
        serving(dhis2, whotopia_data, folder / "data", TANDEM_COUNTRY=str(country)) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def keeper(browser: Browser, approving: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of who works in a store."""
    return signed_in_as(browser, approving, tmp_path_factory.mktemp("keeper"), STORE)


@pytest.fixture
def desk(devices: Devices, keeper: Path, approving: str) -> Iterator[Page]:
    """A tablet of a store, which knows nothing yet."""
    with devices.lent(approving, keeper) as device:
        yield opened(device.new_page(), approving)


@pytest.fixture
def desks(desk: Page, devices: Devices, keeper: Path, approving: str) -> Iterator[tuple[Page, Page]]:
    """That one, and another of the same store."""
    with devices.lent(approving, keeper) as device:
        yield desk, opened(device.new_page(), approving)


@pytest.fixture
def district(browser: Browser, devices: Devices, approving: str, tmp_path: Path) -> Iterator[Page]:
    """The desk of who approves."""
    with devices.lent(approving, signed_in_as(browser, approving, tmp_path, NATION)) as device:
        yield opened(device.new_page(), approving)


@dataclass(frozen=True)
class Code:
    """A GS1 code that a scanner types, and the article that it names: one that nothing is known of yet."""

    gtin: str = field(default_factory=some_article)

    @property
    def typed(self) -> str:
        return f"01{self.gtin}1727123110QRS9"


@pytest.fixture
def code() -> Code:
    return Code()


def link(desk: Page, code: Code, item: str) -> None:
    """Scan a code that is new, and say which item it is."""
    scan(desk, code.typed)
    dialog = desk.locator("dialog[open]")
    dialog.get_by_label("Item").select_option(item)
    dialog.get_by_role("button", name="This item").click()
    expect(desk.locator(f'[data-item="{item}"]').get_by_label("Lot")).to_have_value("QRS9")
    known_to_server(desk, code, item)


def known_to_server(desk: Page, code: Code, item: str) -> None:
    """Wait until the server tells that the code is of an item."""
    desk.wait_for_function(
        """([code, item]) => window.tandem.store.stores()
          .then(([unit]) => window.tandem.store.ask(`/api/v1/store/${unit.id}`))
          .then(({ codes }) => codes.some((each) => each.id === code && each.item === item))""",
        arg=[code.gtin, item],
    )


def test_a_code_that_was_linked_on_one_tablet_is_known_on_the_other(desks, code):
    first, second = desks
    item = item_called(first, "Oxytocin")
    link(first, code, item)
    hear(second)
    scan(second, code.typed)
    expect(second.locator(f'[data-item="{item}"]').get_by_label("Lot")).to_have_value("QRS9")
    expect(second.locator("dialog[open]")).to_have_count(0)


def test_a_code_of_the_wrong_item_is_linked_anew_for_every_tablet_and_what_was_said_stays(desks, code):
    first, second = desks
    wrong, right = item_called(first, "Oxytocin"), item_called(first, "Zinc")
    link(first, code, wrong)
    hear(second)
    row = first.locator(f'[data-item="{wrong}"]')
    expect(row.locator(".store-code")).to_contain_text(f"Code {code.gtin}.")
    row.get_by_role("button", name="It is another item").click()
    dialog = first.locator("dialog[open]")
    expect(dialog).to_contain_text("Oxytocin – linked by store")
    assert violations(first, ALL) == []
    dialog.get_by_label("Item").select_option(right)
    dialog.get_by_role("button", name="This item").click()
    expect(first.locator(f'[data-item="{right}"]').get_by_label("Lot")).to_have_value("QRS9")
    expect(first.locator(".store-item.chosen")).to_have_count(1)  # nothing of the wrong one stays on the slip
    known_to_server(first, code, right)

    scan(second, code.typed)  # it knows the former link alone so far; then it hears of the new one
    expect(second.locator(f'[data-item="{wrong}"]').get_by_label("Lot")).to_have_value("QRS9")
    hear(second)
    second.locator("[data-tab=history]").click()
    second.locator("#store-codes summary").click()
    linked = second.locator(f'[data-code="{code.gtin}"]')
    expect(linked).to_contain_text(f"{code.gtin}: Zinc")
    expect(linked).to_contain_text("Before: Oxytocin – linked by store")
    second.locator("[data-tab=dispense]").click()
    scan(second, code.typed)
    expect(second.locator(f'[data-item="{right}"]').get_by_label("Lot")).to_have_value("QRS9")


def test_a_code_that_is_linked_anew_without_a_network_means_the_new_item_at_once_and_is_told_later(
    desk, code
):
    wrong, right = item_called(desk, "Zinc"), item_called(desk, "Misoprostol")
    link(desk, code, wrong)
    desk.context.set_offline(True)
    desk.locator(f'[data-item="{wrong}"]').get_by_role("button", name="It is another item").click()
    dialog = desk.locator("dialog[open]")
    dialog.get_by_label("Item").select_option(right)
    dialog.get_by_role("button", name="This item").click()
    scan(desk, code.typed)
    expect(desk.locator(f'[data-item="{right}"] .store-code')).to_contain_text(code.gtin)
    desk.context.set_offline(False)
    hear(desk)
    known_to_server(desk, code, right)


def test_a_tablet_hears_what_another_did_after_a_while_and_at_once_when_somebody_comes(
    browser, desk, keeper, approving
):
    busy, context = desk, browser.new_context(storage_state=keeper)
    context.clock.install()
    idle = opened(context.new_page(), approving)
    item = item_called(busy, "Misoprostol")
    told: list[str] = []
    idle.on("requestfinished", lambda request: told.append(request.url))
    for minutes, touched in ((61, False), (16, True)):
        had = receive(busy, item, 7)
        told.clear()
        idle.clock.fast_forward(60_000)  # a minute alone: nothing is asked, data cost money
        idle.wait_for_timeout(300)
        assert told == []
        idle.clock.fast_forward(minutes * 60_000)
        if touched:
            assert told == []
            idle.keyboard.press("Shift")
        expect(idle.locator(f'[data-item="{item}"] .store-balance b')).to_have_text(str(had))
        assert len(told) == 1
    context.close()


def test_a_name_entered_on_two_tablets_becomes_one_when_a_person_says_so(desks):
    item = item_called(desks[0], "Oxytocin")
    receive(desks[0], item, 20)
    name = somebody()
    for desk, spelled in zip(desks, (name, f"{name}a"), strict=True):
        learn(desk, "Maternity", spelled)
        put_on_slip(desk, item, "1")
        desk.locator(".store-slip .go").click()
        expect(desk.locator("#store-done")).to_be_visible()
        send_now(desk)
    first = desks[0]
    hear(first)
    first.locator("[data-find-person]").click()
    first.locator("[data-twice]").click()
    asked = first.locator("dialog[open]")
    expect(asked).to_contain_text(f"{name}a")
    asked.get_by_role("button", name=f"One person: {name}, Maternity").click()
    expect(first.locator("#store-said")).to_contain_text("is one entry from now on")
    first.locator("[data-find-person]").click()
    found = first.locator("dialog[open] .store-found")
    expect(found.get_by_role("button", name=name)).to_have_count(1)
    expect(first.locator("[data-twice]")).to_have_count(0)


def test_a_request_is_sent_to_the_other_store_once_the_district_approved_it(desk, district, approving):
    page = district
    item, mine = item_called(desk, "Misoprostol"), desk.evaluate(f"{UNITS}.then((all) => all[0].id)")
    place = next(each for each in page.evaluate(UNITS) if each["id"] != mine)
    assert desk.evaluate(ASKED, [place["id"], item])["state"] == "waiting"
    desk.locator("[data-tab=neighbours]").click()
    row = desk.locator(".store-entry", has_text="theatre tonight").first
    expect(row).to_contain_text("Waits for the district’s approval")
    expect(row.get_by_role("button", name="Approve")).to_have_count(0)

    page.goto(f"{approving}/store?lang=en&tab=neighbours&unit={place['id']}")
    waits = page.locator(".store-entry", has_text="theatre tonight").first
    page.set_viewport_size({"width": 360, "height": 3000})
    expect(waits.get_by_role("button", name="Approve")).to_be_visible()
    assert overflow(page) == 0
    assert page.evaluate(SMALL) == []
    assert violations(page, ALL) == []
    waits.get_by_role("button", name="Approve").click()
    expect(waits).to_contain_text("Waits for an answer")
    desk.locator("[data-tab=dispense]").click()
    desk.locator("[data-tab=neighbours]").click()
    expect(row).to_contain_text("Waits for an answer")
