"""A full pull of the values: chunk by chunk, each set aside when whole, taken up again when cut short."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from loaders.batch import joined, newest_only
from loaders.changes import HeldFrames, changes_to, still_rejected, summed, together, upsert
from loaders.dhis2 import Client, ValueQuery
from loaders.intake import Intake, Judge
from loaders.pull import Source, everything, years_with_values
from loaders.staging import Staging
from loaders.sync_report import Listener, Progress

BATCH = 500_000


@dataclass(frozen=True)
class Puller:
    """Pulls values.

    Attributes:
        client: the DHIS2.
        source: what is known of it.
        judge: tells good rows from bad ones.
        staging: where finished chunks are set aside.
        overlap: how much before a moment changes are asked from.
        progress: told after every chunk.
    """

    client: Client
    source: Source
    judge: Judge
    staging: Staging
    overlap: timedelta
    progress: Listener

    def everything(self, name: str) -> "Whole":
        """All values; or, of a pull of this name that was cut short, what lacks and what changed since."""
        now = self.source.system.time
        years = years_with_values(self.client, everything(self.source), now.date())
        began = self.staging.begin(f"{name} {years}", now)
        intakes = [self.judge.judge(joined(batch)) for batch in _batches(self._chunks(years))]
        parts = together("parts", [i.parts for i in intakes])
        values = together("values", [*(i.values for i in intakes), summed(parts)])
        whole = Whole(
            values, parts, together("rejected", [i.rejected for i in intakes]), began or now, bool(began)
        )
        return self._caught_up(whole) if began else whole

    def changed_since(self, moment: datetime) -> Intake:
        """What changed since a moment of the server's clock, deletions included."""
        raw = self.client.values_changed_since(
            moment, everything(self.source), self.source.shape, self.overlap
        )
        return self.judge.judge(newest_only(raw), changes=True)

    def _chunks(self, years: tuple[int, int] | None) -> Iterator[pd.DataFrame]:
        """The raw rows of each chunk, set aside before or pulled now."""
        if years is None:
            return
        query = ValueQuery(
            self.source.data_sets, date(years[0], 1, 1), date(years[1], 12, 31), self.source.roots
        )
        plan = self.client.plan_values(query, self.source.shape)
        lacking = []
        for chunk in plan:
            raw = self.staging.get(chunk.about)
            if raw is None:
                lacking.append(chunk)
            else:
                yield raw
        done = len(plan) - len(lacking)
        self.progress(Progress(1 + done, len(plan) + 2, "values"))
        for chunk, raw in self.client.values(lacking):
            self.staging.put(chunk.about, raw)
            done += 1
            self.progress(Progress(1 + done, max(len(plan), done) + 2, "values"))
            yield raw

    def _caught_up(self, whole: "Whole") -> "Whole":
        intake = self.changed_since(whole.since)
        values, parts = changes_to(HeldFrames(whole.values, whole.parts), intake)
        return Whole(
            upsert("values", whole.values, values.changed, values.gone),
            upsert("parts", whole.parts, parts.changed, parts.gone),
            still_rejected(whole.rejected, intake),
            whole.since,
            resumed=True,
        )


@dataclass(frozen=True)
class Whole:
    """All values of a source.

    Attributes:
        values, parts, rejected: the tables.
        since: the server's clock from which on changes are to be asked for next.
        resumed: whether an earlier sync had begun the pull.
    """

    values: pd.DataFrame
    parts: pd.DataFrame
    rejected: pd.DataFrame
    since: datetime
    resumed: bool


def _batches(pieces: Iterable[pd.DataFrame], rows: int = BATCH) -> Iterator[list[pd.DataFrame]]:
    """Pieces put together to some size: judging many small ones costs more than one large one."""
    waiting: list[pd.DataFrame] = []
    for piece in pieces:
        waiting.append(piece)
        if sum(map(len, waiting)) >= rows:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
