"""Faults on demand: what networks, proxies and busy servers do to an answer, when a test asks for it.

``POST /demo/faults`` adds one, ``GET`` tells how often each struck, ``DELETE`` ends all; from this machine
only. A fault strikes a request whose path contains `match`, with probability `rate`, at most `count` times.
Its draws come from `seed`, so that the same requests in the same order meet the same faults.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from random import Random
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request

from demo.web import Refusal, answer, json_body

KINDS = ("latency", "status", "reset", "truncate", "drip", "login", "expired", "stuck")
FIELDS = {
    "kind": str,
    "match": str,
    "rate": (int, float),
    "count": int,
    "ms": int,
    "status": int,
    "retry_after": int,
    "seed": int,
    "after": bool,
}
DRIP_BYTES = 512
LOOPBACK = ("127.0.0.1", "::1")
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
PAGE = (
    "<html>\n<head><title>{line}</title></head>\n<body><center><h1>{line}</h1></center><hr></body>\n</html>\n"
)
EXPIRED = (
    b'{"httpStatus":"Unauthorized","httpStatusCode":401,"status":"ERROR",'
    b'"message":"Failed to authenticate API token, token has expired."}'
)

blueprint = Blueprint("faults", __name__)
Wsgi = Callable[..., Iterable[bytes]]


@dataclass
class Fault:
    """One fault and how often it struck.

    Attributes:
        kind: one of `KINDS`.
        match: a part of the path it strikes; empty strikes all of ``/api``.
        rate: probability for each request.
        count: how often at most; None for ever.
        ms: delay of `latency`, pause between two pieces of `drip`.
        status: of `status`; 502 if not said.
        retry_after: seconds, sent as Retry-After with `status`.
        after: `reset` only once the request was carried out, so that the answer is lost but not the deed.
    """

    kind: str
    match: str = ""
    rate: float = 1.0
    count: int | None = None
    ms: int = 300
    status: int = 502
    retry_after: int | None = None
    seed: int = 0
    after: bool = False
    struck: int = 0
    random: Random = field(default_factory=Random, repr=False)

    def strikes(self, path: str) -> bool:
        """Says whether this request is hit, and counts it."""
        if (self.match not in path) or (self.count is not None and self.struck >= self.count):
            return False
        hit = self.random.random() < self.rate
        self.struck += hit
        return hit

    def told(self) -> dict[str, Any]:
        """The fault as JSON shows it."""
        return {k: v for k, v in asdict(self).items() if k != "random" and v is not None}


class Faults:
    """The faults of one server; safe to ask from many threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Lets FAULT strike from now on."""
        fault.random = Random(fault.seed)
        with self._lock:
            self._faults.append(fault)

    def end(self) -> list[dict[str, Any]]:
        """Ends all faults; returns what each did."""
        with self._lock:
            told, self._faults = [fault.told() for fault in self._faults], []
        return told

    def told(self) -> list[dict[str, Any]]:
        """Returns each fault with how often it struck."""
        with self._lock:
            return [fault.told() for fault in self._faults]

    def delay(self, path: str) -> float:
        """Seconds that this request has to wait."""
        with self._lock:
            return sum(f.ms / 1000 for f in self._faults if f.kind == "latency" and f.strikes(path))

    def strike(self, path: str) -> Fault | None:
        """The fault that spoils this request, or None."""
        with self._lock:
            spoilers = (f for f in self._faults if f.kind not in ("latency", "stuck"))
            return next((f for f in spoilers if f.strikes(path)), None)

    def stuck(self, path: str) -> bool:
        """Says whether a job started by a request to PATH shall never end."""
        with self._lock:
            return any(f.kind == "stuck" and f.strikes(path) for f in self._faults)


class Spoiler:
    """WSGI middleware between the server and the application.

    Args:
        app: the application.
        faults: asked at every request, those to ``/demo`` aside.
    """

    def __init__(self, app: Wsgi, faults: Faults) -> None:
        self.app, self.faults = app, faults

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request, or spoils it."""
        path = environ.get("PATH_INFO", "")
        if environ.get("demo.suffix"):
            path = f"{path}.{environ['demo.suffix']}"
        if path.startswith("/demo/"):
            return self.app(environ, start_response)
        time.sleep(self.faults.delay(path))
        fault = self.faults.strike(path)
        if fault is None:
            return self.app(environ, start_response)
        return Spoiled(self.app, environ, start_response, fault).answer()


@dataclass(frozen=True)
class Spoiled:
    """One request that a fault struck."""

    app: Wsgi
    environ: dict[str, Any]
    start_response: Callable[..., Any]
    fault: Fault

    def answer(self) -> Iterable[bytes]:
        """Answers as the fault has it."""
        kinds: dict[str, Callable[[], Iterable[bytes]]] = {
            "status": self._status,
            "reset": self._reset,
            "truncate": self._truncate,
            "drip": self._drip,
            "login": self._login,
            "expired": self._expired,
        }
        return kinds[self.fault.kind]()

    def _status(self) -> Iterable[bytes]:
        line = f"{self.fault.status} {HTTPStatus(self.fault.status).phrase}"
        headers = [("Content-Type", "text/html")]
        if self.fault.retry_after is not None:
            headers.append(("Retry-After", str(self.fault.retry_after)))
        return self._send(line, headers, PAGE.format(line=line).encode())

    def _reset(self) -> Iterable[bytes]:
        if self.fault.after:
            self._whole()
        connection = self.environ.get("werkzeug.socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        raise ConnectionResetError("a fault that was asked for")

    def _truncate(self) -> Iterable[bytes]:
        status, headers, body = self._whole()
        return self._send(status, headers, body[: len(body) // 2].rstrip(b"\r\n"))

    def _drip(self) -> Iterator[bytes]:
        status, headers, body = self._whole()
        self.environ["demo.flush"] = True
        self.start_response(status, [*_without_length(headers), ("Content-Length", str(len(body)))])
        return _pieces(body, self.fault.ms / 1000)

    def _login(self) -> Iterable[bytes]:
        where = f"http://{self.environ.get('HTTP_HOST', 'localhost')}/dhis-web-login/"
        return self._send("302 Found", [("Location", where)], b"")

    def _expired(self) -> Iterable[bytes]:
        headers = [("Content-Type", "application/json;charset=UTF-8"), ("WWW-Authenticate", "ApiToken")]
        return self._send("401 Unauthorized", headers, EXPIRED)

    def _whole(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """Lets the application answer and returns status, headers and the whole body."""
        started: list[Any] = []
        parts = self.app(self.environ, lambda status, headers, _=None: started.extend((status, headers)))
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        return started[0], started[1], body

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> list[bytes]:
        self.start_response(status, [*_without_length(headers), ("Content-Length", str(len(body)))])
        return [body]


def _pieces(body: bytes, pause: float) -> Iterator[bytes]:
    for start in range(0, len(body), DRIP_BYTES):
        yield body[start : start + DRIP_BYTES]
        time.sleep(pause)


def _without_length(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() != "content-length"]


def install(app: Flask) -> None:
    """Puts the faults between server and application."""
    faults = app.extensions["faults"] = Faults()
    app.wsgi_app = Spoiler(app.wsgi_app, faults)  # type: ignore[method-assign]


def faults() -> Faults:
    """Returns the faults of the running server."""
    return current_app.extensions["faults"]


@blueprint.before_request
def _from_here_only() -> None:
    if request.remote_addr not in LOOPBACK:
        raise Refusal(403, "Faults can only be asked for from this machine.")


@blueprint.post("/demo/faults")
def add() -> Response:
    """Adds a fault."""
    fault = _read(json_body())
    faults().add(fault)
    return answer(fault.told(), 201)


@blueprint.get("/demo/faults")
def show() -> Response:
    """Tells how often each fault struck."""
    return answer({"faults": faults().told()})


@blueprint.delete("/demo/faults")
def end() -> Response:
    """Ends all faults and tells what they did."""
    return answer({"faults": faults().end()})


def _read(body: dict[str, Any]) -> Fault:
    if body.get("kind") not in KINDS:
        raise Refusal(400, f"kind {body.get('kind')!r} is none of {', '.join(KINDS)}")
    for key, value in body.items():
        if key not in FIELDS:
            raise Refusal(400, f"{key!r} is not a field of a fault: {', '.join(FIELDS)}")
        if value is not None and (
            not isinstance(value, FIELDS[key]) or isinstance(value, bool) != (key == "after")
        ):
            raise Refusal(400, f"{key} cannot be {value!r}")
    if not 0 <= body.get("rate", 1) <= 1:
        raise Refusal(400, "rate must lie between 0 and 1")
    if body["kind"] == "status" and body.get("status", 502) not in list(HTTPStatus):
        raise Refusal(400, f"{body['status']} is no HTTP status")
    return Fault(**{key: value for key, value in body.items() if value is not None})
