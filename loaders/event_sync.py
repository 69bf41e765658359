"""Events brought into the snapshot: all of them, or what changed, and the tables that they add up to.

It goes on beside the values, and only where a country names programs in its events.toml.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

import pandas as pd
import pyarrow.dataset as ds

from countries import Country
from countries.events import Events
from loaders.changes import together
from loaders.dhis2 import Client
from loaders.errors import SourceError
from loaders.event_intake import ASIDE, EventIntake, Known, judge
from loaders.event_pages import pages
from loaders.event_programs import Programs, find_programs
from loaders.findings import Finding, found
from loaders.frames import empty
from loaders.lots import balances_of, issues_of, losses_of, lots_of
from loaders.mapping import resolve
from loaders.orders import orders_of
from loaders.pull import Source
from loaders.snapshot import Snapshot
from loaders.snapshot_writer import Writer
from loaders.staging import Staging

AT_ONCE = 500_000  # rows of events that are walked at a time: those of some of the items
ADDED_UP = ("lots", "balances", "losses", "issues", "orders")


@dataclass(frozen=True)
class KeptEvents:
    """What became of the events of a sync.

    Attributes:
        rejected: rows of `rejected`: all events that are kept aside now.
        findings: programs and elements that were not found.
        about: what the manifest says, for the next sync; None where the country has no events.
    """

    rejected: pd.DataFrame = field(default_factory=lambda: empty("rejected"))
    findings: tuple[Finding, ...] = ()
    about: dict[str, Any] | None = None


class EventSync:
    """The events of one sync.

    Args:
        client: the DHIS2.
        writer: of the version that is being made.
        source: what is known of the DHIS2.
        country: which programs, and what they mean.
    """

    def __init__(self, client: Client, writer: Writer, source: Source, country: Country) -> None:
        self._client, self._writer, self._source, self._country = client, writer, source, country
        self._changed = False

    def keep(self, overlap: timedelta, full: bool) -> KeptEvents:
        """Bring the tables of events up to date; where that cannot be, a finding says so and they stay.

        Args:
            overlap: how much before the last pull changes are asked from.
            full: whether all are to be asked for, even where changes would do.
        """
        configured, before = self._country.events, self._before
        if configured is None:
            return KeptEvents()
        try:
            return self._kept(configured, overlap, full or not before)
        except SourceError as problem:
            problems = {"problem": problem.what, "remedy": problem.remedy}
            finding = found("warning", "events_unread", "program", **problems)
            return KeptEvents(self._aside(), (finding,), before)
        finally:
            if self._changed:
                self._add_up(configured)

    def _kept(self, configured: Events, overlap: timedelta, full: bool) -> KeptEvents:
        programs = find_programs(self._client, configured)
        name = self._name(programs, configured)
        began, before = self._source.system.time, self._before
        if full or not before or before["pull"] != name:
            rejected = self._everything(programs, name)
        else:
            since = datetime.fromisoformat(before["since"]) - overlap
            rejected = self._changes(programs, self._source.system.local(since))
        return KeptEvents(rejected, programs.findings, {"pull": name, "since": began.isoformat()})

    @property
    def _before(self) -> dict[str, Any] | None:
        """What the manifest says of the events that are held."""
        return self._writer.base.manifest.get("events") if self._writer.base else None

    def _aside(self) -> pd.DataFrame:
        """The events that are kept aside up to now."""
        held = self._writer.base.read("rejected") if self._writer.base else empty("rejected")
        return held.loc[held["code"].str.startswith(ASIDE)]

    def _name(self, programs: Programs, configured: Events) -> str:
        """Changes when events would be read, or added up, in another way than those that are held."""
        known = self._known
        read = [programs.fingerprint(configured), self._country.delivery_day, sorted(known.units), ADDED_UP]
        told = json.dumps([read, sorted(known.items.items()), sorted(known.packs.items())])
        return sha256(told.encode()).hexdigest()[:24]

    @cached_property
    def _known(self) -> Known:
        stores = resolve(self._country, self._source.metadata, role="store").items
        items = pd.concat([self._source.mapping.items, stores], ignore_index=True)
        return Known(
            frozenset(self._source.units["id"]),
            dict(zip(items["code"], items["id"], strict=True)),
            dict(zip(items["id"], items["pack_size"], strict=True)),
            self._source.system.time.tzinfo or UTC,
        )

    def _everything(self, programs: Programs, name: str) -> pd.DataFrame:
        """All events as they come; whole pages are set aside until the table is written."""
        staging = Staging(self._writer.folder / "events")
        staging.begin(name, self._source.system.time)
        rejected: list[pd.DataFrame] = []
        seen: set[str] = set()
        self._writer.pour("events", empty("events"))
        for program in programs.found:
            for page in pages(self._client, program, staging=staging):
                intake = judge([page], program, self._known)
                # One that moved to another page while they were read; its change comes with the next sync.
                again = intake.events["event"].isin(seen)
                seen |= intake.seen
                self._writer.pour("events", intake.events.loc[~again].reset_index(drop=True))
                rejected.append(intake.rejected)
        self._writer.fill("events")
        self._changed = True
        staging.end()
        return together("rejected", rejected)

    def _changes(self, programs: Programs, since: str) -> pd.DataFrame:
        """What changed, deletions included; gives what is kept aside now."""
        rejected = self._aside()
        for program in programs.found:
            for page in pages(self._client, program, since):
                intake = judge([page], program, self._known)
                if intake.seen:
                    self._merge(intake)
                    stands = ~rejected["arguments"].map(_event_of).isin(intake.seen)
                    rejected = together("rejected", [rejected.loc[stands], intake.rejected])
        return rejected

    def _merge(self, intake: EventIntake) -> None:
        """Only what differs from what is held: an overlap brings much again that is known."""
        held = self._writer.so_far().read("events", ["event", "updated_at"])
        held = held.loc[held["event"].isin(intake.seen)]
        gone = intake.gone.loc[intake.gone["event"].isin(held["event"])]
        known = held.set_index("event")["updated_at"].reindex(intake.events["event"]).to_numpy()
        fresh = intake.events.loc[(intake.events["updated_at"].to_numpy() != known)]
        if len(fresh) or len(gone):
            self._writer.merge("events", fresh.reset_index(drop=True), gone)
            self._changed = True

    def _add_up(self, configured: Events) -> None:
        """The tables that events add up to, some of the stores at a time."""
        parts: dict[str, list[pd.DataFrame]] = {name: [] for name in ADDED_UP}
        for events in _in_parts(self._writer.so_far()):
            parts["lots"].append(lots_of(events))
            parts["balances"].append(balances_of(events))
            parts["losses"].append(losses_of(events, configured.expired))
            parts["issues"].append(issues_of(events))
            parts["orders"].append(orders_of(events, configured, self._country.delivery_day))
        for table, frames in parts.items():
            self._writer.replace_if_changed(table, together(table, frames))


def _in_parts(snapshot: Snapshot) -> Iterator[pd.DataFrame]:
    """The events of all stores, in parts of about as many as are walked at a time."""
    rows = snapshot.rows("events")
    if rows <= AT_ONCE:
        yield snapshot.read("events")
        return
    units = sorted(snapshot.read("events", ["org_unit"])["org_unit"].astype("str").unique())
    count = -(-rows // AT_ONCE)
    for part in range(count):
        if chosen := units[part::count]:
            yield snapshot.read("events", where=ds.field("org_unit").isin(chosen))


def _event_of(arguments: str) -> str:
    return str(json.loads(arguments).get("event", ""))
