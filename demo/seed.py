"""Fills an empty store from a seed folder: a country's metadata, values, registrations, events and people.

The format of a seed folder is described in `demo/README.md`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo import events, mailbox, seed_events, seed_messages, seed_metadata, seed_values
from demo.clock import Clock
from demo.seed_values import BadSeed
from demo.store import SCHEMA, Store

if TYPE_CHECKING:
    from demo.whotopia.rows import Block

__all__ = ["BadSeed", "drop", "fill", "filled_with", "fingerprint", "open_store", "prepare"]

SEEDED = "demo.seeded"
NAMES = (
    *("metadata.json", "values.csv", "values.csv.gz", "registrations.csv", "users.json", "settings.json"),
    *("events.jsonl", "events.jsonl.gz", "messages.json"),
)
"""The files of a seed folder; what else lies there is never read."""


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
    mark = fingerprint(folder)
    if fresh:
        drop(path)
    if filled_with(path) == mark:
        return Store(path, clock)
    drop(path)
    return fill(folder, path, clock, mark)


def filled_with(path: Path) -> Any:
    """What a store was marked with when it was filled; None when there is none that can be read.

    It is read without opening the store, because a store of another version may have another form.
    """
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=60)) as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = ?", (SEEDED,)).fetchone()
    except sqlite3.DatabaseError:
        return None
    return json.loads(row[0]) if row else None


def fingerprint(folder: Path) -> str:
    """Returns what changes when the seed does, or the form in which it is kept."""
    files = [folder / name for name in NAMES]
    parts = [f.name.encode() + sha256(f.read_bytes()).digest() for f in files if f.exists()]
    return sha256(b"".join([SCHEMA.encode(), *parts])).hexdigest()


def fill(
    folder: Path, path: Path, clock: Clock, mark: object, blocks: Iterator[Block] | None = None
) -> Store:
    """Makes a store and fills it, under another name until everything is in.

    Args:
        folder: the seed folder.
        path: the SQLite file, not there yet.
        clock: what the server takes for now.
        mark: kept as the setting `SEEDED`.
        blocks: the values of a generator that writes the folder meanwhile: its metadata and people before
            the first block, the rest before the end. None: they are read from the folder.

    Raises:
        BadSeed: the seed cannot be read; no file is left.
    """
    new = path.with_name(f"{path.name}.new")
    drop(new)
    store = Store(new, clock, small=blocks is not None)
    try:
        with store.unprotected():
            _load(store, folder, blocks)
            store.set_setting(SEEDED, mark)
    except BaseException:
        store.close()
        drop(new)
        raise
    store.close()
    new.rename(path)
    return Store(path, clock)


def _load(store: Store, folder: Path, blocks: Iterator[Block] | None) -> None:
    prepare(store)
    first = list(islice(blocks or (), 1))
    seed_metadata.load(store, folder)
    if blocks is None:
        seed_values.load(store, folder)
    else:
        seed_values.load_blocks(store, chain(first, blocks))
    seed_values.load_registrations(store, folder)
    seed_events.load(store, folder)
    seed_messages.load(store, folder)
    _settings(store, folder / "settings.json")


def prepare(store: Store) -> None:
    """Makes the tables of events and conversations, which must not happen inside a transaction."""
    store.create(events.TABLE)
    store.create(mailbox.TABLES)


def drop(path: Path) -> None:
    """Forgets a store that nobody has open."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _settings(store: Store, path: Path) -> None:
    for key, value in (json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}).items():
        store.set_setting(key, value)
