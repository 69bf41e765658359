"""Requests between stores, losses and reviews over HTTP: who may ask, answer and see what."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from dashboard.store_review import stockouts
from ledger.figures import Days
from tests.web import Browser, signed_in

STORE = "/api/v1/store"


@pytest.fixture(scope="module")
def browser(whotopia_web) -> Browser:
    return signed_in(whotopia_web, "store")


@pytest.fixture(scope="module")
def admin(whotopia_web) -> Browser:
    return signed_in(whotopia_web, "admin")


@pytest.fixture(scope="module")
def mine(browser) -> str:
    return str(browser.get(STORE).json["stores"][0]["id"])


@pytest.fixture(scope="module")
def other(admin, mine) -> str:
    return str(next(each["id"] for each in admin.get(STORE).json["stores"] if each["id"] != mine))


@pytest.fixture(scope="module")
def item(browser, mine) -> str:
    return str(browser.get(f"{STORE}/{mine}").json["items"][0]["id"])


def post(browser, path, body):
    headers = {"X-CSRFToken": browser.callback_token(), "Referer": "http://localhost/"}
    return browser.post(path, data=json.dumps(body), headers=headers, content_type="application/json")


def ask(browser, unit, other, commodity, **more):
    body = {"id": str(uuid4()), "to": other, "item": commodity, "packs": 6} | more
    return post(browser, f"{STORE}/{unit}/requests", body)


def test_a_store_asks_and_the_other_grants(browser, admin, mine, other, item):
    made = ask(browser, mine, other, item, note="theatre").json
    assert (made["state"], made["packs"], made["actions"]) == ("asked", 6, ["withdraw"])
    answer = {"action": "grant", "packs": 4, "transfer": str(uuid4())}
    granted = post(admin, f"{STORE}/requests/{made['id']}", answer).json
    assert (granted["state"], granted["granted"], granted["transfer"]) == ("granted", 4, answer["transfer"])
    seen = browser.get(f"{STORE}/requests?unit={mine}").json["requests"]
    assert next(each["state"] for each in seen if each["id"] == made["id"]) == "granted"


def test_who_asks_does_not_answer(browser, mine, other, item):
    made = ask(browser, mine, other, item).json
    grant = {"action": "grant", "packs": 4, "transfer": str(uuid4())}
    assert post(browser, f"{STORE}/requests/{made['id']}", grant).status_code == 403
    assert (
        post(browser, f"{STORE}/requests/{made['id']}", {"action": "withdraw"}).json["state"] == "withdrawn"
    )
    late = post(browser, f"{STORE}/requests/{made['id']}", {"action": "withdraw"})
    assert late.status_code == 409 and late.json["errors"][0]["remedy"]


def test_nobody_asks_for_a_store_of_others_and_who_only_looks_asks_nothing(
    browser, whotopia_web, mine, other, item
):
    assert ask(browser, other, mine, item).status_code == 403
    assert ask(signed_in(whotopia_web, "viewer"), mine, other, item).status_code == 403


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"id": "7"}, "id"),
        ({"to": "nowhere"}, "to"),
        ({"item": "nothing"}, "item"),
        ({"packs": 0}, "packs"),
        ({"packs": 1.5}, "packs"),
        ({"packs": True}, "packs"),
        ({"packs": "6"}, "packs"),
        ({"note": "x" * 201}, "note"),
        ({"note": "two\nlines"}, "note"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(browser, mine, other, item, more, where):
    answer = ask(browser, mine, other, item, **more)
    assert answer.status_code == 400
    assert answer.json["errors"][0]["where"] == where and answer.json["errors"][0]["remedy"]


def test_a_request_that_nobody_made_is_not_found(browser):
    assert post(browser, f"{STORE}/requests/{uuid4()}", {"action": "withdraw"}).status_code == 404


def test_counts_and_days_without_stock_come_back_in_the_review(browser, mine):
    told = browser.get(f"{STORE}/{mine}").json["items"][5]["id"]
    now = datetime.now(UTC)
    plan = [("receive", 20, 9), ("count", 15, 8), ("count", 0, 7), ("receive", 5, 4), ("count", 4, 1)]
    movements = [
        {"id": str(uuid4()), "seq": number, "kind": kind, "unit": mine, "item": told, "packs": packs}
        | {"typed": True, "reason": "stolen", "occurred_at": (now - timedelta(days=days)).isoformat()}
        for number, (kind, packs, days) in enumerate(plan, 1)
    ]
    body = {"device": "review", "movements": movements}
    results = post(browser, "/api/v1/movements", body).json["results"]
    assert {each["status"] for each in results} == {"accepted"}
    found = browser.get(f"{STORE}/{mine}/review").json
    outs = [each for each in found["stockouts"] if each["item"] == told]
    assert [each["days"] for each in outs] == [3]
    assert [each["difference"] for each in found["discrepancies"] if each["item"] == told] == [-1, -15, -5]
    row = next(each for each in browser.get(f"{STORE}/{mine}/losses").json["items"] if each["item"] == told)
    assert (row["short"], row["over"], row["missing"], row["verdict"]) == (3, 0, 21, "few")
    assert row["chance"] == 0.125


def test_stock_outs_are_told_from_their_first_day_to_their_last():
    days = Days(date(2026, 1, 1), (0,) * 6, (0, 0, 4, -1, 0, 0))
    found = [
        (each.first.day, each.until.day if each.until else None, each.days) for each in stockouts("x", days)
    ]
    assert found == [(1, 2, 2), (4, None, 3)]
    assert list(stockouts("x", Days(date(2026, 1, 1), (0,), (3,)))) == []
