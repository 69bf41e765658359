"""Bringing the snapshot up to date with DHIS2, in full or by what changed, so that it may be killed anywhere.

Order: metadata, the meaning of the cells, values and completeness, then the tables, and last the manifest. A
full pull sets each finished chunk aside (`loaders.staging`): killed, the next sync goes on with the chunks
that lack, then asks for what changed since the first one began. Readers see the last whole version all the
while.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pandas as pd
from deltalake.exceptions import DeltaError

from countries import Country
from loaders.ahead import Ahead
from loaders.changes import together
from loaders.check import findings_of
from loaders.dhis2 import Client
from loaders.errors import SourceError
from loaders.event_sync import EventSync, KeptEvents
from loaders.filling import Filling, Written
from loaders.findings import Finding
from loaders.frames import TABLES, canonical
from loaders.mapping import resolve
from loaders.pull import Examination, Source
from loaders.puller import pieces
from loaders.reports import newest_months, received, told
from loaders.snapshot import Snapshot, SnapshotError, Snapshots
from loaders.snapshot_keeping import prune
from loaders.snapshot_writer import Busy, Writer
from loaders.staging import Staging
from loaders.store_values import keep_store_values
from loaders.sync_report import Listener, Progress, SyncReport, Wire, failed, keep

__all__ = ["Busy", "NothingToRead", "Progress", "SyncOptions", "SyncReport", "synchronise"]


AHEAD = 8  # chunks at hand that were not judged yet


class NothingToRead(SourceError):
    """None of the country's forms was found in this DHIS2."""


@dataclass(frozen=True)
class SyncOptions:
    """How to sync.

    Attributes:
        full: pull everything, even where changes would do.
        overlap: how much before the last sync changes are asked from, for transactions that ended late.
        full_after: a full pull is made when the last one is older: what DHIS2 removed for good leaves no
        trace.
    """

    full: bool = False
    overlap: timedelta = timedelta(hours=1)
    full_after: timedelta = timedelta(days=30)


def synchronise(
    client: Client,
    country: Country,
    snapshots: Snapshots,
    options: SyncOptions | None = None,
    progress: Listener | None = None,
) -> SyncReport:
    """Bring the snapshot up to date.

    Args:
        client: the DHIS2, as an account that may read the country's forms.
        country: which forms, and what their cells mean.
        snapshots: where to.
        options: how.
        progress: told after every step, from this thread.

    Returns:
        What was done. It is kept beside the snapshot (`sync_report.last`), that of a failed sync too.

    Raises:
        SourceError: DHIS2 could not be read; the snapshot is as it was, and the next sync goes on.
        Busy: another process is syncing.
        SnapshotError: the disk is full, or a table is damaged.
    """
    run = _Run(client, country, options or SyncOptions(), progress or (lambda _: None))
    with Writer(snapshots) as writer:
        try:
            report = run.run(writer, Staging(snapshots.folder))
        except SourceError as problem:
            keep(snapshots.folder, failed(run.kind, run.started_at, run.wire, problem))
            raise
        except (OSError, DeltaError) as problem:
            raise _not_written(snapshots, problem) from problem
        keep(snapshots.folder, report)
        prune(snapshots)
    return report


class _Run:
    """One sync."""

    def __init__(self, client: Client, country: Country, options: SyncOptions, progress: Listener) -> None:
        self._client, self._country, self._options, self._progress = client, country, options, progress
        self.started_at = datetime.now(UTC)
        self.wire = Wire.now(client.report)
        self.kind = ""

    def run(self, writer: Writer, staging: Staging) -> SyncReport:
        """Pull, write, publish."""
        self._progress(Progress(0, 1, "metadata"))
        base = None if self._options.full else writer.base
        with Examination(self._client, self._country) as examination:
            source = examination.source() if base else None
            if base and source and self._changes_will_do(base, source):
                self.kind = "changes"
                return self._filled(writer, staging, source, lambda filling: filling.changes(base))
            self.kind = "full"
            # On a first pull values are on their way while the metadata is still being read.
            with Ahead(pieces(self._client, examination, staging), AHEAD) as raw:
                source = source or examination.source()
                return self._filled(writer, staging, source, lambda filling: filling.everything(raw))

    def _filled(
        self, writer: Writer, staging: Staging, source: Source, fill: Callable[[Filling], Written]
    ) -> SyncReport:
        """Write metadata and, by `fill`, values; publish."""
        if not source.data_sets:
            raise _nothing(source, self._country)
        filling = Filling(self._client, writer, source, self._options.overlap, self._progress)
        with ThreadPoolExecutor(4, thread_name_prefix="sync") as pool:
            registrations = pool.submit(self._client.completeness, source.scope.everything)
            metadata = pool.submit(_write_metadata, writer, source, self._country)
            known = pool.submit(_known, source, self._country)
            events = EventSync(self._client, writer, source, self._country)
            slips = pool.submit(events.keep, self._options.overlap, self.kind == "full")
            shelves = pool.submit(keep_store_values, writer, self._client, source, self._country)
            written = fill(filling)
            self.kind = written.kind
            metadata.result()
            findings = [*known.result().findings, *shelves.result()]
            found = replace(known.result(), findings=findings, events=slips.result())
            return self._publish(writer, staging, found, (written, registrations.result()))

    def _changes_will_do(self, base: Snapshot, source: Source) -> bool:
        """Whether what was held is of the same meaning, and not too long ago pulled in full."""
        full_at = datetime.fromisoformat(base.manifest["full_at"])
        same = base.manifest["pull"] == identity(source, self._country)
        return same and source.system.time - full_at <= self._options.full_after

    def _publish(
        self, writer: Writer, staging: Staging, known: "_Known", came: tuple[Written, pd.DataFrame]
    ) -> SyncReport:
        written, registrations = came
        rejected = together("rejected", [known.source.rejected, written.rejected, known.events.rejected])
        writer.replace_if_changed("rejected", _as_seen_first(rejected, writer.base))
        declared = sha256(registrations.to_csv(index=False).encode()).hexdigest()[:16]
        before = writer.base.manifest if writer.base else {}
        newest = before.get("newest_month", {})
        # A full pull tells its reports itself: they are worked out while its last values are being written.
        if written.told is not None or before.get("registrations") != declared or writer.changed:
            newest = _write_reports(writer, known.source, registrations, written.told)
        report = self._report(writer, known, written, newest)
        about = _about(known.source, written, report) | {"registrations": declared}
        told = {"events": known.events.about} if known.events.about else {}
        writer.publish(about | told | {"pull": known.identity, "report": report.as_dict()})
        staging.end()
        return report

    def _report(
        self, writer: Writer, known: "_Known", written: Written, newest: dict[str, int]
    ) -> SyncReport:
        preview = writer.preview()
        return SyncReport(
            self.kind,
            self.started_at,
            datetime.now(UTC),
            version=(writer.base.version if writer.base else 0) + writer.changed,
            changed=written.changed,
            deleted=written.deleted,
            rejected=preview.rows("rejected"),
            counts={table: preview.rows(table) for table in TABLES if table in preview.manifest["tables"]},
            newest_month=newest,
            findings=[*known.findings, *known.events.findings],
            **self.wire.since(),
        )


@dataclass(frozen=True)
class _Known:
    """What can be said of a source before its values have come."""

    source: Source
    identity: str
    findings: list[Finding]
    events: KeptEvents = field(default_factory=KeptEvents)


def _known(source: Source, country: Country) -> _Known:
    findings = [finding for finding in findings_of(source, country) if finding.severity != "ok"]
    return _Known(source, identity(source, country), findings)


def _not_written(snapshots: Snapshots, problem: Exception) -> SnapshotError:
    return SnapshotError(
        f"{snapshots.folder} could not be read or written ({problem}). See that its disk has room and that "
        "this user may write there, then sync again: it goes on where it stood. `python app.py sync --full` "
        "replaces damaged files."
    )


def identity(source: Source, country: Country) -> str:
    """Changes when values pulled before would be read differently now: another source, scope or meaning."""
    assigned = source.mapping.assignments.astype("str").sort_values(["form", "org_unit"])
    known = assigned.loc[assigned["org_unit"].isin(source.units["id"])]
    texts = [
        source.system.url,
        country.id,
        *source.roots,
        source.mapping.fingerprint,
        known.to_csv(index=False),
    ]
    return sha256("\n".join(texts).encode()).hexdigest()[:24]


def _nothing(source: Source, country: Country) -> NothingToRead:
    found = " ".join(f"{finding.what} {finding.remedy}" for finding in source.mapping.findings)
    what = f"None of the forms of {country.id!r} was found in {source.system.url}. {found}"
    return NothingToRead(what, "Run `python app.py check` for the whole list.")


def _write_metadata(writer: Writer, source: Source, country: Country) -> None:
    mapping = source.mapping
    stores = resolve(country, source.metadata, role="store")
    for table, frame in (
        ("org_units", source.units),
        ("outlines", source.outlines),
        ("contacts", source.contacts),
        ("groups", source.groups),
        ("items", mapping.items),
        ("forms", mapping.forms),
        ("form_items", mapping.form_items),
        ("assignments", mapping.assignments),
        ("cells", canonical("cells", mapping.cells)),
        ("store_forms", stores.forms),
        ("store_items", stores.items),
        ("store_assignments", stores.assignments),
        ("store_cells", canonical("store_cells", stores.cells)),
    ):
        writer.replace_if_changed(table, frame)


def _write_reports(
    writer: Writer, source: Source, registrations: pd.DataFrame, known: pd.DataFrame | None
) -> dict[str, int]:
    """Write which reports were received; returns the newest month of each form."""
    mapping = source.mapping
    if known is None:
        held = writer.preview().read("values", ["org_unit", "item", "month", "months"])
        known = told(held, mapping.homes)
    known = known.loc[~known["form"].isin(mapping.estimates)]
    assigned = mapping.assignments.astype("str").merge(mapping.forms, on="form")
    assigned = assigned.loc[~assigned["form"].isin(mapping.estimates)]
    here = registrations.merge(assigned[["org_unit", "data_set"]], on=["org_unit", "data_set"])
    writer.replace_if_changed("reports", received(known, mapping.forms, mapping.namings, here))
    return newest_months(known)


def _as_seen_first(rejected: pd.DataFrame, base: Snapshot | None) -> pd.DataFrame:
    """Rows that were kept aside before keep the moment at which they were first seen."""
    rejected = rejected.sort_values(["source", "org_unit", "item", "month", "reason"], ignore_index=True)
    if base is None or rejected.empty:
        return rejected
    names = [name for name in rejected.columns if name != "seen_at"]
    before = base.read("rejected").rename(columns={"seen_at": "first_seen"}).drop_duplicates(names)
    both = rejected.merge(before, on=names, how="left")
    return rejected.assign(seen_at=both["first_seen"].fillna(both["seen_at"]).to_numpy())


def _about(source: Source, written: Written, report: SyncReport) -> dict[str, Any]:
    """What the manifest says of a version."""
    return {
        "synced_at": report.finished_at.isoformat(),
        "server_time": source.system.time.astimezone(UTC).isoformat(),
        "source": {"url": source.system.url, "name": source.system.name, "version": source.system.version},
        "since": written.since.astimezone(UTC).isoformat(),
        "full_at": written.full_at.astimezone(UTC).isoformat(),
        "counts": dict(report.counts),
        "newest_month": dict(report.newest_month),
        "rejected": report.rejected,
    }
