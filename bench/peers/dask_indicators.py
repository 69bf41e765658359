"""Runs in Dask's environment: indicators of a folder of Parquet files with one worker and with two.

Each task reads one file (some facilities) and gives what adds up; the rates of all are summed at the end.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import dask
import distributed
import numpy as np
from pyarrow import parquet

from indicators.panel import Panel, PanelRates


def of_file(path: str) -> PanelRates:
    """The rates of one file's facilities; their own figures are worked out with them.

    Read on one thread: a worker is one core, and Arrow would take all of the machine's.
    """
    frame = parquet.read_table(path, use_threads=False).to_pandas(use_threads=False)
    return Panel.of(frame).indicators().rates


def seconds(paths: list[str], workers: int, times: int) -> tuple[float, PanelRates]:
    """The median time of so many runs on so many worker processes of one thread each."""
    took = []
    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.gather(client.map(of_file, paths[:workers], pure=False))
        for _ in range(times):
            started = time.perf_counter()
            found = PanelRates.all(client.gather(client.map(of_file, paths, pure=False)))
            took.append(time.perf_counter() - started)
    return statistics.median(took), found


def main() -> int:
    """Both, and how much faster two are."""
    folder, times = Path(sys.argv[1]), int(sys.argv[2])
    paths = sorted(str(path) for path in folder.glob("*.parquet"))
    print(f"Dask {dask.__version__}, {len(paths)} Parquet files, median of {times}", flush=True)
    one, alone = seconds(paths, 1, times)
    print(f"1 worker:  {one:.2f} s", flush=True)
    two, shared = seconds(paths, 2, times)
    print(f"2 workers: {two:.2f} s")
    same = np.allclose(alone.stockout.numerator, shared.stockout.numerator)
    print(f"two are {one / two:.2f} times as fast as one (at least 1.5); same figures: {same}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
