"""Devices offline for weeks, with wrong clocks, interrupted while they send: the balances of true order."""

import argparse
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.ledger_desk import RULES, UNITS, Draw, after_minutes, counted, fresh, held, taken_in_by, whole
from ledger.movements import Batch, Movements
from tests.ledger.oracle import Happened, replay

ENTRIES, DEVICES, INTERRUPTIONS, BATCH, GOAL = 10_000, 20, 50, 100, 15.0
MOST_SKEW = 48 * 3600
COUNTED = 0.03  # share of entries that are counts
STORES = UNITS[:5]


@dataclass
class Device:
    """A device: its clock is ahead by so much, and these entries wait on it."""

    name: str
    ahead: timedelta
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def batch(self, movements: list[dict[str, Any]]) -> Batch:
        """What it sends, by its own clock."""
        return Batch(self.name, datetime.now(UTC) + self.ahead, movements)


def run(folder: Path, asked: argparse.Namespace) -> bool:
    """Make the entries, send them, compare with the true order."""
    draw = Draw(Random(asked.seed))
    devices, events = _entries(draw)
    database = fresh(folder)
    began, busy = time.perf_counter(), time.process_time()
    interrupted = _send(taken_in_by(database), devices, draw.random)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    expected = dict(replay(events, set()).items)
    same = held(database) == expected
    sound = whole(database) and same
    print(
        f"offline: {len(events):,} entries of {DEVICES} devices, clocks off by up to 48 h, {interrupted} "
        f"interruptions, in {seconds:.1f} s (goal {GOAL:.0f}; {busy:.1f} s of processor): "
        f"balances of the true order {same}, {counted(database):,} rows with revisions of counts"
    )
    database.close()
    return sound and seconds <= GOAL


def _entries(draw: Draw) -> tuple[list[Device], list[Happened]]:
    """Entries minutes apart over eleven weeks, each on one of the devices of its store."""
    devices = [
        Device(f"device {number}", timedelta(seconds=draw.random.randint(-MOST_SKEW, MOST_SKEW)))
        for number in range(DEVICES)
    ]
    events = []
    for number in range(ENTRIES):
        device = draw.random.choice(devices)
        unit = STORES[devices.index(device) % len(STORES)]
        moment = after_minutes(11 * number)
        kind = "count" if draw.random.random() < COUNTED else ""
        told = draw.movement(number, moment + device.ahead, unit, kind)
        device.waiting.append(told)
        names = ("id", "kind", "unit", "item", "packs")
        events.append(Happened(number, **{name: told[name] for name in names}))
    return devices, events


def _send(ledger: Movements, devices: list[Device], random: Random) -> int:
    """Send it all in shuffled batches; where a link breaks after the server wrote, the same is sent again."""
    batches = []
    for device in devices:
        random.shuffle(device.waiting)
        starts = range(0, len(device.waiting), BATCH)
        batches += [(device, device.waiting[start : start + BATCH]) for start in starts]
    random.shuffle(batches)
    interrupted = set(random.sample(range(len(batches)), min(INTERRUPTIONS, len(batches))))
    for number, (device, movements) in enumerate(batches):
        times = 2 if number in interrupted else 1
        for _ in range(times):
            ledger.accept(device.batch(movements), RULES)
    return len(interrupted)
