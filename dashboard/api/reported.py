"""`GET /api/v1/compare/reported`: the raw values behind a place's figures, who stored them and when."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from flask import Flask, Response, jsonify, request

from dashboard.api.answering import answered
from dashboard.api.asking import checked, one_of, question
from dashboard.pages.data_words import aside
from dashboard.queries import Figures
from dashboard.questions import Question
from dashboard.reported import Reported, reported
from dashboard.row_files import as_csv, records

PATH = "/api/v1/compare/reported"
PARAMETERS = ("unit", "pair", "from", "to", "format", "lang")
FORMATS = ("json", "csv")


def install(server: Flask, figures: Figures) -> None:
    """Add the route to the server."""

    def answer() -> Response:
        return answered(lambda person: _answered(reported(figures, asked(request.args), person.scope)))

    server.add_url_rule(PATH, "api_compare_reported", answer, methods=["GET"])


def asked(parameters: Mapping[str, str]) -> Question:
    """The question in a query string.

    Raises:
        BadQuestionError: a parameter is missing, unknown or cannot be read.
    """
    checked(parameters, PARAMETERS)
    one_of(parameters, "format", FORMATS)
    return question(parameters)


def _answered(found: Reported) -> Response:
    """Raw values as CSV; as JSON with the registrations and what was kept aside."""
    values = _written(found.values, "stored_at")
    if request.args.get("format") == "csv":
        response = Response(as_csv(values), mimetype="text/csv")
        response.headers["Content-Disposition"] = 'attachment; filename="reported.csv"'
        return response
    body: dict[str, Any] = {
        "version": found.holding.version,
        "as_of": found.holding.as_of.isoformat(),
        "values": records(values),
        "reports": records(_written(found.reports, "completed_at")),
        "aside": records(_explained(found.aside)),
    }
    return jsonify(body)


def _written(rows: pd.DataFrame, moment: str) -> pd.DataFrame:
    """Rows with their moments as text."""
    texts = [None if pd.isna(each) else each.isoformat() for each in rows[moment]]
    return rows.assign(**{moment: pd.Series(texts, rows.index, dtype=object)})


def _explained(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that were kept aside, the reason in the reader's language."""
    reasons = [aside(row) for row in rows.itertuples(index=False)]
    told = rows.drop(columns=["code", "arguments"])
    return told.assign(reason=[why for why, _ in reasons], remedy=[remedy for _, remedy in reasons])
