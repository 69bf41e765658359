"""Queries over the JSON entries of a namespace: `fields=name,root[child~hoist(x)]`, filters, order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from demo.fields import Field, parse
from demo.picked import ordered, passes
from demo.store import Object
from demo.web import Refusal

Entry = tuple[str, Any]


@dataclass(frozen=True)
class Query:
    """What is asked of a namespace.

    Attributes:
        fields: paths, ``.`` for the whole value.
        filters: ``path:op:value``; the path ``_`` is the key, ``.`` the value.
        either: one filter is enough.
        order: ``path:asc``, ``path:ndesc`` and so on.
        include_all: also entries that have none of the fields.
    """

    fields: str
    filters: tuple[str, ...] = ()
    either: bool = False
    order: str = ""
    include_all: bool = False


def answer_to(query: Query, entries: list[Entry]) -> list[Object]:
    """The entries that pass, each with its key and the fields asked for.

    Raises:
        Refusal: 409, a filter that cannot be read.

    >>> answer_to(Query("a"), [("k", {"a": 3}), ("other", {})])
    [{'key': 'k', 'a': 3}]
    >>> answer_to(Query("."), [("k", [1, 2])])
    [{'key': 'k', 'value': [1, 2]}]
    """
    filters = [_rooted(text) for text in query.filters]
    try:
        found = [
            {"key": key, "value": value}
            for key, value in entries
            if passes({"_": key, "": value, "value": value}, filters, query.either)
        ]
    except Refusal as refusal:
        raise Refusal(409, refusal.message, refusal.error_code) from None
    if query.order:
        path, _, direction = query.order.partition(":")
        found = ordered(found, [f"{'key' if path == '_' else 'value.' + path}:{direction or 'asc'}"])
    if query.fields.strip() == ".":
        return found
    fields = parse(query.fields)
    shown = [(entry, _shown(entry["value"], fields)) for entry in found]
    return [
        {"key": entry["key"], **told}
        for entry, told in shown
        if query.include_all or any(value is not None for value in told.values())
    ]


def _rooted(text: str) -> str:
    path, colon, rest = text.partition(":")
    if not colon:
        raise Refusal(409, f"Illegal filter expression: `{text}`", "E7652")
    if path == "_":
        return text
    return f"value:{rest}" if path == "." else f"value.{path}:{rest}"


def _shown(value: Any, fields: tuple[Field, ...]) -> Object:
    """The fields of one value; hoisted ones come to the top."""
    told: Object = {}
    for field in fields:
        _tell(told, told, value, field)
    return told


def _tell(top: Object, here: Object, value: Any, field: Field) -> None:
    found = value if field.name == "." else _at(value, field.name)
    words = dict(field.changes)
    hoisted = "hoist" in words
    name = next(iter(words.get("hoist") or words.get("rename") or ()), field.name)
    place = top if hoisted else here
    if field.children is None:
        place[name] = found
        return
    inner: Object = {}
    for child in field.children:
        _tell(top, inner, found, child)
    if inner:
        place[name] = inner


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value
