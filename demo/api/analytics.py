"""`/api/analytics` and the tables behind it."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request

from demo import jobs
from demo.analytics import raw, table
from demo.analytics.answer import as_csv, as_values, grid, headers, metadata, ordered, substituted
from demo.analytics.figures import Figures
from demo.analytics.items import Reader
from demo.analytics.judging import judge, restricted
from demo.analytics.question import Question, read
from demo.analytics.table import Table
from demo.web import MINUTE, Refusal, answer, answer_format, clock, current_user, flag, requires, store

CSV = "application/csv;charset=UTF-8"
LIMIT = 100_000
LAST_BUILT = "lastSuccessfulAnalyticsTablesUpdate"
LAST_LATEST = "lastSuccessfulLatestAnalyticsPartitionUpdate"
SKIPS = {
    "skipEvents": "EVENT",
    "skipEnrollment": "ENROLLMENT",
    "skipAggregate": "DATA_VALUE",
    "skipOrgUnitOwnership": "OWNERSHIP",
    "skipValidationResult": "VALIDATION_RESULT",
}

blueprint = Blueprint("analytics", __name__)


class Tables:
    """The tables of one server: none until they are built, then those of the last time.

    Args:
        path: where they are kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._table: Table | None = None

    def current(self) -> Table | None:
        """Returns the tables, or None before they were built."""
        if self._table is None and self.path.exists():
            self._table = Table.load(self.path)
        return self._table

    def keep(self, built: Table) -> None:
        """Takes newly built tables into use."""
        built.save(self.path)
        self._table = built


def install(app: Flask) -> None:
    """Gives the server its tables, kept beside its store; those of an earlier store are forgotten."""
    path = Path(app.extensions["store"].path).with_suffix(".analytics")
    if app.extensions["store"].setting(LAST_BUILT) is None:
        path.unlink(missing_ok=True)
    app.extensions["analytics"] = Tables(path)


def tables() -> Tables:
    """Returns the tables of the running server."""
    return current_app.extensions["analytics"]


def current_table() -> Table:
    """Returns the built tables.

    Raises:
        Refusal: they were never built.
    """
    found = tables().current()
    if found is None:
        raise Refusal(
            409,
            "Query failed because a referenced table does not exist. Please ensure analytics job was run",
            "E7144",
        )
    return found


@blueprint.post("/api/resourceTables/analytics")
@requires("F_PERFORM_MAINTENANCE")
def build_tables() -> Response:
    """Starts a job that builds the tables from what is stored."""
    skipped = [kind for word, kind in SKIPS.items() if flag(word)]
    parameters: dict[str, Any] = {
        "skipTableTypes": skipped,
        "skipPrograms": [],
        "skipResourceTables": flag("skipResourceTables"),
        "skipOutliers": flag("skipOutliers"),
    }
    if request.args.get("lastYears"):
        parameters["lastYears"] = request.args.get("lastYears", type=int)
    latest_only = parameters.get("lastYears") == 0
    return jobs.start("ANALYTICS_TABLE", lambda job: _build(job, latest_only), parameters)


def _build(job: jobs.Job, latest_only: bool = False) -> None:
    """Builds the tables; a build of the latest year alone builds as much here, but is told apart."""
    begun, started = clock().milliseconds(), time.monotonic()
    job.say("Performing data value analytics table update")
    built = table.build(store())
    tables().keep(built)
    job.say(f"Analytics tables updated: {len(built.columns['value'])} rows")
    minutes, seconds = divmod(time.monotonic() - started, 60)
    store().set_setting(LAST_LATEST if latest_only else LAST_BUILT, begun)
    store().set_setting("lastAnalyticsTableRuntime", f"00:{int(minutes):02}:{seconds:06.3f}")


def reader() -> Reader:
    """Returns who reads the items of this request's question."""
    asked = request.args.get("relativePeriodDate")
    today = date.fromisoformat(asked[:10]) if asked else clock().today()
    scheme = request.args.get("inputIdScheme", "UID").upper()
    home = tuple(part for part in request.args.get("userOrgUnit", "").split(";") if part)
    return Reader(store(), current_user(), today, scheme, home)


def asked_question(values: bool = False) -> tuple[Question, Figures]:
    """Reads and judges the question of this request; the figures that answer it."""
    finder = reader()
    question = read(request.args, finder)
    question = restricted(question, current_user(), finder)
    judge(question, values)
    return question, Figures(current_table(), question, finder)


def _limit(question: Question) -> int:
    """The most rows that may be answered; 0 when there is no limit."""
    return 0 if question.options.ignore_limit else int(store().setting("keyAnalyticsMaxLimit", LIMIT))


def _within_limit(question: Question, rows: list[list[str]]) -> list[list[str]]:
    limit = _limit(question)
    if limit and len(rows) > limit:
        raise Refusal(409, f"Query result set exceeded max limit: `{limit}`", "E7128")
    return rows


def _roots() -> tuple[str, ...]:
    return tuple(path.rpartition("/")[2] for path in current_user().capture)


def _sent(
    heads: list[dict[str, Any]], rows: list[list[str]], question: Question, plain: list[list[str]]
) -> Response:
    if answer_format() == "csv":
        response = Response(as_csv(heads, rows), content_type=CSV)
        response.headers["Cache-Control"] = MINUTE
        return response
    return answer(grid(heads, rows, metadata(question, plain, store(), _roots())), cache=MINUTE)


@blueprint.get("/api/analytics")
def aggregated() -> Response:
    """Answers a question with totals."""
    question, figures = asked_question()
    rows = ordered(question, _within_limit(question, figures.rows(_limit(question))))
    return _sent(headers(question), substituted(question, rows), question, rows)


@blueprint.get("/api/analytics/dataValueSet")
def as_value_set() -> Response:
    """Answers a question with totals in the form of data values; only with a suffix, as 2.42 does."""
    _needs_suffix()
    question, figures = asked_question(values=True)
    rows = substituted(question, _within_limit(question, figures.rows(_limit(question))))
    return answer({"dataValues": as_values(question, rows, clock().today().isoformat())}, cache=MINUTE)


@blueprint.get("/api/analytics/rawData")
def raw_data() -> Response:
    """Answers a question with every value behind it."""
    _needs_suffix()
    question, figures = asked_question()
    rows = _within_limit(question, raw.rows(figures))
    return _sent(raw.headers(figures), substituted(question, rows), question, rows)


def _needs_suffix() -> None:
    if not request.environ.get("demo.suffix"):
        raise Refusal(404, f"No static resource {request.path.lstrip('/')}.")


@blueprint.get("/api/analytics/tableTypes")
def table_types() -> Response:
    """Lists the kinds of tables."""
    return answer(
        [
            "DATA_VALUE",
            "COMPLETENESS",
            "COMPLETENESS_TARGET",
            "ORG_UNIT_TARGET",
            "VALIDATION_RESULT",
            "EVENT",
            "ENROLLMENT",
            "OWNERSHIP",
            "TRACKED_ENTITY_INSTANCE",
        ]
    )
