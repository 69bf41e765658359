"""HTTP with a DHIS2 server: credentials, patience, retries; what comes back is a whole answer or an error."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar

from loaders.asking import Ask, Basic, Limits, Token
from loaders.bodies import GZIP, Answer, inflate, no_dhis2, read_body
from loaders.errors import NotReachable, NotSignedIn, SourceError, TooMuch
from loaders.remembered import Remembered
from loaders.report import Fault, Report, now
from loaders.statuses import NOT_MODIFIED, elsewhere, error_of, leads_elsewhere, not_connected
from loaders.throttle import Throttle

T = TypeVar("T")
OTHER_SHAPE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class Http:
    """The way to one server. Any number of threads may use it, over as few connections as will do.

    Args:
        base: The server's address with its context path, without ``/api``.
        credentials: `Token` or `Basic`; None asks as nobody.
        limits: Patience and appetite.
        report: Where requests and faults are written down.
        remembered: Answers of earlier times.
    """

    def __init__(
        self,
        base: str,
        credentials: Token | Basic | None,
        limits: Limits,
        report: Report,
        remembered: Remembered | None = None,
    ) -> None:
        self.base = checked_base(base)
        self.limits = limits
        self.report = report
        self.throttle = Throttle(limits.parallel, limits.slow)
        self._authorization = credentials.header() if credentials else ""
        self._remembered = remembered
        self._closed = threading.Event()
        # Who has a turn has a session alone; the one used last is taken first, so that few are ever opened.
        self._idle: deque[requests.Session] = deque()
        self._sessions: list[requests.Session] = []
        # One jar for all: a server session for each connection would soon use up max.sessions.per_user.
        self._cookies = RequestsCookieJar()

    def fetch(self, ask: Ask, read: Callable[[Answer], T]) -> T:
        """Ask, and read the answer, again and again where that is harmless and may help.

        Args:
            ask: What to ask.
            read: Turns the answer into what is wanted; its own transient errors count as faults of the wire.

        Raises:
            SourceError: One of its kinds, after the last try.
        """
        attempt = 1
        while True:
            try:
                return self._read(ask, read, fresh=attempt > 1)
            except SourceError as error:
                wait = self._patience(ask, error, attempt)
                error = error if wait is not None else _as_too_much(ask, error)
                self.report.struck(
                    Fault(now(), str(ask), error.kind, str(error), attempt, _outcome(ask, error, wait))
                )
                if wait is None:
                    raise error
            if self._closed.wait(wait):
                raise NotReachable(
                    f"{ask} was abandoned.", "The connection was closed meanwhile.", kind="closed"
                )
            attempt += 1

    def close(self) -> None:
        """Close every connection; whoever waits for another try stops waiting."""
        self._closed.set()
        for session in self._sessions:
            session.close()

    def _patience(self, ask: Ask, error: SourceError, attempt: int) -> float | None:
        """Seconds to wait before the next try; None when there is to be none."""
        if isinstance(error, NotSignedIn) and error.session_ended and attempt == 1:
            return 0.0  # never twice: DHIS2 locks an account after a few failed log-ins
        limits = self.limits
        tries = min(2, limits.attempts) if ask.divisible and error.kind == "time-out" else limits.attempts
        if not (error.transient and ask.repeatable) or attempt >= tries:
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= limits.longest_wait else None
        pause: float = limits.backoff * 2 ** (attempt - 1)
        return min(limits.longest_wait, pause) * random.uniform(0.5, 1.5)

    def _read(self, ask: Ask, read: Callable[[Answer], T], fresh: bool) -> T:
        """One try. What is remembered is confirmed instead of sent, unless FRESH; it is kept once read."""
        query = urlencode(ask.params, safe=":;,[]!*@")
        url = f"{self.base}{ask.path}?{query}" if query else self.base + ask.path
        key = f"{url} {self._authorization}"
        memory = self._remembered if ask.memorable else None
        held = memory.get(key) if memory and not fresh else None
        answer = self._sent(ask, url, held[0] if held else "")
        if answer.status == NOT_MODIFIED and held:
            return self._understood(replace(answer, status=200, body=held[1]), read)
        result = self._understood(answer, read)
        if memory and answer.headers.get("ETag"):
            memory.put(key, answer.headers["ETag"], answer.body)
        return result

    def _understood(self, answer: Answer, read: Callable[[Answer], T]) -> T:
        """What is read out of an answer; whatever else than DHIS2 stands at the address is named."""
        try:
            return read(answer)
        except OTHER_SHAPE as error:
            raise no_dhis2(answer.asked, self.base, error) from error

    def _sent(self, ask: Ask, url: str, etag: str) -> Answer:
        """The answer at URL, or behind it, when its status means success."""
        with self.throttle.turn(), self._connection() as session:
            for _ in range(3):
                answer = self._send(session, ask, url, etag)
                target = answer.headers.get("Location", "")
                if not target or not leads_elsewhere(answer):
                    break
                url = self._follow(ask, url, target)
        error = error_of(answer)
        if error and answer.status not in ask.also:
            if error.kind in ("time-out", "status 429", "status 502", "status 503", "status 504"):
                self.throttle.strained()
            if isinstance(error, NotSignedIn):
                self._forget_session(error, answer)
            raise error
        return answer

    def _forget_session(self, error: NotSignedIn, answer: Answer) -> None:
        """After a refused request: the server's session, if it went by one, is of no use any more."""
        if answer.by_session:
            self._cookies.clear()
            error.session_ended = True

    def _follow(self, ask: Ask, url: str, target: str) -> str:
        """Where a redirect leads, when credentials may go there."""
        there = urljoin(url, target)
        if urlsplit(there)[:2] != urlsplit(self.base)[:2] or ask.method != "GET":
            raise elsewhere(str(ask), there)
        return there

    def _send(self, session: requests.Session, ask: Ask, url: str, etag: str) -> Answer:
        """Put one request on the wire and take its whole answer."""
        self.report.sent()
        started = time.monotonic()
        try:
            response = session.request(
                ask.method,
                url,
                headers=_headers(ask, etag),
                json=ask.json,
                timeout=(self.limits.connect, self.limits.read),
                allow_redirects=False,
                stream=True,
            )
        except requests.RequestException as error:
            if isinstance(error, requests.Timeout):
                self.throttle.strained()
            raise not_connected(str(ask), self.base, error) from error
        self.throttle.answered(time.monotonic() - started)
        with response:
            return self._take(ask, response, started)

    def _take(self, ask: Ask, response: requests.Response, started: float) -> Answer:
        """The answer behind RESPONSE, unpacked, its bytes counted."""
        body = read_body(response, str(ask), self.limits.body, started + self.limits.total)
        head = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
        self.report.received(head + len(body), response.status_code == NOT_MODIFIED)
        if body.startswith(GZIP):
            body = inflate(body, str(ask), self.limits.body)
        by_session = "Cookie" in response.request.headers
        return Answer(str(ask), response.status_code, response.headers, body, by_session)

    @contextmanager
    def _connection(self) -> Iterator[requests.Session]:
        """A session that nobody else uses meanwhile."""
        try:
            session = self._idle.pop()
        except IndexError:
            session = self._opened()
        try:
            yield session
        finally:
            self._idle.append(session)

    def _opened(self) -> requests.Session:
        """A new session; it connects with its first request."""
        session = requests.Session()
        session.trust_env = False  # no .netrc, no proxy or certificate from the environment
        session.cookies = self._cookies
        session.headers.update({"X-Requested-With": "XMLHttpRequest", "Accept-Encoding": "gzip"})
        if self._authorization:
            session.headers["Authorization"] = self._authorization
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0))
        self._sessions.append(session)
        return session


def checked_base(url: str) -> str:
    """URL without its tail, as the base of every request.

    Raises:
        NotReachable: It is no http(s) address, or carries a password.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        what = f"'{parts.hostname or url}' is not the address of a DHIS2 server."
        raise NotReachable(
            what, "Write it as https://host/context, without user, password or query.", kind="address"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/api')}"


def _headers(ask: Ask, etag: str) -> dict[str, str]:
    """What goes with one request; DHIS2 takes changes of an object under a type of their own (RFC 6902)."""
    found = {"Accept": ask.accept}
    if etag:
        found["If-None-Match"] = etag
    if ask.method == "PATCH":
        found["Content-Type"] = "application/json-patch+json"
    return found


def _outcome(ask: Ask, error: SourceError, wait: float | None) -> str:
    if wait is not None:
        return f"asked again after {wait:.1f} s"
    return "asked in smaller parts" if ask.divisible and isinstance(error, TooMuch) else "given up"


def _as_too_much(ask: Ask, error: SourceError) -> SourceError:
    """A time-out of what can be asked in parts means: ask in parts."""
    if ask.divisible and error.kind == "time-out":
        return TooMuch(error.what, error.remedy, kind="time-out")
    return error
