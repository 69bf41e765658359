"""A sync of the demonstration beside a bare download of its values, and what a sync without changes costs.

Both ask the same server, warm, in turn, from one process that has imported everything, as the worker has. The
bare download asks for the very values of the sync plainly: one `requests.get` of the CSV, not compressed, and
`pandas.read_csv` on it; nothing is checked or stored. The sync asks, as in production, for the metadata, the
years, compressed chunks and completeness, judges every row, and writes the snapshot, flushed to the disk. The
processor time of both sides, server and client, stands beside the seconds: where other programs use the
machine, its ratio is the steadier one.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import pandas as pd
import requests

from countries import load_country
from loaders.dhis2 import Basic, Client
from loaders.snapshot import Snapshots
from loaders.sync import SyncOptions, synchronise

USER, PASSWORD = "admin", "district"
STORE = Path("build/bench/demo")
COUNTRY = load_country("civ")


@dataclass(frozen=True)
class Sync:
    """One sync: seconds, processor seconds here and in the server, bytes received, rows of values."""

    seconds: float
    own: float
    server: float
    wire_bytes: int
    rows: int


def main(port: int, rounds: int) -> None:
    """Measure and print."""
    with demonstration(port) as (url, process):
        query = parameters(url)
        bare, full, idle = [], [], []
        for number in range(rounds + 1):  # the first one warms both
            print(f"round {number} of {rounds}: download, full sync, sync without changes", file=sys.stderr)
            bare.append(timed(process, lambda: download(url, query)))
            with tempfile.TemporaryDirectory() as folder:
                full.append(timed(process, partial(sync, url, Path(folder), full=True)))
                idle.append(timed(process, partial(sync, url, Path(folder), full=False)))
    report(bare[1:], full[1:], idle[1:])


def timed(server: int, work: Callable[[], tuple[int, int]]) -> Sync:
    """Do WORK, which tells bytes and rows, and take the time."""
    begun, own, other = time.perf_counter(), time.process_time(), spent(server)
    wire_bytes, rows = work()
    seconds = time.perf_counter() - begun
    return Sync(seconds, time.process_time() - own, spent(server) - other, wire_bytes, rows)


def spent(process: int) -> float:
    """Processor seconds of another process so far, as Linux counts them."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def demonstration(port: int) -> Iterator[tuple[str, int]]:
    """The embedded DHIS2 with the Ivorian figures, in a process of its own: its address and number."""
    command = [sys.executable, "-m", "demo", "--country", "civ", "--port", str(port), "--data", str(STORE)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"{url}/api/ping", timeout=5)
                break
            time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def parameters(url: str) -> list[tuple[str, str]]:
    """The query that brings every value of the country's forms in one answer."""
    forms = {form.data_set for form in COUNTRY.forms if form.role == "figures"}
    with Client(url, Basic(USER, PASSWORD)) as client:
        frame = client.data_sets().frame
        places = [place.id for place in client.me().sees]
    chosen = frame[frame["code"].isin(forms) | frame["name"].isin(forms)]
    return [
        *(("dataSet", form) for form in chosen["id"]),
        ("startDate", "2000-01-01"),
        ("endDate", "2030-12-31"),
        *(("orgUnit", place) for place in places),
        ("children", "true"),
    ]


def download(url: str, query: list[tuple[str, str]]) -> tuple[int, int]:
    """With requests and pandas alone: plain CSV in one answer, read into a frame; its bytes and rows."""
    answer = requests.get(f"{url}/api/dataValueSets.csv", params=query, auth=(USER, PASSWORD), timeout=600)
    return len(answer.content), len(pd.read_csv(io.BytesIO(answer.content)))


def sync(url: str, folder: Path, full: bool) -> tuple[int, int]:
    """A sync into FOLDER, from metadata to the published snapshot; bytes received and rows held."""
    snapshots = Snapshots(folder / "snapshot")
    with Client(url, Basic(USER, PASSWORD), memory=folder / "answers") as client:
        synchronise(client, COUNTRY, snapshots, SyncOptions(full=full))
        current = snapshots.current()
        return client.report.wire_bytes, current.rows("values") if current else 0


def report(bare: list[Sync], full: list[Sync], idle: list[Sync]) -> None:
    """Print the three and their ratios."""
    print("\nThe demonstration: seconds, processor seconds here and in the server (medians), bytes, rows")
    for name, runs in (("requests + read_csv", bare), ("full sync", full), ("sync without changes", idle)):
        times = (middle(runs, "seconds"), middle(runs, "own"), middle(runs, "server"))
        shown = "".join(f"{time:8.2f}" for time in times)
        print(f"{name:24}{shown}{runs[0].wire_bytes:>12,}{runs[0].rows:>10,}")
    ratio = middle(full, "seconds") / middle(bare, "seconds")
    work = middle(full, "own") + middle(full, "server")
    share = idle[0].wire_bytes / full[0].wire_bytes
    print(f"full sync / bare download: {ratio:.2f} (goal: at most 2)")
    print(f"processor time, both sides: {work / (middle(bare, 'own') + middle(bare, 'server')):.2f}")
    print(f"bytes of a sync without changes: {share:.2%} of the full one's (goal: below 2 %)")


def middle(runs: list[Sync], name: str) -> float:
    """The median of a figure."""
    return median(getattr(run, name) for run in runs)
