"""The part of the OpenAPI document about what is taken away: definitions."""

from typing import Any

from dashboard.i18n import LANGUAGES

PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
REFUSED = {"401": {"description": "Nobody is logged in, or the token opens nothing.", **PROBLEM}}


def paths() -> dict[str, Any]:
    """The paths, by address."""
    return {"/api/v1/definitions": {"get": _definitions()}}


def _definitions() -> dict[str, Any]:
    text = {"type": "string"}
    field = {"type": "object", "properties": {"id": text, "name": text, "text": text}}
    each = dict.fromkeys(("id", "name", "side", "measure", "module"), text)
    fields = {"type": "array", "items": field}
    found = {"type": "array", "items": {"type": "object", "properties": {**each, "fields": fields}}}
    body = {"type": "object", "properties": {"language": text, "definitions": found}}
    well = {
        "description": "Every figure, with its formula.",
        "content": {"application/json": {"schema": body}},
    }
    language = {"name": "lang", "in": "query", "required": False, "schema": {"enum": list(LANGUAGES)}}
    return {
        "operationId": "definitions",
        "summary": "What every figure means: formula, parts, unit, source, and what it is not",
        "parameters": [language],
        "responses": {"200": well, **REFUSED},
    }
