"""Bodies as they come off the wire: whole or not at all, never larger than we can hold, unpacked."""

from __future__ import annotations

import json
import time
import zlib
from dataclasses import dataclass
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, ReadTimeoutError

from loaders.errors import BadAnswer, NotPermitted, NotReachable, TooMuch

GZIP = b"\x1f\x8b"
PIECE = 1 << 18
# Deflate can swell a thousandfold; DHIS2's CSV swells twentyfold and a very dull one a hundredfold.
SUSPICIOUS_RATIO = 400
SUSPICIOUS_SIZE = 32 << 20


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, unpacked.

    Attributes:
        asked: The request in words, for messages.
        status: HTTP status.
        headers: Its headers.
        body: The body, unpacked.
        by_session: Whether the request carried a session's cookie.
    """

    asked: str
    status: int
    headers: CaseInsensitiveDict[str]
    body: bytes
    by_session: bool = False

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            NotPermitted: The body is empty, which is how DHIS2 says that one may not see this.
            BadAnswer: It is an HTML page or cut off.
        """
        require_content(self)
        try:
            return json.loads(self.body)
        except ValueError as error:
            if self.is_page():
                raise page_instead(self.asked) from error
            raise cut_off(self.asked, f"JSON ends or breaks after {len(self.body):,} bytes") from error

    def is_page(self) -> bool:
        """Whether the body is a web page instead of data."""
        return self.body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def require_content(answer: Answer) -> None:
    """Refuse an empty body.

    Raises:
        NotPermitted: The body of a successful answer is empty.
    """
    if not answer.body or answer.body.isspace():
        raise NotPermitted(
            f"DHIS2 answered {answer.asked} with nothing at all, its way of saying that one may not see it.",
            "Give the account the right to view data of these organisation units and to read the data sets.",
            kind="not permitted",
        )


def cut_off(asked: str, detail: str) -> BadAnswer:
    """The error for an answer that lacks its end."""
    remedy = "Try again; if it persists, look for time limits on the way (a proxy, DHIS2's own log)."
    return BadAnswer(f"The answer to {asked} is cut off: {detail}.", remedy, kind="cut off", transient=True)


def page_instead(asked: str) -> BadAnswer:
    """The error for a web page where data should be."""
    what = f"The answer to {asked} is a web page instead of data."
    remedy = "Check the address: it must be DHIS2's own, with its context path, and no proxy's or login page."
    return BadAnswer(what, remedy, kind="web page", transient=True)


def no_dhis2(asked: str, base: str, stumbled: Exception) -> BadAnswer:
    """The error for data of another shape than DHIS2 gives it, at which whoever reads it stumbled."""
    detail = f"{type(stumbled).__name__}: {stumbled}"
    what = f"What answers {asked} at {base} does not answer as DHIS2 does ({detail})."
    remedy = "Check the address: it must be DHIS2's own, with its context path."
    return BadAnswer(what, remedy, kind="no DHIS2")


def read_body(response: requests.Response, asked: str, most: int, deadline: float) -> bytes:
    """Read a streamed RESPONSE as it came, not unpacked.

    Args:
        response: An answer requested with ``stream=True``.
        asked: The request in words.
        most: Bytes that we are ready to take.
        deadline: `time.monotonic` time by which the body must be whole.

    Raises:
        NotReachable: It dripped past the deadline, or stopped.
        BadAnswer: It ended before its end.
        TooMuch: It is larger than MOST.
    """
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := response.raw.read1(PIECE, decode_content=False):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise too_large(asked, most)
            if time.monotonic() > deadline:
                raise timed_out(asked, "its body trickled in too slowly")
    except ReadTimeoutError as error:
        raise timed_out(asked, "it stopped in the middle of its answer") from error
    except (HTTPError, OSError) as error:
        raise cut_off(asked, f"the line broke after {size:,} bytes ({type(error).__name__})") from error
    return b"".join(pieces)


def too_large(asked: str, most: int) -> TooMuch:
    """The error for an answer larger than MOST bytes."""
    what = f"The answer to {asked} is larger than {most >> 20:,} MB."
    return TooMuch(what, "Ask for fewer units or periods at a time.", kind="too large")


def timed_out(asked: str, how: str) -> NotReachable:
    """The error for an answer that took too long."""
    remedy = "Ask for less at a time, or try again when the server is less busy."
    return NotReachable(
        f"DHIS2 did not finish {asked} in time: {how}.", remedy, kind="time-out", transient=True
    )


def inflate(data: bytes, asked: str, most: int) -> bytes:
    """Unpack gzip DATA of any number of members, watching its size.

    Raises:
        BadAnswer: It is cut off, damaged, or swells beyond reason.
        TooMuch: It is larger than MOST when unpacked.
    """
    pieces: list[bytes] = []
    size = 0
    rest = data
    while rest.startswith(GZIP):
        unpacker = zlib.decompressobj(31)
        while not unpacker.eof:
            try:
                piece = unpacker.decompress(rest, PIECE * 4)
            except zlib.error as error:
                raise cut_off(asked, f"its gzip is damaged ({error})") from error
            rest = unpacker.unconsumed_tail or unpacker.unused_data
            size += len(piece)
            _refuse_bomb(size, len(data), asked, most)
            pieces.append(piece)
            if not piece and not rest and not unpacker.eof:
                raise cut_off(asked, "its gzip has no end")
    return b"".join(pieces)


def _refuse_bomb(size: int, packed: int, asked: str, most: int) -> None:
    if size > SUSPICIOUS_SIZE and size > SUSPICIOUS_RATIO * packed:
        what = f"The answer to {asked} swells from {packed:,} to more than {size:,} bytes."
        remedy = "This is no honest answer: check what stands between us and DHIS2."
        raise BadAnswer(what, remedy, kind="swelling gzip", transient=True)
    if size > most:
        raise too_large(asked, most)
