"""`/api/lockExceptions`: who may still report an expired period."""

from __future__ import annotations

from flask import Blueprint, Response, request

from demo.periods import Period, parse
from demo.store import Object
from demo.web import Refusal, answer, current_user, empty, several, store, web_message

blueprint = Blueprint("lock_exceptions", __name__)


@blueprint.get("/api/lockExceptions")
def lock_exceptions() -> Response:
    """Lists the exceptions from expiry."""
    rows = store().execute("SELECT * FROM lock_exceptions ORDER BY created DESC").fetchall()
    names = [
        {
            "dataSet": _reference("dataSets", r["ds"]),
            "period": {"id": r["pe"], "displayName": _name(r["pe"])},
            "organisationUnit": _reference("organisationUnits", r["ou"]),
            "name": f"{_reference('organisationUnits', r['ou'])['displayName']} ({r['pe']})",
        }
        for r in rows
    ]
    return answer(
        {"pager": {"page": 1, "total": len(names), "pageSize": 50, "pageCount": 1}, "lockExceptions": names}
    )


@blueprint.post("/api/lockExceptions")
def add_lock_exception() -> Response:
    """Lets a unit report an expired period of a data set."""
    data_set, period, units = _exception()
    assigned = {u["id"] for u in data_set.get("organisationUnits", ())}
    if not units or not all(unit["id"] in assigned for unit in units):
        raise Refusal(409, "None of the organisation unit(s) is linked to the specified data set.")
    moment = store().clock.milliseconds()
    store().executemany(
        "INSERT OR REPLACE INTO lock_exceptions VALUES (?, ?, ?, ?)",
        [(data_set["id"], period.iso, unit["id"], moment) for unit in units],
    )
    return web_message(201, "LockException created successfully.")


@blueprint.delete("/api/lockExceptions")
def drop_lock_exception() -> Response:
    """Ends an exception."""
    data_set, period, units = _exception()
    store().executemany(
        "DELETE FROM lock_exceptions WHERE ds = ? AND pe = ? AND ou = ?",
        [(data_set["id"], period.iso, unit["id"]) for unit in units],
    )
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
        raise Refusal(
            403, "You can only add or remove a Lock exceptions to your data capture organisation units."
        )
    return data_set, period, units


def _reference(kind: str, uid: str) -> Object:
    return {"id": uid, "displayName": (store().get(kind, uid) or {}).get("name", uid)}


def _name(iso: str) -> str:
    period = parse(iso)
    return period.name if period else iso
