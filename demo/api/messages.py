"""`/api/messageConversations`: what people write to each other, with files attached; `/api/me/dashboard`."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Flask, Response, request

from demo.api import files
from demo.conversations import say, told
from demo.ids import new_uid
from demo.mailbox import TABLES
from demo.picked import ordered, passes, pick
from demo.store import Object
from demo.web import (
    NO_STORE,
    PRIVATE,
    Refusal,
    absolute,
    answer,
    clock,
    current_user,
    flag,
    json_body,
    several,
    store,
    web_message,
)

blueprint = Blueprint("messages", __name__)


def install(app: Flask) -> None:
    """Makes the tables."""
    app.extensions["store"].create(TABLES)


@blueprint.get("/api/me/dashboard")
def unread() -> Response:
    """Counts what the asker has not read."""
    sql = "SELECT count(*) FROM participants WHERE user = ? AND read = 0"
    count = store().execute(sql, (current_user().id,)).fetchone()[0]
    return answer({"unreadMessageConversations": count, "unreadInterpretations": 0}, cache=NO_STORE)


@blueprint.post("/api/messageConversations")
def send() -> Response:
    """Begins a conversation."""
    body = json_body()
    people = _recipients(body)
    attached = [
        _attachable(str((a or {}).get("id") if isinstance(a, dict) else a))
        for a in body.get("attachments") or ()
    ]
    if not people:
        raise Refusal(409, "No recipients selected.", "E1004")
    return _begun(str(body.get("subject") or ""), str(body.get("text") or ""), people, attached)


def _begun(subject: str, text: str, people: set[str], attached: list[str], kind: str = "PRIVATE") -> Response:
    uid, me = new_uid(), current_user().id
    with store().transaction() as connection:
        connection.execute(
            "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?)",
            (uid, subject, kind, clock().milliseconds(), None, None),
        )
        rows = [(uid, person, int(person == me)) for person in sorted(people | {me})]
        connection.executemany("INSERT INTO participants (conversation, user, read) VALUES (?, ?, ?)", rows)
        say(uid, text, attached)
    return _created(uid)


def _created(uid: str) -> Response:
    where = {"Location": absolute(f"/api/messageConversations/{uid}")}
    return web_message(201, "Message conversation created", headers=where)


def _recipients(body: Object) -> set[str]:
    users, people = store().all("users"), set()
    for uid in _ids(body, "users"):
        if uid not in users:
            raise Refusal(409, f"User does not exist: {uid}", "E1004")
        people.add(uid)
    for uid in _ids(body, "userGroups"):
        group = store().get("userGroups", uid)
        if group is None:
            raise Refusal(404, f"UserGroup with id {uid} could not be found.", "E1005")
        people |= {user["id"] for user in group.get("users", ())}
    for uid in _ids(body, "organisationUnits"):
        if store().get("organisationUnits", uid) is None:
            raise Refusal(409, f"Organisation Unit does not exist: {uid}", "E1004")
        people |= {
            u for u, user in users.items() if uid in (o["id"] for o in user.get("organisationUnits", ()))
        }
    return people


def _ids(body: Object, name: str) -> list[str]:
    return [str(one.get("id")) for one in body.get(name) or () if isinstance(one, dict)]


def _attachable(uid: str) -> str:
    row = files.find(uid)
    if row is None:
        raise Refusal(409, f"Attachment '{uid}' not found.", "E1004")
    if row["domain"] != "MESSAGE_ATTACHMENT" or row["assigned"]:
        raise Refusal(409, f"Attachment '{uid}' is already used or not a valid attachment.", "E1004")
    return uid


@blueprint.post("/api/messageConversations/feedback")
def ask_for_help() -> Response:
    """Writes a ticket to those who look after the server: its super users."""
    text = request.get_data(as_text=True)
    roles = {uid for uid, role in store().all("userRoles").items() if "ALL" in role.get("authorities", ())}
    people = {
        uid
        for uid, user in store().all("users").items()
        if roles & {r["id"] for r in user.get("userRoles", ())}
    }
    return _begun(request.args.get("subject", ""), text, people, [], "TICKET")


@blueprint.get("/api/messageConversations")
def inbox() -> Response:
    """Lists the asker's conversations, newest first."""
    sql = (
        "SELECT c.*, p.read, p.follow_up FROM conversations c JOIN participants p ON p.conversation = c.id "
        "WHERE p.user = ? ORDER BY c.last_message DESC"
    )
    found = [told(row) for row in store().execute(sql, (current_user().id,))]
    found = [thing for thing in found if passes(thing, request.args.getlist("filter")) and _mentions(thing)]
    found = ordered(found, several("order"))
    fields = request.args.get("fields", "id,displayName")
    if not flag("paging", True):
        return answer({"messageConversations": [pick(thing, fields) for thing in found]}, cache=PRIVATE)
    page, size = (
        max(int(request.args.get(name) or default), 1) for name, default in (("page", 1), ("pageSize", 50))
    )
    pager = {"page": page, "total": len(found), "pageSize": size, "pageCount": max(-(-len(found) // size), 1)}
    shown = found[(page - 1) * size : page * size]
    return answer(
        {"pager": pager, "messageConversations": [pick(thing, fields) for thing in shown]}, cache=PRIVATE
    )


def _mentions(thing: Object) -> bool:
    wanted = request.args.get("queryString", "").lower()
    texts = [
        thing["subject"],
        *(m["text"] for m in thing["messages"]),
        *(m["sender"]["name"] for m in thing["messages"]),
    ]
    return not wanted or any(wanted in text.lower() for text in texts)


def _mine(uid: str, missing: str) -> Any:
    """A conversation that the asker takes part in.

    Raises:
        Refusal: 403, it is not theirs; 404, worded as MISSING, there is none.
    """
    row = store().execute("SELECT * FROM conversations WHERE id = ?", (uid,)).fetchone()
    if row is None:
        raise Refusal(404, missing)
    sql = (
        "SELECT c.*, p.read, p.follow_up FROM conversations c JOIN participants p ON p.conversation = c.id "
        "WHERE c.id = ? AND p.user = ?"
    )
    mine = store().execute(sql, (uid, current_user().id)).fetchone()
    if mine is None:
        raise Refusal(403, "Not authorized to access this conversation.", "E1006")
    return mine


@blueprint.get("/api/messageConversations/<uid>")
def conversation(uid: str) -> Response:
    """Returns one conversation."""
    if store().execute("SELECT 1 FROM conversations WHERE id = ?", (uid,)).fetchone() is None:
        return answer(
            {"message": f"No MessageConversation found with UID: {uid}"}
        )  # with 200, as a live 2.42
    row = _mine(uid, "")
    if flag("markRead"):
        _mark([uid], True)
        row = _mine(uid, "")
    return answer(pick(told(row), request.args.get("fields", "*")), cache=PRIVATE)


@blueprint.post("/api/messageConversations/<uid>")
def reply(uid: str) -> Response:
    """Adds a message to a conversation."""
    missing = f"Message conversation does not exist: {uid}"
    if store().execute("SELECT 1 FROM conversations WHERE id = ?", (uid,)).fetchone() is None:
        return web_message(404, missing)
    _mine(uid, missing)
    attached = [_attachable(file) for file in several("attachments")]
    with store().transaction():
        say(uid, request.get_data(as_text=True), attached, flag("internal"))
    return _created(uid)


@blueprint.get("/api/messageConversations/<uid>/<message>/attachments/<file>")
def attachment(uid: str, message: str, file: str) -> Response:
    """Returns a file that a message carries."""
    _mine(uid, f"No message conversation with uid '{uid}'")
    sql = "SELECT attachments FROM messages WHERE id = ? AND conversation = ?"
    row = store().execute(sql, (message, uid)).fetchone()
    found = files.find(file) if row and file in json.loads(row["attachments"]) else None
    if found is None:
        raise Refusal(404, f"No attachment with uid '{file}' on message with uid '{message}'", "E1005")
    return files.content(found)


def _mark(uids: list[str], read: bool) -> list[str]:
    sql = "UPDATE participants SET read = ? WHERE conversation = ? AND user = ?"
    return [uid for uid in uids if store().execute(sql, (int(read), uid, current_user().id)).rowcount]


@blueprint.post("/api/messageConversations/read")
def mark_read() -> Response:
    """Marks conversations as read."""
    return answer({"markedRead": _marked(True)})


@blueprint.post("/api/messageConversations/unread")
def mark_unread() -> Response:
    """Marks conversations as unread."""
    return answer({"markedUnread": _marked(False)})


def _marked(read: bool) -> list[str]:
    marked = _mark([str(uid) for uid in json_body(list)], read)
    if not marked:
        raise Refusal(404, "No MessageConversations found for the given IDs.", "E1005")
    return marked


@blueprint.delete("/api/messageConversations/<uid>/<person>")
def leave(uid: str, person: str) -> Response:
    """Takes a person, usually oneself, out of a conversation."""
    if person != current_user().id and not current_user().is_superuser:
        raise Refusal(403, f"Not authorized to modify user: {person}", "E1006")
    sql = "DELETE FROM participants WHERE conversation = ? AND user = ?"
    if not store().execute(sql, (uid, person)).rowcount:
        raise Refusal(404, f"No MessageConversation found with UID: {uid}")
    return answer({"removed": [uid]})
