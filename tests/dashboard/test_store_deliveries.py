"""What DHIS2 holds of the stores, over HTTP: who sees what differs, who decides, who orders."""

import json
from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from ledger.disagreements import BLOCKS, CHANGED, ZERO, Disagreements, Found
from tests.web import Browser, signed_in

STORE = "/api/v1/store"
LOOKED_FOR = {CHANGED, ZERO, *BLOCKS}


@pytest.fixture(scope="module")
def browser(whotopia_web) -> Browser:
    return signed_in(whotopia_web, "store")


@pytest.fixture(scope="module")
def admin(whotopia_web) -> Browser:
    return signed_in(whotopia_web, "admin")


@pytest.fixture(scope="module")
def mine(browser) -> str:
    return browser.get(STORE).json["stores"][0]["id"]


@pytest.fixture(scope="module")
def item(browser, mine) -> str:
    return browser.get(f"{STORE}/{mine}").json["items"][2]["id"]


def this_month() -> int:
    today = datetime.now(ZoneInfo("Africa/Abidjan"))
    return today.year * 100 + today.month


def post(browser, path, body):
    headers = {"X-CSRFToken": browser.callback_token(), "Referer": "http://localhost/"}
    return browser.post(path, data=json.dumps(body), headers=headers, content_type="application/json")


def a_difference(web, unit, *found: Found) -> list[dict]:
    """As the worker finds them."""
    database = web.extensions["tandem"]["database"]
    book = Disagreements(database)
    with database.write() as connection:
        book.replace(connection, (unit, this_month()), found, LOOKED_FOR)
    return book.open_of([unit])


def test_differences_are_told_with_names_and_what_can_be_chosen(whotopia_web, browser, mine, item):
    found = Found(CHANGED, item, "closing", ours=5, theirs="7", stored_by="district")
    a_difference(whotopia_web, mine, found, Found("closed", said="not open"))
    told = browser.get(f"{STORE}/differences?unit={mine}").json
    changed = next(each for each in told["differences"] if each["kind"] == CHANGED)
    assert (changed["ours"], changed["theirs"], changed["stored_by"]) == (5, "7", "district")
    assert changed["choices"] == ["take", "keep", "ask"]
    assert changed["item_name"] and changed["unit_name"]
    assert told["fixes"] == []


def test_fixes_are_offered_to_administrators_alone(whotopia_web, browser, admin, mine, item):
    a_difference(whotopia_web, mine, Found("closed"), Found(ZERO, item, "closing", ours=0))
    assert admin.get(f"{STORE}/differences?unit={mine}").json["fixes"] == ["open_month", "keep_zeros"]
    assert post(browser, f"{STORE}/fixes", {"fix": "keep_zeros", "apply": True}).status_code == 403
    asked = post(admin, f"{STORE}/fixes", {"fix": "keep_zeros"})
    assert asked.status_code == 202
    told = admin.get(f"{STORE}/fixes/{asked.json['id']}").json
    assert (told["status"], told["fix"], told["changes"]) == ("queued", "keep_zeros", [])
    assert browser.get(f"{STORE}/fixes/{asked.json['id']}").status_code == 404
    assert admin.get(f"{STORE}/fixes/{'9' * 30}").status_code == 404


def test_taking_theirs_is_a_count_of_the_person_who_took_it(whotopia_web, browser, mine, item):
    found = Found(CHANGED, item, "closing", ours=5, theirs="7", stored_by="district")
    number = a_difference(whotopia_web, mine, found)[0]["id"]
    answer = post(browser, f"{STORE}/differences/{number}", {"choice": "take"})
    assert (answer.status_code, answer.json["open"], answer.json["chosen_by"]) == (200, False, "store")
    balances = {each["id"]: each["balance"] for each in browser.get(f"{STORE}/{mine}").json["items"]}
    assert balances[item] == 7
    again = post(browser, f"{STORE}/differences/{number}", {"choice": "keep"})
    assert again.status_code == 409


def test_a_choice_that_is_none_is_refused(whotopia_web, browser, mine, item):
    found = Found(CHANGED, item, "closing", ours=5, theirs="12.5", stored_by="district")
    number = a_difference(whotopia_web, mine, found)[0]["id"]
    assert post(browser, f"{STORE}/differences/{number}", {"choice": "perhaps"}).status_code == 409
    assert post(browser, f"{STORE}/differences/{number}", {"choice": 3}).status_code == 400
    broken = post(browser, f"{STORE}/differences/{number}", {"choice": "take"})
    assert broken.status_code == 409 and "12.5" in broken.json["detail"]
    assert post(browser, f"{STORE}/differences/{uuid4()}", {"choice": "keep"}).status_code == 404


def test_who_may_not_enter_values_decides_nothing(whotopia_web, mine, item):
    found = Found(CHANGED, item, "closing", ours=5, theirs="7", stored_by="district")
    number = a_difference(whotopia_web, mine, found)[0]["id"]
    viewer = signed_in(whotopia_web, "viewer")
    assert post(viewer, f"{STORE}/differences/{number}", {"choice": "keep"}).status_code == 403


def test_what_was_recorded_waits_until_dhis2_has_it(browser, mine, item):
    told = {"id": str(uuid4()), "seq": 1, "kind": "receive", "unit": mine, "item": item, "packs": 1}
    moment = datetime.now(UTC).isoformat()
    batch = {"device": "t", "device_now": moment, "movements": [{**told, "occurred_at": moment}]}
    assert post(browser, "/api/v1/movements", batch).json["results"][0]["status"] == "accepted"
    waiting = browser.get(f"{STORE}/deliveries?unit={mine}").json["waiting"]
    assert (mine, this_month()) in {(each["unit"], each["month"]) for each in waiting}


def test_an_order_is_kept_with_the_form_and_completed_by_a_person(browser, mine, item):
    month = f"{this_month() // 100}-{this_month() % 100:02d}"
    sent = {"month": month, "ordered": {item: 12}, "complete": True}
    told = post(browser, f"{STORE}/{mine}/order", sent).json
    assert {each["item"]: each["ordered"] for each in told["lines"]}[item] == 12
    assert told["asked_at"] and told["completed_at"] is None
    assert browser.get(f"{STORE}/{mine}/order?month={month}").json == told


@pytest.mark.parametrize(
    "body",
    [
        {"month": "2026-13", "ordered": {}},
        {"month": "2026-11", "ordered": {"nothing": 3}},
        {"month": "2026-11", "ordered": []},
        {"ordered": {}},
        {"month": "9999-12", "ordered": {}},
        {"month": "0001-01", "ordered": {}},
        {"month": "2026-10", "ordered": {}, "complete": "x"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused_and_named(browser, mine, body):
    answer = post(browser, f"{STORE}/{mine}/order", body)
    assert answer.status_code == 400 and answer.json["errors"][0]["remedy"]


MONTHS = ["9999-12", "1-01", "2026-1", "２０２６-01", "", "2026-13"]


@pytest.mark.parametrize("month", MONTHS)
def test_the_form_of_what_is_no_month_that_has_begun_is_refused(browser, mine, month):
    answer = browser.get(f"{STORE}/{mine}/order?month={month}")
    assert answer.status_code == 400 and answer.json["errors"][0]["where"] == "month"


@pytest.mark.parametrize("packs", [-1, 1.5, "3", None, True, 10_000_000])
def test_what_is_no_number_of_packs_is_not_ordered(browser, mine, item, packs):
    month = f"{this_month() // 100}-{this_month() % 100:02d}"
    answer = post(browser, f"{STORE}/{mine}/order", {"month": month, "ordered": {item: packs}})
    assert answer.status_code == 400
