"""Whether a real DHIS2 and the embedded one, filled from the same seed, are the same to a sync."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from bench.live_filling import ADMIN
from countries import Country
from loaders.dhis2 import Basic, Client
from loaders.frames import TABLES
from loaders.snapshot import Snapshot, Snapshots
from loaders.sync import synchronise
from tests.servers import demo_server

OF_THE_SERVER = {
    "values": ["updated_at"],
    "parts": ["updated_at"],
    "store_values": ["updated_at"],
    "events": ["updated_at"],
    "rejected": ["seen_at"],
}
"""Columns that two servers need not share: when something reached a server is that server's to say."""
OF_UNREGISTERED = ["received_at", "on_time"]
"""Of reports that nobody registered: known by when their values came."""


def compared(address: str, country: Country, seed: Path, today: str) -> Iterator[tuple[bool, str]]:
    """Sync from both and compare each table; yields whether it agrees, and a line about it."""
    with tempfile.TemporaryDirectory(prefix="tandem-live-") as name:
        folder = Path(name)
        with demo_server(folder / "demo", "--seed", str(seed), "--today", today) as embedded:
            ours = synced(embedded, country, folder / "embedded")
        theirs = synced(address, country, folder / "live")
        for table in TABLES:
            if table in ours.manifest["tables"]:
                yield of_table(table, ours, theirs)


def synced(address: str, country: Country, folder: Path) -> Snapshot:
    """The snapshot of a whole sync from the DHIS2 at ADDRESS."""
    with Client(address, Basic(*ADMIN)) as client:
        synchronise(client, country, Snapshots(folder))
    found = Snapshots(folder).current()
    assert found is not None
    return found


def of_table(table: str, ours: Snapshot, theirs: Snapshot) -> tuple[bool, str]:
    """Whether a table has the same rows in both, whatever their order."""
    left, right = (_plain(table, each.read(table)) for each in (ours, theirs))
    both = left.merge(right, how="outer", indicator=True)
    alone = both[both["_merge"] != "both"]
    if alone.empty and len(left) == len(right):
        return True, f"{table}: {len(left):,} rows"
    counts = alone["_merge"].value_counts()
    told = f"{counts['left_only']:,} rows of the embedded alone, {counts['right_only']:,} of the live alone"
    return False, f"{table}: {told}, of {len(left):,} and {len(right):,}\n{alone.head(6).to_string()}"


def _plain(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows as text, without what the servers need not share."""
    if table == "reports":
        frame = frame.astype(dict.fromkeys(OF_UNREGISTERED, "object"))
        frame.loc[~frame["registered"].astype(bool), OF_UNREGISTERED] = None
    kept = frame.drop(columns=OF_THE_SERVER.get(table, []), errors="ignore")
    return kept.astype("object").where(kept.notna(), "").astype(str)
