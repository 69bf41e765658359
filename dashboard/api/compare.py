"""`GET /api/v1/compare`: the rows behind the Compare page, under the same scope, as JSON, CSV or Excel."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

import pandas as pd
from flask import Flask, Response, jsonify, request

from accounts import Person, current
from accounts.guard import problem
from dashboard.address import SHAPE
from dashboard.api.asking import checked, one_of, question, yes
from dashboard.pages.compare_sheets import sheets_shown
from dashboard.queries import Answer, Figures
from dashboard.questions import (
    BadQuestionError,
    Question,
    QuestionError,
)
from dashboard.refusals import refused
from dashboard.row_files import MOST_ROWS, NOTES, as_csv, as_xlsx, records
from dashboard.takeaway import PARAMETERS, PATH, Taken, answers_shown, file_name, rows_shown, take
from dashboard.words import Words

FORMATS = ("json", "csv", "xlsx")
PARTS = ("rows", "notes")
NOTED = ("notes", "xlsx")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OF_THE_PAGE = ("unit", "pair", "from", "to", "grain", "group", "at", *SHAPE)


def install(server: Flask, figures: Figures, words: Words) -> None:
    """Add the route to the server; what goes with the rows holds what people wrote beside them."""

    def compare() -> Response:
        person = current()
        if person is None:  # the guard stands before this; a second look costs nothing
            return problem(401, "Nobody is logged in.")
        try:
            return _answered(figures, words, person)
        except QuestionError as refusal:
            return refused(refusal)

    server.add_url_rule(PATH, "api_compare", compare, methods=["GET"])


def _answered(figures: Figures, words: Words, person: Person) -> Response:
    wanted, question = wanted_format(request.args), asked(request.args)
    answers = answers_shown(figures, question, person.scope, request.args.get("view") == "pairs")
    rows = rows_shown(figures, answers, yes(request.args, "above"))
    if wanted not in NOTED:
        return as_response(answers[0], rows, wanted)
    remarks = words.remarks(question.unit, question.pair, person)
    taken = take(answers, rows, figures.country, _link(), remarks)
    if wanted == "xlsx":
        taken = replace(taken, sheets=sheets_shown(figures, request.query_string.decode(), person.scope))
    return answer_as_attachment(answers[0], taken, wanted)


def asked(parameters: Mapping[str, str]) -> Question:
    """The question in a query string, or in the options of `export`.

    Raises:
        BadQuestionError: a parameter is missing, unknown or cannot be read.
    """
    checked(parameters, PARAMETERS)
    for name, known in SHAPE.items():
        one_of({name: parameters.get(name, "").removeprefix("-" if name == "sort" else "")}, name, known)
    return question(parameters)


def wanted_format(parameters: Mapping[str, str]) -> str:
    """JSON, CSV or Excel; `notes` for the CSV file of what goes with the rows.

    Raises:
        BadQuestionError: it is none of them.
    """
    wanted, part = one_of(parameters, "format", FORMATS), parameters.get("part") or "rows"
    if part not in PARTS or (part == "notes" and wanted != "csv"):
        what = f"There is no part {part!r} of the format {wanted}."
        raise BadQuestionError("part", what, "CSV has `rows` and `notes`; the others hold both.")
    return "notes" if part == "notes" else wanted


def as_response(answer: Answer, rows: pd.DataFrame, wanted: str) -> Response:
    """An answer's rows as JSON or CSV."""
    if wanted == "csv":
        return as_attachment(as_csv(rows), "text/csv", f"{file_name(answer)}.csv")
    body = {
        "version": answer.version,
        "as_of": answer.as_of.isoformat(),
        "totals_only": answer.totals_only,
        "left_out": [{"form": each.form, "name": each.name} for each in answer.left_out],
        "rows": records(rows),
    }
    return jsonify(body)


def answer_as_attachment(answer: Answer, taken: Taken, wanted: str) -> Response:
    """An answer's rows and notes as a workbook, or its notes as CSV."""
    if wanted == "notes":
        return as_attachment(as_csv(taken.notes), "text/csv", f"{file_name(answer)}-notes.csv")
    if len(taken.rows) > MOST_ROWS:
        what = f"A sheet of Excel takes {MOST_ROWS:,} rows; these are {len(taken.rows):,}."
        raise BadQuestionError("format", what, "Ask for fewer months or a longer grain, or for CSV.")
    return as_attachment(
        as_xlsx(taken.rows, {NOTES: taken.notes, **taken.sheets}), WORKBOOK, f"{file_name(answer)}.xlsx"
    )


def as_attachment(content: str | bytes, kind: str, name: str) -> Response:
    """A file to be saved: its content, its media type, its name."""
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _link() -> str:
    """The page that shows what this request asks for."""
    asked_for = {name: request.args[name] for name in OF_THE_PAGE if request.args.get(name)}
    return f"{request.host_url}?{urlencode(asked_for)}"
