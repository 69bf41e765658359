"""Who collects, and for which department: learned from what is dispensed, merged when they are the same.

Names are compared without case, accents and punctuation. Alike is what a typing error or another order of the
names would make of each other; whether they are one person, a person says.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from rapidfuzz import fuzz
from sqlalchemy import Connection, RowMapping, bindparam, select, update

from ledger.database import Database
from ledger.movement_form import Told
from ledger.tables import departments, movements, recipients, stores

ALIKE = 86.0
"""Likeness of two names, of 100, from which on a person is asked whether they are one."""

ACCENT = re.compile("[\u0300-\u036f]")
"""Accents of Latin, Greek and Cyrillic letters; signs of other scripts are letters of their own."""

_PEOPLE = select(recipients).where(recipients.c.unit.in_(bindparam("units", expanding=True)))
_PLACES = select(departments).where(departments.c.unit.in_(bindparam("units", expanding=True)))


@dataclass(frozen=True)
class Recipient:
    """Somebody who collects; `department` is the id of where to."""

    id: str
    unit: str
    name: str
    department: str
    used_at: datetime


@dataclass(frozen=True)
class Department:
    """A department of a hospital."""

    id: str
    unit: str
    name: str


@dataclass(frozen=True)
class Collected:
    """Who collected a movement, in the ledger's ids; `flags` say what is worth a second look."""

    recipient: str = ""
    department: str = ""
    flags: tuple[str, ...] = ()


@lru_cache(4096)  # the same few people and departments stand in every slip
def key_of(name: str) -> str:
    """A name as it is compared.

    Example:
        >>> key_of("  Dr. Aïcha  KONÉ-Touré ")
        'dr aicha kone toure'
        >>> key_of("कुमार") == key_of("कमर")
        False
    """
    bare = ACCENT.sub("", unicodedata.normalize("NFKD", name.casefold()))
    letters = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in bare)
    return " ".join(letters.split()) or name.casefold().strip()


class Register:
    """The recipients and departments of some units, in a transaction that writes.

    Args:
        connection: the transaction; it holds the units' stores.
        units: ids.
        versions: the version that each unit's store is about to have.
    """

    def __init__(self, connection: Connection, units: Sequence[str], versions: dict[str, int]) -> None:
        self._connection, self._versions = connection, versions
        people = connection.execute(_PEOPLE, {"units": list(units)}).mappings()
        places = list(connection.execute(_PLACES, {"units": list(units)}).mappings())
        self._people: dict[str, dict[str, Any]] = {row["id"]: dict(row) for row in people}
        self._by_name = {_name(row): row["id"] for row in self._people.values()}
        self._departments = {(row["unit"], row["key"]): row["merged_into"] or row["id"] for row in places}
        self._department_ids = {(row["unit"], row["id"]): row["merged_into"] or row["id"] for row in places}
        self._used: dict[str, datetime] = {}
        self._new_people: list[dict[str, Any]] = []
        self._new_departments: list[dict[str, Any]] = []

    def collected(self, unit: str, told: Told, moment: datetime) -> Collected:
        """Who collected; somebody new is learned."""
        if not told:
            return Collected()
        place = self._department(unit, told.department) if told.department else ""
        person = self._known(unit, told, place)
        if person is None and not told.name:
            return Collected(told.id, place, ("unknown_recipient",) if told.id else ())
        flags: tuple[str, ...] = ()
        if person is None:
            flags = ("new_recipient", *(("alike",) if self._has_alike(unit, told.name) else ()))
            person = self._learn(unit, told, place, moment)
        self._used[person["id"]] = max(moment, self._used.get(person["id"], person["used_at"]))
        return Collected(person["id"], place or person["department"], flags)

    def end(self) -> None:
        """Write who was learned, and who was last seen when."""
        for table, rows in ((departments, self._new_departments), (recipients, self._new_people)):
            if rows:
                self._connection.execute(table.insert(), rows)
        for number, moment in self._used.items():
            row = self._people[number]
            if moment > row["used_at"]:
                values = {"used_at": moment, "version": self._versions[row["unit"]]}
                self._connection.execute(update(recipients).where(recipients.c.id == number).values(values))

    def _department(self, unit: str, name: str) -> str:
        """The id of a department, by its name or its id; a new one is learned."""
        known = self._department_ids.get((unit, name)) or self._departments.get((unit, key_of(name)))
        if known:
            return str(known)
        number, key = str(uuid4()), key_of(name)
        row = {"id": number, "unit": unit, "name": name, "key": key, "merged_into": ""}
        self._new_departments.append(row | {"version": self._versions[unit]})
        self._departments[unit, key] = self._department_ids[unit, number] = number
        return number

    def _known(self, unit: str, told: Told, place: str) -> dict[str, Any] | None:
        named = self._people.get(told.id)
        if named and named["unit"] == unit:
            return self._kept(named)
        known = self._by_name.get((unit, key_of(told.name), place)) if told.name else None
        return self._kept(self._people[known]) if known else None

    def _kept(self, row: dict[str, Any]) -> dict[str, Any]:
        """The one that a merged recipient became."""
        return self._people.get(str(row["merged_into"]), row)

    def _has_alike(self, unit: str, name: str) -> bool:
        here = (row for row in self._people.values() if row["unit"] == unit and not row["merged_into"])
        return any(likeness(row["key"], key_of(name)) >= ALIKE for row in here)

    def _learn(self, unit: str, told: Told, place: str, moment: datetime) -> dict[str, Any]:
        row = {
            "id": told.id if told.id and not self._is_taken(told.id) else str(uuid4()),
            "unit": unit,
            "name": told.name,
            "key": key_of(told.name),
            "department": place,
            "merged_into": "",
            "used_at": moment,
            "version": self._versions[unit],
        }
        self._new_people.append(row)
        self._people[str(row["id"])] = row
        self._by_name[_name(row)] = str(row["id"])
        return row

    def _is_taken(self, number: str) -> bool:
        """Whether an id is somebody's already, be it at another store."""
        question = select(recipients.c.id).where(recipients.c.id == number)
        return number in self._people or self._connection.execute(question).first() is not None


def _name(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["unit"], row["key"], row["department"]


def likeness(one: str, other: str) -> float:
    """How alike two keys are, 0 to 100; the order of the names does not matter."""
    return float(fuzz.token_sort_ratio(one, other))


class Recipients:
    """Who collects at which store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def people(self, unit: str, since: int = 0) -> list[Recipient]:
        """Those of a unit that changed after a version of its store, last seen first."""
        question = select(recipients).where(recipients.c.unit == unit, recipients.c.version > since)
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(recipients.c.used_at.desc())).mappings()
            return [_recipient(row) for row in rows if not row["merged_into"]]

    def departments(self, unit: str) -> list[Department]:
        """The departments of a unit, by name."""
        question = select(departments).where(departments.c.unit == unit, departments.c.merged_into == "")
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(departments.c.key)).mappings()
            return [Department(row["id"], row["unit"], row["name"]) for row in rows]

    def gone(self, unit: str, since: int = 0) -> list[tuple[str, str]]:
        """(id, merged into) of those of a unit that were merged after a version of its store."""
        merged = (recipients.c.unit == unit, recipients.c.version > since, recipients.c.merged_into != "")
        question = select(recipients.c.id, recipients.c.merged_into).where(*merged)
        with self._database.read() as connection:
            return [(row.id, row.merged_into) for row in connection.execute(question)]

    def alike(self, unit: str) -> list[tuple[Recipient, Recipient, float]]:
        """Pairs that may be one person, the most alike first."""
        known = self.people(unit)
        pairs = [
            (one, other, likeness(key_of(one.name), key_of(other.name)))
            for at, one in enumerate(known)
            for other in known[at + 1 :]
        ]
        return sorted((pair for pair in pairs if pair[2] >= ALIKE), key=lambda pair: -pair[2])

    def merge(self, unit: str, gone: str, kept: str) -> bool:
        """Make one of two recipients of a unit; what GONE collected counts as KEPT's from now on.

        Returns:
            False when either is not known there, or both are the same.
        """
        known = {each.id for each in self.people(unit)}
        if gone == kept or not {gone, kept} <= known:
            return False
        of_unit = recipients.c.unit == unit
        with self._database.write() as connection:
            bump = update(stores).where(stores.c.unit == unit).values(version=stores.c.version + 1)
            version = connection.execute(bump.returning(stores.c.version)).scalar_one()
            merged = update(recipients).where(
                of_unit, (recipients.c.id == gone) | (recipients.c.merged_into == gone)
            )
            connection.execute(merged.values(merged_into=kept, version=version))
        return True

    def collected_by(self, number: str) -> list[str]:
        """The ids of the movements that a recipient collected, those of merged ones included."""
        ids = select(recipients.c.id).where(
            (recipients.c.id == number) | (recipients.c.merged_into == number)
        )
        question = select(movements.c.id).where(movements.c.recipient.in_(ids)).order_by(movements.c.rank)
        with self._database.read() as connection:
            return list(connection.execute(question).scalars())


def _recipient(row: RowMapping) -> Recipient:
    return Recipient(row["id"], row["unit"], row["name"], row["department"], row["used_at"])
