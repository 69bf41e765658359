"""Jobs of the embedded server, and the one that never ends."""

from tests.demo.analytics_questions import build_tables
from tests.demo.conftest import Asking, row


def test_a_job_tells_how_far_it_is_newest_first(admin: Asking) -> None:
    last = build_tables(admin)
    assert last["completed"]
    assert last["level"] == "INFO"


def test_a_job_that_nobody_knows_has_nothing_to_tell(admin: Asking) -> None:
    assert admin.get("/api/system/tasks/ANALYTICS_TABLE/Zunknown001") == []
    assert admin("GET", "/api/system/taskSummaries/ANALYTICS_TABLE/Zunknown001").content == b""


def test_a_stuck_job_begins_and_never_ends(admin: Asking) -> None:
    fault = {"kind": "stuck", "match": "/api/dataValueSets", "count": 1}
    assert admin("POST", "/demo/faults", json=fault).status_code == 201
    started = admin.send(row("5"), params={"async": "true"}).json()["response"]
    notes = admin.get(started["relativeNotifierEndpoint"])
    assert [note["completed"] for note in notes] == [False]
    again = admin.send(row("5"), params={"async": "true"}).json()["response"]
    for _ in range(200):
        notes = admin.get(again["relativeNotifierEndpoint"])
        if any(note["completed"] for note in notes):
            break
    summary = admin.get(f"/api/system/taskSummaries/DATAVALUE_IMPORT/{again['id']}")
    assert summary["importCount"]["imported"] == 1
    assert admin("DELETE", "/demo/faults").json()["faults"][0]["struck"] == 1
