"""What an installation says when its disk is full."""

import pytest

from ledger import disk
from tests.conftest import COUNTRIES
from tests.ledger.test_disk import fill
from tests.web import Browser, application, signed_in


@pytest.fixture
def installed(tiny_demo, tiny_data, tmp_path):
    return application(tmp_path, tiny_demo, tiny_data.folder, TANDEM_COUNTRY=str(COUNTRIES["tiny"]))


def home(browser):
    held = browser.server.extensions["tandem"]
    person = held["access"].by_session(browser.cookie())
    return held["figures"].home(person.scope)


def test_what_cannot_be_stored_is_refused_with_what_to_do_and_reading_goes_on(installed):
    admin = signed_in(installed, "admin")
    token, unit = {"X-CSRFToken": admin.callback_token()}, home(admin)
    fill(installed.extensions["tandem"]["database"])
    month = str(installed.extensions["tandem"]["figures"].months()[1])
    remark = {"unit": unit, "month": f"{month[:4]}-{month[4:]}", "text": "x" * 400, "kind": "other"}
    answers = [admin.post("/api/v1/remarks", json=remark, headers=token) for _ in range(20)]
    assert answers[-1].status_code == 507
    assert "full" in answers[-1].json["errors"][0]["what"]
    assert "room" in answers[-1].json["errors"][0]["remedy"]
    assert admin.get("/").status_code == 200


def test_who_cannot_be_let_in_reads_why(installed):
    fill(installed.extensions["tandem"]["database"])
    pages = [Browser(installed).log_in("viewer") for _ in range(8)]
    assert pages[-1].status_code == 507
    assert "Le disque du serveur est plein" in pages[-1].text


def test_an_installation_without_room_is_not_ready_and_a_report_says_why_it_waits(installed, monkeypatch):
    admin = signed_in(installed, "admin")
    token = {"X-CSRFToken": admin.callback_token()}
    asked = admin.post("/api/v1/reports", json={"unit": home(admin)}, headers=token).json
    assert asked["problem"] == ""
    assert Browser(installed).get("/readyz").json["disk"] == {"ready": True}
    monkeypatch.setattr(disk, "LEAST_ROOM", 1 << 62)
    ready = Browser(installed).get("/readyz")
    assert ready.status_code == 503
    assert ready.json["disk"] == {"ready": False, "what": "The disk is full: make room."}
    assert "full" in admin.get(f"/api/v1/reports/{asked['id']}").json["problem"]
