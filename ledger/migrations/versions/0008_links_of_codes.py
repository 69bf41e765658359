"""A code that is linked anew keeps the link that it had."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)


def _text(name: str, size: int = 255) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=size), nullable=False)


def upgrade() -> None:
    """Make the table anew: SQLite changes no primary key."""
    op.execute("CREATE TABLE code_links_before AS SELECT * FROM code_links")
    op.drop_table("code_links")
    op.create_table(
        "code_links",
        *(_text("unit", 11), _text("code", 80), _text("item", 11), _text("username")),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("unit", "code", "version", name="pk_code_links"),
    )
    op.execute("INSERT INTO code_links SELECT * FROM code_links_before")
    op.drop_table("code_links_before")
