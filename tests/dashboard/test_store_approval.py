"""Where a country has the district approve what stores ask of each other, nothing is asked before it did."""

import json
import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from tests.web import Browser, application, signed_in

STORE = "/api/v1/store"
COUNTRY = Path(__file__).parents[2] / "countries" / "whotopia"


@pytest.fixture(scope="module")
def approving(whotopia_demo, whotopia_data, tmp_path_factory) -> Flask:
    """Whotopia, where whoever runs validations approves."""
    folder = tmp_path_factory.mktemp("approving")
    country = folder / "whotopia"
    shutil.copytree(COUNTRY, country)
    main = country / "country.toml"
    text = main.read_text(encoding="utf-8")
    main.write_text(text.replace("[roles]", '[roles]\napprove_transfers = "F_RUN_VALIDATION"', 1), "utf-8")
    return application(folder / "data", whotopia_demo, whotopia_data.folder, TANDEM_COUNTRY=str(country))


def post(browser: Browser, path: str, body: dict[str, object]):
    headers = {"X-CSRFToken": browser.callback_token(), "Referer": "http://localhost/"}
    return browser.post(path, data=json.dumps(body), headers=headers, content_type="application/json")


def test_a_request_waits_for_approval_and_is_asked_of_the_other_store_only_then(approving):
    store, admin = signed_in(approving, "store"), signed_in(approving, "admin")
    mine = store.get(STORE).json["stores"][0]["id"]
    other = next(each["id"] for each in admin.get(STORE).json["stores"] if each["id"] != mine)
    item = store.get(f"{STORE}/{mine}").json["items"][0]["id"]
    asked = {"id": str(uuid4()), "to": other, "item": item, "packs": 6}
    made = post(store, f"{STORE}/{mine}/requests", asked).json
    assert (made["state"], made["actions"]) == ("waiting", ["withdraw"])

    grant = {"action": "grant", "packs": 6, "transfer": str(uuid4())}
    early = post(admin, f"{STORE}/requests/{made['id']}", grant)
    assert early.status_code in (403, 409)
    assert post(store, f"{STORE}/requests/{made['id']}", {"action": "approve"}).status_code == 403

    approved = post(admin, f"{STORE}/requests/{made['id']}", {"action": "approve"}).json
    assert (approved["state"], approved["approved_by"]) == ("asked", "admin")
    granted = post(admin, f"{STORE}/requests/{made['id']}", grant).json
    assert granted["state"] == "granted"
    assert store.get(f"{STORE}/requests?unit={mine}").json["approval"] is True
