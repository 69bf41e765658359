"""`GET /api/v1/definitions`: what every figure means, as JSON, as CSV and as indicators of DHIS2.

`/api/v1/definitions/ID` answers one of them, `/api/v1/definitions/examples` works them out with the figures
of a unit that the asker may see.
"""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import pandas as pd
from flask import Flask, Response, jsonify, request

from accounts import Person, current
from accounts.guard import problem
from accounts.scope import Scope
from dashboard import i18n, own_indicators
from dashboard.api.asking import checked, one_of
from dashboard.country_settings import settings_of
from dashboard.definitions import described
from dashboard.dhis2_indicators import metadata
from dashboard.live_examples import LiveExamples
from dashboard.queries import Figures
from dashboard.questions import BadQuestionError, QuestionError, UnknownIndicatorError
from dashboard.refusals import refused
from dashboard.row_files import as_csv
from dashboard.worked import example
from indicators.definitions import ALIASES, BY_ID, Definition

PATH = "/api/v1/definitions"
EXAMPLES = f"{PATH}/examples"
PARAMETERS = ("ids", "format", "lang")
WORKED = ("unit", "item", "lang")
FORMATS = ("json", "csv", "dhis2")
KEPT_SECONDS = 3600


def install(server: Flask, examples: LiveExamples) -> None:
    """Add the routes to the server; the definitions themselves hold no figures.

    Raises:
        TakenNameError: the country gave an indicator of its own a name that is published already.
    """
    figures = examples.figures
    own_indicators.check(figures.country)

    def definitions() -> Response:
        return _answering(lambda person: _answered(figures, request.args, person))

    def definition(name: str) -> Response:
        return _answering(lambda _: _kept(jsonify(_one(figures, name))))

    def live() -> Response:
        return _answering(lambda person: _worked(examples, request.args, person))

    server.add_url_rule(EXAMPLES, "api_definition_examples", live, methods=["GET"])
    server.add_url_rule(PATH, "api_definitions", definitions, methods=["GET"])
    server.add_url_rule(f"{PATH}/<name>", "api_definition", definition, methods=["GET"])


def _answering(make: Any) -> Response:
    person = current()
    if person is None:  # the guard stands before this; a second look costs nothing
        return problem(401, "Nobody is logged in.")
    try:
        answer: Response = make(person)
    except QuestionError as refusal:
        return refused(refusal)
    return answer


def _answered(figures: Figures, parameters: Mapping[str, str], person: Person) -> Response:
    checked(parameters, PARAMETERS, ())
    wanted = one_of(parameters, "format", FORMATS)
    if wanted == "dhis2":
        if parameters.get("ids"):
            raise BadQuestionError("ids", "The file for DHIS2 holds every definition.", "Leave `ids` out.")
        return _file(
            in_dhis2_json(metadata(figures, person.scope)), "application/json", "indicators.dhis2.json"
        )
    found = chosen(published(figures), parameters.get("ids"))
    if wanted == "csv":
        return _file(as_csv(table(found)), "text/csv", "definitions.csv")
    return _kept(jsonify({"language": i18n.language(), "definitions": found}))


def _worked(examples: LiveExamples, parameters: Mapping[str, str], person: Person) -> Response:
    checked(parameters, WORKED, ())
    return jsonify(examples.told(person.scope, parameters.get("unit"), parameters.get("item")))


def published(figures: Figures) -> list[dict[str, Any]]:
    """Every definition in the reader's language, with what the country decides of it; its own ones last."""
    found = [{**said, **_decided(BY_ID[said["id"]], figures)} for said in described()]
    return [*found, *own_indicators.described(figures.country)]


def _decided(definition: Definition, figures: Figures) -> dict[str, Any]:
    return {"settings": settings_of(definition, figures.country), "example": example(definition)}


def chosen(found: Sequence[dict[str, Any]], ids: str | None) -> list[dict[str, Any]]:
    """Some definitions by their ids or other names, in the order in which they are asked for; all without.

    Raises:
        BadQuestionError: there is none of a name.
    """
    if not ids:
        return list(found)
    by_id = {each["id"]: each for each in found}
    names = [name.strip() for name in ids.split(",") if name.strip()]
    for name in names:
        if ALIASES.get(name, name) not in by_id:
            raise BadQuestionError("ids", f"There is no definition {name!r}.", f"One of: {', '.join(by_id)}.")
    return [by_id[ALIASES.get(name, name)] for name in names]


def _one(figures: Figures, name: str) -> dict[str, Any]:
    """One definition by its id or other name.

    Raises:
        UnknownIndicatorError: there is none; ids that are spelt much the same are named.
    """
    by_id = {each["id"]: each for each in published(figures)}
    found = by_id.get(ALIASES.get(name, name))
    if found is None:
        near = [f"{each!r}" for each in get_close_matches(name, by_id, n=3)]
        meant = f"Perhaps {' or '.join(near)} is meant. " if near else ""
        what, all_of_them = f"There is no definition {name!r}.", "All are at /api/v1/definitions."
        raise UnknownIndicatorError("id", what, meant + all_of_them)
    return {"language": i18n.language(), **found}


def table(found: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Definitions as a table, one row each.

    Returns:
        `id, subject, name, description, formula, numerator, denominator, unit, source, is_not, references,
        classes, function, dhis2, dhis2_text`: texts in the reader's language.
    """
    return pd.DataFrame([_row(each) for each in found])


def _row(each: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": each["id"],
        "subject": each["subject"]["name"],
        "name": each["name"],
        "description": each["description"],
        **{field["id"]: field["text"] for field in each["fields"]},
        "references": "; ".join(each["references"]),
        "classes": "; ".join(f"{shade['name']} {shade['colour']}".strip() for shade in each["classes"]),
        "function": f"{each['module']}.{each['function']}".rstrip("."),
        "dhis2": each["dhis2"]["says"],
        "dhis2_text": each["dhis2"]["text"],
    }


def written(figures: Figures, scope: Scope, wanted: str) -> str:
    """The definitions as the text of a file, as whoever has this scope sees them.

    Args:
        figures: what the country configures, and where its figures stand in DHIS2.
        scope: of the asker.
        wanted: one of `FORMATS`.

    Raises:
        QuestionError: DHIS2's indicators are asked for before a sync.
    """
    if wanted == "dhis2":
        return in_dhis2_json(metadata(figures, scope))
    found = published(figures)
    if wanted == "csv":
        return as_csv(table(found))
    return json.dumps({"language": i18n.language(), "definitions": found}, ensure_ascii=False) + "\n"


def in_dhis2_json(found: Mapping[str, Any]) -> str:
    """Metadata of DHIS2 as the text of a file."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _file(content: str, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _kept(response: Response) -> Response:
    response.cache_control.private = True
    response.cache_control.max_age = KEPT_SECONDS
    response.vary.update(("Cookie", "Accept-Language", "Referer"))
    return response
