"""Outliers, limits and follow-up of the embedded server."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.outlier_scores import medians, modified_z_scores, z_scores
from tests.demo.analytics_questions import build_tables
from tests.demo.conftest import PILLS, ROOT, SITE, USED, Asking

YEAR = {"startDate": "2018-01-01", "endDate": "2018-12-31", "ou": ROOT}
SERIES = [10, 12, 11, 10, 13, 12, 11, 90]


@pytest.fixture(scope="module")
def stored(speaking) -> Asking:  # type: ignore[no-untyped-def]
    admin = Asking(speaking(42))
    rows = [
        {
            "dataElement": PILLS,
            "period": f"2018{i + 1:02}",
            "orgUnit": SITE,
            "categoryOptionCombo": USED,
            "value": str(v),
        }
        for i, v in enumerate(SERIES)
    ]
    assert admin.send(*rows).json()["response"]["importCount"]["imported"] == len(rows)
    return admin


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_medians_are_those_of_numpy(values: list[float]) -> None:
    found = medians(np.array(values), np.zeros(len(values), int), 1)
    assert found[0] == pytest.approx(np.median(values), abs=1e-6)


def test_a_series_that_never_varies_has_no_outlier() -> None:
    flat, one = np.array([5.0, 5.0, 5.0]), np.zeros(3, int)
    assert np.isnan(z_scores(flat, one).score).all()
    assert np.isnan(modified_z_scores(np.array([5.0, 5.0, 9.0]), one).score).all()


def test_the_plain_score_counts_population_deviations_from_the_mean(stored: Asking) -> None:
    answer = stored.get("/api/outlierDetection", dx=PILLS, threshold=2, **YEAR)
    (found,) = answer["outlierValues"]
    assert found["value"] == 90
    # The mean takes in all ten values of the series: these eight, and 7 and 9 of 2019.
    whole = np.array([*SERIES, 7, 9], float)
    assert found["mean"] == pytest.approx(whole.mean())
    assert found["stdDev"] == pytest.approx(whole.std())
    assert found["zScore"] == pytest.approx(abs(90 - whole.mean()) / whole.std())


def test_the_modified_score_stands_on_medians(stored: Asking) -> None:
    answer = stored.get("/api/outlierDetection", dx=PILLS, algorithm="MOD_Z_SCORE", **YEAR)
    (found,) = answer["outlierValues"]
    whole = np.array([*SERIES, 7, 9], float)
    away = np.median(np.abs(whole - np.median(whole)))
    assert found["median"] == np.median(whole)
    assert found["zScore"] == pytest.approx(0.6745 * abs(90 - np.median(whole)) / away)


def test_the_tables_find_the_same_once_they_are_built(stored: Asking) -> None:
    build_tables(stored)
    path = "/api/analytics/outlierDetection"
    answer = stored.get(path, dx=PILLS, algorithm="MODIFIED_Z_SCORE", **YEAR)
    assert [row[2] for row in answer["rows"]] == ["201808"]
    assert answer["metaData"]["orderBy"] == "ABS_DEV"


def test_limits_are_kept_listed_and_broken(stored: Asking) -> None:
    limit = {
        "dataElement": {"id": PILLS},
        "source": {"id": SITE},
        "optionCombo": {"id": USED},
        "min": 5,
        "max": 20,
    }
    assert stored("POST", "/api/minMaxDataElements", json=limit).status_code == 201
    listed = stored.get(
        "/api/minMaxDataElements", filter=f"dataElement.id:eq:{PILLS}", fields="min,max,source[id]"
    )
    assert listed["minMaxDataElements"] == [{"min": 5, "max": 20, "source": {"id": SITE}}]
    broken = stored.get("/api/outlierDetection", dx=PILLS, algorithm="MIN_MAX", **YEAR)["outlierValues"]
    assert [(one["value"], one["absDev"]) for one in broken] == [(90.0, 70.0)]
    assert stored("DELETE", "/api/minMaxDataElements", json=limit).status_code == 204
    assert stored.get("/api/minMaxDataElements")["minMaxDataElements"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"dx": "Zunknown001"}, "E2200"), ({"startDate": ""}, "E2201"), ({"startDate": "2019-01-01"}, "E2202"),
     ({"ou": "Zunknown001"}, "E2203"), ({"threshold": "-1"}, "E2204"), ({"maxResults": "501"}, "E2206")],
)  # fmt: skip
def test_a_search_that_lacks_something_is_refused(stored: Asking, wrong: dict[str, str], code: str) -> None:
    answer = stored.get("/api/outlierDetection", **{"dx": PILLS, **YEAR, **wrong})
    assert answer["errorCode"] == code


def test_a_mark_for_follow_up_is_listed(stored: Asking) -> None:
    value = {"dataElement": PILLS, "period": "201808", "orgUnit": SITE, "categoryOptionCombo": USED}
    assert stored("PUT", "/api/dataValues/followup", json={**value, "followup": True}).status_code == 200
    answer = stored.get("/api/dataAnalysis/followup", de=PILLS, **YEAR)
    assert [(one["pe"], one["value"], one["ouName"]) for one in answer["followupValues"]] == [
        ("201808", "90", "Site A")
    ]


def test_a_clerk_may_not_search(clerk: Asking) -> None:
    assert clerk("GET", "/api/outlierDetection", params={"dx": PILLS, **YEAR}).status_code == 403
