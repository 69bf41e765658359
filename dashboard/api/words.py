"""`/api/v1/remarks` and `/api/v1/tips`: what people write beside the figures, read and changed."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify, request

from accounts import Person, current
from accounts.guard import problem, sent_json
from dashboard.api.asking import checked, month_in, writable
from dashboard.questions import BadQuestionError, QuestionError
from dashboard.refusals import refused
from dashboard.words import StaleWordsError, TipNow, UnknownRemarkError, Words
from ledger.words import EVERY_PAIR, Annotation, Remark, Tip

REMARKS, TIPS = "/api/v1/remarks", "/api/v1/tips/<pair>"
Answer = Callable[[Person], Any]


def install(server: Flask, words: Words) -> None:
    """Add the routes to the server."""

    def remarks() -> Response:
        return _answered(lambda person: _listed(words, person))

    def add() -> Response:
        return _answered(lambda person: {"id": words.add(_remark(_body()), person)}, status=201)

    def revise(number: str) -> Response:
        return _answered(lambda person: _revised(words, number, _body(), person))

    def history(number: str) -> Response:
        return _answered(lambda person: [told(each) for each in words.history(number, person)])

    def tip(pair: str) -> Response:
        return _answered(lambda person: _tip(words, pair, person))

    def write_tip(pair: str) -> Response:
        return _answered(lambda person: _written(words, pair, _body(), person))

    server.add_url_rule(REMARKS, "api_remarks", remarks, methods=["GET"])
    server.add_url_rule(REMARKS, "api_remark_add", add, methods=["POST"])
    server.add_url_rule(f"{REMARKS}/<number>", "api_remark_revise", revise, methods=["PATCH"])
    server.add_url_rule(f"{REMARKS}/<number>", "api_remark_history", history, methods=["GET"])
    server.add_url_rule(TIPS, "api_tip", tip, methods=["GET"])
    server.add_url_rule(TIPS, "api_tip_write", write_tip, methods=["PUT"])


def _answered(answer: Answer, status: int = 200) -> Response:
    person = current()
    if person is None:  # the guard stands before this; a second look costs nothing
        return problem(401, "Nobody is logged in.")
    try:
        response = jsonify(answer(person))
    except StaleWordsError as stale:
        return problem(409, stale.what, {"where": stale.where, "what": stale.what, "remedy": stale.remedy})
    except UnknownRemarkError as unknown:
        error = {"where": unknown.where, "what": unknown.what, "remedy": unknown.remedy}
        return problem(404, unknown.what, error)
    except QuestionError as refusal:
        return refused(refusal)
    response.status_code = status
    return response


def _body() -> Mapping[str, Any]:
    body = sent_json()
    if not isinstance(body, dict):
        raise BadQuestionError("body", "The body is no JSON object.", "Send one.")
    return body


def _text(body: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise BadQuestionError(name, f"{name!r} is missing or no text.", "Send it as a text.")
    return writable(name, value)


def _number(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadQuestionError(name, f"{name!r} is missing or no whole number.", "Send it as a number.")
    return value


def _remark(body: Mapping[str, Any]) -> Remark:
    month = month_in({"month": _text(body, "month")}, "month")
    if month is None:
        raise BadQuestionError("month", "The remark names no month.", "Write it as 2019-01.")
    pair = _text(body, "pair", EVERY_PAIR)
    return Remark(_text(body, "unit"), pair, month, _text(body, "text"), _text(body, "kind", "other"))


def _listed(words: Words, person: Person) -> dict[str, Any]:
    unit, pair = request.args.get("unit", ""), request.args.get("pair", "")
    found = words.remarks(unit, pair, person)
    return {
        "may_add": words.may_annotate(unit, person),
        "remarks": [told(each) | {"may_change": words.may_change(each, person)} for each in found],
    }


def _revised(words: Words, number: str, body: Mapping[str, Any], person: Person) -> dict[str, Any]:
    words.revise(number, _number(body, "revision"), _text(body, "text"), person)
    return told(words.remark(number, person))


def _tip(words: Words, pair: str, person: Person) -> dict[str, Any]:
    checked(request.args, ("lang",), needed=())
    language = request.args.get("lang", "en")
    return {
        **_now(words.tip(pair, language)),
        "may_edit": words.may_edit_tips(person),
        "history": [_told_tip(each) for each in words.tip_history(pair, language)],
    }


def _written(words: Words, pair: str, body: Mapping[str, Any], person: Person) -> dict[str, Any]:
    language = _text(body, "language")
    words.write_tip((pair, language), _text(body, "text"), _number(body, "revision"), person)
    return _now(words.tip(pair, language))


def told(remark: Annotation) -> dict[str, Any]:
    """A remark as JSON shows it: the month as 2019-03."""
    return {
        "id": remark.annotation,
        "revision": remark.revision,
        "unit": remark.unit,
        "pair": remark.pair,
        "month": f"{remark.month // 100}-{remark.month % 100:02}",
        "kind": remark.kind,
        "text": remark.text,
        "withdrawn": remark.withdrawn,
        "author": remark.author,
        "written_at": remark.written_at.isoformat(),
    }


def _now(tip: TipNow) -> dict[str, Any]:
    written = tip.written_at.isoformat() if tip.written_at else None
    return {"text": tip.text, "revision": tip.revision, "author": tip.author, "written_at": written}


def _told_tip(tip: Tip) -> dict[str, Any]:
    return {
        "revision": tip.revision,
        "text": tip.text,
        "author": tip.author,
        "written_at": tip.written_at.isoformat(),
    }
