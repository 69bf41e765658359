"""The desk's document, its service worker and its manifest, and who may ask on whose behalf."""

import json
import re

import brotli
import pytest

from dashboard import bundle
from dashboard.store import files
from tests.web import Browser, signed_in

MORE_THAN_COMPARE = 300_000  # bytes that the desk may cost beside Compare


@pytest.fixture(scope="module")
def browser(tiny_web) -> Browser:
    return signed_in(tiny_web, "store")


def told_to_worker(browser) -> dict[str, object]:
    text = browser.get("/sw.js").text
    found = re.match(r"self\.DESK = (\{.*\});\n", text)
    assert found
    return dict(json.loads(found[1]))


def test_the_document_is_of_nobody_and_in_the_language_that_is_asked_for(browser):
    french, english = (browser.get(f"/store?desk={each}") for each in ("fr", "en"))
    assert '<html lang="fr"' in french.text and '<html lang="en"' in english.text
    assert "Set-Cookie" not in english.headers or "tandem_language" not in english.headers["Set-Cookie"]
    assert english.headers["X-Desk-Version"] == files.version()
    assert "{%" not in english.text


def test_whoever_is_not_signed_in_is_led_to_the_log_in_page(tiny_web):
    answer = Browser(tiny_web).get("/store?unit=x")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=%2Fstore%3Funit%3Dx"


def test_everything_that_the_worker_keeps_is_there(browser):
    told = told_to_worker(browser)
    asked = [*told["files"], *told["documents"].values()]  # type: ignore[misc, attr-defined]
    assert [each for each in asked if browser.get(each).status_code != 200] == []
    assert told["version"] == files.version()


def test_the_worker_may_ask_its_own_server_and_is_asked_for_anew_each_time(tiny_web):
    answer = Browser(tiny_web).get("/sw.js")  # whether or not somebody is signed in
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"


def test_the_manifest_makes_the_desk_a_program_of_the_device(tiny_web):
    told = Browser(tiny_web).get("/manifest.webmanifest").json
    assert told["start_url"] == "/store" and told["display"] == "standalone"
    assert {each["sizes"] for each in told["icons"]} == {"192x192", "512x512"}


def test_the_desk_travels_in_less_than_it_may_and_other_pages_carry_none_of_it(browser):
    parts = [each.text for each in files.bundles()] + [browser.get("/store").text]
    assert sum(len(brotli.compress(each.encode(), quality=11)) for each in parts) < MORE_THAN_COMPARE
    assert "tandem-desk" not in bundle.scripts().text
    assert "store-slip" not in bundle.sheets().text


def test_the_desk_stands_in_the_rail_of_those_who_enter_data(tiny_web):
    link = '<a href="/store"'
    assert link in signed_in(tiny_web, "store").get("/").text
    assert link not in signed_in(tiny_web, "viewer").get("/").text


def test_nobody_asks_on_behalf_of_somebody_else(browser):
    own = browser.get("/api/v1/store", headers={"X-Desk-User": "store"})
    assert own.status_code != 409
    refused = browser.get("/api/v1/store", headers={"X-Desk-User": "district"})
    assert refused.status_code == 409
    assert refused.json["errors"][0]["where"] == "X-Desk-User"
    token = browser.callback_token()
    sent = {"headers": {"X-Desk-User": "district", "X-CSRFToken": token}, "json": {"movements": []}}
    assert browser.post("/api/v1/movements", **sent).status_code == 409
