"""The tables of the one writable database.

The tables here are what the code reads and writes; `ledger/migrations` is how a database comes to have them.
A test compares the two, so that neither can drift.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from ledger.alert_tables import (
    alert_digests,
    alert_looks,
    alert_runs,
    alert_snoozes,
    alert_steps,
    alert_thresholds,
    alert_told,
    alerts,
)
from ledger.columns import UtcTime, metadata, moment_column, text_column
from ledger.delivery_tables import (
    completions,
    deliveries,
    differences,
    doubtful_writes,
    event_cursors,
    known_values,
    looks,
    openings,
    orders,
    takeovers,
)
from ledger.request_tables import transfer_requests
from ledger.store_tables import (
    balances,
    code_links,
    departments,
    devices,
    givers,
    lots,
    movements,
    recipients,
    refusals,
    stores,
    transfers,
)

__all__ = [
    "UtcTime",
    "alert_digests",
    "alert_looks",
    "alert_runs",
    "alert_snoozes",
    "alert_steps",
    "alert_thresholds",
    "alert_told",
    "alerts",
    "annotations",
    "api_tokens",
    "audit",
    "audit_head",
    "balances",
    "code_links",
    "completions",
    "deliveries",
    "departments",
    "devices",
    "differences",
    "doubtful_writes",
    "event_cursors",
    "givers",
    "jobs",
    "known_values",
    "leases",
    "login_failures",
    "looks",
    "lots",
    "metadata",
    "movements",
    "openings",
    "orders",
    "people",
    "recipients",
    "refusals",
    "sessions",
    "stores",
    "takeovers",
    "tips",
    "transfer_requests",
    "transfers",
]

people = Table(
    "people",
    metadata,
    text_column("username", primary_key=True),
    Column("facts", JSON(), nullable=False),
    Column("credential", Text(), nullable=False, default=""),
    moment_column("checked_at"),
    moment_column("tried_at"),
    text_column("refused", 500, default=""),
)

sessions = Table(
    "sessions",
    metadata,
    text_column("id_hash", 64, primary_key=True),
    text_column("username", index=True),
    text_column("address", 64),
    moment_column("started_at"),
    moment_column("seen_at"),
    moment_column("ends_at"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=True),
    text_column("username", index=True),
    text_column("name", 100),
    text_column("hash", 64, unique=True),
    text_column("shown", 12),
    moment_column("made_at"),
    moment_column("ends_at"),
    moment_column("used_at", nullable=True),
    moment_column("revoked_at", nullable=True),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=True),
    text_column("username"),
    text_column("address", 64),
    moment_column("failed_at"),
    Index("ix_login_failures_username_address_failed_at", "username", "address", "failed_at"),
    Index("ix_login_failures_address_failed_at", "address", "failed_at"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=True),
    text_column("kind", 40),
    Column("arguments", JSON(), nullable=False),
    text_column("status", 10),
    text_column("asked_by"),
    moment_column("asked_at"),
    moment_column("started_at", nullable=True),
    moment_column("heartbeat_at", nullable=True),
    moment_column("finished_at", nullable=True),
    text_column("worker", default=""),
    Column("done", Integer(), nullable=False, default=0),
    Column("total", Integer(), nullable=False, default=0),
    text_column("note", 500, default=""),
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
    text_column("name", 40, primary_key=True),
    text_column("holder"),
    moment_column("ends_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=False),
    moment_column("at"),
    text_column("who"),
    text_column("address", 64),
    text_column("what", 60),
    Column("details", Text(), nullable=False),
    text_column("previous", 64),
    text_column("digest", 64),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=False),
    Column("last", Integer(), nullable=False),
    text_column("digest", 64),
)

annotations = Table(
    "annotations",
    metadata,
    text_column("annotation", 36, primary_key=True),
    Column("revision", Integer(), primary_key=True, autoincrement=False),
    text_column("unit", 11),
    text_column("pair", 60),
    Column("month", Integer(), nullable=False),
    text_column("kind", 20, server_default="other"),
    Column("text", Text(), nullable=False),
    Column("withdrawn", Boolean(), nullable=False, default=False),
    text_column("author"),
    moment_column("written_at"),
    Index("ix_annotations_unit_pair", "unit", "pair"),
)

tips = Table(
    "tips",
    metadata,
    text_column("pair", 60, primary_key=True),
    text_column("language", 5, primary_key=True),
    Column("revision", Integer(), primary_key=True, autoincrement=False),
    Column("text", Text(), nullable=False),
    text_column("author"),
    moment_column("written_at"),
)
