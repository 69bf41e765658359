"""`GET /api/v1/compare`: the rows behind the Compare page, under the same scope."""

import re
from collections.abc import Mapping

import pandas as pd
from flask import Flask, Response, jsonify, request

from accounts import current
from accounts.guard import problem
from dashboard.api.answers import as_csv, records
from dashboard.queries import Answer, Figures
from dashboard.questions import (
    BadQuestionError,
    NothingSyncedError,
    NotInScopeError,
    Question,
    QuestionError,
    UnknownPairError,
    UnknownUnitError,
)

PATH = "/api/v1/compare"
PARAMETERS = ("unit", "pair", "from", "to", "grain", "children", "group", "format")
FORMATS = ("json", "csv")
STATUSES: tuple[tuple[type[QuestionError], int], ...] = (
    (NotInScopeError, 403),
    (UnknownUnitError, 404),
    (UnknownPairError, 404),
    (NothingSyncedError, 503),
    (BadQuestionError, 400),
)
MONTH = re.compile(r"(\d{4})-(\d{2})")


def install(server: Flask, figures: Figures) -> None:
    """Add the route to the server."""

    def compare() -> Response:
        person = current()
        if person is None:  # the guard stands before this; a second look costs nothing
            return problem(401, "Nobody is logged in.")
        try:
            wanted = wanted_format(request.args)
            answer = figures.compare(asked(request.args), person.scope)
        except QuestionError as refusal:
            return refused(refusal)
        return as_response(answer, figures.rows(answer), wanted)

    server.add_url_rule(PATH, "api_compare", compare, methods=["GET"])


def asked(parameters: Mapping[str, str]) -> Question:
    """The question in a query string, or in the options of `export`.

    Raises:
        BadQuestionError: a parameter is missing, unknown or cannot be read.
    """
    for name in parameters:
        if name not in PARAMETERS:
            raise BadQuestionError(
                name, f"There is no parameter {name!r}.", f"Known: {', '.join(PARAMETERS)}."
            )
    for name in ("unit", "pair"):
        if not parameters.get(name):
            raise BadQuestionError(name, f"The parameter {name!r} is missing.", "Name a unit and a pair.")
    return Question(
        unit=parameters["unit"],
        pair=parameters["pair"],
        first=_month(parameters, "from"),
        last=_month(parameters, "to"),
        grain=parameters.get("grain") or "month",
        children=_yes(parameters, "children"),
        group=parameters.get("group") or None,
    )


def wanted_format(parameters: Mapping[str, str]) -> str:
    """JSON or CSV.

    Raises:
        BadQuestionError: it is neither.
    """
    wanted = parameters.get("format") or "json"
    if wanted not in FORMATS:
        raise BadQuestionError("format", f"There is no format {wanted!r}.", f"One of: {', '.join(FORMATS)}.")
    return wanted


def as_response(answer: Answer, rows: pd.DataFrame, wanted: str) -> Response:
    """An answer's rows as JSON or CSV."""
    if wanted == "csv":
        response = Response(as_csv(rows), mimetype="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="{file_name(answer)}.csv"'
        return response
    body = {
        "version": answer.version,
        "as_of": answer.as_of.isoformat(),
        "totals_only": answer.totals_only,
        "left_out": [{"form": each.form, "name": each.name} for each in answer.left_out],
        "rows": records(rows),
    }
    return jsonify(body)


def file_name(answer: Answer) -> str:
    """A name for a file of these rows, in letters that every system takes."""
    unit = (
        re.sub(r"[^A-Za-z0-9]+", "-", str(answer.units.iloc[0]["name"])).strip("-") or answer.units.index[0]
    )
    return f"{answer.question.pair}-{unit}-{answer.question.first}-{answer.question.last}".lower()


def refused(refusal: QuestionError) -> Response:
    """Why a question is not answered, as a problem."""
    status = next((status for kind, status in STATUSES if isinstance(refusal, kind)), 400)
    error = {"where": refusal.where, "what": refusal.what, "remedy": refusal.remedy}
    return problem(status, refusal.what, error)


def _month(parameters: Mapping[str, str], name: str) -> int | None:
    text = parameters.get(name)
    if not text:
        return None
    found = MONTH.fullmatch(text)
    if found is None:
        raise BadQuestionError(name, f"{text!r} is no month.", "Write it as 2019-01.")
    return int(found[1]) * 100 + int(found[2])


def _yes(parameters: Mapping[str, str], name: str) -> bool:
    text = (parameters.get(name) or "false").lower()
    if text not in ("true", "false"):
        raise BadQuestionError(name, f"{text!r} is neither true nor false.", "Write true or false.")
    return text == "true"
