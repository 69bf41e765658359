"""A sync of the demonstration beside a bare download of its values, and what a sync without changes costs."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Sync:
    """One sync: seconds, bytes received, rows of values in the snapshot."""

    seconds: float
    wire_bytes: int
    rows: int


def main(port: int, rounds: int) -> None:
    """Measure and print."""
    with demonstration(port) as url:
        query = parameters(url)
        bare, full, idle = [], [], []
        for number in range(rounds):
            print(
                f"round {number + 1} of {rounds}: bare download, full sync, sync without changes",
                file=sys.stderr,
            )
            bare.append(download(url, query))
            with tempfile.TemporaryDirectory() as folder:
                full.append(sync(url, Path(folder), full=True))
                idle.append(sync(url, Path(folder), full=False))
    report(bare, full, idle)


@contextlib.contextmanager
def demonstration(port: int) -> Iterator[str]:
    """The embedded DHIS2 with the Ivorian figures, in a process of its own."""
    command = [sys.executable, "-m", "demo", "--country", "civ", "--port", str(port), "--data", str(STORE)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(requests.ConnectionError):
                requests.get(f"{url}/api/ping", timeout=5)
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def parameters(url: str) -> list[tuple[str, str]]:
    """The query that brings every value of the country's forms in one answer."""
    forms = {form.data_set for form in load_country("civ").forms if form.role == "figures"}
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


def download(url: str, query: list[tuple[str, str]]) -> Sync:
    """What requests and pandas alone take: plain CSV in one answer, read into a frame."""
    begun = time.perf_counter()
    answer = requests.get(f"{url}/api/dataValueSets.csv", params=query, auth=(USER, PASSWORD), timeout=600)
    frame = pd.read_csv(io.BytesIO(answer.content))
    return Sync(time.perf_counter() - begun, len(answer.content), len(frame))


def sync(url: str, folder: Path, full: bool) -> Sync:
    """A sync into FOLDER, from metadata to the published snapshot."""
    snapshots = Snapshots(folder / "snapshot")
    with Client(url, Basic(USER, PASSWORD), memory=folder / "answers") as client:
        begun = time.perf_counter()
        synchronise(client, load_country("civ"), snapshots, SyncOptions(full=full))
        seconds = time.perf_counter() - begun
        current = snapshots.current()
        return Sync(seconds, client.report.wire_bytes, current.rows("values") if current else 0)


def report(bare: list[Sync], full: list[Sync], idle: list[Sync]) -> None:
    """Print the three and their ratios."""
    print("\nThe demonstration's values: seconds (median), bytes received, rows")
    for name, runs in (("requests + read_csv", bare), ("full sync", full), ("sync without changes", idle)):
        seconds = median(run.seconds for run in runs)
        print(f"{name:24}{seconds:9.2f}{runs[0].wire_bytes:>12,}{runs[0].rows:>10,}")
    ratio = median(run.seconds for run in full) / median(run.seconds for run in bare)
    share = idle[0].wire_bytes / full[0].wire_bytes
    print(f"full sync / bare download: {ratio:.2f} (goal: at most 2)")
    print(f"bytes of a sync without changes: {share:.2%} of the full one's (goal: below 2 %)")
