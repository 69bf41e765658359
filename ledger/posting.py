"""One transaction of the ledger: the stores it holds, the rows it appends, the sums it brings up to date."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, exists, func, select, update

from ledger.chain import GENESIS, seal
from ledger.counts import Anchor, Effect, effect
from ledger.deliveries import mark
from ledger.device_clocks import beside, day_of, moment_of_rank
from ledger.months import months_from
from ledger.places import ANCHORS, OPENING, REVISION, difference
from ledger.tables import balances, lots, movements, stores
from ledger.upserts import insert_absent, upsert

Key = tuple[str, str]  # unit, item
NO_ANSWER = '{"balance": 0, "flags": []}'  # of what no device sent
Row = dict[str, Any]


_other = movements.alias("reversals")
_STANDING = (
    select(movements.c.unit, movements.c.item, movements.c.rank, movements.c.id, movements.c.lot)
    .where(
        movements.c.unit.in_(bindparam("units", expanding=True)),
        movements.c.kind.in_(ANCHORS),
        ~exists().where(_other.c.reverses == movements.c.id),
    )
    .order_by(movements.c.rank)
)


@dataclass
class Head:
    """The end of a store's chain, and the version of what the store sees."""

    last: int
    digest: str
    version: int


@dataclass(frozen=True)
class Stamp:
    """What every row of one sending bears: by whom, from which device, when it was received."""

    username: str
    device: str
    received_at: datetime


@dataclass(frozen=True)
class Fact:
    """That something came or went: at which store, of which item and lot, when, and by which movement."""

    unit: str
    item: str
    lot: str
    rank: str
    delta: int
    cause: str
    expiry: date | None = None


class Posting:
    """Appends movements to the chains of some stores and keeps their sums.

    The stores are held from the beginning to the end of the transaction, so that what is read here stays
    true. Balances change by increments all the same: they are the sums of what was appended, whoever else
    wrote.

    Args:
        connection: a transaction that writes.
        units: the stores it may concern; held in one order, so that two transactions never wait for each
        other. stamp: what the rows bear. zone: the country's time zone.
    """

    def __init__(self, connection: Connection, units: Collection[str], stamp: Stamp, zone: ZoneInfo) -> None:
        self.connection, self.stamp, self.zone = connection, stamp, zone
        self.units = sorted(units)
        self.heads = self._hold()
        self.versions = {unit: head.version + 1 for unit, head in self.heads.items()}
        self._balances = self._read(balances, (balances.c.unit, balances.c.item))
        self._lots = self._read(lots, (lots.c.unit, lots.c.item, lots.c.lot))
        self._anchors = self._read_anchors()
        self._changes: Counter[Key] = Counter()
        self._lot_changes: Counter[tuple[str, str, str]] = Counter()
        self._expiries: dict[tuple[str, str, str], date] = {}
        self._touched: set[str] = set()
        self._first_months: dict[str, int] = {}
        self._rows: list[Row] = []

    def balance(self, unit: str, item: str) -> int:
        """What there is of an item now; 0 when nothing is known."""
        return self._balances.get((unit, item), 0) + self._changes[unit, item]

    def balance_at(self, fact: Fact) -> int:
        """What there was of an item (or of its lot) just before a moment, as the book now says."""
        self.flush()
        kept = movements.c
        later = [kept.unit == fact.unit, kept.item == fact.item, kept.rank > fact.rank]
        lot = (fact.unit, fact.item, fact.lot)
        now = self.balance(fact.unit, fact.item)
        if fact.lot:
            later.append(kept.lot == fact.lot)
            now = self._lots.get(lot, 0) + self._lot_changes[lot]
        since = self.connection.execute(select(func.coalesce(func.sum(kept.delta), 0)).where(*later))
        return now - int(since.scalar_one())

    def effect(self, fact: Fact) -> Effect:
        """What a fact does in the end, with the counts that stand."""
        return effect(self._anchors[fact.unit, fact.item], fact.rank, fact.delta, fact.lot)

    def apply(self, fact: Fact, found: Effect) -> None:
        """Bring the sums up to date with a fact, and append the revisions of the counts after it."""
        lot = (fact.unit, fact.item, fact.lot)
        self._changes[fact.unit, fact.item] += found.balance
        self._touched.add(fact.unit)
        if fact.lot:
            self._lot_changes[lot] += found.lot
            if fact.expiry:
                self._expiries[lot] = fact.expiry
        for anchor, change in found.revisions.items():
            self._append_revision(fact, anchor, change)

    def append(self, row: Mapping[str, Any]) -> None:
        """Append a row of `movements` to its store's chain; number and digest are given here."""
        head = self.heads[row["unit"]]
        whole = {**row, "number": head.last + 1}
        whole["digest"] = seal(head.digest, whole)
        head.last, head.digest = head.last + 1, str(whole["digest"])
        self._touched.add(str(row["unit"]))
        if row["kind"] != OPENING:  # it says what DHIS2 holds already
            known = self._first_months.get(row["unit"], row["month"])
            self._first_months[row["unit"]] = min(known, row["month"])
        self._rows.append(whole)

    def stand(self, row: Mapping[str, Any]) -> None:
        """From now on, a count holds."""
        anchors = self._anchors[row["unit"], row["item"]]
        anchors.append(Anchor(row["rank"], row["id"], row["lot"]))
        anchors.sort()

    def fall(self, row: Mapping[str, Any]) -> None:
        """From now on, a count no longer holds."""
        key = row["unit"], row["item"]
        self._anchors[key] = [each for each in self._anchors[key] if each.id != row["id"]]

    def touch(self, unit: str) -> None:
        """What a store sees changed, though nothing was appended to its chain."""
        self._touched.add(unit)

    def flush(self) -> None:
        """Write the rows that wait, so that a question sees them."""
        if self._rows:
            self.connection.execute(movements.insert(), self._rows)
            self._rows = []

    def end(self) -> None:
        """Write what is left: rows, sums, and the ends of the chains."""
        self.flush()
        self._write_balances()
        self._write_lots()
        self._mark_months()
        for unit in sorted(self._touched):
            head = self.heads[unit]
            values = {"last": head.last, "digest": head.digest, "version": self.versions[unit]}
            self.connection.execute(update(stores).where(stores.c.unit == unit).values(values))

    def _mark_months(self) -> None:
        """What changes a month changes the End balances of all after it."""
        present = day_of(self.stamp.received_at, self.zone) // 100
        changed = [
            (unit, month)
            for unit, first in self._first_months.items()
            for month in months_from(first, present)
        ]
        mark(self.connection, changed, self.stamp.username, self.stamp.received_at)

    def _hold(self) -> dict[str, Head]:
        fresh = [{"unit": unit, "last": 0, "digest": GENESIS, "version": 0} for unit in self.units]
        insert_absent(self.connection, stores, fresh)
        held = select(stores).where(stores.c.unit.in_(self.units)).order_by(stores.c.unit).with_for_update()
        return {row.unit: Head(row.last, row.digest, row.version) for row in self.connection.execute(held)}

    def _read(self, table: Any, keys: tuple[Any, ...]) -> dict[Any, int]:
        question = select(*keys, table.c.balance).where(table.c.unit.in_(self.units))
        return {tuple(row[:-1]): int(row[-1]) for row in self.connection.execute(question)}

    def _read_anchors(self) -> defaultdict[Key, list[Anchor]]:
        """The counts that stand, of each item: those that nobody reversed."""
        found: defaultdict[Key, list[Anchor]] = defaultdict(list)
        for unit, item, rank, number, lot in self.connection.execute(_STANDING, {"units": self.units}):
            found[unit, item].append(Anchor(rank, number, lot))
        return found

    def _append_revision(self, fact: Fact, anchor: Anchor, change: int) -> None:
        moment = moment_of_rank(anchor.rank)
        number = str(uuid5(NAMESPACE_OID, f"{anchor.id} {fact.cause}"))
        way = difference(fact.unit, change)
        row = self.blank(fact.unit, fact.item, moment) | {
            "id": number,
            "kind": REVISION,
            "packs": abs(change),
            "delta": change,
            "lot": anchor.lot,
            "origin": way.origin,
            "destination": way.destination,
            "revises": anchor.id,
            "cause": fact.cause,
            "rank": beside(anchor.rank),
        }
        self.append(row)

    def blank(self, unit: str, item: str, moment: datetime) -> Row:
        """A row of `movements` at a moment, with nothing in it yet."""
        day = day_of(moment, self.zone)
        texts = ("lot", "recipient", "department", "given_by", "reason", "document", "body")
        absent = ("asked", "expiry", "reverses", "revises", "cause", "transfer")
        return {
            **dict.fromkeys(texts, ""),
            **dict.fromkeys(absent),
            "answer": NO_ANSWER,
            "unit": unit,
            "item": item,
            "device": self.stamp.device,
            "seq": 0,
            "occurred_at": moment,
            "corrected_at": moment,
            "received_at": self.stamp.received_at,
            "day": day,
            "month": day // 100,
            "username": self.stamp.username,
        }

    def _write_balances(self) -> None:
        rows = [
            {"unit": unit, "item": item, "balance": change, "version": self.versions[unit]}
            for (unit, item), change in self._changes.items()
        ]
        upsert(self.connection, balances, rows, _added_to_balance)

    def _write_lots(self) -> None:
        rows = [
            {
                "unit": unit,
                "item": item,
                "lot": lot,
                "balance": change,
                "expiry": self._expiries.get((unit, item, lot)),
            }
            for (unit, item, lot), change in self._lot_changes.items()
        ]
        upsert(self.connection, lots, rows, _added_to_lot)


def _added_to_balance(came: Any) -> Row:
    return {"balance": balances.c.balance + came.balance, "version": came.version}


def _added_to_lot(came: Any) -> Row:
    expiry = func.coalesce(came.expiry, lots.c.expiry)
    return {"balance": lots.c.balance + came.balance, "expiry": expiry}
