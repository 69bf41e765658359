"""The local store: Delta tables that one manifest joins into whole versions.

    folder/tables/NAME/        one Delta table each
    folder/manifests/000012.json   every kept version: which Delta version of each table it is made of
    folder/manifest.json       the current one, renamed into place last

A reader takes a manifest and reads exactly the versions it names, so a writer at work, killed or not, never
shows. The writer is in `loaders.snapshot_writer`.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable

from loaders.frames import ARROW_TYPES, TABLES, empty, from_arrow

FORMAT = 1
CURRENT = "manifest.json"
PARTITIONED = ("values",)  # by year


class SnapshotError(Exception):
    """The stored data cannot be used; the message names the file and the remedy."""


class DamagedManifest(SnapshotError):
    """A manifest is not what was written: a disk that failed, or somebody edited it."""


@dataclass(frozen=True)
class Snapshot:
    """One whole version of the data.

    `manifest` has `version`, `tables` ({name: {version, rows}}), `synced_at` and `server_time` (ISO 8601),
    `source` ({url, version}), `counts`, `newest_month` ({form: YYYYMM}), `rejected` and `report` (of the last
    sync).
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def version(self) -> int:
        """The number of this version; it grows with every change of the data."""
        return int(self.manifest["version"])

    @cached_property
    def synced_at(self) -> datetime:
        """When the last sync that made or confirmed this version ended."""
        return datetime.fromisoformat(self.manifest["synced_at"])

    def read(
        self, table: str, columns: Sequence[str] | None = None, where: ds.Expression | None = None
    ) -> pd.DataFrame:
        """A table, as it was in this version.

        Args:
            table: one of `frames.TABLES`.
            columns: the columns wanted; all by default.
            where: a filter on columns (`pyarrow.dataset.field("month") >= 201901`), done while reading.

        Returns:
            The frame, ids and states as categories.

        Raises:
            SnapshotError: the table's files are absent or damaged.
        """
        wanted = list(columns or TABLES[table])
        frame = from_arrow(table, self.arrow(table, wanted, where))
        if table == "org_units" and "first" in wanted:
            frame = frame.sort_values("first", ignore_index=True)
        return frame if len(frame) else empty(table)[wanted]

    def arrow(self, table: str, columns: Sequence[str], where: ds.Expression | None = None) -> pa.Table:
        """As `read`, as an Arrow table with repeated texts dictionary-encoded."""
        at = self.manifest["tables"][table]["version"]
        # Of every column, not of those wanted alone: texts as a merge stores them cannot be filtered by.
        texts = [name for name, column in TABLES[table].items() if column.dtype == "category"]
        try:
            stored = DeltaTable(self.folder / "tables" / table, version=at)
            options = ds.ParquetReadOptions(dictionary_columns=texts)
            dataset = stored.to_pyarrow_dataset(parquet_read_options=options)
            return _whole(table, dataset.to_table(columns=_there(dataset, columns), filter=where), columns)
        except Exception as problem:
            raise SnapshotError(
                f"table {table!r} of version {self.version} in {self.folder} cannot be read ({problem}). "
                "Run `python app.py sync --full` to build it anew from DHIS2."
            ) from problem

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.manifest["tables"][table]["rows"])


def _there(dataset: ds.Dataset, columns: Sequence[str]) -> list[str]:
    """The columns that a stored table has: one written by an earlier program may lack a newer column."""
    names = set(dataset.schema.names)
    return [name for name in columns if name in names]


def _whole(table: str, found: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The table with every column asked for; a newer one that it lacks is empty."""
    for name in columns:
        if name not in found.column_names and TABLES[table][name].nullable:
            nothing = pa.nulls(len(found), ARROW_TYPES[TABLES[table][name].dtype])
            found = found.append_column(name, nothing)
    return found.select(list(columns))


class Snapshots:
    """The versions kept in one folder.

    Args:
        folder: the folder of the snapshot; it need not exist yet.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def current(self) -> Snapshot | None:
        """The newest whole version, or None when nothing was synced yet.

        Where `manifest.json` is damaged, the newest manifest that is kept stands in for it; the next sync
        writes it anew.

        Raises:
            SnapshotError: no manifest can be read.
        """
        try:
            manifest = _read(self.folder / CURRENT)
        except DamagedManifest:
            kept = next(self.readable(), None)
            if kept is None:
                raise
            return kept
        return Snapshot(self.folder, manifest) if manifest else None

    def readable(self) -> Iterator[Snapshot]:
        """The versions whose manifest is whole, newest first."""
        for version in reversed(self.versions()):
            with suppress(DamagedManifest):
                yield self.at(version)

    def at(self, version: int) -> Snapshot:
        """An earlier version, as it was.

        Raises:
            SnapshotError: it was never made, or is no longer kept.
        """
        manifest = _read(self._kept(version))
        if manifest is None:
            kept = ", ".join(map(str, self.versions())) or "none"
            raise SnapshotError(f"version {version} is not kept in {self.folder}; there are: {kept}.")
        return Snapshot(self.folder, manifest)

    def known_on(self, moment: datetime) -> Snapshot | None:
        """The version that was current at a moment: what was known then."""
        for snapshot in self.readable():
            if datetime.fromisoformat(snapshot.manifest["created_at"]) <= moment:
                return snapshot
        return None

    def versions(self) -> list[int]:
        """The versions that are kept, oldest first."""
        return sorted(int(path.stem) for path in (self.folder / "manifests").glob("*.json"))

    def publish(self, manifest: Mapping[str, Any]) -> Snapshot:
        """Make this the current version: written beside, flushed to the disk, and renamed into place last."""
        _write(self._kept(int(manifest["version"])), manifest)
        _write(self.folder / CURRENT, manifest)
        return Snapshot(self.folder, manifest)

    def _kept(self, version: int) -> Path:
        return self.folder / "manifests" / f"{version:06d}.json"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as problem:
        raise DamagedManifest(
            f"{path} is damaged ({problem}). Remove it and run `python app.py sync`."
        ) from problem
    if manifest.get("format") != FORMAT:
        raise SnapshotError(
            f"{path} has format {manifest.get('format')}, this program reads {FORMAT}. "
            f"Move {path.parent} away and run `python app.py sync --full`."
        )
    return manifest


def _write(path: Path, manifest: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make renames and new files of a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
