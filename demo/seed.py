"""Fills an empty store from a seed folder: a country's metadata, values, registrations and people.

The format of a seed folder is described in `demo/README.md`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from demo import auth, combos
from demo.clock import Clock
from demo.periods import parse
from demo.store import SCHEMA, Object, Store

SEEDED, NAMES = (
    "demo.seeded",
    ("metadata.json", "values.csv", "values.csv.gz", "registrations.csv", "users.json", "settings.json"),
)
BEGINNING = "2016-01-15T09:00:00.000"
TIME_OF_DAY = "T08:00:00.000"
DAYS_AFTER = 10


class BadSeed(ValueError):
    """A seed folder that cannot be loaded; the message names file, row and what is wrong."""


def open_store(folder: Path, data: Path, clock: Clock, fresh: bool = False) -> Store:
    """Opens the store of a seed folder, filling it first when it is new or the seed has changed.

    Args:
        folder: the seed folder.
        data: where stores are kept; one SQLite file a seed folder.
        clock: what the server takes for now.
        fresh: throw away what was kept before.

    Raises:
        BadSeed: the seed cannot be read.
    """
    data.mkdir(parents=True, exist_ok=True)
    path = data / f"demo-{folder.name}.sqlite3"
    if fresh:
        _drop(path)
    if path.exists():
        store = Store(path, clock)
        if store.setting(SEEDED) == fingerprint(folder):
            return store
        store.close()
        _drop(path)
    return _seed(folder, path, clock)


def fingerprint(folder: Path) -> str:
    """Returns what changes when the seed does, or the form in which it is kept."""
    files = [folder / name for name in NAMES]
    parts = [f.name.encode() + sha256(f.read_bytes()).digest() for f in files if f.exists()]
    return sha256(b"".join([SCHEMA.encode(), *parts])).hexdigest()


def _seed(folder: Path, path: Path, clock: Clock) -> Store:
    store = Store(path, clock)
    try:
        _metadata(store, json.loads((folder / "metadata.json").read_text(encoding="utf-8")))
        _people(store, folder / "users.json")
        _values(store, folder)
        _registrations(store, folder / "registrations.csv")
        _settings(store, folder / "settings.json")
    except BaseException:
        store.close()
        _drop(path)
        raise
    store.set_setting(SEEDED, fingerprint(folder))
    return store


def _drop(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _metadata(store: Store, metadata: dict[str, Any]) -> None:
    for kind, thing in combos.defaults(BEGINNING).items():
        store.save(kind, thing)
    for kind, objects in metadata.items():
        if isinstance(objects, list):
            store.save(kind, *({"created": BEGINNING, "lastUpdated": BEGINNING, **o} for o in objects))
    if not metadata.get("categoryOptionCombos"):
        combos.update(store)
    units = store.all("organisationUnits")
    store.save("organisationUnits", *(_placed(units, unit) for unit in units.values()))


def _placed(units: dict[str, Object], unit: Object) -> Object:
    ids, at = [unit["id"]], unit
    while at.get("parent"):
        at = units[at["parent"]["id"]]
        ids.append(at["id"])
    return {**unit, "path": "/" + "/".join(reversed(ids)), "level": len(ids)}


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
    find = _finder(store, "organisationUnits")
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


def _values(store: Store, folder: Path) -> None:
    path = next((folder / n for n in ("values.csv.gz", "values.csv") if (folder / n).exists()), None)
    if path is None:
        return
    with _text(path) as file:
        rows = _value_rows(store, path, csv.DictReader(file))
        store.without_indexes(
            "data_values",
            lambda: store.executemany(
                "INSERT INTO data_values (ou, pe, de, coc, aoc, value, stored_by, created, last_updated)"
                " VALUES (?, ?, ?, ?, ?, ?, 'admin', ?, ?)",
                rows,
            ),
        )


def _text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8"), newline="")
    return path.open(encoding="utf-8", newline="")


def _value_rows(store: Store, path: Path, rows: csv.DictReader[str]) -> Iterator[tuple[str, ...]]:
    element, unit, combo = (
        _finder(store, "dataElements"),
        _finder(store, "organisationUnits"),
        _combo_finder(store),
    )
    stored, aoc = _storing(), combos.DEFAULT_OPTION_COMBO
    for row in rows:
        try:
            de = element(row["dataelement"])
            when = stored(row["period"], row.get("stored") or "")
            yield (
                unit(row["orgunit"]),
                row["period"],
                de,
                combo(de, row["categoryoptioncombo"]),
                aoc,
                row["value"],
                when,
                when,
            )
        except (KeyError, ValueError) as e:
            raise BadSeed(f"{path}, line {rows.line_num}: {e} is not known ({row})") from e


def _storing() -> Any:
    seen: dict[tuple[str, str], str] = {}

    def stored(period: str, given: str) -> str:
        """Returns when a value was stored: as given, else some days after its period."""
        if (period, given) not in seen:
            found = parse(period)
            if found is None:
                raise ValueError(f"period {period!r}")
            day = given or str(found.end.fromordinal(found.end.toordinal() + DAYS_AFTER))
            seen[period, given] = day if "T" in day else day + TIME_OF_DAY
        return seen[period, given]

    return stored


def _finder(store: Store, kind: str) -> Any:
    objects = store.all(kind)
    ids = {o["code"]: i for i, o in objects.items() if o.get("code")} | {i: i for i in objects}
    return ids.__getitem__


def _combo_finder(store: Store) -> Any:
    by_name: dict[tuple[str, str], str] = {}
    for uid, combo in store.all("categoryOptionCombos").items():
        owner = combo["categoryCombo"]["id"]
        by_name.update({(owner, name): uid for name in (combo["name"], combo.get("code") or "", uid)})
    owners = {
        i: (e.get("categoryCombo") or {}).get("id", combos.DEFAULT_COMBO)
        for i, e in store.all("dataElements").items()
    }
    return lambda element, name: by_name[owners[element], name or "default"]


def _registrations(store: Store, path: Path) -> None:
    if not path.exists():
        return
    data_set, unit = _finder(store, "dataSets"), _finder(store, "organisationUnits")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (
                data_set(r["dataset"]),
                r["period"],
                unit(r["orgunit"]),
                combos.DEFAULT_OPTION_COMBO,
                1,
                r.get("storedby") or "admin",
                r["date"] + TIME_OF_DAY,
                r.get("storedby") or "admin",
                r["date"] + TIME_OF_DAY,
            )
            for r in csv.DictReader(file)
        ]
    store.executemany("INSERT OR REPLACE INTO registrations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _settings(store: Store, path: Path) -> None:
    for key, value in (json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}).items():
        store.set_setting(key, value)
