"""What every opening of a page asks for anew and mostly is as before: its frame, its layout, its callbacks.

Dash asks for them by names without a version, so the browser has to ask each time; it then hears "not
changed" in a few bytes. The comparison is with what would be sent to this person, in this language, now:
who signs out and in as somebody else is compared with what is theirs.
"""

from hashlib import blake2b

from flask import Flask, Response, request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from accounts.cookies import proof_name

DASH = frozenset({"/_dash-layout", "/_dash-dependencies"})
PAGE = "text/html"
KEPT = "private, no-cache"
OK = 200


def tell(response: Response) -> Response:
    """An `after_request` hook: the answer with its ETag, or that the browser has it already."""
    if not _asked_each_time(response):
        return response
    response.headers["Cache-Control"] = KEPT
    response.set_etag(blake2b(response.get_data(), digest_size=9).hexdigest(), weak=True)
    if response.mimetype == PAGE and not _token_stands():
        return response  # the readable token comes with a whole page only
    compared: Response = response.make_conditional(request)
    return compared


def _asked_each_time(response: Response) -> bool:
    if request.method != "GET" or response.status_code != OK or "Cache-Control" in response.headers:
        return False
    return request.path in DASH or (response.mimetype == PAGE and not response.is_streamed)


def _token_stands() -> bool:
    try:
        validate_csrf(request.cookies.get(proof_name()))
    except ValidationError:
        return False
    return True


def install(server: Flask) -> None:
    """Compare before anything is packed or dressed: to be called after all others that look at answers."""
    server.after_request(tell)
