"""Data values: written, read back, refused and taken away as DHIS2 does."""

import csv
import gzip
import io

import pytest

from tests.demo.conftest import BEDNETS, FORM, LEFT, OTHER, PILLS, ROOT, SITE, USED, Asking, row
from tests.demo.import_counts import codes, counts


def cell(admin: Asking, element: str, period: str, combo: str = USED, unit: str = SITE) -> object:
    answer = admin("GET", "/api/dataValues", params={"de": element, "pe": period, "ou": unit, "co": combo})
    return answer.json()[0] if answer.status_code == 200 else None


def test_a_value_is_imported_then_ignored_then_updated(admin: Asking) -> None:
    told = [counts(admin.send(row(v, period="201701"))) for v in ("5", "5", "6")]
    assert [(t["imported"], t["ignored"], t["updated"]) for t in told] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


def test_good_rows_are_stored_beside_bad_ones(admin: Asking) -> None:
    answer = admin.send(row("8", period="201702"), row("x", period="201702", categoryOptionCombo=LEFT))
    assert (answer.status_code, codes(answer)) == (409, ["E7619"])
    assert answer.json()["response"]["rejectedIndexes"] == [1]
    assert cell(admin, BEDNETS, "201702") == "8"


def test_equal_conflicts_are_told_once_with_every_index(admin: Asking) -> None:
    answer = admin.send(
        row(dataElement="Zunknown001"), row("1", period="201703"), row(dataElement="Zunknown001")
    )
    assert [c["indexes"] for c in answer.json()["response"]["conflicts"]] == [[0, 2]]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"dataElement": "Zunknown001"}, "E7610"),
        ({"period": "201913"}, "E7611"),
        ({"orgUnit": "Zunknown001"}, "E7612"),
        ({"categoryOptionCombo": "Zunknown001"}, "E7613"),
        ({"attributeOptionCombo": "Zunknown001"}, "E7615"),
        ({"value": None}, "E7618"),
        ({"value": "-1"}, "E7619"),
        ({"value": "1.5"}, "E7619"),
        ({"value": "007"}, "E7619"),
        ({"period": "209901"}, "E7641"),
    ],
)
def test_a_row_is_refused_with_the_code_of_its_fault(admin: Asking, given: dict[str, str], code: str) -> None:
    answer = admin.send(row(**given) if "value" not in given else row(given["value"]))
    assert (answer.status_code, codes(answer)) == (409, [code])


def test_nobody_writes_for_a_place_that_is_not_theirs(clerk: Asking) -> None:
    assert codes(clerk.send(row(orgUnit=OTHER))) == ["E7617"]


def test_a_zero_that_means_nothing_takes_the_value_away(admin: Asking) -> None:
    admin.send(row("5", period="201704"))
    assert counts(admin.send(row("0", period="201704")))["deleted"] == 1
    assert cell(admin, BEDNETS, "201704") is None


def test_a_zero_that_means_something_is_kept(admin: Asking) -> None:
    admin.send(row("0", dataElement=PILLS, period="201705"))
    assert cell(admin, PILLS, "201705") == "0"


def test_a_dry_run_counts_and_keeps_nothing(admin: Asking) -> None:
    assert counts(admin.send(row("3", period="201706"), params={"dryRun": "true"}))["imported"] == 1
    assert cell(admin, BEDNETS, "201706") is None


def test_create_leaves_what_exists_and_update_what_does_not(admin: Asking) -> None:
    admin.send(row("3", period="201707"))
    for strategy, period in (("CREATE", "201707"), ("UPDATE", "201708")):
        answer = admin.send(row("4", period=period), params={"importStrategy": strategy})
        assert counts(answer) == {"imported": 0, "updated": 0, "ignored": 1, "deleted": 0}
    assert (cell(admin, BEDNETS, "201707"), cell(admin, BEDNETS, "201708")) == ("3", None)


def test_deleted_values_are_told_on_request_only(admin: Asking) -> None:
    admin.send(row("3", period="201709"))
    admin.send(row("3", period="201709", deleted=True))
    query = {"dataSet": FORM, "period": "201709", "orgUnit": SITE}
    assert admin.get("/api/dataValueSets", **query)["dataValues"] == []
    told = admin.get("/api/dataValueSets", includeDeleted="true", **query)["dataValues"]
    assert [(v["value"], v["deleted"]) for v in told] == [("3", True)]


def test_a_csv_body_and_codes_are_understood(admin: Asking) -> None:
    text = "dataelement,period,orgunit,coc,aoc,value\nBEDNETS,201710,SITE_A,,,11\n"
    answer = admin(
        "POST",
        "/api/dataValueSets",
        data=gzip.compress(text.encode()),
        params={"idScheme": "CODE"},
        headers={"Content-Type": "application/csv"},
    )
    assert counts(answer)["imported"] == 1
    assert cell(admin, BEDNETS, "201710", "HllvX50cXC0") == "11"


def test_a_text_csv_body_is_not_accepted(admin: Asking) -> None:
    assert (
        admin("POST", "/api/dataValueSets", data=b"a", headers={"Content-Type": "text/csv"}).status_code
        == 415
    )


def test_expired_forms_are_closed_but_for_exceptions_and_administrators(admin: Asking, clerk: Asking) -> None:
    patch = {"Content-Type": "application/json-patch+json"}
    admin(
        "PATCH", f"/api/dataSets/{FORM}", data='[{"op":"add","path":"/expiryDays","value":5}]', headers=patch
    )
    try:
        assert codes(clerk.send(row("1", period="201801"))) == ["E7640"]
        assert admin.send(row("1", period="201801")).status_code == 200
        where = {"ds": FORM, "pe": "201802", "ou": SITE}
        assert admin("POST", "/api/lockExceptions", params=where).status_code == 201
        assert clerk.send(row("1", period="201802")).status_code == 200
    finally:
        admin(
            "PATCH",
            f"/api/dataSets/{FORM}",
            data='[{"op":"add","path":"/expiryDays","value":0}]',
            headers=patch,
        )


def test_the_whole_country_is_one_csv_in_the_order_it_was_stored(admin: Asking) -> None:
    query = {
        "dataSet": FORM,
        "startDate": "2019-01-01",
        "endDate": "2019-02-28",
        "orgUnit": ROOT,
        "children": "true",
    }
    plain = admin("GET", "/api/dataValueSets.csv", params=query).text
    packed = admin("GET", "/api/dataValueSets", params={**query, "format": "csv", "compression": "gzip"})
    assert gzip.decompress(packed.content).decode() == plain
    rows = list(csv.DictReader(io.StringIO(plain)))
    assert [(r["period"], r["orgunit"], r["value"]) for r in rows] == [
        ("201901", SITE, "7"),
        ("201901", SITE, "0"),
        ("201902", SITE, "9"),
        ("201902", OTHER, "4"),
    ]
    assert [r["lastupdated"][:10] for r in rows] == ["2019-02-05", "2019-02-05", "2019-03-10", "2019-03-10"]


def test_values_are_named_by_the_scheme_asked_for(admin: Asking) -> None:
    query = {
        "dataSet": FORM,
        "period": "201901",
        "orgUnit": SITE,
        "categoryOptionComboIdScheme": "NAME",
        "dataElementIdScheme": "CODE",
    }
    told = admin.get("/api/dataValueSets", **query)["dataValues"]
    assert {(v["dataElement"], v["orgUnit"], v["categoryOptionCombo"]) for v in told} == {
        ("PILLS", SITE, "Used"),
        ("PILLS", SITE, "Left"),
    }


def test_what_changed_is_found_by_when_it_was_stored(admin: Asking) -> None:
    query = {
        "dataSet": FORM,
        "startDate": "2019-01-01",
        "endDate": "2019-02-28",
        "orgUnit": ROOT,
        "children": "true",
    }
    since = [
        len(admin.get("/api/dataValueSets", lastUpdated=day, **query)["dataValues"])
        for day in ("2019-01-01", "2019-03-01", "2019-03-11")
    ]
    assert since == [4, 2, 0]


@pytest.mark.parametrize(
    ("left_out", "code"), [("dataSet", "E2001"), ("period", "E2002"), ("orgUnit", "E2006")]
)
def test_an_export_names_what_it_lacks(admin: Asking, left_out: str, code: str) -> None:
    query = {"dataSet": FORM, "period": "201901", "orgUnit": SITE}
    del query[left_out]
    answer = admin("GET", "/api/dataValueSets", params=query)
    assert (answer.status_code, answer.json()["errorCode"]) == (409, code)


def test_outside_ones_view_there_is_nothing_at_all(clerk: Asking) -> None:
    answer = clerk(
        "GET", "/api/dataValueSets", params={"dataSet": FORM, "period": "201902", "orgUnit": OTHER}
    )
    assert (answer.status_code, answer.content) == (200, b"")


def test_awkward_text_survives_json_and_csv(admin: Asking) -> None:
    text = 'said "no, thanks"\nand left'
    admin.send(
        {
            "dataElement": "DeItemCCCC1",
            "period": "201801",
            "orgUnit": SITE,
            "categoryOptionCombo": USED,
            "value": text,
            "comment": "a,b",
        }
    )
    query = {"dataElement": "DeItemCCCC1", "period": "201801", "orgUnit": SITE}
    assert [(v["value"], v["comment"]) for v in admin.get("/api/dataValueSets", **query)["dataValues"]] == [
        (text, "a,b")
    ]
    rows = list(csv.DictReader(io.StringIO(admin("GET", "/api/dataValueSets.csv", params=query).text)))
    assert [(r["value"], r["comment"]) for r in rows] == [(text, "a,b")]


def test_a_single_value_turns_its_mark_over_and_keeps_its_history(admin: Asking) -> None:
    where = {"de": BEDNETS, "pe": "201802", "ou": SITE, "co": LEFT}
    for more in ({"value": "3"}, {"value": "4"}, {"followUp": "true"}, {"followUp": "true"}):
        assert admin("POST", "/api/dataValues", params={**where, **more}).status_code == 201
    told = admin.get("/api/audits/dataValue", de=BEDNETS, pe="201802", co=LEFT, paging="false")[
        "dataValueAudits"
    ]
    assert [(a["auditType"], a["value"]) for a in told] == [("UPDATE", "3")]
    assert admin("DELETE", "/api/dataValues", params=where).status_code == 204
    assert admin("DELETE", "/api/dataValues", params=where).status_code == 409


def test_registrations_come_and_go(admin: Asking) -> None:
    query = {"dataSet": FORM, "period": "201901", "orgUnit": SITE}
    assert admin.get("/api/completeDataSetRegistrations", **query) == {}
    body = {
        "completeDataSetRegistrations": [
            {"dataSet": FORM, "period": "201901", "organisationUnit": SITE, "date": "2019-02-03"},
            {"dataSet": FORM, "period": "201901", "organisationUnit": "Zunknown001"},
        ]
    }
    answer = admin("POST", "/api/completeDataSetRegistrations", json=body)
    told = answer.json()["response"]
    assert (answer.status_code, counts(answer)["imported"], counts(answer)["ignored"]) == (200, 1, 1)
    assert [c["object"] for c in told["conflicts"]] == ["Zunknown001"]
    told = admin.get("/api/completeDataSetRegistrations", **query)["completeDataSetRegistrations"]
    assert [(r["date"], r["completed"]) for r in told] == [("2019-02-03", True)]
    where = {"ds": FORM, "pe": "201901", "ou": SITE}
    assert admin("DELETE", "/api/completeDataSetRegistrations", params=where).status_code == 204
    assert admin.get("/api/completeDataSetRegistrations", **query) == {}


def test_a_whole_form_is_completed_with_its_values(admin: Asking) -> None:
    answer = admin.send(row("1", period="201812"), period="201812", orgUnit=SITE, completeDate="2019-01-04")
    assert answer.json()["response"]["dataSetComplete"] == "2019-01-04"
    told = admin.get("/api/dataValueSets", dataSet=FORM, period="201812", orgUnit=SITE)
    assert told["completeDate"].startswith("2019-01-04")


def test_a_name_that_a_scheme_lacks_is_null(admin: Asking) -> None:
    query = {"dataSet": FORM, "period": "201901", "orgUnit": SITE, "categoryOptionComboIdScheme": "CODE"}
    assert {v["categoryOptionCombo"] for v in admin.get("/api/dataValueSets", **query)["dataValues"]} == {
        None
    }


def test_a_period_that_is_none_does_not_count_as_one(admin: Asking) -> None:
    answer = admin("GET", "/api/dataValueSets", params={"dataSet": FORM, "period": "abc", "orgUnit": SITE})
    assert answer.json()["errorCode"] == "E2002"
