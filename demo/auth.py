"""Who asks: basic authentication, tokens, sessions, and what those get who are nobody."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Response, after_this_request, current_app, g, redirect, request

from demo import users
from demo.store import Store
from demo.users import User
from demo.web import PRIVATE, Refusal, clock, refuse, store, web_message

COOKIE = "JSESSIONID"
SESSION_LASTS = timedelta(hours=1)
OPEN = {"/", "/api/ping", "/api/auth/login", "/api/loginConfig", "/favicon.ico"}
TOKEN = re.compile(r"^ApiToken (?P<token>[a-z0-9\-._~+/]+=*)$", re.IGNORECASE)
ROUNDS = 60_000


@dataclass
class Sessions:
    """Open sessions by cookie. A session keeps the rights and units that its user had at log-in."""

    most: int = 20_000
    open: OrderedDict[str, tuple[User, datetime]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, user: User, now: datetime) -> str:
        """Opens a session and returns its cookie."""
        key = secrets.token_hex(16).upper()
        with self.lock:
            self.open[key] = (user, now)
            while len(self.open) > self.most:
                self.open.popitem(last=False)
        return key

    def find(self, key: str | None, now: datetime) -> User | None:
        """Returns whose session KEY is, or None once it ended."""
        with self.lock:
            user, seen = self.open.get(key or "", (None, now))
            if user is None or now - seen > SESSION_LASTS:
                self.open.pop(key or "", None)
                return None
            self.open[key or ""] = (user, now)
            return user

    def end(self, key: str | None) -> None:
        """Closes a session."""
        with self.lock:
            self.open.pop(key or "", None)

    def end_all(self) -> None:
        """Closes every session."""
        with self.lock:
            self.open.clear()


def sessions() -> Sessions:
    """Returns the sessions of the running server."""
    return current_app.extensions.setdefault("sessions", Sessions())


def guard() -> Response | None:
    """Runs before every request: finds out who asks, or answers as DHIS2 does to nobody."""
    g.user = None
    if request.path in OPEN or request.path.startswith("/demo/"):
        return None
    try:
        g.user = _from_token() or _from_basic() or sessions().find(request.cookies.get(COOKIE), clock().now())
    except Refusal as refusal:
        response = refuse(refusal)
        if refusal.message != "Unauthorized":
            response.headers["WWW-Authenticate"] = "ApiToken"
        else:
            response = web_message(401, "Unauthorized")
            del response.headers["Cache-Control"]
        return response
    return None if g.user else _nobody()


def _nobody() -> Response:
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        response = web_message(401, "Unauthorized")
        del response.headers["Cache-Control"]
        return response
    page = (
        "/dhis-web-commons/security/login.action"
        if current_app.config["DIALECT"] == 40
        else "/dhis-web-login/"
    )
    response = redirect(request.host_url.rstrip("/") + page)
    response.set_data(b"")
    return response  # type: ignore[return-value]


def _from_basic() -> User | None:
    kind, _, coded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        username, _, password = base64.b64decode(coded).decode().partition(":")
    except ValueError:
        raise Refusal(401, "Unauthorized") from None
    known = sessions().find(request.cookies.get(COOKIE), clock().now())
    if known and known.username == username and verify(store(), username, password):
        return known
    user = log_in(username, password)
    if user is None:
        raise Refusal(401, "Unauthorized")
    remember(user)
    return user


def remember(user: User) -> None:
    """Opens a session for USER and sends its cookie with this answer."""
    key = sessions().start(user, clock().now())

    @after_this_request
    def send(response: Response) -> Response:
        response.set_cookie(COOKIE, key, httponly=True, samesite="Lax", path="/")
        return response


def log_in(username: str, password: str) -> User | None:
    """Returns who USERNAME is, if the password is theirs and the account open."""
    person = users.find(store(), username)
    if person is None or person.get("disabled") or not verify(store(), username, password):
        return None
    return users.load(store(), person)


def _from_token() -> User | None:
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith("apitoken"):
        return None
    found = TOKEN.match(header)
    if not found or not well_made(found["token"]):
        raise Refusal(400, "Checksum validation failed")
    row = store().execute("SELECT * FROM tokens WHERE hash = ?", (_digest(found["token"]),)).fetchone()
    if row is None:
        raise Refusal(401, "The API token does not exists")
    if row["expires"] < clock().milliseconds():
        raise Refusal(401, "Failed to authenticate API token, token has expired.")
    person = store().get("users", row["user"])
    if person is None or person.get("disabled"):
        raise Refusal(401, "The API token is disabled, locked or 2FA is enabled.")
    return users.load(store(), person)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def well_made(token: str) -> bool:
    """Says whether TOKEN has the form of one, its checksum aside."""
    return bool(re.fullmatch(r"d2pat_[0-9A-Za-z]{42}|d2p_[0-9A-Za-z]{50}", token))


def set_password(kept: Store, username: str, password: str) -> None:
    """Keeps the salted hash of a password, and nothing else of it."""
    salt = os.urandom(16)
    kept.execute("INSERT OR REPLACE INTO passwords VALUES (?, ?, ?)", (username, salt, _hash(password, salt)))


def verify(kept: Store, username: str, password: str) -> bool:
    """Says whether PASSWORD is that of USERNAME; what was right once is remembered, as a keyed hash."""
    row = kept.execute("SELECT salt, hash FROM passwords WHERE user = ?", (username,)).fetchone()
    if row is None:
        return False
    known: dict[bytes, bytes] = current_app.extensions.setdefault("known passwords", {})
    secret: bytes = current_app.extensions.setdefault("password key", os.urandom(32))
    mark = hmac.digest(secret, password.encode() + b"\0" + row["hash"], "sha256")
    if mark in known:
        return True
    if hmac.compare_digest(_hash(password, row["salt"]), row["hash"]):
        known[mark] = row["hash"]
        return True
    return False


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)


__all__ = [
    "PRIVATE",
    "Sessions",
    "guard",
    "log_in",
    "remember",
    "sessions",
    "set_password",
    "verify",
    "well_made",
]
