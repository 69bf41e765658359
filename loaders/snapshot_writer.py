"""Writing a new version of the snapshot: one writer at a time, nothing visible before `publish`.

A table is overwritten (`replace`; a large one by `pour` and `fill`) or changed by key (`merge`). A
writer that was killed leaves table versions that no manifest names; the next writer puts each table back to
the version that the manifest names before it goes on.
"""

import fcntl
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import TableNotFoundError

from loaders.behind import Behind
from loaders.frames import KEYS, to_arrow, to_stored
from loaders.parcels import Parcels
from loaders.snapshot import FORMAT, PARTITIONED, Snapshot, SnapshotError, Snapshots, flush_folder

KEEP_FOR_EVER = {"delta.logRetentionDuration": "interval 36500 days"}
COMPRESSION = WriterProperties(compression="ZSTD")
WAITING = 2  # frames that are written behind and not done yet


class Busy(SnapshotError):
    """Another process is writing this snapshot."""


@dataclass(frozen=True)
class _Made:
    """What this writer made of a table: the Delta version, and how many rows it has."""

    version: int
    rows: int


class Writer:
    """Builds the next version; use it as a context manager.

    Several threads may write, each another table. What is written is flushed to the disk at once.

    Args:
        snapshots: the folder to write into.

    Raises:
        Busy: another process is writing (on entry).
    """

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._lock: Any = None
        self._changed: dict[str, _Made] = {}
        self._poured: dict[str, Parcels] = {}
        self._behind = Behind(WAITING)
        self.base: Snapshot | None = None

    def __enter__(self) -> Self:
        folder = self._snapshots.folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = (folder / "writer.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            holder = self._lock.read().strip()
            self._lock.close()
            raise Busy(f"another sync is writing {folder} ({holder}). Wait until it has ended.") from None
        self._sign()
        self.base = self._snapshots.current()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._behind.end()
        self._lock.close()

    def _sign(self) -> None:
        self._lock.truncate(0)
        self._lock.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        self._lock.flush()

    def replace(self, table: str, frame: pd.DataFrame) -> None:
        """The table becomes exactly this frame."""
        self._write(table, _stored(table, frame))

    def pour(self, table: str, frame: pd.DataFrame) -> None:
        """Rows for a table that will be exactly what was poured; they count once it is `fill`ed."""
        if table not in self._poured:
            split_by = "year" if table in PARTITIONED else ""
            self._poured[table] = Parcels(self._path(table), split_by, KEEP_FOR_EVER)
        self._poured[table].add(_stored(table, frame))

    def fill(self, table: str) -> None:
        """The table becomes exactly what was poured since it was last filled."""
        poured, since = self._poured.pop(table), self._version(table)
        poured.join(self._open(table))
        self._made(table, DeltaTable(self._path(table)), since, poured.rows)

    def behind(self, write: Callable[[], None]) -> None:
        """Do `pour` or `fill` in a thread of its own, in order; `preview` and `publish` wait for it.

        Raises:
            OSError, DeltaError: what was written so before could not be written.
        """
        self._behind.do(write)

    def merge(self, table: str, changed: pd.DataFrame, deleted: pd.DataFrame) -> None:
        """Change rows by key: `changed` replaces or adds, `deleted` (its key columns) takes away."""
        if changed.empty and deleted.empty:
            return
        target = self._open(table)
        if target is None:
            raise SnapshotError(f"table {table!r} does not exist yet; write it in full first.")
        source = _changes(table, changed, deleted)
        keys = [*KEYS[table], *(["year"] if table in PARTITIONED else [])]
        matched = " AND ".join(f"old.{key} = new.{key}" for key in keys)
        if table in PARTITIONED:
            years = ", ".join(map(str, sorted(pc.unique(source["year"]).to_pylist())))
            matched += f" AND old.year IN ({years})"
        plain = {name: f"new.{name}" for name in source.column_names if name != "gone"}
        since = self._version(table)
        merger = target.merge(
            source, matched, source_alias="new", target_alias="old", writer_properties=COMPRESSION
        )
        merger.when_matched_delete("new.gone").when_matched_update(
            plain, "NOT new.gone"
        ).when_not_matched_insert(plain, "NOT new.gone").execute()
        self._made(table, target, since, _rows(target))

    def replace_if_changed(self, table: str, frame: pd.DataFrame) -> bool:
        """As `replace`, unless the table is exactly so already; for small tables."""
        known = self.base is not None and table in self.base.manifest["tables"]
        if self.base and known and to_arrow(table, self.base.read(table)).equals(to_arrow(table, frame)):
            return False
        self.replace(table, frame)
        return True

    def preview(self) -> Snapshot:
        """What a reader would see after `publish`."""
        self._behind.settle()
        return Snapshot(self._snapshots.folder, {"version": 0, "tables": self._tables()})

    def so_far(self) -> Snapshot:
        """As `preview`, but of what is written by now: for a thread that reads back a table of its own."""
        return Snapshot(self._snapshots.folder, {"version": 0, "tables": self._tables()})

    @property
    def folder(self) -> Path:
        """The folder of the snapshot."""
        return self._snapshots.folder

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        self._behind.settle()
        return bool(self._changed)

    def publish(self, about: Mapping[str, Any]) -> Snapshot:
        """Make what was written the current version.

        Args:
            about: what the manifest says of it: `synced_at`, `server_time`, `source`, `counts`,
            `newest_month` ...

        Returns:
            The new current version; without any change, the same version with the new `about`.
        """
        self._behind.settle()
        tables = self._tables()
        number = (self.base.version if self.base else 0) + bool(self._changed)
        created = (
            datetime.now(UTC).isoformat()
            if self._changed or not self.base
            else self.base.manifest["created_at"]
        )
        manifest = {**about, "format": FORMAT, "version": number, "created_at": created, "tables": tables}
        self.base = self._snapshots.publish(manifest)
        self._changed = {}
        return self.base

    def _write(self, table: str, data: pa.Table) -> None:
        stored, since = self._open(table), self._version(table)
        parts = ["year"] if table in PARTITIONED else None
        write_deltalake(
            stored or self._path(table), data, mode="overwrite", schema_mode="overwrite", partition_by=parts,
            writer_properties=COMPRESSION, configuration=KEEP_FOR_EVER,
        )  # fmt: skip
        self._made(table, stored or DeltaTable(self._path(table)), since, len(data))

    def _made(self, table: str, stored: DeltaTable, since: int, rows: int) -> None:
        """Flush what was written of a table, and note it."""
        self._flush(table, since)
        self._changed[table] = _Made(stored.version(), rows)

    def _version(self, table: str) -> int:
        """The version up to which a table is on the disk for good; -1 when there is none."""
        if table in self._changed:
            return self._changed[table].version
        return self.base.manifest["tables"].get(table, {"version": -1})["version"] if self.base else -1

    def _open(self, table: str) -> DeltaTable | None:
        """The table at the version to build upon: this writer's own, else the one that the manifest names."""
        try:
            stored = DeltaTable(self._path(table))
        except TableNotFoundError:
            return None
        if table in self._changed:
            return stored
        named = self.base.manifest["tables"].get(table) if self.base else None
        if named and stored.version() != named["version"]:
            stored.restore(named["version"])
        return stored

    def _tables(self) -> dict[str, dict[str, int]]:
        tables = dict(self.base.manifest["tables"]) if self.base else {}
        made = dict(self._changed)  # other threads go on writing
        return tables | {table: {"version": m.version, "rows": m.rows} for table, m in made.items()}

    def _path(self, table: str) -> Path:
        return self._snapshots.folder / "tables" / table

    def _flush(self, table: str, since: int) -> None:
        """Flush the files after a version to the disk: only then may a manifest name them."""
        path = self._path(table)
        for log in path.glob("_delta_log/*.json"):
            if int(log.stem) > since:
                added = [json.loads(line).get("add") for line in log.read_text().splitlines()]
                for name in [str(log), *(str(path / add["path"]) for add in added if add)]:
                    _fsync(Path(name))
        flush_folder(path / "_delta_log")


def _rows(stored: DeltaTable) -> int:
    return int(pc.sum(pa.table(stored.get_add_actions())["num_records"]).as_py() or 0)


def _fsync(path: Path) -> None:
    with suppress(FileNotFoundError), path.open("rb") as file:
        os.fsync(file.fileno())


def _stored(table: str, frame: pd.DataFrame) -> pa.Table:
    return _with_year(table, to_stored(table, frame))


def _with_year(table: str, data: pa.Table) -> pa.Table:
    if table not in PARTITIONED:
        return data
    years = pc.cast(pc.divide(data["month"], 100), pa.int32())
    return data.append_column(pa.field("year", pa.int32(), nullable=False), years)


def _changes(table: str, changed: pd.DataFrame, deleted: pd.DataFrame) -> pa.Table:
    """Changed and deleted rows as one table with the column `gone`; of the deleted only the key is filled."""
    whole = to_arrow(table, changed)
    keys = pa.table(
        {k: pa.array(deleted[k].astype(object)).cast(whole.schema.field(k).type) for k in KEYS[table]}
    )
    for place, field in enumerate(whole.schema):
        if field.name not in KEYS[table]:
            keys = keys.add_column(place, field.name, pa.nulls(len(deleted), field.type))
    both = pa.concat_tables([whole, keys.select(whole.column_names)], promote_options="permissive")
    gone = pa.array([False] * len(changed) + [True] * len(deleted), pa.bool_())
    return _with_year(table, both).append_column("gone", gone)
