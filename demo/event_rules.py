"""What an event must satisfy before it is kept: DHIS2's checks, in its order, with its codes.

The checks of a step are made only when those before found nothing; dates and values are one step, so that
their errors come together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from demo.ids import is_uid
from demo.store import Object, Store
from demo.users import User
from demo.value_types import fault

STATUSES = ("ACTIVE", "COMPLETED", "VISITED", "SCHEDULE", "OVERDUE", "SKIPPED")
WITH_VALUES = ("ACTIVE", "COMPLETED", "VISITED")
EXPECTED = ("SCHEDULE", "OVERDUE", "SKIPPED")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one event."""

    code: str
    message: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judge:
    """Judges events for one person.

    Attributes:
        today: events after it are expected, not done; expiry counts from it.
    """

    store: Store
    user: User
    today: date
    seen: set[str] = field(default_factory=set)

    def create_or_update(self, event: Object, known: Object | None, strategy: str) -> list[Fault]:
        """The faults of an event to keep.

        Args:
            event: as it was sent, program and stage filled in.
            known: what is kept under its id, deleted or not.
            strategy: CREATE, UPDATE or CREATE_AND_UPDATE.
        """
        for step in (
            self._identity(event, known, strategy),
            self._required(event),
            self._references(event),
            self._relations(event, known),
            self._rights(event, known),
            self._content(event, known),
        ):
            if found := list(step):
                return found
        return []

    def delete(self, event: Object, known: Object | None) -> list[Fault]:
        """The faults of an event to delete."""
        uid = str(event.get("event"))
        if known is None:
            return [Fault("E1032", f"Event: `{uid}`, does not exist.", (uid,))]
        if known["deleted"]:
            return [Fault("E1082", f"Event: `{uid}`, is already deleted and cannot be modified.", (uid,))]
        return list(self._rights(known, known))

    def _identity(self, event: Object, known: Object | None, strategy: str) -> Iterator[Fault]:
        uid = event.get("event")
        if uid is not None and not is_uid(uid):
            yield Fault("E1048", f"Invalid uid `{uid}`, only letters and digits", (str(uid),))
            return
        if uid in self.seen:
            yield Fault("E1049", f"Uid `{uid}` is used more than once in the payload.", (str(uid),))
        if uid is not None:
            self.seen.add(uid)
        if known and known["deleted"]:
            yield Fault("E1082", f"Event: `{uid}`, is already deleted and cannot be modified.", (str(uid),))
        elif known and strategy == "CREATE":
            yield Fault("E1030", f"Event: `{uid}` already exists.", (str(uid),))
        elif not known and strategy == "UPDATE":
            yield Fault("E1032", f"Event: `{uid}`, does not exist.", (str(uid),))

    def _required(self, event: Object) -> Iterator[Fault]:
        for name in ("orgUnit", "program", "programStage"):
            if not event.get(name):
                yield Fault("E1123", f"Missing required event property: `{name}`.", (name,))
        if event.get("status") is not None and event["status"] not in STATUSES:
            yield Fault("E1316", f"Event status `{event['status']}` is not known.", (str(event["status"]),))

    def _references(self, event: Object) -> Iterator[Fault]:
        for name, kind, code, title in (
            ("program", "programs", "E1010", "Program"),
            ("orgUnit", "organisationUnits", "E1011", "OrganisationUnit"),
            ("programStage", "programStages", "E1013", "ProgramStage"),
        ):
            if self.store.get(kind, event[name]) is None:
                yield Fault(
                    code, f"Could not find {title}: `{event[name]}`, linked to Event.", (str(event[name]),)
                )

    def _relations(self, event: Object, known: Object | None) -> Iterator[Fault]:
        program, stage = event["program"], self.store.get("programStages", event["programStage"]) or {}
        if known and known["program"] != program:
            yield Fault(
                "E1110",
                f"Not allowed to update Event property: program, invalid value: `{program}`.",
                (program,),
            )
        if known and known["programStage"] != event["programStage"]:
            yield Fault(
                "E1080", f"Event: `{event['event']}`, already has a ProgramStage.", (str(event["event"]),)
            )
        if (stage.get("program") or {}).get("id") != program:
            yield Fault(
                "E1089",
                f"Event references a ProgramStage `{stage.get('id')}` that does not belong to Program "
                f"`{program}`.",
                (str(stage.get("id")), program),
            )
        units = {u["id"] for u in (self.store.get("programs", program) or {}).get("organisationUnits", ())}
        if event["orgUnit"] not in units:
            yield Fault(
                "E1029",
                f"Event OrganisationUnit: `{event['orgUnit']}` and Program: `{program}`, do not match.",
                (event["orgUnit"], program),
            )

    def _rights(self, event: Object, known: Object | None) -> Iterator[Fault]:
        me = self.user.id
        for uid in dict.fromkeys(u for u in (event["orgUnit"], known and known["orgUnit"]) if u):
            unit = self.store.get("organisationUnits", uid)
            if unit and not self.user.captures(unit["path"]):
                yield Fault(
                    "E1000", f"User: `{me}` has no write access to OrganisationUnit: `{uid}`.", (me, uid)
                )
        for kind, name, code, title in (
            ("programs", "program", "E1091", "Program"),
            ("programStages", "programStage", "E1095", "ProgramStage"),
        ):
            thing = self.store.get(kind, event[name])
            if thing and not self.user.may(kind, thing, "data_write"):
                yield Fault(
                    code,
                    f"User: `{me}`, has no data write access to {title}: `{event[name]}`.",
                    (me, event[name]),
                )
        if known and known["status"] == "COMPLETED" and not self.user.has("F_UNCOMPLETE_EVENT"):
            yield Fault("E1083", f"User: `{me}`, is not authorized to modify completed events.", (me,))

    def _content(self, event: Object, known: Object | None) -> Iterator[Fault]:
        yield from self._dates(event)
        yield from self._values(event, known)
        for note in event.get("notes") or ():
            if note.get("note") is not None and not is_uid(note["note"]):
                yield Fault(
                    "E1048", f"Invalid uid `{note['note']}`, only letters and digits", (str(note["note"]),)
                )

    def _dates(self, event: Object) -> Iterator[Fault]:
        status = event.get("status") or "ACTIVE"
        if not event.get("occurredAt") and status not in EXPECTED:
            yield Fault("E1031", "Event occurredAt date is missing.", (str(event.get("event")),))
            return
        if status == "SCHEDULE" and not event.get("scheduledAt"):
            yield Fault("E1050", "Event scheduledAt date is missing.", ())
        if event.get("completedAt") and status != "COMPLETED":
            yield Fault(
                "E1051",
                f"Event: `{event.get('event')}`, completedAt must be null when status is `{status}`.",
                (str(event.get("event")), status),
            )
        for name in ("occurredAt", "scheduledAt", "completedAt"):
            if event.get(name) and day_of(event[name]) is None:
                yield Fault("E1007", f"{name} `{event[name]}` is not a date.", (str(event[name]),))
        if event.get("occurredAt"):
            yield from self._expiry(event, day_of(event["occurredAt"]))

    def _expiry(self, event: Object, day: date | None) -> Iterator[Fault]:
        program = self.store.get("programs", event["program"]) or {}
        days = program.get("expiryDays") or 0
        if day and days and program.get("expiryPeriodType") and not self.user.has("F_EDIT_EXPIRED"):
            from demo import periods

            end = periods.containing(program["expiryPeriodType"], day).end
            if self.today > end + timedelta(days=days):
                yield Fault(
                    "E1047",
                    f"Event: `{event.get('event')}`, date belongs to an expired period. It is not "
                    "possible to create such event.",
                    (str(event.get("event")),),
                )

    def _values(self, event: Object, known: Object | None) -> Iterator[Fault]:
        stage = self.store.get("programStages", event["programStage"]) or {}
        holds = {p["dataElement"]["id"]: p for p in stage.get("programStageDataElements", ())}
        status, values = event.get("status") or "ACTIVE", event.get("dataValues") or []
        if values and status not in WITH_VALUES:
            yield Fault("E1315", f"Status `{status}` does not allow defining data values.", (status,))
        for value in values:
            yield from self._value(value, stage, holds)
        given = {v.get("dataElement"): v.get("value") for v in values}
        kept = {v["dataElement"]: v["value"] for v in (known or {}).get("dataValues", ())}
        wanted = stage.get("validationStrategy") == "ON_UPDATE_AND_INSERT" or status == "COMPLETED"
        for uid, part in holds.items():
            if (
                part.get("compulsory")
                and wanted
                and status in WITH_VALUES
                and given.get(uid, kept.get(uid)) is None
            ):
                yield Fault("E1303", f"Mandatory DataElement `{uid}` is not present.", (uid,))

    def _value(self, value: Object, stage: Object, holds: Object) -> Iterator[Fault]:
        uid, text = str(value.get("dataElement")), value.get("value")
        element = self.store.get("dataElements", uid)
        if element is None:
            yield Fault("E1304", f"DataElement `{uid}` is not a valid DataElement.", (uid,))
        if uid not in holds:
            yield Fault(
                "E1305",
                f"DataElement `{uid}` is not part of `{stage.get('id')}` ProgramStage.",
                (uid, str(stage.get("id"))),
            )
        if element is not None and text is not None:
            kind = element["valueType"]
            if str(text).strip() and fault(element, str(text)):
                told = f"Value type is {kind} but the value `{text}` is not."
                yield Fault("E1302", f"DataElement `{kind}` is not valid: `{told}`.", (kind, told))
            elif (options := self._options(element)) is not None and str(text) not in options:
                yield Fault(
                    "E1125",
                    f"Value `{text}` is not a valid option code in option set `{element['optionSet']['id']}`",
                    (str(text), element["optionSet"]["id"]),
                )

    def _options(self, element: Object) -> set[str] | None:
        uid = (element.get("optionSet") or {}).get("id")
        if uid is None:
            return None
        options = self.store.all("options").values()
        return {str(o.get("code")) for o in options if (o.get("optionSet") or {}).get("id") == uid}


def day_of(text: Any) -> date | None:
    """The day of a date or date-time, or None when it is neither.

    >>> day_of("2019-08-20T10:00:00.000"), day_of("yesterday")
    (datetime.date(2019, 8, 20), None)
    """
    try:
        return datetime.fromisoformat(str(text)).date()
    except ValueError:
        return None
