"""What stores ask of each other: packs of an item, approved where that is needed, granted or refused.

A request is talk, not stock: packs move by the sending and the receiving store's own movements. A granted
request names the transfer that the giver's movement began, so that everybody sees how far it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select, update

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.request_tables import transfer_requests
from ledger.tables import transfers
from ledger.upserts import insert_absent

WAITING, ASKED, GRANTED, REFUSED, WITHDRAWN = "waiting", "asked", "granted", "refused", "withdrawn"
"""States: for approval, for the giver's answer, and the three ends."""

OPEN = (WAITING, ASKED)
SHOWN = 100


@dataclass(frozen=True)
class Request:
    """What a store asks of another.

    Attributes:
        id: a UUID made by who asks, so that asking twice asks once.
        asker: the store that needs the packs.
        giver: the store that is asked.
        item: of which item.
        packs: how many, 1 or more.
        note: what the asker adds; may be empty.
    """

    id: str
    asker: str
    giver: str
    item: str
    packs: int
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """What became of a request: its next state, and what goes with it."""

    state: str
    granted: int | None = None
    transfer: str | None = None
    reason: str = ""


class CannotAnswer(Exception):
    """A request that is not open for this answer, and what to do instead."""

    def __init__(self, state: str) -> None:
        super().__init__(f"The request is {state}.")
        self.state = state


class TransferRequests:
    """The requests of all stores.

    Args:
        database: where they are kept.
        clock: the server's.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def ask(self, request: Request, username: str, approval: bool) -> None:
        """Keep a request; one whose id is known stays as it is.

        Args:
            request: what is asked of whom.
            username: who asks.
            approval: whether somebody has to approve it before the giver is asked.
        """
        row = {
            **vars(request),
            "granted": None,
            "reason": "",
            "state": WAITING if approval else ASKED,
            "transfer": None,
            "asked_by": username,
            "asked_at": self._clock(),
            "approved_by": "",
            "approved_at": None,
            "answered_by": "",
            "answered_at": None,
        }
        with self._database.write() as connection:
            insert_absent(connection, transfer_requests, [row])

    def approve(self, number: str, username: str) -> None:
        """Let the giver be asked.

        Raises:
            CannotAnswer: it does not wait for approval.
        """
        with self._database.write() as connection:
            _must_be(connection, number, (WAITING,))
            changes = {"state": ASKED, "approved_by": username, "approved_at": self._clock()}
            _change(connection, number, changes)

    def answer(self, number: str, answer: Answer, username: str) -> None:
        """Grant, refuse or withdraw; the same answer again changes nothing.

        Raises:
            CannotAnswer: it was answered otherwise, or waits for approval and would be granted.
        """
        with self._database.write() as connection:
            open_for = (ASKED,) if answer.state == GRANTED else OPEN
            row = _row(connection, number)
            if (row["state"], row["transfer"]) == (answer.state, answer.transfer):
                return
            _must_be(connection, number, open_for)
            said = {"answered_by": username, "answered_at": self._clock()}
            _change(connection, number, {**vars(answer), **said})

    def get(self, number: str) -> dict[str, Any] | None:
        """One request; None where there is none."""
        with self._database.read() as connection:
            found = connection.execute(_question().where(transfer_requests.c.id == number)).mappings().first()
        return dict(found) if found else None

    def of(self, units: Sequence[str]) -> list[dict[str, Any]]:
        """The requests that stores made or got, newest first, with what was sent and received of each."""
        kept = transfer_requests.c
        concerned = or_(kept.asker.in_(units), kept.giver.in_(units))
        question = _question().where(concerned).order_by(kept.asked_at.desc(), kept.id).limit(SHOWN)
        with self._database.read() as connection:
            return [dict(row) for row in connection.execute(question).mappings()]


def _question() -> Any:
    way = transfers.c
    joined = transfer_requests.outerjoin(transfers, way.id == transfer_requests.c.transfer)
    return select(transfer_requests, way.sent, way.received, way.lost).select_from(joined)


def _row(connection: Connection, number: str) -> Mapping[str, Any]:
    question = select(transfer_requests).where(transfer_requests.c.id == number)
    return dict(connection.execute(question).mappings().one())


def _must_be(connection: Connection, number: str, states: Sequence[str]) -> None:
    state = _row(connection, number)["state"]
    if state not in states:
        raise CannotAnswer(state)


def _change(connection: Connection, number: str, changes: Mapping[str, Any]) -> None:
    connection.execute(update(transfer_requests).where(transfer_requests.c.id == number).values(**changes))
