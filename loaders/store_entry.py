"""The stores' form as one account sees it: what a month holds, what is stored there, what others changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from loaders.errors import BadAnswer, NotPermitted
from loaders.store_audit import Change, plain, read_changes, read_moment
from loaders.store_form import Cell, FormNames, StoreForm, find_form
from loaders.writes import Stored

if TYPE_CHECKING:
    from loaders.dhis2 import Client

OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True)
class Held:
    """A value as DHIS2 holds it; `value` is its text, whole numbers without decimals."""

    value: str
    stored_by: str = ""
    changed_at: datetime | None = None
    follow_up: bool = False
    comment: str = ""


@dataclass(frozen=True)
class Month:
    """A unit's month: what each cell holds, and whether it may be written (OPEN, LOCKED or APPROVED)."""

    held: Mapping[Cell, Held]
    lock: str


@dataclass(frozen=True)
class Changed:
    """A value that somebody changed lately, or deleted (`value` None)."""

    unit: str
    month: int
    cell: Cell
    value: str | None


class StoreEntry:
    """Reads and writes the stores' form as one account.

    Args:
        client: the account's view of the DHIS2.
        names: what the form and its columns are called.
        now: the clock of the waiting between two looks at the metadata.
        kept_for: how long the form and its units are remembered.
    """

    def __init__(
        self,
        client: Client,
        names: FormNames,
        now: Callable[[], float],
        kept_for: timedelta = timedelta(minutes=5),
    ) -> None:
        self.client, self.names, self._now, self._kept_for = client, names, now, kept_for.total_seconds()
        self._form: tuple[float, StoreForm] | None = None
        self._assigned: dict[str, tuple[float, bool]] = {}

    def form(self) -> StoreForm:
        """The form.

        Raises:
            SourceError: it is absent or ambiguous, or an element lacks a column.
        """
        if self._form is None or self._now() - self._form[0] > self._kept_for:
            self._form = (self._now(), find_form(self.client, self.names))
        return self._form[1]

    def forget(self) -> None:
        """Look at the metadata anew the next time: somebody changed it."""
        self._form, self._assigned = None, {}

    def assigned(self, unit: str) -> bool:
        """Whether a unit has the form: DHIS2 itself takes values of units without it."""
        known = self._assigned.get(unit)
        if known is None or self._now() - known[0] > self._kept_for:
            there = self.client.get(f"/api/organisationUnits/{unit}", [("fields", "id,dataSets[id]")])
            has = any(each["id"] == self.form().id for each in there.get("dataSets", []))
            known = self._assigned[unit] = (self._now(), has)
        return known[1]

    def month(self, unit: str, month: int) -> Month:
        """What DHIS2 holds of a unit's month (YYYYMM).

        Raises:
            SourceError: DHIS2 cannot be read, or does not let this account enter data for the unit.
        """
        form = self.form()
        asked = [("ds", form.id), ("pe", str(month)), ("ou", unit)]
        told = self.client.get("/api/dataEntry/dataValues", asked)
        if not isinstance(told, dict) or "dataValues" not in told:
            raise BadAnswer(
                f"DHIS2 did not say what {form.name!r} holds.", "Try again later.", transient=True
            )
        places, zone = form.cell_of(), self.client.server.time.tzinfo
        held = {
            places[place]: _held(row, zone)
            for row in told["dataValues"]
            if (place := (row["dataElement"], row["categoryOptionCombo"])) in places
        }
        return Month(held, str(told.get("lockStatus") or "OPEN"))

    def store(self, unit: str, month: int, values: Sequence[tuple[Cell, str, Held | None]]) -> Stored:
        """Store values of a unit's month in one request; marks and comments go back with them.

        Args:
            unit: the unit.
            month: YYYYMM.
            values: cell, value, and what is held there now. A value that comes without its follow-up mark
                would clear it.
        """
        form = self.form()
        rows = []
        for cell, value, held in values:
            element, option = form.cells[cell]
            row: dict[str, Any] = {
                "dataElement": element,
                "period": str(month),
                "orgUnit": unit,
                "categoryOptionCombo": option,
                "value": value,
            }
            if held and held.follow_up:
                row["followup"] = True
            if held and held.comment:
                row["comment"] = held.comment
            rows.append(row)
        return self.client.store_values(form.id, rows)

    def history(self, unit: str, last: int, months: int) -> dict[int, dict[Cell, Held]]:
        """What DHIS2 holds of a unit in some months up to LAST (YYYYMM), by month; empty ones are absent."""
        first = _months_before(last, months - 1)
        asked = [
            ("dataSet", self.form().id),
            ("orgUnit", unit),
            ("startDate", f"{first // 100:04d}-{first % 100:02d}-01"),
            ("endDate", f"{last // 100 + 1:04d}-01-31"),
        ]
        found: dict[int, dict[Cell, Held]] = {}
        places = self.form().cell_of()
        for row in self._values(asked):
            cell = places.get((row["dataElement"], row["categoryOptionCombo"]))
            if cell and int(row["period"]) <= last:
                found.setdefault(int(row["period"]), {})[cell] = _held(row)
        return found

    def changed_since(self, since: datetime, last: int) -> list[Changed]:
        """What was changed or deleted since a moment, in the months up to LAST (YYYYMM) that lie a year back.

        Args:
            since: by DHIS2's clock; a little earlier is asked for.
            last: the last month.
        """
        first = _months_before(last, 12)
        asked = [
            ("dataSet", self.form().id),
            *(("orgUnit", unit.id) for unit in self.client.me().sees),
            ("children", "true"),
            ("startDate", f"{first // 100:04d}-{first % 100:02d}-01"),
            ("endDate", f"{last // 100 + 1:04d}-01-31"),
            ("lastUpdated", self.client.server.local(since - OVERLAP)),
            ("includeDeleted", "true"),
        ]
        places = self.form().cell_of()
        return [
            Changed(row["orgUnit"], int(row["period"]), cell, _value(row))
            for row in self._values(asked)
            if (cell := places.get((row["dataElement"], row["categoryOptionCombo"])))
        ]

    def moment(self) -> datetime:
        """DHIS2's own clock, asked now."""
        return self.client.system().time

    def changes(
        self, unit: str, month: int, cells: Collection[Cell], since: datetime
    ) -> dict[Cell, list[Change]]:
        """What cells held before somebody changed or deleted it, by DHIS2's own audit.

        Args:
            unit: the unit.
            month: YYYYMM.
            cells: of which cells.
            since: what is older may be missing.

        Returns:
            By cell, newest first. That a value was stored where none was leaves no mark in it.
        """
        form = self.form()
        asked = [("pe", str(month)), ("ou", unit)]
        return read_changes(self.client, {cell: form.cells[cell] for cell in cells}, asked, since)

    def complete(self, unit: str, month: int) -> None:
        """Register a unit's month as complete, as a person asked.

        Raises:
            SourceError: DHIS2 did not take it.
        """
        body = {"dataSet": self.form().id, "period": str(month), "organisationUnit": unit, "completed": True}
        path = "/api/completeDataSetRegistrations"
        self.client.send("POST", path, {"completeDataSetRegistrations": [body]}, repeatable=True)

    def _values(self, asked: list[tuple[str, str]]) -> list[dict[str, Any]]:
        told = self.client.get("/api/dataValueSets", asked)
        if not isinstance(told, dict):
            raise NotPermitted(
                f"DHIS2 shows this account nothing of {self.form().name!r}.",
                "Give it the units as data view units, and the data set's data to read.",
            )
        rows: list[dict[str, Any]] = told.get("dataValues", [])
        return rows


def _held(row: Mapping[str, Any], zone: tzinfo | None = UTC) -> Held:
    return Held(
        value=plain(str(row.get("value") or "")),
        stored_by=str(row.get("storedBy") or ""),
        changed_at=read_moment(row.get("lastUpdated"), zone),
        follow_up=bool(row.get("followUp") or row.get("followup")),
        comment=str(row.get("comment") or ""),
    )


def _value(row: Mapping[str, Any]) -> str | None:
    return None if row.get("deleted") in (True, "true") else _held(row).value


def _months_before(month: int, count: int) -> int:
    """The month (YYYYMM) so many months earlier.

    Example:
        >>> _months_before(202603, 4)
        202511
    """
    number = month // 100 * 12 + month % 100 - 1 - count
    return number // 12 * 100 + number % 12 + 1
