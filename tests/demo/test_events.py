"""Events of the embedded server: import, export, jobs and notes."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import requests

from demo.ids import new_uid
from tests.demo.conftest import OPEN, OTHER, ROOT, SITE, Asking

PROGRAM, STAGE, ITEM, COUNT = "PrOrderAAA1", "PsOrderAAA1", "DeOrderIte1", "DeOrderCnt1"
DEFAULT = {"id": "bjDvmb4bfuf"}


def tracked(uid: str, name: str, kind: str) -> dict[str, Any]:
    return {
        "id": uid,
        "name": name,
        "shortName": name,
        "domainType": "TRACKER",
        "valueType": kind,
        "aggregationType": "NONE",
        "categoryCombo": DEFAULT,
    }


PROGRAMS = {
    "dataElements": [tracked(ITEM, "Order item", "TEXT"), tracked(COUNT, "Order count", "INTEGER")],
    "programs": [
        {
            "id": PROGRAM,
            "name": "Order",
            "shortName": "Order",
            "programType": "WITHOUT_REGISTRATION",
            "sharing": OPEN,
            "categoryCombo": DEFAULT,
            "programStages": [{"id": STAGE}],
            "organisationUnits": [{"id": SITE}],
        }
    ],
    "programStages": [
        {
            "id": STAGE,
            "name": "Order",
            "sharing": OPEN,
            "program": {"id": PROGRAM},
            "sortOrder": 1,
            "programStageDataElements": [
                {
                    "id": "PdOrderIte1",
                    "programStage": {"id": STAGE},
                    "dataElement": {"id": ITEM},
                    "compulsory": True,
                },
                {
                    "id": "PdOrderCnt1",
                    "programStage": {"id": STAGE},
                    "dataElement": {"id": COUNT},
                    "compulsory": False,
                },
            ],
        }
    ],
}


@pytest.fixture(scope="module")
def ready(speaking: Callable[[int], str]) -> Callable[[int], Asking]:
    """A server of each version, with the program."""

    def of(minor: int) -> Asking:
        admin = Asking(speaking(minor))
        assert admin("POST", "/api/metadata", json=PROGRAMS).status_code == 200
        return admin

    return of


@pytest.fixture
def server(ready: Callable[[int], Asking]) -> Asking:
    return ready(42)


def an_event(count: str | None = "20", **more: Any) -> dict[str, Any]:
    values = [{"dataElement": ITEM, "value": "Pills"}, {"dataElement": COUNT, "value": count}]
    return {
        "event": new_uid(),
        "program": PROGRAM,
        "programStage": STAGE,
        "orgUnit": SITE,
        "status": "COMPLETED",
        "occurredAt": "2019-08-20",
        "dataValues": values,
        **more,
    }


def send(asking: Asking, *events: dict[str, Any], **params: str) -> requests.Response:
    return asking("POST", "/api/tracker", params={"async": "false", **params}, json={"events": list(events)})


def codes(answer: requests.Response) -> list[str]:
    return [error["errorCode"] for error in answer.json()["validationReport"]["errorReports"]]


def test_an_event_is_kept_once_however_often_it_is_sent(server: Asking) -> None:
    event = an_event()
    assert send(server, event).json()["stats"]["created"] == 1
    assert send(server, event).json()["stats"]["updated"] == 1
    kept = server.get(f"/api/tracker/events/{event['event']}")
    assert kept["occurredAt"] == "2019-08-20T00:00:00.000"
    assert {v["dataElement"]: v["value"] for v in kept["dataValues"]} == {ITEM: "Pills", COUNT: "20"}


def test_null_takes_a_value_away_and_silence_keeps_it(server: Asking) -> None:
    event = an_event()
    send(server, event)
    send(server, {**event, "dataValues": [{"dataElement": COUNT, "value": None}]})
    kept = server.get(f"/api/tracker/events/{event['event']}")
    assert [v["value"] for v in kept["dataValues"]] == ["Pills"]


def test_a_deleted_id_is_used_up(server: Asking) -> None:
    event = an_event()
    send(server, event)
    assert send(server, {"event": event["event"]}, importStrategy="DELETE").json()["stats"]["deleted"] == 1
    assert codes(send(server, event)) == ["E1082"]
    assert server("GET", f"/api/tracker/events/{event['event']}").status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"orgUnit": OTHER}, "E1029"),
        ({"orgUnit": "Zunknown001"}, "E1011"),
        ({"program": "Zunknown001"}, "E1010"),
        ({"orgUnit": None}, "E1123"),
        ({"occurredAt": None}, "E1031"),
        ({"dataValues": [{"dataElement": COUNT, "value": "1"}]}, "E1303"),
        ({"status": "SKIPPED"}, "E1315"),
        (
            {
                "dataValues": [
                    {"dataElement": ITEM, "value": "x"},
                    {"dataElement": "Zunknown001", "value": "1"},
                ]
            },
            "E1304 E1305",
        ),
    ],
)
def test_a_bad_event_is_refused_with_its_code(server: Asking, change: dict[str, Any], code: str) -> None:
    answer = send(server, an_event(**change))
    assert answer.status_code == 409
    assert codes(answer) == code.split()


@pytest.mark.parametrize("change", [{"event": "short"}, {"status": "UNSURE"}, {"occurredAt": "yesterday"}])
def test_what_cannot_be_read_as_an_event_is_a_bad_request(server: Asking, change: dict[str, Any]) -> None:
    assert send(server, an_event(**change)).status_code == 400


def test_create_refuses_what_exists_and_update_what_does_not(server: Asking) -> None:
    event = an_event()
    assert codes(send(server, event, importStrategy="UPDATE")) == ["E1032"]
    send(server, event)
    assert codes(send(server, event, importStrategy="CREATE")) == ["E1030"]


def test_all_or_nothing_unless_each_is_judged_alone(server: Asking) -> None:
    good, bad = an_event(), an_event("many")
    answer = send(server, good, bad)
    assert codes(answer) == ["E1302"]
    assert answer.json()["stats"]["ignored"] == 2
    assert server("GET", f"/api/tracker/events/{good['event']}").status_code == 404
    answer = send(server, good, bad, atomicMode="OBJECT")
    assert (answer.status_code, answer.json()["stats"]["created"]) == (409, 1)
    assert server("GET", f"/api/tracker/events/{good['event']}").status_code == 200


def test_a_clerk_writes_for_their_own_unit_only(server: Asking, clerk: Asking) -> None:
    assert send(clerk, an_event()).status_code == 200
    program = {**PROGRAMS["programs"][0], "organisationUnits": [{"id": SITE}, {"id": OTHER}]}
    assert server("POST", "/api/metadata", json={"programs": [program]}).status_code == 200
    assert codes(send(clerk, an_event(orgUnit=OTHER))) == ["E1000"]


def test_a_completed_event_is_closed_to_those_who_may_not_open_it(server: Asking, clerk: Asking) -> None:
    event = an_event()
    send(clerk, event)
    assert codes(send(clerk, event)) == ["E1083"]


def test_a_job_reports_what_it_did(server: Asking) -> None:
    event = an_event()
    job = server("POST", "/api/tracker", json={"events": [event]}).json()["response"]["id"]
    for _ in itertools.repeat(None, 500):
        notes = server.get(f"/api/tracker/jobs/{job}")
        if notes and notes[0]["completed"]:
            break
    assert server.get(f"/api/tracker/jobs/{job}/report")["stats"]["created"] == 1
    assert server("GET", "/api/tracker/jobs/Zunknown001/report").status_code == 404


def test_a_note_is_added(server: Asking) -> None:
    event = an_event()
    send(server, event)
    note = server("POST", f"/api/tracker/events/{event['event']}/note", json={"value": "called them"})
    assert note.status_code == 200
    kept = server.get(f"/api/tracker/events/{event['event']}")
    assert [n["value"] for n in kept["notes"]] == ["called them"]


def test_events_are_found_by_unit_date_id_and_value(server: Asking) -> None:
    early, late = an_event("5", occurredAt="2018-01-05"), an_event("50", occurredAt="2018-02-05")
    send(server, early, late)

    def found(**params: str) -> set[str]:
        answer = server.get("/api/tracker/events", program=PROGRAM, paging="false", **params)
        return {event["event"] for event in answer["events"]} & {early["event"], late["event"]}

    both = {early["event"], late["event"]}
    assert found(orgUnit=SITE) == both
    assert found(orgUnit=ROOT) == set()
    assert found(orgUnit=ROOT, orgUnitMode="DESCENDANTS") == both
    assert found(occurredAfter="2018-02-01", occurredBefore="2018-02-05") == {late["event"]}
    assert found(events=early["event"]) == {early["event"]}
    assert found(filter=f"{COUNT}:gt:10") == {late["event"]}
    assert found(updatedWithin="1d") == both
    assert found(status="ACTIVE") == set()


@pytest.mark.parametrize(
    ("order", "by"),
    [
        ("occurredAt:desc,event:asc", lambda e: (-int(e["occurredAt"][8:10]), e["event"])),
        ("event:desc", lambda e: [-ord(sign) for sign in e["event"]]),
        ("storedBy:asc,event:asc", lambda e: e["event"]),  # not in a column of its own
    ],
)
def test_pages_in_an_order_are_one_ordered_list(server: Asking, order: str, by: Callable[..., Any]) -> None:
    send(server, *(an_event(occurredAt=f"2018-03-0{day}") for day in (2, 1, 3, 1, 2)))
    asked = {"program": PROGRAM, "order": order, "occurredAfter": "2018-03-01", "fields": "event,occurredAt"}
    for changed in ({}, {"updatedAfter": "2017-01-01"}):
        params = {**asked, **changed, "pageSize": "2"}
        pages = [server.get("/api/tracker/events", **params, page=str(n))["events"] for n in (1, 2, 3)]
        events = [event for page in pages for event in page]
        assert len(events) >= 5
        assert events == sorted(events, key=by)


@pytest.mark.parametrize(
    "wrong",
    [
        {"orgUnit": "Zunknown001"},
        {"program": "Zunknown001"},
        {"orgUnitMode": "SELECTED"},
        {"updatedWithin": "P1D"},
        {"orgUnit": SITE, "orgUnitMode": "ACCESSIBLE"},
        {"order": "colour:asc"},
        {"page": "0"},
    ],
)
def test_a_wrong_question_is_refused(server: Asking, wrong: dict[str, str]) -> None:
    assert server("GET", "/api/tracker/events", params=wrong).status_code == 400


@pytest.mark.parametrize(
    ("minor", "keys"),
    [
        (40, {"page", "pageSize", "instances"}),
        (41, {"pager", "page", "pageSize", "events"}),
        (42, {"pager", "events"}),
        (43, {"pager", "events"}),
    ],
)
def test_every_version_pages_in_its_own_way(
    ready: Callable[[int], Asking], minor: int, keys: set[str]
) -> None:
    admin = ready(minor)
    sent = [an_event() for _ in range(3)]
    send(admin, *sent)
    answer = admin.get("/api/tracker/events", program=PROGRAM, orgUnit=SITE, pageSize="2")
    assert set(answer) == keys
    assert len(answer["instances" if minor == 40 else "events"]) == 2


def test_2_43_wants_a_program(ready: Callable[[int], Asking]) -> None:
    assert ready(43)("GET", "/api/tracker/events", params={"orgUnit": SITE}).status_code == 400
