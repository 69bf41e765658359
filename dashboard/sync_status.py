"""What the Data page says: the last sync, the one at work, what was kept aside; all for one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from accounts import Person
from countries import Country
from dashboard.freshness import allowed_age
from dashboard.roles import SEE_DETAILS, SYNCHRONISE, may
from ledger.jobs import Job, Jobs
from loaders.snapshot import Snapshot, Snapshots
from loaders.sync_report import last as last_attempt

KIND = "sync"
UNCLAIMED_AFTER = timedelta(seconds=30)
ROWS_SHOWN = 200


@dataclass(frozen=True)
class Aside:
    """The rows that were kept aside, as far as a person may see their units.

    Attributes:
        total: how many there are.
        reasons: `reason, remedy, rows`, the most frequent first.
        rows: the first of them: `source, unit, item, month, value, reason, remedy`.
    """

    total: int
    reasons: pd.DataFrame
    rows: pd.DataFrame


@dataclass(frozen=True)
class SyncStatus:
    """How the data stands.

    Attributes:
        snapshot: the newest version; None when nothing was synced yet.
        running: the sync that waits or is at work.
        attempt: the report of the sync that was tried last, by whomever; it may have failed.
        last: the job that ended last, in whatever way.
        unclaimed: whether the one that waits has waited too long for a worker that lives.
        may_sync: whether the person may ask for a sync.
        details: whether the person may see faults, findings and rows kept aside.
        old: whether the figures are older than they should be.
        aside: those rows; None for people who may not see them.
    """

    snapshot: Snapshot | None
    running: Job | None
    attempt: Mapping[str, Any] | None
    last: Job | None
    unclaimed: bool
    may_sync: bool
    details: bool
    old: bool = False
    aside: Aside | None = None

    @property
    def report(self) -> Mapping[str, Any]:
        """The account of the last sync; of the one that made the newest version where no other is kept."""
        return self.attempt or (self.snapshot.manifest.get("report") if self.snapshot else None) or {}

    @property
    def failure(self) -> tuple[str, str] | None:
        """What was wrong with the last sync and what to do; None when it went well."""
        if self.attempt and self.attempt["problem"]:
            return self.attempt["problem"], self.attempt["remedy"]
        if self.last is None or self.last.status != "failed":
            return None
        since = datetime.fromisoformat(self.attempt["finished_at"]) if self.attempt else None
        ended = _aware(self.last.finished_at or self.last.asked_at)
        return (self.last.problem, self.last.remedy) if since is None or ended > since else None

    @property
    def mark(self) -> str:
        """Changes whenever something else than the progress is to be shown."""
        of_snapshot = (self.snapshot.version, self.snapshot.manifest["synced_at"]) if self.snapshot else None
        of_jobs = (self.last.id if self.last else 0, self.running is None)
        return repr((of_snapshot, self.report.get("finished_at"), of_jobs, self.unclaimed, self.old))

    @property
    def interval(self) -> int:
        """Milliseconds until the page asks again: often while something happens, seldom otherwise."""
        return 1_000 if self.running else 20_000


class SyncDesk:
    """Answers for one installation: how the data stands, and takes requests for a sync.

    Args:
        snapshots: where the versions of the data are.
        jobs: the queue that the worker serves.
        country: says who may do what.
        sync_minutes: between two syncs by themselves; 0 where there are none.
    """

    def __init__(self, snapshots: Snapshots, jobs: Jobs, country: Country, sync_minutes: int = 0) -> None:
        self._allowed = allowed_age(sync_minutes)
        self._snapshots = snapshots
        self._jobs = jobs
        self.country = country

    def may(self, person: Person, role: str) -> bool:
        """Whether a person has a role of the country's configuration; superusers have them all."""
        return may(person, self.country, role)

    def ask(self, person: Person) -> Job | None:
        """Asks the worker for a sync; the open one where there is one, None for people who may not."""
        if not self.may(person, SYNCHRONISE):
            return None
        return self._jobs.enqueue(KIND, {"full": False}, asked_by=person.username)

    def status(self, person: Person, shown: str = "") -> SyncStatus:
        """How the data stands for a person; rows kept aside are read only where `shown` is out of date."""
        running = self._jobs.active(KIND)
        ended = (job for job in self._jobs.history(KIND, limit=2) if job.status in ("done", "failed"))
        snapshot = self._snapshots.current()
        found = SyncStatus(
            snapshot=snapshot,
            running=running,
            attempt=last_attempt(self._snapshots.folder),
            last=next(ended, None),
            unclaimed=_unclaimed(running),
            may_sync=self.may(person, SYNCHRONISE),
            details=self.may(person, SEE_DETAILS),
            old=bool(snapshot) and datetime.now(UTC) - snapshot.synced_at > self._allowed,
        )
        if found.mark == shown or not (found.snapshot and found.details):
            return found
        aside = rows_aside(found.snapshot, person, everything=found.may_sync)
        return SyncStatus(**{**found.__dict__, "aside": aside})


def _unclaimed(job: Job | None) -> bool:
    if job is None or job.status != "queued":
        return False
    return datetime.now(UTC) - _aware(job.asked_at) > UNCLAIMED_AFTER


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def rows_aside(snapshot: Snapshot, person: Person, *, everything: bool) -> Aside:
    """The rows kept aside whose unit the person sees; rows of unknown units only with `everything`."""
    rows = snapshot.read("rejected").astype({"org_unit": "str"})
    units = snapshot.read("org_units", ["id", "name", "path"]).astype("str").set_index("id")
    named = rows.join(units, on="org_unit")
    seen = named["path"].map(lambda path: isinstance(path, str) and person.scope.sees(path))
    named = named.loc[seen.astype(bool) | (everything & named["path"].isna())]
    named = named.assign(unit=named["name"].fillna(named["org_unit"]))
    reasons = (
        named.groupby(["code", "arguments", "reason", "remedy"], observed=True)
        .size()
        .rename("rows")
        .reset_index()
    )
    reasons = reasons.sort_values("rows", ascending=False, kind="stable")
    columns = ["source", "unit", "item", "month", "value", "code", "arguments", "reason", "remedy"]
    return Aside(len(named), reasons, named[columns].head(ROWS_SHOWN))


def severe_first(findings: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Findings of a check, what matters most first."""
    order = {"error": 0, "warning": 1, "note": 2, "ok": 3}
    return sorted(findings, key=lambda each: order.get(each["severity"], 4))
