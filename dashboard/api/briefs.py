"""`/api/v1/briefs`: ask for a PDF brief, see how far it is, call it off, fetch it; one's own alone."""

from flask import Flask, Response, jsonify, send_file

from accounts import Person
from accounts.guard import sent_json
from dashboard import i18n
from dashboard.api.answering import answered
from dashboard.brief_desk import BriefDesk
from dashboard.questions import BadQuestionError
from ledger.jobs import Job

PATH = "/api/v1/briefs"


def install(server: Flask, desk: BriefDesk) -> None:
    """Add the routes to the server."""

    def ask() -> Response:
        return answered(lambda person: _asked(desk, person))

    def status(number: str) -> Response:
        return answered(lambda person: jsonify(told(desk.job(number, person))))

    def call_off(number: str) -> Response:
        return answered(lambda person: jsonify(told(desk.call_off(number, person))))

    def file(number: str) -> Response:
        return answered(lambda person: _file(desk, number, person))

    server.add_url_rule(PATH, "api_brief_ask", ask, methods=["POST"])
    server.add_url_rule(f"{PATH}/<number>", "api_brief", status, methods=["GET"])
    server.add_url_rule(f"{PATH}/<number>", "api_brief_off", call_off, methods=["DELETE"])
    server.add_url_rule(f"{PATH}/<number>/file", "api_brief_file", file, methods=["GET"])


def _asked(desk: BriefDesk, person: Person) -> Response:
    body = sent_json()
    search = body.get("search") if isinstance(body, dict) else None
    if not isinstance(search, str):
        raise BadQuestionError("search", "The body names no view.", 'Send {"search": "?unit=…&pair=…"}.')
    language = body.get("language")
    spoken = language if language in i18n.LANGUAGES else i18n.language()
    response = jsonify(told(desk.ask(search, spoken, person)))
    response.status_code = 202
    return response


def told(job: Job) -> dict[str, object]:
    """How far a brief is, as JSON."""
    ready = job.status == "done"
    return {
        "id": str(job.id),
        "status": job.status,
        "done": job.done,
        "total": job.total,
        "note": job.note,
        "problem": job.problem,
        "remedy": job.remedy,
        "file": f"{PATH}/{job.id}/file" if ready else None,
    }


def _file(desk: BriefDesk, number: str, person: Person) -> Response:
    path = desk.file(number, person)
    name = desk.called(number, person)
    response = send_file(path, mimetype="application/pdf", as_attachment=True, download_name=name, etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response
