"""Alerts over HTTP: who sees which, who may do what, and what two people who act at once are told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ledger.alert_intake import Candidate, Intake, Judged
from tests.dashboard.test_words import home, send
from tests.web import Browser, application, signed_in

API = "/api/v1/alerts"
USUAL = {
    "measure": "consumed", "value": 40.0, "expected": 310.4, "low": 190.2, "high": 480.9, "spreads": -5.1,
    "score": 7.0, "mistake": "other", "explained": "unexplained", "closing": 12.0, "days_out": 0.0,
    "like": {"of": 14, "same": 1},
    "other": {"pair": "pill", "measure": "count", "unit": "", "value": 295.0, "expected": 300.0,
              "low": 210.0, "high": 420.0, "spreads": -0.1},
}  # fmt: skip
EMPTY = {
    "measure": "closing", "value": 0.0, "average": 20.0, "months": 0.0, "as_of": 201909, "lasting": 9,
    "least": 1.0, "most": 3.0, "to_delivery": 1.0, "family": [], "donor": None,
}  # fmt: skip
MONTH = 201909


@pytest.fixture(scope="module")
def web(civ_demo, civ_data, tmp_path_factory):
    """An installation of its own: what is written here is seen by no other test."""
    return application(tmp_path_factory.mktemp("alerts"), civ_demo, civ_data.folder)


@pytest.fixture(scope="module")
def people(web) -> dict[str, Browser]:
    return {name: signed_in(web, name) for name in ("admin", "district", "store", "viewer")}


@pytest.fixture(scope="module")
def places(web, people) -> dict[str, str]:
    """The store's facility, its district, and a facility of another district."""
    units = web.extensions["tandem"]["figures"].holding().units
    own, district = home(people["store"]), home(people["district"])
    leaves = units[units["level"] == units["level"].max()]
    return {"own": own, "district": district, "foreign": str(leaves.index[leaves["parent"] != district][0])}


@pytest.fixture
def planted(web, places, request) -> dict[str, Candidate]:
    """An alert at each place, of a month of each test's own."""
    found = {
        where: Candidate("quality", "low", unit, "AS27000", MONTH, rank, {**USUAL, "test": request.node.name})
        for (where, unit), rank in zip(places.items(), (3.0, 2.0, 1.0), strict=True)
    }
    database = web.extensions["tandem"]["database"]
    with database.write() as connection:
        for table in ("alert_steps", "alerts", "alert_looks", "alert_snoozes", "alert_thresholds"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    Intake(database).take_in(Judged(list(found.values()), {}), (1, "rules", datetime.now(UTC)))
    return found


def listed(browser, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = browser.get(f"{API}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def step(browser, alert, version, **body):
    return send(browser, "PATCH", f"{API}/{alert.id}", {"version": version, **body})


def test_each_sees_the_alerts_of_their_own_places_and_no_other(people, planted):
    seen = {who: [each["id"] for each in listed(people[who])["alerts"]] for who in people}
    own, district, foreign = (planted[where].id for where in ("own", "district", "foreign"))
    assert seen["admin"] == seen["viewer"] == [own, district, foreign]
    assert seen["district"] == [own, district]
    assert seen["store"] == [own]


def test_a_difference_in_an_old_book_comes_after_a_stock_out_of_now(web, people, places, planted):
    own = places["own"]
    old, now, out = (
        Candidate("quality", "rule.arithmetic", own, "AS27000", 201903, 12.0, {"value": 9.0, "second": 4.0}),
        Candidate("quality", "rule.arithmetic", own, "AS27000", 201909, 5.0, {"value": 9.0, "second": 4.0}),
        Candidate("supply", "out", own, "AS27000", 201901, 4.0, EMPTY),
    )
    database = web.extensions["tandem"]["database"]
    Intake(database).take_in(Judged([old, now], {}), (1, "rules", datetime.now(UTC)))
    Intake(database).take_in(Judged([out], {}, supply=True), (1, "rules", datetime.now(UTC)))
    mine = (old.id, now.id, out.id)
    shown = [(each["id"], each["rank"]) for each in listed(people["store"])["alerts"] if each["id"] in mine]
    assert shown == [(now.id, 5.0), (out.id, 4.0), (old.id, 3.0)]  # two quarters ago: a quarter of its rank
    assert people["store"].get(f"{API}/{old.id}").json["rank"] == 3.0


def test_an_alert_of_somebody_else_cannot_be_opened_or_changed(people, planted):
    foreign = planted["foreign"]
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"version": 1, "comment": "mine"}),
        ("POST", "/look", {}),
        ("POST", "/snooze", {"reason": "why"}),
        ("PUT", "/threshold", {"threshold": 3, "reason": "why"}),
    ):
        answer = send(people["district"], method, f"{API}/{foreign.id}{path}", body)
        assert answer.status_code == 404, (method, path, answer.text)
    assert len(people["admin"].get(f"{API}/{foreign.id}").json["history"]) == 1


def test_an_alert_says_what_was_reported_what_is_usual_and_what_the_other_side_did(people, planted):
    english = people["district"].get(f"{API}/{planted['own'].id}?lang=en").json
    assert "only 40 reported for Sep 2019, where 310 is usual (190 to 481)" in english["sentence"]
    assert any("295, as usual (210 to 420)" in each for each in english["beside"])
    assert any("moved the same way: 1 of 14" in each for each in english["beside"])
    assert len(english["checks"]) >= 3
    french = people["district"].get(f"{API}/{planted['own'].id}?lang=fr").json
    assert "seulement 40 pour sept. 2019" in french["sentence"]
    assert "{" not in french["sentence"] + "".join(french["beside"]) + "".join(french["checks"])


def test_two_who_act_at_once_are_both_heard(people, planted):
    alert = planted["own"]
    assert step(people["district"], alert, 1, status="acknowledged").status_code == 200
    late = step(people["admin"], alert, 1, status="explained", comment="Campaign")
    assert late.status_code == 409
    assert (late.json["version"], late.json["alert_status"]) == (2, "acknowledged")
    assert step(people["admin"], alert, 2, status="explained", comment="Campaign").status_code == 200
    history = people["store"].get(f"{API}/{alert.id}").json["history"]
    assert [(each["author"], each["status"], each["comment"]) for each in history] == [
        ("", "new", ""), ("district", "acknowledged", ""), ("admin", "explained", "Campaign"),
    ]  # fmt: skip


def test_an_alert_is_assigned_to_somebody_who_sees_its_place(people, planted):
    alert = planted["own"]
    refused = step(people["district"], alert, 1, status="assigned", assignee="nobody")
    assert refused.status_code == 400 and refused.json["errors"][0]["where"] == "assignee"
    taken = step(people["district"], alert, 1, status="assigned", assignee="store", due="2026-12-01")
    assert (taken.json["assignee"], taken.json["due"]) == ("store", "2026-12-01")
    assert [each["id"] for each in listed(people["store"], status="mine")["alerts"]] == [alert.id]
    foreign = people["admin"].get(f"{API}/{planted['foreign'].id}").json["people"]
    assert "store" not in {each["username"] for each in foreign}


def test_closing_is_for_those_whom_the_configuration_names(people, planted):
    alert = planted["own"]
    assert step(people["store"], alert, 1, status="corrected", comment="Typed anew").status_code == 200
    assert "closed" not in people["store"].get(f"{API}/{alert.id}").json["next"]
    assert step(people["store"], alert, 2, status="closed").status_code == 403
    assert step(people["district"], alert, 2, status="closed").status_code == 200
    assert step(people["store"], alert, 3, status="new").status_code == 403
    assert [each["id"] for each in listed(people["store"], status="done")["alerts"]] == [alert.id]
    real = listed(people["admin"])["real"]
    assert (real["real"], real["of"], real["corrected"]) == (1, 1, 1)


def test_what_sleeps_is_listed_apart_with_its_reason_and_can_be_woken(people, planted):
    alert, until = planted["own"], (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011
    assert send(people["store"], "POST", f"{API}/{alert.id}/snooze", {"reason": "x"}).status_code == 403
    body = {"reason": "The card is being rebuilt", "until": until}
    number = send(people["district"], "POST", f"{API}/{alert.id}/snooze", body).json["id"]
    assert alert.id not in {each["id"] for each in listed(people["district"])["alerts"]}
    [asleep] = listed(people["store"], status="asleep")["alerts"]
    assert (asleep["snooze"]["reason"], asleep["snooze"]["until"]) == (body["reason"], until)
    assert send(people["district"], "DELETE", f"{API}/snoozes/{number}", {}).status_code == 200
    assert alert.id in {each["id"] for each in listed(people["district"])["alerts"]}


def test_who_has_looked_is_told_to_the_next(people, planted):
    alert = planted["own"]
    send(people["store"], "POST", f"{API}/{alert.id}/look", {})
    looked = people["district"].get(f"{API}/{alert.id}").json["looked"]
    assert [each["username"] for each in looked] == ["store"]


def test_a_threshold_holds_for_as_much_as_the_person_sees_the_whole_of(people, planted):
    path = f"{API}/{planted['own'].id}/threshold"
    body = {"threshold": 2.5, "reason": "New registers", "where": "area"}
    told = send(people["district"], "PUT", path, body).json["threshold"]
    assert (told["value"], told["where"]) == (2.5, ["here", "area"])
    for where in ("country", "yes"):
        assert send(people["district"], "PUT", path, body | {"where": where}).status_code == 400
    everywhere = send(people["admin"], "PUT", path, body | {"where": "country", "threshold": 4}).json
    assert everywhere["threshold"]["value"] == 2.5  # the item's own in the area stands before the country's
    foreign = people["admin"].get(f"{API}/{planted['foreign'].id}").json["threshold"]
    assert (foreign["value"], foreign["origin"], foreign["reason"]) == (4, "set", "New registers")


def test_a_threshold_is_set_with_a_reason_and_says_by_whom(people, planted):
    alert = planted["own"]
    path = f"{API}/{alert.id}/threshold"
    assert send(people["district"], "PUT", path, {"threshold": 3.5, "reason": ""}).status_code == 400
    assert send(people["store"], "PUT", path, {"threshold": 3.5, "reason": "why"}).status_code == 403
    told = send(people["district"], "PUT", path, {"threshold": 3.5, "reason": "Small site"}).json["threshold"]
    assert (told["value"], told["origin"], told["revision"], told["reason"]) == (3.5, "set", 1, "Small site")
    assert told["author"]


@pytest.mark.parametrize(
    "body",
    [
        {"comment": "no version"},
        {"version": "1", "comment": "x"},
        {"version": 1, "colour": "red"},
        {"version": 1, "status": "closed"},
        {"version": 1, "due": "tomorrow"},
        {"version": 1},
        {"version": 1, "comment": "x" * 2001},
        {"version": 1, "comment": "x\u0000y"},
        {"version": 1, "due": "2027-W01-1"},
        {"version": 1, "due": "20270101"},
        {"version": 1, "due": "0001-01-01"},
        {"version": 1, "status": "red"},
    ],
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(people, planted, body):
    answer = send(people["admin"], "PATCH", f"{API}/{planted['own'].id}", body)
    assert answer.status_code == 400, answer.text
    assert answer.json["errors"][0]["remedy"]
    assert people["admin"].get(f"{API}/{planted['own'].id}").json["version"] == 1


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("", {"version": 1, "due": "tomorrow"}, "due"),
        ("", {"version": 1, "comment": "x" * 2001}, "comment"),
        ("", {"version": 1, "status": "assigned"}, "assignee"),
        ("/threshold", {"threshold": 10**400, "reason": "x"}, "threshold"),
        ("/threshold", {"threshold": 3, "reason": ["x"]}, "reason"),
        ("/snooze", {"reason": ["x"]}, "reason"),
        ("/snooze", {"reason": "x", "until": "2027-W01-1"}, "until"),
        ("/snooze", {"reason": "x", "colour": "red"}, "colour"),
    ],
)
def test_what_is_refused_names_the_field(people, planted, path, body, where):
    method = {"": "PATCH", "/threshold": "PUT", "/snooze": "POST"}[path]
    answer = send(people["admin"], method, f"{API}/{planted['own'].id}{path}", body)
    assert answer.status_code == 400, answer.text
    assert answer.json["errors"][0]["where"] == where


def test_a_step_taken_twice_is_kept_once_and_never_called_not_kept(people, planted):
    alert, body = planted["own"], {"status": "explained", "comment": "Campaign"}
    first, again = (step(people["district"], alert, 1, **body) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json["version"] == 2 and len(again.json["history"]) == 2
    assert "Figures looked into: 1." in people["admin"].get(f"{API}/{alert.id}?lang=en").json["real"]["says"]


def test_a_refused_step_names_states_as_the_page_does(people, planted):
    answer = send(
        people["admin"], "PATCH", f"{API}/{planted['own'].id}?lang=en", {"version": 1, "status": "closed"}
    )
    [told] = answer.json["errors"]
    assert "cannot be verified" in told["remedy"] and "cannot_verify" not in told["remedy"]


def test_a_list_that_is_refused_names_what_was_wrong(people, planted):
    for query, where in (("from=x", "from"), ("limit=" + "9" * 30, "limit"), ("status=red", "status")):
        assert people["admin"].get(f"{API}?{query}").json["errors"][0]["where"] == where


@pytest.mark.parametrize("query", ["status=red", "kind=red", "limit=-1", "limit=9999", "colour=red"])
def test_a_list_that_cannot_be_asked_for_is_refused(people, planted, query):
    assert people["admin"].get(f"{API}?{query}").status_code == 400


def test_the_list_is_filtered_by_place_and_kind_and_told_page_by_page(people, planted, places):
    assert [each["id"] for each in listed(people["admin"], unit=places["foreign"])["alerts"]] == [
        planted["foreign"].id
    ]
    assert listed(people["admin"], kind="supply")["alerts"] == []
    page = listed(people["admin"], limit=1, **{"from": 1})
    assert page["count"] == 3 and [each["id"] for each in page["alerts"]] == [planted["district"].id]


def test_the_sheet_of_a_place_names_its_alerts_and_is_for_those_who_see_it(people, planted, places):
    sheet = people["store"].get(f"/alerts/sheet?unit={places['own']}&lang=en")
    assert sheet.status_code == 200
    assert "only 40 reported for Sep 2019" in sheet.text and "Found on the shelf" in sheet.text
    assert people["store"].get(f"/alerts/sheet?unit={places['foreign']}").status_code == 403
    assert people["store"].get(f"/alerts/sheet?unit={places['district']}").status_code == 403
