"""What a web process holds in memory: the roll-up of the newest snapshot, exchanged without a pause."""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from flask import g, has_request_context

from dashboard.recent import Recent
from indicators.registered import Registry
from indicators.rollup import Frames, Rollup
from indicators.slips import Slips, no_balances
from loaders.snapshot import Snapshot, Snapshots

TABLES = ("org_units", "items", "values", "assignments", "reports", "groups", "form_items")
# Of the values, what adds up; who stored them and when is read for one place at a time.
ADDED_UP = {"values": ("org_unit", "item", "measure", "month", "months", "value", "state")}
Ring = npt.NDArray[np.float64]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Holding:
    """One version of the data, whole: whatever is asked of it fits together.

    Attributes:
        snapshot: the version.
        recent: its roll-up, and the comparisons of it that were looked at last.
    """

    snapshot: Snapshot
    recent: Recent

    @property
    def rollup(self) -> Rollup:
        """Facility values and all sums of them."""
        return self.recent.rollup

    @property
    def version(self) -> int:
        """The snapshot's number."""
        return self.snapshot.version

    @property
    def as_of(self) -> datetime:
        """When the data was last confirmed to be what DHIS2 holds."""
        return self.snapshot.synced_at

    @cached_property
    def units(self) -> pd.DataFrame:
        """The units in depth-first order, by id: code, name, level, parent, path, first, last."""
        return self.rollup.units.set_index("id", drop=False)

    @cached_property
    def records(self) -> dict[str, dict[str, Any]]:
        """Each unit's id, code, name, level and path, by id: for looking one up without a frame."""
        rows = self.units[["id", "code", "name", "level", "path"]].to_dict("records")
        return {str(row["id"]): row for row in rows}

    @cached_property
    def names(self) -> dict[str, str]:
        """What each unit is called, by id.

        Where several units of a level bear one name, the name of the unit above follows in brackets; where
        even that is the same, the unit's code.
        """
        units = self.units
        above = units["parent"].map(units["name"]).fillna("")
        key = units["name"].str.casefold()
        shared = key.groupby([key, units["level"]]).transform("size") > 1
        siblings = key.groupby([key, units["parent"]]).transform("size") > 1
        apart = above.where(~siblings.fillna(False), units["code"].fillna(units["id"]))
        named = units["name"].where(~shared, units["name"] + " (" + apart + ")")
        return dict(zip(units.index.astype(str), named.astype(str), strict=True))

    @cached_property
    def outlines(self) -> dict[str, list[Ring]]:
        """The rings of each unit that has an outline, `[point, (longitude, latitude)]`, by the unit's id."""
        if "outlines" not in self.snapshot.manifest["tables"]:
            return {}  # a version from before outlines were kept
        found = self.snapshot.read("outlines")
        rings = ([np.array(ring) for ring in json.loads(text)] for text in found["rings"])
        return dict(zip(found["org_unit"], rings, strict=True))

    @cached_property
    def contacts(self) -> dict[str, tuple[str, str | None]]:
        """The telephone of each unit that has one, and whose it is where DHIS2 says so, by the unit's id."""
        if "contacts" not in self.snapshot.manifest["tables"]:
            return {}  # a version from before telephones were kept
        found = self.snapshot.read("contacts").astype(object)
        found = found.where(found.notna(), None)
        return {row.org_unit: (row.telephone, row.contact) for row in found.itertuples()}

    @cached_property
    def points(self) -> Ring:
        """Longitude and latitude of every unit by position, NaN where DHIS2 knows none."""
        return np.asarray(self.rollup.units[["longitude", "latitude"]].to_numpy(dtype=np.float64))

    @cached_property
    def groups(self) -> dict[str, str]:
        """What each group of units is called, by id."""
        found = self.snapshot.read("groups", ["group", "name"]).drop_duplicates("group")
        return dict(zip(found["group"].astype(str), found["name"].astype(str), strict=True))

    @cached_property
    def forms_of(self) -> dict[str, tuple[str, ...]]:
        """The forms that ask for each item (by code): a unit is assigned one of them."""
        asked = self.rollup.due.forms.of_item
        reported = dict(zip(self.rollup.items["code"].astype(str), asked, strict=True))
        return {code: (each["form"],) for code, each in self.rollup.populations.items.items()} | reported

    @cached_property
    def data_sets(self) -> dict[str, str]:
        """The data set of each form, by the form's key."""
        return dict(zip(self.forms.index.astype(str), self.forms["data_set"].astype(str), strict=True))

    @cached_property
    def registry(self) -> Registry | None:
        """What stores write slip by slip; None where the snapshot holds no events."""
        if "lots" not in self.snapshot.manifest["tables"]:
            return None
        tables = (self.snapshot.read(name) for name in ("lots", "losses", "issues", "orders"))
        items = [self.snapshot.read(name, ["id", "code"]) for name in ("store_items", "items")]
        codes = pd.concat(items).set_index("id")["code"].to_dict()
        known = "balances" in self.snapshot.manifest["tables"]  # else a version from before they were kept
        balances = self.snapshot.read("balances") if known else no_balances()
        return Registry(self.rollup, Slips(*tables, np.datetime64(self.as_of.date()), balances), codes)

    @cached_property
    def forms(self) -> pd.DataFrame:
        """The forms by their key: data_set (DHIS2's id), name, source, months."""
        return self.snapshot.read("forms").set_index("form")


class Holdings:
    """The current holding of this process.

    The first one is waited for. A newer version is built beside it while the old one answers, and then
    takes its place at once. A request keeps the holding it began with: no page mixes two versions.

    Args:
        snapshots: the versions of the data.

    Attributes:
        prepare: works out ahead what first clicks on a version need, before it takes the older one's place
            (the first version of all answers while that goes on); None when nothing is.
    """

    def __init__(self, snapshots: Snapshots) -> None:
        self.prepare: Callable[[Holding], None] | None = None
        self._snapshots = snapshots
        self._manifest = snapshots.folder / "manifest.json"
        self._held: Holding | None = None
        self._seen: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def current(self) -> Holding | None:
        """The holding for this request; None when nothing was synced yet."""
        if not has_request_context():
            return self.newest()
        if "holding" not in g:
            g.holding = self.newest()
        pinned: Holding | None = g.holding
        return pinned

    def newest(self) -> Holding | None:
        """The newest holding at hand; the building of a newer version begins here."""
        mark = _mark(self._manifest)
        if mark is not None and mark != self._seen:
            self._notice(mark)
        return self._held

    def _notice(self, mark: tuple[int, int]) -> None:
        """Build what is new: at once where nothing else can answer, else beside what there is."""
        if self._held is None:
            with self._lock:
                if self._held is None:
                    self._build(mark)
        elif self._lock.acquire(blocking=False):
            threading.Thread(target=self._beside, args=(mark,), name="holding", daemon=True).start()

    def _beside(self, mark: tuple[int, int]) -> None:
        try:
            self._build(mark)
        except Exception:  # noqa: BLE001 (the old version goes on answering, and the log says why)
            _log.exception(
                "The newest snapshot cannot be used; version %s goes on answering.", self._version()
            )
            self._seen = mark
        finally:
            self._lock.release()

    def _build(self, mark: tuple[int, int]) -> None:
        snapshot = self._snapshots.current()
        if snapshot is None:
            return
        unchanged = self._held is not None and self._held.version == snapshot.version
        recent = self._held.recent if unchanged and self._held else Recent(build(snapshot))
        holding, first = Holding(snapshot, recent), self._held is None
        if not first and not unchanged:
            self._prepare(holding)
        self._held, self._seen = holding, mark
        if first and self.prepare:
            threading.Thread(target=self._prepare, args=(holding,), name="prepare", daemon=True).start()

    def _prepare(self, holding: Holding) -> None:
        try:
            if self.prepare:
                self.prepare(holding)
        except Exception:  # noqa: BLE001 (what was not worked out ahead is worked out on the click)
            _log.exception("Version %s could not be prepared; first clicks take longer.", holding.version)

    def _version(self) -> int | None:
        return self._held.version if self._held else None


def build(snapshot: Snapshot) -> Rollup:
    """The roll-up of a snapshot."""
    read: Callable[..., pd.DataFrame] = snapshot.read
    known = snapshot.manifest["tables"]
    return Rollup.build(Frames(**{name: read(name, ADDED_UP.get(name)) for name in TABLES if name in known}))


def _mark(path: Path) -> tuple[int, int] | None:
    """What tells one manifest from the next: it is renamed into place, so its inode changes with its time."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino
