"""The work on an alert in the browser: two people, both acting at once, and every step kept."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations

PEOPLE = {"district": "District-1234", "admin": "district"}


@pytest.fixture(scope="module")
def desks(browser: Browser, served: str) -> Iterator[dict[str, Page]]:
    """A page of each person, signed in, once the worker has looked at the figures."""
    pages = {}
    for username, password in PEOPLE.items():
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"{served}/login?lang=en")
        page.locator("#username").fill(username)
        page.locator("#password").fill(password)
        page.locator("button[type=submit]").click()
        page.wait_for_load_state()
        pages[username] = page
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if listed(pages["district"], served)["alerts"]:
            break
        time.sleep(1)
    yield pages
    for page in pages.values():
        page.context.close()


def listed(page: Page, served: str) -> dict:
    return page.request.get(f"{served}/api/v1/alerts?lang=en").json()


def opened(page: Page, served: str, number: str = "", lang: str = "en") -> None:
    page.goto(f"{served}/alerts?lang={lang}&alert={number}")
    expect(page.locator("#alert-title" if number else "#alerts-list .alert-row").first).to_be_visible()


def test_two_people_work_on_one_alert_and_nothing_of_either_is_lost(desks, served):
    district, admin = desks["district"], desks["admin"]
    first = listed(district, served)["alerts"][0]
    opened(admin, served, first["id"])
    opened(district, served)
    district.locator("#alerts-list .alert-open").first.click()
    expect(district.locator(".alert-main")).to_have_text(first["sentence"])

    district.get_by_role("button", name="I have seen it").click()
    expect(district.locator("#alert-said")).to_have_text("Saved.")
    expect(district.locator("#alerts-list .alert-state").first).to_contain_text("seen")

    admin.locator("#alert-comment").fill("Counted by telephone: it is so.")
    admin.locator("#alert-state").select_option("confirmed")
    admin.locator("#alert-save").click()
    expect(admin.locator("#alert-said")).to_contain_text("acted in between")
    expect(admin.locator("#alert-comment")).to_have_value("Counted by telephone: it is so.")
    expect(admin.locator("#alert-state")).to_have_value("confirmed")
    expect(admin.locator(".alert-history li")).to_have_count(2)
    admin.locator("#alert-save").click()
    expect(admin.locator("#alert-said")).to_have_text("Saved.")

    opened(district, served, first["id"])
    expect(district.locator(".alert-history li")).to_have_count(3)
    expect(district.locator("#alerts-detail")).to_contain_text("Counted by telephone: it is so.")
    expect(district.locator("#alerts-detail section", has_text="Who has looked")).to_contain_text("admin")
    district.locator("#alert-state").select_option("closed")
    district.locator("#alert-save").click()
    expect(district.locator("#alert-said")).to_have_text("Saved.")
    kept = district.request.get(f"{served}/api/v1/alerts/{first['id']}").json()["history"]
    assert [(each["author"], each["status"]) for each in kept] == [
        ("", "new"), ("district", "acknowledged"), ("admin", "confirmed"), ("district", "closed"),
    ]  # fmt: skip


def test_an_alert_is_assigned_with_a_day_by_keyboard_alone(desks, served):
    page = desks["district"]
    opened(page, served)
    page.keyboard.press("j")
    expect(page.locator("#alert-title")).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator("#alert-person")).to_be_focused()
    page.locator("#alert-person").select_option("district")
    page.locator("#alert-due").fill("2027-01-31")
    page.locator("#alert-save").press("Enter")
    expect(page.locator("#alert-said")).to_have_text("Saved.")
    page.locator("#alert-title").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#alert-title")).to_have_count(0)
    page.locator("#alerts-status").select_option("mine")
    expect(page.locator("#alerts-list .alert-row")).to_have_count(1)
    expect(page.locator("#alerts-list .alert-state")).to_contain_text("2027")


def test_an_alert_is_explained_in_words_that_the_page_asks_for_before_it_is_sent(desks, served):
    page = desks["admin"]
    number = next(each["id"] for each in listed(page, served)["alerts"] if each["status"] == "new")
    opened(page, served, number)
    expect(page.locator("#alert-words")).to_be_empty()
    page.locator("#alert-state").select_option("explained")
    expect(page.locator("#alert-words")).to_contain_text("what explains it")
    page.locator("#alert-save").click()
    expect(page.locator("#alert-said")).to_contain_text("what explains it")
    expect(page.locator("#alert-comment")).to_be_focused()
    expect(page.locator(".alert-history li")).to_have_count(1)
    page.locator("#alert-comment").fill("A campaign in both weeks.")
    page.locator("#alert-save").click()
    expect(page.locator("#alert-said")).to_have_text("Saved.")
    expect(page.locator(".alert-history li").last).to_contain_text("explained")
    page.locator("#alert-state").select_option("confirmed")
    expect(page.locator("#alert-words")).to_be_empty()


def test_what_was_typed_stays_when_the_server_does_not_answer(desks, served):
    page = desks["admin"]
    number = next(each["id"] for each in listed(page, served)["alerts"] if each["status"] == "new")
    opened(page, served, number)
    page.locator("#alert-comment").fill("Half a thought")
    page.context.set_offline(True)
    page.locator("#alert-save").click()
    expect(page.locator("#alert-said")).to_contain_text("does not answer")
    page.context.set_offline(False)
    expect(page.locator("#alert-comment")).to_have_value("Half a thought")
    page.locator("#alert-save").click()
    expect(page.locator("#alert-said")).to_have_text("Saved.")


@pytest.mark.parametrize(("width", "lang"), [(360, "fr"), (1440, "en")])
def test_the_page_reads_for_everybody_and_fits(desks, served, width, lang):
    page = desks["admin"]
    page.set_viewport_size({"width": width, "height": 900})
    number = listed(page, served)["alerts"][0]["id"]
    opened(page, served, number, lang)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
