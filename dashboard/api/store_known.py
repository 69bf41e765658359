"""`/api/v1/store/UNIT/codes` and `/recipients/merge`: what a store's people say once for all devices."""

from typing import Any

from flask import Flask, Response, jsonify, request

from accounts import Person
from accounts.guard import sent_json
from dashboard.api.answering import answered
from dashboard.questions import BadQuestionError
from dashboard.store_known import KnownDesk
from dashboard.stores import StoreDesk

CODES, MERGE = "/api/v1/store/<unit>/codes", "/api/v1/store/<unit>/recipients/merge"


def install(server: Flask, desk: StoreDesk) -> None:
    """Add the routes to the server."""
    known = KnownDesk(desk)

    def codes(unit: str) -> Response:
        def answer(person: Person) -> Response:
            if request.method == "GET":
                return jsonify(known.links(person, unit))
            body = _body()
            return jsonify(known.link(person, unit, body.get("codes"), body.get("instead")))

        return answered(answer)

    def merge(unit: str) -> Response:
        def answer(person: Person) -> Response:
            body = _body()
            return jsonify(known.merge(person, unit, body.get("gone"), body.get("kept")))

        return answered(answer)

    server.add_url_rule(CODES, "api_store_codes", codes, methods=["GET", "POST"])
    server.add_url_rule(MERGE, "api_store_merge", merge, methods=["POST"])


def _body() -> dict[str, Any]:
    body = sent_json()
    if not isinstance(body, dict):
        raise BadQuestionError("body", "The body is no JSON object.", "Send one.")
    return body
