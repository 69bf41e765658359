"""DHIS2's own audit of the stores' form: what its cells held before somebody changed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from loaders.store_form import Cell

if TYPE_CHECKING:
    from loaders.dhis2 import Client

LINES, MOST_PAGES = 100, 50
"""How many changes are asked for at once, and how often at most."""


@dataclass(frozen=True)
class Change:
    """A line of DHIS2's audit: what a cell held BEFORE (None: nothing), and that it gave way at a moment.

    `deleted` says that nothing took its place.
    """

    before: str | None
    by: str
    at: datetime
    deleted: bool

    def is_after(self, since: datetime, exactly: bool) -> bool:
        """Whether it was changed after a moment.

        Args:
            since: the moment.
            exactly: as far as the line tells; else what was changed in that very second is not after it:
                older servers date values to the second.
        """
        if exactly:
            return self.at >= (since if self.at.microsecond else since.replace(microsecond=0))
        return self.at.replace(microsecond=0) > since


def read_changes(
    client: Client,
    cells: Mapping[Cell, tuple[str, str]],
    about: Sequence[tuple[str, str]],
    since: datetime,
) -> dict[Cell, list[Change]]:
    """What cells of one unit and month held before somebody changed it.

    Args:
        client: who asks.
        cells: of which cells, with the element and option of each.
        about: the parameters that name the unit and the month.
        since: what is older may be missing.

    Returns:
        By cell, newest first. That a value was stored where none was leaves no mark in the audit.

    Raises:
        SourceError: DHIS2 does not answer, or the account may not see it.
    """
    places, zone = {place: cell for cell, place in cells.items()}, client.server.time.tzinfo
    named = [pair for cell in sorted(cells) for pair in zip(("de", "co"), cells[cell], strict=True)]
    asked = [*dict.fromkeys(named), *about, ("pageSize", str(LINES))]
    found: dict[Cell, list[Change]] = {}
    for page in range(1, MOST_PAGES + 1):
        told = client.get("/api/audits/dataValue", [*asked, ("page", str(page))])
        rows = told.get("dataValueAudits", []) if isinstance(told, dict) else []
        read = [(places.get(_place_of(row)), _change(row, zone)) for row in rows]
        for cell, change in read:
            if cell and change:
                found.setdefault(cell, []).append(change)
        if len(rows) < LINES or any(each and not each.is_after(since, exactly=True) for _, each in read):
            break
    return found


def _place_of(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["dataElement"]["id"], row["categoryOptionCombo"]["id"]


def _change(row: Mapping[str, Any], zone: tzinfo | None) -> Change | None:
    """A line of the audit; None where it tells of no value before."""
    moment = read_moment(row.get("created"), zone)
    if moment is None or row["auditType"] not in ("UPDATE", "DELETE"):
        return None
    before, by = plain(str(row.get("value") or "")), str(row.get("modifiedBy") or "")
    return Change(before, by, moment, row["auditType"] == "DELETE")


def plain(text: str) -> str:
    """A number without decimals that say nothing: 12.0 is 12."""
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() else text


def read_moment(text: Any, zone: tzinfo | None) -> datetime | None:
    """A moment; the entry form tells the server's local time without saying so."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)
