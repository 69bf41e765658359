"""What waits to be delivered to DHIS2: one queue a store and month, in the order of their turns.

A store's month is marked in the transaction that changes it, so that nothing is forgotten; it is delivered
when DHIS2 holds what it was marked with. Whoever delivers holds it for a while, so that two never do.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, case, func, or_, select, update

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import deliveries, movements, openings
from ledger.upserts import upsert

HELD_FOR = timedelta(minutes=5)
"""Longer than a delivery takes; who holds one longer has died."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)
BLOCKED_WAIT = timedelta(minutes=30)
"""How long a month rests that DHIS2 does not open: a person has to act there first."""


def mark(connection: Connection, months: Collection[tuple[str, int]], username: str, now: datetime) -> None:
    """Say that DHIS2 should hold something else of some stores' months.

    Args:
        connection: the transaction that changes them.
        months: unit and YYYYMM.
        username: whose change it is; with that person's account it is written. Empty where nobody did it.
        now: when.
    """
    rows = [
        {
            "unit": unit,
            "month": month,
            "marked": 1,
            "delivered": 0,
            "username": username,
            "marked_at": now,
            "due_at": now,
            "tries": 0,
            "holder": "",
            "problem": "",
            "remedy": "",
            "answer": "{}",
        }
        for unit, month in sorted(months)
    ]
    upsert(connection, deliveries, rows, _marked_anew)


def _marked_anew(came: Any) -> dict[str, Any]:
    kept = deliveries.c
    return {
        "marked": kept.marked + 1,
        "username": case((came.username == "", kept.username), else_=came.username),
        "marked_at": came.marked_at,
        # What could not be delivered keeps its turn: an outage is not hammered.
        "due_at": case((kept.tries > 0, kept.due_at), else_=came.due_at),
    }


@dataclass(frozen=True)
class Claim:
    """A store's month that somebody holds to deliver it: up to which marking, for the how-manieth time."""

    unit: str
    month: int
    marked: int
    username: str
    tries: int
    holder: str


@dataclass(frozen=True)
class Trouble:
    """Why a delivery has to wait: what, what to do, and whether a person must act in DHIS2 first."""

    what: str
    remedy: str
    blocked: bool = False


class Deliveries:
    """The queue of stores' months.

    Args:
        database: where it is.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def claim(self) -> Claim | None:
        """Take the month whose turn it is, of a store that was taken over; None when none is due."""
        now, kept = self._clock(), deliveries.c
        free = or_(kept.held_until.is_(None), kept.held_until < now)
        taken_over = (openings.c.unit == kept.unit, openings.c.opened_at.is_not(None))
        opened = select(openings.c.unit).where(*taken_over).exists()
        due = (kept.marked > kept.delivered, kept.due_at <= now, free, opened)
        first = select(deliveries).where(*due).order_by(kept.due_at, kept.unit, kept.month).limit(1)
        with self._database.write() as connection:
            row = connection.execute(first.with_for_update(skip_locked=True, of=deliveries)).first()
            if row is None:
                return None
            found = Claim(row.unit, row.month, row.marked, row.username, row.tries, str(uuid4()))
            values = {"holder": found.holder, "held_until": now + HELD_FOR}
            connection.execute(update(deliveries).where(*_is(found)).values(values))
        return found

    def done(self, connection: Connection, claim: Claim, answer: Any, trouble: Trouble | None = None) -> None:
        """End a delivery; where it was taken from its holder meanwhile, it is delivered once more.

        Args:
            connection: the transaction that keeps what DHIS2 holds now.
            claim: what was held.
            answer: what DHIS2 answered (JSON).
            trouble: why it is not delivered yet; None when it is.
        """
        now, tries = self._clock(), claim.tries + 1
        values: dict[str, Any] = {"holder": "", "held_until": None, "answer": json.dumps(answer)}
        if trouble is None:
            values |= {"delivered": claim.marked, "delivered_at": now, "tries": 0}
            values |= {"problem": "", "remedy": ""}
        else:
            wait = BLOCKED_WAIT if trouble.blocked else min(FIRST_WAIT * 2 ** min(tries, 12), LONGEST_WAIT)
            values |= {"due_at": now + wait, "tries": tries}
            values |= {"problem": trouble.what, "remedy": trouble.remedy}
        mine = update(deliveries).where(*_is(claim), deliveries.c.holder == claim.holder)
        if not connection.execute(mine.values(values)).rowcount:
            mark(connection, [(claim.unit, claim.month)], claim.username, now)

    def put_off(self, claim: Claim, trouble: Trouble) -> None:
        """Try again later."""
        with self._database.write() as connection:
            self.done(connection, claim, {}, trouble)

    def hurry(self, connection: Connection, unit: str, month: int, username: str) -> None:
        """Deliver a store's month now, whatever it waits for: a person acted."""
        mark(connection, [(unit, month)], username, self._clock())
        chosen = (deliveries.c.unit == unit, deliveries.c.month == month)
        connection.execute(update(deliveries).where(*chosen).values(due_at=self._clock(), tries=0))

    def hurry_blocked(self) -> None:
        """Try everything that waits now: somebody changed DHIS2's metadata."""
        waits = deliveries.c.marked > deliveries.c.delivered
        with self._database.write() as connection:
            connection.execute(update(deliveries).where(waits).values(due_at=self._clock()))

    def again(self, months: Collection[tuple[str, int]], username: str) -> None:
        """Deliver months of stores (unit, YYYYMM) anew, though they are delivered."""
        with self._database.write() as connection:
            for unit, month in sorted(months):
                self.hurry(connection, unit, month, username)

    def begin_month(self, month: int, username: str = "") -> None:
        """Put the month that begins into the queue, of every store that somebody records in."""
        recorded = select(movements.c.unit).where(movements.c.kind != "opening").distinct()
        there = select(deliveries.c.unit).where(deliveries.c.month == month)
        with self._database.read() as connection:
            units = connection.execute(recorded.where(movements.c.unit.not_in(there))).scalars().all()
        if units:
            with self._database.write() as connection:
                mark(connection, [(unit, month) for unit in units], username, self._clock())

    def waiting(self, units: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """What is not delivered yet, oldest first, with what it waits for; for JSON.

        Args:
            units: of which stores; None for all.
        """
        kept = deliveries.c
        names = ("unit", "month", "marked_at", "due_at", "tries", "problem", "remedy", "delivered_at")
        question = select(*(kept[name] for name in names)).where(kept.marked > kept.delivered)
        if units is not None:
            question = question.where(kept.unit.in_(units))
        with self._database.read() as connection:
            return [dict(row) for row in connection.execute(question.order_by(kept.marked_at)).mappings()]

    def unopened(self) -> list[tuple[str, str]]:
        """Stores that have something to deliver and were never taken over, with who recorded it."""
        kept = deliveries.c
        known = select(openings.c.unit)
        question = select(kept.unit, func.max(kept.username)).where(kept.unit.not_in(known))
        with self._database.read() as connection:
            return [(row[0], row[1]) for row in connection.execute(question.group_by(kept.unit))]


def forget_before(connection: Connection, unit: str, month: int) -> None:
    """Months before a store was taken over stay in DHIS2 as they were reported: nothing is delivered."""
    kept = deliveries.c
    earlier = (kept.unit == unit, kept.month < month)
    connection.execute(update(deliveries).where(*earlier).values(delivered=kept.marked))


def _is(claim: Claim) -> tuple[Any, ...]:
    return deliveries.c.unit == claim.unit, deliveries.c.month == claim.month
