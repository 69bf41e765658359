"""The stores: movements of packs, their sums, who collects, who gives, what is on the way."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)
RANK = sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables, and let the database itself refuse to change what was recorded."""
    _movements()
    _movement_indexes()
    _sums()
    _on_the_way()
    _people()
    _sending()
    if op.get_bind().dialect.name == "sqlite":
        _protect_in_sqlite()
    else:
        _protect_in_postgresql()


def _text(name: str, size: int = 255) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=size), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _large(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _movements() -> None:
    op.create_table(
        "movements",
        _text("id", 36),
        _text("unit", 11),
        _number("number"),
        _text("kind", 20),
        _text("item", 11),
        _number("packs"),
        _large("delta"),
        sa.Column("asked", sa.Integer(), nullable=True),
        _text("lot", 60),
        sa.Column("expiry", sa.Date(), nullable=True),
        _text("origin", 60),
        _text("destination", 60),
        _text("recipient", 36),
        _text("department", 36),
        _text("given_by", 100),
        _text("reason", 200),
        _text("document", 100),
        sa.Column("reverses", sa.String(length=36), nullable=True),
        sa.Column("revises", sa.String(length=36), nullable=True),
        sa.Column("cause", sa.String(length=36), nullable=True),
        sa.Column("transfer", sa.String(length=36), nullable=True),
        _text("device", 64),
        _number("seq"),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("corrected_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        _number("day"),
        _number("month"),
        sa.Column("rank", RANK, nullable=False),
        _text("username"),
        _text("body", 64),
        sa.Column("answer", sa.Text(), nullable=False),
        _text("digest", 64),
        sa.PrimaryKeyConstraint("id", name="pk_movements"),
        sa.UniqueConstraint("unit", "number", name="uq_movements_unit_number"),
        sa.UniqueConstraint("reverses", name="uq_movements_reverses"),
    )


def _movement_indexes() -> None:
    for columns in (("unit", "item", "rank"), ("unit", "month", "kind"), ("unit", "kind", "item")):
        op.create_index(f"ix_movements_{'_'.join(columns)}", "movements", list(columns), unique=False)
    op.create_index("ix_movements_revises", "movements", ["revises"], unique=False)


def _sums() -> None:
    op.create_table(
        "stores",
        _text("unit", 11),
        _number("last"),
        _text("digest", 64),
        _number("version"),
        sa.PrimaryKeyConstraint("unit", name="pk_stores"),
    )
    op.create_table(
        "balances",
        _text("unit", 11),
        _text("item", 11),
        _large("balance"),
        _number("version"),
        sa.PrimaryKeyConstraint("unit", "item", name="pk_balances"),
    )
    op.create_table(
        "lots",
        _text("unit", 11),
        _text("item", 11),
        _text("lot", 60),
        sa.Column("expiry", sa.Date(), nullable=True),
        _large("balance"),
        sa.PrimaryKeyConstraint("unit", "item", "lot", name="pk_lots"),
    )


def _on_the_way() -> None:
    op.create_table(
        "transfers",
        _text("id", 36),
        _text("origin", 11),
        _text("destination", 11),
        _text("item", 11),
        _large("sent"),
        _large("received"),
        _large("lost"),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_transfers"),
    )
    op.create_index("ix_transfers_origin_destination", "transfers", ["origin", "destination"], unique=False)
    op.create_index("ix_transfers_destination", "transfers", ["destination"], unique=False)


def _people() -> None:
    op.create_table(
        "departments",
        _text("id", 36),
        _text("unit", 11),
        _text("name", 100),
        _text("key", 100),
        _text("merged_into", 36),
        _number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_departments"),
        sa.UniqueConstraint("unit", "key", name="uq_departments_unit_key"),
    )
    op.create_table(
        "recipients",
        _text("id", 36),
        _text("unit", 11),
        _text("name", 100),
        _text("key", 100),
        _text("department", 36),
        _text("merged_into", 36),
        sa.Column("used_at", MOMENT, nullable=False),
        _number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_recipients"),
    )
    op.create_index("ix_recipients_unit_key", "recipients", ["unit", "key"], unique=False)
    op.create_table(
        "givers",
        _text("id", 36),
        _text("unit", 11),
        _text("name", 100),
        _text("pin", 200),
        _number("failures"),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_givers"),
    )
    op.create_index("ix_givers_unit", "givers", ["unit"], unique=False)


def _sending() -> None:
    op.create_table(
        "refusals",
        _text("id", 36),
        _text("body", 64),
        sa.Column("answer", sa.Text(), nullable=False),
        _text("username"),
        sa.Column("refused_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refusals"),
    )
    op.create_table(
        "devices",
        _text("device", 64),
        _text("username"),
        _number("seq"),
        _number("skew"),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("device", name="pk_devices"),
    )


def _protect_in_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER movements_no_{verb.lower()} BEFORE {verb} ON movements "
            "BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END"
        )


def _protect_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION movements_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'movements are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER movements_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON movements "
        "FOR EACH STATEMENT EXECUTE FUNCTION movements_refuse()"
    )
