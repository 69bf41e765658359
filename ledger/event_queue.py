"""Movements on their way to DHIS2 as events: store by store, in the order of the store's chain.

An event bears an id made of the movement's, so that twice is once. How far a store has come is kept; what
DHIS2 refuses for good is a difference, and the others go on.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, and_, or_, select

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.deliveries import BLOCKED_WAIT, FIRST_WAIT, LONGEST_WAIT, Trouble
from ledger.disagreements import EVENT
from ledger.places import OPENING, REVISION
from ledger.tables import departments, differences, event_cursors, movements, recipients, stores
from ledger.upserts import upsert
from loaders.dhis2 import Client
from loaders.errors import SourceError
from loaders.store_program import CIRCUMSTANCES, Event, Program, send_events, uid_of

BATCH = 200
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class EventQueue:
    """Sends the movements of the stores as events.

    Args:
        database: where the ledger is.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def turn(self, client: Client, program: Program, codes: Mapping[str, str]) -> bool:
        """Send some movements of one store, if any wait; whether it tried.

        Args:
            client: the account to send with; the person is named in the event.
            program: where to.
            codes: the code of each item.
        """
        waits = self._next()
        if waits is None:
            return False
        unit, number, tries = waits
        rows = self._rows(unit, number)
        last = rows[-1]["number"] if rows else number
        events = [event_of(row, codes) for row in rows if row["kind"] != REVISION]
        try:
            refused = send_events(client, program, events).refused if events else {}
        except SourceError as problem:
            self._keep(unit, number, tries + 1, Trouble(problem.what, problem.remedy))
            return True
        trouble = next((words for code, words in refused.values() if code in CIRCUMSTANCES), None)
        if trouble:
            remedy = "Run `python app.py install`, or give the account the program and the unit."
            self._keep(unit, number, tries + 1, Trouble(trouble, remedy, blocked=True))
        else:
            self._refused(unit, rows, refused)
            self._keep(unit, last, 0, Trouble("", ""))
        return True

    def _next(self) -> tuple[str, int, int] | None:
        """The store whose turn it is, how far it has come, and how often it was tried in vain."""
        kept, now = event_cursors.c, self._clock()
        both = stores.outerjoin(event_cursors, kept.unit == stores.c.unit)
        behind = or_(kept.number.is_(None), stores.c.last > kept.number)
        due = or_(kept.due_at.is_(None), kept.due_at <= now)
        question = select(stores.c.unit, kept.number, kept.tries).select_from(both).where(behind, due)
        with self._database.read() as connection:
            row = connection.execute(question.where(stores.c.last > 0).order_by(kept.due_at).limit(1)).first()
        return (row.unit, row.number or 0, row.tries or 0) if row else None

    def _rows(self, unit: str, number: int) -> Sequence[Any]:
        kept, who, where = movements.c, recipients.c, departments.c
        names = (who.name.label("collected_by"), where.name.label("collected_for"))
        joined = movements.outerjoin(recipients, and_(who.id == kept.recipient, who.unit == unit))
        joined = joined.outerjoin(departments, and_(where.id == kept.department, where.unit == unit))
        behind = (kept.unit == unit, kept.number > number)
        question = select(movements, *names).select_from(joined).where(*behind)
        with self._database.read() as connection:
            return connection.execute(question.order_by(kept.number).limit(BATCH)).mappings().all()

    def _keep(self, unit: str, number: int, tries: int, trouble: Trouble) -> None:
        now = self._clock()
        wait = BLOCKED_WAIT if trouble.blocked else min(FIRST_WAIT * 2 ** min(tries, 12), LONGEST_WAIT)
        row = {
            "unit": unit,
            "number": number,
            "due_at": now + wait if tries else BEGINNING,
            "tries": tries,
            "problem": trouble.what,
            "remedy": trouble.remedy,
        }
        with self._database.write() as connection:
            upsert(connection, event_cursors, [row], _moved_on)

    def _refused(self, unit: str, rows: Sequence[Any], refused: Mapping[str, tuple[str, str]]) -> None:
        """What DHIS2 will never take is listed, by its movement."""
        lost = [(row, refused[uid_of(row["id"])][1]) for row in rows if uid_of(row["id"]) in refused]
        if lost:
            with self._database.write() as connection:
                for row, words in lost:
                    _list(connection, unit, row, words, self._clock())


def event_of(row: Mapping[str, Any], codes: Mapping[str, str]) -> Event:
    """A movement as an event.

    Args:
        row: of `movements`, with `collected_by` and `collected_for`.
        codes: the code of each item.
    """
    asked = row["asked"] if row["kind"] == "dispense" and row["asked"] is not None else None
    fields = {
        "Commodity": codes.get(row["item"], row["item"]),
        "Kind": row["kind"],
        "Quantity": str(row["packs"]),
        "Asked": "" if asked is None else str(asked),
        "Recipient": row["collected_by"] or "",
        "Department": row["collected_for"] or "",
        "Manager": row["given_by"] or row["username"],
        "Lot": row["lot"],
        "Expiry": row["expiry"].isoformat() if row["expiry"] else "",
        "Reason": row["reason"],
        "Document": row["document"] or (row["username"] if row["kind"] == OPENING else ""),
        "Corrects": uid_of(row["reverses"]) if row["reverses"] else "",
    }
    return Event(uid_of(row["id"]), row["unit"], row["corrected_at"], fields)


def _list(connection: Connection, unit: str, row: Mapping[str, Any], words: str, now: datetime) -> None:
    """One open difference for each movement, whose beginning stands in the place of the measure."""
    measure = str(row["id"])[:18]
    same = (differences.c.unit == unit, differences.c.measure == measure, differences.c.open.is_(True))
    if connection.execute(select(differences.c.id).where(*same)).first():
        return
    connection.execute(
        differences.insert().values(
            id=str(uuid4()),
            unit=unit,
            month=row["month"],
            item=row["item"],
            measure=measure,
            kind=EVENT,
            ours=row["packs"],
            theirs=None,
            stored_by="",
            said=words,
            found_at=now,
            choice="",
            chosen_by="",
            open=True,
        )
    )


def _moved_on(came: Any) -> dict[str, Any]:
    return {name: came[name] for name in ("number", "due_at", "tries", "problem", "remedy")}
