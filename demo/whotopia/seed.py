"""Writes the seed folder of Whotopia as of a day: the whole simulation, from who falls ill to who reports it.

The same seed and day give the same bytes.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from heapq import merge
from pathlib import Path
from typing import Any, BinaryIO

from demo.whotopia import (
    epidemiology,
    logistics,
    messages,
    metadata,
    orders,
    people,
    reporting,
    stores,
    transactions,
    truth,
)
from demo.whotopia.rows import Block
from demo.whotopia.world import World

Object = dict[str, Any]
Say = Callable[[str], None]

LEVEL = 1
"""How hard values are packed: they are read once, so quickly."""
VALUES = "dataelement,period,orgunit,categoryoptioncombo,value,stored,storedby\n"
REGISTRATIONS = "dataset,period,orgunit,date,storedby\n"


@dataclass(frozen=True)
class Listener:
    """Who is told while a seed folder is written.

    Attributes:
        say: what is being done, in words.
        block: each block of values that is written; metadata and people are there before the first.
    """

    say: Say = lambda _: None
    block: Callable[[Block], None] = lambda _: None


NOBODY = Listener()


@dataclass(frozen=True)
class Simulated:
    """The country's years, as they were and as they were reported."""

    world: World
    demand: epidemiology.Demand
    stores: stores.Stores
    logistics: logistics.Logistics
    reports: reporting.Reports


def write_seed(
    folder: Path, today: date, seed: int = 1, districts: int = 0, listener: Listener = NOBODY
) -> Path:
    """Simulates the country and writes it as a seed folder (see `demo/README.md`), with `truth.json` besides.

    Args:
        folder: made when missing; what it held under the same names is replaced.
        today: the day that is being shown.
        seed: another seed, another country of the same kind.
        districts: only so many districts, for tests; 0 for all.
        listener: is told what is being done, and each block of values.

    Returns:
        The folder.
    """
    return write(folder, simulate(World.of(seed, today, districts), listener.say), listener)


def write(folder: Path, simulated: Simulated, listener: Listener = NOBODY) -> Path:
    """Writes a country that has been simulated as a seed folder; see `write_seed`."""
    folder.mkdir(parents=True, exist_ok=True)
    listener.say("writing what was reported")
    _write_json(folder / "metadata.json", metadata.metadata(simulated.world))
    _write_json(folder / "users.json", people.passwords())
    _write_json(folder / "settings.json", metadata.settings())
    _write_values(folder / "values.csv.gz", simulated.reports, listener)
    _write_registrations(folder / "registrations.csv", simulated.reports)
    listener.say("writing slips, orders and messages")
    _write_events(folder / "events.jsonl.gz", simulated)
    _write_json(folder / "messages.json", list(messages.conversations(simulated.world, simulated.stores)))
    _write_truth(folder / "truth.json", simulated)
    return folder


def simulate(world: World, say: Say = lambda _: None) -> Simulated:
    """Everything that happens in a world, in the order of cause and effect."""
    say("who falls ill and comes")
    demand = epidemiology.simulate(world)
    say("what the hospitals' stores give out")
    kept = stores.simulate(world, demand)
    say("what is consumed, delivered and missing")
    moved = logistics.simulate(world, demand, kept)
    say("what is reported, late, twice or not at all")
    return Simulated(world, demand, kept, moved, reporting.report(world, moved, kept, demand))


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _write_values(path: Path, reports: reporting.Reports, listener: Listener) -> None:
    with _packed(path) as out:
        out.write(VALUES.encode())
        for block in reports.blocks():
            listener.block(block)
            element, option = block.element, block.option
            rows = zip(block.periods, block.units, block.values, block.stored, block.clerks, strict=True)
            lines = [f"{element},{pe},{ou},{option},{value},{day},{by}\n" for pe, ou, value, day, by in rows]
            text = "".join(lines)
            out.write(text.encode())


def _write_registrations(path: Path, reports: reporting.Reports) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(REGISTRATIONS)
        out.writelines(",".join(row) + "\n" for row in reports.registrations())


def _write_events(path: Path, simulated: Simulated) -> None:
    with _packed(path) as out:
        for event in _events(simulated):
            out.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _events(simulated: Simulated) -> Iterator[Object]:
    """Slips, orders and shipments in the order in which they reached the server."""
    world, kept = simulated.world, simulated.stores
    kinds: Iterable[Iterator[Object]] = (
        transactions.events(world, kept),
        orders.events(world, kept, simulated.logistics),
    )
    return merge(*kinds, key=lambda event: event["createdAt"])


def _write_truth(path: Path, simulated: Simulated) -> None:
    causes = (simulated.demand.happenings, simulated.logistics.happenings, simulated.stores.truth)
    happenings = [happening for cause in causes for happening in cause]
    truth.write(path, simulated.reports, happenings)


@contextmanager
def _packed(path: Path) -> Iterator[BinaryIO]:
    """A gzip file without name and time inside, so that the same content gives the same bytes."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as out:
        yield out  # type: ignore[misc]
