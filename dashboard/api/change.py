"""`GET /api/v1/compare/change`: whose movement a change is, part by part, so that others can check it."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request

from accounts import Person
from dashboard.address import month_name
from dashboard.api.answering import answered
from dashboard.api.asking import checked, one_of, question
from dashboard.movement import Movement, Mover, side_of
from dashboard.queries import Figures
from dashboard.questions import NotInScopeError, Question, without_figures
from dashboard.row_files import as_csv, records

PATH = "/api/v1/compare/change"
PARAMETERS = ("unit", "pair", "month", "side", "grain", "group", "format")
FORMATS = ("json", "csv")


def install(server: Flask, figures: Figures) -> None:
    """Add the route to the server."""

    def change() -> Response:
        return answered(lambda person: _answered(_mover(figures, person), request.args))

    server.add_url_rule(PATH, "api_compare_change", change, methods=["GET"])


def _mover(figures: Figures, person: Person) -> Mover:
    return Mover.of(figures, _within(asked(request.args), figures.months()), person.scope)


def asked(parameters: Mapping[str, str]) -> Question:
    """The question in a query string.

    Raises:
        BadQuestionError: a parameter is missing, unknown or cannot be read.
    """
    checked(parameters, PARAMETERS)
    return question(parameters, last="month")


def _within(question: Question, known: tuple[int, int]) -> Question:
    """The same question, of a month that has figures."""
    if question.last and not known[0] <= question.last <= known[1]:
        raise without_figures("month", question.last, known)
    return question


def _answered(mover: Mover, parameters: Mapping[str, str]) -> Response:
    wanted = one_of(parameters, "format", FORMATS)
    side, month = side_of(parameters.get("side") or "commodity"), mover.question.last or 0
    movement = mover.movement(side, month)
    if movement is None:
        what = f"The pair {mover.question.pair!r} has nothing on the side {side!r} that you may read."
        raise NotInScopeError("side", what, "Ask for the other side.")
    if wanted == "csv":
        return _file(movement, mover)
    holding = mover.figures.holding()
    about = {"version": holding.version, "as_of": holding.as_of.isoformat()}
    return jsonify(about | summary(movement) | {"parts": records(movement.rows())})


def summary(movement: Movement) -> dict[str, Any]:
    """The change as a whole: what it is counted against, from what to what, and the verdict."""
    found = movement.found
    return {
        "side": movement.side,
        "measure": movement.measure,
        "month": month_name(movement.month),
        "reference": found.reference,
        "before": found.before,
        "after": found.after,
        "change": found.change,
        "verdict": found.verdict,
        "began": found.began,
        "silent": found.silent,
    }


def _file(movement: Movement, mover: Mover) -> Response:
    response = Response(as_csv(movement.rows()), mimetype="text/csv")
    name = f"change-{mover.question.pair}-{mover.question.unit}-{month_name(movement.month)}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
