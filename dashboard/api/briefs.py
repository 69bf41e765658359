"""`/api/v1/briefs`: ask for a PDF brief, see how far it is, call it off, fetch it; one's own alone."""

from typing import Any

from flask import Flask

from accounts import Person
from dashboard.address import Address
from dashboard.api.asking import language_in
from dashboard.api.made import Routes
from dashboard.brief_desk import BriefDesk
from dashboard.questions import BadQuestionError
from ledger.jobs import Job

PATH = "/api/v1/briefs"
LONGEST_SEARCH = 2000


def install(server: Flask, desk: BriefDesk) -> None:
    """Add the routes to the server."""
    Routes(
        path=PATH,
        endpoint="api_brief",
        desk=desk,
        ask=lambda body, person: _asked(desk, body, person),
        fetch=lambda number, person: (
            desk.file(number, person),
            "application/pdf",
            desk.called(number, person),
        ),
    ).install(server)


def _asked(desk: BriefDesk, body: Any, person: Person) -> Job:
    search = body.get("search") if isinstance(body, dict) else None
    if not isinstance(search, str):
        raise BadQuestionError("search", "The body names no view.", 'Send {"search": "?unit=…&pair=…"}.')
    if len(search) > LONGEST_SEARCH:
        raise BadQuestionError(
            "search", f"The view is longer than {LONGEST_SEARCH} characters.", "Shorten it."
        )
    misread = Address.read(search).misread
    if misread:
        where, given = misread[0]
        what = f"The view says {given!r} for {where!r}, which cannot be read."
        raise BadQuestionError(where, what, "Leave it out, or correct it.")
    return desk.ask(search, language_in(body), person)
