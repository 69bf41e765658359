"""`/api/dataAnalysis/followup`: the values that somebody marked for follow-up."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from demo import periods
from demo.analytics.items import NUMERIC
from demo.store import Object
from demo.users import within
from demo.web import Refusal, answer, clock, empty, json_body, requires, several, store

LIMIT = 10_000
MOST = 50

blueprint = Blueprint("follow_up", __name__)


@blueprint.get("/api/dataAnalysis/followup")
@requires("F_RUN_VALIDATION")
def marked() -> Response:
    """Lists marked values of elements at units and below, within the dates."""
    elements, units = _elements(), [u for u in several("ou") if store().get("organisationUnits", u)]
    start, end = _dates()
    most = int(request.args.get("maxResults") or MOST)
    checks = (
        (not elements, "At least one data element must be specified", "E2300"),
        (not units, "At least one organisation unit must be specified", "E2203"),
        (start is None or end is None, "Start date and end date must be specified", "E2301"),
        (
            bool(start and end and start >= end and "pe" not in request.args),
            "Start date must be before end date",
            "E2202",
        ),
        (most <= 0, "Max results must be a positive number", "E2205"),
        (most > LIMIT, f"Max results exceeds the allowed max limit: `{LIMIT}`", "E2206"),
    )
    for wrong, message, code in checks:
        if wrong:
            raise Refusal(409, message, code)
    combos = several("coc") or _combos(elements)
    found = [
        _shown(row) for row in _rows(set(elements), set(combos), units) if _within(row["pe"], start, end)
    ]
    told = {
        "de": elements,
        "coc": combos,
        "ou": units,
        "startDate": f"{start}T00:00:00.000",
        "endDate": f"{end}T00:00:00.000",
        "maxResults": most,
    }
    return answer({"metadata": told, "followupValues": found[:most]})


def _elements() -> list[str]:
    found = [d for d in several("de") if store().get("dataElements", d)]
    for data_set in (store().get("dataSets", d) for d in several("ds")):
        found += [e["dataElement"]["id"] for e in (data_set or {}).get("dataSetElements", ())]
    return [d for d in dict.fromkeys(found) if store().get("dataElements", d)["valueType"] in NUMERIC]


def _combos(elements: list[str]) -> list[str]:
    wanted = {store().get("dataElements", d).get("categoryCombo", {}).get("id") for d in elements}
    return [
        uid
        for uid, combo in store().all("categoryOptionCombos").items()
        if combo.get("categoryCombo", {}).get("id") in wanted
    ]


def _dates() -> tuple[date | None, date | None]:
    if request.args.get("pe"):
        asked = [found for text in several("pe") if (found := periods.parse(text))]
        return (min(p.start for p in asked), max(p.end for p in asked)) if asked else (None, None)
    texts = (request.args.get("startDate"), request.args.get("endDate"))
    try:
        start, end = (date.fromisoformat(text[:10]) if text else None for text in texts)
    except ValueError:
        raise Refusal(400, f"{texts} are not dates such as 2019-08-31") from None
    return start, end


def _within(iso: str, start: date | None, end: date | None) -> bool:
    period = periods.parse(iso)
    return bool(period and start and end and start <= period.start and period.end <= end)


def _rows(elements: set[str], combos: set[str], units: list[str]) -> list[Any]:
    roots = tuple(store().get("organisationUnits", uid)["path"] for uid in units)
    rows = store().execute("SELECT * FROM data_values WHERE followup AND deleted = 0 ORDER BY pe, ou")
    return [
        row
        for row in rows
        if row["de"] in elements
        and row["coc"] in combos
        and within(store().get("organisationUnits", row["ou"])["path"], roots)
    ]


def _shown(row: Any) -> Object:
    unit, period = store().get("organisationUnits", row["ou"]), periods.parse(row["pe"])
    limit = (
        store()
        .execute(
            "SELECT min, max FROM min_max WHERE de = ? AND ou = ? AND coc = ?",
            (row["de"], row["ou"], row["coc"]),
        )
        .fetchone()
    )
    found = {
        "de": row["de"],
        "deName": store().get("dataElements", row["de"])["name"],
        "pe": row["pe"],
        "peType": period.type,
        "peStartDate": f"{period.start}T00:00:00.000",
        "peEndDate": f"{period.end}T00:00:00.000",
        "peName": period.name,
        "ou": row["ou"],
        "ouName": unit["name"],
        "ouPath": unit["path"],
        "coc": row["coc"],
        "cocName": store().get("categoryOptionCombos", row["coc"])["name"],
        "aoc": row["aoc"],
        "aocName": store().get("categoryOptionCombos", row["aoc"])["name"],
        "value": row["value"],
        "storedBy": row["stored_by"],
        "lastUpdated": row["last_updated"],
        "created": row["created"],
        "comment": row["comment"],
        "min": limit["min"] if limit else None,
        "max": limit["max"] if limit else None,
    }
    return {key: value for key, value in found.items() if value is not None}


@blueprint.post("/api/dataAnalysis/followup/mark")
@requires("F_RUN_VALIDATION")
def mark() -> Response:
    """Marks values, or takes their marks away."""
    wanted = json_body().get("followups", [])
    for one in wanted:
        keys = (
            one.get("organisationUnitId"),
            one.get("periodId"),
            one.get("dataElementId"),
            one.get("categoryOptionComboId"),
        )
        store().execute(
            "UPDATE data_values SET followup = ?, first_stored = created, last_updated = ? "
            "WHERE ou = ? AND pe = ? AND de = ? AND coc = ?",
            (int(bool(one.get("followup"))), clock().seconds(), *keys),
        )
    return empty()
