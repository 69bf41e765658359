"""Reads the events of a seed folder into a store: slips, orders, shipments."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from demo import combos
from demo.seed_metadata import finder
from demo.seed_values import STORED_BY, BadSeed
from demo.store import Object, Store

NAMES = ("events.jsonl.gz", "events.jsonl")
INSERT = (
    "INSERT OR IGNORE INTO events (id, program, stage, ou, occurred, status, created, updated, deleted, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)"
)


def load(store: Store, folder: Path) -> None:
    """Reads `events.jsonl` or `events.jsonl.gz`, an event a line; those that are there already stay.

    Args:
        store: with the tables of `seed.prepare`.
        folder: the seed folder.

    Raises:
        BadSeed: a line names something unknown.
    """
    path = next((folder / name for name in NAMES if (folder / name).exists()), None)
    if path is not None:
        store.executemany(INSERT, _rows(store, path))


def _rows(store: Store, path: Path) -> Iterator[tuple[str, ...]]:
    names = _Names(store)
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open() as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield _row(names.event(json.loads(line)))
            except KeyError as e:
                raise BadSeed(f"{path}, line {number}: {e} is not known") from e


def _row(event: Object) -> tuple[str, ...]:
    names = ("event", "program", "programStage", "orgUnit", "occurredAt", "status", "createdAt", "updatedAt")
    return (*(event[name] for name in names), json.dumps(event, ensure_ascii=False))


class _Names:
    """What the names in a seed's events stand for."""

    def __init__(self, store: Store) -> None:
        self._unit = finder(store, "organisationUnits")
        self._elements = {e["name"]: i for i, e in store.all("dataElements").items()}
        stages = {p["id"]: s["id"] for s in store.all("programStages").values() if (p := s.get("program"))}
        self._programs = {p["name"]: (i, stages[i]) for i, p in store.all("programs").items()}
        self._people = {u["username"]: _brief(u) for u in store.all("users").values()}

    def event(self, told: Object) -> Object:
        """An event as the server keeps it."""
        program, stage = self._programs[told["program"]]
        now, by = told["createdAt"], told["storedBy"]
        brief = self._people.get(by) or self._people[STORED_BY]
        return {
            "event": told["event"],
            "status": told["status"],
            "program": program,
            "programStage": stage,
            "enrollment": combos.stable_id("enrollment", program),
            "orgUnit": self._unit(told["orgUnit"]),
            "occurredAt": told["occurredAt"],
            "followUp": False,
            "deleted": False,
            "createdAt": now,
            "updatedAt": now,
            "attributeOptionCombo": combos.DEFAULT_OPTION_COMBO,
            "attributeCategoryOptions": combos.DEFAULT_OPTION,
            **({"completedAt": now, "completedBy": by} if told["status"] == "COMPLETED" else {}),
            "createdBy": brief,
            "updatedBy": brief,
            "dataValues": [
                {
                    "createdAt": now,
                    "updatedAt": now,
                    "storedBy": by,
                    "providedElsewhere": False,
                    "dataElement": self._elements[name],
                    "value": str(value),
                    "createdBy": brief,
                    "updatedBy": brief,
                }
                for name, value in told["dataValues"].items()
            ],
            "notes": [],
        }


def _brief(user: Object) -> Object:
    names = ("id", "username", "firstName", "surname")
    return dict(zip(("uid", *names[1:]), (user.get(name, "") for name in names), strict=True))
