"""The snapshot's values brought up to date: all of them as they come, or those that changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from loaders.ahead import Ahead
from loaders.batch import newest_only
from loaders.changes import HeldSnapshot, changes_to, still_rejected
from loaders.dhis2 import Client
from loaders.event_intake import ASIDE
from loaders.frames import TABLES
from loaders.intake import Intake, Judge
from loaders.loading import Loading
from loaders.pull import Source
from loaders.puller import Piece
from loaders.snapshot import Snapshot
from loaders.snapshot_writer import Writer
from loaders.sync_report import Listener, Progress


@dataclass(frozen=True)
class Written:
    """What was written of the values: how, rows changed and deleted, and from when on to ask for changes.

    `told` is every report that has a value (as `loaders.reports.told`) where that is known already.
    """

    kind: str
    changed: int
    deleted: int
    since: datetime
    full_at: datetime
    rejected: pd.DataFrame
    told: pd.DataFrame | None = None


class Filling:
    """Writes the values of one version.

    Args:
        client: the DHIS2.
        writer: of the version that is being made.
        source: what is known of the DHIS2.
        overlap: how much before a moment changes are asked from.
        progress: told after every step.
    """

    def __init__(
        self, client: Client, writer: Writer, source: Source, overlap: timedelta, progress: Listener
    ) -> None:
        self._client, self._writer, self._source = client, writer, source
        self._overlap, self._progress = overlap, progress
        self._judge = Judge(source.mapping, source.units["id"], source.elements)

    def everything(self, raw: Ahead[Piece]) -> Written:
        """All values; of a pull that was cut short before, also what changed since it began."""
        loading = Loading(self._writer, self._judge, self._source.mapping)
        began: datetime | None = None
        for batch in raw.batches():
            last = batch[-1]
            began = last.began
            self._progress(Progress(1 + last.done, last.total + 2, "values"))
            loading.take(batch)
        loading.end()
        rejected, since = loading.rejected, began or self._source.system.time
        if began is None:
            return Written("full", loading.rows, 0, since, since, rejected, loading.told)
        intake = self._changed_since(began)
        self._merge(self._writer.preview(), intake)
        rows = self._writer.preview().rows("values")
        return Written("resumed", rows, 0, since, since, still_rejected(rejected, intake))

    def changes(self, base: Snapshot) -> Written:
        """What changed since a version was made."""
        self._progress(Progress(1, 3, "changes"))
        intake = self._changed_since(datetime.fromisoformat(base.manifest["since"]))
        self._progress(Progress(2, 3, "tables"))
        changed, deleted = self._merge(base, intake)
        before = base.read("rejected")
        elsewhere = before["item"].isin(TABLES) | before["code"].str.startswith(ASIDE)
        rejected = still_rejected(before.loc[~elsewhere], intake)
        full_at = datetime.fromisoformat(base.manifest["full_at"])
        return Written("changes", changed, deleted, self._source.system.time, full_at, rejected)

    def _changed_since(self, moment: datetime) -> Intake:
        """What changed since a moment of the server's clock, deletions included."""
        everything = self._source.scope.everything
        raw = self._client.values_changed_since(moment, everything, self._source.shape, self._overlap)
        return self._judge.judge(newest_only(raw), changes=True)

    def _merge(self, held: Snapshot, intake: Intake) -> tuple[int, int]:
        """Bring changes into what is held; how many values were changed and deleted."""
        values, parts = changes_to(HeldSnapshot(held), intake)
        self._writer.merge("values", values.changed, values.gone)
        self._writer.merge("parts", parts.changed, parts.gone)
        return len(values.changed), len(values.gone)
