"""What DHIS2 should hold of the stores: deliveries, differences, first balances, orders."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)
RANK = sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _deliveries()
    _differences()
    _openings()
    _forms()
    _cursors()


def _text(name: str, size: int = 255) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=size), nullable=False)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        _text("unit", 11),
        _number("month"),
        _number("marked"),
        _number("delivered"),
        _text("username"),
        _moment("marked_at"),
        _moment("due_at"),
        _number("tries"),
        _text("holder", 36),
        _moment("held_until", nullable=True),
        _long("problem"),
        _long("remedy"),
        _long("answer"),
        _moment("delivered_at", nullable=True),
        sa.PrimaryKeyConstraint("unit", "month", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_due_at", "deliveries", ["due_at"], unique=False)
    op.create_table(
        "known_values",
        _text("unit", 11),
        _number("month"),
        _text("item", 11),
        _text("measure", 20),
        _long("accepted"),
        sa.PrimaryKeyConstraint("unit", "month", "item", "measure", name="pk_known_values"),
    )


def _differences() -> None:
    key = ("unit", "month", "item", "measure", "kind", "open")
    op.create_table(
        "differences",
        _text("id", 36),
        _text("unit", 11),
        _number("month"),
        _text("item", 11),
        _text("measure", 20),
        _text("kind", 20),
        sa.Column("ours", sa.Integer(), nullable=True),
        sa.Column("theirs", sa.String(length=255), nullable=True),
        _text("stored_by"),
        _moment("changed_at", nullable=True),
        _long("said"),
        _moment("found_at"),
        _moment("closed_at", nullable=True),
        _text("choice", 10),
        _text("chosen_by"),
        _moment("chosen_at", nullable=True),
        sa.Column("open", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_differences"),
        sa.UniqueConstraint(*key, name=f"uq_differences_{'_'.join(key)}"),
    )
    op.create_index("ix_differences_unit_open", "differences", ["unit", "open"], unique=False)


def _openings() -> None:
    op.create_table(
        "openings",
        _text("unit", 11),
        _text("username"),
        _moment("asked_at"),
        _moment("due_at"),
        _number("tries"),
        _moment("opened_at", nullable=True),
        _number("month"),
        _long("problem"),
        _long("remedy"),
        sa.PrimaryKeyConstraint("unit", name="pk_openings"),
    )
    op.create_table(
        "takeovers",
        _text("unit", 11),
        _text("item", 11),
        _number("month"),
        _number("consumed"),
        sa.Column("rank", RANK, nullable=False),
        sa.PrimaryKeyConstraint("unit", "item", "month", name="pk_takeovers"),
    )


def _forms() -> None:
    op.create_table(
        "orders",
        _text("unit", 11),
        _number("month"),
        _text("item", 11),
        _number("packs"),
        _text("username"),
        _moment("ordered_at"),
        sa.PrimaryKeyConstraint("unit", "month", "item", name="pk_orders"),
    )
    op.create_table(
        "completions",
        _text("unit", 11),
        _number("month"),
        _text("username"),
        _moment("asked_at"),
        _moment("completed_at", nullable=True),
        sa.PrimaryKeyConstraint("unit", "month", name="pk_completions"),
    )


def _cursors() -> None:
    op.create_table(
        "event_cursors",
        _text("unit", 11),
        _number("number"),
        _moment("due_at"),
        _number("tries"),
        _long("problem"),
        _long("remedy"),
        sa.PrimaryKeyConstraint("unit", name="pk_event_cursors"),
    )
    op.create_table(
        "looks",
        _text("name", 40),
        _moment("looked_at"),
        sa.PrimaryKeyConstraint("name", name="pk_looks"),
    )
