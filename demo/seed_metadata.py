"""Reads the metadata and the people of a seed folder into a store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo import auth, combos
from demo.store import Object, Store

BEGINNING = "2016-01-15T09:00:00.000"


def load(store: Store, folder: Path) -> None:
    """Reads `metadata.json` and `users.json` of a seed folder into an empty store."""
    _metadata(store, json.loads((folder / "metadata.json").read_text(encoding="utf-8")))
    _people(store, folder / "users.json")


def placed(units: dict[str, Object], unit: Object) -> Object:
    """A unit with its path and level, worked out from the parents among `units`."""
    ids, at = [unit["id"]], unit
    while at.get("parent"):
        at = units[at["parent"]["id"]]
        ids.append(at["id"])
    return {**unit, "path": "/" + "/".join(reversed(ids)), "level": len(ids)}


def finder(store: Store, kind: str) -> Callable[[str], str]:
    """A function from the code or id of an object of one type to its id; KeyError when there is none."""
    objects = store.all(kind)
    ids = {o["code"]: i for i, o in objects.items() if o.get("code")} | {i: i for i in objects}
    return ids.__getitem__


def _metadata(store: Store, metadata: dict[str, Any]) -> None:
    for kind, thing in combos.defaults(BEGINNING).items():
        store.save(kind, thing)
    for kind, objects in metadata.items():
        if isinstance(objects, list):
            store.save(kind, *({"created": BEGINNING, "lastUpdated": BEGINNING, **o} for o in objects))
    if not metadata.get("categoryOptionCombos"):
        combos.update(store)
    units = store.all("organisationUnits")
    store.save("organisationUnits", *(placed(units, unit) for unit in units.values()))


def _people(store: Store, path: Path) -> None:
    if not path.exists():
        return
    known = {u["username"] for u in store.all("users").values()}
    for person in json.loads(path.read_text(encoding="utf-8")):
        if person["username"] not in known:
            _new_person(store, person)
        auth.set_password(store, person["username"], person["password"])


def _new_person(store: Store, person: Object) -> None:
    username = person["username"]
    find = finder(store, "organisationUnits")
    role = {
        "id": combos.stable_id("role", username),
        "name": f"Role of {username}",
        "authorities": person.get("authorities", []),
        "sharing": {"public": "rw------"},
    }
    units = {
        field: [{"id": find(u)} for u in person.get(field, ())]
        for field in ("organisationUnits", "dataViewOrganisationUnits", "teiSearchOrganisationUnits")
    }
    first, last = person.get("firstName", username), person.get("surname", username)
    user = {
        "id": person.get("id") or combos.stable_id("user", username),
        "username": username,
        "firstName": first,
        "surname": last,
        "name": f"{first} {last}",
        "disabled": False,
        "userRoles": [{"id": role["id"]}],
        **units,
    }
    moment = {"created": BEGINNING, "lastUpdated": BEGINNING}
    store.save("userRoles", {**moment, **role})
    store.save("users", {**moment, **user})
