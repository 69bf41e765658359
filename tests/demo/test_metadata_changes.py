"""Metadata: made, changed, deleted, exported and imported, and by whom."""

from typing import Any

import pytest
import requests

from tests.demo.conftest import COMBO, FORM, OTHER, PILLS, ROOT, SITE, Asking

PATCH = {"Content-Type": "application/json-patch+json"}


def test_an_object_is_made_changed_and_deleted(admin: Asking) -> None:
    body = {
        "id": "DeNewAAAAA1",
        "name": "New",
        "shortName": "New",
        "valueType": "NUMBER",
        "domainType": "AGGREGATE",
        "aggregationType": "SUM",
    }
    made = admin("POST", "/api/dataElements", json=body)
    assert made.status_code == 201 and made.headers["Location"].endswith("/api/dataElements/DeNewAAAAA1")
    again = admin("POST", "/api/dataElements", json=body)
    assert (again.status_code, again.json()["response"]["errorReports"][0]["errorCode"]) == (409, "E5000")
    assert (
        admin(
            "PATCH",
            "/api/dataElements/DeNewAAAAA1",
            headers=PATCH,
            data='[{"op":"replace","path":"/name","value":"Newer"}]',
        ).status_code
        == 200
    )
    assert admin.get("/api/dataElements/DeNewAAAAA1", fields="name,code") == {"name": "Newer"}
    assert admin("DELETE", "/api/dataElements/DeNewAAAAA1").status_code == 200
    assert admin("GET", "/api/dataElements/DeNewAAAAA1").status_code == 404


def test_what_is_needed_cannot_be_deleted(admin: Asking) -> None:
    for path in (
        f"/api/dataElements/{PILLS}",
        f"/api/organisationUnits/{ROOT}",
        f"/api/categoryCombos/{COMBO}",
    ):
        answer = admin("DELETE", path)
        assert (answer.status_code, answer.json()["errorCode"]) == (409, "E4030"), path


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": "short"}, "E4014"),
        ({"shortName": "x" * 51}, "E4001"),
        ({"shortName": None}, "E4000"),
        ({"categoryCombo": {"id": "Zunknown001"}}, "E5002"),
        ({"code": "PILLS"}, "E5003"),
    ],
)
def test_a_faulty_object_is_reported(admin: Asking, change: dict[str, Any], code: str) -> None:
    thing = {
        "id": "DeFaultAAA1",
        "name": "F",
        "shortName": "F",
        "valueType": "NUMBER",
        "domainType": "AGGREGATE",
        "aggregationType": "SUM",
        **change,
    }
    report = admin("POST", "/api/metadata", json={"dataElements": [thing]}).json()["response"]
    assert [e["errorCode"] for e in report["typeReports"][0]["objectReports"][0]["errorReports"]] == [code]
    assert report["stats"] == {"created": 0, "updated": 0, "deleted": 0, "ignored": 1, "total": 1}


def test_one_fault_stops_all_unless_told_otherwise(admin: Asking) -> None:
    good = {"id": "OgGoodAAAA1", "name": "Good", "shortName": "Good"}
    payload = {"organisationUnitGroups": [good, {"name": "Bad"}]}
    for mode, created in (("ALL", 0), ("NONE", 1)):
        report = admin("POST", "/api/metadata", params={"atomicMode": mode}, json=payload).json()["response"]
        assert report["stats"]["created"] == created
        assert admin("GET", "/api/organisationUnitGroups/OgGoodAAAA1").status_code == (
            200 if created else 404
        )


def test_option_combos_wait_for_maintenance(admin: Asking) -> None:
    payload = {
        "categories": [
            {
                "id": "CatSexAAAA1",
                "name": "Both",
                "shortName": "Both",
                "dataDimensionType": "DISAGGREGATION",
                "categoryOptions": [{"id": "OptUsedAAA1"}, {"id": "OptLeftAAA1"}],
            }
        ],
        "categoryCombos": [
            {
                "id": "CcBothAAAA1",
                "name": "Both",
                "dataDimensionType": "DISAGGREGATION",
                "categories": [{"id": "CatSexAAAA1"}],
            }
        ],
    }
    assert admin("POST", "/api/metadata", json=payload).status_code == 200
    fields = {"fields": "categoryOptionCombos[name]"}
    assert admin.get("/api/categoryCombos/CcBothAAAA1", **fields) == {"categoryOptionCombos": []}
    assert admin("POST", "/api/maintenance/categoryOptionComboUpdate").status_code == 204
    made = admin.get("/api/categoryCombos/CcBothAAAA1", **fields)["categoryOptionCombos"]
    assert sorted(c["name"] for c in made) == ["Left", "Used"]


def test_an_export_can_be_taken_in_again(admin: Asking) -> None:
    out = admin.get("/api/metadata", dataElements="true", dataSets="true")
    assert set(out) == {"system", "dataElements", "dataSets"}
    report = admin("POST", "/api/metadata", json=out).json()["response"]
    assert (report["status"], report["stats"]["updated"]) == (
        "OK",
        len(out["dataElements"]) + len(out["dataSets"]),
    )


def test_who_may_not_change_may_not(clerk: Asking) -> None:
    told = [
        clerk("PATCH", f"/api/dataSets/{FORM}", headers=PATCH, data="[]"),
        clerk("POST", "/api/dataElements", json={"name": "x"}),
        clerk("DELETE", f"/api/dataElements/{PILLS}"),
        clerk("GET", "/api/users"),
    ]
    assert [(t.status_code, t.json()["errorCode"]) for t in told] == [(403, "E1006")] * 4


def test_a_session_keeps_the_units_of_its_log_in(admin: Asking) -> None:
    address, login = admin.address, {"username": "clerk", "password": "Clerk-1234"}
    session = requests.Session()
    assert session.post(f"{address}/api/auth/login", json=login, timeout=5).json()["loginStatus"] == "SUCCESS"
    clerk = admin.get("/api/users", filter="username:eq:clerk", fields="id", paging="false")["users"][0]["id"]
    where = "/organisationUnits/1"
    admin(
        "PATCH",
        f"/api/users/{clerk}",
        headers=PATCH,
        data=f'[{{"op":"add","path":"{where}","value":{{"id":"{OTHER}"}}}}]',
    )
    try:
        fields = {"fields": "organisationUnits[id]"}
        old = session.get(f"{address}/api/me", params=fields, timeout=5).json()["organisationUnits"]
        new = Asking(address, "clerk", "Clerk-1234").get("/api/me", **fields)["organisationUnits"]
        assert ([u["id"] for u in old], [u["id"] for u in new]) == ([SITE], [SITE, OTHER])
    finally:
        admin("PATCH", f"/api/users/{clerk}", headers=PATCH, data=f'[{{"op":"remove","path":"{where}"}}]')


def test_a_token_stands_for_its_owner_until_withdrawn(clerk: Asking) -> None:
    made = clerk("POST", "/api/apiToken", json={}).json()["response"]
    header = {"Authorization": f"ApiToken {made['key']}"}
    asked = requests.get(f"{clerk.address}/api/me", params={"fields": "username"}, headers=header, timeout=5)
    assert asked.json() == {"username": "clerk"}
    assert clerk("DELETE", f"/api/apiToken/{made['uid']}").status_code == 200
    refused = requests.get(f"{clerk.address}/api/me", headers=header, timeout=5)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "ApiToken")
