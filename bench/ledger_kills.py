"""A process that writes is killed at named points and at random; what it answered for is there, once."""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select, text

from bench.ledger_desk import RULES, UNITS, Draw, fresh, held, taken_in_by, whole
from bench.ledger_once import SIGNS
from ledger.database import Database
from ledger.movements import Batch
from ledger.posting import Posting
from ledger.tables import movements

POINTS = ("begun", "appending", "written", "committed", "at random")
"""When it is killed: the lock is held; rows are written; sums, too; all is on the disk, nobody was told."""

ROOT = Path(__file__).parent.parent
BATCH = 20


def run(folder: Path, asked: argparse.Namespace) -> bool:
    """Kill a writer many times; each new one first sends again what was not answered for."""
    database, random = fresh(folder), Random(asked.seed)
    answered: dict[str, dict[str, Any]] = {}
    waiting: list[dict[str, Any]] = []
    slowest, began = 0.0, time.perf_counter()
    for number in range(asked.kills):
        point = POINTS[number % len(POINTS)]
        seconds = _round(folder, point, random, answered, waiting)
        slowest = max(slowest, seconds)
    everything = list(answered.values()) + waiting
    taken_in_by(database).accept(Batch("bench", None, waiting), RULES)
    lost = len(_absent(database, everything))
    same = held(database) == _expected(everything)
    print(
        f"kills: {asked.kills} at {len(POINTS)} points in {time.perf_counter() - began:.0f} s, "
        f"{len(answered):,} movements answered for: lost {lost}, balances agree {same}, "
        f"integrity {_integrity(database)}, slowest first answer after a kill {slowest:.1f} s"
    )
    sound = whole(database) and same and lost == 0
    database.close()
    return sound


def _round(
    folder: Path,
    point: str,
    random: Random,
    answered: dict[str, dict[str, Any]],
    waiting: list[dict[str, Any]],
) -> float:
    """One writer from its start to its kill; seconds to its first answer."""
    command = [sys.executable, "-m", "bench.ledger_kills", str(folder), point, str(random.randrange(2**32))]
    began = time.perf_counter()
    writer = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    first = 0.0
    assert writer.stdin and writer.stdout
    writer.stdin.write(json.dumps(waiting) + "\n")
    writer.stdin.flush()
    timer = threading.Timer(1.5 + 2 * random.random(), writer.kill)
    if point == "at random":
        timer.start()
    for line in writer.stdout:
        kind, movements_told = json.loads(line)
        first = first or time.perf_counter() - began
        if kind == "sending":
            waiting[:] = movements_told
        else:
            answered.update({each["id"]: each for each in waiting})
            waiting.clear()
    writer.wait()
    timer.cancel()
    return first


def _absent(database: Database, sent: list[dict[str, Any]]) -> set[str]:
    with database.read() as connection:
        there = set(connection.execute(select(movements.c.id)).scalars())
    return {each["id"] for each in sent} - there


def _expected(sent: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    totals: dict[tuple[str, str], int] = {}
    for each in sent:
        key = each["unit"], each["item"]
        totals[key] = totals.get(key, 0) + SIGNS[each["kind"]] * each["packs"]
    return totals


def _integrity(database: Database) -> str:
    if database.dialect != "sqlite":
        return "not asked"
    with database.read() as connection:
        return str(connection.execute(text("PRAGMA integrity_check")).scalar())


def write_until_killed(folder: Path, point: str, seed: int) -> None:
    """Send batches, saying each before and after; die at the named point of one of the first twenty."""
    database, draw = fresh(folder), Draw(Random(seed))
    ledger, fatal = taken_in_by(database), draw.random.randrange(1, 20)
    for number in range(100_000):
        left = json.loads(sys.stdin.readline()) if number == 0 else []
        batch = left or [
            draw.movement(at, datetime.now(UTC), draw.random.choice(UNITS)) for at in range(BATCH)
        ]
        _say("sending", batch)
        with _dying_at(point if number >= fatal else ""):
            ledger.accept(Batch("bench", None, batch), RULES)
        _say("answered", [])


@contextmanager
def _dying_at(point: str) -> Iterator[None]:
    """Kill this process where the named point is reached."""
    if point == "begun":
        Posting.append = _die
    elif point == "appending":
        flush, Posting.end = Posting.flush, lambda self: (flush(self), _die())
    elif point == "written":
        end = Posting.end
        Posting.end = lambda self: (end(self), _die())
    yield
    if point == "committed":
        _die()


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _say(kind: str, batch: list[dict[str, Any]]) -> None:
    print(json.dumps([kind, batch]), flush=True)


if __name__ == "__main__":
    write_until_killed(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
