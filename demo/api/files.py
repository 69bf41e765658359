"""`/api/fileResources`: files that are sent up first and used later, in messages."""

from __future__ import annotations

from hashlib import md5
from typing import Any

from flask import Blueprint, Flask, Response, request

from demo.ids import is_uid, new_uid
from demo.picked import pick
from demo.store import Object
from demo.web import Refusal, answer, clock, current_user, store, web_message

TABLE = """
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY, name TEXT, content_type TEXT, md5 TEXT, domain TEXT, assigned INTEGER DEFAULT 0,
    created TEXT, owner TEXT, body BLOB);
"""
LARGEST = 10_000_000
DOMAINS = (
    "DATA_VALUE",
    "PUSH_ANALYSIS",
    "DOCUMENT",
    "MESSAGE_ATTACHMENT",
    "USER_AVATAR",
    "ORG_UNIT",
    "ICON",
    "JOB_DATA",
)
BLOCKED_ENDINGS = (
    ".html",
    ".htm",
    ".js",
    ".exe",
    ".bat",
    ".sh",
    ".svg",
    ".jar",
    ".php",
    ".asp",
    ".jsp",
    ".xhtml",
)
BLOCKED_TYPES = (
    "text/html",
    "text/javascript",
    "application/javascript",
    "application/x-msdownload",
    "image/svg+xml",
)

blueprint = Blueprint("files", __name__)


def install(app: Flask) -> None:
    """Makes the table."""
    app.extensions["store"].create(TABLE)


def find(uid: str) -> Any:
    """Returns a file's row, or None."""
    return store().execute("SELECT * FROM files WHERE id = ?", (uid,)).fetchone()


def told(row: Any) -> Object:
    """A file as JSON shows it."""
    owner = store().get("users", row["owner"]) or {}
    person = {"id": row["owner"], "username": owner.get("username"), "name": owner.get("name")}
    return {
        "id": row["id"],
        "name": row["name"],
        "displayName": row["name"],
        "created": row["created"],
        "lastUpdated": row["created"],
        "contentType": row["content_type"],
        "contentLength": len(row["body"]),
        "contentMd5": row["md5"],
        "storageStatus": "STORED",
        "domain": row["domain"],
        "assigned": bool(row["assigned"]),
        "hasMultipleStorageFiles": False,
        "createdBy": person,
    }


def content(row: Any) -> Response:
    """A file's content."""
    response = Response(row["body"], content_type=f"{row['content_type']};charset=UTF-8")
    response.headers["Content-Disposition"] = f'filename="{row["name"]}"'
    return response


@blueprint.post("/api/fileResources")
def upload() -> Response:
    """Keeps a file."""
    file, uid = request.files.get("file"), request.args.get("uid")
    body = file.read() if file else b""
    name = (file.filename if file else None) or "untitled"
    kind = (file.mimetype if file else None) or "application/octet-stream"
    domain = request.args.get("domain", "DATA_VALUE")
    _judge(name, kind, body)
    if domain not in DOMAINS:
        raise Refusal(400, f"domain {domain!r} is none of {', '.join(DOMAINS)}")
    if uid and not is_uid(uid):
        raise Refusal(400, f"uid {uid!r} does not have the form of an identifier")
    if uid and find(uid):
        raise Refusal(409, f"FileResource with uid `{uid}` already exists", "E1119")
    digest = md5(body, usedforsecurity=False).hexdigest()
    moment, owner = clock().milliseconds(), current_user().id
    row = (uid or new_uid(), name, kind, digest, domain, 0, moment, owner, body)
    store().execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    kept = {**told(find(row[0])), "storageStatus": "PENDING"}
    return web_message(202, response={"responseType": "FileResource", "fileResource": kept})


def _judge(name: str, kind: str, body: bytes) -> None:
    """Refuses a file that is empty, too large or of a kind that could do harm."""
    if not body:
        raise Refusal(409, "Could not read file or file is empty.")
    if len(body) > LARGEST:
        raise Refusal(
            409, f"File size can't be bigger than {LARGEST} bytes, current file size {len(body)} bytes"
        )
    if name.lower().endswith(BLOCKED_ENDINGS) or kind in BLOCKED_TYPES:
        raise Refusal(409, "File name or content type is not allowed.")


def _mine(uid: str) -> Any:
    row = find(uid)
    if row is None:
        raise Refusal(404, f"FileResource with id {uid} could not be found.", "E1005")
    if row["owner"] != current_user().id and not current_user().is_superuser:
        raise Refusal(403, "You don't have access to this file resource.", "E1006")
    return row


@blueprint.get("/api/fileResources/<uid>")
def about(uid: str) -> Response:
    """Tells of a file."""
    return answer(pick(told(_mine(uid)), request.args.get("fields", "*")))


@blueprint.get("/api/fileResources/<uid>/data")
def data(uid: str) -> Response:
    """Returns a file's content, unless it is reached through what it is attached to."""
    row = _mine(uid)
    if row["domain"] in ("MESSAGE_ATTACHMENT", "DATA_VALUE"):
        raise Refusal(409, "Domain is not allowed: read the file through what it is attached to.")
    return content(row)
