"""Builders for tests of the ledger: desks that send movements, and what they send."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from ledger.database import Database
from ledger.movement_form import Rules
from ledger.movements import Batch, Movements, Result
from ledger.tables import balances

ZONE = ZoneInfo("Africa/Abidjan")
UNITS, ITEMS = ("HospitalA", "HospitalB", "HospitalC"), ("Oxytocin", "Zinc", "Implants")
RULES = Rules({each: each for each in UNITS}, {each: each for each in ITEMS}, lambda unit: True, "store")
_numbers = itertools.count(1)


def a_number() -> str:
    """A UUID that no other movement of this process has."""
    return str(UUID(int=0x5A << 120 | next(_numbers)))


def a_movement(kind: str = "dispense", packs: int = 1, **more: Any) -> dict[str, Any]:
    """A movement as a device sends it, with what its kind needs."""
    needed = {
        "dispense": {"recipient": {"name": "Awa Koné", "department": "Maternity"}},
        "write_off": {"reason": "expired"},
        "transfer_send": {"partner": "HospitalB"},
    }
    plain = {
        "id": a_number(),
        "seq": 1,
        "kind": kind,
        "unit": "HospitalA",
        "item": "Oxytocin",
        "packs": packs,
    }
    return plain | {"occurred_at": "2026-03-01T08:00:00+00:00"} | needed.get(kind, {}) | more


def at(day: int, hour: int = 8, month: int = 3) -> str:
    """A moment of 2026 as a device writes it."""
    return datetime(2026, month, day, hour, tzinfo=UTC).isoformat()


@dataclass
class Desk:
    """A device with a clock and an own count of its movements."""

    database: Database
    clock: Any
    name: str = "tablet"
    rules: Rules = RULES
    ahead: timedelta = timedelta()
    seqs: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.movements = Movements(self.database, ZONE, self.clock)

    def send(self, *movements: Any) -> list[Result]:
        return self.movements.accept(Batch(self.name, self.clock() + self.ahead, movements), self.rules)

    def note(self, kind: str = "dispense", packs: int = 1, **more: Any) -> Result:
        """Make a movement, by default now, and send it."""
        told = {"seq": next(self.seqs), "occurred_at": (self.clock() + self.ahead).isoformat()}
        return self.send(a_movement(kind, packs, **told | more))[0]

    def balance(self, unit: str = "HospitalA", item: str = "Oxytocin") -> int | None:
        question = select(balances.c.balance).where(balances.c.unit == unit, balances.c.item == item)
        with self.database.read() as connection:
            return connection.execute(question).scalar()
