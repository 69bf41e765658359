"""What the data entry app asks: one form with its lock, its completion, and the history of its values."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from demo import combos, locks
from demo.api.data_values import attribute_option_combo
from demo.periods import Period, parse
from demo.store import Object
from demo.web import (
    Refusal,
    answer,
    current_user,
    empty,
    json_body,
    store,
)

blueprint = Blueprint("data_entry", __name__)
COMPLETION = """INSERT INTO registrations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (ds, pe, ou, aoc) DO UPDATE SET completed = excluded.completed,
    last_updated_by = excluded.last_updated_by, last_updated = excluded.last_updated"""
VALUES = """SELECT * FROM data_values WHERE ou = ? AND pe = ? AND NOT deleted
    AND de IN (SELECT value FROM json_each(?))"""
LIMITS = "SELECT * FROM min_max WHERE ou = ? AND de IN (SELECT value FROM json_each(?))"


@blueprint.get("/api/dataEntry/dataValues")
def form() -> Response:
    """Returns the values of one form with limits, lock and completion."""
    data_set, period, unit = _form(request.args.get("ds"), request.args.get("pe"), request.args.get("ou"))
    elements = [part["dataElement"]["id"] for part in data_set.get("dataSetElements", ())]
    rows = store().execute(VALUES, (unit["id"], period.iso, json.dumps(elements))).fetchall()
    return answer(
        {
            "dataValues": [_entry(row) for row in rows],
            "minMaxValues": _limits(elements, unit["id"]),
            "lockStatus": _lock(data_set, period, unit),
            "completeStatus": _completion(data_set["id"], period.iso, unit["id"]),
        }
    )


@blueprint.post("/api/dataEntry/dataSetCompletion")
def complete() -> Response:
    """Completes a form, or takes that back."""
    body = json_body()
    data_set, period, unit = _form(body.get("dataSet"), body.get("period"), body.get("orgUnit"))
    attribute, user = attribute_option_combo(body), current_user().username
    _refuse_when_unfilled(data_set, period, unit["id"])
    moment, completed = store().clock.seconds(), str(body.get("completed", True)).lower() != "false"
    key = (data_set["id"], period.iso, unit["id"], attribute)
    store().execute(COMPLETION, (*key, int(completed), user, moment, user, moment))
    return empty()


@blueprint.get("/api/dataEntry/dataValueContext")
def context() -> Response:
    """Returns the history of a value: its audits, and the value in the 13 periods before."""
    wanted = {name: request.args.get(name, "") for name in ("de", "pe", "ou", "co")}
    wanted["co"] = wanted["co"] or combos.DEFAULT_OPTION_COMBO
    period = parse(wanted["pe"])
    if period is None:
        raise Refusal(409, f"Period not valid: `{wanted['pe']}`", "E1101")
    audits = (
        store()
        .execute(
            "SELECT * FROM audits WHERE de = ? AND pe = ? AND ou = ? AND coc = ? ORDER BY id DESC",
            (wanted["de"], wanted["pe"], wanted["ou"], wanted["co"]),
        )
        .fetchall()
    )
    rows = (
        store()
        .execute(
            "SELECT * FROM data_values WHERE ou = ? AND de = ? AND coc = ? AND NOT deleted"
            " AND pe <= ? ORDER BY pe DESC LIMIT 13",
            (wanted["ou"], wanted["de"], wanted["co"], wanted["pe"]),
        )
        .fetchall()
    )
    history = [
        {"dataElement": r["de"], "period": r["pe"], "orgUnit": r["ou"], "value": r["value"]} for r in rows
    ]
    return answer({"audits": [_brief_audit(row) for row in audits], "history": history})


def _form(data_set: Any, iso: Any, unit: Any) -> tuple[Object, Period, Object]:
    form, period, place = (
        store().get("dataSets", data_set),
        parse(str(iso)),
        store().get("organisationUnits", unit),
    )
    if form is None:
        raise Refusal(409, f"Data set not found or not accessible: `{data_set}`", "E1105")
    if period is None:
        raise Refusal(409, f"Period not valid: `{iso}`", "E1101")
    if place is None:
        raise Refusal(409, f"Organisation unit not found or not accessible: `{unit}`", "E1102")
    if not current_user().captures(place["path"]):
        raise Refusal(
            409, f"Organisation unit is not in the hierarchy of the current user: `{unit}`", "E2020"
        )
    return form, period, place


def _entry(row: Any) -> Object:
    combo = store().get("categoryOptionCombos", row["aoc"]) or {}
    entry = {
        "dataElement": row["de"],
        "period": row["pe"],
        "orgUnit": row["ou"],
        "categoryOptionCombo": row["coc"],
        "attribute": {
            "combo": combo.get("categoryCombo", {}).get("id"),
            "options": [o["id"] for o in combo.get("categoryOptions", ())],
        },
        "value": row["value"],
        "comment": row["comment"],
        "followUp": bool(row["followup"]),
        "storedBy": row["stored_by"],
        "created": row["created"],
        "lastUpdated": row["last_updated"],
    }
    return {name: value for name, value in entry.items() if value is not None}


def _limits(elements: list[str], unit: str) -> list[Object]:
    rows = store().execute(LIMITS, (unit, json.dumps(elements))).fetchall()
    return [
        {
            "dataElement": r["de"],
            "orgUnit": r["ou"],
            "categoryOptionCombo": r["coc"],
            "minValue": r["min"],
            "maxValue": r["max"],
        }
        for r in rows
    ]


def _lock(data_set: Object, period: Period, unit: Object) -> str:
    if locks.is_approved(store(), data_set, period, unit):
        return "APPROVED"
    expired = locks.is_expired(store(), current_user(), data_set, period, unit["id"])
    return "LOCKED" if expired or locks.is_shut_by_date(data_set, period, store().clock.now()) else "OPEN"


def _completion(data_set: str, iso: str, unit: str) -> Object:
    row = (
        store()
        .execute("SELECT * FROM registrations WHERE ds = ? AND pe = ? AND ou = ?", (data_set, iso, unit))
        .fetchone()
    )
    if row is None:
        return {"complete": False}
    return {
        "complete": bool(row["completed"]),
        "created": row["created"],
        "createdBy": row["stored_by"],
        "lastUpdated": row["last_updated"],
        "lastUpdatedBy": row["last_updated_by"],
    }


def _refuse_when_unfilled(data_set: Object, period: Period, unit: str) -> None:
    if not data_set.get("compulsoryFieldsCompleteOnly"):
        return
    rows = (
        store()
        .execute(
            "SELECT de, coc FROM data_values WHERE ou = ? AND pe = ? AND NOT deleted", (unit, period.iso)
        )
        .fetchall()
    )
    filled = {(row["de"], row["coc"]) for row in rows}
    wanted = [
        (o["dataElement"]["id"], (o.get("categoryOptionCombo") or {}).get("id"))
        for o in data_set.get("compulsoryDataElementOperands", ())
    ]
    missing = [f"{de}.{coc}" for de, coc in wanted if (de, coc) not in filled]
    if missing:
        raise Refusal(409, f"All compulsory data element operands need to be filled: {missing}")


def _brief_audit(row: Any) -> Object:
    return {
        "auditType": row["type"],
        "created": row["created"],
        "modifiedBy": row["modified_by"],
        "value": row["value"],
    }
