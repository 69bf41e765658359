"""Remarks and tips, written and read over HTTP by people of different rights."""

import json

import pytest

from tests.web import Browser, application, signed_in

REMARKS = "/api/v1/remarks"
KIND = {"month": "2019-03", "pair": "pill", "kind": "campaign", "text": "Campaign at the markets."}


@pytest.fixture
def web(civ_demo, civ_data, tmp_path):
    """An installation of its own: what is written here is seen by no other test."""
    return application(tmp_path, civ_demo, civ_data.folder)


@pytest.fixture
def people(web):
    return {username: signed_in(web, username) for username in ("admin", "district", "store", "viewer")}


def home(browser):
    """The unit where somebody begins."""
    units = browser.server.extensions["tandem"]["figures"]
    person = browser.server.extensions["tandem"]["access"].by_session(browser.cookie())
    return units.home(person.scope)


def send(browser, method, path, body, token=None):
    headers = {"X-CSRFToken": browser.callback_token() if token is None else token}
    return browser.client.open(
        path,
        method=method,
        data=json.dumps(body),
        headers=headers | {"Content-Type": "application/json"},
        environ_overrides=browser.address,
    )


def listed(browser, unit, pair="pill"):
    answer = browser.get(f"{REMARKS}?unit={unit}&pair={pair}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_district_officer_leaves_a_remark_and_everybody_within_reads_it(people):
    district = home(people["district"])
    answer = send(people["district"], "POST", REMARKS, KIND | {"unit": district})
    assert answer.status_code == 201, answer.text
    for reader in ("district", "viewer", "admin"):
        found = listed(people[reader], district)["remarks"]
        assert [(each["text"], each["author"], each["month"]) for each in found] == [
            ("Campaign at the markets.", "district", "2019-03")
        ]


def test_a_remark_on_the_nation_stands_on_the_page_of_a_facility(people):
    nation, facility = home(people["admin"]), home(people["store"])
    send(people["admin"], "POST", REMARKS, KIND | {"unit": nation, "pair": "", "kind": "strike"})
    assert [each["kind"] for each in listed(people["store"], facility, "iud")["remarks"]] == ["strike"]


def test_a_remark_on_a_facility_is_not_told_to_those_of_elsewhere(web, people):
    units, own = web.extensions["tandem"]["figures"].holding().units, home(people["store"])
    other = units.index[(units["level"] == units["level"].max()) & (units.index != own)][0]
    number = send(people["admin"], "POST", REMARKS, KIND | {"unit": other}).json["id"]
    assert people["store"].get(f"{REMARKS}?unit={other}&pair=pill").status_code == 403
    assert people["store"].get(f"{REMARKS}/{number}").status_code == 404
    assert people["viewer"].get(f"{REMARKS}/{number}").status_code == 200


@pytest.mark.parametrize("username", ["store", "viewer"])
def test_who_has_not_the_right_leaves_none(people, username):
    unit = home(people[username])
    answer = send(people[username], "POST", REMARKS, KIND | {"unit": unit})
    assert answer.status_code == 403
    assert "administers" in answer.json["errors"][0]["remedy"]
    assert listed(people[username], unit)["may_add"] is False


def test_a_district_officer_leaves_none_on_the_nation(people):
    nation = home(people["admin"])
    assert send(people["district"], "POST", REMARKS, KIND | {"unit": nation}).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"month": "2031-01"}, "month"),
        ({"month": "soon"}, "month"),
        ({"month": 201903}, "month"),
        ({"month": "20-1-9-0-3"}, "month"),
        ({"month": ""}, "month"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a\x1bb"}, "text"),
        ({"kind": "party"}, "kind"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"text": None}, "text"),
        ({"pair": "none"}, "pair"),
    ],
)
def test_a_wrong_remark_is_named_with_its_remedy(people, wrong, where):
    answer = send(people["admin"], "POST", REMARKS, KIND | {"unit": home(people["admin"])} | wrong)
    assert answer.status_code in (400, 404)
    assert answer.json["errors"][0]["where"] == where
    assert answer.json["errors"][0]["remedy"]


def test_a_remark_is_revised_withdrawn_and_its_history_kept(people):
    unit = home(people["district"])
    number = send(people["district"], "POST", REMARKS, KIND | {"unit": unit}).json["id"]
    path = f"{REMARKS}/{number}"
    assert (
        send(people["district"], "PATCH", path, {"revision": 1, "text": "In May."}).json["text"] == "In May."
    )
    assert send(people["district"], "PATCH", path, {"revision": 1, "text": "late"}).status_code == 409
    assert send(people["admin"], "PATCH", path, {"revision": 2, "text": ""}).json["withdrawn"] is True
    assert listed(people["district"], unit)["remarks"] == []
    history = people["district"].get(path).json
    assert [(each["revision"], each["author"]) for each in history] == [
        (3, "admin"),
        (2, "district"),
        (1, "district"),
    ]


def test_another_persons_remark_is_not_changed(people):
    unit = home(people["district"])
    number = send(people["admin"], "POST", REMARKS, KIND | {"unit": unit}).json["id"]
    answer = send(people["district"], "PATCH", f"{REMARKS}/{number}", {"revision": 1, "text": "no"})
    assert answer.status_code == 403
    assert "admin" in answer.json["errors"][0]["remedy"]


def test_without_the_pages_token_nothing_is_written(people):
    unit = home(people["admin"])
    assert send(people["admin"], "POST", REMARKS, KIND | {"unit": unit}, token="").status_code == 400
    assert listed(people["admin"], unit)["remarks"] == []


@pytest.mark.parametrize("body", [[], "text", None, 3, {}])
def test_a_body_that_is_no_remark_is_refused_quietly(people, body):
    assert send(people["admin"], "POST", REMARKS, body).status_code == 400


def test_nobody_reads_or_writes_any(web):
    browser = Browser(web)
    assert browser.get(f"{REMARKS}?unit=CIV&pair=pill").status_code == 401
    assert send(browser, "POST", REMARKS, KIND | {"unit": "CIV"}, token="").status_code in (400, 401)


def test_a_tip_is_edited_and_the_countrys_own_comes_back(people, civ):
    own = civ.pairs["pill"].tip["fr"]
    assert people["viewer"].get("/api/v1/tips/pill?lang=fr").json["text"] == own
    written = {"language": "fr", "text": "Lisez **d’abord** le stock.", "revision": 0}
    assert send(people["admin"], "PUT", "/api/v1/tips/pill", written).status_code == 200
    found = people["viewer"].get("/api/v1/tips/pill?lang=fr").json
    assert (found["text"], found["author"], found["may_edit"]) == (written["text"], "admin", False)
    assert send(people["admin"], "PUT", "/api/v1/tips/pill", written).status_code == 409
    back = {"language": "fr", "text": "", "revision": 1}
    assert send(people["admin"], "PUT", "/api/v1/tips/pill", back).json["text"] == own
    assert [
        each["revision"] for each in people["admin"].get("/api/v1/tips/pill?lang=fr").json["history"]
    ] == [2, 1]


def test_who_may_not_edits_no_tip(people):
    written = {"language": "fr", "text": "x", "revision": 0}
    assert send(people["district"], "PUT", "/api/v1/tips/pill", written).status_code == 403


@pytest.mark.parametrize("wrong", [{"language": "de"}, {"text": "x" * 8_001}, {"revision": "0"}, {"text": 3}])
def test_a_wrong_tip_is_refused(people, wrong):
    written = {"language": "fr", "text": "x", "revision": 0} | wrong
    assert send(people["admin"], "PUT", "/api/v1/tips/pill", written).status_code == 400


def test_what_is_taken_away_has_the_remarks_with_it(people):
    unit = home(people["admin"])
    text = "=2+3 at the markets"
    send(people["admin"], "POST", REMARKS, KIND | {"unit": unit, "text": text})
    path = f"/api/v1/compare?unit={unit}&pair=pill&from=2019-01&to=2019-09&format=csv&part=notes"
    notes = people["admin"].get(path).get_data(as_text=True)
    assert f"remark,2019-03,admin,'{text}" in notes


def test_a_remark_may_have_lines_and_a_tip_only_a_language_that_is_spoken(people):
    unit = home(people["district"])
    assert (
        send(people["district"], "POST", REMARKS, KIND | {"unit": unit, "text": "One\n\ttwo"}).status_code
        == 201
    )
    answer = people["district"].get("/api/v1/tips/pill?lang=xx")
    assert (answer.status_code, answer.json["errors"][0]["where"]) == (400, "lang")
    assert people["district"].get("/api/v1/tips/pill?lang=fr").status_code == 200
