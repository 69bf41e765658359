"""`/api/dataApprovals`: months of a form that somebody up the hierarchy has approved, and nobody may change.

Approval of a unit holds for all below it. A unit can be approved where the form's workflow has a level for
the unit's own in the hierarchy. A live DHIS2 asks besides that the levels below have approved before.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from demo import locks
from demo.periods import Period, parse
from demo.store import Object
from demo.web import Refusal, answer, current_user, empty, store

blueprint = Blueprint("data_approvals", __name__)
APPROVE = "F_APPROVE_DATA"
LOWER = "F_APPROVE_DATA_LOWER_LEVELS"


@blueprint.get("/api/dataApprovals")
def approval() -> Response:
    """Says how far the approval of a form's month at a unit is."""
    data_set, period, unit = _asked()
    here = unit["id"] in locks.approved_units(store(), data_set, period)
    above = locks.is_approved(store(), data_set, period, unit)
    state = "APPROVED_HERE" if here else "APPROVED_ABOVE" if above else "UNAPPROVED_READY"
    may = _may(unit)
    told = {
        "state": state if data_set.get("workflow") else "UNAPPROVABLE",
        "mayApprove": may and not above,
        "mayUnapprove": may and here,
        "mayAccept": False,
        "mayUnaccept": False,
    }
    return answer(told)


@blueprint.post("/api/dataApprovals")
def approve() -> Response:
    """Approves a form's month at a unit and all below it."""
    data_set, period, unit = _permitted()
    row = (data_set["id"], period.iso, unit["id"], current_user().username, store().clock.milliseconds())
    store().execute("INSERT OR IGNORE INTO approvals VALUES (?, ?, ?, ?, ?)", row)
    return empty(204)


@blueprint.delete("/api/dataApprovals")
def unapprove() -> Response:
    """Takes an approval back."""
    data_set, period, unit = _permitted()
    place = (data_set["id"], period.iso, unit["id"])
    store().execute("DELETE FROM approvals WHERE ds = ? AND pe = ? AND ou = ?", place)
    return empty(204)


def _permitted() -> tuple[Object, Period, Object]:
    data_set, period, unit = _asked()
    if not data_set.get("workflow"):
        raise Refusal(409, f"Data set does not have an approval workflow: {data_set['id']}")
    if unit["level"] not in _levels(data_set):
        raise Refusal(409, f"Approval level not found for org unit: {unit['id']}")
    if not _may(unit):
        raise Refusal(409, f"User is not allowed to approve data of {unit['id']}")
    return data_set, period, unit


def _levels(data_set: Object) -> set[int]:
    """The levels of the hierarchy whose units approve the form's months."""
    flow = store().get("dataApprovalWorkflows", data_set["workflow"]["id"]) or {}
    levels = (store().get("dataApprovalLevels", each["id"]) for each in flow.get("dataApprovalLevels", ()))
    return {level["orgUnitLevel"] for level in levels if level}


def _may(unit: Object) -> bool:
    user = current_user()
    return (user.has(APPROVE) or user.has(LOWER)) and user.captures(unit["path"])


def _asked() -> tuple[Object, Period, Object]:
    data_set = store().get("dataSets", request.args.get("ds", ""))
    period = parse(request.args.get("pe", ""))
    unit = store().get("organisationUnits", request.args.get("ou", ""))
    if data_set is None or period is None or unit is None:
        raise Refusal(409, "Illegal data set, period or organisation unit identifier")
    return data_set, period, unit
