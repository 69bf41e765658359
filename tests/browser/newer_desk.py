"""The desk as it is served after an update: our own server, seen through a proxy that can call it newer."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"}
VERSION = "X-Desk-Version"


@dataclass
class Newer:
    """An address where the desk is served; `update` makes it one of another version from then on."""

    address: str
    old: str = ""
    new: str = ""

    def update(self) -> None:
        """Serve another version of the desk."""
        assert self.old, "nobody has loaded the desk yet"
        self.new = "".join(reversed(self.old))
        assert self.new != self.old


def through(served: str, seen: Newer) -> type[BaseHTTPRequestHandler]:
    """What answers as the application at `served` does, and notes which version the desk has there."""

    class Through(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Nothing of it is of interest."""

        def do_GET(self) -> None:
            self._pass()

        def do_POST(self) -> None:
            self._pass()

        def _pass(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked = {name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"}
            there = http.client.HTTPConnection(urlsplit(served).netloc, timeout=60)
            there.request(self.command, self.path, self.rfile.read(length) if length else None, asked)
            answer = there.getresponse()
            body = answer.read()
            seen.old = seen.old or answer.getheader(VERSION, "")
            headers = [each for each in answer.getheaders() if each[0].lower() not in HOP_BY_HOP]
            if seen.new and self.path.split("?")[0] in ("/store", "/sw.js"):
                body = body.replace(seen.old.encode(), seen.new.encode())
                headers = [(name, value.replace(seen.old, seen.new)) for name, value in headers]
            self.send_response(answer.status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            there.close()

    return Through


@contextmanager
def newer_desk(served: str) -> Iterator[Newer]:
    """The application at another address, whose desk can be updated."""
    seen = Newer("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), through(served, seen))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    seen.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
