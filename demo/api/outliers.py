"""`/api/outlierDetection` on the stored values, and `/api/analytics/outlierDetection` on the analytics tables."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from flask import Blueprint, Response, request

from demo import periods
from demo.analytics.answer import grid, header
from demo.analytics.items import NUMERIC
from demo.analytics.rounding import as_text, halves_up
from demo.analytics.table import Table
from demo.api.analytics import current_table, reader
from demo.outlier_scores import Scores, modified_z_scores, numbered, z_scores
from demo.store import Object
from demo.users import within
from demo.web import Refusal, answer, answer_format, current_user, dialect, requires, several, store

MOST = 500
ALGORITHMS = ("Z_SCORE", "MOD_Z_SCORE", "MIN_MAX")
ORDERS = {"absdev": "ABS_DEV", "zscore": "Z_SCORE", "modifiedzscore": "MODIFIED_Z_SCORE", "median": "MEDIAN",
          "mean": "MEAN", "stddev": "STD_DEV", "medianabsdeviation": "MEDIAN_ABS_DEV", "lowerbound": "LOWER_BOUND",
          "upperbound": "UPPER_BOUND", "value": "VALUE"}
HEADS = (("dx", "Data"), ("dxname", "Data name"), ("pe", "Period"), ("pename", "Period name"),
         ("ou", "Organisation unit"), ("ouname", "Organisation unit name"),
         ("ounamehierarchy", "Organisation unit name hierarchy"), ("coc", "Category option combo"),
         ("cocname", "Category option combo name"), ("aoc", "Attribute option combo"),
         ("aocname", "Attribute option combo name"))
PLAIN = (("value", "Value"), ("mean", "Mean"), ("stddev", "Standard deviation"), ("absdev", "Absolute deviation"),
         ("zscore", "Z-score"), ("lowerbound", "Lower boundary"), ("upperbound", "Upper boundary"))
MODIFIED = (("value", "Value"), ("median", "Median"), ("medianabsdeviation", "Median absolute deviation"),
            ("absdev", "Absolute deviation"), ("modifiedzscore", "Modified Z-score"),
            ("lowerbound", "Lower boundary"), ("upperbound", "Upper boundary"))

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


def _search() -> Search:
    elements = [d for d in several("de" if dialect() == 40 else "dx") if store().get("dataElements", d)]
    for data_set in (store().get("dataSets", d) for d in several("ds")):
        elements += [e["dataElement"]["id"] for e in (data_set or {}).get("dataSetElements", ())]
    units = [u for u in several("ou") if store().get("organisationUnits", u)]
    numeric = [d for d in dict.fromkeys(elements) if store().get("dataElements", d)["valueType"] in NUMERIC]
    return Search(numeric, units, _day("startDate"), _day("endDate"), _number("threshold", 3.0),
                  int(_number("maxResults", MOST)), (_day("dataStartDate"), _day("dataEndDate")))


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


def _judge(search: Search) -> None:
    first, last = search.window
    checks = (
        (not search.elements, "At least one data element must be specified", "E2200"),
        (search.start is None or search.end is None, "Start date and end date must be specified", "E2201"),
        (bool(search.start and search.end and search.start > search.end), "Start date must be before end date", "E2202"),
        (not search.units, "At least one organisation unit must be specified", "E2203"),
        (search.threshold <= 0, "Threshold must be a positive number", "E2204"),
        (search.most <= 0, "Max results must be a positive number", "E2205"),
        (search.most > MOST, f"Max results exceeds the allowed max limit: `{MOST}`", "E2206"),
        (bool(first and last and first > last), "Data start date must be before data end date", "E2207"))
    for wrong, message, code in checks:
        if wrong:
            raise Refusal(409, message, code)


@blueprint.get("/api/outlierDetection")
@requires("F_RUN_VALIDATION")
def detect() -> Response:
    """Finds outliers among the stored values."""
    search = _search()
    _judge(search)
    algorithm = request.args.get("algorithm", "Z_SCORE")
    if algorithm not in ALGORITHMS:
        raise Refusal(400, f"algorithm {algorithm!r} is none of {', '.join(ALGORITHMS)}")
    order = request.args.get("orderBy", "MEAN_ABS_DEV")
    found = _beyond_limits(search) if algorithm == "MIN_MAX" else _far_away(search, algorithm)
    found.sort(key=lambda entry: entry["pe"], reverse=True)
    found.sort(key=lambda entry: -(entry.get("zScore", 0.0) if order == "Z_SCORE" else entry["absDev"]))
    found = found[: search.most]
    if answer_format() == "csv":
        return _as_csv(found)
    return answer({"metadata": {"algorithm": algorithm, "threshold": search.threshold, "orderBy": order,
                                "maxResults": search.most, "count": len(found)}, "outlierValues": found})


def _as_csv(found: list[Object]) -> Response:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]) if found else ["de", "deName", "pe", "ou", "ouName", "coc", "cocName",
                                                                 "aoc", "aocName", "value"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return Response(text.getvalue(), content_type="application/csv;charset=UTF-8")


def _stored(search: Search) -> list[Any]:
    """The numeric values of the elements at the units and below."""
    roots = tuple(store().get("organisationUnits", u)["path"] for u in search.units)
    units = [uid for uid, unit in store().all("organisationUnits").items() if within(unit["path"], roots)]
    marks = ",".join("?" * len(search.elements))
    rows = []
    for unit in units:
        sql = ("SELECT ou, pe, de, coc, aoc, value, followup FROM data_values WHERE ou = ? AND deleted = 0 "
               f"AND value IS NOT NULL AND de IN ({marks})")  # noqa: S608 - only marks are put in
        rows += [row for row in store().execute(sql, (unit, *search.elements)) if _is_number(row["value"])]
    return rows


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _timely(rows: list[Any], start: date | None, end: date | None) -> np.ndarray:
    known = {row["pe"]: periods.parse(row["pe"]) for row in rows}
    good = {iso: p is not None and (start is None or p.start >= start) and (end is None or p.end <= end)
            for iso, p in known.items()}
    return np.array([good[row["pe"]] for row in rows], bool)


def _far_away(search: Search, algorithm: str) -> list[Object]:
    rows = _stored(search)
    value = np.array([float(row["value"]) for row in rows])
    codes: dict[Any, int] = {}
    series = np.array([codes.setdefault((r["de"], r["ou"], r["coc"], r["aoc"]), len(codes)) for r in rows], np.int64)
    reference = _timely(rows, *search.window)
    scores = (z_scores if algorithm == "Z_SCORE" else modified_z_scores)(value, series, reference)
    low, high = scores.bounds(search.threshold)
    flagged = np.flatnonzero((scores.score >= search.threshold) & _timely(rows, search.start, search.end))
    middle = "mean" if algorithm == "Z_SCORE" else "median"
    return [{**_named(rows[i]), "value": float(value[i]), middle: float(scores.middle[i]),
             "stdDev": float(scores.spread[i]), "absDev": float(abs(value[i] - scores.middle[i])),
             "zScore": float(scores.score[i]), "lowerBound": float(low[i]), "upperBound": float(high[i])}
            for i in flagged]


def _beyond_limits(search: Search) -> list[Object]:
    rows = _stored(search)
    limits = {(r["de"], r["ou"], r["coc"]): (float(r["min"]), float(r["max"]))
              for r in store().execute("SELECT de, ou, coc, min, max FROM min_max")}
    found = []
    for row, timely in zip(rows, _timely(rows, search.start, search.end), strict=True):
        limit = limits.get((row["de"], row["ou"], row["coc"]))
        value = float(row["value"])
        if timely and limit and not limit[0] <= value <= limit[1]:
            away = limit[0] - value if value < limit[0] else value - limit[1]
            found.append({**_named(row), "value": value, "absDev": away, "lowerBound": limit[0],
                          "upperBound": limit[1]})
    return found


def _named(row: Any) -> Object:
    def name(kind: str, uid: str) -> str:
        return (store().get(kind, uid) or {}).get("name", uid)
    return {"de": row["de"], "deName": name("dataElements", row["de"]), "pe": row["pe"], "ou": row["ou"],
            "ouName": name("organisationUnits", row["ou"]), "coc": row["coc"],
            "cocName": name("categoryOptionCombos", row["coc"]), "aoc": row["aoc"],
            "aocName": name("categoryOptionCombos", row["aoc"]), "followup": bool(row["followup"])}


@blueprint.get("/api/analytics/outlierDetection")
@requires("F_RUN_VALIDATION")
def detect_in_tables() -> Response:
    """Finds outliers among the values of the analytics tables."""
    search = _search()
    units = reader().dimension("ou", [u for u in several("ou")]) if several("ou") else None
    span = reader().dimension("pe", several("pe")) if several("pe") else None
    dates = [(item.thing.start, item.thing.end) for item in span.items] if span else [(search.start, search.end)]
    search = Search(search.elements, [i.id for i in units.items] if units else [], dates[0][0], dates[0][1],
                    search.threshold, search.most, search.window)
    _judge(search)
    algorithm = request.args.get("algorithm", "Z_SCORE")
    if algorithm not in ("Z_SCORE", "MODIFIED_Z_SCORE"):
        raise Refusal(409, "Analytics outlier detection knows Z_SCORE and MODIFIED_Z_SCORE only", "E2211")
    for unit in search.units:
        if current_user().view and not current_user().sees(store().get("organisationUnits", unit)["path"]):
            message = f"User: `{current_user().username}` is not allowed to view org unit: `{unit}`"
            raise Refusal(409, message, "E7120")
    return _table_answer(search, algorithm, [(a, b) for a, b in dates if a and b])


def _table_answer(search: Search, algorithm: str, dates: list[tuple[date, date]]) -> Response:
    order = request.args.get("orderBy", "absdev").lower()
    heads = PLAIN if algorithm == "Z_SCORE" else MODIFIED
    figures = [name for name, _ in heads]
    if order not in ORDERS:
        raise Refusal(409, f"orderBy {order!r} is none of {', '.join(ORDERS)}", "E7181")
    found = [entry for element in search.elements for entry in _of_element(search, element, algorithm, dates)]
    place = figures.index(order) if order in figures else figures.index("absdev")
    upwards = request.args.get("sortOrder", "DESC").upper() == "ASC"
    found.sort(key=lambda entry: entry[1][place] if upwards else -entry[1][place])
    rows = [[*texts, *(as_text(halves_up(n, 2)) for n in numbers)] for texts, numbers in found[: search.most]]
    kinds = [*(header(*head) for head in HEADS), *(header(*head, "NUMBER") for head in heads)]
    told = {"algorithm": algorithm, "threshold": search.threshold, "orderBy": ORDERS[order],
            "maxResults": search.most, "count": len(rows)}
    return answer(grid(kinds, rows, told))


def _of_element(search: Search, element: str, algorithm: str,
                dates: list[tuple[date, date]]) -> list[tuple[list[str], list[float]]]:
    table = current_table()
    rows = table.rows(element, zeros=True)
    series = numbered(rows.position, rows.combo, rows.attribute)
    scores: Scores = (z_scores if algorithm == "Z_SCORE" else modified_z_scores)(rows.value, series)
    timely = np.zeros(len(table.periods), bool)
    for start, end in dates:
        timely |= (table.starts >= np.datetime64(start)) & (table.ends <= np.datetime64(end))
    inside = table.tree.inside(search.units)
    flagged = table.kept(element) & (scores.score >= search.threshold) & timely[rows.period] & inside[rows.position]
    low, high = scores.bounds(search.threshold)
    found, chosen = [], np.flatnonzero(flagged)
    for i in chosen[np.argsort(table.starts[rows.period[chosen]], kind="stable")]:
        away = abs(rows.value[i] - scores.middle[i])
        numbers = [rows.value[i], scores.middle[i], scores.spread[i], away, scores.score[i], low[i], high[i]]
        combos = [table.combos[rows.combo[i]], table.combos[rows.attribute[i]]]
        found.append((_texts(table, element, int(rows.position[i]), int(rows.period[i]), combos),
                      [float(n) for n in numbers]))
    return found


def _texts(table: Table, element: str, position: int, period: int, combos: list[str]) -> list[str]:
    units, names = store().all("organisationUnits"), store().all("categoryOptionCombos")
    unit = units[table.tree.ids[position]]
    chain = " / ".join(units[uid]["name"] for uid in unit["path"].strip("/").split("/"))
    when = table.periods[period]
    return [element, store().get("dataElements", element)["name"], when.iso, when.name, unit["id"], unit["name"], chain,
            combos[0], names[combos[0]]["name"], combos[1], names[combos[1]]["name"]]
