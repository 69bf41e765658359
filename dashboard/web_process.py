"""A web process of gunicorn that refuses an address past all limits as the interface does, not as HTML."""

import json
import socket
from http import HTTPStatus
from typing import Any

from gunicorn.http.errors import LimitRequestLine
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

STATUS = HTTPStatus.REQUEST_URI_TOO_LONG


class WebProcess(ThreadWorker):
    """A process that answers several requests at a time, each in a thread."""

    def handle_error(
        self, req: Any, client: socket.socket, addr: tuple[str, int] | None, exc: Exception
    ) -> None:
        """Answer what could not be read as a request; where it was addressed to was not read either."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Too long an address from %s.", (addr or ("",))[0])
        write_nonblock(client, too_long())


def too_long() -> bytes:
    """The whole answer to an address that is too long, as it goes over the wire."""
    what = "The address is longer than this server reads."
    error = {"where": "address", "what": what, "remedy": "Ask for less at a time."}
    body = json.dumps({"title": STATUS.phrase, "status": STATUS, "detail": what, "errors": [error]}).encode()
    head = (
        f"HTTP/1.1 {STATUS.value} {STATUS.phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
