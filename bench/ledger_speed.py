"""Durable movements a second, in batches as devices send them."""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench.ledger_desk import RULES, UNITS, Draw, counted, fresh, taken_in_by, whole
from ledger.movements import Batch

GOAL = 1_000
MOVEMENTS = 6_000
BATCHES = (1, 10, 100)
DESKS = 4


def run(folder: Path, asked: argparse.Namespace) -> bool:
    """Measure batches of several sizes, from several desks at once."""
    rates = {size: _rate(folder / str(size), size, asked.seed) for size in BATCHES}
    for size, (rate, busy) in rates.items():
        print(f"speed: batches of {size:3}: {rate:8,.0f} movements/s, {1000 * busy:.2f} ms of processor each")
    best = rates[BATCHES[-1]][0]
    print(f"speed: goal {GOAL:,}/s in batches of {BATCHES[-1]}: {'kept' if best >= GOAL else 'MISSED'}")
    return best >= GOAL


def _rate(folder: Path, size: int, seed: int) -> tuple[float, float]:
    database, draw = fresh(folder), Draw(Random(seed))
    ledger, now = taken_in_by(database), datetime.now(UTC)
    total = MOVEMENTS if size > 1 else MOVEMENTS // 20
    batches = [
        [draw.movement(at * size + number, now, UNITS[at % len(UNITS)]) for number in range(size)]
        for at in range(total // size)
    ]

    def send(movements: list[dict[str, object]]) -> None:
        results = ledger.accept(Batch("bench", None, movements), RULES)
        if any(each.status != "accepted" for each in results):
            raise AssertionError(f"not taken: {results}")

    began, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(DESKS) as pool:
        list(pool.map(send, batches))
    seconds, spent = time.perf_counter() - began, time.process_time() - busy
    if not whole(database) or counted(database) < len(batches) * size:
        raise AssertionError("movements were lost")
    database.close()
    return len(batches) * size / seconds, spent / (len(batches) * size)
