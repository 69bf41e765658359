"""Metadata: read in every shape the client asks for, and what the server tells of itself."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.demo.conftest import BEDNETS, COMBO, FORM, LEFT, NOTES, OTHER, PILLS, ROOT, SITE, USED, Asking


def listed(admin: Asking, kind: str, **params: Any) -> list[dict[str, Any]]:
    return admin.get(f"/api/{kind}", paging="false", **params)[kind]


def names(admin: Asking, *filters: str, **more: Any) -> list[str]:
    return [
        o["code"]
        for o in listed(admin, "dataElements", fields="code", filter=list(filters), order="code", **more)
    ]


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (["code:eq:PILLS"], ["PILLS"]),
        (["code:ne:PILLS"], ["BEDNETS", "NOTES"]),
        (["code:!eq:PILLS"], ["BEDNETS", "NOTES"]),
        (["name:ieq:pills"], ["PILLS"]),
        (["code:like:ILL"], ["PILLS"]),
        (["code:like:ill"], []),
        (["code:ilike:ill"], ["PILLS"]),
        (["code:!ilike:ill"], ["BEDNETS", "NOTES"]),
        (["code:$like:BED"], ["BEDNETS"]),
        (["code:like$:ts"], []),
        (["code:ilike$:es"], ["NOTES"]),
        (["code:in:[PILLS,NOTES]"], ["NOTES", "PILLS"]),
        (["code:!in:[PILLS,NOTES]"], ["BEDNETS"]),
        (["zeroIsSignificant:eq:true"], ["PILLS"]),
        (["dataSetElements.dataSet.id:eq:" + FORM, "valueType:eq:TEXT"], ["NOTES"]),
        (["categoryCombo.categoryOptionCombos.name:eq:Left"], ["BEDNETS", "NOTES", "PILLS"]),
        (["optionSet:null"], ["BEDNETS", "NOTES", "PILLS"]),
        (["code:!null"], ["BEDNETS", "NOTES", "PILLS"]),
        (["dataSetElements:gt:0", "code:eq:PILLS"], ["PILLS"]),
        (["dataSetElements:gt:1"], []),
        (["dataElementGroups:empty"], ["BEDNETS", "NOTES", "PILLS"]),
        (["identifiable:token:bed"], ["BEDNETS"]),
        (["lastUpdated:gt:2015-01-01", "code:eq:PILLS"], ["PILLS"]),
        (["lastUpdated:gt:2099-01-01"], []),
    ],
)
def test_a_filter_chooses(admin: Asking, filters: list[str], wanted: list[str]) -> None:
    assert names(admin, *filters) == wanted


def test_one_of_several_filters_may_be_enough(admin: Asking) -> None:
    assert names(admin, "code:eq:PILLS", "valueType:eq:TEXT", rootJunction="OR") == ["NOTES", "PILLS"]


@pytest.mark.parametrize("broken", ["nonsense", "code:around:X", "nothing:eq:1", "code"])
def test_a_filter_that_cannot_be_read_is_refused(admin: Asking, broken: str) -> None:
    answer = admin("GET", "/api/dataElements", params={"filter": broken})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "E1003")


def test_query_finds_by_id_code_and_name(admin: Asking) -> None:
    found = [names(admin, query=text) for text in (PILLS, "BEDNETS", "otes")]
    assert found == [["PILLS"], ["BEDNETS"], ["NOTES"]]


def test_pages_follow_one_another(admin: Asking) -> None:
    first = admin.get("/api/organisationUnits", fields="id", order="id:asc", pageSize=2)
    assert (
        first["pager"]["total"] == 3 and first["pager"]["pageCount"] == 2 and "prevPage" not in first["pager"]
    )
    second = requests.get(first["pager"]["nextPage"], auth=("admin", "district"), timeout=5).json()
    ids = [o["id"] for page in (first, second) for o in page["organisationUnits"]]
    assert ids == sorted((ROOT, SITE, OTHER)) and "nextPage" not in second["pager"]


def test_orders_may_ignore_case_and_run_backwards(admin: Asking) -> None:
    assert [
        o["name"] for o in listed(admin, "organisationUnits", fields="name", order="level:desc,name:idesc")
    ] == ["Site B", "Site A", "Land"]


def one(admin: Asking, fields: str) -> dict[str, Any]:
    return admin.get(f"/api/dataElements/{PILLS}", fields=fields)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ("id,nothing", {"id": PILLS}),
        ("code,categoryCombo", {"code": "PILLS", "categoryCombo": {"id": COMBO}}),
        (
            "categoryCombo[name,categoryOptionCombos~size]",
            {"categoryCombo": {"name": "Measures", "categoryOptionCombos": 2}},
        ),
        ("code~rename(key)", {"key": "PILLS"}),
        ("dataSetElements[dataSet[name]]", {"dataSetElements": [{"dataSet": {"name": "Form"}}]}),
        ("dataElementGroups::isEmpty", {"dataElementGroups": True}),
        (
            "categoryCombo[categoryOptionCombos~pluck[name]]",
            {"categoryCombo": {"categoryOptionCombos": ["Used", "Left"]}},
        ),
    ],
)
def test_fields_are_told_as_asked(admin: Asking, fields: str, wanted: dict[str, Any]) -> None:
    assert one(admin, fields) == wanted


def test_presets_spell_out_fields(admin: Asking) -> None:
    nameable = one(admin, ":nameable,!code")
    assert {"id", "name", "shortName", "created", "lastUpdated"} <= set(nameable) and "code" not in nameable
    assert {"displayName", "access", "dataSetElements", "zeroIsSignificant"} <= set(one(admin, "*"))
    assert "displayName" not in one(admin, ":owner")


def test_a_collection_can_be_asked_alone_and_briefly(admin: Asking) -> None:
    assert admin.get(f"/api/categoryCombos/{COMBO}/categoryOptionCombos", fields="name") == {
        "categoryOptionCombos": [{"name": "Used"}, {"name": "Left"}]
    }
    brief = admin.get(f"/api/dataSets/{FORM}/organisationUnits/gist", fields="name", total="true")
    assert brief["organisationUnits"][0] == {"name": "Site A"} and brief["pager"]["total"] >= 1


def test_units_are_found_around_a_unit(admin: Asking, clerk: Asking) -> None:
    def ids(asking: Asking, path: str, **params: Any) -> set[str]:
        return {u["id"] for u in asking.get(path, fields="id", paging="false", **params)["organisationUnits"]}

    assert {SITE, OTHER, ROOT} <= ids(admin, f"/api/organisationUnits/{ROOT}", includeDescendants="true")
    assert ids(admin, f"/api/organisationUnits/{SITE}", includeAncestors="true") == {SITE, ROOT}
    assert {SITE, OTHER} <= ids(admin, f"/api/organisationUnits/{ROOT}", level=1)
    assert ids(clerk, "/api/organisationUnits", withinUserHierarchy="true") == {SITE}
    assert ids(clerk, "/api/organisationUnits", userOnly="true") == {SITE}
    assert ids(admin, "/api/organisationUnits", level=1) == {ROOT}


def test_only_places_with_coordinates_are_on_the_map(admin: Asking) -> None:
    features = admin.get("/api/organisationUnits.geojson", level=2)["features"]
    assert [(f["id"], f["properties"]["parentGraph"]) for f in features] == [(SITE, ROOT)]


def test_a_form_comes_with_what_it_needs(admin: Asking) -> None:
    out = admin.get(f"/api/dataSets/{FORM}/metadata.json")
    assert {e["id"] for e in out["dataElements"]} == {PILLS, BEDNETS, NOTES}
    assert {USED, LEFT} <= {c["id"] for c in out["categoryOptionCombos"]}


def test_each_version_says_which_it_is_and_where_to_log_in(speaking: Callable[[int], str]) -> None:
    for minor, page in ((40, "/dhis-web-commons/security/login.action"), (42, "/dhis-web-login/")):
        address = speaking(minor)
        assert Asking(address).get("/api/system/info")["version"].startswith(f"2.{minor}.")
        sent = requests.get(f"{address}/api/me", allow_redirects=False, timeout=5)
        assert (sent.status_code, sent.headers["Location"]) == (302, address + page)
    login = requests.post(
        f"{speaking(40)}/api/auth/login", json={"username": "admin", "password": "district"}, timeout=5
    )
    assert login.status_code == 404


def test_the_front_page_says_in_two_languages_that_it_is_not_dhis2(admin: Asking) -> None:
    page = requests.get(admin.address, timeout=5).text
    assert "démonstration, pas DHIS2" in page and "demonstration, not DHIS2" in page


def test_an_unchanged_answer_is_not_sent_twice(admin: Asking) -> None:
    first = admin("GET", "/api/dataElements", params={"fields": "id"})
    again = admin(
        "GET", "/api/dataElements", params={"fields": "id"}, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_old_addresses_with_a_version_still_work(admin: Asking) -> None:
    assert admin.get("/api/42/me.json", fields="username") == {"username": "admin"}


def test_the_server_tells_when_its_analytics_were_built(admin: Asking) -> None:
    def built() -> str:
        return admin.get("/api/system/info", fields="lastAnalyticsTableSuccess")["lastAnalyticsTableSuccess"]

    assert built().startswith("1970-01-01")
    job = admin("POST", "/api/resourceTables/analytics").json()["response"]["relativeNotifierEndpoint"]
    while not any(note["completed"] for note in admin.get(job)):
        time.sleep(0.1)
    assert built() > "2020"


def test_a_property_of_an_object_comes_whole_and_an_unknown_one_empty(admin: Asking) -> None:
    units = admin.get(f"/api/dataSets/{FORM}/organisationUnits")["organisationUnits"]
    assert all("name" in unit and "path" in unit for unit in units)
    assert admin.get(f"/api/dataSets/{FORM}/nosuch") == {}


def test_the_map_shows_the_first_level_unless_another_is_asked_for(admin: Asking) -> None:
    assert admin.get("/api/organisationUnits.geojson")["features"] == []
    below = admin.get("/api/organisationUnits.geojson", level=2, parent="Zunknown001")["features"]
    assert [feature["id"] for feature in below] == [SITE]


def test_an_order_that_cannot_be_read_is_left_aside(admin: Asking) -> None:
    answer = admin("GET", "/api/organisationUnits", params={"order": "name:sideways"})
    assert answer.status_code == 200


def test_a_name_of_another_element_is_refused(admin: Asking) -> None:
    found = admin.get(f"/api/dataElements/{PILLS}")
    body = {**found, "id": "DeOtherAAA1", "code": "OTHER"}
    answer = admin("POST", "/api/dataElements", json=body)
    told = {e["errorProperty"] for e in answer.json()["response"]["errorReports"]}
    assert (answer.status_code, told) == (409, {"name", "shortName"})


def test_a_patch_of_an_unknown_property_is_a_bad_request(admin: Asking) -> None:
    headers = {"Content-Type": "application/json-patch+json"}
    body = b'[{"op":"add","path":"/nosuch","value":1}]'
    answer = admin("PATCH", f"/api/dataElements/{PILLS}", data=body, headers=headers)
    assert answer.status_code == 400


def test_an_object_that_is_no_json_is_refused(admin: Asking) -> None:
    plain = admin("POST", "/api/dataElements", data=b"x", headers={"Content-Type": "text/plain"})
    broken = admin("POST", "/api/dataElements", data=b"{", headers={"Content-Type": "application/json"})
    assert (plain.status_code, broken.status_code) == (415, 409)


def test_a_word_that_is_no_id_is_another_verbs_address(admin: Asking) -> None:
    assert admin("GET", "/api/dataElements/short").status_code == 405
