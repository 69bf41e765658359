"""The part of the OpenAPI document about remarks and tips."""

from typing import Any

from countries import Country
from ledger.words import KINDS

REMARK: dict[str, dict[str, Any]] = {
    "id": {"type": "string"},
    "revision": {"type": "integer"},
    "unit": {"type": "string", "description": "The unit's id in DHIS2."},
    "pair": {"type": "string", "description": "The id of a pair; empty when it concerns every pair."},
    "month": {"type": "string", "description": "As 2019-03."},
    "kind": {"enum": list(KINDS)},
    "text": {"type": "string", "maxLength": 500},
    "withdrawn": {"type": "boolean"},
    "author": {"type": "string"},
    "written_at": {"type": "string", "format": "date-time"},
}
PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
REFUSALS: dict[str, Any] = {
    "400": {"description": "Something is missing or cannot be read.", **PROBLEM},
    "401": {"description": "Nobody is logged in, or the token opens nothing.", **PROBLEM},
    "403": {"description": "It is not yours to read or to change.", **PROBLEM},
    "404": {"description": "There is none that you may know of.", **PROBLEM},
}
STALE = {"409": {"description": "Somebody changed it meanwhile.", **PROBLEM}}


def paths(country: Country) -> dict[str, Any]:
    """The paths of remarks and tips, by address."""
    return {
        "/api/v1/remarks": {
            "parameters": [],
            "get": _operation("remarks", "The remarks on a unit and on those above it", _asked(country)),
            "post": _operation(
                "remark_add", "Leave a remark", body=("unit", "month", "kind", "text", "pair")
            ),
        },
        "/api/v1/remarks/{number}": {
            "parameters": [_parameter("number", "path", {"type": "string"})],
            "get": _operation("remark_history", "Every revision of a remark, newest first"),
            "patch": _operation(
                "remark_revise",
                "Say a remark otherwise; without a text it is withdrawn",
                body=("revision", "text"),
            ),
        },
        "/api/v1/tips/{pair}": {
            "parameters": [_parameter("pair", "path", {"enum": list(country.pairs)})],
            "get": _operation("tip", "How to interpret a pair, with its history", [_language(country)]),
            "put": _operation("tip_write", "Write a pair's tip anew", body=("language", "text", "revision")),
        },
    }


def schema() -> dict[str, Any]:
    """What a remark looks like."""
    return {"type": "object", "properties": REMARK, "required": list(REMARK)}


def _asked(country: Country) -> list[dict[str, Any]]:
    return [
        _parameter("unit", "query", {"type": "string"}),
        _parameter("pair", "query", {"enum": list(country.pairs)}),
    ]


def _language(country: Country) -> dict[str, Any]:
    return {**_parameter("lang", "query", {"enum": list(country.languages)}), "required": False}


def _parameter(name: str, place: str, wanted: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "schema": wanted}


def _operation(
    name: str, summary: str, parameters: list[dict[str, Any]] | None = None, body: tuple[str, ...] = ()
) -> dict[str, Any]:
    well = {"201" if name == "remark_add" else "200": {"description": "What was asked for, as JSON."}}
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {**well, **REFUSALS, **(STALE if body else {})},
    }
    if body:
        types = {"revision": {"type": "integer"}}
        properties = {each: types.get(each, {"type": "string"}) for each in body}
        content = {"application/json": {"schema": {"type": "object", "properties": properties}}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation
