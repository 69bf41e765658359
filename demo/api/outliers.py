"""`/api/outlierDetection`: outliers among the stored values, by z-scores or beyond set limits."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from flask import Blueprint, Response, request

from demo import periods
from demo.analytics.items import NUMERIC
from demo.outlier_scores import modified_z_scores, z_scores
from demo.store import Object
from demo.users import within
from demo.web import Refusal, answer, answer_format, dialect, requires, several, store

MOST = 500
CSV_COLUMNS = (
    *(
        "de",
        "deName",
        "pe",
        "ou",
        "ouName",
        "coc",
        "cocName",
        "aoc",
        "lastUpdated",
        "value",
        "mean",
        "stdDev",
    ),
    *("absDev", "zScore", "lowerBound", "upperBound", "aocName", "followup", "median", "rawValue"),
)
ALGORITHMS = ("Z_SCORE", "MOD_Z_SCORE", "MIN_MAX", "INVALID_NUMERIC")

blueprint = Blueprint("outliers", __name__)


@dataclass(frozen=True)
class Search:
    """What a search for outliers is told."""

    elements: list[str]
    units: list[str]
    start: date | None
    end: date | None
    threshold: float
    most: int
    window: tuple[date | None, date | None]


def search_asked() -> Search:
    """Reads the search of this request; elements that are no numbers are left out."""
    elements = [d for d in several("de" if dialect() == 40 else "dx") if store().get("dataElements", d)]
    for data_set in (store().get("dataSets", d) for d in several("ds")):
        elements += [e["dataElement"]["id"] for e in (data_set or {}).get("dataSetElements", ())]
    units = [u for u in several("ou") if store().get("organisationUnits", u)]
    numeric = [d for d in dict.fromkeys(elements) if store().get("dataElements", d)["valueType"] in NUMERIC]
    return Search(
        numeric,
        units,
        _day("startDate"),
        _day("endDate"),
        _number("threshold", 3.0),
        int(_number("maxResults", MOST)),
        (_day("dataStartDate"), _day("dataEndDate")),
    )


def _number(name: str, default: float) -> float:
    try:
        return float(request.args.get(name) or default)
    except ValueError:
        raise Refusal(400, f"{name} {request.args[name]!r} is not a number") from None


def _day(name: str) -> date | None:
    text = request.args.get(name)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise Refusal(400, f"{name} {text!r} is not a date such as 2019-08-31") from None


def judge(search: Search) -> None:
    """Refuses a search that lacks something or contradicts itself, with DHIS2's codes."""
    first, last = search.window
    checks = (
        (not search.elements, "At least one data element must be specified", "E2200"),
        (search.start is None or search.end is None, "Start date and end date must be specified", "E2201"),
        (
            bool(search.start and search.end and search.start > search.end),
            "Start date must be before end date",
            "E2202",
        ),
        (not search.units, "At least one organisation unit must be specified", "E2203"),
        (search.threshold <= 0, "Threshold must be a positive number", "E2204"),
        (search.most <= 0, "Max results must be a positive number", "E2205"),
        (search.most > MOST, f"Max results exceeds the allowed max limit: `{MOST}`", "E2206"),
        (bool(first and last and first > last), "Data start date must be before data end date", "E2207"),
    )
    for wrong, message, code in checks:
        if wrong:
            raise Refusal(409, message, code)


@blueprint.get("/api/outlierDetection")
@requires("F_RUN_VALIDATION")
def detect() -> Response:
    """Finds outliers among the stored values."""
    search = search_asked()
    judge(search)
    algorithm = request.args.get("algorithm", "Z_SCORE")
    if algorithm not in ALGORITHMS:
        raise Refusal(400, f"algorithm {algorithm!r} is none of {', '.join(ALGORITHMS)}")
    order = request.args.get("orderBy", "MEAN_ABS_DEV")
    found = _found(search, algorithm)
    found.sort(key=lambda entry: -(entry.get("zScore", 0.0) if order == "Z_SCORE" else entry["absDev"]))
    found = found[: search.most]
    if answer_format() == "csv":
        return _as_csv(found)
    return answer(
        {
            "metadata": {
                "algorithm": algorithm,
                "threshold": search.threshold,
                "orderBy": order,
                "maxResults": search.most,
                "count": len(found),
            },
            "outlierValues": found,
        }
    )


def _found(search: Search, algorithm: str) -> list[Object]:
    if algorithm == "INVALID_NUMERIC":  # what is stored was judged when it came, so none is no number
        return []
    return _beyond_limits(search) if algorithm == "MIN_MAX" else _far_away(search, algorithm)


def _as_csv(found: list[Object]) -> Response:
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "followup": str(row["followup"]).lower()} for row in found)
    return Response(text.getvalue(), content_type="application/csv;charset=UTF-8")


def _stored(search: Search) -> list[Any]:
    """The numeric values of the elements at the units and below."""
    roots = tuple(store().get("organisationUnits", u)["path"] for u in search.units)
    units = [uid for uid, unit in store().all("organisationUnits").items() if within(unit["path"], roots)]
    marks = ",".join("?" * len(search.elements))
    rows = []
    for unit in units:
        sql = (
            "SELECT rowid AS number, ou, pe, de, coc, aoc, value, followup FROM data_values "  # noqa: S608 - marks
            f"WHERE ou = ? AND deleted = 0 AND value IS NOT NULL AND de IN ({marks})"
        )
        rows += [row for row in store().execute(sql, (unit, *search.elements)) if _is_number(row["value"])]
    # Of values equally far away, the one stored first comes first.
    return sorted(rows, key=lambda row: row["number"])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _timely(rows: list[Any], start: date | None, end: date | None) -> np.ndarray:
    known = {row["pe"]: periods.parse(row["pe"]) for row in rows}
    good = {
        iso: p is not None and (start is None or p.start >= start) and (end is None or p.end <= end)
        for iso, p in known.items()
    }
    return np.array([good[row["pe"]] for row in rows], bool)


def _far_away(search: Search, algorithm: str) -> list[Object]:
    rows = _stored(search)
    value = np.array([float(row["value"]) for row in rows])
    codes: dict[Any, int] = {}
    series = np.array(
        [codes.setdefault((r["de"], r["ou"], r["coc"], r["aoc"]), len(codes)) for r in rows], np.int64
    )
    reference = _timely(rows, *search.window)
    scores = (z_scores if algorithm == "Z_SCORE" else modified_z_scores)(value, series, reference)
    low, high = scores.bounds(search.threshold)
    flagged = np.flatnonzero((scores.score >= search.threshold) & _timely(rows, search.start, search.end))
    middle = "mean" if algorithm == "Z_SCORE" else "median"
    return [
        {
            **_named(rows[i]),
            "value": float(value[i]),
            middle: float(scores.middle[i]),
            "stdDev": float(scores.spread[i]),
            "absDev": float(abs(value[i] - scores.middle[i])),
            "zScore": float(scores.score[i]),
            "lowerBound": float(low[i]),
            "upperBound": float(high[i]),
        }
        for i in flagged
    ]


def _beyond_limits(search: Search) -> list[Object]:
    rows = _stored(search)
    limits = {
        (r["de"], r["ou"], r["coc"]): (float(r["min"]), float(r["max"]))
        for r in store().execute("SELECT de, ou, coc, min, max FROM min_max")
    }
    found = []
    for row, timely in zip(rows, _timely(rows, search.start, search.end), strict=True):
        limit = limits.get((row["de"], row["ou"], row["coc"]))
        value = float(row["value"])
        if timely and limit and not limit[0] <= value <= limit[1]:
            away = limit[0] - value if value < limit[0] else value - limit[1]
            found.append(
                {
                    **_named(row),
                    "value": value,
                    "absDev": away,
                    "lowerBound": limit[0],
                    "upperBound": limit[1],
                }
            )
    return found


def _named(row: Any) -> Object:
    def name(kind: str, uid: str) -> str:
        return (store().get(kind, uid) or {}).get("name", uid)

    return {
        "de": row["de"],
        "deName": name("dataElements", row["de"]),
        "pe": row["pe"],
        "ou": row["ou"],
        "ouName": name("organisationUnits", row["ou"]),
        "coc": row["coc"],
        "cocName": name("categoryOptionCombos", row["coc"]),
        "aoc": row["aoc"],
        "aocName": name("categoryOptionCombos", row["aoc"]),
        "followup": bool(row["followup"]),
    }
