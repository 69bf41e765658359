"""`GET /api/tracker/events`: events found, chosen, ordered and paged, in the words of each version."""

from __future__ import annotations

import csv
import io
import json

from flask import Blueprint, Response, request

from demo.api.tracker_filters import event_filters
from demo.events import Events
from demo.ids import is_uid
from demo.picked import ordered, pick
from demo.store import Object
from demo.users import within
from demo.web import (
    Refusal,
    absolute,
    answer,
    answer_format,
    current_user,
    dialect,
    flag,
    several,
    store,
)

WITH_UNIT = ("SELECTED", "CHILDREN", "DESCENDANTS")
MODES = (*WITH_UNIT, "ACCESSIBLE", "CAPTURE", "ALL")
ORDERS = {
    "occurredAt",
    "scheduledAt",
    "createdAt",
    "updatedAt",
    "completedAt",
    "status",
    "event",
    "orgUnit",
    "program",
    "programStage",
    "completedBy",
    "storedBy",
    "enrollment",
    "followUp",
    "deleted",
    "attributeOptionCombo",
}
STORED = {
    "event": "id",
    "orgUnit": "ou",
    "occurredAt": "occurred",
    "createdAt": "created",
    "updatedAt": "updated",
    "status": "status",
}
"""What of an event has a column of its own, by which SQLite puts events in order without reading them."""
COLUMNS = (
    "event",
    "status",
    "program",
    "programStage",
    "enrollment",
    "orgUnit",
    "occurredAt",
    "scheduledAt",
    "followUp",
    "deleted",
    "createdAt",
    "updatedAt",
    "completedBy",
    "completedAt",
)
VALUE_COLUMNS = ("dataElement", "value", "storedBy", "providedElsewhere")

blueprint = Blueprint("tracker_export", __name__)


@blueprint.get("/api/tracker/events")
def events() -> Response:
    """Lists events."""
    if dialect() >= 43 and not request.args.get("program"):
        raise Refusal(400, "Program is mandatory")
    tests, order = event_filters(), _order()
    stored = all(name in STORED for name, _ in order)
    numbers = _candidates(order if stored else [])
    page, size = _page()
    chosen = slice((page - 1) * size, page * size) if _paged() else slice(None)
    if tests or not stored:
        every = [event for event in _read(numbers) if all(test(event) for test in tests)]
        total, found = len(every), (every if stored else _in_order(every))[chosen]
    else:  # twenty thousand events, page by page: only those of the page are read
        total, found = len(numbers), _read(numbers[chosen])
    if answer_format() == "csv":
        return _as_csv(found)
    fields = request.args.get("fields", "*")
    return answer(_listed([pick(event, fields) for event in found], total, page, size))


def _paged() -> bool:
    if dialect() <= 41 and flag("skipPaging"):
        return False
    return flag("paging", True)


def _page() -> tuple[int, int]:
    numbers = []
    for name, default in (("page", 1), ("pageSize", 50)):
        text = request.args.get(name) or str(default)
        if not text.isdigit() or int(text) < 1:
            raise Refusal(400, f"{name} must be greater than or equal to 1")
        numbers.append(int(text))
    return numbers[0], numbers[1]


def _listed(found: list[Object], total: int, page: int, size: int) -> Object:
    """The list as each version writes it: pages flat up to 2.41, under ``pager`` from 2.41 on."""
    key = "instances" if dialect() == 40 else "events"
    if not _paged():
        return {key: found}
    pager: Object = {"page": page, "pageSize": size}
    if flag("totalPages"):
        pager |= {"total": total, "pageCount": max(-(-total // size), 1)}
    if dialect() == 40:
        return {**pager, key: found}
    if dialect() >= 42:
        if page > 1:
            pager["prevPage"] = _page_address(page - 1)
        if page * size < total:
            pager["nextPage"] = _page_address(page + 1)
        return {"pager": pager, key: found}
    return {"pager": dict(pager), **pager, key: found}


def _page_address(page: int) -> str:
    rest = [f"{name}={value}" for name, value in request.args.items(multi=True) if name != "page"]
    return f"{absolute(request.path)}?{'&'.join([*rest, f'page={page}'])}"


def _candidates(order: list[tuple[str, str]]) -> list[int]:
    """Numbers of the events that the asker may see at the units asked for, in an order, then newest first."""
    wanted, parameters = ["1"], []
    for name, column, kind, title in (
        ("program", "program", "programs", "Program"),
        ("programStage", "stage", "programStages", "Program stage"),
    ):
        if uid := request.args.get(name):
            if store().get(kind, uid) is None:
                raise Refusal(400, f"{title} is specified but does not exist: {uid}")
            wanted.append(f"{column} = ?")
            parameters.append(uid)
    if not flag("includeDeleted"):
        wanted.append("deleted = 0")
    ways = [f"{STORED[name]} {way or 'asc'} NULLS LAST" for name, way in order]
    where, by = " AND ".join(wanted), ", ".join([*ways, "number DESC"])
    sql = f"SELECT number, ou, program FROM events WHERE {where} ORDER BY {by}"  # noqa: S608 - fixed words
    units = _units()
    rows = [row for row in store().execute(sql, parameters) if row["ou"] in units]
    readable = {uid for uid in {row["program"] for row in rows} if _readable(uid)}
    return [row["number"] for row in rows if row["program"] in readable]


def _read(numbers: list[int]) -> list[Object]:
    """The events of these numbers, in their order."""
    sql = "SELECT number, body FROM events WHERE number IN (SELECT value FROM json_each(?))"
    bodies = dict(store().execute(sql, (json.dumps(numbers),)).fetchall())
    return [json.loads(bodies[each]) for each in numbers]


def _readable(uid: str) -> bool:
    program = store().get("programs", uid)
    return program is None or current_user().may("programs", program, "data_read")


def _units() -> set[str]:
    uid, mode = request.args.get("orgUnit"), request.args.get("orgUnitMode")
    if dialect() <= 41:
        mode = mode or request.args.get("ouMode")
    mode = mode or ("SELECTED" if uid else "ACCESSIBLE")
    if mode not in MODES:
        raise Refusal(
            400, f"Value '{mode}' is not valid for parameter orgUnitMode. Valid values are: {list(MODES)}"
        )
    units = store().all("organisationUnits")
    if uid and mode not in WITH_UNIT:
        raise Refusal(
            400,
            f"orgUnitMode {mode} cannot be used with orgUnits. Please remove the orgUnit parameter and "
            "try again.",
        )
    if mode in WITH_UNIT:
        return _below(units, uid, mode)
    if mode == "ALL":
        if not current_user().is_superuser:
            raise Refusal(
                403, "Current user is not authorized to query across all organisation units", "E1006"
            )
        return set(units)
    return {u for u, unit in units.items() if within(unit["path"], current_user().capture)}


def _below(units: dict[str, Object], uid: str | None, mode: str) -> set[str]:
    if not uid:
        raise Refusal(400, f"At least one org unit is required for orgUnitMode: {mode}")
    unit = units.get(uid)
    if unit is None:
        raise Refusal(400, f"Organisation unit does not exist: {uid}")
    if not current_user().captures(unit["path"]) and not current_user().is_superuser:
        raise Refusal(403, f"Organisation unit is not part of your search scope: {uid}", "E1006")
    if mode == "SELECTED":
        return {uid}
    if mode == "DESCENDANTS":
        return {u for u, other in units.items() if within(other["path"], (unit["path"],))}
    children = {u for u, other in units.items() if (other.get("parent") or {}).get("id") == uid}
    return children | {uid} if dialect() >= 41 else children


def _order() -> list[tuple[str, str]]:
    """What the events shall be ordered by, and which way (asc, desc or nothing said)."""
    order = []
    for text in several("order"):
        name, _, direction = text.partition(":")
        if name not in ORDERS and store().get("dataElements", name) is None:
            raise Refusal(400, f"order parameter is invalid. Cannot order by '{name}'")
        if direction.lower() not in ("", "asc", "desc"):
            raise Refusal(400, f"'{direction}' is not a valid sort direction. Valid values are: [asc, desc]")
        order.append((name, direction.lower()))
    return order


def _in_order(found: list[Object]) -> list[Object]:
    return ordered(found, several("order"))


def _as_csv(found: list[Object]) -> Response:
    """One row for every value of every event."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not flag("skipHeader"):
        writer.writerow([*COLUMNS, *VALUE_COLUMNS])
    for event in found:
        head = [event.get(name, "") for name in COLUMNS]
        for value in event["dataValues"] or [{}]:
            writer.writerow([*head, *(value.get(name, "") for name in VALUE_COLUMNS)])
    return Response(text.getvalue(), content_type="text/csv;charset=UTF-8")


@blueprint.get("/api/tracker/events/<uid>")
def event(uid: str) -> Response:
    """Returns one event; 404 when it is not there, deleted, or not to be seen."""
    if not is_uid(uid):
        raise Refusal(400, f"Value '{uid}' is not valid for path parameter uid. UID must be alphanumeric")
    found = Events(store(), current_user()).find(uid)
    unit = store().get("organisationUnits", (found or {}).get("orgUnit"))
    if found is None or found["deleted"] or unit is None or not current_user().captures(unit["path"]):
        raise Refusal(404, f"Event with id {uid} could not be found.", "E1005")
    return answer(pick(found, request.args.get("fields", "*")))
