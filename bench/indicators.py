"""`python -m bench.indicators`: indicators of 16 million facility-item-months beside one pandas group sum.

Consumption made good, averages, months of stock, status, stock-out and reporting rates of a frame with
integer keys and float64 values, against `groupby([facility, item], sort=False).sum()` of the same frame in
the same run; then the same from Parquet on Dask, with one worker and with two (in an environment of its own).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from bench.environments import beside_ours
from indicators.panel import Panel

ITEMS, MONTHS, FIRST_YEAR = 10, 60, 2021
PARTITIONS = 16
ROOT = Path(__file__).parent.parent


def a_frame(facilities: int, seed: int = 1, first: int = 0) -> pd.DataFrame:
    """Every facility, item and month, in the order in which reports come: month by month."""
    random = np.random.default_rng(seed)
    number = np.arange(FIRST_YEAR * 12, FIRST_YEAR * 12 + MONTHS)
    rows = facilities * ITEMS * MONTHS
    place = np.arange(rows) // ITEMS % facilities
    return pd.DataFrame(
        {
            "facility": place + first,
            "item": np.arange(rows) % ITEMS,
            "month": np.repeat(number // 12 * 100 + number % 12 + 1, facilities * ITEMS),
            "consumed": random.integers(0, 200, rows).astype(np.float64),
            "closing": (random.integers(0, 600, rows) * (random.random(rows) > 0.1)).astype(np.float64),
            "stockout_days": (random.integers(1, 31, rows) * (random.random(rows) < 0.1)).astype(np.float64),
        }
    )


def timed(task: Callable[[], object], times: int) -> tuple[float, float]:
    """The median of the clock and of the processor's time of so many runs, seconds."""
    clock, processor = [], []
    for _ in range(times):
        started, busy = time.perf_counter(), time.process_time()
        task()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - busy)
    return statistics.median(clock), statistics.median(processor)


def beside_pandas(rows: int, times: int) -> None:
    """Our indicators and the group sum, one after the other."""
    frame = a_frame(rows // (ITEMS * MONTHS))
    print(f"{len(frame):,} facility-item-months, integer keys, three float64 columns", flush=True)
    summed = timed(lambda: frame.groupby(["facility", "item"], sort=False).sum(), times)
    ours = timed(lambda: Panel.of(frame).indicators(), times)
    print(f"pandas, one group sum:  {summed[0]:.2f} s by the clock, {summed[1]:.2f} s of processor")
    print(f"all of our indicators:  {ours[0]:.2f} s by the clock, {ours[1]:.2f} s of processor")
    print(
        f"ratio {ours[0] / summed[0]:.2f} by the clock, {ours[1] / summed[1]:.2f} of processor (at most 10)"
    )


def on_dask(rows: int, times: int) -> None:
    """The same from Parquet with one and with two workers."""
    facilities = rows // (ITEMS * MONTHS) // PARTITIONS
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        for number in range(PARTITIONS):
            frame = a_frame(facilities, number, number * facilities)
            frame.to_parquet(Path(folder) / f"part-{number:02d}.parquet", index=False)
        python = beside_ours("dask[distributed]")
        command = [str(python), "-m", "bench.peers.dask_indicators", folder, str(times)]
        subprocess.run(command, cwd=ROOT, check=True)


def main() -> int:
    """Run both, or one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=16_000_000)
    parser.add_argument("--times", type=int, default=5, help="the median of so many runs")
    parser.add_argument("--only", choices=["pandas", "dask"])
    asked = parser.parse_args()
    if asked.only != "dask":
        beside_pandas(asked.rows, asked.times)
    if asked.only != "pandas":
        on_dask(asked.rows, asked.times)
    return 0


if __name__ == "__main__":
    sys.exit(main())
