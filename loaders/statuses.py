"""What an HTTP answer of DHIS2, or of what stands before it, means."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests

from loaders.bodies import Answer, page_instead, timed_out
from loaders.errors import BadAnswer, NotPermitted, NotReachable, NotSignedIn, Refused, SourceError, TooMuch

NOT_MODIFIED = 304
# DHIS2's own codes, from its `ErrorCode`.
TOO_MUCH_CODES = {"E7128", "E7131", "E7136"}
NOT_PERMITTED_CODES = {"E2010", "E2011", "E2012", "E7120", "E7121"}
OVERLOADED = {408, 425, 429}
TOO_LARGE = {413, 414, 431}


def error_of(answer: Answer) -> SourceError | None:
    """What is wrong with ANSWER by its status; None when nothing is."""
    status = answer.status
    if 200 <= status < 300 or status == NOT_MODIFIED:
        return None
    code, message = web_message(answer)
    if status == 401 or (status == 400 and "apitoken" in answer.headers.get("WWW-Authenticate", "").lower()):
        return signed_out(answer.asked, message)
    if status in TOO_LARGE or code in TOO_MUCH_CODES:
        remedy = "Ask for fewer units, items or periods at a time."
        return TooMuch(_said(answer, message), remedy, kind=f"status {status} {code}".strip())
    if status == 403 or code in NOT_PERMITTED_CODES:
        remedy = "Ask your DHIS2 administrator for this right, or use another account."
        return NotPermitted(_said(answer, message), remedy, kind=f"status {status} {code}".strip())
    if status in OVERLOADED or status >= 500:
        return _overloaded(answer, message)
    if 300 <= status < 400:
        return signed_out(answer.asked) if leads_to_login(answer) else page_instead(answer.asked)
    return Refused(_said(answer, message), _remedy(status), status=status, code=code)


def leads_to_login(answer: Answer) -> bool:
    """Whether ANSWER is DHIS2's way of sending a browser to its log-in page."""
    return "login" in answer.headers.get("Location", "").lower()


def leads_elsewhere(answer: Answer) -> bool:
    """Whether ANSWER is a redirect to be followed, if it may be."""
    return 300 <= answer.status < 400 and answer.status != NOT_MODIFIED and not leads_to_login(answer)


def web_message(answer: Answer) -> tuple[str, str]:
    """DHIS2's error code and message in the body of ANSWER; empty when it has none (an HTML page)."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        return "", ""
    if not isinstance(body, dict):
        return "", ""
    return str(body.get("errorCode") or ""), str(body.get("message") or "")


def signed_out(asked: str, message: str = "") -> NotSignedIn:
    """The error for credentials that DHIS2 does not take."""
    said = f" ({message})" if message else ""
    remedy = "Check user name and password, or make a new token in DHIS2 (yours may have expired)."
    return NotSignedIn(f"DHIS2 does not accept our sign-in for {asked}{said}.", remedy, kind="not signed in")


def elsewhere(asked: str, target: str) -> BadAnswer:
    """The error for a redirect that credentials must not follow."""
    what = f"The answer to {asked} sends us to another address, {target}; passwords and tokens do not follow."
    return BadAnswer(what, "If that is the right server, set its address as the source.", kind="redirect")


def not_connected(asked: str, base: str, error: requests.RequestException) -> NotReachable:
    """The error for a request that got no answer at all."""
    if isinstance(error, requests.exceptions.SSLError):
        remedy = "Check its certificate, and the address."
        return NotReachable(f"The certificate of {base} is not valid.", remedy, kind="certificate")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        what, kind = f"{base} does not answer (asked {asked}).", "no connection"
    elif isinstance(error, requests.exceptions.ReadTimeout):
        return timed_out(asked, "no answer came")
    elif "refused" in str(error).lower() or "resolve" in str(error).lower():
        what, kind = f"No DHIS2 is reachable at {base} (asked {asked}).", "no connection"
    else:
        what, kind = f"{base} cut the line before answering {asked}.", "reset"
    remedy = "Check that the server runs, its address, and the network between."
    return NotReachable(what, remedy, kind=kind, transient=True)


def _overloaded(answer: Answer, message: str) -> SourceError:
    kind = "time-out" if answer.status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT) else ""
    return NotReachable(
        _said(answer, message),
        "Try again later; if it persists, tell your DHIS2 administrator.",
        kind=kind or f"status {answer.status}",
        transient=True,
        retry_after=_retry_after(answer.headers.get("Retry-After", "")),
    )


def _retry_after(header: str) -> float | None:
    """Seconds that a Retry-After header (seconds or a date, RFC 9110 §10.2.3) asks for."""
    if header.strip().isdigit():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _said(answer: Answer, message: str) -> str:
    words = message or ("a web page" if answer.is_page() else "no explanation")
    return f"DHIS2 answered {answer.asked} with status {answer.status}: {words.rstrip('.')}."


def _remedy(status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "Check the address and that it still exists in DHIS2."
    return "Check what was asked against DHIS2's metadata; `python app.py check` examines the server."
