"""The audit: who did what and when, append-only, each row sealed by the one before."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select, text, update

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import audit, audit_head

AUDIT_LOCK = 727_269
GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One row of the audit. `details` is JSON; `digest` covers the whole row and the digest before it."""

    id: int
    at: datetime
    who: str
    address: str
    what: str
    details: str
    previous: str
    digest: str


class Audit:
    """The list of what was done. The database refuses changes; `broken` finds those made anyway."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def append(self, who: str, what: str, address: str = "", **details: Any) -> None:
        """Add one row.

        Args:
            who: the username; empty when nobody is signed in.
            what: the deed, as "signed in" or "token revoked".
            address: where from.
            details: what else is worth knowing; JSON.
        """
        with self._database.write() as connection:
            last, previous = self._head(connection)
            row = {
                "id": last + 1,
                "at": self._clock(),
                "who": who,
                "address": address,
                "what": what,
                "details": json.dumps(details, sort_keys=True, ensure_ascii=False),
                "previous": previous,
            }
            row["digest"] = _digest(row)
            connection.execute(audit.insert().values(**row))
            connection.execute(update(audit_head).values(last=row["id"], digest=row["digest"]))

    def newest(self, limit: int = 100) -> list[Entry]:
        """The newest rows, newest first."""
        question = select(audit).order_by(audit.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [Entry(**row) for row in connection.execute(question).mappings()]

    def broken(self) -> int | None:
        """The number of the first row that was changed, added or removed behind our back, if any."""
        expected, previous = 1, GENESIS
        with self._database.read() as connection:
            for row in connection.execute(select(audit).order_by(audit.c.id)).mappings():
                entry = dict(row)
                if (
                    entry["id"] != expected
                    or entry["previous"] != previous
                    or entry["digest"] != _digest(entry)
                ):
                    return expected
                expected, previous = expected + 1, str(entry["digest"])
            head = connection.execute(select(audit_head.c.last, audit_head.c.digest)).first()
        ends_well = (expected - 1, previous) == (tuple(head) if head else (0, GENESIS))
        return None if ends_well else expected

    def _head(self, connection: Connection) -> tuple[int, str]:
        """The last row's number and digest; writers pass here one by one."""
        if self._database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": AUDIT_LOCK})
        head = connection.execute(select(audit_head.c.last, audit_head.c.digest)).first()
        if head is None:
            connection.execute(audit_head.insert().values(id=1, last=0, digest=GENESIS))
            return 0, GENESIS
        return int(head.last), str(head.digest)


def _digest(row: dict[str, Any]) -> str:
    parts = [
        row["previous"],
        row["id"],
        row["at"].isoformat(),
        row["who"],
        row["address"],
        row["what"],
        row["details"],
    ]
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
