"""`GET /api/v1/openapi.json`: the interface described as OpenAPI 3.1."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify

from accounts.cookies import SESSION
from countries import Country
from dashboard.address import SHAPE
from dashboard.api import (
    openapi_alerts,
    openapi_definitions,
    openapi_deliveries,
    openapi_logistics,
    openapi_quality,
    openapi_requests,
    openapi_store,
    openapi_story,
    openapi_take,
    openapi_words,
)
from dashboard.api.compare import FORMATS, PARTS, WORKBOOK
from dashboard.i18n import LANGUAGES
from dashboard.questions import GRAINS

PATH = "/api/v1/openapi.json"
OWN_PORT = "At another port than 80, 443 and 8050 its name ends with it, as `tandem-8060`."
VERSION = "1.0.0"
STATES = ("reported", "zero", "missing", "not_applicable", "imputed")
SIDES = ("service", "commodity", "service_report")
ROW: Mapping[str, dict[str, Any]] = {
    "unit_id": {"type": "string", "description": "The unit's id in DHIS2."},
    "unit_code": {"type": ["string", "null"], "description": "The unit's code in DHIS2."},
    "unit_name": {"type": "string"},
    "level": {"type": "integer", "description": "1 is the nation."},
    "period": {"type": "string", "description": "2019-01, 2019-Q1, 2019-S1, 2019, 2019-06/2019-08."},
    "side": {"enum": list(SIDES), "description": "service_report: what services say of their own stock."},
    "measure": {
        "type": "string",
        "description": "count, consumed, closing, received, …; ratio where one service uses a fixed dose.",
    },
    "item": {"type": "string", "description": "A product or element code, total, or family:NAME."},
    "value": {"type": ["number", "null"], "description": "null when nothing was reported."},
    "state": {"enum": list(STATES)},
    "n_reported": {
        "type": "integer",
        "description": "Reports received of those expected; of a ratio the places that report both sides.",
    },
    "n_expected": {
        "type": "integer",
        "description": "Reports expected; of a ratio the places that report either side.",
    },
    "imputed_share": {"type": "number", "minimum": 0, "maximum": 1},
    "source": {"type": "string"},
    "as_of": {"type": "string", "format": "date-time"},
    "numerator": {
        "type": ["number", "null"],
        "description": "Of a ratio: units used by the places that report both sides; else null.",
    },
    "denominator": {
        "type": ["number", "null"],
        "description": "Of a ratio: services of the places that report both sides; else null.",
    },
    "pair": {"type": "string", "description": "The id of the pair that the row is of."},
}
PROBLEMS = {
    "400": "A parameter is missing, unknown or cannot be read.",
    "401": "Nobody is logged in, or the token opens nothing.",
    "403": "The unit or the pair's data is not yours to see.",
    "404": "There is no such unit or pair.",
    "503": "Nothing was synced yet.",
}


def install(server: Flask, country: Country) -> None:
    """Add the route to the server."""

    def openapi() -> Response:
        return jsonify(description(country))

    server.add_url_rule(PATH, "api_openapi", openapi, methods=["GET"])


def description(country: Country) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tandem",
            "version": VERSION,
            "description": "Services and supplies side by side, as far as your DHIS2 account may see them.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": _paths(country),
        "components": {
            "schemas": {
                "Definition": openapi_definitions.schema(),
                "Remark": openapi_words.schema(),
                "Row": _row(),
                "Comparison": _comparison(),
                "Problem": _problem(),
                **openapi_store.schemas(),
            },
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Made on the profile page."},
                "session": {"type": "apiKey", "in": "cookie", "name": SESSION, "description": OWN_PORT},
            },
        },
    }


def _paths(country: Country) -> dict[str, Any]:
    return {
        "/api/v1/compare": {"get": _compare(country)},
        **openapi_words.paths(country),
        **openapi_take.paths(),
        **openapi_definitions.paths(),
        **openapi_story.paths(country),
        **openapi_logistics.paths(country),
        **openapi_quality.paths(country),
        **openapi_store.paths(),
        **openapi_deliveries.paths(),
        **openapi_requests.paths(),
        **openapi_alerts.paths(),
        PATH: {"get": _plain("openapi", "This document", {"200": _json("OpenAPI 3.1", {"type": "object"})})},
        "/healthz": {"get": _health("healthz", "Whether the process lives")},
        "/readyz": {
            "get": _health("readyz", "Whether database, disk and snapshot can be used, and the data's age")
        },
    }


def _compare(country: Country) -> dict[str, Any]:
    rows = {
        "description": "The rows.",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Comparison"}},
            "text/csv": {"schema": {"type": "string"}},
            WORKBOOK: {"schema": {"type": "string", "format": "binary"}},
        },
    }
    summary = "Services and commodities of a unit and its children, period by period"
    return {**_plain("compare", summary, {"200": rows, **_refusals()}), "parameters": _parameters(country)}


def _parameters(country: Country) -> list[dict[str, Any]]:
    month = {"type": "string", "pattern": r"^\d{4}-\d{2}$"}
    return [
        _parameter("unit", "The id or code of a unit.", {"type": "string"}, required=True),
        _parameter("pair", "The id of a pair.", {"enum": list(country.pairs)}, required=True),
        _parameter("from", "The first month, as 2019-01; by default the first of the data.", month),
        _parameter("to", "The last month; by default the last of the data.", month),
        _parameter("grain", "The length of a period.", {"enum": list(GRAINS), "default": "month"}),
        _parameter(
            "children", "Whether the units below follow.", {"enum": ["true", "false"], "default": "false"}
        ),
        _parameter("group", "The id or name of a group of units; only they count.", {"type": "string"}),
        *_of_the_answer(),
    ]


def _of_the_answer() -> list[dict[str, Any]]:
    above = "Whether the rows of the unit above that reports the services follow, where the unit has none."
    part = "Of CSV: the rows, or what goes with them (filters, sources, definitions); xlsx has both."
    return [
        _parameter("above", above, {"enum": ["true", "false"], "default": "false"}),
        _parameter("format", "JSON, CSV or an Excel workbook.", {"enum": [*FORMATS], "default": "json"}),
        _parameter("part", part, {"enum": [*PARTS], "default": "rows"}),
        _parameter("lang", "The language of what goes with the rows.", {"enum": list(LANGUAGES)}),
        *_of_the_page(),
    ]


def _of_the_page() -> list[dict[str, Any]]:
    """What the page's address holds besides: a link of the page can be asked for as it is."""
    view = "What is shown below; `pairs` adds the unit's rows of the other pairs of the programme."
    sort = "The order of the workbook's sheet `Shown`; a minus before it turns it round."
    at = "The period looked at, as in `period`: the workbook's sheets `Shown` and `Change` are of it."
    drawn = {"by": "What colours the map.", "scale": "Of small charts.", "show": "Both sides on one scale."}
    return [
        _parameter("at", at, {"type": "string"}),
        _parameter("view", view, {"enum": list(SHAPE["view"])}),
        _parameter("sort", sort, {"type": "string"}),
        *(_parameter(name, f"{text} No rows differ.", {"type": "string"}) for name, text in drawn.items()),
    ]


def _parameter(name: str, text: str, schema: dict[str, Any], required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "required": required, "schema": schema}


def _plain(name: str, summary: str, responses: dict[str, Any]) -> dict[str, Any]:
    return {"operationId": name, "summary": summary, "responses": responses}


def _health(name: str, summary: str) -> dict[str, Any]:
    well = _json("Yes.", {"type": "object"})
    answers = {
        "200": well,
        **({"503": _json("No; which part is not.", {"type": "object"})} if name == "readyz" else {}),
    }
    return {**_plain(name, summary, answers), "security": []}


def _json(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _refusals() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": text, "content": content} for status, text in PROBLEMS.items()}


def _row() -> dict[str, Any]:
    return {"type": "object", "properties": dict(ROW), "required": list(ROW)}


def _comparison() -> dict[str, Any]:
    left_out = {"type": "object", "properties": {"form": {"type": "string"}, "name": {"type": "string"}}}
    properties = {
        "version": {"type": "integer", "description": "The number of the snapshot."},
        "as_of": {"type": "string", "format": "date-time"},
        "totals_only": {
            "type": "boolean",
            "description": "The unit lies above yours: its total, not its children.",
        },
        "left_out": {
            "type": "array",
            "items": left_out,
            "description": "Forms that you may not read in DHIS2.",
        },
        "rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _problem() -> dict[str, Any]:
    error = {name: {"type": "string"} for name in ("where", "what", "remedy")}
    properties = {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": error, "required": list(error)},
        },
    }
    return {"type": "object", "properties": properties, "required": list(properties)}
