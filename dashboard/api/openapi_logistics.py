"""The part of the OpenAPI document about the indicators, and about transfers between stores."""

from collections.abc import Mapping
from typing import Any

from countries import Country
from dashboard.api.openapi_story import MONTH, answers, parameter
from dashboard.i18n import LANGUAGES
from dashboard.programme import programmes
from dashboard.questions import GRAINS
from indicators.logistics import INDICATORS

NUMBER = {"type": ["number", "null"]}
COUNT, TEXT = {"type": "integer"}, {"type": "string"}
ROW: Mapping[str, dict[str, Any]] = {
    "unit_id": {"type": "string", "description": "The unit's id in DHIS2."},
    "unit_code": {"type": ["string", "null"]},
    "unit_name": TEXT,
    "level": {"type": "integer", "description": "1 is the nation."},
    "period": {"type": "string", "description": "2019-01, 2019-Q1, 2019-S1, 2019, 2019-06/2019-08."},
    "indicator": {"enum": list(INDICATORS)},
    "item": {
        "type": "string",
        "description": "A product's code, or the id of a family, a set of tracers, a coverage.",
    },
    "value": {**NUMBER, "description": "null when it is not known; shares are of 1."},
    "unit": {"enum": sorted({each.unit for each in INDICATORS.values()})},
    "state": {"enum": ["reported", "zero", "missing", "not_applicable", "imputed"]},
    "numerator": {**NUMBER, "description": "A district's is the sum of its facilities'."},
    "denominator": {**NUMBER, "description": "Of an amount: how many reports or places it is of."},
    "n_reported": COUNT,
    "n_expected": {"type": "integer", "description": "0 where the product is not carried."},
    "imputed_share": {"type": "number", "minimum": 0, "maximum": 1},
    "source": TEXT,
    "as_of": {"type": "string", "format": "date-time"},
}
TRANSFER: Mapping[str, dict[str, Any]] = {
    "item": {"type": "string", "description": "The product's code."},
    "donor": {"type": "string", "description": "The id of the store that gives."},
    "receiver": TEXT,
    "quantity": {"type": "number", "description": "Dispensing units."},
    "packs": COUNT,
    "same_district": {"type": "boolean"},
    "kilometres": {**NUMBER, "description": "As the crow flies; null where a position is not known."},
    "donor_before": {**NUMBER, "description": "Months of stock before all transfers."},
    "donor_after": NUMBER,
    "receiver_before": NUMBER,
    "receiver_after": {**NUMBER, "description": "Months of stock once all transfers to it are made."},
    "expiry_known": {"type": "boolean"},
    "givers": {**COUNT, "description": "How many stores give the product to the same receiver."},
    "item_name": TEXT,
    "donor_name": TEXT,
    "donor_district": TEXT,
    "receiver_name": TEXT,
    "receiver_district": TEXT,
}
UNHELPED: Mapping[str, dict[str, Any]] = {
    "place": {"type": "string", "description": "The id of a store that is out and that no transfer helps."},
    "name": TEXT,
    "used": {
        "type": "boolean",
        "description": "Whether it consumed any of late; else its need is not known.",
    },
    "items": {"type": "array", "items": TEXT, "description": "The products that it is out of, by name."},
}


def paths(country: Country) -> dict[str, Any]:
    """The paths, by address."""
    return {
        "/api/v1/indicators": {"get": _indicators(country)},
        "/api/v1/transfers": {"get": _transfers(country)},
    }


def _indicators(country: Country) -> dict[str, Any]:
    month = {"type": "string", "pattern": MONTH}
    items = [*country.families, *(each.id for each in country.tracers), *country.coverage]
    properties = _about() | {"rows": _rows(ROW), "left_out": {"type": "array", "items": {"type": "object"}}}
    return {
        "operationId": "indicators",
        "summary": "An indicator of a unit and its children, by product, family or set of tracers",
        "parameters": [
            parameter("id", "The indicator.", {"enum": list(INDICATORS)}) | {"required": True},
            parameter("unit", "Id or code of a unit.", TEXT) | {"required": True},
            parameter("from", "The first month, as 2019-01.", month),
            parameter("to", "The last month.", month),
            parameter("grain", "What a period is.", {"enum": list(GRAINS), "default": "month"}),
            parameter("children", "Whether the units below follow.", {"type": "boolean", "default": False}),
            parameter("group", "Id or name of a group of units.", TEXT),
            parameter("item", f"Codes of products, separated by commas, or of: {', '.join(items)}.", TEXT),
            parameter("format", "JSON, CSV or Excel.", {"enum": ["json", "csv", "xlsx"], "default": "json"}),
            parameter("lang", "The language of messages.", {"enum": list(LANGUAGES)}),
        ],
        "responses": answers({"type": "object", "properties": properties, "required": list(properties)}),
    }


def _transfers(country: Country) -> dict[str, Any]:
    month = {"type": "string", "pattern": MONTH}
    properties = _about() | {
        "month": {"type": "integer", "description": "YYYYMM."},
        "stores": {"type": "integer", "description": "Stocks of a product that were looked at."},
        "unknown": {"type": "integer", "description": "How many reported no stock or used nothing of late."},
        "transfers": _rows(TRANSFER),
        "unhelped": _rows(UNHELPED),
    }
    return {
        "operationId": "transfers",
        "summary": "What stores of a unit could give to each other: a proposal from the stocks reported",
        "parameters": [
            parameter("unit", "Id or code of a unit of one's own.", TEXT) | {"required": True},
            parameter("programme", "The programme.", {"enum": list(programmes(country))}),
            parameter("month", "The month, as 2019-01; the newest that is known well enough.", month),
            parameter("format", "JSON or CSV.", {"enum": ["json", "csv"], "default": "json"}),
            parameter("lang", "The language of names.", {"enum": list(LANGUAGES)}),
        ],
        "responses": answers({"type": "object", "properties": properties, "required": list(properties)}),
    }


def _about() -> dict[str, dict[str, Any]]:
    return {"version": COUNT, "as_of": {"type": "string", "format": "date-time"}}


def _rows(columns: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    row = {"type": "object", "properties": dict(columns), "required": list(columns)}
    return {"type": "array", "items": row}
