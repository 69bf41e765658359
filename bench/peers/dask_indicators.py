"""Runs in Dask's environment: indicators of a folder of Parquet files with one worker and with two.

Each task reads one file (some facilities) and gives what adds up; the rates of all are summed at the end.
Rounds of one worker and of two take turns, so that what else the machine has to do weighs on both alike.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dask
import distributed
import numpy as np
from pyarrow import parquet

from indicators.panel import Panel, PanelRates

# Dask lets its workers give every freed page back at once. Each array of a block is then made of new pages,
# which the kernel has to clear: 60,000 of them a file, half of the whole time, and both workers wait there.
KEEP_MEMORY = {
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS")},
}


@dataclass(frozen=True)
class Done:
    """What a task gives back: the rates of a file, by which worker, and what it took of the processor."""

    rates: PanelRates
    worker: int
    busy: float


def of_file(path: str) -> Done:
    """The rates of one file's facilities; their own figures are worked out with them.

    Read on one thread: a worker is one core, and Arrow would take all of the machine's.
    """
    started = time.process_time()
    frame = parquet.read_table(path, use_threads=False).to_pandas(use_threads=False)
    return Done(Panel.of(frame).indicators().rates, os.getpid(), time.process_time() - started)


def busiest(tasks: list[Done]) -> float:
    """The processor's seconds of the worker that had most to do."""
    by_worker: dict[int, float] = {}
    for task in tasks:
        by_worker[task.worker] = by_worker.get(task.worker, 0) + task.busy
    return max(by_worker.values())


@contextmanager
def workers(number: int) -> Iterator[distributed.Client]:
    """So many workers of one thread each."""
    with (
        dask.config.set({"distributed.nanny.pre-spawn-environ": KEEP_MEMORY}),
        distributed.LocalCluster(
            n_workers=number,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@dataclass
class Rounds:
    """What the rounds of some workers took, seconds by the clock and of the busiest worker's processor."""

    clock: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def once(self, client: distributed.Client, paths: list[str]) -> PanelRates:
        """One more round; the rates of all files."""
        started = time.perf_counter()
        tasks = client.gather(client.map(of_file, paths, pure=False))
        found = PanelRates.all([task.rates for task in tasks])
        self.clock.append(time.perf_counter() - started)
        self.busy.append(busiest(tasks))
        return found

    def told(self) -> str:
        """The medians in words."""
        clock, busy = statistics.median(self.clock), statistics.median(self.busy)
        return f"{clock:.2f} s by the clock, {busy:.2f} s of processor of the one with most to do"


def main() -> int:
    """Both, and how much faster two are."""
    folder, times = Path(sys.argv[1]), int(sys.argv[2])
    paths = sorted(str(path) for path in folder.glob("*.parquet"))
    print(f"Dask {dask.__version__}, {len(paths)} Parquet files, median of {times}", flush=True)
    one, two = Rounds(), Rounds()
    with workers(1) as single, workers(2) as both:
        for client, number in ((single, 1), (both, 2)):  # what is loaded once
            client.gather(client.map(of_file, paths[: 2 * number], pure=False))
        for _ in range(times):
            alone, shared = one.once(single, paths), two.once(both, paths)
            print(f"{one.clock[-1]:.2f} s and {two.clock[-1]:.2f} s", flush=True)
    print(f"1 worker:  {one.told()}\n2 workers: {two.told()}")
    load, same = os.getloadavg()[0], np.allclose(alone.stockout.numerator, shared.stockout.numerator)
    busy = statistics.median(one.busy) / statistics.median(two.busy)
    print(f"by the processor (on a machine that others use too): {busy:.2f} times; load {load:.1f}")
    faster = statistics.median(one.clock) / statistics.median(two.clock)
    print(f"two are {faster:.2f} times as fast as one (at least 1.5); same figures: {same}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
