"""The HTTP/1.1 server under the application: a thread for each connection, connections kept open."""

from __future__ import annotations

import socket
import traceback
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class KeepAlive(WSGIRequestHandler):
    """Answers one request after another on a connection, as Tomcat does; Werkzeug's own handler closes it.

    What the application did not read of a request's body is read before the next request. An application
    that raises
    `ConnectionError` breaks the connection off where it is: that is how faults are played.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    timeout = 60

    def run_wsgi(self) -> None:
        """Answers one request and makes the connection ready for the next."""
        environ = self.make_environ()
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        body = Counted(environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0))
        if not chunked:
            environ["wsgi.input"] = body
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        try:
            self._answer(environ)
            body.drain() if not chunked else None
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception:  # noqa: BLE001 - whatever the application did, the next connection is served
            self.server.log("error", traceback.format_exc())
            self.close_connection = True
        if chunked:
            self.close_connection = True

    def _answer(self, environ: dict[str, Any]) -> None:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            started[:] = [status, headers]

        parts = self.server.app(environ, start_response)  # type: ignore[arg-type]
        try:
            chunks = self._send_head(environ, *started)
            for part in parts:
                if part and environ["REQUEST_METHOD"] != "HEAD":
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if chunks else part)
                    if environ.get("demo.flush"):
                        self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n" if chunks else b"")
            self.wfile.flush()
        finally:
            getattr(parts, "close", lambda: None)()

    def _send_head(self, environ: dict[str, Any], status: str, headers: list[tuple[str, str]]) -> bool:
        """Sends status line and headers; says whether the body goes in chunks."""
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        names = {name.lower() for name, _ in headers}
        bodiless = code in ("204", "304") or environ["REQUEST_METHOD"] == "HEAD"
        chunks = not bodiless and "content-length" not in names
        for name, value in headers:
            if name.lower() != "date":
                self.send_header(name, value)
        if chunks:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        return chunks

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing: one line a request would bury what matters."""


class Counted:
    """The body of one request: exactly as long as announced.

    Args:
        stream: the connection.
        length: how many bytes belong to this request.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int = -1) -> bytes:
        """Reads up to SIZE bytes, never beyond the request."""
        data = self.stream.read(self.left if size < 0 else min(size, self.left))
        self.left = self.left - len(data) if data else 0
        return data

    def readline(self, size: int = -1) -> bytes:
        """Reads one line, never beyond the request."""
        data = self.stream.readline(self.left if size < 0 else min(size, self.left))
        self.left = self.left - len(data) if data else 0
        return data

    def drain(self) -> None:
        """Reads and forgets what is left."""
        while self.left:
            self.read(64 * 1024)


def listening(port: int, host: str = "127.0.0.1") -> socket.socket:
    """Takes a port, so that nobody else gets it while the store is being filled.

    Raises:
        OSError: the port is taken.
    """
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError:
        taken.close()
        raise
    taken.listen(128)
    return taken


def serve(app: Flask, port: int, host: str = "127.0.0.1", on: socket.socket | None = None) -> BaseWSGIServer:
    """Returns the server, not yet serving.

    Args:
        app: what answers.
        port: where, 0 for any.
        host: the address to listen on.
        on: a socket that listens there already; without it the port is taken now.

    Raises:
        SystemExit: the port is taken (Werkzeug says so).
    """
    fd = None if on is None else on.fileno()
    server = make_server(host, port, app, threaded=True, request_handler=KeepAlive, fd=fd)
    server.daemon_threads = True  # type: ignore[attr-defined]
    return server
