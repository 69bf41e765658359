"""DHIS2's form "Life-Saving Commodities" in memory, behind the face of our client.

What it answers and refuses is written after the embedded DHIS2, against which `tests/ledger/test_outbox.py`
runs the same outbox: rows of 2.40 to 2.42 are judged one by one, those of 2.43 together; zeros that are not
significant are dropped; changes are dated to the second and kept in an audit that tells the values before.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from requests.structures import CaseInsensitiveDict

from loaders.bodies import Answer
from loaders.writes import Stored, read_stored

FORM = "LifeSaving1"
CODE = "DS_1153709"
OPTIONS = {
    "Consumption": "optConsumed",
    "End Balance": "optClosing_",
    "Quantity to be ordered": "optOrdered_",
}
OURS = "tandem"
Place = tuple[str, str, str, str]
"""Unit, month, element, option."""


@dataclass(frozen=True)
class Value:
    """A value with who stored it last; `deleted` ones are remembered."""

    text: str
    by: str
    at: datetime
    deleted: bool = False
    follow_up: bool = False


@dataclass(frozen=True)
class Change:
    """One line of the audit: what a value was before somebody changed it."""

    place: Place
    before: str
    by: str
    at: datetime
    kind: str


@dataclass(frozen=True)
class Taken:
    """That a write of ours took the place of what somebody else had stored; None for an empty cell."""

    place: Place
    theirs: str | None


@dataclass
class Form:
    """The form with all its values.

    Attributes:
        clock: the time, in the zone that DHIS2 lives in.
        units: those that have the form.
        zeros_kept: by element, whether a zero is significant.
        modern: whether it judges rows together, as 2.43 does.
        open_future: 1 lets the present month be written.
        lock: what the entry form says of every month.
        refused: elements of which a value is refused, whatever it is.
        taken: what our writes took the place of.
    """

    clock: Callable[[], datetime]
    units: Sequence[str]
    zeros_kept: Mapping[str, bool]
    modern: bool = False
    open_future: int = 1
    lock: str = "OPEN"
    refused: set[str] = field(default_factory=set)
    values: dict[Place, Value] = field(default_factory=dict)
    audit: list[Change] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    typed: dict[tuple[Place, str | None], datetime] = field(default_factory=dict)
    opened_with: dict[Place, str | None] = field(default_factory=dict)
    """What was read of a unit's past when it was taken over: from then on it counts as ours."""

    def value(self, place: Place) -> str | None:
        """What a cell holds; None for nothing."""
        found = self.values.get(place)
        return None if found is None or found.deleted else found.text

    def type(self, place: Place, text: str | None, by: str = "district") -> None:
        """Somebody types a value into DHIS2's own form, or empties the cell (None)."""
        self.typed[place, text] = self.clock().astimezone(UTC)
        self._put(place, text or "", by, drop=text is None)

    def answer(self, path: str, asked: Sequence[tuple[str, str]]) -> Any:
        """What DHIS2 answers to a question."""
        told = dict(asked)
        if path == "/api/dataSets":
            return {"dataSets": [self._described()]}
        if path.startswith("/api/organisationUnits/"):
            unit = path.rpartition("/")[2]
            return {"id": unit, "dataSets": [{"id": FORM}] if unit in self.units else []}
        if path == "/api/dataEntry/dataValues":
            here = [each for each in self.values if each[:2] == (told["ou"], told["pe"])]
            return {"dataValues": [self._row(each) for each in here if self.value(each) is not None],
                    "lockStatus": self.lock}  # fmt: skip
        if path == "/api/dataValueSets":
            return {"dataValues": self._exported(told)}
        if path == "/api/audits/dataValue":
            return {"dataValueAudits": self._audited(told)}
        return {"programs": []}

    def store(self, rows: Sequence[Mapping[str, Any]]) -> Stored:
        """Store what can be stored, and account for it as DHIS2 does.

        Raises:
            SourceError: it is an answer without an account.
        """
        summary = _Summary()
        fault = self._fault_of_all(rows) if self.modern else None
        for index, row in enumerate(rows):
            refusal = fault or self._fault(row)
            if refusal:
                summary.refuse(index, *refusal)
            else:
                self._store_one(row, summary)
        if self.modern:
            summary.updated += summary.imported + summary.ignored
            summary.imported = summary.ignored = 0
        return read_stored(summary.answer(failed=bool(fault)))

    def _local(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.clock().tzinfo):%Y-%m-%dT%H:%M:%S}.000"

    def _described(self) -> dict[str, Any]:
        options = [{"id": uid, "name": name} for name, uid in OPTIONS.items()]
        combo = {"id": "combo", "name": "Life-saving", "categoryOptionCombos": options}
        elements = [
            {"dataElement": {"id": each, "code": each, "name": each, "zeroIsSignificant": kept},
             "categoryCombo": combo}
            for each, kept in self.zeros_kept.items()
        ]  # fmt: skip
        return {
            "id": FORM, "code": CODE, "name": "Life-Saving Commodities", "periodType": "Monthly",
            "openFuturePeriods": self.open_future, "expiryDays": 0, "dataSetElements": elements,
        }  # fmt: skip

    def _row(self, place: Place) -> dict[str, Any]:
        """As the entry form tells it: the server's local time, without saying so."""
        unit, month, element, option = place
        found = self.values[place]
        row: dict[str, Any] = {
            "dataElement": element, "period": month, "orgUnit": unit, "categoryOptionCombo": option,
            "value": found.text, "followUp": found.follow_up, "storedBy": found.by,
            "lastUpdated": self._local(found.at),
        }  # fmt: skip
        return row | ({"deleted": True} if found.deleted else {})

    def _exported(self, told: Mapping[str, str]) -> list[dict[str, Any]]:
        since = told.get("lastUpdated")
        if since is None:  # a store is taken over: what stands in it now is known
            here = [each for each in self.values if each[0] == told["orgUnit"]]
            self.opened_with |= {each: self.value(each) for each in here}
        return [
            self._row(place) | {"lastUpdated": f"{kept.at:%Y-%m-%dT%H:%M:%S}.000+0000"}
            for place, kept in self.values.items()
            if (since is not None or place[0] == told["orgUnit"])
            and (not kept.deleted or told.get("includeDeleted"))
            and (since is None or self._local(kept.at) >= since)
        ]

    def _audited(self, told: Mapping[str, str]) -> list[dict[str, Any]]:
        here = [each for each in reversed(self.audit) if each.place[:2] == (told["ou"], told["pe"])]
        newest, size = sorted(here, key=lambda each: each.at, reverse=True), int(told["pageSize"])
        return [
            {
                "created": self._local(each.at), "modifiedBy": each.by,
                "auditType": each.kind, "value": each.before,
                "dataElement": {"id": each.place[2]}, "categoryOptionCombo": {"id": each.place[3]},
            }
            for each in newest[(int(told["page"]) - 1) * size : int(told["page"]) * size]
        ]  # fmt: skip

    def _fault_of_all(self, rows: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
        shut = next((row["period"] for row in rows if self._is_future(row["period"])), None)
        return ("E8030", f"Period `{shut}` is not open for data set `{FORM}`") if shut else None

    def _fault(self, row: Mapping[str, Any]) -> tuple[str, str] | None:
        if row["dataElement"] in self.refused:
            code = "E8121" if self.modern else "E7619"
            return code, f"Value must match value type of data element `{row['dataElement']}`"
        if self._is_future(row["period"]):
            return "E7641", f"Period: `{row['period']}` is after latest open future period"
        return None

    def _is_future(self, month: str) -> bool:
        return not self.open_future and month >= f"{self.clock():%Y%m}"

    def _store_one(self, row: Mapping[str, Any], summary: "_Summary") -> None:
        place = (row["orgUnit"], row["period"], row["dataElement"], row["categoryOptionCombo"])
        found, text = self.values.get(place), str(row["value"])
        zero = text == "0" and not self.zeros_kept[place[2]]
        if zero and found is None:
            return
        there, mark = self.value(place), bool(row.get("followup"))
        if there is not None and not zero and (there, found and found.follow_up) == (text, mark):
            summary.ignored += 1
            return
        drop = there is not None and zero
        summary.deleted += drop
        summary.updated += there is not None and not drop
        summary.imported += there is None
        if found is not None and found.by != OURS and (found.deleted or found.text != text):
            self.taken.append(Taken(place, None if found.deleted else found.text))
        self._put(place, text, OURS, drop)
        self.values[place] = replace(self.values[place], follow_up=mark)

    def _put(self, place: Place, text: str, by: str, drop: bool) -> None:
        there, now = self.value(place), self.clock().astimezone(UTC).replace(microsecond=0)
        if there is not None and (drop or there != text):
            kind = "DELETE" if drop else "UPDATE"
            self.audit.append(Change(place, there, by, now, kind))
        self.values[place] = Value(text, by, now, deleted=drop)


@dataclass
class _Summary:
    """DHIS2's account of an import."""

    imported: int = 0
    updated: int = 0
    ignored: int = 0
    deleted: int = 0
    conflicts: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def refuse(self, index: int, code: str, message: str) -> None:
        """Refuse a row; equal refusals are told once."""
        self.conflicts.setdefault((code, message), []).append(index)

    def answer(self, failed: bool) -> Answer:
        """The answer over HTTP: 409 as soon as one row was refused, though the others are stored."""
        rejected = sum(len(each) for each in self.conflicts.values())
        counts = {"imported": self.imported, "updated": self.updated, "deleted": self.deleted}
        body = {
            "response": {
                "status": "ERROR" if failed else "WARNING" if rejected else "SUCCESS",
                "importCount": counts | {"ignored": self.ignored + rejected},
                "conflicts": [
                    {"errorCode": code, "value": message, "indexes": places}
                    for (code, message), places in self.conflicts.items()
                ],
            }
        }
        status = 409 if rejected else 200
        return Answer("POST /api/dataValueSets", status, CaseInsensitiveDict(), json.dumps(body).encode())
