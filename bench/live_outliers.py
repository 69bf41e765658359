"""Whether a real DHIS2's two scores of outliers are those of `indicators.outliers`, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
import pandas as pd

from bench.live_filling import Filling, Object
from indicators.outliers import Outliers, modified_z_scores, z_scores
from indicators.robust import Reals

SCORES: dict[str, tuple[Callable[[Reals], Outliers], str, float]] = {
    "Z_SCORE": (z_scores, "mean", 3.0),
    "MOD_Z_SCORE": (modified_z_scores, "median", 3.5),
}
MOST = 500
"""Rows that DHIS2 gives at most."""
EDGE = 1e-9
"""A score that lies on the threshold may come to either side of it by rounding."""
SERIES = ["dataElement", "orgUnit", "categoryOptionCombo"]
SPAN = {"startDate": "2000-01-01", "endDate": "2100-01-01"}


def compared(filling: Filling) -> Iterator[tuple[bool, str]]:
    """Ask for the outliers of each form of numbers by either score; whether they are ours, and a line."""
    top = next(each["id"] for each in filling.metadata["organisationUnits"] if not each.get("parent"))
    for form, algorithm in product(filling.metadata["dataSets"], SCORES):
        held = _held(filling, form["id"], top)
        asked = {"ds": form["id"], "ou": top, **SPAN, "algorithm": algorithm, "maxResults": MOST}
        threshold = SCORES[algorithm][2]
        told = filling.ask("GET", "/api/outlierDetection", params=asked | {"threshold": threshold})
        wrong = list(_differences(told["outlierValues"], held, algorithm))
        line = f"{algorithm} of {form['name']}: {len(told['outlierValues']):,} rows"
        yield not wrong, "\n".join([line, *wrong[:5]])


def _held(filling: Filling, form: str, top: str) -> pd.DataFrame:
    """What the DHIS2 holds of a form, `[series, period]`."""
    asked = {"dataSet": form, "orgUnit": top, "children": "true", **SPAN}
    rows = filling.ask("GET", "/api/dataValueSets", params=asked).get("dataValues", [])
    frame = pd.DataFrame(rows).assign(value=lambda rows: pd.to_numeric(rows["value"]))
    return frame.pivot_table(index=SERIES, columns="period", values="value")


def _differences(told: list[Object], held: pd.DataFrame, algorithm: str) -> Iterator[str]:
    scores, middle, threshold = SCORES[algorithm]
    found = scores(held.to_numpy(float))
    low, high = found.bounds(threshold)
    for row in told:
        at = held.index.get_loc((row["de"], row["ou"], row["coc"]))
        month = held.columns.get_loc(row["pe"])
        ours = held.iloc[at, month], found.score[at, month], found.middle[at, 0], found.spread[at, 0]
        bounds = low[at, 0], high[at, 0]
        theirs = [row[name] for name in ("value", "zScore", middle, "stdDev", "lowerBound", "upperBound")]
        if not np.allclose(theirs, [*ours, *bounds], rtol=1e-9, atol=1e-9):
            yield f"{row['de']} {row['ou']} {row['pe']}: {theirs} there, {[*ours, *bounds]} here"
    least, most = (int((found.score >= threshold * (1 + side * EDGE)).sum()) for side in (1, -1))
    if not min(least, MOST) <= len(told) <= min(most, MOST):
        yield f"{least:,} to {most:,} here reach the threshold of {threshold}"
