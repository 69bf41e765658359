"""Analytics of the embedded server, on figures small enough to add up by hand."""

from collections.abc import Callable

import pytest

from tests.demo.analytics_questions import ask, build_tables, refusal, values
from tests.demo.conftest import FORM, LEFT, NOTES, OTHER, PILLS, ROOT, SITE, USED, Asking

RATIO, TYPE, GROUP = "InRatioAAA1", "ItHundredA1", "OgClinicsA1"
MORE = {
    "indicatorTypes": [{"id": TYPE, "name": "Per hundred", "factor": 100, "number": False}],
    "indicators": [
        {
            "id": RATIO,
            "name": "Left per used",
            "shortName": "Left per used",
            "annualized": False,
            "indicatorType": {"id": TYPE},
            "numerator": f"#{{{PILLS}.{LEFT}}} + 1",
            "denominator": f"#{{{PILLS}.{USED}}}",
        }
    ],
    "organisationUnitGroups": [
        {"id": GROUP, "name": "Clinics", "shortName": "Clinics", "organisationUnits": [{"id": OTHER}]}
    ],
}


@pytest.fixture(scope="module")
def built(speaking: Callable[[int], str]) -> Asking:
    """A server whose tables hold: Site A used 7 and 9 in January and February, Site B used 4 in February, and
    in April Site A had 6 left; zeros aside."""
    admin = Asking(speaking(42))
    april = {
        "dataElement": PILLS,
        "period": "201904",
        "orgUnit": SITE,
        "categoryOptionCombo": LEFT,
        "value": "6",
    }
    assert admin.send(april).json()["response"]["importCount"]["imported"] == 1
    assert admin("POST", "/api/metadata", json=MORE).status_code == 200
    build_tables(admin)
    return admin


def test_there_is_nothing_to_ask_before_the_tables_are_built(speaking: Callable[[int], str]) -> None:
    admin = Asking(speaking(41))
    assert refusal(admin, f"dx:{PILLS}", "pe:201901", f"ou:{ROOT}") == "E7144"


def test_facilities_add_up_in_every_unit_above(built: Asking) -> None:
    found = values(built, f"dx:{PILLS}.{USED}", "pe:201901;201902", f"ou:{ROOT};{SITE}")
    operand = f"{PILLS}.{USED}"
    assert found == {
        (operand, "201901", ROOT): "7",
        (operand, "201902", ROOT): "13",
        (operand, "201901", SITE): "7",
        (operand, "201902", SITE): "9",
    }


def test_longer_periods_take_in_their_months(built: Asking) -> None:
    found = values(built, f"dx:{PILLS}.{USED}", "pe:2019Q1;2019", f"ou:{ROOT}")
    assert {key[1]: value for key, value in found.items()} == {"2019Q1": "20", "2019": "20"}


def test_a_zero_is_left_out_until_the_setting_lets_it_in(built: Asking) -> None:
    assert values(built, f"dx:{PILLS}.{LEFT}", "pe:201901", f"ou:{SITE}") == {}


def test_a_significant_zero_is_let_in_by_a_setting(speaking: Callable[[int], str]) -> None:
    admin = Asking(speaking(40))
    assert admin("POST", "/api/systemSettings/keyIncludeZeroValuesInAnalytics", params={"value": "true"}).ok
    build_tables(admin)
    assert list(values(admin, f"dx:{PILLS}.{LEFT}", "pe:201901", f"ou:{SITE}").values()) == ["0"]


def test_values_stored_later_are_seen_only_after_the_tables_are_built_anew(
    speaking: Callable[[int], str],
) -> None:
    admin = Asking(speaking(43))
    build_tables(admin)
    new = {
        "dataElement": PILLS,
        "period": "201905",
        "orgUnit": SITE,
        "categoryOptionCombo": USED,
        "value": "3",
    }
    assert admin.send(new).status_code == 200
    question = (f"dx:{PILLS}", "pe:201905", f"ou:{SITE}")
    assert values(admin, *question) == {}
    build_tables(admin)
    assert list(values(admin, *question).values()) == ["3"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("SUM", "20"),
        ("AVERAGE", "6.67"),
        ("COUNT", "3"),
        ("MAX", "9"),
        ("MIN", "4"),
        ("STDDEV", "2.52"),
        ("LAST", "13"),
        ("LAST_IN_PERIOD", "13"),
        ("LAST_AVERAGE_ORG_UNIT", "6.5"),
        ("AVERAGE_SUM_ORG_UNIT", "6.46"),
    ],
)
def test_each_aggregation_type_has_its_rule(built: Asking, kind: str, expected: str) -> None:
    found = values(built, f"dx:{PILLS}.{USED}", "pe:2019Q1", f"ou:{ROOT}", aggregationType=kind)
    assert list(found.values()) == [expected]


def test_the_last_value_is_looked_for_before_the_period_too(built: Asking) -> None:
    question = (f"dx:{PILLS}.{USED}", "pe:201912", f"ou:{ROOT}")
    assert list(values(built, *question, aggregationType="LAST").values()) == ["13"]
    assert values(built, *question, aggregationType="LAST_IN_PERIOD") == {}


def test_option_combos_stand_right_behind_the_data(built: Asking) -> None:
    answer = ask(built, f"ou:{ROOT}", "co", f"dx:{PILLS}", "~pe:2019")
    assert [head["name"] for head in answer["headers"]] == ["dx", "co", "ou", "value"]
    assert sorted(answer["rows"]) == sorted([[PILLS, USED, ROOT, "20"], [PILLS, LEFT, ROOT, "6"]])


def test_levels_groups_and_ones_own_units_stand_for_units(built: Asking) -> None:
    used = f"dx:{PILLS}.{USED}"
    assert {k[-1] for k in values(built, used, "pe:2019", "ou:LEVEL-2")} == {SITE, OTHER}
    assert {k[-1] for k in values(built, used, "pe:2019", f"ou:OU_GROUP-{GROUP};{ROOT}")} == {OTHER}
    assert {k[-1] for k in values(built, used, "pe:2019", "ou:USER_ORGUNIT")} == {ROOT}
    assert {k[-1] for k in values(built, used, "pe:2019", "ou:USER_ORGUNIT_CHILDREN")} == {SITE, OTHER}


def test_dates_take_whole_periods_only(built: Asking) -> None:
    found = values(built, f"dx:{PILLS}.{USED}", f"ou:{ROOT}", startDate="2019-01-15", endDate="2019-02-28")
    assert list(found.values()) == ["13"]


def test_relative_periods_are_seen_from_the_day_asked(built: Asking) -> None:
    question = (f"dx:{PILLS}.{USED}", "pe:LAST_3_MONTHS", f"ou:{ROOT}")
    assert {key[1] for key in values(built, *question, relativePeriodDate="2019-03-10")} == {
        "201901",
        "201902",
    }


def test_an_indicator_shows_its_parts_and_is_absent_where_its_denominator_is_nothing(built: Asking) -> None:
    rows = ask(built, f"dx:{RATIO}", "pe:201901;201904", f"ou:{SITE}", includeNumDen="true")["rows"]
    assert rows == [[RATIO, "201901", SITE, "14.29", "1.0", "7.0", "100.0", "100", "1"]]


def test_reports_are_expected_of_open_units_that_have_the_form(built: Asking) -> None:
    found = values(built, f"dx:{FORM}.EXPECTED_REPORTS;{FORM}.REPORTING_RATE", "pe:2019Q1", f"ou:{ROOT}")
    assert found == {
        (f"{FORM}.EXPECTED_REPORTS", "2019Q1", ROOT): "3",
        (f"{FORM}.REPORTING_RATE", "2019Q1", ROOT): "0",
    }


def test_reports_are_counted_by_group_of_units(built: Asking) -> None:
    groups = {"id": "OsKindsAAA1", "name": "Kinds", "shortName": "Kinds", "dataDimension": True}
    body = {"organisationUnitGroupSets": [{**groups, "organisationUnitGroups": [{"id": GROUP}]}]}
    assert built("POST", "/api/metadata", json=body).status_code == 200
    question = ("pe:201902", f"ou:{ROOT}", "OsKindsAAA1")
    assert values(built, f"dx:{FORM}.EXPECTED_REPORTS", *question) == {}
    assert list(values(built, f"dx:{PILLS}", *question).items()) == [((PILLS, "201902", ROOT, GROUP), "4")]


def test_more_rows_than_the_limit_are_refused(built: Asking) -> None:
    many = ";".join(f"{year}{month:02}" for year in range(2011, 2020) for month in range(1, 13))
    question = (f"dx:{FORM}.EXPECTED_REPORTS", f"pe:{many}", f"ou:{ROOT};{SITE}")
    assert len(values(built, *question)) == 2 * 9 * 12
    limit = "/api/systemSettings/keyAnalyticsMaxLimit"
    built("POST", limit, params={"value": "100"})
    try:
        assert refusal(built, *question) == "E7128"
        assert len(values(built, *question, ignoreLimit="true")) == 2 * 9 * 12
    finally:
        built("POST", limit, params={"value": "100000"})


def test_criteria_order_and_codes_shape_the_rows(built: Asking) -> None:
    answer = ask(
        built,
        f"dx:{PILLS}.{USED}",
        "pe:201901;201902",
        f"ou:{SITE};{OTHER}",
        measureCriteria="GE:5",
        order="DESC",
        outputIdScheme="CODE",
    )
    assert [row[2:] for row in answer["rows"]] == [["SITE_A", "9"], ["SITE_A", "7"]]


def test_the_hierarchy_is_told_from_ones_own_unit_down(built: Asking) -> None:
    meta = ask(built, f"dx:{PILLS}", "pe:201902", f"ou:{SITE}", hierarchyMeta="true", showHierarchy="true")[
        "metaData"
    ]
    assert meta["ouHierarchy"] == {SITE: ROOT}
    assert meta["ouNameHierarchy"] == {SITE: "/Land/Site A"}


def test_raw_data_is_one_row_for_each_value_below_the_units(built: Asking) -> None:
    answer = ask(built, f"dx:{PILLS}", "pe:201902", f"ou:{ROOT}", path="/api/analytics/rawData.json")
    names = [head["name"] for head in answer["headers"]]
    assert sorted((row[names.index("ou")], row[-1]) for row in answer["rows"]) == [
        (SITE, "9.0"),
        (OTHER, "4.0"),
    ]
    bare = built("GET", "/api/analytics/rawData", params={"dimension": f"dx:{PILLS}"})
    assert bare.status_code == 404


def test_csv_has_titles_and_the_same_rows(built: Asking) -> None:
    question = [("dimension", f"dx:{PILLS}.{USED}"), ("dimension", "pe:201901"), ("dimension", f"ou:{ROOT}")]
    answer = built("GET", "/api/analytics.csv", params=question)
    assert answer.headers["Content-Type"].startswith("application/csv")
    assert answer.text.splitlines() == [
        "Data,Period,Organisation unit,Value",
        f"{PILLS}.{USED},201901,{ROOT},7",
    ]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (("pe:201901", f"ou:{ROOT}"), "E7102"),
        ((f"dx:{PILLS}", "pe:201901", "~pe:201902"), "E7103"),
        ((f"dx:{PILLS}", f"ou:{ROOT}"), "E7146"),
        ((f"dx:{PILLS}", "pe:201901", "~co"), "E7110"),
        ((f"dx:{PILLS}", "pe:201901", "pe:201902"), "E7111"),
        ((f"dx:{NOTES}", "pe:201901"), "E7115"),
        (("dx:Zunknown001", "pe:201901"), "E7124"),
        ((f"dx:{PILLS}", "pe:201901", "xy:1"), "E7125"),
        ((f"dx:{PILLS}", "pe:nonsense"), "E7611"),
        ((f"dx:{PILLS}", "pe:201901", "ou:Zunknown001"), "E7143"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    built: Asking, question: tuple[str, ...], code: str
) -> None:
    assert refusal(built, *question) == code


def test_a_clerk_sees_their_own_unit_only(built: Asking, clerk: Asking) -> None:
    assert refusal(clerk, f"dx:{PILLS}", "pe:201901", f"ou:{ROOT}") == "E7120"
    assert list(values(clerk, f"dx:{PILLS}.{USED}", "pe:201902").values()) == ["9"]


def test_the_age_of_the_tables_is_told(built: Asking) -> None:
    assert built.get("/api/system/info")["lastAnalyticsTableSuccess"] > "2020"
