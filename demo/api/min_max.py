"""`/api/minMaxDataElements` and its kin: the limits that a value of one element and unit should keep."""

from __future__ import annotations

import statistics
from typing import Any

from flask import Blueprint, Flask, Response, request

from demo.picked import passes, pick
from demo.store import Object
from demo.users import within
from demo.web import Refusal, answer, current_user, empty, flag, json_body, requires, store, web_message

TABLE = """
CREATE TABLE IF NOT EXISTS min_max (
    de TEXT, ou TEXT, coc TEXT, min INTEGER, max INTEGER, generated INTEGER DEFAULT 0,
    PRIMARY KEY (de, ou, coc)) WITHOUT ROWID;
"""
FACTOR = 2.0

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
    _keep([_read(json_body())])
    return empty(201)


@blueprint.delete("/api/minMaxDataElements")
@requires("F_MINMAX_DATAELEMENT_DELETE")
def drop_limit() -> Response:
    """Drops one limit."""
    de, ou, coc, *_ = _read({"min": 0, "max": 1, **json_body()})
    if not store().execute("DELETE FROM min_max WHERE de = ? AND ou = ? AND coc = ?", (de, ou, coc)).rowcount:
        raise Refusal(404, "Can not find MinMaxDataElement.")
    return empty(204)


def _read(body: Object) -> Limit:
    def reference(name: str, kind: str) -> str:
        uid = str((body.get(name) or {}).get("id", ""))
        if store().get(kind, uid) is None:
            raise Refusal(409, f"Object reference in {name} is not known: `{uid}`", "E2000")
        return uid

    keys = (
        reference("dataElement", "dataElements"),
        reference("source", "organisationUnits"),
        reference("optionCombo", "categoryOptionCombos"),
    )
    return (*keys, *_bounds(body.get("min"), body.get("max")), int(bool(body.get("generated"))))


def _bounds(low: Any, high: Any) -> tuple[int, int]:
    if not isinstance(low, int) or not isinstance(high, int):
        raise Refusal(400, "Missing required field: min and max must be whole numbers", "E7801")
    if low >= high:
        raise Refusal(409, f"Min value must be less than max value: {low}, {high}", "E7802")
    return low, high


def _keep(found: list[Limit]) -> None:
    store().executemany("INSERT OR REPLACE INTO min_max VALUES (?, ?, ?, ?, ?, ?)", found)


@blueprint.post("/api/minMaxDataElements/upsert")
@requires("F_MINMAX_DATAELEMENT_ADD")
def upsert() -> Response:
    """Sets many limits of one form."""
    rows = _bulk(json_body(), with_bounds=True)
    _keep(rows)
    return web_message(
        200, f"Successfully imported {len(rows)} min-max values", response={"successful": len(rows)}
    )


@blueprint.post("/api/minMaxDataElements/delete")
@requires("F_MINMAX_DATAELEMENT_DELETE")
def drop_many() -> Response:
    """Drops many limits of one form."""
    rows = _bulk(json_body(), with_bounds=False)
    store().executemany("DELETE FROM min_max WHERE de = ? AND ou = ? AND coc = ?", [row[:3] for row in rows])
    return web_message(
        200, f"Successfully deleted {len(rows)} min-max values", response={"successful": len(rows)}
    )


def _bulk(body: Object, with_bounds: bool) -> list[Limit]:
    data_set = store().get("dataSets", body.get("dataSet"))
    if data_set is None:
        raise Refusal(409, f"Data set is not known: `{body.get('dataSet')}`", "E7805")
    elements = {entry["dataElement"]["id"] for entry in data_set.get("dataSetElements", ())}
    found = []
    for value in body.get("values", ()):
        keys = tuple(str(value.get(name, "")) for name in ("dataElement", "orgUnit", "categoryOptionCombo"))
        kinds = ("dataElements", "organisationUnits", "categoryOptionCombos")
        if keys[0] not in elements or any(
            store().get(k, uid) is None for k, uid in zip(kinds, keys, strict=True)
        ):
            raise Refusal(
                409, f"Min-max value refers to what is not in the form or not known: `{keys}`", "E7803"
            )
        bounds = _bounds(value.get("minValue"), value.get("maxValue")) if with_bounds else (0, 1)
        found.append((*keys, *bounds, 0))
    return found  # type: ignore[return-value]


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
