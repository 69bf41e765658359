"""`/api/minMaxDataElements` and its kin: the limits that a value of one element and unit should keep."""

from __future__ import annotations

import statistics
from typing import Any

from flask import Blueprint, Flask, Response, request

from demo.picked import passes, pick
from demo.store import Object
from demo.users import within
from demo.web import Refusal, answer, current_user, empty, flag, json_body, requires, store

TABLE = """
CREATE TABLE IF NOT EXISTS min_max (
    de TEXT, ou TEXT, coc TEXT, min INTEGER, max INTEGER, generated INTEGER DEFAULT 0,
    PRIMARY KEY (de, ou, coc)) WITHOUT ROWID;
"""
FACTOR = 2.0

DROP = "DELETE FROM min_max WHERE de = ? AND ou = ? AND coc = ?"
blueprint = Blueprint("min_max", __name__)
Limit = tuple[str, str, str, int, int, int]


def install(app: Flask) -> None:
    """Makes the table."""
    app.extensions["store"].create(TABLE)


def of_form(data_set: Object, unit: str) -> list[Object]:
    """The limits of a form at one unit, as data entry shows them."""
    elements = {entry["dataElement"]["id"] for entry in data_set.get("dataSetElements", ())}
    return [
        {
            "dataElement": row["de"],
            "orgUnit": row["ou"],
            "categoryOptionCombo": row["coc"],
            "minValue": row["min"],
            "maxValue": row["max"],
        }
        for row in store().execute("SELECT * FROM min_max WHERE ou = ?", (unit,))
        if row["de"] in elements
    ]


@blueprint.get("/api/minMaxDataElements")
def limits() -> Response:
    """Lists limits, filtered and paged."""
    found = [
        thing
        for row in store().execute("SELECT * FROM min_max")
        if passes(thing := _thing(row), request.args.getlist("filter"))
    ]
    fields = request.args.get("fields", "*")
    if not flag("paging", True):
        return answer({"minMaxDataElements": [pick(thing, fields) for thing in found]})
    page, size = (
        max(int(request.args.get(name) or default), 1) for name, default in (("page", 1), ("pageSize", 50))
    )
    pager = {"page": page, "pageCount": max(-(-len(found) // size), 1), "total": len(found), "pageSize": size}
    shown = found[(page - 1) * size : page * size]
    return answer({"pager": pager, "minMaxDataElements": [pick(thing, fields) for thing in shown]})


def _thing(row: Any) -> Object:
    kept = store()
    return {
        "min": row["min"],
        "max": row["max"],
        "generated": bool(row["generated"]),
        "source": kept.get("organisationUnits", row["ou"]) or {"id": row["ou"]},
        "dataElement": kept.get("dataElements", row["de"]) or {"id": row["de"]},
        "optionCombo": kept.get("categoryOptionCombos", row["coc"]) or {"id": row["coc"]},
    }


@blueprint.post("/api/minMaxDataElements")
@requires("F_MINMAX_DATAELEMENT_ADD")
def set_limit() -> Response:
    """Sets one limit."""
    limit = _judged(_written(json_body()), with_bounds=True)
    if not _is_known(limit):
        raise Refusal(400, f"Data value key combination does not exist: {limit[:3]}", "E2047")
    _keep([limit])
    return empty(201)


@blueprint.delete("/api/minMaxDataElements")
@requires("F_MINMAX_DATAELEMENT_ADD")
def drop_limit() -> Response:
    """Drops one limit."""
    key = _judged(_written(json_body()), with_bounds=False)[:3]
    if not store().execute(DROP, key).rowcount:
        raise Refusal(404, f"Data value key combination does not exist: {key}", "E2047")
    return empty(204)


def _written(body: Object) -> Object:
    """Returns one limit with the names that many limits are sent with."""
    named = {"dataElement": "dataElement", "orgUnit": "source", "categoryOptionCombo": "optionCombo"}
    keys = {name: (body.get(given) or {}).get("id") for name, given in named.items()}
    return {
        **keys,
        "minValue": body.get("min"),
        "maxValue": body.get("max"),
        "generated": bool(body.get("generated")),
    }


def _judged(value: Object, with_bounds: bool) -> Limit:
    """Reads one limit.

    Raises:
        Refusal: 400, a part of it is missing, or it ends before it begins.
    """
    low, high = value.get("minValue"), value.get("maxValue")
    rules = (
        (not value.get("dataElement"), "E1100", "Data element not found or not accessible"),
        (not value.get("orgUnit"), "E1102", "Organisation unit not found or not accessible"),
        (not _combo(value), "E1103", "Category option combo not found or not accessible"),
        (with_bounds and low is None, "E2042", "Min value must be specified"),
        (with_bounds and high is None, "E2043", "Max value must be specified"),
        (with_bounds and (low or 0) >= (high or 0), "E2044", "Max value must be greater than min value"),
    )
    for broken, code, words in rules:
        if broken:
            raise Refusal(400, f"{words}: `{value}`", code)
    generated = int(value.get("generated", True))
    return (
        value["dataElement"],
        value["orgUnit"],
        str(_combo(value)),
        int(low or 0),
        int(high or 0),
        generated,
    )


def _combo(value: Object) -> str | None:
    return value.get("categoryOptionCombo") or value.get("optionCombo")


def _is_known(limit: Limit) -> bool:
    kinds = ("dataElements", "organisationUnits", "categoryOptionCombos")
    return all(store().get(kind, uid) is not None for kind, uid in zip(kinds, limit[:3], strict=True))


def _keep(found: list[Limit]) -> None:
    store().executemany("INSERT OR REPLACE INTO min_max VALUES (?, ?, ?, ?, ?, ?)", found)


@blueprint.post("/api/minMaxDataElements/upsert")
@requires("F_MINMAX_DATAELEMENT_ADD")
def upsert() -> Response:
    """Sets many limits of one form."""
    rows = _bulk(json_body(), with_bounds=True)
    known = [row for row in rows if _is_known(row)]
    _keep(known)
    return _done("imported", len(known), len(rows))


@blueprint.post("/api/minMaxDataElements/delete")
@requires("F_MINMAX_DATAELEMENT_ADD")
def drop_many() -> Response:
    """Drops many limits of one form."""
    rows = _bulk(json_body(), with_bounds=False)
    return _done("deleted", sum(store().execute(DROP, row[:3]).rowcount for row in rows), len(rows))


def _done(what: str, count: int, total: int) -> Response:
    message = f"Successfully {what} {count} min-max values"
    return answer({"message": message, "successful": count, "ignored": total - count})


def _bulk(body: Object, with_bounds: bool) -> list[Limit]:
    """Reads many limits; those to be set must be of the form, where one is named."""
    rows = [_judged(value, with_bounds) for value in body.get("values") or ()]
    name = body.get("dataSet")
    form = store().get("dataSets", name) or {}
    elements = {part["dataElement"]["id"] for part in form.get("dataSetElements", ())}
    for row in rows:
        if with_bounds and name and row[0] not in elements:
            raise Refusal(400, f"Data set: `{name}` does not contain data element: `{row[0]}`", "E2021")
    return rows


@blueprint.post("/api/minMaxValues")
@requires("F_GENERATE_MIN_MAX_VALUES")
def generate() -> Response:
    """Sets limits from what was reported: the mean and two deviations to either side."""
    body = json_body()
    unit = store().get("organisationUnits", body.get("organisationUnit"))
    if unit is None or not current_user().captures(unit["path"]):
        raise Refusal(409, f"Organisation unit is not known or not yours: `{body.get('organisationUnit')}`")
    elements = {
        entry["dataElement"]["id"]
        for uid in body.get("dataSets", ())
        for entry in (store().get("dataSets", uid) or {}).get("dataSetElements", ())
    }
    units = [u["id"] for u in store().all("organisationUnits").values() if within(u["path"], (unit["path"],))]
    _keep([limit for uid in units for limit in _generated(uid, elements)])
    return empty(204)


def _generated(unit: str, elements: set[str]) -> list[Limit]:
    series: dict[tuple[str, str], list[float]] = {}
    sql = "SELECT de, coc, value FROM data_values WHERE ou = ? AND deleted = 0 AND value IS NOT NULL"
    for de, coc, text in store().execute(sql, (unit,)):
        if de in elements and text.lstrip("-").replace(".", "", 1).isdigit():
            series.setdefault((de, coc), []).append(float(text))
    factor = float(store().setting("factorDeviation", FACTOR))
    found: list[Limit] = []
    for (de, coc), values in series.items():
        mean, deviation = statistics.fmean(values), statistics.pstdev(values)
        low, high = int(mean - factor * deviation), int(mean + factor * deviation) + 1
        found.append((de, unit, coc, max(low, 0) if min(values) >= 0 else low, high, 1))
    return found
