"""`/api/v1/reports`: ask for a monthly report, see how far it is, call it off, fetch it; one's own alone."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, send_file

from accounts import Person
from accounts.guard import sent_json
from dashboard import i18n
from dashboard.address import month_name
from dashboard.api.answering import answered
from dashboard.api.asking import month_in, one_of
from dashboard.api.compare import WORKBOOK
from dashboard.api.takeaway import in_plain_letters
from dashboard.questions import BadQuestionError
from dashboard.report_desk import FORMATS, ReportDesk
from ledger.jobs import Job

PATH = "/api/v1/reports"
KINDS = {"pdf": "application/pdf", "xlsx": WORKBOOK, "zip": "application/zip"}
ASKED = ("unit", "month", "format", "language")


def install(server: Flask, desk: ReportDesk) -> None:
    """Add the routes to the server."""

    def ask() -> Response:
        return answered(lambda person: _asked(desk, person))

    def status(number: str) -> Response:
        return answered(lambda person: jsonify(told(desk.job(number, person))))

    def call_off(number: str) -> Response:
        return answered(lambda person: jsonify(told(desk.call_off(number, person))))

    def file(number: str) -> Response:
        return answered(lambda person: _file(desk, number, person))

    server.add_url_rule(PATH, "api_report_ask", ask, methods=["POST"])
    server.add_url_rule(f"{PATH}/<number>", "api_report", status, methods=["GET"])
    server.add_url_rule(f"{PATH}/<number>", "api_report_off", call_off, methods=["DELETE"])
    server.add_url_rule(f"{PATH}/<number>/file", "api_report_file", file, methods=["GET"])


def _asked(desk: ReportDesk, person: Person) -> Response:
    response = jsonify(told(desk.ask(wanted(sent_json()), person)))
    response.status_code = 202
    return response


def wanted(body: Any) -> dict[str, Any]:
    """What a request's body asks for.

    Raises:
        BadQuestionError: it is no object of texts, or one of them cannot be read.
    """
    given: Mapping[str, Any] = body if isinstance(body, dict) else {}
    wrong = [name for name, value in given.items() if name not in ASKED or not isinstance(value, str)]
    if wrong or not given.get("unit"):
        where = wrong[0] if wrong else "unit"
        what = f"{where!r} is not known or no text." if wrong else "The body names no unit."
        raise BadQuestionError(where, what, 'Send {"unit": "…", "month": "2019-01", "format": "pdf"}.')
    return {
        "unit": given["unit"],
        "month": month_in(given, "month"),
        "format": one_of(given, "format", FORMATS),
        "language": given["language"] if given.get("language") in i18n.LANGUAGES else i18n.language(),
    }


def told(job: Job) -> dict[str, object]:
    """How far a report is, as JSON."""
    return {
        "id": str(job.id),
        "status": job.status,
        "format": job.arguments["format"],
        "done": job.done,
        "total": job.total,
        "note": job.note,
        "problem": job.problem,
        "remedy": job.remedy,
        "file": f"{PATH}/{job.id}/file" if job.status == "done" else None,
    }


def _file(desk: ReportDesk, number: str, person: Person) -> Response:
    job, path = desk.file(number, person)
    wanted_format, month = job.arguments["format"], month_name(job.arguments["month"])
    place = in_plain_letters(desk.place(job)).lower() or job.arguments["unit"]
    name = f"report-{place}-{month}.{wanted_format}"
    mimetype = KINDS[wanted_format]
    response = send_file(path, mimetype=mimetype, as_attachment=True, download_name=name, etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response
