"""`/api/v1/store/differences`, `…/deliveries`, `…/fixes`, `…/UNIT/order`: what DHIS2 holds of the stores."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, request

from accounts import Person, current
from accounts.guard import problem, sent_json
from dashboard.api.asking import MONTH
from dashboard.questions import BadQuestionError, QuestionError
from dashboard.refusals import refused
from dashboard.store_deliveries import FIXES, DeliveryDesk, SentOrder
from ledger.choices import CannotChoose

PATH = "/api/v1/store"
NUMBER = re.compile("[0-9]{1,9}")
Answer = Callable[..., Response]
Rule = tuple[str, str, Answer, tuple[str, ...]]
"""A path below `PATH`, a name, what answers there, and the methods."""


def install(server: Flask, desk: DeliveryDesk) -> None:
    """Add the routes to the server."""

    def differences() -> Response:
        return jsonify(plain(desk.differences(_person(), request.args.get("unit", ""))))

    def decide(number: str) -> Response:
        return jsonify(plain(desk.decide(_person(), number, _text(_body(), "choice"))))

    def deliveries() -> Response:
        return jsonify(plain(desk.deliveries(_person(), request.args.get("unit", ""))))

    def order(unit: str) -> Response:
        if request.method == "GET":
            return jsonify(plain(desk.order(_person(), unit, _month(request.args.get("month", "")))))
        body = _body()
        month, packs = _month(_text(body, "month")), _packs(body.get("ordered", {}))
        sent = SentOrder(month, packs, _yes(body, "complete"))
        return jsonify(plain(desk.send_order(_person(), unit, sent)))

    rules: tuple[Rule, ...] = (
        ("/differences", "store_differences", differences, ("GET",)),
        ("/differences/<number>", "store_decide", decide, ("POST",)),
        ("/deliveries", "store_deliveries", deliveries, ("GET",)),
        ("/<unit>/order", "store_order", order, ("GET", "POST")),
    )
    for path, name, view, methods in (*rules, *_fixes(desk)):
        server.add_url_rule(f"{PATH}{path}", f"api_{name}", _guarded(view), methods=list(methods))


def _fixes(desk: DeliveryDesk) -> tuple[Rule, ...]:
    """What administrators may have changed in DHIS2."""

    def fix() -> Response:
        body = _body()
        name = _text(body, "fix")
        if name not in FIXES:
            raise BadQuestionError("fix", f"{name!r} is no fix.", f"One of {', '.join(FIXES)}.")
        answer = jsonify(desk.ask_fix(_person(), name, _yes(body, "apply")))
        answer.status_code = HTTPStatus.ACCEPTED
        return answer

    def fixed(number: str) -> Response:
        return jsonify(plain(desk.fix(_person(), int(number) if NUMBER.fullmatch(number) else 0)))

    return ("/fixes", "store_fix", fix, ("POST",)), ("/fixes/<number>", "store_fixed", fixed, ("GET",))


def plain(told: Any) -> Any:
    """What JSON can say: moments as ISO texts."""
    if isinstance(told, Mapping):
        return {name: plain(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [plain(each) for each in told]
    return told.isoformat() if isinstance(told, datetime | date) else told


def _guarded(view: Answer) -> Answer:
    @wraps(view)
    def answered(**arguments: Any) -> Response:
        if current() is None:  # the guard stands before this; a second look costs nothing
            return problem(401, "Nobody is logged in.")
        try:
            return view(**arguments)
        except QuestionError as refusal:
            return refused(refusal)
        except CannotChoose as refusal:
            told = {"where": "choice", "what": refusal.what, "remedy": refusal.remedy}
            return problem(409, refusal.what, told)

    return answered


def _person() -> Person:
    person = current()
    if person is None:
        raise RuntimeError("Nobody is logged in.")
    return person


def _body() -> dict[str, Any]:
    body = sent_json()
    if not isinstance(body, dict):
        raise BadQuestionError("body", "The body is no JSON object.", "Send one.")
    return body


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not found:
        raise BadQuestionError(name, f"{name!r} is missing, or no text.", "Send it as a text.")
    return found


def _yes(body: Mapping[str, Any], name: str) -> bool:
    found = body.get(name, False)
    if not isinstance(found, bool):
        raise BadQuestionError(name, f"{name!r} is neither true nor false.", "Send true or false.")
    return found


def _month(text: str) -> int:
    found = MONTH.fullmatch(text)
    if found is None:
        raise BadQuestionError("month", f"{text!r} is no month.", "Write it as 2026-11.")
    return int(found[1]) * 100 + int(found[2])


def _packs(told: Any) -> dict[str, int]:
    if not isinstance(told, dict):
        raise BadQuestionError("ordered", "'ordered' is no object.", 'Send {"ITEM": packs}.')
    for item, packs in told.items():
        if type(packs) is not int or not 0 <= packs <= 1_000_000:
            what = f"{packs!r} of {item!r} is no number of packs."
            raise BadQuestionError("ordered", what, "Send whole numbers from 0 on.")
    return told
