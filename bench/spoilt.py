"""An embedded DHIS2 that is changed and spoilt at random, and a snapshot that is synced from it."""

import random
import shutil
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from bench.truth import Cells, Plain, held
from countries import Country, load_country
from loaders.dhis2 import Basic, Client, Limits
from loaders.snapshot import Snapshots
from loaders.sync import SyncOptions, SyncReport, synchronise

ACCOUNT = ("admin", "district")
PATIENCE = Limits(backoff=0.02, longest_wait=1.0, read=3.0, total=6.0)
WHERE = (
    "",
    "",
    "/api/dataValueSets",
    "/api/organisationUnits",
    "/api/dataSets",
    "/api/system/info",
    "/api/completeData",
)


@dataclass
class Bench:
    """One embedded DHIS2 and one snapshot folder.

    Attributes:
        place: what `load_country` takes.
        url: the server.
        folder: where the snapshot is.
        chance: draws everything that is random.
        longest: seconds that a sync in a child takes; kills fall within.
    """

    place: str | Path
    url: str
    folder: Path
    chance: random.Random
    longest: float = 3.0

    @cached_property
    def country(self) -> Country:
        """The configuration."""
        return load_country(self.place)

    @cached_property
    def plain(self) -> Plain:
        """The server as plain requests see it."""
        return Plain(self.url, ACCOUNT, self.country)

    @cached_property
    def meanings(self) -> dict[tuple[str, str], str]:
        """(element, option combo) -> measure."""
        return self.plain.meanings()

    @cached_property
    def forms(self) -> list[dict[str, Any]]:
        """The forms that are pulled."""
        return list(self.plain.forms().values())

    @property
    def snapshots(self) -> Snapshots:
        """Where the snapshot is."""
        return Snapshots(self.folder / "snapshot")

    def sync(self, full: bool = False, memory: bool = True) -> SyncReport:
        """One sync in this process."""
        answers = self.folder / "answers" if memory else None
        with Client(self.url, Basic(*ACCOUNT), PATIENCE, memory=answers) as client:
            return synchronise(client, self.country, self.snapshots, SyncOptions(full=full))

    @cached_property
    def truth(self) -> Cells:
        """What the server holds: read once, then kept up with every change that is sent."""
        return self.plain.cells()

    def change(self) -> Cells:
        """Store new values, change and delete some; what the server holds then."""
        option_of = {(element, measure): option for (element, option), measure in self.meanings.items()}
        rows: list[dict[str, Any]] = []
        for unit, element, measure, period in self.chance.sample(list(self.truth), 6):
            gone = {"deleted": True, "value": "0"} if self.chance.random() < 0.3 else self._value()
            rows.append(_row(unit, element, option_of[element, measure], period) | gone)
        form = self.chance.choice(self.forms)
        elements = {entry["dataElement"]["id"] for entry in form["dataSetElements"]}
        cells = sorted(cell for cell in self.meanings if cell[0] in elements)
        unit = self.chance.choice(form["organisationUnits"])["id"]
        period = next(key[3] for key in reversed(self.truth) if key[1] in elements)
        for element, option in self.chance.sample(cells, min(3, len(cells))):
            rows.append(_row(unit, element, option, period) | self._value())
        self.plain.post("dataValueSets", {"dataValues": rows})
        for row in rows:
            self._keep_up(row)
        return dict(self.truth)

    def _keep_up(self, row: dict[str, Any]) -> None:
        measure = self.meanings[row["dataElement"], row["categoryOptionCombo"]]
        key = row["orgUnit"], row["dataElement"], measure, row["period"]
        if row.get("deleted"):
            self.truth.pop(key, None)
        else:
            self.truth[key] = float(row["value"])

    def _value(self) -> dict[str, str]:
        return {"value": str(self.chance.choice([0, self.chance.randrange(1, 5000)]))}

    def spoil(self) -> None:
        """Ask for one to three faults."""
        for _ in range(self.chance.randint(1, 3)):
            kind = self.chance.choice(
                ("latency", "status", "status", "reset", "truncate", "drip", "login", "expired")
            )
            fault: dict[str, Any] = {
                "kind": kind,
                "match": self.chance.choice(WHERE),
                "seed": self.chance.randrange(10**6),
            }
            fault |= {"rate": self.chance.choice([0.1, 0.3, 0.6]), "count": self.chance.randint(1, 6)}
            if kind == "status":
                fault |= self.chance.choice(
                    [{"status": 429, "retry_after": 1}, {"status": 502}, {"status": 503}, {"status": 500}]
                )
            if kind in ("login", "expired"):
                fault |= {"count": 1, "rate": 0.1}
            if kind in ("latency", "drip"):
                fault["ms"] = self.chance.choice([20, 200])
            requests.post(f"{self.url}/demo/faults", json=fault, timeout=30).raise_for_status()

    def unspoil(self) -> Counter[str]:
        """End all faults; how often each kind struck."""
        struck: Counter[str] = Counter()
        for fault in requests.delete(f"{self.url}/demo/faults", timeout=30).json()["faults"]:
            struck[fault["kind"]] += fault["struck"]
        return struck

    def forget(self) -> None:
        """Throw the snapshot away, so that the next sync is a first one."""
        shutil.rmtree(self.folder / "snapshot", ignore_errors=True)

    def held(self) -> Cells:
        """What a reader finds now."""
        current = self.snapshots.current()
        return held(current) if current else {}


def _row(unit: str, element: str, option: str, period: str) -> dict[str, Any]:
    return {"dataElement": element, "categoryOptionCombo": option, "orgUnit": unit, "period": period}
