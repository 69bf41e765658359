"""Stores with a real embedded DHIS2 behind them: what a desk sends, what is delivered, what is there."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from sqlalchemy import update

from ledger.choices import Choices
from ledger.database import Database
from ledger.deliveries import Deliveries
from ledger.disagreements import Disagreements
from ledger.movement_form import Rules
from ledger.movements import Batch, Movements, Result
from ledger.openings import Openings
from ledger.outbox import Outbox
from ledger.tables import deliveries
from loaders.dhis2 import Basic, Client, Limits
from loaders.store_entry import StoreEntry
from loaders.store_form import FormNames
from tests import live
from tests.ledger.desks import a_number

ZONE = ZoneInfo("Africa/Abidjan")
NAMES = FormNames(
    "DS_1153709",
    {"Consumption": "consumed", "End Balance": "closing", "Quantity to be ordered": "ordered"},
)
BRIEF = Limits(parallel=1, connect=2, read=3, total=6, attempts=1, longest_wait=0.1)
PATIENT = Limits(parallel=1, read=60, total=120, attempts=1)
"""Where no outage is made: a live server may be slow, which is no outage."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Store:
    """One store of a country, its desk, the outbox, and DHIS2 beside it."""

    database: Database
    address: str
    unit: str
    clock: Any = now
    seqs: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.account = self.entry("admin", "district")
        self.accounts = [self.account]
        self.outbox = Outbox(self.database, lambda _: self.accounts, self.clock)
        self.openings = Openings(self.database, ZONE, self.clock)
        self.disagreements = Disagreements(self.database, self.clock)
        self.deliveries = Deliveries(self.database, self.clock)
        self.choices = Choices(self.database, ZONE, self.clock)
        self.movements = Movements(self.database, ZONE, self.clock)
        self.web = requests.Session()
        self.web.auth = ("admin", "district")

    def entry(self, user: str, password: str, kept_for: timedelta = timedelta()) -> StoreEntry:
        client = Client(self.address, Basic(user, password), PATIENT if live.ADDRESS else BRIEF)
        return StoreEntry(client, NAMES, time.monotonic, kept_for)

    @property
    def month(self) -> int:
        moment = self.clock().astimezone(ZONE)
        return moment.year * 100 + moment.month

    @cached_property
    def items(self) -> list[str]:
        return sorted({item for item, _ in self.account.form().cells})

    def send(self, *movements: dict[str, Any]) -> list[Result]:
        rules = Rules({self.unit: self.unit}, {each: each for each in self.items}, lambda _: True, "store")
        return self.movements.accept(Batch("tablet", self.clock(), movements), rules)

    def note(self, kind: str, item: str, packs: int, **more: Any) -> Result:
        told = {"id": a_number(), "seq": next(self.seqs), "kind": kind, "unit": self.unit, "item": item}
        when = {"packs": packs, "occurred_at": self.clock().isoformat()}
        return self.send(told | when | more)[0]

    def open(self) -> None:
        self.openings.ask(self.unit, "store")
        self.openings.open(self.account, self.unit, "store")

    def deliver(self, rounds: int = 3) -> None:
        """Let the outbox work as if time passed: what could not be delivered is tried a few times more."""
        for _ in range(rounds):
            self.hurry()
            while self.outbox.turn():
                pass
            if not self.deliveries.waiting():
                return

    def hurry(self) -> None:
        with self.database.write() as connection:
            connection.execute(update(deliveries).values(due_at=datetime(2000, 1, 1, tzinfo=UTC)))

    def form(self, month: int | None = None) -> dict[tuple[str, str], str]:
        """What DHIS2 holds, as it tells it itself, without our client."""
        names = self.account.form().cell_of()
        asked = {"dataSet": self.account.form().id, "orgUnit": self.unit, "period": month or self.month}
        rows = self.web.get(f"{self.address}/api/dataValueSets", params=asked).json()["dataValues"]
        return {names[row["dataElement"], row["categoryOptionCombo"]]: row["value"] for row in rows}

    def type(self, item: str, measure: str, value: str, **more: Any) -> None:
        """What somebody types into DHIS2's own form."""
        element, option = self.account.form().cells[item, measure]
        asked = {"de": element, "co": option, "pe": self.month, "ou": self.unit, "value": value} | more
        answer = self.web.post(f"{self.address}/api/dataValues", params=asked, timeout=30)
        assert answer.status_code == 201, answer.text

    def kinds(self) -> list[str]:
        return sorted(each["kind"] for each in self.disagreements.open_of([self.unit]))

    def open_difference(self, kind: str, measure: str = "") -> dict[str, Any]:
        found = [
            each
            for each in self.disagreements.open_of([self.unit])
            if each["kind"] == kind and each["measure"] in (measure, each["measure"] if not measure else "")
        ]
        assert len(found) == 1, found
        return found[0]

    def fault(self, **what: Any) -> None:
        live.without_faults()
        answer = requests.post(f"{self.address}/demo/faults", json=what, timeout=10)
        assert answer.ok, answer.text

    def no_faults(self) -> None:
        requests.delete(f"{self.address}/demo/faults", timeout=10)

    def metadata(self, kind: str, number: str, changes: Sequence[dict[str, Any]]) -> None:
        """Change DHIS2's metadata as an administrator."""
        answer = self.web.patch(
            f"{self.address}/api/{kind}/{number}",
            json=list(changes),
            headers={"Content-Type": "application/json-patch+json"},
        )
        assert answer.ok, answer.text


def in_stock(store: Store, least: int = 8) -> str:
    """An item of which there is something in DHIS2."""
    held = {item: int(v) for (item, measure), v in store.form().items() if measure == "closing"}
    most = max(held, key=lambda item: held[item], default="")
    return most if held.get(most, 0) >= least else pytest.fail("There is little of everything in DHIS2.")
