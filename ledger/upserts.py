"""Adding to what is there: rows are made where they are absent and changed where not, in one statement."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Change = Callable[[Any], Mapping[str, Any]]


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], change: Change) -> None:
    """Insert rows, and change those whose primary key is there already.

    Args:
        connection: a transaction that writes.
        table: where to.
        rows: what to insert.
        change: given the columns of the row that came, what the row that is there becomes.
    """
    if not rows:
        return
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key.columns]
    changed = statement.on_conflict_do_update(index_elements=keys, set_=dict(change(statement.excluded)))
    connection.execute(changed, [dict(row) for row in rows])


def insert_absent(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those rows of whose keys there are none yet."""
    if not rows:
        return
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).on_conflict_do_nothing(), [dict(row) for row in rows])
