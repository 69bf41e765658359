"""Changing metadata one object at a time: POST, PUT, PATCH, DELETE, and the members of its collections."""

from __future__ import annotations

import copy
import json
from typing import Any

from flask import Blueprint, Response, request

from demo import value_types
from demo.api.metadata import KIND, find
from demo.graph import graph
from demo.ids import new_uid
from demo.metadata_checks import Rules, in_use, may_change, may_create
from demo.metadata_import import MetadataImport, keep
from demo.model import INVERSES, KINDS, TARGETS, references
from demo.store import Object
from demo.web import Refusal, absolute, current_user, json_body, store, web_message

blueprint = Blueprint("metadata_changes", __name__)
FAULTY = "One or more errors occurred, please see full details in import report."
PATCH_TYPE = "application/json-patch+json"


@blueprint.post(f"/api/{KIND}")
def create(kind: str) -> Response:
    """Makes an object."""
    if not may_create(current_user(), KINDS[kind]):
        raise Refusal(403, "You don't have the proper permissions to create objects of this type.", "E1006")
    body = _object()
    body["id"] = body.get("id") or new_uid()
    faults = _take_in(kind, body, "CREATE")
    if faults:
        return _object_report(kind, body["id"], faults)
    where = absolute(f"/api/{kind}/{body['id']}")
    return web_message(201, response=_report(kind, body["id"], []), headers={"Location": where})


def _object() -> Object:
    """Reads the object sent.

    Raises:
        Refusal: 415, it is not sent as JSON; 409, it is no JSON (DHIS2 words this one as a conflict).
    """
    if request.mimetype != "application/json":
        raise Refusal(415, f"Content-Type '{request.mimetype}' is not supported.")
    return json_body(status=409)


@blueprint.put(f"/api/{KIND}/<uid>")
def replace(kind: str, uid: str) -> Response:
    """Replaces an object; what the body leaves out is gone."""
    _changeable(kind, uid)
    return _object_report(kind, uid, _take_in(kind, {**_object(), "id": uid}, "UPDATE"))


@blueprint.patch(f"/api/{KIND}/<uid>")
def patch(kind: str, uid: str) -> Response:
    """Changes parts of an object by JSON Patch."""
    if request.mimetype != PATCH_TYPE:
        raise Refusal(415, f"Content-Type '{request.mimetype}' is not supported.")
    thing = copy.deepcopy(_changeable(kind, uid))
    for step in json_body(list):
        _apply(kind, thing, step)
    return _object_report(kind, uid, _take_in(kind, {**thing, "id": uid}, "UPDATE"))


@blueprint.delete(f"/api/{KIND}/<uid>")
def delete(kind: str, uid: str) -> Response:
    """Deletes an object that nothing needs."""
    thing = find(kind, uid)
    if not may_change(current_user(), KINDS[kind], thing):
        raise Refusal(403, "You don't have the proper permissions to delete this object.", "E1006")
    needed = list(in_use(store(), KINDS[kind], uid))
    if needed:
        raise Refusal(409, needed[0]["message"], "E4030")
    _forget(kind, uid)
    return _object_report(kind, uid, [])


@blueprint.post(f"/api/{KIND}/<uid>/<name>/<member>")
def add_member(kind: str, uid: str, name: str, member: str) -> Response:
    """Adds one object to a collection."""
    return _members(kind, uid, name, {member}, set())


@blueprint.delete(f"/api/{KIND}/<uid>/<name>/<member>")
def drop_member(kind: str, uid: str, name: str, member: str) -> Response:
    """Takes one object out of a collection."""
    return _members(kind, uid, name, set(), {member})


@blueprint.post(f"/api/{KIND}/<uid>/<name>")
def change_members(kind: str, uid: str, name: str) -> Response:
    """Adds and takes out several (`additions`, `deletions`)."""
    body = json_body()
    added = [*body.get("additions", ()), *body.get("identifiableObjects", ())]
    return _members(kind, uid, name, {o["id"] for o in added}, {o["id"] for o in body.get("deletions", ())})


@blueprint.put(f"/api/{KIND}/<uid>/<name>")
def replace_members(kind: str, uid: str, name: str) -> Response:
    """Replaces a collection by the objects named."""
    wanted = {o["id"] for o in json_body().get("identifiableObjects", ())}
    present = {r["id"] for r in references(find(kind, uid).get(name))}
    return _members(kind, uid, name, wanted - present, present - wanted)


def _members(kind: str, uid: str, name: str, added: set[str], dropped: set[str]) -> Response:
    target = TARGETS.get(name)
    if target is None:
        raise Refusal(404, f"Property {name} does not exist on {KINDS[kind].title}", "E1005")
    for member in added:
        find(target, member)
    if (kind, name) in INVERSES:
        other, field = INVERSES[kind, name]
        for member in added | dropped:
            _change_collection(
                other,
                member,
                field,
                {uid} & ((added and {uid}) or set()),
                {uid} if member in dropped else set(),
            )
    else:
        _change_collection(kind, uid, name, added, dropped)
    stats = {"created": 0, "updated": 1, "deleted": 0, "ignored": 0, "total": 1}
    return web_message(
        200, response={"status": "OK", "stats": stats, "objectReports": [], "responseType": "TypeReport"}
    )


def _change_collection(kind: str, uid: str, name: str, added: set[str], dropped: set[str]) -> None:
    thing = _changeable(kind, uid)
    members = [r for r in references(thing.get(name)) if r["id"] not in dropped]
    known = {r["id"] for r in members}
    members += [{"id": member} for member in sorted(added - known)]
    keep(store(), current_user(), KINDS[kind], {**thing, name: members}, thing)


def _changeable(kind: str, uid: str) -> Object:
    thing = find(kind, uid)
    if not may_change(current_user(), KINDS[kind], thing):
        raise Refusal(403, "You don't have the proper permissions to update this object.", "E1006")
    return thing


def _take_in(kind: str, thing: Object, strategy: str) -> list[Object]:
    report = MetadataImport(store(), current_user(), Rules(strategy)).run({kind: [thing]})
    return [
        fault
        for part in report["typeReports"]
        for found in part["objectReports"]
        for fault in found["errorReports"]
    ]


def _report(kind: str, uid: str, faults: list[Object]) -> Object:
    return {"uid": uid, "klass": KINDS[kind].klass, "errorReports": faults, "responseType": "ObjectReport"}


def _object_report(kind: str, uid: str, faults: list[Object]) -> Response:
    if faults:
        return web_message(409, FAULTY, response=_report(kind, uid, faults), level="WARNING")
    return web_message(200, response=_report(kind, uid, []))


def _forget(kind: str, uid: str) -> None:
    """Deletes an object and every reference to it."""
    with store().transaction():
        store().remove(kind, uid)
        names = {name for name, target in TARGETS.items() if target == kind}
        for other in KINDS:
            for thing in store().all(other).values():
                lists = {
                    n: v
                    for n in names & set(thing)
                    if isinstance(v := thing[n], list) and any(r.get("id") == uid for r in references(v))
                }
                if lists:
                    store().save(
                        other,
                        {**thing, **{n: [r for r in v if r.get("id") != uid] for n, v in lists.items()}},
                    )


def _apply(kind: str, thing: Object, step: Any) -> None:
    """Applies one step of a JSON Patch: add, replace or remove."""
    if not isinstance(step, dict) or not str(step.get("path", "")).startswith("/"):
        raise Refusal(400, f"Invalid JSON Patch: {json.dumps(step)}")
    *way, last = str(step["path"])[1:].split("/")
    first = (*way, last)[0]
    if first not in graph(store()).names(kind):
        raise Refusal(400, f"Property {first} does not exist on Schema")
    if first == "valueType" and step.get("value") not in value_types.KNOWN:
        raise Refusal(400, f"Cannot deserialize value of type ValueType from {step.get('value')!r}")
    at: Any = thing
    for name in way:
        at = _step_into(at, name, step["path"])
    operation = step.get("op")
    if operation in ("add", "replace"):
        _put(at, last, step.get("value"), operation)
    elif operation == "remove":
        _take(at, last)
    else:
        raise Refusal(400, f"Could not resolve type id '{operation}' as a JSON Patch operation")


def _step_into(at: Any, name: str, path: str) -> Any:
    if isinstance(at, list):
        found = (
            at[int(name)]
            if name.isdigit() and int(name) < len(at)
            else next((part for part in at if part.get("id") == name), None)
        )
    else:
        found = at.get(name) if isinstance(at, dict) else None
    if found is None:
        raise Refusal(400, f"Invalid path {path}")
    return found


def _put(at: Any, name: str, value: Any, operation: str) -> None:
    if isinstance(at, dict):
        at[name] = value
    elif name == "-" or (name.isdigit() and int(name) == len(at)):
        at.append(value)
    elif name.isdigit() and int(name) < len(at):
        at[int(name) : int(name) + (operation == "replace")] = [value]
    else:
        raise Refusal(400, f"Invalid index {name}")


def _take(at: Any, name: str) -> None:
    if isinstance(at, dict):
        at.pop(name, None)
    elif name.isdigit() and int(name) < len(at):
        del at[int(name)]
    else:
        at[:] = [part for part in at if part.get("id") != name]
