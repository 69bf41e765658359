"""Adding to what is there: rows are made where they are absent and changed where not, in one statement."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Change = Callable[[Any], Mapping[str, Any]]
KEPT = 64  # statements; to put one together takes longer than to run it


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], change: Change) -> None:
    """Insert rows, and change those whose primary key is there already.

    Args:
        connection: a transaction that writes.
        table: where to.
        rows: what to insert.
        change: given the columns of the row that came, what the row that is there becomes; a function of a
            module, so that its statement is put together once.
    """
    if rows:
        connection.execute(_changing(connection.dialect.name, table, change), [dict(row) for row in rows])


def insert_absent(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those rows of whose keys there are none yet."""
    if rows:
        connection.execute(_leaving(connection.dialect.name, table), [dict(row) for row in rows])


@lru_cache(KEPT)
def _changing(dialect: str, table: Table, change: Change) -> Any:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key.columns]
    return statement.on_conflict_do_update(index_elements=keys, set_=dict(change(statement.excluded)))


@lru_cache(KEPT)
def _leaving(dialect: str, table: Table) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing()


def _insert(dialect: str, table: Table) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table)
