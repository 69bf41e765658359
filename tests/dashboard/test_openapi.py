"""The description of the interface: every route, every parameter, every answer."""

import re

from dashboard.api import openapi
from dashboard.api.compare import PARAMETERS

PATH = "/api/v1/compare"


TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def fits(value, schema, document):
    """As much of JSON Schema as our document uses."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if "enum" in schema:
        assert value in schema["enum"]
    if "type" in schema:
        allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        kinds = tuple(type(None) if kind == "null" else TYPES[kind] for kind in allowed)
        assert any(isinstance(value, kind) for kind in kinds), (value, schema)
    for name in schema.get("required", []):
        assert name in value
    for name, part in schema.get("properties", {}).items():
        fits(value[name], part, document)
    for each in value if isinstance(value, list) else []:
        fits(each, schema["items"], document)


def test_every_route_of_the_api_is_described_and_nothing_else(web, site):
    described = set(openapi.description(site.country)["paths"])
    rules = {re.sub(r"<(\w+)>", r"{\1}", rule.rule) for rule in web.url_map.iter_rules()}
    served = {rule for rule in rules if rule.startswith("/api/v1/")} | {"/healthz", "/readyz"}
    assert described == served


def test_the_description_names_every_parameter_that_is_read(site):
    described = openapi.description(site.country)["paths"][PATH]["get"]["parameters"]
    assert tuple(each["name"] for each in described) == PARAMETERS


def test_the_answers_are_as_described(site, browsers):
    nation, (first, last) = site.figures.holding().units.iloc[0]["id"], site.months
    asked = f"unit={nation}&pair={site.pair}&from={first}&to={last}&children=true"
    body = browsers["admin"].get(f"{PATH}?{asked}").json
    document = browsers["admin"].get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    fits(body, {"$ref": "#/components/schemas/Comparison"}, document)
    fits(browsers["admin"].get(PATH).json, {"$ref": "#/components/schemas/Problem"}, document)
