"""`/api/v1/store/requests` and `/api/v1/store/UNIT/requests`: what stores ask of each other."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, request

from accounts import Person
from accounts.guard import problem, sent_json
from dashboard.api.answering import answered
from dashboard.api.asking import checked, writable
from dashboard.api.store_differences import plain
from dashboard.i18n import t
from dashboard.questions import BadQuestionError
from dashboard.store_requests import Decision, RequestDesk
from dashboard.stores import StoreDesk
from ledger.transfer_requests import CannotAnswer

PATH = "/api/v1/store"
Answer = Callable[[Person], Response]
BECAME = {
    "waiting": "asks.is_waiting",
    "asked": "asks.is_asked",
    "granted": "asks.is_granted",
    "refused": "asks.is_refused",
    "withdrawn": "asks.is_withdrawn",
}


def install(server: Flask, desk: StoreDesk) -> None:
    """Add the routes to the server."""
    requests = RequestDesk(desk)

    def listed() -> Response:
        def answer(person: Person) -> Response:
            checked(request.args, ("unit", "lang"), needed=())
            return jsonify(plain(requests.of(person, request.args.get("unit", ""))))

        return answered(answer)

    def asked(unit: str) -> Response:
        return answered(lambda person: jsonify(plain(requests.ask(person, unit, _body()))))

    def decided(number: str) -> Response:
        return answered(_open(lambda person: jsonify(plain(requests.decide(person, number, _decision())))))

    server.add_url_rule(f"{PATH}/requests", "api_store_requests", listed, methods=["GET"])
    server.add_url_rule(f"{PATH}/<unit>/requests", "api_store_ask", asked, methods=["POST"])
    server.add_url_rule(f"{PATH}/requests/<number>", "api_store_answer", decided, methods=["POST"])


def _open(answer: Answer) -> Answer:
    """Say what became of a request that is open no more."""

    def said(person: Person) -> Response:
        try:
            return answer(person)
        except CannotAnswer as late:
            what = t(BECAME[late.state])
            told = {"where": "action", "what": what, "remedy": t("asks.is_remedy")}
            return problem(HTTPStatus.CONFLICT, what, told)

    return said


def _body() -> dict[str, Any]:
    body = sent_json()
    if not isinstance(body, dict):
        raise BadQuestionError("body", "The body is no JSON object.", "Send one.")
    return body


def _decision() -> Decision:
    body = _body()
    packs, transfer = body.get("packs"), body.get("transfer")
    return Decision(
        str(body.get("action")),
        packs if type(packs) is int else None,
        transfer if isinstance(transfer, str) else None,
        writable("reason", str(body.get("reason") or "")),
    )
