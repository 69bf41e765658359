"""The part of the OpenAPI document about alerts."""

from typing import Any

from dashboard.alerts_steps import ASLEEP, LISTS, LONGEST_COMMENT, MINE
from dashboard.alerts_thresholds import AREA, COUNTRY, HERE
from dashboard.api.openapi_store import MOMENT, REFUSALS, TEXT, UUID
from ledger.alerts import KINDS, STATUSES

BASE = "/api/v1/alerts"
WHOLE = {"type": "integer"}
DAY = {"type": "string", "description": "A day as 2026-03-31; empty for none."}
NUMBER = {"name": "number", "in": "path", "required": True, "description": "Its id.", "schema": UUID}
LINES = {"type": "array", "items": TEXT}
ALERT = {
    "id": UUID,
    "kind": {"enum": list(KINDS)},
    "month": {"type": "string", "description": "As 2026-03; of supply the month since which it lasts."},
    **dict.fromkeys(("code", "unit", "unit_name", "subject", "subject_name", "sentence", "assignee"), TEXT),
    "rank": {
        "type": "number",
        "description": "How unusual, times what is at stake and importance; of old figures less.",
    },
    **dict.fromkeys(("beside", "checks"), LINES),
    "status": {"enum": list(STATUSES)},
    "outcome": TEXT,
    "due": DAY,
    "version": {"type": "integer", "description": "To be named by who acts."},
    **dict.fromkeys(("found_at", "changed_at"), MOMENT),
}


def paths() -> dict[str, Any]:
    """The paths, by address."""
    state = {"enum": [*LISTS, MINE, ASLEEP]}
    step = {
        "version": WHOLE,
        "status": {"enum": list(STATUSES)},
        "assignee": {"type": "string", "description": "A username; empty for nobody."},
        "due": DAY,
        "comment": {"type": "string", "maxLength": LONGEST_COMMENT},
    }
    one = _object(ALERT | {"history": {"type": "array", "items": {"type": "object"}}})
    listed = _object({"count": WHOLE, "alerts": {"type": "array", "items": _object(ALERT)}})
    return {
        BASE: {
            "parameters": [
                _asked("unit", "The id or code of a unit; with all below it.", TEXT),
                _asked("status", "A state, or open, done, all, mine, asleep; open without it.", state),
                _asked("kind", "What they are about; all without it.", {"enum": list(KINDS)}),
                _asked("from", "How many to pass over.", WHOLE),
                _asked("limit", "How many at most; 50 without it.", WHOLE),
                _asked("lang", "fr or en.", TEXT),
            ],
            "get": _told("alerts", "What looks wrong or needs somebody, the most important first", listed),
        },
        f"{BASE}/{{number}}": {
            "parameters": [NUMBER],
            "get": _told("alert", "One alert, with its figures, history and who looked", one),
            "patch": _told("alert_step", "Comment, assign, say what it was, close", one, late=True)
            | _body(step, ("version",)),
        },
        **_around(one),
    }


def _around(one: dict[str, Any]) -> dict[str, Any]:
    """Looks, sleep and thresholds."""
    nothing: dict[str, Any] = {"type": "object"}
    return {
        f"{BASE}/{{number}}/look": {
            "parameters": [NUMBER],
            "post": _told("alert_look", "Note that one looked", nothing),
        },
        f"{BASE}/{{number}}/snooze": {
            "parameters": [NUMBER],
            "post": _told(
                "alert_snooze", "Put the same finding at this place to sleep", _object({"id": UUID})
            )
            | _body({"reason": TEXT, "until": DAY}, ("reason",)),
        },
        f"{BASE}/{{number}}/threshold": {
            "parameters": [NUMBER],
            "put": _told("alert_threshold", "Say from which score on there is an alert", one, late=True)
            | _body(
                {"threshold": {"type": "number"}, "reason": TEXT, "where": {"enum": [HERE, AREA, COUNTRY]}},
                ("threshold", "reason"),
            ),
        },
        f"{BASE}/snoozes/{{number}}": {
            "parameters": [NUMBER],
            "delete": _told("alert_wake", "Wake what sleeps", nothing),
        },
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _asked(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _body(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _told(name: str, summary: str, schema: dict[str, Any], late: bool = False) -> dict[str, Any]:
    answer = {"description": "What was asked for.", "content": {"application/json": {"schema": schema}}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    stale = {
        "409": {"description": "Somebody acted in between; `version` is how it stands.", "content": problem}
    }
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": answer, **REFUSALS, **(stale if late else {})},
    }
