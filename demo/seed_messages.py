"""Reads the conversations of a seed folder into a store."""

from __future__ import annotations

import json
from pathlib import Path

from demo.store import Object, Store


def load(store: Store, folder: Path) -> None:
    """Reads `messages.json`; conversations that are there already stay, with what was answered."""
    path = folder / "messages.json"
    if not path.exists():
        return
    people = {user["username"]: uid for uid, user in store.all("users").items()}
    known = {row["id"] for row in store.execute("SELECT id FROM conversations")}
    for conversation in json.loads(path.read_text(encoding="utf-8")):
        if conversation["id"] not in known:
            _keep(store, conversation, people)


def _keep(store: Store, told: Object, people: dict[str, str]) -> None:
    said, uid = told["messages"], told["id"]
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(uid, told["subject"], told["type"], told["created"]),
                *(said[-1]["created"], people[said[-1]["sender"]]),
            ),
        )
        connection.executemany(
            "INSERT INTO messages (id, conversation, text, sender, created, internal, attachments)"
            " VALUES (?, ?, ?, ?, ?, 0, '[]')",
            [(m["id"], uid, m["text"], people[m["sender"]], m["created"]) for m in said],
        )
        connection.executemany(
            "INSERT INTO participants (conversation, user, read) VALUES (?, ?, ?)",
            [(uid, people[name], int(name in told["read"])) for name in told["participants"]],
        )
