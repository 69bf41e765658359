"""The part of the OpenAPI document about what DHIS2 holds of the stores: differences, orders, what waits."""

from typing import Any

from dashboard.api.openapi_store import MOMENT, PACKS, PROBLEM, REFUSALS, TEXT
from dashboard.store_deliveries import FIXES
from ledger.disagreements import BELOW_ZERO, BLOCKS, CHOICES, DECIDED, EVENT, REFUSED, ZERO

KINDS = (*DECIDED, ZERO, BELOW_ZERO, *BLOCKS, REFUSED, EVENT)
NULLABLE_TEXT, NULLABLE_MOMENT = {"type": ["string", "null"]}, {**MOMENT, "type": ["string", "null"]}
NULLABLE_PACKS = {"type": ["integer", "null"]}
WHOLE = {"type": "integer"}
MONTH = {"type": "string", "pattern": r"^\d{4}-\d{2}$"}
BASE = "/api/v1/store"
UNDECIDED = {"409": {"description": "There is nothing to decide, or not so.", **PROBLEM}}


def paths() -> dict[str, Any]:
    """The paths, by address."""
    unit = _parameter("unit", "query", "The id or code of a store's unit; all that you may see without it.")
    store = {**_parameter("unit", "path", "The id or code of a unit that keeps a store."), "required": True}
    number = {**_parameter("number", "path", "Its id."), "required": True}
    month = _parameter("month", "query", "As 2026-11.")
    chosen = _body({"choice": {"enum": list(CHOICES)}}, ("choice",))
    ordered = {"type": "object", "additionalProperties": PACKS}
    order = _body({"month": MONTH, "ordered": ordered, "complete": {"type": "boolean"}}, ("month",))
    wanted = _body({"fix": {"enum": list(FIXES)}, "apply": {"type": "boolean"}}, ("fix",))
    open_ones, waiting = "Where DHIS2 and the ledger say something else", "What DHIS2 does not hold yet"
    fix = "Have a change of DHIS2's metadata shown, or made, with your own account"
    return {
        f"{BASE}/differences": {"get": _of("store_differences", open_ones, _differences(), [unit])},
        f"{BASE}/differences/{{number}}": {
            "parameters": [number],
            "post": _of("store_decide", "Decide about a difference", _difference()) | chosen,
        },
        f"{BASE}/deliveries": {"get": _of("store_deliveries", waiting, _waiting(), [unit])},
        f"{BASE}/{{unit}}/order": {
            "parameters": [store],
            "get": _of("store_order", "A month's form as the ledger says it", _order(), [month]),
            "post": _of("store_send_order", "Order, and call the month complete", _order()) | order,
        },
        f"{BASE}/fixes": {"post": _of("store_fix", fix, _asked(), status="202") | wanted},
        f"{BASE}/fixes/{{number}}": {
            "parameters": [number],
            "get": _of("store_fixed", "How far a change is, and what it changes", _fixed()),
        },
    }


def _difference() -> dict[str, Any]:
    return _object(
        {
            "id": TEXT,
            "unit": TEXT,
            "unit_name": TEXT,
            "month": {"type": "integer", "description": "YYYYMM."},
            "item": {"type": "string", "description": "Empty where the whole month is meant."},
            "item_name": TEXT,
            "measure": TEXT,
            "kind": {"enum": list(KINDS)},
            "ours": NULLABLE_PACKS,
            "theirs": {**NULLABLE_TEXT, "description": "What DHIS2 holds; null for nothing."},
            "stored_by": {"type": "string", "description": "Who stored that there."},
            "changed_at": NULLABLE_MOMENT,
            "said": {"type": "string", "description": "DHIS2's own words."},
            "found_at": MOMENT,
            "choice": TEXT,
            "chosen_by": TEXT,
            "choices": {"type": "array", "items": {"enum": list(CHOICES)}},
        }
    )


def _differences() -> dict[str, Any]:
    offered = {"type": "array", "items": {"enum": list(FIXES)}, "description": "Offered to administrators."}
    return _object({"differences": {"type": "array", "items": _difference()}, "fixes": offered})


def _waiting() -> dict[str, Any]:
    row = {
        **dict.fromkeys(("unit", "unit_name", "problem", "remedy"), TEXT),
        **dict.fromkeys(("month", "tries"), WHOLE),
        **dict.fromkeys(("marked_at", "due_at"), MOMENT),
        "delivered_at": NULLABLE_MOMENT,
    }
    return _object({"waiting": {"type": "array", "items": _object(row)}})


def _order() -> dict[str, Any]:
    figures = dict.fromkeys(("consumed", "closing", "ordered"), NULLABLE_PACKS)
    lines = {"type": "array", "items": _object({"item": TEXT, "name": TEXT, **figures})}
    ordered = {"type": "object", "additionalProperties": PACKS}
    moments = dict.fromkeys(("asked_at", "completed_at"), NULLABLE_MOMENT)
    return _object({"unit": TEXT, "month": MONTH, "lines": lines, "ordered": ordered, **moments})


def _asked() -> dict[str, Any]:
    return _object({"id": {"type": "integer"}, "status": TEXT})


def _fixed() -> dict[str, Any]:
    change = _object({**dict.fromkeys(("path", "name", "property"), TEXT), "before": {}, "after": {}})
    told = {"id": {"type": "integer"}, **dict.fromkeys(("status", "problem", "remedy", "fix"), TEXT)}
    return _object({**told, "changes": {"type": "array", "items": change}})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _body(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _of(
    name: str,
    summary: str,
    schema: dict[str, Any],
    parameters: list[dict[str, Any]] | None = None,
    status: str = "200",
) -> dict[str, Any]:
    answer = {"description": "What was asked for.", "content": {"application/json": {"schema": schema}}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {status: answer, **REFUSALS, **UNDECIDED},
    }


def _parameter(name: str, place: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": place, "description": text, "required": False, "schema": {"type": "string"}}
