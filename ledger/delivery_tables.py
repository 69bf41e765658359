"""The tables of what DHIS2 should hold: what waits, what it held last, where it says something else."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from ledger.columns import metadata, moment_column, text_column
from ledger.store_tables import RANK

deliveries = Table(
    "deliveries",
    metadata,
    text_column("unit", 11, primary_key=True),
    Column("month", Integer(), primary_key=True, autoincrement=False),
    Column("marked", Integer(), nullable=False),
    Column("delivered", Integer(), nullable=False),
    text_column("username"),
    moment_column("marked_at"),
    moment_column("due_at"),
    Column("tries", Integer(), nullable=False),
    text_column("holder", 36),
    moment_column("held_until", nullable=True),
    Column("problem", Text(), nullable=False),
    Column("remedy", Text(), nullable=False),
    Column("answer", Text(), nullable=False),
    moment_column("delivered_at", nullable=True),
    Index("ix_deliveries_due_at", "due_at"),
)

known_values = Table(
    "known_values",
    metadata,
    text_column("unit", 11, primary_key=True),
    Column("month", Integer(), primary_key=True, autoincrement=False),
    text_column("item", 11, primary_key=True),
    text_column("measure", 20, primary_key=True),
    Column("accepted", Text(), nullable=False),
)

doubtful_writes = Table(
    "doubtful_writes",
    metadata,
    text_column("unit", 11, primary_key=True),
    Column("month", Integer(), primary_key=True, autoincrement=False),
    text_column("item", 11, primary_key=True),
    text_column("measure", 20, primary_key=True),
    Column("seen", String(255), nullable=True),
    moment_column("since"),
    Column("written", Text(), nullable=False),
    moment_column("until"),
)

differences = Table(
    "differences",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("unit", 11),
    Column("month", Integer(), nullable=False),
    text_column("item", 11),
    text_column("measure", 20),
    text_column("kind", 20),
    Column("ours", Integer(), nullable=True),
    Column("theirs", String(255), nullable=True),
    text_column("stored_by"),
    moment_column("changed_at", nullable=True),
    Column("said", Text(), nullable=False),
    moment_column("found_at"),
    moment_column("closed_at", nullable=True),
    text_column("choice", 10),
    text_column("chosen_by"),
    moment_column("chosen_at", nullable=True),
    Column("open", Boolean(), nullable=True),
    # One open difference of a kind in a cell: `open` is true or null, and nulls never clash.
    UniqueConstraint("unit", "month", "item", "measure", "kind", "open"),
    Index("ix_differences_unit_open", "unit", "open"),
)

openings = Table(
    "openings",
    metadata,
    text_column("unit", 11, primary_key=True),
    text_column("username"),
    moment_column("asked_at"),
    moment_column("due_at"),
    Column("tries", Integer(), nullable=False),
    moment_column("opened_at", nullable=True),
    Column("month", Integer(), nullable=False),
    Column("problem", Text(), nullable=False),
    Column("remedy", Text(), nullable=False),
)

takeovers = Table(
    "takeovers",
    metadata,
    text_column("unit", 11, primary_key=True),
    text_column("item", 11, primary_key=True),
    Column("month", Integer(), primary_key=True, autoincrement=False),
    Column("consumed", Integer(), nullable=False),
    Column("rank", RANK, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    text_column("unit", 11, primary_key=True),
    Column("month", Integer(), primary_key=True, autoincrement=False),
    text_column("item", 11, primary_key=True),
    Column("packs", Integer(), nullable=False),
    text_column("username"),
    moment_column("ordered_at"),
)

completions = Table(
    "completions",
    metadata,
    text_column("unit", 11, primary_key=True),
    Column("month", Integer(), primary_key=True, autoincrement=False),
    text_column("username"),
    moment_column("asked_at"),
    moment_column("completed_at", nullable=True),
)

event_cursors = Table(
    "event_cursors",
    metadata,
    text_column("unit", 11, primary_key=True),
    Column("number", Integer(), nullable=False),
    moment_column("due_at"),
    Column("tries", Integer(), nullable=False),
    Column("problem", Text(), nullable=False),
    Column("remedy", Text(), nullable=False),
)

looks = Table(
    "looks",
    metadata,
    text_column("name", 40, primary_key=True),
    moment_column("looked_at"),
)
