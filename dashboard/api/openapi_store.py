"""The part of the OpenAPI document about the stores: movements, reference data, neighbours."""

from dataclasses import fields
from typing import Any

from ledger.figures import MonthFigures
from ledger.movement_form import LONGEST, MOST_PACKS
from ledger.movements import ACCEPTED, CONFLICT, DUPLICATE, REJECTED
from ledger.places import KINDS

PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
REFUSALS: dict[str, Any] = {
    "400": {"description": "Something is missing or cannot be read.", **PROBLEM},
    "401": {"description": "Nobody is logged in, or the token opens nothing.", **PROBLEM},
    "403": {"description": "The unit is not yours to see.", **PROBLEM},
    "404": {"description": "There is no such unit, or it keeps no store.", **PROBLEM},
    "503": {"description": "The stores' form was not synced yet.", **PROBLEM},
}
UUID = {"type": "string", "format": "uuid"}
MOMENT = {"type": "string", "format": "date-time"}
PACKS = {"type": "integer", "minimum": 0, "maximum": MOST_PACKS}
TEXT = {"type": "string"}
_TEXTS = ("lot", "given_by", "reason", "document")


def paths() -> dict[str, Any]:
    """The paths of the stores, by address."""
    unit = _parameter("unit", "path", "The id or code of a unit that keeps a store.")
    since = _parameter("since", "query", "The version that one has: only what changed since is told.", False)
    item = _parameter("item", "query", "The id or code of a commodity.")
    nearby = "Which stores nearby hold a commodity, and how much of it they could spare"
    return {
        "/api/v1/movements": {"post": _movements()},
        "/api/v1/store": {"get": _get("stores", "The stores that you may look at", "Stores")},
        "/api/v1/store/{unit}": {
            "parameters": [unit],
            "get": _get("store", "What a store's desk needs, whole or what changed", "Store", [since]),
        },
        "/api/v1/store/{unit}/movements": {
            "parameters": [unit],
            "get": _get("store_movements", "A store's movements, newest first", "History", _filters()),
        },
        "/api/v1/store/{unit}/figures": {
            "parameters": [unit],
            "get": _get("store_figures", "A store's months, item by item", "Figures", _months()),
        },
        "/api/v1/store/{unit}/neighbours": {
            "parameters": [unit],
            "get": _get("store_neighbours", nearby, "Neighbours", [item]),
        },
    }


def schemas() -> dict[str, Any]:
    """What travels, by name."""
    return {
        "Movement": _movement(),
        "MovementResult": _result(),
        "Stores": _listed(
            "stores", ("id", "code", "name", "path_names", "writes"), person={"type": "object"}
        ),
        "Store": _store(),
        "History": _listed(
            "movements",
            ("id", "kind", "item", "item_name", "packs", "delta", "recipient", "department", "day"),
            next={"type": ["string", "null"], "description": "Where the next page begins: as `before`."},
        ),
        "Figures": _listed("figures", tuple(each.name for each in fields(MonthFigures))),
        "Neighbours": _listed(
            "neighbours",
            (
                "unit",
                "name",
                "same_parent",
                "balance",
                "months_of_stock",
                "spare",
                "km",
                "telephone",
                "contact",
                "of_form",
                "as_of",
            ),
            item=TEXT,
        ),
    }


def _filters() -> list[dict[str, Any]]:
    told = {
        "item": "Ids or codes of commodities, with commas between.",
        "kind": "Kinds of movements, with commas between.",
        "from": "The first day, as 2026-03-14.",
        "to": "The last day.",
        "recipient": "Id of who collected or gave back.",
        "text": "Words in names of people and departments, in lot, document or reason.",
        "before": "Where the page before ended: its `next`.",
        "limit": "How many at most; 100 when left out.",
    }
    return [_parameter(name, "query", text, False) for name, text in told.items()]


def _months() -> list[dict[str, Any]]:
    told = {"from": "The first month, as 2026-03; by default the last.", "to": "By default the present one."}
    return [_parameter(name, "query", text, False) for name, text in told.items()]


def _movements() -> dict[str, Any]:
    batch = _object(
        {
            "device": {"type": "string", "maxLength": 64, "description": "The name the device gave itself."},
            "device_now": {**MOMENT, "description": "Its clock when it sends; corrects a wrong one."},
            "movements": {
                "type": "array",
                "maxItems": 5_000,
                "items": {"$ref": "#/components/schemas/Movement"},
            },
        },
        ("device", "movements"),
    )
    results = {"type": "array", "items": {"$ref": "#/components/schemas/MovementResult"}}
    answer = _json("One result for each movement, in order.", _object({"results": results}, ("results",)))
    too_large = {"description": "The body is larger than 1 MB; send fewer at a time.", **PROBLEM}
    kept = {name: REFUSALS[name] for name in ("400", "401", "503")}
    return {
        "operationId": "movements",
        "summary": "Record movements: each judged alone, once, with the same answer when sent again",
        "requestBody": {"required": True, "content": {"application/json": {"schema": batch}}},
        "responses": {"200": answer, **kept, "413": too_large},
    }


def _movement() -> dict[str, Any]:
    recipient = _object({"id": UUID, "name": TEXT, "department": TEXT}, ())
    texts = {name: {"type": "string", "maxLength": most} for name, most in LONGEST.items() if name in _TEXTS}
    return _object(
        {
            "id": {**UUID, "description": "Made on the device."},
            "seq": {"type": "integer", "minimum": 0, "description": "Its place in the device's own order."},
            "kind": {"enum": list(KINDS)},
            "unit": {"type": "string", "description": "The id or code of the store's unit."},
            "item": {"type": "string", "description": "The id or code of the commodity; not of a reversal."},
            "packs": {**PACKS, "description": "Of a count, how many there are; not of a reversal."},
            "asked": {**PACKS, "description": "How many were asked for."},
            "expiry": {"type": "string", "format": "date"},
            **texts,
            "recipient": {**recipient, "description": "Who collects: known by id, or learned by name."},
            "reverses": {**UUID, "description": "Of a reversal, the movement that it undoes."},
            "partner": {"type": "string", "description": "Of a transfer, the unit at its other end."},
            "transfer": {**UUID, "description": "Of a receipt or loss of a transfer: its sending's id."},
            "occurred_at": {**MOMENT, "description": "With its offset from UTC, by the device's clock."},
            "typed": {"type": "boolean", "description": "A person typed the time: it is not corrected."},
        },
        ("id", "seq", "kind", "unit", "occurred_at"),
    )


def _result() -> dict[str, Any]:
    problem = _object(
        {"code": TEXT, "where": TEXT, "what": TEXT, "remedy": TEXT, "retry": {"type": "boolean"}},
        ("code", "where", "what", "remedy", "retry"),
    )
    return _object(
        {
            "id": {"description": "As it was sent."},
            "status": {"enum": [ACCEPTED, DUPLICATE, CONFLICT, REJECTED]},
            "balance": {"type": ["integer", "null"], "description": "Of the item, after it."},
            "flags": {"type": "array", "items": TEXT, "description": "What is worth a second look."},
            "problem": {"anyOf": [problem, {"type": "null"}]},
        },
        ("id", "status", "balance", "flags", "problem"),
    )


def _store() -> dict[str, Any]:
    lists = ("items", "recipients", "departments", "open_transfers", "differences")
    kept = "Absent where it is as it was at the version that the asker has."
    return _object(
        {
            "version": TEXT,
            "full": {"type": "boolean", "description": "Whether all is told, or only what changed."},
            "unit": {"type": "object", "description": kept},
            "next_delivery": {"type": ["string", "null"], "format": "date", "description": kept},
            "opening": {
                "type": ["object", "null"],
                "description": f"How far the first balances are. {kept}",
            },
            "codes": {
                "type": "array",
                "items": {"type": "object"},
                "description": f"Which item (`item`) a product's code (`id`) means here. {kept}",
            },
            **{name: {"type": "array", "items": {"type": "object"}} for name in lists[:2]},
            **{
                name: {"type": "array", "items": {"type": "object"}, "description": kept}
                for name in lists[2:]
            },
        },
        ("version", "full", *lists[:2]),
    )


def _listed(name: str, columns: tuple[str, ...], **more: dict[str, Any]) -> dict[str, Any]:
    row = {"type": "object", "required": list(columns)}
    return _object({name: {"type": "array", "items": row}, **more}, (name, *more))


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _get(
    name: str, summary: str, schema: str, parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    answer = _json("What was asked for.", {"$ref": f"#/components/schemas/{schema}"})
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {"200": answer, **REFUSALS},
    }


def _parameter(name: str, place: str, text: str, required: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "description": text,
        "required": required,
        "schema": {"type": "string"},
    }


def _json(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}
