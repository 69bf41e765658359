"""Countries whose figures are generated at the first start, and brought up to a later day at a later one.

What people wrote into the store in between stays: a later day adds what was stored since then and revises
what nobody touched, because the past of a generated country is always the same past.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from demo import generating, seed, seed_events, seed_messages, seed_values, units_since
from demo.clock import Clock
from demo.sources import GENERATED
from demo.store import SCHEMA, Store

if TYPE_CHECKING:
    from demo.whotopia.rows import Block
    from demo.whotopia.seed import Listener

Say = Callable[[str], None]
Write = Callable[[Path, date, Say], Path]

MARK = "generated.json"


@dataclass(frozen=True)
class Generated:
    """A country that is generated.

    Attributes:
        name: what it is asked for by.
        write: writes its seed folder as of a day.
        version: what changes when the generator does.
        blocks: the same in a process of its own, yielding the values meanwhile; None: it cannot.
    """

    name: str
    write: Write
    version: str
    blocks: Callable[[Path, date, Say], Iterator[Block]] | None = None

    def mark(self, day: date) -> dict[str, str]:
        """What a store or seed folder of a day is marked with."""
        return {"version": self.version, "day": day.isoformat()}


def country(name: str) -> Generated:
    """The generated country of that name.

    Raises:
        KeyError: there is none.
    """
    source = GENERATED[name]
    files = sorted(path for path in source.iterdir() if path.suffix in (".py", ".toml", ".json"))
    parts = [SCHEMA.encode(), *(sha256(path.read_bytes()).digest() for path in files)]
    return Generated(
        name, _whotopia, sha256(b"".join(parts)).hexdigest(), partial(generating.blocks, whotopia)
    )


def whotopia(folder: Path, today: date, listener: Listener, districts: int = 0) -> Path:
    """Writes the seed folder of Whotopia; see `demo.whotopia.seed.write_seed`."""
    from demo.whotopia.seed import write_seed

    return write_seed(folder, today, districts=districts, listener=listener)


def _whotopia(folder: Path, today: date, say: Say) -> Path:
    from demo.whotopia.seed import Listener

    return whotopia(folder, today, Listener(say))


def open_store(asked: Generated, data: Path, clock: Clock, say: Say, fresh: bool = False) -> Store:
    """Opens the store of a generated country, as of the clock's day.

    A store of an earlier day is brought up to this one. A store of a later day is served as it is.

    Args:
        asked: the country.
        data: where the store is kept, and the seed folder beside it.
        clock: what the server takes for now.
        say: is told what takes time.
        fresh: throw away what was kept before.
    """
    data.mkdir(parents=True, exist_ok=True)
    path, today = data / f"demo-{asked.name}.sqlite3", clock.today()
    if fresh:
        seed.drop(path)
    mark = seed.filled_with(path)
    if mark and mark.get("version") == asked.version:
        store = Store(path, clock)
        _bring_up(store, asked, data, say)
        return store
    seed.drop(path)
    if asked.blocks:
        folder = data / asked.name
        blocks = _marked(asked, folder, today, asked.blocks(folder, today, say))
        return seed.fill(folder, path, clock, asked.mark(today), blocks)
    folder = _folder(asked, data, today, say)
    say("filling the store")
    return seed.fill(folder, path, clock, asked.mark(today))


def _bring_up(store: Store, asked: Generated, data: Path, say: Say) -> None:
    """Adds what has happened since the day up to which a store is filled."""
    today, last = store.clock.today(), store.setting(seed.SEEDED)["day"]
    if today.isoformat() == last:
        return
    if today.isoformat() < last:
        say(f"it already holds what happened up to {last}; start it with --fresh to show an earlier day")
        return
    folder = _folder(asked, data, today, say)
    say(f"adding what has happened since {last}")
    seed.prepare(store)
    with store.transaction():
        units_since.load(store, folder)
        seed_values.load_since(store, folder, last)
        seed_values.load_registrations(store, folder)
        seed_events.load(store, folder)
        seed_messages.load(store, folder)
        store.set_setting(seed.SEEDED, asked.mark(today))


def _folder(asked: Generated, data: Path, today: date, say: Say) -> Path:
    """The seed folder as of a day, written unless it is there."""
    folder = data / asked.name
    if not _is_there(asked, folder, today):
        (folder / MARK).unlink(missing_ok=True)
        asked.write(folder, today, say)
        _mark(asked, folder, today)
    return folder


def _is_there(asked: Generated, folder: Path, today: date) -> bool:
    mark = folder / MARK
    return mark.exists() and bool(json.loads(mark.read_text(encoding="utf-8")) == asked.mark(today))


def _mark(asked: Generated, folder: Path, today: date) -> None:
    (folder / MARK).write_text(json.dumps(asked.mark(today)), encoding="utf-8")


def _marked(asked: Generated, folder: Path, today: date, blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks; once all have come, the folder is marked as whole."""
    (folder / MARK).unlink(missing_ok=True)
    yield from blocks
    _mark(asked, folder, today)
