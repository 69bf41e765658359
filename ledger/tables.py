"""The tables of the one writable database.

The tables here are what the code reads and writes; `ledger/migrations` is how a database comes to have them.
A test compares the two, so that neither can drift.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so they are taken off before and put back after."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC, and refuse one without a zone: it could mean any hour."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(
                f"{value.isoformat()} has no time zone. Give the moment with one, as datetime.now(UTC)."
            )
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, size: int = 255, **more: Any) -> Column[str]:
    return Column(name, String(size), nullable=False, **more)


def _moment(name: str, nullable: bool = False) -> Column[datetime]:
    return Column(name, UtcTime(), nullable=nullable)


people = Table(
    "people",
    metadata,
    _text("username", primary_key=True),
    Column("facts", JSON(), nullable=False),
    Column("credential", Text(), nullable=False, default=""),
    _moment("checked_at"),
    _moment("tried_at"),
    _text("refused", 500, default=""),
)

sessions = Table(
    "sessions",
    metadata,
    _text("id_hash", 64, primary_key=True),
    _text("username", index=True),
    _text("address", 64),
    _moment("started_at"),
    _moment("seen_at"),
    _moment("ends_at"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=True),
    _text("username", index=True),
    _text("name", 100),
    _text("hash", 64, unique=True),
    _text("shown", 12),
    _moment("made_at"),
    _moment("ends_at"),
    _moment("used_at", nullable=True),
    _moment("revoked_at", nullable=True),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=True),
    _text("username"),
    _text("address", 64),
    _moment("failed_at"),
    Index("ix_login_failures_username_address_failed_at", "username", "address", "failed_at"),
    Index("ix_login_failures_address_failed_at", "address", "failed_at"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=True),
    _text("kind", 40),
    Column("arguments", JSON(), nullable=False),
    _text("status", 10),
    _text("asked_by"),
    _moment("asked_at"),
    _moment("started_at", nullable=True),
    _moment("heartbeat_at", nullable=True),
    _moment("finished_at", nullable=True),
    _text("worker", default=""),
    Column("done", Integer(), nullable=False, default=0),
    Column("total", Integer(), nullable=False, default=0),
    _text("note", 500, default=""),
    Column("result", JSON(), nullable=False, default=dict),
    Column("problem", Text(), nullable=False, default=""),
    Column("remedy", Text(), nullable=False, default=""),
    Column("open", Boolean(), nullable=True),
    # One open job of a kind: `open` is true while it waits or runs, null afterwards, and nulls never clash.
    UniqueConstraint("kind", "open"),
    Index("ix_jobs_kind_id", "kind", "id"),
)

leases = Table(
    "leases",
    metadata,
    _text("name", 40, primary_key=True),
    _text("holder"),
    _moment("ends_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=False),
    _moment("at"),
    _text("who"),
    _text("address", 64),
    _text("what", 60),
    Column("details", Text(), nullable=False),
    _text("previous", 64),
    _text("digest", 64),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=False),
    Column("last", Integer(), nullable=False),
    _text("digest", 64),
)

annotations = Table(
    "annotations",
    metadata,
    _text("annotation", 36, primary_key=True),
    Column("revision", Integer(), primary_key=True, autoincrement=False),
    _text("unit", 11),
    _text("pair", 60),
    Column("month", Integer(), nullable=False),
    _text("kind", 20, server_default="other"),
    Column("text", Text(), nullable=False),
    Column("withdrawn", Boolean(), nullable=False, default=False),
    _text("author"),
    _moment("written_at"),
    Index("ix_annotations_unit_pair", "unit", "pair"),
)

tips = Table(
    "tips",
    metadata,
    _text("pair", 60, primary_key=True),
    _text("language", 5, primary_key=True),
    Column("revision", Integer(), primary_key=True, autoincrement=False),
    Column("text", Text(), nullable=False),
    _text("author"),
    _moment("written_at"),
)
