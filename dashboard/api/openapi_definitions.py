"""The part of the OpenAPI document about definitions."""

from typing import Any

from dashboard.api.definitions import FORMATS
from dashboard.i18n import LANGUAGES

PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
REFUSED = {
    "400": {"description": "There is no such definition, format or parameter.", **PROBLEM},
    "401": {"description": "Nobody is logged in, or the token opens nothing.", **PROBLEM},
}
SCOPED = {
    **REFUSED,
    "403": {"description": "The unit is not yours to see.", **PROBLEM},
    "404": {"description": "There is no such unit or definition.", **PROBLEM},
    "503": {"description": "Nothing was synced yet.", **PROBLEM},
}
TEXT = {"type": "string"}
NAMED = {"type": "object", "properties": {"id": TEXT, "name": TEXT}}


def paths() -> dict[str, Any]:
    """The paths, by address."""
    name = {"name": "name", "in": "path", "required": True, "schema": TEXT}
    return {
        "/api/v1/definitions": {"get": _all()},
        "/api/v1/definitions/{name}": {"parameters": [name], "get": _one()},
        "/api/v1/definitions/examples": {"get": _examples()},
    }


def schema() -> dict[str, Any]:
    """One definition."""
    field = {"type": "object", "properties": {"id": TEXT, "name": TEXT, "text": TEXT}}
    shade = {"type": "object", "properties": {"id": TEXT, "name": TEXT, "colour": TEXT, "mark": TEXT}}
    dhis2 = {
        "says": {"type": "boolean", "description": "Whether an indicator of DHIS2 can say it."},
        "text": TEXT,
        "limits": {"type": "array", "items": TEXT},
    }
    words = ("id", "name", "side", "measure", "module", "function", "description", "unit", "href")
    properties = {
        **dict.fromkeys(words, TEXT),
        "subject": NAMED,
        "fields": {"type": "array", "items": field},
        "settings": {"type": "array", "items": TEXT, "description": "What the country decided of it."},
        "example": {"type": ["object", "null"], "description": "A worked example: inputs and result."},
        "references": {"type": "array", "items": TEXT},
        "classes": {"type": "array", "items": shade},
        "dhis2": {"type": "object", "properties": dhis2},
    }
    return {"type": "object", "properties": properties}


def _all() -> dict[str, Any]:
    found = {"type": "array", "items": {"$ref": "#/components/schemas/Definition"}}
    body = {"type": "object", "properties": {"language": TEXT, "definitions": found}}
    content = {"application/json": {"schema": body}, "text/csv": {"schema": TEXT}}
    ids = "Ids, separated by commas: only these, in this order."
    form = "JSON, CSV, or metadata that DHIS2 imports: indicators, indicatorTypes, indicatorGroups."
    return {
        "operationId": "definitions",
        "summary": "What every figure means: formula, parts, unit, source, classes, and what it is not",
        "parameters": [
            _parameter("ids", ids, TEXT),
            _parameter("format", form, {"enum": [*FORMATS], "default": FORMATS[0]}),
            _language(),
        ],
        "responses": {"200": {"description": "The definitions.", "content": content}, **REFUSED},
    }


def _one() -> dict[str, Any]:
    body = {"schema": {"$ref": "#/components/schemas/Definition"}}
    return {
        "operationId": "definition",
        "summary": "What one figure means",
        "parameters": [_language()],
        "responses": {"200": {"description": "It.", "content": {"application/json": body}}, **REFUSED},
    }


def _examples() -> dict[str, Any]:
    body = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "definition_examples",
        "summary": "Every figure worked out for one of your units, product and month, by its parts",
        "parameters": [
            _parameter("unit", "The id or code of a unit; your own where left out.", TEXT),
            _parameter("item", "The code of a product; one with figures where left out.", TEXT),
            _language(),
        ],
        "responses": {"200": {"description": "By id.", "content": body}, **SCOPED},
    }


def _language() -> dict[str, Any]:
    return _parameter("lang", "The language of the words.", {"enum": list(LANGUAGES)})


def _parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "required": False, "schema": schema}
