"""A real HTTP server that answers as a test tells it to, down to the byte at which it hangs up."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from loaders.dhis2 import Limits

ME = {"id": "M5zQapPyTZI", "username": "awa", "authorities": ["F_X"], "dataSets": ["abc"]}
"""Somebody, as `/api/me` tells of them."""


@dataclass(frozen=True)
class Reply:
    """One answer and what is wrong with it."""

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    framing: str = "length"  # length, chunked, or close: how the client learns where the body ends
    sent: int | None = None  # only so many bytes of the body, then the line is cut
    reset: bool = False  # no answer at all
    wait: float = 0.0  # before the first byte
    pause: float = 0.0  # after each byte


@dataclass(frozen=True)
class Seen:
    """One request that the server received."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]

    def all(self, name: str) -> list[str]:
        """The values of a query parameter."""
        return [value for key, value in self.query if key == name]


Script = Callable[[Seen], Reply]


def as_json(thing: Any, **more: Any) -> Reply:
    """THING as a JSON answer."""
    return Reply(json.dumps(thing).encode(), headers={"Content-Type": "application/json"}, **more)


def refusal(status: int, code: str = "", message: str = "No.") -> Reply:
    """DHIS2's error body."""
    body = {"httpStatusCode": status, "status": "ERROR", "message": message, "errorCode": code}
    return Reply(json.dumps(body).encode(), status, {"Content-Type": "application/json"})


class ScriptedServer:
    """Answers each path by its script: replies in turn (the last for good), or a function of the request."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.most_at_once = 0
        self._at_once = 0
        self._scripts: dict[str, list[Reply] | Script] = {}
        self._asked: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.on("/api/system/info", as_json(SYSTEM))
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def on(self, path: str, *replies: Reply | Script) -> None:
        """Answer PATH with these replies in turn, or by a function."""
        first = replies[0]
        self._scripts[path] = first if callable(first) else list(replies)  # type: ignore[arg-type]

    def asked(self, path: str) -> list[Seen]:
        """The requests for PATH so far."""
        return [seen for seen in self.seen if seen.path == path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reply_to(self, seen: Seen) -> Reply:
        with self._lock:
            self.seen.append(seen)
            number = self._asked[seen.path]
            self._asked[seen.path] += 1
        script = self._scripts.get(seen.path, [refusal(404, "E1005")])
        return script(seen) if callable(script) else script[min(number, len(script) - 1)]

    def entered(self, change: int) -> None:
        with self._lock:
            self._at_once += change
            self.most_at_once = max(self.most_at_once, self._at_once)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                seen = Seen(
                    self.command,
                    parts.path,
                    tuple(parse_qsl(parts.query, keep_blank_values=True)),
                    dict(self.headers),
                    body,
                    self.client_address,
                )
                server.entered(+1)
                try:
                    send(self, server.reply_to(seen))
                except OSError:
                    self.close_connection = True
                finally:
                    server.entered(-1)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """Put REPLY on the wire, faults and all."""
    time.sleep(reply.wait)
    if reply.reset:
        return hang_up(handler)
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    body = reply.body if reply.sent is None else reply.body[: reply.sent]
    if reply.framing == "length":
        handler.send_header("Content-Length", str(len(reply.body)))
    elif reply.framing == "chunked":
        handler.send_header("Transfer-Encoding", "chunked")
        body = b"%x\r\n%s" % (len(reply.body), body) + (b"" if reply.sent is not None else b"\r\n0\r\n\r\n")
    else:
        handler.send_header("Connection", "close")
        handler.close_connection = True
    handler.end_headers()
    if reply.pause:
        for number in range(len(body)):
            handler.wfile.write(body[number : number + 1])
            handler.wfile.flush()
            time.sleep(reply.pause)
    else:
        handler.wfile.write(body)
    if reply.sent is not None:
        handler.close_connection = True
    return None


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Cut the line hard (RST) instead of closing it politely."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


HASTY = Limits(backoff=0.001, read=0.3, total=0.8, attempts=3)
SYSTEM = {
    "version": "2.42.5.2",
    "calendar": "iso8601",
    "serverDate": "2026-11-22T01:35:13.146",
    "serverTimeZoneId": "UTC",
    "systemName": "Scripted",
}
