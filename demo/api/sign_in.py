"""Logging in and out, and personal access tokens."""

from __future__ import annotations

import base64
import json
import secrets
import zlib
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from string import ascii_letters, digits

from flask import Blueprint, Response, redirect, request

from demo import auth
from demo.ids import new_uid
from demo.store import Object
from demo.web import Refusal, absolute, answer, clock, current_user, dialect, json_body, store, web_message

blueprint = Blueprint("sign_in", __name__)
KLASS = "org.hisp.dhis.security.apikey.ApiToken"
LASTS = timedelta(days=30)
BASE_62 = digits + ascii_letters[26:] + ascii_letters[:26]


@blueprint.post("/api/auth/login")
def log_in() -> Response:
    """Opens a session by username and password (2.41 and later)."""
    if dialect() < 41:
        raise Refusal(404, "Not found")
    body = json_body()
    user = auth.log_in(str(body.get("username")), str(body.get("password")))
    if user is None:
        raise Refusal(401, "Bad credentials")
    auth.remember(user)
    return answer({"loginStatus": "SUCCESS", "redirectUrl": "/"})


@blueprint.post("/dhis-web-commons-security/login.action")
def log_in_by_form() -> Response:
    """The form that 2.40 and 2.41 had."""
    if dialect() > 41:
        raise Refusal(404, "Not found")
    user = auth.log_in(request.form.get("j_username", ""), request.form.get("j_password", ""))
    if user is None:
        return redirect(absolute("/dhis-web-commons/security/login.action?failed=true"))  # type: ignore[return-value]
    auth.remember(user)
    return redirect(absolute("/"))  # type: ignore[return-value]


@blueprint.route("/dhis-web-commons-security/logout.action", methods=("GET", "POST"))
def log_out() -> Response:
    """Ends the session."""
    auth.sessions().end(request.cookies.get(auth.COOKIE))
    return redirect(absolute("/dhis-web-login/"))  # type: ignore[return-value]


@blueprint.route("/dhis-web-login/")
@blueprint.route("/dhis-web-commons/security/login.action")
def login_page() -> Response:
    """The HTML page that browsers are sent to, and that scripts must not take for an answer."""
    page = "<!doctype html><title>DHIS 2 Demo - Login</title><h1>Demonstration: log in</h1>"
    return Response(page, content_type="text/html;charset=UTF-8")


@blueprint.post("/api/apiToken")
@blueprint.post("/api/apiTokens")
def make_token() -> Response:
    """Makes a token of the asker's; its key is told once and only its hash is kept."""
    body = json_body(dict) if request.get_data() else {}
    key, uid = new_token(), new_uid()
    expires = (
        datetime.fromtimestamp(body["expire"] / 1000, UTC).replace(tzinfo=None)
        if "expire" in body
        else clock().now() + LASTS
    )
    kept = {
        "id": uid,
        "version": 2,
        "type": "PERSONAL_ACCESS_TOKEN_V2",
        "attributes": body.get("attributes", []),
        "expire": int(expires.replace(tzinfo=UTC).timestamp() * 1000),
        "created": clock().milliseconds(),
    }
    store().execute(
        "INSERT INTO tokens VALUES (?, ?, ?, ?, ?)",
        (
            uid,
            sha256(key.encode()).hexdigest(),
            current_user().id,
            expires.isoformat(timespec="milliseconds"),
            json.dumps(kept),
        ),
    )
    response = {
        "key": key,
        "uid": uid,
        "klass": KLASS,
        "errorReports": [],
        "responseType": "ObjectReport" if dialect() >= 42 else "ApiTokenCreationResponse",
    }
    return web_message(201, response=response, headers={"Location": absolute(f"/api/apiToken/{uid}")})


@blueprint.get("/api/apiToken")
@blueprint.get("/api/apiTokens")
def tokens() -> Response:
    """Lists the asker's tokens, without their keys."""
    rows = store().execute("SELECT body FROM tokens WHERE user = ?", (current_user().id,)).fetchall()
    bodies: list[Object] = [json.loads(row["body"]) for row in rows]
    return answer(
        {"pager": {"page": 1, "total": len(bodies), "pageSize": 50, "pageCount": 1}, "apiToken": bodies}
    )


@blueprint.get("/api/apiToken/<uid>")
@blueprint.get("/api/apiTokens/<uid>")
def token(uid: str) -> Response:
    """Returns one token of the asker's, without its key."""
    row = (
        store()
        .execute("SELECT body FROM tokens WHERE id = ? AND user = ?", (uid, current_user().id))
        .fetchone()
    )
    if row is None:
        raise Refusal(404, f"ApiToken with id {uid} could not be found.", "E1005")
    return answer(json.loads(row["body"]))


@blueprint.delete("/api/apiToken/<uid>")
@blueprint.delete("/api/apiTokens/<uid>")
def drop_token(uid: str) -> Response:
    """Withdraws one token of the asker's."""
    token(uid)
    store().execute("DELETE FROM tokens WHERE id = ?", (uid,))
    return web_message(
        200, response={"uid": uid, "klass": KLASS, "errorReports": [], "responseType": "ObjectReport"}
    )


def new_token() -> str:
    """Makes a token as DHIS2 2.41 and later do: `d2p_`, 44 letters or digits, and their CRC32 in base 62.

    The checksum runs over the code and four NUL bytes, left over from the encoder's buffer in DHIS2.
    """
    code = base64.b64encode(secrets.token_bytes(64), b"xy").decode().replace("=", "")[:44]
    return f"d2p_{code}{checksum(code)}"


def checksum(code: str) -> str:
    """Returns the six base-62 digits at the end of a token."""
    rest, text = zlib.crc32(code.encode() + b"\0" * 4), ""
    while rest:
        rest, digit = divmod(rest, 62)
        text = BASE_62[digit] + text
    return text.rjust(6, "0")
