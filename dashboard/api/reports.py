"""`/api/v1/reports`: ask for a monthly report, see how far it is, call it off, fetch it; one's own alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from accounts import Person
from dashboard import i18n
from dashboard.address import month_name
from dashboard.api.asking import language_in, month_in, one_of
from dashboard.api.compare import WORKBOOK
from dashboard.api.made import Routes
from dashboard.i18n import t
from dashboard.questions import BadQuestionError
from dashboard.report_desk import FORMATS, ReportDesk
from dashboard.takeaway import in_plain_letters

PATH = "/api/v1/reports"
KINDS = {"pdf": "application/pdf", "xlsx": WORKBOOK, "zip": "application/zip"}
ASKED = ("unit", "month", "format", "language")


def install(server: Flask, desk: ReportDesk) -> None:
    """Add the routes to the server."""
    Routes(
        path=PATH,
        endpoint="api_report",
        desk=desk,
        ask=lambda body, person: desk.ask(wanted(body), person),
        fetch=lambda number, person: _file(desk, number, person),
        about=lambda job: {"format": job.arguments["format"]},
    ).install(server)


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
        "language": language_in(given),
    }


def _file(desk: ReportDesk, number: str, person: Person) -> tuple[Path, str, str]:
    job, path = desk.file(number, person)
    wanted_format, month = job.arguments["format"], month_name(job.arguments["month"])
    place = in_plain_letters(desk.place(job)).lower() or job.arguments["unit"]
    with i18n.use(job.arguments["language"]):
        name = t("report.file", place=place, month=month)
    return path, KINDS[wanted_format], f"{name}.{wanted_format}"
