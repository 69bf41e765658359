"""Routes of what the worker makes: ask, see how far it is, call it off, fetch it; one's own alone."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from flask import Flask, Response, jsonify, send_file

from accounts import Person
from accounts.guard import sent_json
from dashboard.api.answering import answered
from ledger.jobs import Job


class Desk(Protocol):
    """What tells how far one's own file is, and ends its making."""

    def job(self, number: str, person: Person) -> Job:
        """The job of one's own file."""

    def call_off(self, number: str, person: Person) -> Job:
        """End the making of one's own file."""


@dataclass(frozen=True)
class Routes:
    """The four routes of one kind of file.

    Attributes:
        path: of the first of them; endpoint: its name.
        desk: of whom one asks.
        ask: what is sent (JSON) and who sends it -> the job.
        fetch: a job's number and who asks -> the file, its media type and what it is called.
        about: what is told of a job beside how far it is.
    """

    path: str
    endpoint: str
    desk: Desk
    ask: Callable[[Any, Person], Job]
    fetch: Callable[[str, Person], tuple[Path, str, str]]
    about: Callable[[Job], dict[str, object]] = lambda _: {}

    def install(self, server: Flask) -> None:
        """Add the routes to the server."""
        one, name = f"{self.path}/<number>", self.endpoint
        server.add_url_rule(self.path, f"{name}_ask", lambda: answered(self._asked), methods=["POST"])
        server.add_url_rule(one, name, self._status, methods=["GET"])
        server.add_url_rule(one, f"{name}_off", self._call_off, methods=["DELETE"])
        server.add_url_rule(f"{one}/file", f"{name}_file", self._file, methods=["GET"])

    def _asked(self, person: Person) -> Response:
        response = jsonify(self._told(self.ask(sent_json(), person)))
        response.status_code = 202
        return response

    def _status(self, number: str) -> Response:
        return answered(lambda person: jsonify(self._told(self.desk.job(number, person))))

    def _call_off(self, number: str) -> Response:
        return answered(lambda person: jsonify(self._told(self.desk.call_off(number, person))))

    def _file(self, number: str) -> Response:
        return answered(lambda person: _sent(*self.fetch(number, person)))

    def _told(self, job: Job) -> dict[str, object]:
        return {
            "id": str(job.id),
            "status": job.status,
            **self.about(job),
            "done": job.done,
            "total": job.total,
            "note": job.note,
            "problem": job.problem,
            "remedy": job.remedy,
            "file": f"{self.path}/{job.id}/file" if job.status == "done" else None,
        }


def _sent(path: Path, mimetype: str, name: str) -> Response:
    response = send_file(path, mimetype=mimetype, as_attachment=True, download_name=name, etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response
