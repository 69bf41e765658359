"""Codes of products that a store knows; writes to DHIS2 whose end nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True)


def _text(name: str, size: int = 255) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=size), nullable=False)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "code_links",
        *(_text("unit", 11), _text("code", 80), _text("item", 11), _text("username")),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "code", name="pk_code_links"),
    )
    op.create_table(
        "doubtful_writes",
        *(_text("unit", 11), sa.Column("month", sa.Integer(), autoincrement=False, nullable=False)),
        *(_text("item", 11), _text("measure", 20), sa.Column("seen", sa.String(length=255), nullable=True)),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("unit", "month", "item", "measure", name="pk_doubtful_writes"),
    )
