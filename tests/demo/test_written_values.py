"""Odd rows of values: what a request says for all of them, rows told twice, zeros and deletions."""

import pytest

from tests.demo.conftest import BEDNETS, FORM, LEFT, OTHER, SITE, USED, Asking, row


def told(admin: Asking, *rows: dict, **more: object) -> dict:
    params = more.pop("params", {})
    body = {"dataSet": FORM, "dataValues": list(rows), **more}
    return admin("POST", "/api/dataValueSets", params=params, json=body).json()["response"]


def counts(response: dict) -> tuple[int, int, int, int]:
    found = response["importCount"]
    return tuple(found[k] for k in ("imported", "updated", "ignored", "deleted"))


def stored(admin: Asking, element: str, period: str, combo: str = USED) -> str | None:
    where = {"de": element, "pe": period, "ou": SITE, "co": combo}
    answer = admin("GET", "/api/dataValues", params=where)
    return answer.json()[0] if answer.status_code == 200 else None


def test_the_period_of_the_request_beats_that_of_a_row(admin: Asking) -> None:
    assert counts(told(admin, row("3", period="201301"), period="201302")) == (1, 0, 0, 0)
    assert (stored(admin, BEDNETS, "201301"), stored(admin, BEDNETS, "201302")) == (None, "3")


def test_a_new_value_sent_twice_is_stored_once_and_the_first_wins(admin: Asking) -> None:
    assert counts(told(admin, row("3", period="201303"), row("4", period="201303"))) == (1, 0, 0, 0)
    assert stored(admin, BEDNETS, "201303") == "3"
    assert counts(told(admin, row("5", period="201303"), row("5", period="201303"))) == (0, 1, 1, 0)


def test_deleting_what_was_never_there_is_counted_as_imported(admin: Asking) -> None:
    assert counts(told(admin, row("3", period="201304", deleted=True))) == (1, 0, 0, 0)
    assert stored(admin, BEDNETS, "201304") is None


def test_a_zero_over_a_deleted_value_is_stored(admin: Asking) -> None:
    first = [counts(told(admin, row(v, period="201305"))) for v in ("5", "0", "0")]
    assert first == [(1, 0, 0, 0), (0, 0, 0, 1), (1, 0, 0, 0)]
    assert stored(admin, BEDNETS, "201305") == "0"


def test_an_empty_value_takes_away_what_was_there_and_is_else_ignored(admin: Asking) -> None:
    assert counts(told(admin, row("", period="201306"))) == (0, 0, 1, 0)
    told(admin, row("5", period="201306"))
    assert counts(told(admin, row("", period="201306"))) == (0, 0, 0, 1)


@pytest.mark.parametrize("value", ["2147483648", "012", "+5", " 5", "5.0"])
def test_a_whole_number_has_32_bits_and_one_spelling(admin: Asking, value: str) -> None:
    assert [c["errorCode"] for c in told(admin, row(value, period="201307"))["conflicts"]] == ["E7619"]


def test_everything_wrong_with_the_request_as_a_whole_is_told(admin: Asking) -> None:
    response = told(admin, row("5"), dataSet="Zunknown001", orgUnit="Zunknown002")
    assert {c["errorCode"]: c["objects"] for c in response["conflicts"]} == {
        "E7600": {"dataSet": "Zunknown001"},
        "E7603": {"organisationUnit": "Zunknown002", "dataSet": "Zunknown001"},
    }


def test_a_completion_without_unit_is_a_conflict_and_the_values_are_kept(admin: Asking) -> None:
    response = told(admin, row("5", period="201308"), completeDate="2013-09-02")
    assert (response["status"], counts(response)) == ("WARNING", (1, 0, 0, 0))
    assert [c["object"] for c in response["conflicts"]] == ["OrganisationUnit"]


def test_an_unknown_strategy_is_refused(admin: Asking) -> None:
    answer = admin("POST", "/api/dataValueSets", params={"importStrategy": "SOMETIMES"}, json={})
    assert answer.status_code == 400


def test_a_required_option_combo_that_is_missing_is_a_conflict(admin: Asking) -> None:
    without = {k: v for k, v in row("5", period="201309").items() if k != "categoryOptionCombo"}
    response = told(admin, without, params={"requireCategoryOptionCombo": "true"})
    assert [c["errorCode"] for c in response["conflicts"]] == ["E7630"]


def test_a_single_empty_value_takes_the_value_away(admin: Asking) -> None:
    where = {"de": BEDNETS, "pe": "201310", "ou": SITE, "co": LEFT}
    for value in ("5", ""):
        assert admin("POST", "/api/dataValues", params={**where, "value": value}).status_code == 201
    assert stored(admin, BEDNETS, "201310", LEFT) is None


def test_registrations_that_all_fail_are_an_error(admin: Asking) -> None:
    rows = [{"dataSet": FORM, "period": "201311", "organisationUnit": "Zunknown001"}]
    answer = admin("POST", "/api/completeDataSetRegistrations", json={"completeDataSetRegistrations": rows})
    assert (answer.status_code, answer.json()["response"]["status"]) == (409, "ERROR")


def test_a_value_elsewhere_is_not_even_read(clerk: Asking) -> None:
    answer = clerk("GET", "/api/dataValues", params={"de": BEDNETS, "pe": "201301", "ou": OTHER})
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "E2020")


def test_periods_asked_for_make_dates_void(admin: Asking) -> None:
    told(admin, row("5", period="201312"))
    where = {"dataSet": FORM, "orgUnit": SITE, "startDate": "2019-02-01", "endDate": "2019-01-01"}
    found = admin.get("/api/dataValueSets", **where, period="201312")["dataValues"]
    assert [v["value"] for v in found] == ["5"]


def test_an_unknown_attribute_option_combo_narrows_nothing(admin: Asking) -> None:
    told(admin, row("5", period="201311"))
    where = {"dataSet": FORM, "orgUnit": SITE, "period": "201311", "attributeOptionCombo": "Zunknown001"}
    assert len(admin.get("/api/dataValueSets", **where)["dataValues"]) == 1


@pytest.mark.parametrize(("more", "status"), [({"limit": "many"}, 400), ({"limit": "-1"}, 409)])
def test_a_limit_that_is_none_is_refused(admin: Asking, more: dict[str, str], status: int) -> None:
    where = {"dataSet": FORM, "orgUnit": SITE, "period": "201311", **more}
    assert admin("GET", "/api/dataValueSets", params=where).status_code == status


@pytest.mark.parametrize(
    ("more", "code"), [({"endDate": "2019-01-01"}, "E2202"), ({"maxResults": "10001"}, "E2206")]
)
def test_a_question_about_follow_ups_needs_two_days_and_a_bearable_limit(
    admin: Asking, more: dict[str, str], code: str
) -> None:
    where = {"ds": FORM, "ou": SITE, "startDate": "2019-01-01", "endDate": "2019-12-31", **more}
    answer = admin("GET", "/api/dataAnalysis/followup", params=where)
    assert (answer.status_code, answer.json()["errorCode"]) == (409, code)
