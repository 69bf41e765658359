"""What DHIS2 last said of each person who signed in: one row a person, whatever number of sessions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import people


@dataclass(frozen=True)
class Record:
    """What is known of a person.

    Attributes:
        facts: what `/api/me` said, as `accounts` reads it; JSON.
        credential: the person's own DHIS2 token, sealed; empty where DHIS2 makes none.
        checked_at: when DHIS2 last confirmed the facts.
        tried_at: when DHIS2 was last asked, with or without an answer.
        refused: why DHIS2 no longer lets the person in; empty while it does.
    """

    username: str
    facts: dict[str, Any]
    credential: str
    checked_at: datetime
    tried_at: datetime
    refused: str


class People:
    """The people who ever signed in."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def confirm(self, username: str, facts: dict[str, Any], credential: str | None = None) -> None:
        """Keep what DHIS2 says now. A credential of None keeps the one there is."""
        now = self._clock()
        values: dict[str, Any] = {"facts": facts, "checked_at": now, "tried_at": now, "refused": ""}
        if credential is not None:
            values["credential"] = credential
        try:
            self._keep(username, values)
        except (
            IntegrityError
        ):  # the same person signed in for the first time twice at once; now the row is there
            self._keep(username, values)

    def _keep(self, username: str, values: dict[str, Any]) -> None:
        change = update(people).where(people.c.username == username).values(**values)
        with self._database.write() as connection:
            if not connection.execute(change).rowcount:
                connection.execute(people.insert().values(username=username, **{"credential": "", **values}))

    def take_turn(self, username: str, tried_before: datetime) -> bool:
        """Whether it is the caller's turn to ask DHIS2 again: of several at once, one is told so."""
        due = (people.c.username == username, people.c.tried_at <= tried_before)
        with self._database.write() as connection:
            change = update(people).where(*due).values(tried_at=self._clock())
            return bool(connection.execute(change).rowcount)

    def refuse(self, username: str, why: str) -> None:
        """DHIS2 no longer lets this person in."""
        values = {"refused": why[:500], "tried_at": self._clock(), "credential": ""}
        with self._database.write() as connection:
            connection.execute(update(people).where(people.c.username == username).values(**values))

    def all(self) -> list[Record]:
        """What is known of everybody, by username."""
        with self._database.read() as connection:
            rows = connection.execute(select(people).order_by(people.c.username)).mappings()
            return [Record(**row) for row in rows]

    def get(self, username: str) -> Record | None:
        """What is known of one person."""
        with self._database.read() as connection:
            row = connection.execute(select(people).where(people.c.username == username)).mappings().first()
        return None if row is None else Record(**row)
