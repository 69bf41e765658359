"""Dispensing, returns and write-offs, as people at the desk do them, against the real ledger."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.compare_page import overflow
from tests.browser.store_desk import (
    confirm,
    entries,
    give,
    item_called,
    learn,
    opened,
    press,
    put_on_slip,
    receive,
    scan,
    send_now,
    some_article,
    somebody,
    told,
)

pytestmark = pytest.mark.browser

WIDTHS = (360, 768, 1440)
SMALL = """() => [...document.querySelectorAll("button, a[href], input, select, summary")]
  .filter((each) => each.checkVisibility() && each.type !== "file" && !each.matches(".skip-link"))
  .map((each) => [each.getBoundingClientRect(), each])
  .filter(([box]) => box.width < 43.5 || box.height < 43.5)
  .map(([box, each]) => `${each.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`)"""


@pytest.fixture
def desk(tablet: BrowserContext, whotopia_served: str) -> Page:
    """A desk on a device that knows nothing yet."""
    return opened(tablet.new_page(), whotopia_served)


def test_one_item_to_somebody_known_takes_six_presses_of_a_key(desk):
    item = item_called(desk, "Oxytocin")
    before = receive(desk, item, 60)
    who = learn(desk)
    give(desk, item, "1")
    desk.reload()
    desk.wait_for_selector(".store-people [data-key='1']")
    press(desk, "1", "o", "x", "Enter", "7", "Control+Enter")
    desk.locator("dialog[open]").get_by_role(
        "button", name="It is right, save it"
    ).click()  # the same, just now
    expect(desk.locator("#store-done")).to_contain_text(f"{who}: 1 item given")
    send_now(desk)
    assert told(desk, item)["balance"] == before - 8


def test_the_balance_is_shown_before_and_after_while_one_types(desk):
    item = item_called(desk, "Amoxicillin")
    before = receive(desk, item, 30)
    expect(desk.locator(f'[data-item="{item}"] .store-balance b')).to_have_text(str(before))
    put_on_slip(desk, item, "4")
    expect(desk.locator(f'[data-item="{item}"] .store-change')).to_have_text(f"{before} → {before - 4}")
    expect(desk.locator(".store-slip li")).to_contain_text(f"4 packs Amoxicillin {before} → {before - 4}")


def test_a_slip_of_several_lines_says_who_when_and_what_was_asked_for(desk):
    items = [item_called(desk, name) for name in ("Amoxicillin", "Zinc")]
    for item in items:
        receive(desk, item, 30)
    learn(desk)
    put_on_slip(desk, items[0], "4")
    put_on_slip(desk, items[1], "2")
    desk.locator(f'[data-item="{items[1]}"]').get_by_label("Asked for").fill("5")
    confirm(desk)
    expect(desk.locator("#store-done")).to_contain_text("2 items given")
    send_now(desk)
    made = entries(desk)
    assert [each["state"] for each in made] == ["accepted", "accepted"]
    movements = [each["movement"] for each in made]
    assert [(each["packs"], each["asked"]) for each in movements] == [(4, 4), (2, 5)]
    assert len({each["document"] for each in movements}) == 1
    assert all(each["recipient"]["id"] and each["given_by"] and not each.get("typed") for each in movements)


ADVISED = """([share, balance]) => {
  const { store } = window.tandem;
  const item = { name: "Zinc", reserve: [22], needed: [15], share, fair: 3 };
  return store.adviceSaid(item, balance, store.advice(item, balance, 0), {});
}"""


def test_stock_that_should_last_but_might_not_is_told_from_stock_that_will_not(desk):
    unsure, short = desk.evaluate(ADVISED, [1, 20]), desk.evaluate(ADVISED, [0.5, 8])
    assert unsure[0] == "Zinc: what is here may not last until the delivery."
    assert "Give 3 packs today at most" in unsure[1] and "in 100" not in unsure[1]
    assert short[0] == "Zinc: there is not enough until the delivery."
    assert "A fair share for today is 3 packs: 50 in 100" in short[1]
    assert "A fair share for today is 2 packs" in desk.evaluate(ADVISED, [0.5, 2])[1]  # what there is left


def test_undo_within_ten_seconds_leaves_nothing_and_the_server_hears_of_nothing(desk):
    item = item_called(desk, "Zinc")
    before = receive(desk, item, 10)
    learn(desk)
    give(desk, item, "6")
    desk.locator("#store-undo").click()
    expect(desk.locator("#store-done")).to_contain_text("1 line was taken back")
    send_now(desk)
    assert [each["state"] for each in entries(desk)] == ["undone"]
    assert told(desk, item)["balance"] == before


def test_undo_after_it_was_sent_is_a_reversal(desk):
    item = item_called(desk, "Zinc")
    before = receive(desk, item, 10)
    learn(desk)
    give(desk, item, "6")
    send_now(desk)
    assert told(desk, item)["balance"] == before - 6
    desk.locator("#store-undo").click()
    expect(desk.locator("#store-done")).to_contain_text("taken back by an entry of its own")
    send_now(desk)
    assert told(desk, item)["balance"] == before
    expect(desk.locator(f'[data-item="{item}"] .store-balance b')).to_have_text(str(before))


def test_a_new_person_is_known_next_time_and_one_much_alike_is_asked_about(desk):
    item = item_called(desk, "Zinc")
    receive(desk, item, 10)
    known = learn(desk, "Outpatients")
    give(desk, item, "1")
    expect(desk.locator(".store-people [data-key='1']")).to_have_text(f"{known}Outpatients")
    written = known.lower()[:-2] + known[-1]
    learn(desk, "outpatients", written)
    asked = desk.locator("dialog[open]")
    expect(asked).to_contain_text(f"Is {written} somebody you know?")
    asked.get_by_role("button", name=f"Yes: {known}, Outpatients").click()
    expect(desk.locator(".store-people [aria-pressed=true]")).to_have_text(f"{known}Outpatients")


def test_the_same_to_the_same_person_minutes_later_is_asked_about(desk):
    item = item_called(desk, "Zinc")
    receive(desk, item, 10)
    who = learn(desk)
    give(desk, item, "2")
    desk.locator(".store-people [data-key='1']").click()
    put_on_slip(desk, item, "2")
    confirm(desk)
    asked = desk.locator("dialog[open]")
    expect(asked).to_contain_text(f"{who} already got 2 packs of Zinc")
    asked.get_by_role("button", name="Go back and correct").click()
    assert len([each for each in entries(desk) if each["movement"]["item"] == item]) == 1


def test_more_than_there_is_can_be_entered_after_a_second_look(desk):
    item = item_called(desk, "Implants")
    before = receive(desk, item, 1)
    learn(desk)
    give(desk, item, str(before + 2), sure=True)
    send_now(desk)
    assert told(desk, item)["balance"] == -2
    assert "below_zero" in entries(desk)[-1]["answer"]["flags"]


def test_a_return_and_a_write_off_change_the_balance(desk):
    item = item_called(desk, "Oxytocin")
    before = receive(desk, item, 20)
    desk.locator("[data-tab=return]").click()
    learn(desk)
    put_on_slip(desk, item, "3")
    confirm(desk)
    expect(desk.locator("#store-done")).to_contain_text("1 item returned")
    desk.locator("[data-tab=write_off]").click()
    put_on_slip(desk, item, "5")
    confirm(desk)
    expect(desk.locator(".store-go .store-problem")).to_contain_text("Say why.")
    desk.get_by_role("button", name="Damaged").click()
    confirm(desk)
    expect(desk.locator("#store-done")).to_contain_text("1 item written off")
    send_now(desk)
    assert told(desk, item)["balance"] == before - 2
    assert entries(desk)[-1]["movement"]["reason"] == "damaged"


def test_a_slip_from_paper_keeps_the_time_that_stands_on_it(desk):
    item = item_called(desk, "Oxytocin")
    receive(desk, item, 20)
    learn(desk)
    put_on_slip(desk, item, "1")
    desk.get_by_role("button", name="from a paper slip").click()
    moment = desk.locator(".store-when input")
    moment.fill(desk.evaluate("new Date(Date.now() + 864e5).toISOString().slice(0, 16)"))
    confirm(desk)
    expect(desk.locator(".store-when")).to_contain_text("This lies ahead.")
    typed = desk.evaluate("new Date(Date.now() - 36e5).toISOString().slice(0, 13) + ':30'")
    moment.fill(typed)
    confirm(desk)
    expect(desk.locator("#store-done")).to_be_visible()
    movement = entries(desk)[-1]["movement"]
    assert movement["typed"] is True
    assert movement["occurred_at"].startswith(typed)


def test_somebody_with_a_pin_gives_on_a_shared_tablet(desk):
    desk.locator(".store-meta .link").first.click()
    desk.get_by_role("button", name="+ Add a person with a PIN").click()
    dialog = desk.locator("dialog[open]")
    dialog.get_by_label("Name").fill("Adjoa Mensah")
    dialog.get_by_label("PIN", exact=True).fill("4711")
    dialog.get_by_label("PIN once more").fill("4711")
    dialog.get_by_role("button", name="Save").click()
    expect(desk.locator(".store-meta")).to_contain_text("by Adjoa Mensah")
    assert "4711" not in desk.evaluate("tandem.store.db.all('meta').then((rows) => JSON.stringify(rows))")
    desk.reload()
    desk.wait_for_selector(".store-item")
    desk.locator(".store-meta .link").first.click()
    desk.get_by_role("button", name="Adjoa Mensah PIN").click()
    dialog = desk.locator("dialog[open]")
    dialog.get_by_label("PIN of Adjoa Mensah").fill("1234")
    dialog.get_by_role("button", name="Go on").click()
    expect(desk.locator("dialog[open]")).to_contain_text("This is not the PIN.")
    desk.locator("dialog[open]").get_by_label("PIN of Adjoa Mensah").fill("4711")
    desk.locator("dialog[open]").get_by_role("button", name="Go on").click()
    expect(desk.locator(".store-meta")).to_contain_text("by Adjoa Mensah")


def test_a_scanned_code_is_linked_once_and_brings_lot_and_expiry(desk):
    item = item_called(desk, "Oxytocin")
    code = f"01{some_article()}1727123110ABC123"
    scan(desk, code)
    dialog = desk.locator("dialog[open]")
    dialog.get_by_label("Item").select_option(item)
    dialog.get_by_role("button", name="This item").click()
    row = desk.locator(f'[data-item="{item}"]')
    expect(row.get_by_label("Lot")).to_have_value("ABC123")
    expect(row.get_by_label("Expiry")).to_have_value("2027-12-31")
    expect(row.locator(".store-packs input")).to_have_value("")
    row.get_by_role("button", name="Take Oxytocin off the slip").click()
    desk.wait_for_timeout(100)
    scan(desk, code)
    expect(row.locator(".store-packs input")).to_be_focused()


@pytest.mark.parametrize(
    ("scheme", "language"),
    [
        ("light", "fr"),
        ("dark", "en"),
        pytest.param("light", "en", marks=pytest.mark.exhaustive),
        pytest.param("dark", "fr", marks=pytest.mark.exhaustive),
    ],
)
def test_the_desk_fits_every_screen_and_every_reader(desk, whotopia_served, scheme, language):
    learn(desk, "Service de médecine interne", f"{somebody()}-Ouedraogo")
    put_on_slip(desk, item_called(desk, "Oxytocin"), "4")
    desk.emulate_media(color_scheme=scheme)
    for tab in ("dispense", "write_off"):
        opened(desk, whotopia_served, f"lang={language}&tab={tab}")
        for width in WIDTHS:
            desk.set_viewport_size({"width": width, "height": 900})
            assert overflow(desk) <= 0, (tab, width)
            assert desk.evaluate(SMALL) == [], (tab, width)
        assert violations(desk, ALL) == [], tab
