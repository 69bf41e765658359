"""What DHIS2 made of values that we sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from loaders.bodies import Answer
from loaders.errors import NotPermitted
from loaders.statuses import error_of


@dataclass(frozen=True)
class Conflict:
    """Why some values were not stored: DHIS2's code and words, and the positions of the values as sent."""

    code: str
    message: str
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Stored:
    """The account of one write.

    Attributes:
        stored: Values created or changed.
        ignored: Values left as they were, because they were the same or refused.
        deleted: Values deleted, zeros that are not significant among them.
        conflicts: What was refused and why; the other values are stored all the same.
    """

    stored: int
    ignored: int
    deleted: int
    conflicts: tuple[Conflict, ...] = ()

    @property
    def refused(self) -> frozenset[int]:
        """Positions of the values that DHIS2 refused."""
        return frozenset(position for conflict in self.conflicts for position in conflict.positions)


def read_stored(answer: Answer) -> Stored:
    """The account in DHIS2's answer to a write; a 409 may well have stored most of it.

    Raises:
        SourceError: The answer is an error without an account of what was stored.
    """
    body = answer.json()
    summary: dict[str, Any] = body.get("response") or {}
    counts = summary.get("importCount")
    if counts is None:
        raise error_of(answer) or NotPermitted(
            f"DHIS2 gave no account of {answer.asked}.", "Read the values back before sending them again."
        )
    # 2.43 counts new values as updated, too; together they are what was stored in every version.
    stored = counts.get("imported", 0) + counts.get("updated", 0)
    conflicts = tuple(_conflicts(summary.get("conflicts") or []))
    return Stored(stored, counts.get("ignored", 0), counts.get("deleted", 0), conflicts)


def _conflicts(found: Sequence[dict[str, Any]]) -> list[Conflict]:
    return [
        Conflict(one.get("errorCode") or "", one.get("value") or "", tuple(one.get("indexes") or ()))
        for one in found
    ]
