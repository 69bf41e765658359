"""The tables of alerts: what was found, every step taken, who looked, what sleeps, what was told."""

from sqlalchemy import JSON, Column, Float, Index, Integer, Table, Text

from ledger.columns import metadata, moment_column, text_column

alerts = Table(
    "alerts",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("kind", 10),
    text_column("code", 40),
    text_column("unit", 11),
    text_column("subject", 80),
    Column("month", Integer(), nullable=False),
    Column("rank", Float(), nullable=False),
    Column("facts", JSON(), nullable=False),
    moment_column("found_at"),
    moment_column("changed_at"),
    Column("version", Integer(), nullable=False),
    text_column("status", 20),
    text_column("outcome", 20),
    text_column("assignee"),
    text_column("due", 10),
    Index("ix_alerts_status_unit", "status", "unit"),
    Index("ix_alerts_unit_subject_month", "unit", "subject", "month"),
)

alert_steps = Table(
    "alert_steps",
    metadata,
    text_column("alert", 36, primary_key=True),
    Column("version", Integer(), primary_key=True, autoincrement=False),
    moment_column("at"),
    text_column("author"),
    text_column("status", 20),
    text_column("assignee"),
    text_column("due", 10),
    Column("comment", Text(), nullable=False),
    Column("facts", JSON(), nullable=False),
)

alert_looks = Table(
    "alert_looks",
    metadata,
    text_column("alert", 36, primary_key=True),
    text_column("username", primary_key=True),
    moment_column("first_at"),
    moment_column("last_at"),
)

alert_snoozes = Table(
    "alert_snoozes",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("unit", 11, index=True),
    text_column("subject", 80),
    text_column("code", 40),
    text_column("reason", 500),
    text_column("until", 10),
    text_column("author"),
    moment_column("made_at"),
    text_column("ended_by"),
    moment_column("ended_at", nullable=True),
)

alert_thresholds = Table(
    "alert_thresholds",
    metadata,
    text_column("subject", 80, primary_key=True),
    text_column("unit", 11, primary_key=True),
    Column("revision", Integer(), primary_key=True, autoincrement=False),
    Column("threshold", Float(), nullable=False),
    text_column("origin", 10),
    Column("evidence", JSON(), nullable=False),
    text_column("reason", 500),
    text_column("author"),
    moment_column("written_at"),
)

alert_digests = Table(
    "alert_digests",
    metadata,
    text_column("period", 7, primary_key=True),
    text_column("username", primary_key=True),
    text_column("channel", 10, primary_key=True),
    text_column("state", 10),
    Column("count", Integer(), nullable=False),
    text_column("note", 500),
    moment_column("at"),
)

alert_told = Table(
    "alert_told",
    metadata,
    text_column("alert", 36, primary_key=True),
    text_column("username", primary_key=True),
    text_column("channel", 10, primary_key=True),
    text_column("period", 7),
    moment_column("at"),
)

alert_runs = Table(
    "alert_runs",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=True),
    Column("snapshot", Integer(), nullable=False),
    text_column("rules", 64),
    Column("counts", JSON(), nullable=False),
    moment_column("data_at"),
    moment_column("at"),
)
