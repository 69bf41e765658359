"""Brings a store's metadata up to a later seed of the same country, without undoing what people changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from demo.seed_metadata import placed
from demo.store import Object, Store

REFERRING = ("dataSets", "programs", "organisationUnitGroups")
"""Types whose objects list units."""
UNITS = "organisationUnits"


def load(store: Store, folder: Path) -> None:
    """Adds what is new, the closing of units, and new units to the forms and groups that they belong to."""
    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    moment = store.clock.milliseconds()
    new = {kind: _new(store, kind, objects, moment) for kind, objects in metadata.items()}
    for kind, objects in new.items():
        store.save(kind, *objects)
    units = store.all(UNITS)
    store.save(UNITS, *(placed(units, unit) for unit in new.get(UNITS, ())))
    store.save(UNITS, *_closed(units, metadata.get(UNITS, ()), moment))
    added = {unit["id"] for unit in new.get(UNITS, ())}
    for kind in REFERRING:
        store.save(kind, *_longer(store.all(kind), metadata.get(kind, ()), added))


def _new(store: Store, kind: str, objects: list[Object], moment: str) -> list[Object]:
    known = store.all(kind)
    return [{"created": moment, "lastUpdated": moment, **o} for o in objects if o["id"] not in known]


def _closed(units: dict[str, Object], told: Any, moment: str) -> list[Object]:
    """The units that have closed since."""
    return [
        {**known, "closedDate": unit["closedDate"], "lastUpdated": moment}
        for unit in told
        if (known := units.get(unit["id"])) and unit.get("closedDate") and not known.get("closedDate")
    ]


def _longer(known: dict[str, Object], told: Any, added: set[str]) -> list[Object]:
    """The objects that refer to new units, with these."""
    found = []
    for each in told:
        before = known[each["id"]]
        there = {unit["id"] for unit in before.get(UNITS, ())}
        more = [u for u in each.get(UNITS, ()) if u["id"] in added and u["id"] not in there]
        if more:
            found.append({**before, UNITS: [*before.get(UNITS, ()), *more]})
    return found
