"""What the parts of `bench.ledger` have in common: databases, devices, movements, and what must hold."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bench.private_postgresql import NAME, make_database
from ledger.chain import broken
from ledger.database import Database
from ledger.movement_form import Rules
from ledger.movements import Movements
from ledger.tables import balances, movements

ZONE = ZoneInfo("Africa/Abidjan")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
UNITS = tuple(f"Store{number:02}" for number in range(20))
ITEMS = tuple(f"Item{number:02}" for number in range(13))
RULES = Rules({each: each for each in UNITS}, {each: each for each in ITEMS}, lambda _: True, "bench")


@dataclass(frozen=True)
class Draw:
    """Movements drawn by lot, the same for the same seed."""

    random: Random

    def number(self) -> str:
        """A UUID."""
        return str(UUID(int=self.random.getrandbits(128)))

    def movement(self, seq: int, moment: datetime, unit: str, kind: str = "") -> dict[str, Any]:
        """A movement as a device sends it; of the kinds that a day in a store brings."""
        kind = (
            kind
            or self.random.choices(("dispense", "receive", "return", "write_off"), weights=(80, 12, 5, 3))[0]
        )
        told = {
            "id": self.number(),
            "seq": seq,
            "kind": kind,
            "unit": unit,
            "item": self.random.choice(ITEMS),
            "packs": self.random.randint(0, 30),
            "occurred_at": moment.isoformat(),
            "given_by": "Bench",
        }
        if kind == "dispense":
            name = f"Person {self.random.randint(1, 40)}"
            told["recipient"] = {"name": name, "department": f"Department {self.random.randint(1, 8)}"}
        return told | ({"reason": "expired"} if kind == "write_off" else {})


def fresh(folder: Path) -> Database:
    """An empty ledger in FOLDER, or in the database at `DATABASE_URL`, which has to be empty.

    Where `{name}` stands for its database, each folder has one of its own, which is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    server = os.environ.get("DATABASE_URL", "")
    if NAME in server:
        make_database(server, _name_of(folder))
    opened = Database.open(address_of(folder))
    opened.migrate()
    return opened


def address_of(folder: Path) -> str | Path:
    """Where the ledger is: at `DATABASE_URL`, or in a file of FOLDER."""
    server = os.environ.get("DATABASE_URL", "")
    return server.replace(NAME, _name_of(folder)) or folder / "tandem.sqlite3"


def _name_of(folder: Path) -> str:
    return "_".join(folder.parts[-2:]).casefold().replace("-", "_")


def taken_in_by(database: Database) -> Movements:
    """The way into a ledger."""
    return Movements(database, ZONE)


def after_minutes(minutes: float) -> datetime:
    """A moment so many minutes after the beginning of the year."""
    return BEGAN + timedelta(minutes=minutes)


def whole(database: Database) -> bool:
    """Whether trail and balances are what was written; says where not."""
    found = broken(database)
    for each in found[:5]:
        print(f"  BROKEN {each.unit} {each.number} {each.what}")
    return not found


def counted(database: Database) -> int:
    """How many movements there are."""
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(movements)).scalar_one())


def held(database: Database) -> dict[tuple[str, str], int]:
    """The balances, by unit and item."""
    with database.read() as connection:
        return {(row.unit, row.item): int(row.balance) for row in connection.execute(select(balances))}
