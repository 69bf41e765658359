"""What the data entry app asks: one form with its lock, its completion, and the history of its values."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from demo import combos, locks
from demo.api.completeness import INSERT
from demo.api.data_values import attribute_option_combo
from demo.periods import Period, parse
from demo.store import Object
from demo.web import Refusal, answer, current_user, empty, flag, json_body, requires, several, store, web_message

blueprint = Blueprint("data_entry", __name__)
AUDIT_COLUMNS = {"de": "de", "pe": "pe", "ou": "ou", "co": "coc", "cc": "aoc"}


@blueprint.get("/api/dataEntry/dataValues")
def form() -> Response:
    """Returns the values of one form with limits, lock and completion."""
    data_set, period, unit = _form(request.args.get("ds"), request.args.get("pe"), request.args.get("ou"))
    elements = [part["dataElement"]["id"] for part in data_set.get("dataSetElements", ())]
    rows = store().execute(
        f"SELECT * FROM data_values WHERE ou = ? AND pe = ? AND NOT deleted AND de IN ({','.join('?' * len(elements))})",
        (unit["id"], period.iso, *elements)).fetchall()
    return answer({"dataValues": [_entry(row) for row in rows], "minMaxValues": _limits(elements, unit["id"]),
                   "lockStatus": _lock(data_set, period, unit["id"]),
                   "completeStatus": _completion(data_set["id"], period.iso, unit["id"])})


@blueprint.post("/api/dataEntry/dataSetCompletion")
@requires("F_DATAVALUE_ADD")
def complete() -> Response:
    """Completes a form, or takes that back."""
    body = json_body()
    data_set, period, unit = _form(body.get("dataSet"), body.get("period"), body.get("orgUnit"))
    attribute, user = attribute_option_combo(body), current_user()
    if locks.is_expired(store(), user, data_set, period, unit["id"]):
        raise Refusal(409, "Data set is locked", "E2017")
    _refuse_when_unfilled(data_set, period, unit["id"])
    moment, completed = store().clock.seconds(), str(body.get("completed", True)).lower() != "false"
    store().execute(INSERT, (data_set["id"], period.iso, unit["id"], attribute, int(completed), user.username, moment,
                             user.username, moment))
    return empty()


@blueprint.get("/api/dataEntry/dataValueContext")
def context() -> Response:
    """Returns the history of a value: its audits, and the value in the 13 periods before."""
    wanted = {name: request.args.get(name, "") for name in ("de", "pe", "ou", "co")}
    wanted["co"] = wanted["co"] or combos.DEFAULT_OPTION_COMBO
    period = parse(wanted["pe"])
    if period is None:
        raise Refusal(409, f"Period not valid: `{wanted['pe']}`", "E1101")
    audits = store().execute("SELECT * FROM audits WHERE de = ? AND pe = ? AND ou = ? AND coc = ? ORDER BY id DESC",
                             (wanted["de"], wanted["pe"], wanted["ou"], wanted["co"])).fetchall()
    rows = store().execute("SELECT * FROM data_values WHERE ou = ? AND de = ? AND coc = ? AND NOT deleted"
                           " AND pe <= ? ORDER BY pe DESC LIMIT 13",
                           (wanted["ou"], wanted["de"], wanted["co"], wanted["pe"])).fetchall()
    history = [{"dataElement": r["de"], "period": r["pe"], "orgUnit": r["ou"], "value": r["value"]} for r in rows]
    return answer({"audits": [_brief_audit(row) for row in audits], "history": history})


@blueprint.get("/api/audits/dataValue")
def audits() -> Response:
    """Returns what changed in values, newest first: the values before, by whom and when."""
    where, parameters = ["1"], []
    for name, column in AUDIT_COLUMNS.items():
        if chosen := several(name):
            where.append(f"{column} IN ({','.join('?' * len(chosen))})")
            parameters += chosen
    if sets := [d for uid in several("ds") if (d := store().get("dataSets", uid))]:
        elements = [part["dataElement"]["id"] for d in sets for part in d.get("dataSetElements", ())]
        where.append(f"de IN ({','.join('?' * len(elements))})")
        parameters += elements
    if kinds := several("auditType"):
        where.append(f"type IN ({','.join('?' * len(kinds))})")
        parameters += kinds
    found = store().execute(f"SELECT * FROM audits WHERE {' AND '.join(where)} ORDER BY created DESC, id DESC",
                            parameters).fetchall()
    body: Object = {}
    if flag("paging", True):
        page, size = int(request.args.get("page", 1)), int(request.args.get("pageSize", 50))
        body["pager"] = {"page": page, "total": len(found), "pageSize": size,
                         "pageCount": max(1, -(-len(found) // size))}
        found = found[(page - 1) * size: page * size]
    return answer({**body, "dataValueAudits": [_audit(row) for row in found]})


@blueprint.get("/api/lockExceptions")
def lock_exceptions() -> Response:
    """Lists the exceptions from expiry."""
    rows = store().execute("SELECT * FROM lock_exceptions ORDER BY created DESC").fetchall()
    names = [{"dataSet": _reference("dataSets", r["ds"]), "period": {"id": r["pe"], "displayName": _name(r["pe"])},
              "organisationUnit": _reference("organisationUnits", r["ou"]),
              "name": f"{_reference('organisationUnits', r['ou'])['displayName']} ({r['pe']})"} for r in rows]
    return answer({"pager": {"page": 1, "total": len(names), "pageSize": 50, "pageCount": 1}, "lockExceptions": names})


@blueprint.post("/api/lockExceptions")
def add_lock_exception() -> Response:
    """Lets a unit report an expired period of a data set."""
    data_set, period, units = _exception()
    assigned = {u["id"] for u in data_set.get("organisationUnits", ())}
    if not units or not all(unit["id"] in assigned for unit in units):
        raise Refusal(409, "None of the organisation unit(s) is linked to the specified data set.")
    moment = store().clock.milliseconds()
    store().executemany("INSERT OR REPLACE INTO lock_exceptions VALUES (?, ?, ?, ?)",
                        [(data_set["id"], period.iso, unit["id"], moment) for unit in units])
    return web_message(201, "LockException created successfully.")


@blueprint.delete("/api/lockExceptions")
def drop_lock_exception() -> Response:
    """Ends an exception."""
    data_set, period, units = _exception()
    store().executemany("DELETE FROM lock_exceptions WHERE ds = ? AND pe = ? AND ou = ?",
                        [(data_set["id"], period.iso, unit["id"]) for unit in units])
    return empty(204)


def _exception() -> tuple[Object, Period, list[Object]]:
    data_set, period = store().get("dataSets", request.args.get("ds")), parse(request.args.get("pe", ""))
    units = [u for uid in several("ou") if (u := store().get("organisationUnits", uid))]
    if data_set is None or period is None:
        raise Refusal(409, "DataSet or Period is not valid.")
    user = current_user()
    if not user.may("dataSets", data_set, "write") or not user.has("F_DATASET_PUBLIC_ADD"):
        raise Refusal(403, "You don't have the proper permissions to update this object.", "E1006")
    if not all(user.captures(unit["path"]) for unit in units):
        raise Refusal(403, "You can only add or remove a Lock exceptions to your data capture organisation units.")
    return data_set, period, units


def _form(data_set: Any, iso: Any, unit: Any) -> tuple[Object, Period, Object]:
    form, period, place = store().get("dataSets", data_set), parse(str(iso)), store().get("organisationUnits", unit)
    if form is None:
        raise Refusal(409, f"Data set not found or not accessible: `{data_set}`", "E1105")
    if period is None:
        raise Refusal(409, f"Period not valid: `{iso}`", "E1101")
    if place is None:
        raise Refusal(409, f"Organisation unit not found or not accessible: `{unit}`", "E1102")
    if not current_user().captures(place["path"]):
        raise Refusal(409, f"Organisation unit is not in the hierarchy of the current user: `{unit}`", "E2020")
    return form, period, place


def _entry(row: Any) -> Object:
    combo = store().get("categoryOptionCombos", row["aoc"]) or {}
    entry = {"dataElement": row["de"], "period": row["pe"], "orgUnit": row["ou"], "categoryOptionCombo": row["coc"],
             "attribute": {"combo": combo.get("categoryCombo", {}).get("id"),
                           "options": [o["id"] for o in combo.get("categoryOptions", ())]},
             "value": row["value"], "comment": row["comment"], "followUp": bool(row["followup"]),
             "storedBy": row["stored_by"], "created": row["created"], "lastUpdated": row["last_updated"]}
    return {name: value for name, value in entry.items() if value is not None}


def _limits(elements: list[str], unit: str) -> list[Object]:
    """Returns the limits of values at a unit; the table belongs to the min-max routes and may not be there."""
    known = store().execute("SELECT 1 FROM sqlite_master WHERE name = 'min_max'").fetchone()
    if known is None:
        return []
    rows = store().execute(f"SELECT * FROM min_max WHERE ou = ? AND de IN ({','.join('?' * len(elements))})",
                           (unit, *elements)).fetchall()
    return [{"dataElement": r["de"], "orgUnit": r["ou"], "categoryOptionCombo": r["coc"], "minValue": r["min"],
             "maxValue": r["max"]} for r in rows]


def _lock(data_set: Object, period: Period, unit: str) -> str:
    expired = locks.is_expired(store(), current_user(), data_set, period, unit)
    return "LOCKED" if expired or locks.is_shut_by_date(data_set, period, store().clock.now()) else "OPEN"


def _completion(data_set: str, iso: str, unit: str) -> Object:
    row = store().execute("SELECT * FROM registrations WHERE ds = ? AND pe = ? AND ou = ?",
                          (data_set, iso, unit)).fetchone()
    if row is None:
        return {"complete": False}
    return {"complete": bool(row["completed"]), "created": row["created"], "createdBy": row["stored_by"],
            "lastUpdated": row["last_updated"], "lastUpdatedBy": row["last_updated_by"]}


def _refuse_when_unfilled(data_set: Object, period: Period, unit: str) -> None:
    if not data_set.get("compulsoryFieldsCompleteOnly"):
        return
    rows = store().execute("SELECT de, coc FROM data_values WHERE ou = ? AND pe = ? AND NOT deleted",
                           (unit, period.iso)).fetchall()
    filled = {(row["de"], row["coc"]) for row in rows}
    wanted = [(o["dataElement"]["id"], (o.get("categoryOptionCombo") or {}).get("id"))
              for o in data_set.get("compulsoryDataElementOperands", ())]
    missing = [f"{de}.{coc}" for de, coc in wanted if (de, coc) not in filled]
    if missing:
        raise Refusal(409, f"All compulsory data element operands need to be filled: {missing}")


def _audit(row: Any) -> Object:
    return {"created": row["created"], "modifiedBy": row["modified_by"], "auditType": row["type"], "value": row["value"],
            "period": {"id": row["pe"]}, "organisationUnit": {"id": row["ou"]},
            "attributeOptionCombo": {"id": row["aoc"]}, "categoryOptionCombo": {"id": row["coc"]},
            "dataElement": {"id": row["de"]}}


def _brief_audit(row: Any) -> Object:
    return {"auditType": row["type"], "created": row["created"], "modifiedBy": row["modified_by"], "value": row["value"]}


def _reference(kind: str, uid: str) -> Object:
    return {"id": uid, "displayName": (store().get(kind, uid) or {}).get("name", uid)}


def _name(iso: str) -> str:
    period = parse(iso)
    return period.name if period else iso
