"""The one door: before every route and every callback stands the question who asks; nobody is the default."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, jsonify, redirect, request
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from accounts.access import Access
from accounts.cookies import Cookie, proof_name
from accounts.person import Person

OPEN_PATHS = frozenset({"/login", "/healthz", "/readyz", "/sw.js", "/manifest.webmanifest"})
OPEN_ASSETS = (".css", ".ico", ".js", ".png", ".svg", ".woff2")  # the product's own code and look, no figures
MACHINE_PATHS = ("/api/", "/_", "/assets/")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOG_IN = "/login"
CLOCK = ".n_intervals"
HALF_OF_A_CHARACTER = rb"\ud"


def current() -> Person | None:
    """Who asks, in this request."""
    person: Person | None = g.get("person")
    return person


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


def sent_json() -> Any:
    """The request's body as JSON; None when it is none, is nested too deep, or holds half a character."""
    try:
        body = request.get_data(cache=True)
        found = json.loads(body.decode("utf-8-sig"))
        if HALF_OF_A_CHARACTER in body.lower():
            json.dumps(
                found, ensure_ascii=False
            ).encode()  # one without its other half can be written nowhere
        return found
    except (ValueError, RecursionError):
        return None


def problem(status: int, detail: str, *errors: dict[str, str]) -> Response:
    """An error as `application/problem+json`.

    Args:
        status: the HTTP status.
        detail: what is wrong, as one sentence.
        errors: {"where", "what", "remedy"} for each thing that is wrong.
    """
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, "errors": list(errors)}
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def install(server: Flask, access: Access, cookie: Cookie) -> None:
    """Put the door before everything that this server answers."""
    csrf = CSRFProtect()
    server.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(server)
    server.before_request(_door(access, cookie, csrf))
    server.register_error_handler(CSRFError, _forged)
    server.after_request(_with_csrf_cookie(cookie))


def _door(access: Access, cookie: Cookie, csrf: CSRFProtect) -> Callable[[], AnyResponse | None]:
    def ask_who() -> AnyResponse | None:
        bearer = _bearer()
        if bearer is not None:
            g.person = access.by_token(bearer)
        elif not (_is_asset(request.path) and is_open(request.path)):
            g.person = access.by_session(request.cookies.get(cookie.name, ""), not _asks_by_itself())
        if bearer is None and request.method not in SAFE_METHODS:
            csrf.protect()
        return None if current() or is_open(request.path) else _turn_away(bearer)

    return ask_who


def is_open(path: str) -> bool:
    """Whether anybody may see this path: the log-in page, what draws it and the desk, the health checks."""
    return path in OPEN_PATHS or (_is_asset(path) and path.endswith(OPEN_ASSETS) and ".." not in path)


def _asks_by_itself() -> bool:
    """Whether a page's clock asks, and no person: an open page must not keep a session alive for ever."""
    if request.method in SAFE_METHODS or not request.is_json:
        return False
    body = sent_json()
    changed = body.get("changedPropIds") if isinstance(body, dict) else None
    return isinstance(changed, list) and bool(changed) and all(str(each).endswith(CLOCK) for each in changed)


def _is_asset(path: str) -> bool:
    return path.startswith("/assets/")


def _bearer() -> str | None:
    """The API token of a script. Pages and callbacks take none: a stolen one opens no more than the API."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" and request.path.startswith("/api/") else None


def _turn_away(bearer: str | None) -> AnyResponse:
    wants_page = request.method in SAFE_METHODS and not request.path.startswith(MACHINE_PATHS)
    if wants_page:
        asked = request.full_path.rstrip("?")
        return redirect(LOG_IN if asked == "/" else f"{LOG_IN}?next={quote(asked, safe='')}", 303)
    if bearer is None:
        remedy = "Log in, or send a token of your profile page as `Authorization: Bearer TOKEN`."
        answer = problem(401, "Nobody is logged in.", _error("session", "There is no session.", remedy))
    else:
        remedy = "Log in to the dashboard once, and make a new token on the profile page if this one is gone."
        what = "The token is unknown, revoked or past its end, or DHIS2 no longer confirms its owner."
        answer = problem(401, "The token opens nothing.", _error("Authorization", what, remedy))
    answer.headers["WWW-Authenticate"] = 'Bearer realm="Tandem"'
    return answer


def _error(where: str, what: str, remedy: str) -> dict[str, str]:
    return {"where": where, "what": what, "remedy": remedy}


def _forged(refusal: CSRFError) -> AnyResponse:
    remedy = "Load the page again and repeat what you did."
    what = f"The request does not prove that it comes from our own page ({refusal.description})"
    return problem(400, "The request was not accepted.", _error("X-CSRFToken", what, remedy))


def _with_csrf_cookie(cookie: Cookie) -> Callable[[Response], Response]:
    """Pages carry a readable token that our own scripts send back with every callback; other sites cannot."""

    def hand_over(response: Response) -> Response:
        if response.mimetype == "text/html" and response.status_code == HTTPStatus.OK:
            limits: dict[str, Any] = {"samesite": "Strict", "secure": cookie.secure, "path": "/"}
            response.set_cookie(proof_name(), generate_csrf(), **limits)
        return response

    return hand_over
