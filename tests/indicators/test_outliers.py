import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.outliers import modified_z_scores, z_scores

PROJECT = Path(__file__).resolve().parents[2]
ANSWERS = PROJECT / "tests" / "contract" / "answers.json"
CIV = PROJECT / "demo" / "countries" / "civ"


@pytest.fixture(scope="module")
def series():
    """Every Ivorian series by unit, element and option: codes, and what was reported, `[series, period]`."""
    with gzip.open(CIV / "values.csv.gz", "rt", encoding="utf-8") as file:
        rows = pd.read_csv(file, dtype=str)
    keys = ["orgunit", "dataelement", "categoryoptioncombo"]
    rows = rows.assign(value=rows["value"].astype(float))
    return rows.pivot_table(index=keys, columns="period", values="value")


@pytest.fixture(scope="module")
def codes():
    """The code, or the name where there is none, by the name that DHIS2 answers with."""
    metadata = json.loads((CIV / "metadata.json").read_text(encoding="utf-8"))
    kinds = ("organisationUnits", "dataElements", "categoryOptionCombos")
    return [{each["name"]: each.get("code", each["name"]) for each in metadata[kind]} for kind in kinds]


@pytest.mark.parametrize(
    ("asked", "scores", "middle", "threshold"),
    [
        ("outliers by z-score", z_scores, "mean", 3.0),
        ("outliers by modified z-score", modified_z_scores, "median", 3.5),
    ],
)
def test_scores_are_those_of_a_live_dhis2_row_by_row(series, codes, asked, scores, middle, threshold):
    rows = json.loads(ANSWERS.read_text(encoding="utf-8"))[asked]["body"]["outlierValues"]
    assert len(rows) == 5
    found = scores(series.to_numpy())
    low, high = found.bounds(threshold)
    for row in rows:
        names = row["ouName"], row["deName"], row["cocName"]
        key = tuple(code.get(name, name) for code, name in zip(codes, names, strict=True))
        at, month = series.index.get_loc(key), series.columns.get_loc(row["pe"])
        assert series.iloc[at, month] == row["value"]
        assert found.score[at, month] == pytest.approx(row["zScore"])
        assert found.middle[at, 0] == pytest.approx(row[middle])
        assert found.spread[at, 0] == pytest.approx(row["stdDev"])
        assert (low[at, 0], high[at, 0]) == pytest.approx((row["lowerBound"], row["upperBound"]))


@pytest.mark.parametrize("scores", [z_scores, modified_z_scores])
def test_a_series_that_does_not_vary_has_no_score(scores):
    assert np.isnan(scores(np.array([[5.0, 5, 5, np.nan], [5, 5, 5, 5]])).score).all()


def test_the_modified_score_leaves_out_a_series_that_mostly_does_not_vary():
    mostly = np.array([[5.0, 5, 5, 900]])
    assert np.isnan(modified_z_scores(mostly).score).all()
    assert z_scores(mostly).score[0, 3] > 1.7


@pytest.mark.parametrize("months", [5, 9, 10, 24])
def test_the_plain_score_never_passes_the_root_of_the_months_less_one(months):
    values = np.ones((1, months))
    values[0, 0] = 1e6
    assert z_scores(values).score[0, 0] == pytest.approx(np.sqrt(months - 1))
