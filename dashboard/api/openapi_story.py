"""The part of the OpenAPI document about whose movement a change is, and the raw values of a place."""

from typing import Any

from countries import Country
from dashboard.i18n import LANGUAGES
from dashboard.questions import GRAINS
from indicators import attribution

VERDICTS = (
    attribution.ONE_PLACE,
    attribution.AREA_WIDE,
    attribution.MIXED,
    attribution.REPORTING_CHANGED,
    attribution.OFFSETTING,
    attribution.NO_CHANGE,
    attribution.NO_REFERENCE,
)
PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
REFUSALS = {
    "400": "A parameter is missing, unknown or cannot be read.",
    "401": "Nobody is logged in, or the token opens nothing.",
    "403": "The unit or the pair's data is not yours to see.",
    "404": "There is no such unit or pair.",
    "503": "Nothing was synced yet.",
}
MONTH = r"^\d{4}-\d{2}$"
NUMBER, TEXT = {"type": "number"}, {"type": "string"}
MAYBE = {"type": ["string", "null"]}
PART: dict[str, dict[str, Any]] = {
    "part": {"enum": ["child", "itself", "others", "reporting_changed"]},
    "unit_id": MAYBE,
    "unit_code": MAYBE,
    "unit_name": MAYBE,
    "change": NUMBER,
    "share": {"type": ["number", "null"], "description": "Of the whole change; all shares add up to 1."},
    "percent": {"type": ["integer", "null"], "description": "Whole percents that add up to 100."},
    "reporters": {"type": ["integer", "null"], "description": "How many reported in both periods."},
}
CHANGE: dict[str, dict[str, Any]] = {
    "version": {"type": "integer"},
    "as_of": {"type": "string", "format": "date-time"},
    "side": {"enum": ["service", "commodity"]},
    "measure": TEXT,
    "month": {"type": "string", "description": "The last month of the period, as 2019-03."},
    "reference": {"enum": ["year_before", "twelve_months", "none"]},
    "before": NUMBER,
    "after": NUMBER,
    "change": {"type": "number", "description": "After less before: the sum of all parts."},
    "verdict": {"enum": list(VERDICTS)},
    "began": {"type": "integer"},
    "silent": {"type": "integer"},
    "parts": {
        "type": "array",
        "items": {"type": "object", "properties": PART, "required": list(PART)},
    },
}


def paths(country: Country) -> dict[str, Any]:
    """The paths, by address."""
    return {
        "/api/v1/compare/change": {"get": _change(country)},
        "/api/v1/compare/reported": {"get": _reported(country)},
    }


def _reported(country: Country) -> dict[str, Any]:
    rows = {"type": "array", "items": {"type": "object"}}
    about = {name: CHANGE[name] for name in ("version", "as_of")}
    properties = about | {
        "values": rows
        | {"description": "As stored: element, what it is `called` here, value, who stored it and when."},
        "reports": rows | {"description": "Reports that are in: declared complete by whom, when, on time."},
        "aside": rows | {"description": "What was sent but does not count, why, and what to do."},
    }
    month = {"type": "string", "pattern": MONTH}
    known = {each["name"]: each for each in asked_place(country)}
    return {
        "operationId": "compare_reported",
        "summary": "The raw values that a unit itself reported",
        "parameters": [
            known["unit"],
            known["pair"],
            parameter("from", "The first month, as 2019-01.", month),
            parameter("to", "The last month.", month),
            known["format"],
            parameter("lang", "The language of reasons.", {"enum": list(LANGUAGES)}),
        ],
        "responses": answers({"type": "object", "properties": properties, "required": list(properties)}),
    }


def _change(country: Country) -> dict[str, Any]:
    schema = {"type": "object", "properties": CHANGE, "required": list(CHANGE)}
    return {
        "operationId": "compare_change",
        "summary": "Whose movement a change is: its parts by child, against a year before or a year's median",
        "parameters": [*asked_place(country), *_asked()],
        "responses": answers(schema),
    }


def answers(schema: dict[str, Any]) -> dict[str, Any]:
    """The answers of a route that gives JSON or CSV."""
    content = {"application/json": {"schema": schema}, "text/csv": {"schema": TEXT}}
    refusals = {status: {"description": text, **PROBLEM} for status, text in REFUSALS.items()}
    return {"200": {"description": "The parts.", "content": content}, **refusals}


def asked_place(country: Country) -> list[dict[str, Any]]:
    """The parameters that name the unit, the pair, the month and the format."""
    month = {"type": "string", "pattern": MONTH}
    return [
        parameter("unit", "The id or code of a unit.", TEXT) | {"required": True},
        parameter("pair", "The id of a pair.", {"enum": list(country.pairs)}) | {"required": True},
        parameter("month", "Any month of the period; by default the last of the data.", month),
        parameter("format", "JSON or CSV.", {"enum": ["json", "csv"], "default": "json"}),
    ]


def _asked() -> list[dict[str, Any]]:
    sides = {"enum": ["service", "commodity"], "default": "commodity"}
    return [
        parameter("side", "Services or consumption.", sides),
        parameter(
            "grain", "The length of the period; windows end with the month.",
            {"enum": list(GRAINS), "default": "month"},
        ),
        parameter("group", "The id or name of a group of units; only they count.", TEXT),
    ]  # fmt: skip


def parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter of the query."""
    return {"name": name, "in": "query", "description": text, "required": False, "schema": schema}
