"""Runs in Dask's environment: indicators of a folder of Parquet files with one worker and with two.

Each task reads one file (some facilities) and gives what adds up; the rates of all are summed at the end.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import dask
import distributed
import numpy as np
from pyarrow import parquet

from indicators.panel import Panel, PanelRates


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


def seconds(paths: list[str], workers: int, times: int) -> tuple[float, float, PanelRates]:
    """Median clock, and processor of the busiest worker, of so many runs on workers of one thread each."""
    took, busy = [], []
    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.gather(client.map(of_file, paths[:workers], pure=False))
        for _ in range(times):
            started = time.perf_counter()
            tasks = client.gather(client.map(of_file, paths, pure=False))
            found = PanelRates.all([task.rates for task in tasks])
            took.append(time.perf_counter() - started)
            busy.append(busiest(tasks))
    return statistics.median(took), statistics.median(busy), found


def main() -> int:
    """Both, and how much faster two are."""
    folder, times = Path(sys.argv[1]), int(sys.argv[2])
    paths = sorted(str(path) for path in folder.glob("*.parquet"))
    print(f"Dask {dask.__version__}, {len(paths)} Parquet files, median of {times}", flush=True)
    one, busy_one, alone = seconds(paths, 1, times)
    print(f"1 worker:  {one:.2f} s by the clock, {busy_one:.2f} s of processor", flush=True)
    two, busy_two, shared = seconds(paths, 2, times)
    print(f"2 workers: {two:.2f} s by the clock, {busy_two:.2f} s of processor of the one with more to do")
    print(f"by the processor (on a machine that others use too): {busy_one / busy_two:.2f} times")
    same = np.allclose(alone.stockout.numerator, shared.stockout.numerator)
    print(f"two are {one / two:.2f} times as fast as one (at least 1.5); same figures: {same}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
