"""What scoring costs beside one pass of medians, on ten million figures, and what a new month costs."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import numpy as np

from bench.suites import Cells
from indicators.aberration import Reported, latest, learnt, score
from indicators.robust import medians

ITEMS, FACILITIES, MONTHS, DISTRICTS = 20, 10_000, 50, 200


def speed(facilities: int = FACILITIES) -> str:
    """The table, as text: seconds of wall and of processor, ratios to the pass of medians, and memory."""
    reported = figures(facilities)
    base = best_of(3, lambda: medians_and_mad(reported.values))
    whole = best_of(1, lambda: score(reported, threads=2))
    first = np.arange(facilities)
    one = reported.rows(first)
    kept = learnt(one)
    month = best_of(3, lambda: latest(one, kept))
    month = ITEMS * month[0], ITEMS * month[1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    lines = [f"{reported.values.size / 1e6:.1f} million figures, {ITEMS} items, two threads"]
    rows = ("median and MAD by sorting", base), ("scored once", whole), ("a new month, one thread", month)
    for name, (wall, cpu) in rows:
        times = f"{wall / base[0]:6.1f} and {cpu / base[1]:6.1f} times"
        lines.append(f"{name:26s} {wall:6.2f} s wall {cpu:6.2f} s processor, {times}")
    return "\n".join(
        [*lines, f"a new month is {month[1] / whole[1]:.3f} of all; most memory {memory:.2f} GiB"]
    )


def figures(facilities: int) -> Reported:
    """Counts of every item at every facility, some missing, some with zeros."""
    chance = np.random.default_rng(5)
    rows = ITEMS * facilities
    mean = np.exp(chance.normal(3, 1, (rows, 1)) + 0.4 * np.cos(np.arange(MONTHS) * 2 * np.pi / 12))
    values = chance.poisson(mean * chance.gamma(12, 1 / 12, (rows, MONTHS))).astype(np.float32)
    values[chance.random(values.shape) < 0.08] = np.nan
    area = np.tile(chance.integers(0, DISTRICTS, facilities), ITEMS)
    return Reported(values, np.repeat(np.arange(ITEMS), facilities), area)


def medians_and_mad(values: Cells) -> Cells:
    """One pass: the median of every series, and the median distance from it."""
    return np.asarray(medians(np.abs(values - medians(values)[:, None])))


def best_of(times: int, work: Callable[[], object]) -> tuple[float, float]:
    """The least seconds of wall and of processor among so many runs."""
    taken = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(each[0] for each in taken), min(each[1] for each in taken)
