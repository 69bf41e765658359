"""Conversations as they are kept: their messages, and who takes part and has read them."""

from __future__ import annotations

import json
from typing import Any

from demo.api import files
from demo.ids import new_uid
from demo.store import Object
from demo.web import clock, current_user, store


def say(uid: str, text: str, attached: list[str], internal: bool = False) -> None:
    """Adds a message to conversation UID; everybody but its sender has it to read."""
    now, me = clock().milliseconds(), current_user().id
    store().execute(
        "INSERT INTO messages (id, conversation, text, sender, created, internal, attachments) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (new_uid(), uid, text, me, now, int(internal), json.dumps(attached)),
    )
    store().execute("UPDATE conversations SET last_message = ?, last_sender = ? WHERE id = ?", (now, me, uid))
    store().execute("UPDATE participants SET read = (user = ?) WHERE conversation = ?", (me, uid))
    for file in attached:
        store().execute("UPDATE files SET assigned = 1 WHERE id = ?", (file,))


def told(row: Any) -> Object:
    """A conversation as JSON shows it, with its messages and people."""
    uid = row["id"]
    sql = "SELECT * FROM messages WHERE conversation = ? ORDER BY number"
    said = [_message(m) for m in store().execute(sql, (uid,))]
    people = [
        {"user": _person(p["user"]), "read": bool(p["read"]), "followUp": bool(p["follow_up"])}
        for p in store().execute("SELECT * FROM participants WHERE conversation = ?", (uid,))
    ]
    return {
        "id": uid,
        "subject": row["subject"],
        "name": row["subject"],
        "displayName": row["subject"],
        "messageType": row["type"],
        "status": "NONE" if row["type"] == "PRIVATE" else "OPEN",
        "priority": "NONE",
        "created": row["created"],
        "lastUpdated": row["last_message"],
        "lastMessage": row["last_message"],
        "lastSender": _person(row["last_sender"]),
        "messageCount": len(said),
        "read": bool(row["read"]),
        "followUp": bool(row["follow_up"]),
        "messages": said,
        "userMessages": people,
    }


def _message(row: Any) -> Object:
    attached = [files.told(found) for uid in json.loads(row["attachments"]) if (found := files.find(uid))]
    return {
        "id": row["id"],
        "text": row["text"],
        "sender": _person(row["sender"]),
        "created": row["created"],
        "lastUpdated": row["created"],
        "internal": bool(row["internal"]),
        "attachments": attached,
    }


def _person(uid: str | None) -> Object | None:
    user = store().get("users", uid)
    if user is None:
        return None
    name = f"{user.get('firstName', '')} {user.get('surname', '')}".strip()
    return {"id": user["id"], "name": name, "displayName": name, "username": user.get("username")}
