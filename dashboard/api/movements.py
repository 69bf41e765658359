"""`POST /api/v1/movements`: what devices record, each movement judged alone."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify

from accounts import Person
from accounts.guard import sent_json
from dashboard.api.answering import answered
from dashboard.movement_problems import explained
from dashboard.questions import BadQuestionError
from dashboard.stores import StoreDesk
from ledger.movement_form import moment_of
from ledger.movements import Batch, Result

PATH = "/api/v1/movements"
LONGEST_DEVICE = 64
MOST_MOVEMENTS = 5_000
"""Of a batch: while it is written, no other device of any store can."""


def install(server: Flask, desk: StoreDesk) -> None:
    """Add the route to the server."""

    def movements() -> Response:
        return answered(lambda person: _taken_in(desk, person))

    server.add_url_rule(PATH, "api_movements", movements, methods=["POST"])


def _taken_in(desk: StoreDesk, person: Person) -> Response:
    results = desk.movements.accept(batch_of(sent_json()), desk.rules(person))
    return jsonify({"results": [told(each) for each in results]})


def batch_of(body: Any) -> Batch:
    """The batch in a request's body.

    Raises:
        BadQuestionError: it is none.
    """
    if not isinstance(body, Mapping):
        raise BadQuestionError("body", "The body is no JSON object.", "Send one.")
    device, now, movements = body.get("device"), body.get("device_now"), body.get("movements")
    if not isinstance(device, str) or not 0 < len(device) <= LONGEST_DEVICE or not device.isprintable():
        what = "`device` is missing or no text of at most 64 signs."
        raise BadQuestionError("device", what, "Send the name that the device gave itself.")
    moment = moment_of(now)
    if now is not None and moment is None:
        what = f"{now!r} is no moment with an offset from UTC."
        raise BadQuestionError("device_now", what, "Write it as 2026-03-14T08:30:00+00:00, or leave it out.")
    if not isinstance(movements, list):
        raise BadQuestionError("movements", "`movements` is missing or no list.", "Send a list, even of one.")
    if len(movements) > MOST_MOVEMENTS:
        what = f"These are {len(movements):,} movements; at most {MOST_MOVEMENTS:,} are taken at once."
        raise BadQuestionError("movements", what, "Send them in parts.")
    return Batch(device, moment, movements)


def told(result: Result) -> dict[str, Any]:
    """A result as JSON, its problem in the reader's language."""
    return {
        "id": result.id,
        "status": result.status,
        "balance": result.balance,
        "flags": list(result.flags),
        "problem": explained(result.problem) if result.problem else None,
    }
