"""What a sync did, for people and for the next program: told while it runs, kept when it ends."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loaders.errors import SourceError
from loaders.findings import Finding
from loaders.report import Fault, Report

LAST = "last_sync.json"


@dataclass(frozen=True)
class Progress:
    """How far a sync is: `done` of `total` steps; `note` is `metadata`, `values`, `changes` or `tables`."""

    done: int
    total: int
    note: str


Listener = Callable[[Progress], None]


@dataclass(frozen=True)
class SyncReport:
    """One sync.

    Attributes:
        kind: `full`, `resumed` (a full one that an earlier sync began) or `changes`; empty when it failed
        before. started_at, finished_at: our clock, UTC. seconds: its duration. version: the snapshot's
        version after it; None when it failed. pulled: rows of values that DHIS2 sent. changed, deleted:
        values written and taken away. rejected: rows kept aside, all in all. counts: rows of each table.
        newest_month: of each form, YYYYMM. requests, wire_bytes, unchanged: what was asked, what came,
        answers that DHIS2 spared (304). faults: every fault that struck. findings: what is amiss in DHIS2 for
        our needs. problem, remedy: why it failed and what to do; empty when it did not.
    """

    kind: str
    started_at: datetime
    finished_at: datetime
    version: int | None = None
    pulled: int = 0
    changed: int = 0
    deleted: int = 0
    rejected: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    newest_month: Mapping[str, int] = field(default_factory=dict)
    requests: int = 0
    wire_bytes: int = 0
    unchanged: int = 0
    faults: Sequence[Fault] = ()
    findings: Sequence[Finding] = ()
    problem: str = ""
    remedy: str = ""

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds()

    def as_dict(self) -> dict[str, Any]:
        """For JSON: times in ISO 8601."""
        plain = asdict(self) | {"seconds": round(self.seconds, 3)}
        plain["findings"] = [finding.as_dict() for finding in self.findings]
        plain["faults"] = [asdict(fault) | {"at": fault.at.isoformat()} for fault in self.faults]
        return plain | {key: plain[key].isoformat() for key in ("started_at", "finished_at")}


@dataclass(frozen=True)
class Wire:
    """Where a client's account stood when a sync began, so that the sync's own part can be told."""

    report: Report
    requests: int
    wire_bytes: int
    unchanged: int
    faults: int

    @classmethod
    def now(cls, report: Report) -> "Wire":
        """Where it stands now."""
        return cls(report, report.requests, report.wire_bytes, report.unchanged, len(report.faults))

    def since(self) -> dict[str, Any]:
        """What has come on top."""
        return {
            "requests": self.report.requests - self.requests,
            "wire_bytes": self.report.wire_bytes - self.wire_bytes,
            "unchanged": self.report.unchanged - self.unchanged,
            "faults": tuple(self.report.faults[self.faults :]),
        }


def failed(kind: str, started_at: datetime, wire: Wire, problem: SourceError) -> SyncReport:
    """The report of a sync that could not be finished."""
    return SyncReport(
        kind, started_at, datetime.now(UTC), problem=problem.what, remedy=problem.remedy, **wire.since()
    )


def keep(folder: Path, report: SyncReport) -> None:
    """Write the report beside the snapshot, that of a failed sync too."""
    beside = folder / f"{LAST}.new"
    beside.write_text(json.dumps(report.as_dict(), indent=1), encoding="utf-8")
    beside.replace(folder / LAST)


def last(folder: Path) -> dict[str, Any] | None:
    """The report of the last sync that was tried, as `SyncReport.as_dict`; None when there was none."""
    try:
        report: dict[str, Any] = json.loads((folder / LAST).read_bytes())
        return report
    except (OSError, ValueError):
        return None
