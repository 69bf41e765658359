"""Where DHIS2 and the ledger say something else, or DHIS2 does not take what we say: seen, shown, decided.

Nothing that somebody else wrote is overwritten unless a person says so. A difference closes by itself when
it is gone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select, update

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import differences

CHANGED, BELOW_ZERO, ZERO, REFUSED, EVENT = "changed", "below_zero", "zero", "refused", "event"
OVERWRITTEN = "overwritten"
"""Somebody wrote a value between our look and our write; it is not there any more, and not lost."""

DECIDED = (CHANGED, OVERWRITTEN)
"""What a person decides about."""

CLOSED, EXPIRED, APPROVED, LOCKED = "closed", "expired", "approved", "locked"
RIGHT, UNASSIGNED = "right", "unassigned"
BLOCKS = (CLOSED, EXPIRED, APPROVED, LOCKED, RIGHT, UNASSIGNED)
"""What keeps a whole month from being written."""

TAKE, KEEP, ASK = "take", "keep", "ask"
CHOICES = (TAKE, KEEP, ASK)


@dataclass(frozen=True)
class Found:
    """One thing that differs. What does not apply is empty.

    Attributes:
        kind: as the constants above.
        item: the item; empty for the whole month.
        measure: consumed, closing or ordered.
        ours: what the ledger says.
        theirs: what DHIS2 holds; None for nothing.
        stored_by: who stored that.
        changed_at: when.
        said: DHIS2's own words.
    """

    kind: str
    item: str = ""
    measure: str = ""
    ours: int | None = None
    theirs: str | None = None
    stored_by: str = ""
    changed_at: datetime | None = None
    said: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from another one of the same month."""
        return self.item, self.measure, self.kind


class Disagreements:
    """The differences of all stores.

    Args:
        database: where they are.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def replace(
        self, connection: Connection, place: tuple[str, int], found: Collection[Found], kinds: Collection[str]
    ) -> None:
        """Keep what differs in a month now; what no longer does is closed.

        Args:
            connection: a transaction that writes.
            place: unit and YYYYMM.
            found: what differs.
            kinds: the kinds that were looked for; others stay as they are.
        """
        now = self._clock()
        here = (differences.c.unit == place[0], differences.c.month == place[1], differences.c.open.is_(True))
        rows = connection.execute(select(differences).where(*here)).mappings().all()
        there = {(row["item"], row["measure"], row["kind"]): row for row in rows if row["kind"] in kinds}
        wanted = {each.key: each for each in found}
        for key in set(there) - set(wanted):
            _change(connection, there[key]["id"], {"open": None, "closed_at": now})
        for key, each in wanted.items():
            facts = _facts(each)
            if key in there:
                _change(connection, there[key]["id"], facts | _anew(there[key], each))
            else:
                _add(connection, place, each, facts | {"found_at": now})

    def add(self, connection: Connection, place: tuple[str, int], found: Collection[Found]) -> None:
        """Keep more that differs, beside what is open; of one kind in a cell the last value is open."""
        for each in found:
            names = {"unit": place[0], "month": place[1], "item": each.item, "measure": each.measure}
            same = [differences.c[name] == value for name, value in names.items()]
            same += [differences.c.kind == each.kind, differences.c.open.is_(True)]
            known = connection.execute(select(differences).where(*same)).first()
            if known is not None and known.theirs == each.theirs:
                continue
            if known is not None:
                _change(connection, known.id, {"open": None, "closed_at": self._clock()})
            _add(connection, place, each, _facts(each) | {"found_at": self._clock()})

    def open_of(self, units: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The open differences of some stores (None: of all), newest months first; for JSON."""
        question = select(differences).where(differences.c.open.is_(True))
        if units is not None:
            question = question.where(differences.c.unit.in_(units))
        order = (differences.c.month.desc(), differences.c.unit, differences.c.item, differences.c.measure)
        with self._database.read() as connection:
            return [_told(row) for row in connection.execute(question.order_by(*order)).mappings()]

    def get(self, number: str) -> dict[str, Any] | None:
        """One difference, open or not; None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(differences).where(differences.c.id == number)).mappings().first()
        return _told(row) if row else None

    def decide(self, connection: Connection, number: str, choice: str, username: str) -> None:
        """Keep what a person chose; asking leaves it open, the others close it."""
        now = self._clock()
        values: dict[str, Any] = {"choice": choice, "chosen_by": username, "chosen_at": now}
        if choice != ASK:
            values |= {"open": None, "closed_at": now}
        _change(connection, number, values)


def _facts(each: Found) -> dict[str, Any]:
    names = ("ours", "theirs", "stored_by", "changed_at", "said")
    return {name: getattr(each, name) for name in names}


def _anew(row: Any, each: Found) -> dict[str, Any]:
    """What was chosen of another value no longer holds."""
    same = row["theirs"] == each.theirs or each.kind not in DECIDED
    return {} if same else {"choice": "", "chosen_by": "", "chosen_at": None}


def _add(connection: Connection, place: tuple[str, int], each: Found, facts: dict[str, Any]) -> None:
    row = {
        "id": str(uuid4()),
        "unit": place[0],
        "month": place[1],
        "item": each.item,
        "measure": each.measure,
        "kind": each.kind,
        "choice": "",
        "chosen_by": "",
        "open": True,
    }
    connection.execute(differences.insert().values(**row, **facts))


def _change(connection: Connection, number: str, values: dict[str, Any]) -> None:
    connection.execute(update(differences).where(differences.c.id == number).values(**values))


def _told(row: Any) -> dict[str, Any]:
    told = {name: row[name] for name in differences.columns.keys()}  # noqa: SIM118
    return told | {"open": bool(row["open"]), "choices": list(CHOICES) if row["kind"] in DECIDED else []}
