"""Who gives out at a store on a shared device: a name and a short PIN, kept as a slow salted hash.

A PIN of a few digits protects nothing by itself: it says who stands at the counter. So wrong ones are
counted, and after some of them the giver has to wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import scrypt
from hmac import compare_digest
from re import fullmatch
from secrets import token_bytes
from uuid import uuid4

from sqlalchemy import select, update

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.tables import givers

WRONG_AT_MOST = 5
PAUSE = timedelta(minutes=1)
COST, BLOCK, LANES, SALT_BYTES = 2**14, 8, 1, 16  # of scrypt: about 50 ms and 16 MB


@dataclass(frozen=True)
class Giver:
    """Somebody who gives out at a store."""

    id: str
    unit: str
    name: str


class Givers:
    """Who gives out at which store."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    def add(self, unit: str, name: str, pin: str) -> str:
        """Let somebody give out at a store; the id.

        Raises:
            ValueError: the PIN is not of four to eight digits.
        """
        number = str(uuid4())
        row = {"id": number, "unit": unit, "name": name.strip()[:100], "pin": _hashed(pin), "failures": 0}
        with self._database.write() as connection:
            connection.execute(givers.insert().values(changed_at=self._clock(), **row))
        return number

    def of(self, unit: str) -> list[Giver]:
        """Those of a store, by name."""
        here = select(givers.c.id, givers.c.unit, givers.c.name).where(
            givers.c.unit == unit, givers.c.ended_at.is_(None)
        )
        with self._database.read() as connection:
            return [Giver(*row) for row in connection.execute(here.order_by(givers.c.name))]

    def change(self, number: str, pin: str) -> bool:
        """Give somebody another PIN; False where there is nobody of this id.

        Raises:
            ValueError: the PIN is not of four to eight digits.
        """
        return self._set(number, pin=_hashed(pin), failures=0, changed_at=self._clock())

    def end(self, number: str) -> bool:
        """Let somebody give out no more; what they gave stays theirs."""
        return self._set(number, ended_at=self._clock())

    def is_right(self, number: str, pin: str) -> bool:
        """Whether a PIN is that of a giver who need not wait; a wrong one is counted."""
        question = select(givers).where(givers.c.id == number, givers.c.ended_at.is_(None))
        with self._database.read() as connection:
            row = connection.execute(question).mappings().first()
        if row is None or self._waits(row["failures"], row["failed_at"]):
            return False
        right = _matches(pin, str(row["pin"]))
        if not right:
            self._set(number, failures=givers.c.failures + 1, failed_at=self._clock())
        elif row["failures"]:
            self._set(number, failures=0)
        return right

    def _waits(self, failures: int, failed_at: datetime | None) -> bool:
        return failures >= WRONG_AT_MOST and failed_at is not None and self._clock() < failed_at + PAUSE

    def _set(self, number: str, **values: object) -> bool:
        known = (givers.c.id == number, givers.c.ended_at.is_(None))
        with self._database.write() as connection:
            return bool(connection.execute(update(givers).where(*known).values(**values)).rowcount)


def _hashed(pin: str) -> str:
    if not fullmatch(r"[0-9]{4,8}", pin):
        raise ValueError("A PIN has four to eight digits. Choose another one.")
    salt = token_bytes(SALT_BYTES)
    return f"{salt.hex()}${_slow(pin, salt)}"


def _matches(pin: str, kept: str) -> bool:
    salt, _, digest = kept.partition("$")
    return compare_digest(_slow(pin, bytes.fromhex(salt)), digest)


def _slow(pin: str, salt: bytes) -> str:
    return scrypt(pin.encode("utf-8", "replace"), salt=salt, n=COST, r=BLOCK, p=LANES).hex()
