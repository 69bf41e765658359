"""A small table in memory, for what every look at a page asks of it: read again once somebody wrote."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Connection, Table, func, select

from ledger.database import Database

Found = TypeVar("Found")


class Recalled(Generic[Found]):
    """What was made of the rows of a table that rows are only added to.

    Whatever process writes, the next question sees it: the database's count of commits is looked at each
    time, which takes microseconds where there is one; only after a commit the rows are counted, and only
    where there are more of them they are read.

    Args:
        database: where the table is.
        table: which; no row of it is ever changed or deleted.
        read: makes of its rows what is to be kept.
    """

    def __init__(self, database: Database, table: Table, read: Callable[[Connection], Found]) -> None:
        self._database, self._read, self._lock = database, read, Lock()
        self._count = select(func.count()).select_from(table)
        self._commits: tuple[int, int] | None = None
        self._held: tuple[int, Found] | None = None

    def now(self) -> Found:
        """What the rows say now."""
        commits = self._database.commits()  # before the rows: who writes meanwhile is seen the next time
        held = self._held
        if held is not None and commits is not None and commits == self._commits:
            return held[1]
        with self._database.read() as connection:
            rows = connection.execute(self._count).scalar_one()
            if held is None or held[0] != rows:
                held = rows, self._read(connection)
        with self._lock:
            self._held, self._commits = held, commits
        return held[1]
