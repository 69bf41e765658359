"""`GET /api/v1/compare`: the rows behind the Compare page, under the same scope, as JSON, CSV or Excel."""

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlencode

import pandas as pd
from flask import Flask, Response, jsonify, request

from accounts import current
from accounts.guard import problem
from dashboard.api.answers import as_csv, as_xlsx, records
from dashboard.api.takeaway import Taken, rows_shown, take
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
from dashboard.words import Words

PATH = "/api/v1/compare"
PARAMETERS = ("unit", "pair", "from", "to", "grain", "children", "group", "above", "format", "part", "lang")
FORMATS = ("json", "csv", "xlsx")
PARTS = ("rows", "notes")
NOTED = ("notes", "xlsx")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OF_THE_PAGE = ("unit", "pair", "from", "to", "grain", "group")
STATUSES: tuple[tuple[type[QuestionError], int], ...] = (
    (NotInScopeError, 403),
    (UnknownUnitError, 404),
    (UnknownPairError, 404),
    (NothingSyncedError, 503),
    (BadQuestionError, 400),
)
MONTH = re.compile(r"(\d{4})-(\d{2})")


def install(server: Flask, figures: Figures, words: Words) -> None:
    """Add the route to the server; what goes with the rows holds what people wrote beside them."""

    def compare() -> Response:
        person = current()
        if person is None:  # the guard stands before this; a second look costs nothing
            return problem(401, "Nobody is logged in.")
        try:
            wanted = wanted_format(request.args)
            answer = figures.compare(asked(request.args), person.scope)
            rows = rows_shown(figures, answer, yes(request.args, "above"))
        except QuestionError as refusal:
            return refused(refusal)
        if wanted in NOTED:
            remarks = words.remarks(answer.question.unit, answer.question.pair, person)
            return as_file(answer, take(answer, rows, figures.country, _link(), remarks), wanted)
        return as_response(answer, rows, wanted)

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
        first=month_in(parameters, "from"),
        last=month_in(parameters, "to"),
        grain=parameters.get("grain") or "month",
        children=yes(parameters, "children"),
        group=parameters.get("group") or None,
    )


def wanted_format(parameters: Mapping[str, str]) -> str:
    """JSON, CSV or Excel; `notes` for the CSV file of what goes with the rows.

    Raises:
        BadQuestionError: it is none of them.
    """
    wanted, part = parameters.get("format") or "json", parameters.get("part") or "rows"
    if wanted not in FORMATS:
        raise BadQuestionError("format", f"There is no format {wanted!r}.", f"One of: {', '.join(FORMATS)}.")
    if part not in PARTS or (part == "notes" and wanted != "csv"):
        what = f"There is no part {part!r} of the format {wanted}."
        raise BadQuestionError("part", what, "CSV has `rows` and `notes`; the others hold both.")
    return "notes" if part == "notes" else wanted


def as_response(answer: Answer, rows: pd.DataFrame, wanted: str) -> Response:
    """An answer's rows as JSON or CSV."""
    if wanted == "csv":
        return _file(as_csv(rows), "text/csv", f"{file_name(answer)}.csv")
    body = {
        "version": answer.version,
        "as_of": answer.as_of.isoformat(),
        "totals_only": answer.totals_only,
        "left_out": [{"form": each.form, "name": each.name} for each in answer.left_out],
        "rows": records(rows),
    }
    return jsonify(body)


def as_file(answer: Answer, taken: Taken, wanted: str) -> Response:
    """An answer's rows and notes as a workbook, or its notes as CSV."""
    if wanted == "notes":
        return _file(as_csv(taken.notes), "text/csv", f"{file_name(answer)}-notes.csv")
    return _file(as_xlsx(taken.rows, taken.notes), WORKBOOK, f"{file_name(answer)}.xlsx")


def _file(content: str | bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _link() -> str:
    """The page that shows what this request asks for."""
    asked_for = {name: request.args[name] for name in OF_THE_PAGE if request.args.get(name)}
    return f"{request.host_url}?{urlencode(asked_for)}"


def file_name(answer: Answer) -> str:
    """A name for a file of these rows, in letters that every system takes."""
    asked = answer.comparison.units[0]
    plain = unicodedata.normalize("NFKD", answer.holding.records[asked]["name"])  # é is e and an accent
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    unit = re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-") or asked
    return f"{answer.question.pair}-{unit}-{answer.question.first}-{answer.question.last}".lower()


def refused(refusal: QuestionError) -> Response:
    """Why a question is not answered, as a problem."""
    status = next((status for kind, status in STATUSES if isinstance(refusal, kind)), 400)
    error = {"where": refusal.where, "what": refusal.what, "remedy": refusal.remedy}
    return problem(status, refusal.what, error)


def month_in(parameters: Mapping[str, str], name: str) -> int | None:
    """A month, YYYYMM, out of a parameter written 2019-01; None where it is left out.

    Raises:
        BadQuestionError: it is no month.
    """
    text = parameters.get(name)
    if not text:
        return None
    found = MONTH.fullmatch(text)
    if found is None:
        raise BadQuestionError(name, f"{text!r} is no month.", "Write it as 2019-01.")
    return int(found[1]) * 100 + int(found[2])


def yes(parameters: Mapping[str, str], name: str) -> bool:
    """Whether a parameter says true; what is left out says false.

    Raises:
        BadQuestionError: it says neither.
    """
    text = (parameters.get(name) or "false").lower()
    if text not in ("true", "false"):
        raise BadQuestionError(name, f"{text!r} is neither true nor false.", "Write true or false.")
    return text == "true"
