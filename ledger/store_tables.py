"""The tables of the stores: movements of packs, and what is kept beside them in the same transaction.

`movements` alone is the truth; it is append-only and chained store by store (`ledger.chain`). Balances, lots
and transfers are sums of it, brought up to date by increments in the transaction that appends.
"""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from ledger.columns import metadata, moment_column, text_column

# A rank is compared as text and must sort by its bytes, whatever language the database speaks.
RANK = String(80).with_variant(String(80, collation="C"), "postgresql")

stores = Table(
    "stores",
    metadata,
    text_column("unit", 11, primary_key=True),
    Column("last", Integer(), nullable=False),
    text_column("digest", 64),
    Column("version", Integer(), nullable=False),
)

movements = Table(
    "movements",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("unit", 11),
    Column("number", Integer(), nullable=False),
    text_column("kind", 20),
    text_column("item", 11),
    Column("packs", Integer(), nullable=False),
    Column("delta", BigInteger(), nullable=False),
    Column("asked", Integer(), nullable=True),
    text_column("lot", 60),
    Column("expiry", Date(), nullable=True),
    text_column("origin", 60),
    text_column("destination", 60),
    text_column("recipient", 36),
    text_column("department", 36),
    text_column("given_by", 100),
    text_column("reason", 200),
    text_column("document", 100),
    Column("reverses", String(36), nullable=True),
    Column("revises", String(36), nullable=True),
    Column("cause", String(36), nullable=True),
    Column("transfer", String(36), nullable=True),
    text_column("device", 64),
    Column("seq", Integer(), nullable=False),
    moment_column("occurred_at"),
    moment_column("corrected_at"),
    moment_column("received_at"),
    Column("day", Integer(), nullable=False),
    Column("month", Integer(), nullable=False),
    Column("rank", RANK, nullable=False),
    text_column("username"),
    text_column("body", 64),
    Column("answer", Text(), nullable=False),
    text_column("digest", 64),
    UniqueConstraint("unit", "number"),
    # A movement is reversed once: nulls never clash.
    UniqueConstraint("reverses"),
    Index("ix_movements_unit_item_rank", "unit", "item", "rank"),
    Index("ix_movements_unit_month_kind", "unit", "month", "kind"),
    Index("ix_movements_unit_kind_item", "unit", "kind", "item"),
    Index("ix_movements_revises", "revises"),
)

balances = Table(
    "balances",
    metadata,
    text_column("unit", 11, primary_key=True),
    text_column("item", 11, primary_key=True),
    Column("balance", BigInteger(), nullable=False),
    Column("version", Integer(), nullable=False),
)

lots = Table(
    "lots",
    metadata,
    text_column("unit", 11, primary_key=True),
    text_column("item", 11, primary_key=True),
    text_column("lot", 60, primary_key=True),
    Column("expiry", Date(), nullable=True),
    Column("balance", BigInteger(), nullable=False),
)

departments = Table(
    "departments",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("unit", 11),
    text_column("name", 100),
    text_column("key", 100),
    text_column("merged_into", 36),
    Column("version", Integer(), nullable=False),
    UniqueConstraint("unit", "key"),
)

recipients = Table(
    "recipients",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("unit", 11),
    text_column("name", 100),
    text_column("key", 100),
    text_column("department", 36),
    text_column("merged_into", 36),
    moment_column("used_at"),
    Column("version", Integer(), nullable=False),
    Index("ix_recipients_unit_key", "unit", "key"),
)

code_links = Table(
    "code_links",
    metadata,
    text_column("unit", 11, primary_key=True),
    text_column("code", 80, primary_key=True),
    text_column("item", 11),
    text_column("username"),
    moment_column("linked_at"),
    Column("version", Integer(), primary_key=True, autoincrement=False),
)

transfers = Table(
    "transfers",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("origin", 11),
    text_column("destination", 11),
    text_column("item", 11),
    Column("sent", BigInteger(), nullable=False),
    Column("received", BigInteger(), nullable=False),
    Column("lost", BigInteger(), nullable=False),
    moment_column("sent_at", nullable=True),
    moment_column("received_at", nullable=True),
    Index("ix_transfers_origin_destination", "origin", "destination"),
    Index("ix_transfers_destination", "destination"),
)

refusals = Table(
    "refusals",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("body", 64),
    Column("answer", Text(), nullable=False),
    text_column("username"),
    moment_column("refused_at"),
)

devices = Table(
    "devices",
    metadata,
    text_column("device", 64, primary_key=True),
    text_column("username"),
    Column("seq", Integer(), nullable=False),
    Column("skew", Integer(), nullable=False),
    moment_column("seen_at"),
)

# Empty: who gives is known to the device alone; but installations and their backups have the table.
givers = Table(
    "givers",
    metadata,
    text_column("id", 36, primary_key=True),
    text_column("unit", 11, index=True),
    text_column("name", 100),
    text_column("pin", 200),
    Column("failures", Integer(), nullable=False),
    moment_column("failed_at", nullable=True),
    moment_column("changed_at"),
    moment_column("ended_at", nullable=True),
)
