"""What stores ask of each other."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)
TEXTS = (("note", 200), ("reason", 200), ("state", 20), ("asked_by", 255), ("approved_by", 255))


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "transfer_requests",
        sa.Column("id", sa.String(length=36), nullable=False),
        *(sa.Column(name, sa.String(length=11), nullable=False) for name in ("asker", "giver", "item")),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(length=size), nullable=False) for name, size in TEXTS),
        sa.Column("answered_by", sa.String(length=255), nullable=False),
        sa.Column("transfer", sa.String(length=36), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_transfer_requests"),
    )
    for end in ("asker", "giver"):
        op.create_index(f"ix_transfer_requests_{end}", "transfer_requests", [end], unique=False)
