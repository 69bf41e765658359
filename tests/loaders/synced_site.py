"""An embedded DHIS2 of a test's own, and the snapshot that is synced from it."""

from dataclasses import dataclass
from pathlib import Path

from bench.truth import Plain, difference, held
from countries import Country
from loaders.dhis2 import Basic, Client, Limits
from loaders.snapshot import Snapshots
from loaders.sync import SyncOptions, SyncReport, synchronise

ADMIN = ("admin", "district")


@dataclass
class Site:
    """An embedded DHIS2 of one's own and a snapshot of it."""

    url: str
    folder: Path
    country: Country

    @property
    def plain(self) -> Plain:
        return Plain(self.url, ADMIN, self.country)

    @property
    def snapshots(self) -> Snapshots:
        return Snapshots(self.folder / "snapshot")

    def sync(self, full: bool = False, url: str = "", progress=None) -> SyncReport:
        limits = Limits(backoff=0.01, longest_wait=0.5, attempts=3)
        with Client(url or self.url, Basic(*ADMIN), limits, memory=self.folder / "answers") as client:
            return synchronise(client, self.country, self.snapshots, SyncOptions(full=full), progress)

    def store(self, *values: dict) -> None:
        answer = self.plain.post("dataValueSets", {"dataValues": list(values)})
        assert answer["response"]["conflicts" if answer["status"] == "WARNING" else "importCount"]

    def ids(self, kind: str) -> dict[str, str]:
        """Ids by code (or name, where there is no code)."""
        rows = self.plain.get(kind, fields="id,code,name")[kind]
        return {row.get("code") or row["name"]: row["id"] for row in rows}

    def value(self, element="RDT", option="Consommation", unit="NORD_KAFINE", period="2025Q1", **more):
        combos = self.plain.get("categoryOptionCombos", fields="id,name")["categoryOptionCombos"]
        return {
            "dataElement": self.ids("dataElements")[element],
            "categoryOptionCombo": next(c["id"] for c in combos if c["name"] == option),
            "orgUnit": self.ids("organisationUnits")[unit],
            "period": period,
            "value": "77",
        } | more

    def wrong(self) -> str:
        return difference(held(self.snapshots.current()), self.plain.cells())
