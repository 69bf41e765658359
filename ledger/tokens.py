"""API tokens that people make for scripts and BI tools: shown once, kept as a hash, revocable."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, select, update

from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.secrets import fingerprint, fresh_secret
from ledger.tables import api_tokens

PREFIX = "tandem_"
"""Begins every token, so that one that leaks into a log or a repository can be recognised."""

USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Token:
    """A token as its owner sees it: the first letters tell it from the others, the rest is not kept."""

    id: int
    username: str
    name: str
    shown: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Tokens:
    """The API tokens of everybody."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def make(self, username: str, name: str, days: int = 365) -> str:
        """Make a token with the rights of its owner and give its text, which cannot be had again."""
        text, now = PREFIX + fresh_secret(), self._clock()
        row = {
            "username": username,
            "name": name.strip()[:100],
            "hash": fingerprint(text),
            "shown": text[: len(PREFIX) + 4],
            "made_at": now,
            "ends_at": now + timedelta(days=days),
        }
        with self._database.write() as connection:
            connection.execute(api_tokens.insert().values(**row))
        return text

    def find(self, text: str) -> Token | None:
        """The token with this text, unless it was revoked or has ended; its use is noted."""
        now = self._clock()
        question = select(api_tokens).where(api_tokens.c.hash == fingerprint(text))
        with self._database.read() as connection:
            row = connection.execute(question).mappings().first()
        token = None if row is None else _token(row)
        if token is None or token.revoked_at is not None or token.ends_at <= now:
            return None
        if token.used_at is None or now - token.used_at >= USED_EVERY:
            self._change(token.id, token.username, used_at=now)
        return token

    def of(self, username: str) -> list[Token]:
        """The tokens of one person that still work, newest first."""
        alive = (api_tokens.c.revoked_at.is_(None), api_tokens.c.ends_at > self._clock())
        question = (
            select(api_tokens)
            .where(api_tokens.c.username == username, *alive)
            .order_by(api_tokens.c.id.desc())
        )
        with self._database.read() as connection:
            return [_token(row) for row in connection.execute(question).mappings()]

    def revoke(self, number: int, username: str) -> bool:
        """End one of one's own tokens; False when there is no such token of that person."""
        return self._change(number, username, revoked_at=self._clock())

    def _change(self, number: int, username: str, **values: Any) -> bool:
        own = (
            api_tokens.c.id == number,
            api_tokens.c.username == username,
            api_tokens.c.revoked_at.is_(None),
        )
        with self._database.write() as connection:
            return bool(connection.execute(update(api_tokens).where(*own).values(**values)).rowcount)


def _token(row: RowMapping) -> Token:
    return Token(**{name: value for name, value in row.items() if name != "hash"})
