"""The table of what stores ask of each other."""

from sqlalchemy import Column, Index, Integer, String, Table

from ledger.columns import metadata, moment_column, text_column

transfer_requests = Table(
    "transfer_requests",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("asker", 11),
    text_column("giver", 11),
    text_column("item", 11),
    Column("packs", Integer(), nullable=False),
    Column("granted", Integer(), nullable=True),
    text_column("note", 200),
    text_column("reason", 200),
    text_column("state", 20),
    Column("transfer", String(36), nullable=True),
    text_column("asked_by"),
    moment_column("asked_at"),
    text_column("approved_by"),
    moment_column("approved_at", nullable=True),
    text_column("answered_by"),
    moment_column("answered_at", nullable=True),
    Index("ix_transfer_requests_asker", "asker"),
    Index("ix_transfer_requests_giver", "giver"),
)
