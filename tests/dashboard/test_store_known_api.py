"""Said once on one device of a store, known to all: which item a code means, which names are one person."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from tests.web import Browser, application, signed_in

STORE = "/api/v1/store"
GTIN, OTHER = "03453120000011", "LOCAL-77"


@pytest.fixture(scope="module")
def server(whotopia_demo, whotopia_data, tmp_path_factory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("known")
    return application(folder / "data", whotopia_demo, whotopia_data.folder, TANDEM_COUNTRY="whotopia")


@pytest.fixture(scope="module")
def keeper(server) -> Browser:
    return signed_in(server, "store")


@pytest.fixture(scope="module")
def unit(keeper) -> str:
    return str(keeper.get(STORE).json["stores"][0]["id"])


def post(browser: Browser, path: str, body: dict[str, object]):
    headers = {"X-CSRFToken": browser.callback_token(), "Referer": "http://localhost/"}
    return browser.post(path, data=json.dumps(body), headers=headers, content_type="application/json")


def told(browser: Browser, unit: str, since: str = "") -> dict:
    return browser.get(f"{STORE}/{unit}?since={since}").json


def test_a_code_linked_on_one_device_is_told_to_the_others_as_a_change(server, keeper, unit):
    before = told(keeper, unit)
    first, second = (each["id"] for each in before["items"][:2])
    (linked,) = post(keeper, f"{STORE}/{unit}/codes", {"codes": {GTIN: first}}).json["codes"]
    assert (linked["id"], linked["item"]) == (GTIN, first)
    another = signed_in(server, "store")
    changed = told(another, unit, before["version"])
    assert (changed["full"], changed["codes"]) == (False, [linked])
    assert "codes" not in told(another, unit, changed["version"])
    assert told(another, unit)["codes"] == [linked]
    again = post(another, f"{STORE}/{unit}/codes", {"codes": {GTIN: second, OTHER: second}}).json["codes"]
    assert [(each["id"], each["item"]) for each in again] == [(GTIN, first), (OTHER, second)]


def test_a_code_of_the_wrong_item_is_linked_anew_and_both_links_can_be_read(server, keeper, unit):
    known = told(keeper, unit)
    wrong, right = known["items"][0], known["items"][2]
    code = "06009999999994"
    (before,) = post(keeper, f"{STORE}/{unit}/codes", {"codes": {code: wrong["id"]}}).json["codes"]
    body = {"codes": {code: right["id"]}, "instead": {code: before["version"]}}
    (now,) = post(keeper, f"{STORE}/{unit}/codes", body).json["codes"]
    assert (now["item"], now["version"] > before["version"]) == (right["id"], True)
    assert now in told(signed_in(server, "store"), unit, known["version"])["codes"]
    links = signed_in(server, "district").get(f"{STORE}/{unit}/codes").json["codes"]
    found = [(each["item_name"], each["linked_by"], each["holds"]) for each in links if each["id"] == code]
    assert found == [(right["name"], "store", True), (wrong["name"], "store", False)]


@pytest.mark.parametrize("codes", [None, {}, {"\x07": "x"}, {"9" * 81: "x"}, {GTIN: "nothing"}, {GTIN: 5}])
def test_what_is_no_code_or_no_item_is_refused_with_what_to_do(keeper, unit, codes):
    answer = post(keeper, f"{STORE}/{unit}/codes", {"codes": codes})
    assert answer.status_code == 400
    assert answer.json["errors"][0]["remedy"]


@pytest.mark.parametrize("instead", [[], {GTIN: "7"}, {GTIN: True}, {GTIN: None}])
def test_a_link_that_is_replaced_is_named_by_its_version(keeper, unit, instead):
    item = told(keeper, unit)["items"][0]["id"]
    answer = post(keeper, f"{STORE}/{unit}/codes", {"codes": {GTIN: item}, "instead": instead})
    assert answer.status_code == 400
    assert answer.json["errors"][0]["where"] == "instead"


def test_only_who_records_there_says_what_a_code_means(server, keeper, unit):
    item = told(keeper, unit)["items"][0]["id"]
    assert (
        post(signed_in(server, "viewer"), f"{STORE}/{unit}/codes", {"codes": {"1" * 14: item}}).status_code
        == 403
    )


def test_two_who_are_one_are_merged_and_later_slips_of_either_are_of_that_one(keeper, unit):
    item = told(keeper, unit)["items"][0]["id"]
    one, other = str(uuid4()), str(uuid4())
    slips = [movement(unit, item, one, "Awa Koné"), movement(unit, item, other, "Awa Kone Ba")]
    assert dispense(keeper, slips) == ["accepted", "accepted"]
    version = told(keeper, unit)["version"]
    path = f"{STORE}/{unit}/recipients/merge"
    assert post(keeper, path, {"gone": other, "kept": one}).json["merged_into"] == one
    gone = {"id": other, "gone": True, "merged_into": one}
    assert gone in told(keeper, unit, version)["recipients"]
    assert post(keeper, path, {"gone": other, "kept": one}).status_code == 400
    later = movement(unit, item, other, "Awa Kone Ba")
    assert dispense(keeper, [later]) == ["accepted"]
    rows = keeper.get(f"{STORE}/{unit}/movements?limit=1").json["movements"]
    assert rows[0]["recipient"] in (one, "Awa Koné")


def movement(unit: str, item: str, number: str, name: str) -> dict[str, object]:
    who = {"id": number, "name": name, "department": "Maternity"}
    told = {"id": str(uuid4()), "seq": 1, "kind": "dispense", "unit": unit, "item": item, "packs": 1}
    return told | {"recipient": who, "occurred_at": datetime.now(UTC).isoformat()}


def dispense(browser: Browser, slips: list[dict[str, object]]) -> list[str]:
    answer = post(browser, "/api/v1/movements", {"device": "tablet", "movements": slips})
    return [each["status"] for each in answer.json["results"]]
