"""No typed, pasted, wheeled, scanned or dictated input changes a quantity silently."""

import random
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.devices import Devices
from tests.browser.store_desk import item_called, opened, press, put_on_slip, scan

pytestmark = pytest.mark.browser

READ = {
    "7": 7, " 12 ": 12, "0": 0, "1 000": 1000, "1\u00a0000": 1000, "12\u202f345": 12345,
    "７": 7, "999999": 999999,
}  # fmt: skip
REFUSED = [
    "1.5", "1,5", "1,000", "1.000", "-3", "−3", "+3", "1e3", "1E3", "007", "00", "seven", "sept", "12x",
    "x12", "1 00", "1  000", "1 0000", "10 00", "½", "²", "٣", "0x10", "1/2", "5-7", "5 7", "1000000",
    "6001234567890", "Infinity", "NaN", "null", "1_000", "1'000", "12,", "7.", "七", "１.５", "12 packs",
    "=1+1", "1\n2", "12 boîtes", "١٢", "🙂", "1️⃣", "1,5 boîte", "deux", "12.", "~12", "12?",
]  # fmt: skip
UNMISTAKABLE = re.compile(r"(0|[1-9][0-9]{0,5}|[1-9][0-9]{0,2}([ \u00a0\u202f\u2009][0-9]{3})+)")
SIGNS = string.digits * 3 + " .,-+eExX\u00a0\u202f７½−'/" + "dozensept"


@pytest.fixture(scope="module")
def desk(devices: Devices, keeper: Path, whotopia_served: str) -> Iterator[Page]:
    """A desk with Oxytocin on the slip."""
    with devices.lent(whotopia_served, keeper) as tablet:
        page = opened(tablet.new_page(), whotopia_served)
        put_on_slip(page, item_called(page, "Oxytocin"), "")
        yield page


def read(desk: Page, typed: str) -> dict[str, object]:
    return dict(desk.evaluate("typed => window.tandem.store.readQuantity(typed)", typed))


@pytest.mark.parametrize(("typed", "packs"), READ.items())
def test_what_is_unmistakable_is_read(desk: Page, typed: str, packs: int):
    assert read(desk, typed) == {"value": packs}


@pytest.mark.parametrize("typed", REFUSED)
def test_what_could_mean_something_else_is_refused_with_a_reason(desk: Page, typed: str):
    found = read(desk, typed)
    assert found["value"] is None
    assert desk.evaluate("key => window.tandem.store.has(key)", found["problem"])


def test_five_thousand_random_texts_are_read_as_they_stand_or_refused(desk: Page):
    chance = random.Random(7)
    texts = ["".join(chance.choices(SIGNS, k=chance.randint(1, 7))) for _ in range(5000)]
    found = desk.evaluate("texts => texts.map((text) => window.tandem.store.readQuantity(text))", texts)
    for text, answer in zip(texts, found, strict=True):
        plain = text.strip().translate(str.maketrans("７", "7"))
        if answer["value"] is None:
            continue
        assert UNMISTAKABLE.fullmatch(plain), text
        assert answer["value"] == int(re.sub(r"\D", "", plain)), text
    assert sum(answer["value"] is not None for answer in found) > 100


def field(desk: Page):
    return desk.locator(".store-item.chosen .store-packs input").first


def test_what_is_refused_stays_in_its_field_with_the_reason_beside(desk: Page):
    for typed in ("1.5", "1e3", "-3", "seven"):
        field(desk).fill(typed)
        expect(field(desk)).to_have_value(typed)
        expect(field(desk)).to_have_attribute("aria-invalid", "true")
        expect(desk.locator(".store-item.chosen .store-problem").first).not_to_be_empty()
        expect(desk.locator(".store-slip li b").first).to_have_text("…")


def test_a_wheel_an_arrow_or_a_drop_changes_nothing(desk: Page):
    field(desk).fill("5")
    field(desk).focus()
    box = field(desk).bounding_box()
    assert box
    desk.mouse.move(box["x"] + 20, box["y"] + 10)
    for turn in (120, -120, 480):
        desk.mouse.wheel(0, turn)
    press(desk, "ArrowUp", "ArrowDown", "PageUp")
    expect(field(desk)).to_have_value("5")


def test_a_pasted_text_is_shown_as_it_was_and_judged_so(desk: Page):
    field(desk).fill("")
    field(desk).focus()
    desk.keyboard.insert_text("12,5 boîtes")  # what a paste or a dictation does
    expect(field(desk)).to_have_value("12,5 boîtes")
    expect(field(desk)).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("code", ["0106001234567890", "OXY-SHELF-12", "4006381333931"])
def test_a_scan_into_a_quantity_leaves_the_quantity_as_it_was(desk: Page, code: str):
    field(desk).fill("5")
    field(desk).focus()
    scan(desk, code)
    expect(desk.locator("dialog[open]")).to_be_visible()
    expect(field(desk)).to_have_value("5")
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog[open]")).to_have_count(0)


def test_steps_count_one_by_one_and_not_from_what_cannot_be_read(desk: Page):
    field(desk).fill("5")
    desk.locator(".store-item.chosen .step").nth(1).click()
    expect(field(desk)).to_have_value("6")
    field(desk).fill("6x")
    desk.locator(".store-item.chosen .step").nth(1).click()
    expect(field(desk)).to_have_value("6x")


GS1 = {
    "]d20106001234567899172712311" + "0ABC123\x1d21S1": ("06001234567899", "2027-12-31", "ABC123"),
    "010600123456789910ABC123\x1d17280200": ("06001234567899", "2028-02-29", "ABC123"),
    "(01)06001234567899(17)271231(10)L-7": ("06001234567899", "2027-12-31", "L-7"),
}


@pytest.mark.parametrize(("code", "said"), GS1.items())
def test_a_gs1_code_says_article_expiry_and_lot(desk: Page, code: str, said: tuple[str, str, str]):
    found = desk.evaluate("code => window.tandem.store.readCode(code, new Date('2026-11-22'))", code)
    assert (found["gtin"], found["expiry"], found["lot"]) == said


@pytest.mark.parametrize(
    "code", ["]d20106001234567890", "]d2010600123456789917271331", "]d20106001234567899" + "17", "]d2010600"]
)
def test_a_broken_gs1_code_is_refused(desk: Page, code: str):
    assert "problem" in desk.evaluate("code => window.tandem.store.readCode(code)", code)
