"""Alerts: found, worked on step by step, looked at, put to sleep, told; and their thresholds."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)


def _text(name: str, size: int = 255) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=size), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def upgrade() -> None:
    """Make the tables."""
    _found()
    _around()
    _told()


def _found() -> None:
    op.create_table(
        "alerts",
        *(_text("id", 36), _text("kind", 10), _text("code", 40), _text("unit", 11), _text("subject", 80)),
        *(_whole("month"), sa.Column("rank", sa.Float(), nullable=False), _json("facts")),
        *(_moment("found_at"), _moment("changed_at"), _whole("version"), _text("status", 20)),
        *(_text("outcome", 20), _text("assignee"), _text("due", 10)),
        _key("alerts", "id"),
    )
    op.create_index("ix_alerts_status_unit", "alerts", ["status", "unit"], unique=False)
    op.create_index("ix_alerts_unit_subject_month", "alerts", ["unit", "subject", "month"], unique=False)
    op.create_table(
        "alert_steps",
        *(_text("alert", 36), _whole("version"), _moment("at"), _text("author"), _text("status", 20)),
        *(_text("assignee"), _text("due", 10), sa.Column("comment", sa.Text(), nullable=False)),
        *(_json("facts"), _key("alert_steps", "alert", "version")),
    )
    op.create_table(
        "alert_looks",
        *(_text("alert", 36), _text("username"), _moment("first_at"), _moment("last_at")),
        _key("alert_looks", "alert", "username"),
    )


def _around() -> None:
    op.create_table(
        "alert_snoozes",
        *(_text("id", 36), _text("unit", 11), _text("subject", 80), _text("code", 40), _text("reason", 500)),
        *(_text("until", 10), _text("author"), _moment("made_at"), _text("ended_by")),
        *(_moment("ended_at", nullable=True), _key("alert_snoozes", "id")),
    )
    op.create_index("ix_alert_snoozes_unit", "alert_snoozes", ["unit"], unique=False)
    op.create_table(
        "alert_thresholds",
        *(_text("subject", 80), _text("unit", 11), _whole("revision")),
        *(sa.Column("threshold", sa.Float(), nullable=False), _text("origin", 10), _json("evidence")),
        *(_text("reason", 500), _text("author"), _moment("written_at")),
        _key("alert_thresholds", "subject", "unit", "revision"),
    )


def _told() -> None:
    op.create_table(
        "alert_digests",
        *(_text("period", 7), _text("username"), _text("channel", 10), _text("state", 10), _whole("count")),
        *(_text("note", 500), _moment("at"), _key("alert_digests", "period", "username", "channel")),
    )
    op.create_table(
        "alert_told",
        *(_text("alert", 36), _text("username"), _text("channel", 10), _text("period", 7), _moment("at")),
        _key("alert_told", "alert", "username", "channel"),
    )
    op.create_table(
        "alert_runs",
        *(sa.Column("id", sa.Integer(), autoincrement=True, nullable=False), _whole("snapshot")),
        *(_text("rules", 64), _json("counts"), _moment("data_at"), _moment("at"), _key("alert_runs", "id")),
    )
