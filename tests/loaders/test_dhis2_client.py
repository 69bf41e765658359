"""What the client reads of a DHIS2 itself, of registrations and analytics, and what it writes."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from loaders.dhis2 import Client
from loaders.errors import BadAnswer, NotPermitted, Refused, UnsupportedServer
from tests.loaders.answered_values import SHAPE, VALUES, YEAR, a_row, as_csv
from tests.loaders.scripted_server import HASTY, ME, SYSTEM, Reply, as_json, refusal


def test_the_servers_clock_is_read_with_its_zone(server, client):
    server.on("/api/system/info", as_json(SYSTEM | {"serverTimeZoneId": "GMT-03:30"}))
    assert client.system().time.utcoffset() == timedelta(hours=-3, minutes=-30)
    assert client.system().time.astimezone(UTC) == datetime(2026, 11, 22, 5, 5, 13, 146000, tzinfo=UTC)


def test_analytics_that_were_never_computed_have_no_age(server, client):
    never = {"lastAnalyticsTableSuccess": "1970-01-01T00:00:00.000"}
    server.on("/api/system/info", as_json(SYSTEM | never))
    assert client.system().analytics_at is None
    newer = {"lastAnalyticsTablePartitionSuccess": "2026-11-21T23:00:00.000", "serverTimeZoneId": "GMT+1"}
    server.on("/api/system/info", as_json(SYSTEM | never | newer))
    assert client.system().analytics_at == datetime(2026, 11, 21, 22, tzinfo=UTC)


def test_an_empty_object_means_no_registrations_and_an_empty_body_not_permitted(server, client):
    path = "/api/completeDataSetRegistrations"
    server.on(path, as_json({}), Reply(b""))
    assert len(client.completeness(YEAR)) == 0
    with pytest.raises(NotPermitted):
        client.completeness(YEAR)


def test_registrations_come_as_a_frame(server, client):
    row = {
        "period": "201908",
        "dataSet": "form",
        "organisationUnit": "north",
        "attributeOptionCombo": "HllvX50cXC0",
        "date": "2019-09-03",
        "storedBy": "awa",
    }
    rows = [row | {"completed": True}, row | {"period": "201909", "completed": False}]
    server.on("/api/completeDataSetRegistrations", as_json({"completeDataSetRegistrations": rows}))
    frame = client.completeness(YEAR)
    assert frame["org_unit"].tolist() == ["north", "north"]
    assert frame["completed"].tolist() == [True, False]
    assert frame["date"].dt.day.tolist() == [3, 3]


def analytics_answer(seen):
    """DHIS2's analytics over its limit of 100 cells, in columns of its own order."""
    sides = dict(item.split(":", 1) for item in seen.all("dimension"))
    items = {name: items.split(";") for name, items in sides.items()}
    rows = [
        [ou, dx, "1.5", pe] for dx in items["dx"] for pe in items["pe"] for ou in items["ou"] if dx != "none"
    ]
    if len(rows) > 100:
        return refusal(409, "E7128", "Query result set exceeded max limit: `100`")
    headers = [{"name": name} for name in ("ou", "dx", "value", "pe")]
    return as_json({"headers": headers, "rows": rows, "metaData": {}})


def test_analytics_come_whole_although_the_server_limits_the_cells(server, client):
    server.on("/api/analytics", analytics_answer)
    dx, pe, ou = (
        [f"d{n}" for n in range(9)],
        [f"2019{m:02}" for m in range(1, 13)],
        [f"u{n}" for n in range(5)],
    )
    frame = client.analytics(dx, pe, ou)
    assert len(frame) == len(frame.drop_duplicates(["dx", "pe", "ou"])) == 9 * 12 * 5
    assert frame["value"].tolist() == [1.5] * len(frame)
    assert set(frame["dx"]) == set(dx)


def test_analytics_without_figures_are_an_empty_frame(server, client):
    server.on("/api/analytics", analytics_answer)
    frame = client.analytics(["none"], ["2019"], ["u"])
    assert (len(frame), list(frame.columns), frame["value"].dtype) == (
        0,
        ["dx", "pe", "ou", "value"],
        "float64",
    )


def test_analytics_without_the_columns_are_not_taken_for_figures(server, client):
    server.on("/api/analytics", as_json({"headers": [], "rows": []}))
    with pytest.raises(BadAnswer):
        client.analytics(["a"], ["2019"], ["u"])


@pytest.mark.parametrize(
    ("version", "path"), [("2.40.12", VALUES), ("2.42.5.2", VALUES), ("2.43.1", "/api/dataValueSets")]
)
def test_values_are_asked_for_where_each_version_has_them(server, client, version, path):
    server.on("/api/system/info", as_json(SYSTEM | {"version": version}))
    server.on(path, as_csv(a_row(), packed=True))
    assert len(client.all_values(YEAR, SHAPE)) == 1
    assert server.asked(path)[0].headers["Accept"] == "application/csv"


def test_the_date_range_goes_with_the_changes_in_every_version(server, client):
    for version in ("2.40", "2.41", "2.42", "2.43.0"):
        server.on("/api/system/info", as_json(SYSTEM | {"version": version}))
        with Client(server.url, None, HASTY) as asker:
            path = asker.server.dialect.values_path
            server.on(path, as_csv(packed=True))
            asker.values_changed_since(datetime(2019, 6, 1, tzinfo=UTC), YEAR)
        assert server.asked(path)[-1].all("startDate") == ["2019-01-01"]


@pytest.mark.parametrize(
    ("info", "words"),
    [
        ({"version": "2.39.5"}, "2.40"),
        ({"version": "rubbish"}, "rubbish"),
        ({"calendar": "ethiopian"}, "ethiopian"),
        ({"calendar": "nepali"}, "ISO 8601"),
        ({"serverTimeZoneId": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
def test_a_server_that_we_cannot_read_rightly_is_refused_by_name(server, client, info, words):
    server.on("/api/system/info", as_json(SYSTEM | info))
    with pytest.raises(UnsupportedServer, match=words):
        client.system()


SUMMARY = {
    "importCount": {"imported": 1, "updated": 0, "ignored": 1, "deleted": 0},
    "conflicts": [{"errorCode": "E7610", "value": "Data element not found", "indexes": [1]}],
}


def test_a_conflict_tells_what_was_stored_and_what_was_refused(server, client):
    server.on("/api/dataValueSets", as_json({"status": "WARNING", "response": SUMMARY}, status=409))
    stored = client.store_values("form", [{"dataElement": "one"}, {"dataElement": "none"}])
    assert (stored.stored, stored.ignored, stored.refused) == (1, 1, {1})
    assert stored.conflicts[0].code == "E7610"
    sent = json.loads(server.asked("/api/dataValueSets")[0].body)
    assert sent["dataSet"] == "form"


def test_values_are_sent_again_after_a_broken_line_because_that_is_harmless(server, client):
    server.on("/api/dataValueSets", Reply(reset=True), as_json({"response": SUMMARY | {"conflicts": []}}))
    assert client.store_values("form", [{}]).refused == frozenset()
    assert len(server.asked("/api/dataValueSets")) == 2


def test_new_and_changed_values_count_alike_in_every_version(server, client):
    counts = {"imported": 0, "updated": 3, "ignored": 0, "deleted": 0}
    server.on("/api/dataValueSets", as_json({"response": {"importCount": counts}}))
    assert client.store_values("form", [{}] * 3).stored == 3


def test_a_write_that_stored_nothing_at_all_is_an_error(server, client):
    server.on("/api/dataValueSets", refusal(409, "E7600", "Data set not found"), refusal(403))
    with pytest.raises(Refused, match="Data set not found"):
        client.store_values("form", [{}])
    with pytest.raises(NotPermitted):
        client.store_values("form", [{}])


@pytest.mark.parametrize(
    "body", [[], 5, None, {}, "DHIS2", {"id": None, "username": None}, ME | {"dataSets": None}]
)
def test_what_answers_in_another_shape_than_dhis2_is_named_by_its_address(server, client, body):
    server.on("/api/me", as_json(body))
    with pytest.raises(BadAnswer, match=f"{client.url} does not answer as DHIS2 does") as told:
        client.me()
    assert "Check the address" in str(told.value)
    assert "\n" not in str(told.value)
