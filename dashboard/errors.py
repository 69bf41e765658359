"""What goes wrong, told without a trace: as a problem to machines, as a page to people."""

import json
import logging
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from typing import Any

from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, abort, current_app, make_response, request
from werkzeug.exceptions import HTTPException

from accounts.guard import MACHINE_PATHS, problem, sent_json
from dashboard.application import document
from dashboard.i18n import t
from ledger.disk import is_full

LONGEST_ADDRESS = 4_000
OTHERWISE = "See /api/v1/openapi.json for what can be asked, and how."
CALLBACKS = "/_dash-update-component"
NOTHING = ("/api/", "/api/<path:rest>", "/_mcp", "/_mcp/<path:rest>")
_log = logging.getLogger(__name__)


def install(server: Flask, dash: Dash) -> None:
    """Answer every error of this server, and refuse callbacks that no page of ours would send."""
    server.register_error_handler(HTTPException, _refused)
    server.register_error_handler(DependencyException, _no_such_script)
    server.register_error_handler(Exception, _failed)
    for path in NOTHING:  # else Dash would answer with its first page
        server.add_url_rule(path, f"nothing:{path}", _nothing_here, methods=["GET"])

    def look_at_callback() -> Response | None:
        if request.path != CALLBACKS or request.method != "POST":
            return None
        what = wrong_with(sent_json(), dash)
        remedy = "Load the page again: it may be of an earlier version."
        return problem(400, "No page sends this.", _error("body", what, remedy)) if what else None

    server.before_request(look_at_callback)
    server.before_request(_refuse_long)


def _refuse_long() -> None:
    """Beyond this the web server itself would refuse, in its own words (dashboard/serving.py)."""
    if len(request.full_path) > LONGEST_ADDRESS:
        abort(HTTPStatus.REQUEST_URI_TOO_LONG)


def wrong_with(body: Any, dash: Dash) -> str:
    """What is wrong with the body of a callback's request; empty when it has the shape of one of ours."""
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        return "It names no output."
    asked = dash.callback_map.get(body["output"], {})
    if "callback" not in asked:
        return "No callback of the server has this output."
    for part, wanted in (("inputs", asked["inputs"]), ("state", asked["state"])):
        given = body.get(part, [])
        if not isinstance(given, list) or len(given) != len(wanted):
            return f"It has not the {part} of its callback."
        if not all(_fits(each, one) for each, one in zip(given, wanted, strict=True)):
            return f"Its {part} are not those of its callback."
    complete = _are_texts(body.get("changedPropIds")) and _are_outputs(body.get("outputs"), body["output"])
    return "" if complete else "It is incomplete."


def _fits(given: Any, wanted: Mapping[str, Any]) -> bool:
    """Whether an input or state is the one that the callback was registered with."""
    if str(wanted["id"]).startswith("{"):  # a pattern: any number of parts of a page
        each = given if isinstance(given, list) else [given]
        return all(_fits_pattern(one, wanted) for one in each)
    return isinstance(given, dict) and all(given.get(name) == wanted[name] for name in ("id", "property"))


def _fits_pattern(given: Any, wanted: Mapping[str, Any]) -> bool:
    if not isinstance(given, dict) or not isinstance(given.get("id"), dict):
        return False
    return (
        given["id"].keys() == json.loads(wanted["id"]).keys() and given.get("property") == wanted["property"]
    )


def _are_outputs(given: Any, name: str) -> bool:
    """Whether there are as many outputs as the callback's name says (`..a.x...b.y..` has two)."""
    if not name.startswith(".."):
        return _is_output(given)
    return isinstance(given, list) and len(given) == name.count("...") + 1 and all(map(_is_output, given))


def _is_output(given: Any) -> bool:
    return isinstance(given, dict) and {"id", "property"} <= given.keys()


def _are_texts(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(each, str) for each in given)


def _nothing_here(**_: str) -> Response:
    where = request.path
    return problem(
        404, "There is nothing here.", _error(where, "No such address.", "See /api/v1/openapi.json.")
    )


def _no_such_script(_: DependencyException) -> Response:
    """Dash takes a script that it does not know for a fault; somebody mistyped its address."""
    return _nothing_here()


def _refused(refusal: HTTPException) -> Response:
    """A refusal of the web server itself: no such page, method not allowed, request too large."""
    status = refusal.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if refusal.response is not None:
        return make_response(refusal.response)
    if request.path.startswith(MACHINE_PATHS):
        what, remedy = _words(status)
        return problem(status, what, _error(request.path, what, remedy))
    return _page(status, t("error.refused"))


def _words(status: int) -> tuple[str, str]:
    """What was wrong with the way that something was asked, and what to do about it."""
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method} is not answered here.", OTHERWISE
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        most = current_app.config["MAX_CONTENT_LENGTH"]
        return "What was sent is too large.", f"Send at most {most:,} bytes at a time: less, more often."
    if status == HTTPStatus.REQUEST_URI_TOO_LONG:
        return f"The address is longer than {LONGEST_ADDRESS:,} characters.", "Ask for less at a time."
    if status == HTTPStatus.NOT_FOUND:
        return "There is nothing here.", OTHERWISE
    return "This could not be answered.", OTHERWISE


def _failed(failure: Exception) -> Response:
    """A fault of ours, or a full disk: the trace goes to the log, a sentence to whoever asked."""
    if is_full(failure):
        return _no_room()
    _log.error("%s %s failed.", request.method, request.path, exc_info=failure)
    if request.path.startswith(MACHINE_PATHS):
        remedy = (
            "Try again; if it happens again, send the log of this moment to whoever runs the installation."
        )
        return problem(500, "Something went wrong here.", _error(request.path, "A fault of ours.", remedy))
    return _page(HTTPStatus.INTERNAL_SERVER_ERROR, t("error.failed"))


def _no_room() -> Response:
    """Nothing can be stored until somebody makes room; what is only read goes on."""
    _log.error("%s %s could not be stored: the disk is full. Make room on it.", request.method, request.path)
    what, remedy = t("error.full"), t("error.full_remedy")
    if request.path.startswith(MACHINE_PATHS):
        return problem(HTTPStatus.INSUFFICIENT_STORAGE, what, _error(request.path, what, remedy))
    return _page(HTTPStatus.INSUFFICIENT_STORAGE, f"{what} {remedy}")


def _page(status: int, sentence: str) -> Response:
    title = f"{int(status)} {HTTPStatus(status).phrase}"
    home = f'<a class="button" href="/">{escape(t("shell.to_start"))}</a>'
    body = f'<div class="empty"><h1>{escape(title)}</h1><p>{escape(sentence)}</p>{home}</div>'
    return make_response(document(title, body), status)


def _error(where: str, what: str, remedy: str) -> dict[str, str]:
    return {"where": where, "what": what, "remedy": remedy}
