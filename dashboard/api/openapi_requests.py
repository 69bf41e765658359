"""The part of the OpenAPI document about what stores ask of each other, and what a review of one asks for."""

from typing import Any

from dashboard.api.openapi_store import MOMENT, PACKS, REFUSALS, TEXT, UUID
from dashboard.store_requests import ACTIONS, LONGEST
from indicators.disappearing import CHANCE, FEW, KEEPS, WATCH
from ledger.transfer_requests import ASKED, GRANTED, REFUSED, WAITING, WITHDRAWN

BASE = "/api/v1/store"
NULLABLE = {"type": ["integer", "null"]}
WHOLE = {"type": "integer"}
DAY = {"type": "string", "format": "date"}


def paths() -> dict[str, Any]:
    """The paths, by address."""
    store, number = (
        _in_path("unit", "The id or code of a unit that keeps a store."),
        _in_path("number", "Its id."),
    )
    text = {"type": "string", "maxLength": LONGEST}
    asked = {"id": UUID, "to": TEXT, "item": TEXT, "packs": PACKS, "note": text}
    answer = {"action": {"enum": list(ACTIONS)}, "packs": PACKS, "transfer": UUID, "reason": text}
    unit = {"name": "unit", "in": "query", "description": "A store; all of yours without it.", "schema": TEXT}
    many = _object({"requests": _list(_request()), "approval": {"type": "boolean"}})
    losses, review = (
        "Items that keep disappearing, by the counts of a year",
        "What a review of a store asks for",
    )
    return {
        f"{BASE}/{{unit}}/codes": {"parameters": [store], "get": _links(), "post": _codes()},
        f"{BASE}/{{unit}}/recipients/merge": {"parameters": [store], "post": _merge()},
        f"{BASE}/requests": {
            "get": _told("store_requests", "What stores ask of each other", many) | {"parameters": [unit]}
        },
        f"{BASE}/{{unit}}/requests": {
            "parameters": [store],
            "post": _told("store_ask", "Ask another store for packs", _request())
            | _body(asked, ("id", "to", "item", "packs")),
        },
        f"{BASE}/requests/{{number}}": {
            "parameters": [number],
            "post": _told("store_answer", "Approve, grant, refuse or withdraw a request", _request())
            | _body(answer, ("action",)),
        },
        f"{BASE}/{{unit}}/losses": {
            "parameters": [store],
            "get": _told("store_losses", losses, _losses()),
        },
        f"{BASE}/{{unit}}/review": {
            "parameters": [store],
            "get": _told("store_review", review, _review()),
        },
    }


def _links() -> dict[str, Any]:
    link = {"id": TEXT, "item": TEXT, "item_name": TEXT, "linked_by": TEXT, "linked_at": MOMENT}
    told = _object({"codes": _list(_object(link | {"version": WHOLE, "holds": {"type": "boolean"}}))})
    summary = "Every link of a product's code to an item, with who made it and when; former ones as well"
    return _told("store_links", summary, told)


def _codes() -> dict[str, Any]:
    meant = {"type": "object", "additionalProperties": TEXT, "description": "Id or code of the item by code."}
    wrong = {
        "type": "object",
        "additionalProperties": WHOLE,
        "description": "By code, the version of the link that is wrong; it gives way while it still holds.",
    }
    now = _object({"codes": _list(_object({"id": TEXT, "item": TEXT, "version": WHOLE}))})
    summary = "Say which items codes of products mean at a store; what it knows already stays, unless named"
    return _told("store_codes", summary, now) | _body({"codes": meant, "instead": wrong}, ("codes",))


def _merge() -> dict[str, Any]:
    now = _object({"id": UUID, "gone": {"type": "boolean"}, "merged_into": UUID})
    summary = "Say that two who collect at a store are one person"
    return _told("store_merge", summary, now) | _body({"gone": UUID, "kept": UUID}, ("gone", "kept"))


def _request() -> dict[str, Any]:
    names = ("asker", "giver", "item", "asker_name", "giver_name", "item_name", "note", "reason", "asked_by")
    return _object(
        {
            "id": UUID,
            **dict.fromkeys(names, TEXT),
            "packs": PACKS,
            "granted": NULLABLE,
            "state": {"enum": [WAITING, ASKED, GRANTED, REFUSED, WITHDRAWN]},
            "asked_at": MOMENT,
            "transfer": {"type": ["string", "null"], "description": "Of the movement that sends the packs."},
            **dict.fromkeys(("sent", "received", "lost"), NULLABLE),
            "actions": _list({"enum": list(ACTIONS)}),
        }
    )


def _losses() -> dict[str, Any]:
    counts = dict.fromkeys(("counts", "short", "over", "missing"), WHOLE)
    chance = {"type": "number", "description": "Of at least so many short ones, by the sign test."}
    row = {"item": TEXT, "name": TEXT, **counts, "chance": chance}
    return _object({"items": _list(_object(row | {"verdict": {"enum": [KEEPS, WATCH, CHANCE, FEW]}}))})


def _review() -> dict[str, Any]:
    outs = _object(
        {"item": TEXT, "name": TEXT, "from": DAY, "to": {"type": ["string", "null"]}, "days": WHOLE}
    )
    lists = {"month": _list({"type": "object"}), "stockouts": _list(outs)}
    begins = {"book_begins": {"type": ["string", "null"]}}
    return _object({"today": DAY, **begins, **lists, "discrepancies": _list({"type": "object"})})


def _list(each: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": each}


def _object(properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required or properties)}


def _in_path(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": text, "schema": TEXT}


def _body(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    content = {"application/json": {"schema": _object(properties, required)}}
    return {"requestBody": {"required": True, "content": content}}


def _told(name: str, summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    answer = {"description": "What was asked for.", "content": {"application/json": {"schema": schema}}}
    late = {"409": {"description": "It was answered already.", **_problem()}}
    more = late if name == "store_answer" else {}
    return {"operationId": name, "summary": summary, "responses": {"200": answer, **REFUSALS, **more}}


def _problem() -> dict[str, Any]:
    return {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
