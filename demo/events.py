"""Events as they are kept: one row each, never forgotten once deleted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from demo.combos import DEFAULT_OPTION, DEFAULT_OPTION_COMBO, stable_id
from demo.event_rules import day_of
from demo.ids import new_uid
from demo.store import Object, Store
from demo.users import User

TABLE = """
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE, program TEXT, stage TEXT, ou TEXT, occurred TEXT, status TEXT,
    created TEXT, updated TEXT, deleted INTEGER DEFAULT 0, body TEXT);
CREATE INDEX IF NOT EXISTS events_of_a_unit ON events (ou, program);
CREATE INDEX IF NOT EXISTS events_updated ON events (updated);
"""


@dataclass(frozen=True)
class Events:
    """The events of one server, written by one person.

    Attributes:
        user: who writes.
    """

    store: Store
    user: User

    def find(self, uid: Any) -> Object | None:
        """An event, deleted or not, or None."""
        row = self.store.execute("SELECT body FROM events WHERE id = ?", (str(uid),)).fetchone()
        return None if row is None else json.loads(row["body"])

    def completed(self, event: Object) -> Object:
        """The event with the program that its stage belongs to, or the only stage of its program."""
        program, stage = event.get("program"), event.get("programStage")
        if stage and not program:
            program = ((self.store.get("programStages", stage) or {}).get("program") or {}).get("id")
        if program and not stage:
            stages = (self.store.get("programs", program) or {}).get("programStages", ())
            stage = stages[0]["id"] if stages else None
        return {**event, "program": program, "programStage": stage}

    def keep(self, event: Object, known: Object | None) -> str:
        """Keeps a new event or changes a known one; returns its id."""
        now = self.store.clock.milliseconds()
        uid = event.get("event") or new_uid()
        status = event.get("status") or "ACTIVE"
        body: Object = {
            "event": uid,
            "status": status,
            "program": event["program"],
            "programStage": event["programStage"],
            "enrollment": stable_id("enrollment", event["program"]),
            "orgUnit": event["orgUnit"],
            **{name: _moment(event.get(name)) for name in ("occurredAt", "scheduledAt")},
            "followUp": False,
            "deleted": False,
            "createdAt": known["createdAt"] if known else now,
            "updatedAt": now,
            "attributeOptionCombo": event.get("attributeOptionCombo") or DEFAULT_OPTION_COMBO,
            "attributeCategoryOptions": event.get("attributeCategoryOptions") or DEFAULT_OPTION,
            "geometry": event.get("geometry"),
            **self._completion(event, known, status, now),
            "createdBy": known["createdBy"] if known else self.user.brief(),
            "updatedBy": self.user.brief(),
            "dataValues": self._values(event, known, now),
            "notes": self._notes(event, known, now),
        }
        body = {name: value for name, value in body.items() if value is not None}
        self._write(body, event.get("program") or "")
        return uid

    def _completion(self, event: Object, known: Object | None, status: str, now: str) -> Object:
        if status != "COMPLETED":
            return {}
        before = known or {}
        when = _moment(event.get("completedAt")) or before.get("completedAt") or now
        return {"completedBy": before.get("completedBy") or self.user.username, "completedAt": when}

    def _values(self, event: Object, known: Object | None, now: str) -> list[Object]:
        """The values kept before, with those that were sent over them; null takes one away."""
        kept = {value["dataElement"]: value for value in (known or {}).get("dataValues", ())}
        for value in event.get("dataValues") or ():
            uid, text = value["dataElement"], value.get("value")
            before = kept.get(uid)
            if text is None:
                kept.pop(uid, None)
            elif before is None or before["value"] != str(text):
                kept[uid] = {
                    "createdAt": before["createdAt"] if before else now,
                    "updatedAt": now,
                    "storedBy": self.user.username,
                    "providedElsewhere": bool(value.get("providedElsewhere")),
                    "dataElement": uid,
                    "value": str(text),
                    "createdBy": before["createdBy"] if before else self.user.brief(),
                    "updatedBy": self.user.brief(),
                }
        return list(kept.values())

    def _notes(self, event: Object, known: Object | None, now: str) -> list[Object]:
        notes = list((known or {}).get("notes", ()))
        there = {note["note"] for note in notes}
        for note in event.get("notes") or ():
            if note.get("value") and note.get("note") not in there:
                notes.append(
                    {
                        "note": note.get("note") or new_uid(),
                        "storedAt": now,
                        "value": str(note["value"]),
                        "storedBy": self.user.username,
                        "createdBy": self.user.brief(),
                    }
                )
        return notes

    def add_note(self, known: Object, note: Object) -> None:
        """Adds a note to an event."""
        now = self.store.clock.milliseconds()
        self._write({**known, "notes": self._notes({"notes": [note]}, known, now)}, known["program"])

    def delete(self, known: Object) -> None:
        """Deletes an event; its id stays used up."""
        now = self.store.clock.milliseconds()
        self._write(
            {**known, "deleted": True, "updatedAt": now, "updatedBy": self.user.brief()}, known["program"]
        )

    def _write(self, body: Object, program: str) -> None:
        row = (
            body["event"],
            program,
            body["programStage"],
            body["orgUnit"],
            body.get("occurredAt"),
            body["status"],
            body["createdAt"],
            body["updatedAt"],
            int(body["deleted"]),
            json.dumps(body, ensure_ascii=False),
        )
        sql = (
            "INSERT INTO events (id, program, stage, ou, occurred, status, created, updated, deleted, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET program = excluded.program, "
            "stage = excluded.stage, ou = excluded.ou, occurred = excluded.occurred, "
            "status = excluded.status, updated = excluded.updated, deleted = excluded.deleted, "
            "body = excluded.body"
        )
        self.store.execute(sql, row)


def _moment(text: Any) -> str | None:
    """A date or date-time as events keep it: to the millisecond, without a zone."""
    if not text or day_of(text) is None:
        return None
    whole = str(text) if "T" in str(text) else f"{text}T00:00:00.000"
    return whole if "." in whole else f"{whole[:19]}.000"
