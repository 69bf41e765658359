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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select, text

from bench.ledger_desk import RULES, UNITS, Draw, address_of, fresh, held, taken_in_by, whole
from bench.ledger_once import SIGNS
from ledger.database import Database
from ledger.movements import Batch
from ledger.places import REVISION
from ledger.posting import Posting
from ledger.tables import movements

AT_RANDOM = "at random"
POINTS = ("begun", "appending", "written", "committed", AT_RANDOM)
"""When it is killed: the lock is held; rows are written; sums, too; all is on the disk, nobody was told."""

ROOT = Path(__file__).parent.parent
BATCH = 20


def run(folder: Path, asked: argparse.Namespace) -> bool:
    """Kill a writer many times; each new one first sends again what was not answered for."""
    nursery = _Nursery(folder)  # before the database is opened here: no copy inherits a connection
    database, desks = fresh(folder), _Desks(Random(asked.seed))
    began = time.perf_counter()
    slowest = max(desks.round(nursery, POINTS[number % len(POINTS)]) for number in range(asked.kills))
    nursery.close()
    everything = list(desks.answered.values()) + desks.waiting
    taken_in_by(database).accept(Batch("bench", None, desks.waiting), RULES)
    lost, more = _astray(database, everything)
    same = held(database) == _expected(everything)
    print(
        f"kills: {asked.kills} at {len(POINTS)} points in {time.perf_counter() - began:.0f} s, "
        f"{len(desks.answered):,} movements answered for: lost {lost}, doubled or from nowhere {more}, "
        f"balances agree {same}, integrity {_integrity(database)}, "
        f"slowest first answer after a kill {slowest:.1f} s"
    )
    sound = whole(database) and same and lost == more == 0
    database.close()
    return sound


class _Nursery:
    """A process that has everything loaded and has never opened the database: writers are its copies.

    A writer dies as a process of its own does, and is born in milliseconds.
    """

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "bench.ledger_kills", str(folder)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def writer(self, point: str, seed: int, left: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
        """What a new writer says, up to its end."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([point, seed, left]) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            try:
                kind, told = json.loads(line)
            except ValueError:  # killed while it said what it was going to send: it did not send it
                continue
            yield kind, told
            if kind == "ended":
                return

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@dataclass
class _Desks:
    """What desks know: what was answered for, and what they send again."""

    random: Random
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def round(self, nursery: _Nursery, point: str) -> float:
        """One writer from its birth to its kill; seconds to its first answer."""
        began, first = time.perf_counter(), 0.0
        lives = 0.1 + self.random.random() if point == AT_RANDOM else None
        timer: threading.Timer | None = None
        for kind, told in nursery.writer(point, self.random.randrange(2**32), self.waiting):
            if kind == "born" and lives is not None:
                timer = threading.Timer(lives, os.kill, (told, signal.SIGKILL))
                timer.start()
            elif kind == "sending":
                self.waiting = told
            elif kind == "answered":
                first = first or time.perf_counter() - began
                self.answered.update({each["id"]: each for each in self.waiting})
                self.waiting = []
            elif kind == "ended" and told != -signal.SIGKILL:
                raise RuntimeError(f"A writer ended by itself ({told}); see what it said above.")
        if timer:
            timer.join()
        return first


def _astray(database: Database, sent: list[dict[str, Any]]) -> tuple[int, int]:
    """How many movements that were sent are not there, and how many rows are there beside one for each."""
    with database.read() as connection:
        rows = list(connection.execute(select(movements.c.id).where(movements.c.kind != REVISION)).scalars())
    known = {each["id"] for each in sent}
    return len(known - set(rows)), len(rows) - len(known & set(rows))


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


def nursery(folder: Path) -> None:
    """Copy this process for each writer asked for, and say how it ended."""
    for line in sys.stdin:
        point, seed, left = json.loads(line)
        number = os.fork()
        if not number:
            try:
                write_until_killed(folder, point, seed, left)
            finally:
                os._exit(1)
        _, status = os.waitpid(number, 0)
        _say("ended", os.waitstatus_to_exitcode(status))


def write_until_killed(folder: Path, point: str, seed: int, left: list[dict[str, Any]]) -> None:
    """Send batches, saying each before and after; die at the named point of one of the first seven."""
    _say("born", os.getpid())
    database, draw = Database.open(address_of(folder)), Draw(Random(seed))
    ledger, fatal = taken_in_by(database), draw.random.randrange(1, 8)
    for number in range(100_000):
        batch = (not number and left) or [
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


def _say(kind: str, told: Any) -> None:
    os.write(1, f"\n{json.dumps([kind, told])}\n".encode())  # whoever was killed may have left half a line


if __name__ == "__main__":
    nursery(Path(sys.argv[1]))
