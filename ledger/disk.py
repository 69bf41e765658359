"""A disk without room: how it is known before something is stored, and by what could not be."""

import errno
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

LEAST_ROOM = 16 << 20
"""Bytes that an installation needs to go on: SQLite's log of one long write, or a report."""

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
POSTGRESQL_DISK_FULL = "53100"  # https://www.postgresql.org/docs/current/errcodes-appendix.html


def has_room(place: Path) -> bool:
    """Whether the disk of a folder, which need not be there yet, has room for more.

    Raises:
        OSError: the disk cannot be asked.
    """
    there = next(each for each in (place, *place.absolute().parents) if each.exists())
    return shutil.disk_usage(there).free >= LEAST_ROOM


def is_full(problem: BaseException) -> bool:
    """Whether a disk without room is what is behind an exception of ours, of a file or of the database."""
    return any(_says_full(each) for each in _behind(problem))


def write_down(problem: Exception, log: logging.Logger) -> None:
    """Log why the database could not be used; a full disk in one line, for logs often lie on it too."""
    if is_full(problem):
        log.error("the disk is full, so nothing can be stored: make room; trying again")
    else:
        log.error("the database could not be used; trying again", exc_info=problem)


def _behind(problem: BaseException) -> Iterator[BaseException]:
    """An exception and what it was raised from."""
    last: BaseException | None = problem
    while last is not None:
        yield last
        last = last.__cause__ or last.__context__


def _says_full(problem: BaseException) -> bool:
    if isinstance(problem, OSError):
        return problem.errno in NO_SPACE
    # https://www.sqlite.org/rescode.html: the low byte is the kind of error
    code = getattr(problem, "sqlite_errorcode", None)
    if code is not None:
        return int(code) & 0xFF == sqlite3.SQLITE_FULL
    return getattr(problem, "sqlstate", None) == POSTGRESQL_DISK_FULL
