"""Answers as DHIS2 words them: web messages, JSON, cache headers, and the guards in front of a route."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, g, request

from demo.clock import Clock
from demo.store import Object, Store
from demo.users import User

JSON = "application/json;charset=UTF-8"
ERROR_JSON = "application/json"
NO_STORE = "no-cache, no-store, max-age=0, must-revalidate"
PRIVATE = "no-cache, private"
YES, NO = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
MINUTE = "max-age=60, public"


class Refusal(Exception):
    """A request that cannot be answered; it becomes a web message.

    Args:
        status: the HTTP status (most of DHIS2's refusals are 409).
        message: what is wrong.
        error_code: DHIS2's code (`E2006`), if it has one.
    """

    def __init__(self, status: int, message: str, error_code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.error_code = status, message, error_code


def store() -> Store:
    """Returns the store of the running server."""
    return current_app.extensions["store"]


def clock() -> Clock:
    """Returns the clock of the running server."""
    return store().clock


def dialect() -> int:
    """Returns the version spoken: 40, 41, 42 or 43."""
    return current_app.config["DIALECT"]


def current_user() -> User:
    """Returns who asks; the guard has seen to it that there is somebody."""
    return g.user


def answer(
    body: Any, status: int = 200, cache: str | None = None, headers: dict[str, str] | None = None
) -> Response:
    """Returns BODY as JSON, with DHIS2's content type and the given cache header."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, status, content_type=JSON)
    response.headers.update(headers or {})
    if cache:
        response.headers["Cache-Control"] = cache
    return response


def empty(status: int = 200, cache: str | None = None) -> Response:
    """Returns an answer without a body and without a content type."""
    response = Response(b"", status)
    del response.headers["Content-Type"]
    if cache:
        response.headers["Cache-Control"] = cache
    return response


def web_message(
    status: int,
    message: str | None = None,
    error_code: str | None = None,
    response: Object | None = None,
    **more: Any,
) -> Response:
    """Returns a WebMessage.

    Args:
        status: the HTTP status; 2xx is OK, a `response` with status WARNING or ERROR decides the rest.
        message: what happened; left out when None.
        error_code: DHIS2's code.
        response: the part under `response` (an import summary, an object report ...).
        more: `level` overrides the status word; `headers` are added; anything else becomes a key.
    """
    level = more.pop("level", "OK" if status < 400 else "ERROR")
    headers = more.pop("headers", None)
    body: Object = {"httpStatus": HTTPStatus(status).phrase, "httpStatusCode": status, "status": level}
    extra = {"message": message, **more, "errorCode": error_code, "response": response}
    body.update((k, v) for k, v in extra.items() if v is not None)
    return answer(body, status, PRIVATE if status >= 400 else None, headers)


def refuse(refusal: Refusal) -> Response:
    """Turns a refusal into its answer."""
    response = web_message(refusal.status, refusal.message, refusal.error_code)
    response.headers["Content-Type"] = ERROR_JSON
    return response


def requires(*authorities: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guards a route: one of AUTHORITIES is needed, else 403."""

    def decorate(route: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(route)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not any(current_user().has(a) for a in authorities):
                wanted = ", ".join(authorities)
                raise Refusal(403, f"Access is denied, requires one Authority from [{wanted}]")
            return route(*args, **kwargs)

        return guarded

    return decorate


def several(name: str) -> list[str]:
    """Returns every value of a query parameter: repeated, or separated by commas."""
    return [part.strip() for value in request.args.getlist(name) for part in value.split(",") if part.strip()]


def flag(name: str, default: bool = False) -> bool:
    """Returns a query parameter as true or false.

    Raises:
        Refusal: 400, it says neither.
    """
    value = request.args.get(name, "").strip().lower()
    if value and value not in YES + NO:
        raise Refusal(
            400, f"Value '{value}' is not valid for parameter {name}. Invalid boolean value [{value}]"
        )
    return value in YES if value else default


def answer_format(default: str = "json") -> str:
    """Returns what kind of answer is asked for: by the path, else `format`, else the Accept header."""
    asked = request.environ.get("demo.suffix") or request.args.get("format")
    if asked:
        return asked
    accepted = request.headers.get("Accept", "")
    return "csv" if "csv" in accepted and "json" not in accepted else default


def absolute(path: str) -> str:
    """Returns the full address of PATH (`/api/...`) on this server."""
    return request.host_url.rstrip("/") + path


def json_body(kind: type = dict, status: int = 400) -> Any:
    """Returns the request's JSON body; STATUS when it is no JSON, 400 when not of the KIND wanted."""
    try:
        body = json.loads(request.get_data() or b"null")
    except ValueError as e:
        raise Refusal(status, f"Invalid JSON document: {e}") from e
    if not isinstance(body, kind):
        raise Refusal(400, f"Unexpected JSON: {kind.__name__} expected, {type(body).__name__} found")
    return body
