"""The first balance of a store: the last End balance in DHIS2, to be confirmed by a first count.

What DHIS2 holds of the present month when a store is taken over stands for all that happened in it until
then: its Consumption is added to, not begun anew. That of the months before tells what coming days may need.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, update

from ledger.clock import Clock, utc_now
from ledger.comparing import write_accepted
from ledger.database import Database
from ledger.deliveries import FIRST_WAIT, LONGEST_WAIT, Trouble, forget_before
from ledger.device_clocks import after
from ledger.months import end_of_month, month_of, months_from
from ledger.movements import Movements
from ledger.places import OPENING
from ledger.projection import CLOSING, CONSUMED
from ledger.tables import deliveries, movements, openings, takeovers
from ledger.upserts import insert_absent
from loaders.errors import SourceError
from loaders.store_entry import Held, StoreEntry
from loaders.store_form import StoreForm

Cell = tuple[str, str]  # item, measure
History = Mapping[int, Mapping[Cell, Held]]
LOOKED_BACK = 12  # months


@dataclass(frozen=True)
class First:
    """The first balances of a store: of which month, as of when, packs by item."""

    month: int
    moment: datetime
    packs: Mapping[str, int]


class Openings:
    """Which stores were taken over from DHIS2, and which wait for it.

    Args:
        database: where it is kept, and the ledger.
        zone: the country's time zone.
        clock: the server's.
    """

    def __init__(self, database: Database, zone: ZoneInfo, clock: Clock = utc_now) -> None:
        self._database, self._zone, self._clock = database, zone, clock
        self._movements = Movements(database, zone, clock)

    def ask(self, unit: str, username: str) -> None:
        """Have a store's first balances fetched; of one that has them, or waits, nothing changes."""
        now = self._clock()
        row = {"unit": unit, "username": username, "asked_at": now, "due_at": now, "tries": 0, "month": 0}
        with self._database.write() as connection:
            insert_absent(connection, openings, [row | {"problem": "", "remedy": ""}])

    def state(self, unit: str) -> dict[str, Any] | None:
        """How far it is: `asked_at, opened_at, month, problem, remedy`; None where nobody asked."""
        question = select(openings).where(openings.c.unit == unit)
        with self._database.read() as connection:
            row = connection.execute(question).mappings().first()
        names = ("asked_at", "opened_at", "month", "problem", "remedy")
        return {name: row[name] for name in names} if row else None

    def due(self) -> tuple[str, str] | None:
        """A store that waits, and for whom; one that only sent movements waits as well."""
        kept, marked = openings.c, deliveries.c
        waits = (kept.opened_at.is_(None), kept.due_at <= self._clock())
        sent = select(marked.unit, marked.username).where(marked.unit.not_in(select(kept.unit))).limit(1)
        with self._database.read() as connection:
            new = connection.execute(sent).first()
        if new:
            self.ask(new.unit, new.username)
        question = select(kept.unit, kept.username).where(*waits).order_by(kept.due_at).limit(1)
        with self._database.read() as connection:
            row = connection.execute(question).first()
        return (row.unit, row.username) if row else None

    def open(self, account: StoreEntry, unit: str, username: str) -> None:
        """Take a store over.

        Raises:
            SourceError: DHIS2 cannot be read.
        """
        present = month_of(self._clock(), self._zone)
        history = account.history(unit, present, LOOKED_BACK)
        first = first_balances(history, account.form(), self._end_of)
        if first:
            self._movements.open_items(unit, first.packs, min(first.moment, self._clock()), username)
        with self._database.write() as connection:
            self._take_over(connection, unit, min(present, self._began(connection, unit)), history)
            values = {"opened_at": self._clock(), "month": first.month if first else 0}
            done = update(openings).where(openings.c.unit == unit)
            connection.execute(done.values(**values, problem="", remedy=""))

    def put_off(self, unit: str, problem: SourceError) -> None:
        """Try again later."""
        self._wait(unit, Trouble(problem.what, problem.remedy))

    def _wait(self, unit: str, trouble: Trouble) -> None:
        with self._database.write() as connection:
            tries = connection.execute(select(openings.c.tries).where(openings.c.unit == unit)).scalar() or 0
            wait = min(FIRST_WAIT * 2 ** min(tries, 12), LONGEST_WAIT)
            values = {"tries": tries + 1, "due_at": self._clock() + wait}
            words = {"problem": trouble.what, "remedy": trouble.remedy}
            connection.execute(update(openings).where(openings.c.unit == unit).values(**values, **words))

    def _end_of(self, month: int) -> datetime | None:
        """The end of a month that is over; None of the present one."""
        return end_of_month(month, self._zone) if month < month_of(self._clock(), self._zone) else None

    def _began(self, connection: Connection, unit: str) -> int:
        """The month in which the store came to us: DHIS2 may have been away from then until this month."""
        asked = select(openings.c.asked_at).where(openings.c.unit == unit)
        first = select(func.min(movements.c.received_at)).where(
            movements.c.unit == unit, movements.c.kind != OPENING
        )
        known = [connection.execute(question).scalar() for question in (asked, first)]
        return min(month_of(moment, self._zone) for moment in [self._clock(), *known] if moment)

    def _take_over(self, connection: Connection, unit: str, began: int, history: History) -> None:
        """Keep what DHIS2 held; from the month in which the store began its figures are delivered."""
        present = month_of(self._clock(), self._zone)
        rows = [
            {"unit": unit, "item": item, "month": month, "consumed": packs, "rank": after(moment)}
            for month, held in history.items()
            for moment in [self._end_of(month) or _latest(held, self._clock())]
            for item, packs in _consumptions(held, present=month == present).items()
        ]
        insert_absent(connection, takeovers, rows)
        for month in months_from(began, present):
            held = {cell: [each.value] for cell, each in history.get(month, {}).items()}
            write_accepted(connection, unit, month, held)
        forget_before(connection, unit, began)


def _consumptions(held: Mapping[Cell, Held], present: bool) -> dict[str, int]:
    """What a month's form says was consumed; of the present month 0 where only the balance stands in it."""
    items = sorted({item for item, measure in held if measure in (CONSUMED, CLOSING)})
    found = {item: packs_of(held.get((item, CONSUMED))) for item in items}
    return {item: packs or 0 for item, packs in found.items() if present or packs is not None}


def first_balances(history: History, form: StoreForm, end_of: Any) -> First | None:
    """The balances of the newest month that has any.

    Where DHIS2 drops zeros, an item that was reported before and is absent in that month was out: 0.

    Args:
        history: what DHIS2 holds, by month.
        form: the form.
        end_of: the end of a month that is over; None of the present one.

    Returns:
        None where no End balance was ever reported.
    """
    reported = [month for month in sorted(history) if _closings(history[month])]
    if not reported:
        return None
    packs: dict[str, int] = {}
    for month in reported:
        found = _closings(history[month])
        gone = {item: 0 for item in packs if item not in found and item not in form.zeros_kept}
        packs |= gone | found
    newest = reported[-1]
    end = end_of(newest)
    moment = end or _latest(history[newest], None)
    return First(newest, moment, packs) if moment else None


def packs_of(held: Held | None) -> int | None:
    """Whole packs out of a value; a broken number is rounded down, what is none is None.

    Example:
        >>> packs_of(Held("12.5")), packs_of(None)
        (12, None)
    """
    try:
        return max(0, int(float(held.value))) if held else None
    except ValueError:
        return None


def _closings(cells: Mapping[Cell, Held]) -> dict[str, int]:
    found = {item: packs_of(held) for (item, measure), held in cells.items() if measure == CLOSING}
    return {item: packs for item, packs in found.items() if packs is not None}


def _latest(held: Mapping[Cell, Held], otherwise: datetime | None) -> Any:
    moments = [
        each.changed_at for (_, measure), each in held.items() if each.changed_at and measure in FILLED
    ]
    return max(moments, default=otherwise)


FILLED = (CONSUMED, CLOSING)
