"""A remark says what kind of thing happened, so that a chart can show it without its words."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Give remarks a kind; those that stand are of none in particular."""
    kind = sa.Column("kind", sa.String(length=20), nullable=False, server_default="other")
    op.add_column("annotations", kind)
