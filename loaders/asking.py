"""What is asked of a server: by whom, with what patience, and each request."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Token:
    """A personal access token of DHIS2 (``d2p_...`` or ``d2pat_...``)."""

    token: str = field(repr=False)

    def header(self) -> str:
        """The Authorization header."""
        return f"ApiToken {self.token}"


@dataclass(frozen=True)
class Basic:
    """A user name and password."""

    user: str
    password: str = field(repr=False)

    def header(self) -> str:
        """The Authorization header."""
        pair = f"{self.user}:{self.password}".encode()
        return "Basic " + base64.b64encode(pair).decode()


@dataclass(frozen=True)
class Limits:
    """How much we ask, wait and take.

    Attributes:
        parallel: Requests at a time, 1 to 8.
        connect: Seconds for a connection.
        read: Seconds of silence.
        total: Seconds for one answer as a whole.
        attempts: Tries of a request that may be repeated.
        backoff: Seconds before the first repetition; doubled, and jittered, for each further one.
        longest_wait: Seconds that we wait at most between two tries, the server's Retry-After included.
        slow: Seconds to the first byte from which the server counts as slow.
        body: Bytes of an unpacked body.
    """

    parallel: int = 4
    connect: float = 10.0
    read: float = 120.0
    total: float = 600.0
    attempts: int = 5
    backoff: float = 0.5
    longest_wait: float = 120.0
    slow: float = 10.0
    body: int = 512 << 20


@dataclass(frozen=True)
class Ask:
    """One request.

    Attributes:
        path: From the server's base, ``/api/...``.
        params: Query parameters; a name may repeat.
        method: GET, or a write.
        accept: The media type wanted.
        json: A body to send.
        repeatable: Whether sending it twice does no harm.
        divisible: Whether the asker can ask for less: then two time-outs are enough to say so.
        memorable: Whether the answer is worth keeping, to be confirmed instead of sent the next time.
        also: Statuses of errors that the reader wants to see itself.
        about: What tells this request from others of the same path, in words.
    """

    path: str
    params: Params = ()
    method: str = "GET"
    accept: str = "application/json"
    json: Any = None
    repeatable: bool = True
    divisible: bool = False
    memorable: bool = False
    also: tuple[int, ...] = ()
    about: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.about}".strip()
