"""The part of the OpenAPI document about what is made for whoever asks: briefs and monthly reports."""

from typing import Any

from dashboard.i18n import LANGUAGES

PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
REFUSED = {"401": {"description": "Nobody is logged in, or the token opens nothing.", **PROBLEM}}
NOT_YOURS = {
    "403": {"description": "It is not, or no longer, yours to see.", **PROBLEM},
    "404": {"description": "There is none of yours, or its day is over.", **PROBLEM},
}
PDF = {"type": "string", "format": "binary"}
BRIEF = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "status": {"enum": ["queued", "running", "done", "failed", "cancelled"]},
        "done": {"type": "integer"},
        "total": {"type": "integer"},
        "note": {"type": "string", "description": "What is being done."},
        "problem": {"type": "string"},
        "remedy": {"type": "string"},
        "file": {"type": ["string", "null"], "description": "Where the file is, once it is there."},
    },
}
REPORT = {
    "type": "object",
    "properties": BRIEF["properties"] | {"format": {"enum": ["pdf", "xlsx", "zip"]}},  # type: ignore[operator]
}


def paths() -> dict[str, Any]:
    """The paths, by address."""
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/api/v1/briefs": {"post": _ask()},
        "/api/v1/briefs/{number}": {
            "parameters": [number],
            "get": _of_brief("brief", "How far one's brief is", "application/json", BRIEF),
            "delete": _of_brief("brief_off", "Call one's brief off", "application/json", BRIEF),
        },
        "/api/v1/briefs/{number}/file": {
            "parameters": [number],
            "get": _of_brief("brief_file", "One's brief, for a day", "application/pdf", PDF),
        },
        "/api/v1/reports": {"post": _ask_report()},
        "/api/v1/reports/{number}": {
            "parameters": [number],
            "get": _of_brief("report", "How far one's report is", "application/json", REPORT),
            "delete": _of_brief("report_off", "Call one's report off", "application/json", REPORT),
        },
        "/api/v1/reports/{number}/file": {
            "parameters": [number],
            "get": _of_brief("report_file", "One's report, for a day", "application/octet-stream", PDF),
        },
    }


def _ask_report() -> dict[str, Any]:
    properties = {
        "unit": {"type": "string", "description": "Id or code of a unit."},
        "month": {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
        "format": {"enum": ["pdf", "xlsx", "zip"], "description": "zip: every district, both languages."},
        "language": {"enum": list(LANGUAGES)},
    }
    schema = {"type": "object", "properties": properties, "required": ["unit"]}
    bad = {"400": {"description": "It names no unit, or too many of yours wait.", **PROBLEM}}
    well = {"description": "It is asked for.", "content": {"application/json": {"schema": REPORT}}}
    return {
        "operationId": "report_ask",
        "summary": "Ask for the monthly stock report of a place",
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"202": well, **bad, **REFUSED, **NOT_YOURS},
    }


def _ask() -> dict[str, Any]:
    properties = {
        "search": {"type": "string", "description": "The query of a Compare address: ?unit=…&pair=…&from=…"},
        "language": {"enum": list(LANGUAGES)},
    }
    schema = {"type": "object", "properties": properties, "required": ["search"]}
    bad = {"400": {"description": "It names no view, or too many of yours wait.", **PROBLEM}}
    well = {"description": "It is asked for.", "content": {"application/json": {"schema": BRIEF}}}
    return {
        "operationId": "brief_ask",
        "summary": "Ask for a PDF brief of a programme in a place",
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"202": well, **bad, **REFUSED, **NOT_YOURS},
    }


def _of_brief(name: str, summary: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    well = {"description": "What was asked for.", "content": {kind: {"schema": schema}}}
    return {"operationId": name, "summary": summary, "responses": {"200": well, **REFUSED, **NOT_YOURS}}
