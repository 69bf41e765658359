"""`/api/dataStore` and `/api/userDataStore`: JSON documents under a namespace and a key."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, request

from demo import entries
from demo.ids import new_uid
from demo.store import Object
from demo.web import (
    JSON,
    NO_STORE,
    Refusal,
    answer,
    clock,
    current_user,
    dialect,
    flag,
    store,
    web_message,
)

TABLE = """
CREATE TABLE IF NOT EXISTS data_store (
    owner TEXT, namespace TEXT, key TEXT, value TEXT, id TEXT, encrypted INTEGER, created TEXT,
    last_updated TEXT, created_by TEXT, PRIMARY KEY (owner, namespace, key)) WITHOUT ROWID;
"""
FIND = "SELECT * FROM data_store WHERE owner = ? AND namespace = ? AND key = ?"
DROP = "DELETE FROM data_store WHERE owner = ? AND namespace = ? AND key = ?"
CHANGE = "UPDATE data_store SET value = ?, last_updated = ? WHERE owner = ? AND namespace = ? AND key = ?"
STEP = re.compile(r"[^.\[\]]+|\[\d+\]")

blueprint = Blueprint("data_store", __name__)


def install(app: Flask) -> None:
    """Makes the table."""
    app.extensions["store"].create(TABLE)


@dataclass(frozen=True)
class Shelf:
    """One of the two stores, as the asker sees it.

    Attributes:
        owner: id of the person whose store it is; empty for the one that all share.
    """

    owner: str

    def namespaces(self) -> list[str]:
        """All namespaces."""
        sql = "SELECT DISTINCT namespace FROM data_store WHERE owner = ? ORDER BY namespace"
        return [row["namespace"] for row in store().execute(sql, (self.owner,))]

    def rows(self, namespace: str) -> list[Any]:
        """All entries of a namespace.

        Raises:
            Refusal: 404, there is none.
        """
        found = self.found(namespace)
        if not found:
            raise Refusal(404, f"Namespace not found: '{namespace}'", "E1005")
        return found

    def found(self, namespace: str) -> list[Any]:
        """All entries of a namespace; none when there is no such namespace."""
        sql = "SELECT * FROM data_store WHERE owner = ? AND namespace = ? ORDER BY key"
        return store().execute(sql, (self.owner, namespace)).fetchall()

    def entry(self, namespace: str, key: str) -> Any:
        """One entry.

        Raises:
            Refusal: 404, it is not there.
        """
        found = store().execute(FIND, (self.owner, namespace, key)).fetchone()
        if found is None:
            raise Refusal(404, f"Key '{key}' not found in namespace '{namespace}'", "E1005")
        return found

    def has(self, namespace: str, key: str) -> bool:
        """Says whether an entry is there."""
        return store().execute(FIND, (self.owner, namespace, key)).fetchone() is not None

    def add(self, namespace: str, key: str, value: Any) -> None:
        """Keeps a new entry."""
        now = clock().milliseconds()
        row = (
            self.owner,
            namespace,
            key,
            json.dumps(value, ensure_ascii=False),
            new_uid(),
            int(flag("encrypt")),
            now,
            now,
            current_user().id,
        )
        store().execute("INSERT INTO data_store VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def change(self, namespace: str, key: str, value: Any) -> None:
        """Replaces the value of an entry."""
        store().execute(
            CHANGE,
            (json.dumps(value, ensure_ascii=False), clock().milliseconds(), self.owner, namespace, key),
        )


def _shelf(kind: str) -> Shelf:
    if kind == "dataStore":
        return Shelf("")
    named = request.args.get("username")
    if named is None or named == current_user().username:
        return Shelf(current_user().id)
    if not current_user().is_superuser:
        raise Refusal(403, "Only an administrator may read the store of somebody else.", "E1006")
    person = next((u for u in store().all("users").values() if u.get("username") == named), None)
    if person is None:
        raise Refusal(404, f"User not found: {named}", "E1005")
    return Shelf(person["id"])


def _body() -> Any:
    if request.mimetype != "application/json":
        raise Refusal(415, f"Content-Type '{request.mimetype}' is not supported")
    try:
        return json.loads(request.get_data())
    except ValueError as e:
        raise Refusal(400, f"Invalid JSON value for key '{request.path.rpartition('/')[2]}'") from e


STORES = "/api/<any(dataStore, userDataStore):kind>"


@blueprint.get(STORES)
def namespaces(kind: str) -> Response:
    """Lists the namespaces."""
    return answer(_shelf(kind).namespaces(), cache=NO_STORE)


@blueprint.get(f"{STORES}/<namespace>")
def keys(kind: str, namespace: str) -> Response:
    """Lists the keys of a namespace, or with ``fields`` what its entries hold."""
    if "fields" in request.args:
        return _query(_shelf(kind).found(namespace))
    rows = _shelf(kind).rows(namespace)
    since = request.args.get("lastUpdated", "")
    return answer([row["key"] for row in rows if row["last_updated"] >= since], cache=NO_STORE)


@blueprint.get(f"{STORES}/<namespace>/keys")
def only_keys(kind: str, namespace: str) -> Response:
    """Lists the keys of a namespace."""
    return answer([row["key"] for row in _shelf(kind).rows(namespace)], cache=NO_STORE)


def _query(rows: list[Any]) -> Response:
    query = entries.Query(
        fields=request.args["fields"],
        filters=tuple(request.args.getlist("filter")),
        either=request.args.get("rootJunction", "AND").upper() == "OR",
        order=request.args.get("order", ""),
        include_all=flag("includeAll"),
    )
    found = entries.answer_to(query, [(r["key"], json.loads(r["value"])) for r in rows if not r["encrypted"]])
    paged = flag("paging", True)
    page, size = (
        max(int(request.args.get(name) or default), 1) for name, default in (("page", 1), ("pageSize", 50))
    )
    if paged:
        found = found[(page - 1) * size : page * size]
    if flag("headless") or not paged:
        return answer(found, cache=NO_STORE)
    return answer({"pager": {"page": page, "pageSize": size}, "entries": found}, cache=NO_STORE)


@blueprint.delete(f"{STORES}/<namespace>")
def drop_namespace(kind: str, namespace: str) -> Response:
    """Drops a namespace with all that is in it."""
    shelf = _shelf(kind)
    shelf.rows(namespace)
    store().execute("DELETE FROM data_store WHERE owner = ? AND namespace = ?", (shelf.owner, namespace))
    return web_message(200, f"Namespace deleted: '{namespace}'")


@blueprint.get(f"{STORES}/<namespace>/<key>")
def value(kind: str, namespace: str, key: str) -> Response:
    """Returns a value as it was put there."""
    row = _shelf(kind).entry(namespace, key)
    return Response(row["value"], content_type=JSON)


@blueprint.get(f"{STORES}/<namespace>/<key>/metaData")
def about(kind: str, namespace: str, key: str) -> Response:
    """Tells who put a value there and when."""
    row = _shelf(kind).entry(namespace, key)
    sharing = {
        "owner": row["created_by"],
        "external": False,
        "users": {},
        "userGroups": {},
        "public": "rw------",
    }
    found: Object = {
        "id": row["id"],
        "created": row["created"],
        "lastUpdated": row["last_updated"],
        "namespace": namespace,
        "key": key,
        "encrypted": bool(row["encrypted"]),
        "sharing": sharing,
    }
    return answer(found)


@blueprint.post(f"{STORES}/<namespace>/<key>")
def create(kind: str, namespace: str, key: str) -> Response:
    """Keeps a new value."""
    shelf, body = _shelf(kind), _body()
    if shelf.has(namespace, key):
        raise Refusal(409, f"Key '{key}' already exists in namespace '{namespace}'", "E1004")
    shelf.add(namespace, key, body)
    return web_message(201, f"Key created: '{key}'")


@blueprint.put(f"{STORES}/<namespace>/<key>")
def change(kind: str, namespace: str, key: str) -> Response:
    """Replaces a value or, from 2.41 on, a part of it; keeps a new one where there was none."""
    shelf = _shelf(kind)
    path = request.args.get("path", "") if dialect() > 40 else ""
    roll = request.args.get("roll", type=int) if dialect() > 40 else None
    body = _body() if request.get_data() or not path else None
    with store().transaction():
        if not shelf.has(namespace, key):
            shelf.add(namespace, key, [body] if roll is not None and not path else body)
            return web_message(201, f"Key created: '{key}'")
        whole = {"": json.loads(shelf.entry(namespace, key)["value"])}
        _put(whole, ["", *STEP.findall(path)], body, roll)
        shelf.change(namespace, key, whole[""])
    return web_message(200, f"Key updated: '{key}'")


def _put(whole: Any, steps: list[str], body: Any, roll: int | None) -> None:
    """Puts BODY where STEPS lead, or appends it there; what does not exist on the way is left alone."""
    *way, last = [int(step[1:-1]) if step.startswith("[") else step for step in steps]
    for step in way:
        whole = _child(whole, step)
        if whole is None:
            return
    if roll is not None:
        known = _child(whole, last)
        body = _rolled(known if isinstance(known, list) else [], body, roll)
    if isinstance(whole, dict) or (isinstance(whole, list) and isinstance(last, int) and last < len(whole)):
        whole[last] = body


def _child(whole: Any, step: Any) -> Any:
    if isinstance(whole, dict):
        return whole.get(step)
    return whole[step] if isinstance(whole, list) and isinstance(step, int) and step < len(whole) else None


def _rolled(known: list[Any], body: Any, roll: int) -> list[Any]:
    """The list with BODY at its end; the oldest goes once there are ROLL, or always when ROLL is negative."""
    full = roll < 0 or len(known) >= roll
    return [*known[1 if full and known else 0 :], body]


@blueprint.delete(f"{STORES}/<namespace>/<key>")
def drop(kind: str, namespace: str, key: str) -> Response:
    """Drops a value."""
    shelf = _shelf(kind)
    shelf.entry(namespace, key)
    store().execute(DROP, (shelf.owner, namespace, key))
    return web_message(200, f"Key '{key}' deleted from namespace '{namespace}'")
