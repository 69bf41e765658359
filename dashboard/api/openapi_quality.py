"""The part of the OpenAPI document about data quality."""

from collections.abc import Mapping
from typing import Any

from countries import Country
from dashboard.api.openapi_story import MONTH, answers, parameter
from dashboard.i18n import LANGUAGES
from indicators.quality import RULES
from indicators.quality_review import DIMENSIONS

NUMBER: dict[str, Any] = {"type": ["number", "null"]}
TEXT: dict[str, Any] = {"type": "string"}
COUNT: dict[str, Any] = {"type": "integer"}
UNIT: Mapping[str, dict[str, Any]] = {
    "unit_id": {"type": "string", "description": "The unit's id in DHIS2."},
    "unit_code": {"type": ["string", "null"]},
    "unit_name": TEXT,
}
REVIEW: Mapping[str, dict[str, Any]] = {
    **UNIT,
    "level": {"type": "integer", "description": "1 is the nation."},
    "from": TEXT,
    "to": TEXT,
    "form": {"type": "string", "description": "Empty for all forms together."},
    "dimension": {"enum": list(DIMENSIONS)},
    "value": {**NUMBER, "description": "Share of the checks that held; null where none could be made."},
    "class": {"enum": ["good", "watch", "poor", "unknown"]},
    "held": {"type": "integer", "description": "Checks that held."},
    "checked": {"type": "integer", "description": "Checks that could be made."},
    "as_of": {"type": "string", "format": "date-time"},
}
FINDING: Mapping[str, dict[str, Any]] = {
    **UNIT,
    "form": TEXT,
    "item": {"type": "string", "description": "Code; empty where a whole form or facility is meant."},
    "item_name": TEXT,
    "measure": TEXT,
    "month": {"type": "string", "description": "The first month of the report."},
    "months": {"type": "integer", "description": "How many months the report covers."},
    "rule": {"enum": list(RULES)},
    "rule_name": TEXT,
    "severity": {"enum": ["high", "medium", "low"]},
    "value": {**NUMBER, "description": "What was reported."},
    "expected": {**NUMBER, "description": "What it would have to be, or usually is."},
    "second": {**NUMBER, "description": "Another figure of the sentence."},
    "since": {"type": "string", "description": "The first month of a run."},
    "other": {"type": "string", "description": "Another unit or item, or the pair."},
    "says": {"type": "string", "description": "The finding in one sentence."},
    "check": {"type": "string", "description": "What to look at first."},
}
PLACE: Mapping[str, dict[str, Any]] = {
    **UNIT,
    "level": COUNT,
    "parent_id": TEXT,
    "parent_name": TEXT,
    "from": TEXT,
    "to": TEXT,
    **dict.fromkeys(("high", "medium", "low"), COUNT | {"description": "Findings of this severity."}),
    "findings": {"type": "integer", "description": "All of them."},
    "gravest_rule": {"enum": list(RULES), "description": "Of the gravest rules the one that found most."},
    "gravest_rule_name": TEXT,
}


def paths(_: Country) -> dict[str, Any]:
    """The paths, by address."""
    month = {"type": "string", "pattern": MONTH}
    row = {
        "anyOf": [
            {"type": "object", "properties": dict(columns), "required": list(columns)}
            for columns in (REVIEW, FINDING, PLACE)
        ]
    }
    properties = {
        "version": COUNT,
        "as_of": {"type": "string", "format": "date-time"},
        "left_out": {"type": "array", "items": {"type": "object"}},
        "rows": {"type": "array", "items": row},
    }
    said = {
        "operationId": "quality",
        "summary": "The review of data quality of a unit and those below it, or what rules found and where",
        "parameters": [
            parameter("unit", "Id or code of a unit.", TEXT) | {"required": True},
            parameter("from", "The first month, as 2019-01; the last one where it is left out.", month),
            parameter("to", "The last month; the newest that is known well enough.", month),
            parameter("form", "Key of a form; all that one may read where it is left out.", TEXT),
            parameter("children", "Whether the units below follow.", {"type": "boolean", "default": False}),
            parameter(
                "part", "What to answer.", {"enum": ["review", "findings", "places"], "default": "review"}
            ),
            parameter("format", "JSON, CSV or Excel.", {"enum": ["json", "csv", "xlsx"], "default": "json"}),
            parameter("lang", "The language of sentences and messages.", {"enum": list(LANGUAGES)}),
        ],
        "responses": answers({"type": "object", "properties": properties, "required": list(properties)}),
    }
    return {"/api/v1/quality": {"get": said}}
