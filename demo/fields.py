"""DHIS2's language of fields: `id,children[id,dataSets[name]],!code,:nameable,organisationUnits~size`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from demo.graph import Graph
from demo.model import INVERSES, KINDS, TARGETS
from demo.store import Object
from demo.users import User

TOKEN = re.compile(r"[\[\](),]|[^\[\](),]+")
IDENTIFIABLE = ("id", "name", "code", "created", "lastUpdated", "lastUpdatedBy", "href")
PRESETS: dict[str, tuple[str, ...]] = {
    "identifiable": IDENTIFIABLE,
    "nameable": (*IDENTIFIABLE, "shortName", "description"),
}
WORKED_OUT = {"access", "href", "favorite", *(n for _, n in INVERSES)} | {
    "displayName",
    "displayShortName",
    "displayFormName",
    "displayDescription",
    "dimensionItem",
    "dimensionItemType",
    "ancestors",
    "leaf",
    "optionSetValue",
    "isDefault",
    "formType",
}


@dataclass(frozen=True)
class Field:
    """One asked field.

    Attributes:
        name: the property, or a preset such as `*`.
        children: what is asked of what it holds; None when nothing is said.
        changes: transformers, each `(name, arguments)`.
        dropped: whether it was asked for with `!`.
    """

    name: str
    children: tuple[Field, ...] | None = None
    changes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dropped: bool = False


@lru_cache(maxsize=256)
def parse(text: str) -> tuple[Field, ...]:
    """Reads a `fields` parameter.

    >>> [f.name for f in parse("id,children[name],a~rename(b)")]
    ['id', 'children', 'a']
    """
    tokens = TOKEN.findall(text)
    return _list(tokens)


def _list(tokens: list[str]) -> tuple[Field, ...]:
    fields: list[Field] = []
    while tokens:
        word = tokens.pop(0)
        if word in ("]", ")"):
            break
        if word == "[" and fields:
            fields[-1] = _with_children(fields[-1], _list(tokens))
        elif word == "(" and fields:
            fields[-1] = _with_arguments(fields[-1], tokens)
        elif word.startswith(("~", "::", "|")) and fields:
            fields[-1] = _with_changes(fields[-1], word)
        elif word not in (",", "[", "(") and word.strip():
            fields.append(_field(word.strip()))
    return tuple(fields)


def _field(token: str) -> Field:
    dropped = token.startswith("!")
    parts = re.split(r"::|~|\|", token.lstrip("!")) if not token.startswith(":") else [token]
    changes = tuple((part, ()) for part in parts[1:] if part)
    return Field(parts[0], changes=changes, dropped=dropped)


def _with_changes(field: Field, token: str) -> Field:
    added = tuple((part, ()) for part in re.split(r"::|~|\|", token) if part)
    return replace(field, changes=field.changes + added)


def _with_children(field: Field, children: tuple[Field, ...]) -> Field:
    if field.changes and field.changes[-1][0] == "pluck":
        plucked = ("pluck", tuple(c.name for c in children))
        return replace(field, changes=(*field.changes[:-1], plucked))
    return replace(field, children=children)


def _with_arguments(field: Field, tokens: list[str]) -> Field:
    words = []
    while tokens and (token := tokens.pop(0)) != ")":
        words.append(token)
    if not field.changes:
        return field
    name, _ = field.changes[-1]
    return replace(field, changes=(*field.changes[:-1], (name, tuple("".join(words).split(";")))))


@dataclass(frozen=True)
class Selection:
    """Chooses fields of objects for one person.

    Attributes:
        graph: reads properties.
        user: who asks; sharing decides what `access` says.
        address: gives the `href` of an object from its type and id.
    """

    graph: Graph
    user: User
    address: Callable[[str, str], str] = lambda kind, uid: f"/api/{kind}/{uid}"

    def of(self, kind: str | None, thing: Object, fields: tuple[Field, ...]) -> Object:
        """Returns the asked fields of one object; what is null or unknown is left out."""
        dropped = {f.name for f in fields if f.dropped}
        chosen: Object = {}
        for field in self._spelled_out(kind, thing, fields):
            if field.name in dropped and field.children is None:
                continue
            value = self._value(kind, thing, field)
            name = next(
                (args[0] for change, args in field.changes if change == "rename" and args), field.name
            )
            if value is not None:
                chosen[name] = value
        return chosen

    def _spelled_out(self, kind: str | None, thing: Object, fields: tuple[Field, ...]) -> list[Field]:
        spelled: dict[str, Field] = {}
        for field in fields:
            if not field.dropped:
                names = self._preset(kind, thing, field.name)
                spelled.update(
                    {n: Field(n) for n in names if n not in spelled}
                    if names is not None
                    else {field.name: field}
                )
        return list(spelled.values())

    def _preset(self, kind: str | None, thing: Object, name: str) -> list[str] | None:
        if name not in ("*",) and not name.startswith(":"):
            return None
        preset = name.lstrip(":")
        if preset in PRESETS:
            return list(PRESETS[preset])
        known = self.graph.names(kind) if kind in KINDS else set(thing)
        if preset in ("owner", "persisted"):
            return [n for n in (*thing, *(known - set(thing))) if n not in WORKED_OUT]
        if preset == "simple":
            return [n for n in known if not isinstance(self.graph.value(kind or "", thing, n), (dict, list))]
        return [*thing, *(known - set(thing))]

    def _value(self, kind: str | None, thing: Object, field: Field) -> Any:
        worked_out = self._of_the_asker(kind, thing, field.name)
        value = self.graph.value(kind or "", thing, field.name) if worked_out is None else worked_out
        size = isinstance(value, list) and len(value)
        for change, arguments in field.changes:
            if change in ("size", "isEmpty", "isNotEmpty"):
                count = size if size is not False else len(value or ())
                return {"size": count, "isEmpty": not count, "isNotEmpty": bool(count)}[change]
            if change == "paging":
                value = _page(value, arguments)
        value = self._inside(field, value)
        for change, arguments in field.changes:
            value = _changed(change, arguments, value)
        return value

    def _inside(self, field: Field, value: Any) -> Any:
        if isinstance(value, list):
            return [self._inside(field, part) for part in value]
        if not isinstance(value, dict):
            return value
        plucked = next((args for change, args in field.changes if change == "pluck"), None)
        children = field.children or (tuple(Field(n) for n in plucked) if plucked else None)
        refers = field.name in TARGETS and "id" in value
        if children is None:
            return {"id": value["id"]} if refers else value
        kind, found = self.graph.resolve(field.name, value)
        return self.of(kind, found, children)

    def _of_the_asker(self, kind: str | None, thing: Object, name: str) -> Any:
        if name == "access" and kind:
            return access(self.user, kind, thing)
        if name == "href" and kind and "id" in thing:
            return self.address(kind, thing["id"])
        if name == "favorite":
            return False
        return (
            []
            if name in ("favorites", "translations", "attributeValues") and name not in thing and kind
            else None
        )


def access(user: User, kind: str, thing: Object) -> Object:
    """Returns what USER may do with an object, as `access` says it."""
    write = user.may(kind, thing, "write") if KINDS[kind].shareable else user.is_superuser
    rights: Object = {
        "manage": write,
        "externalize": user.is_superuser,
        "write": write,
        "read": user.may(kind, thing, "read"),
        "update": write,
        "delete": write,
    }
    if KINDS[kind].data_shareable:
        rights["data"] = {
            "read": user.may(kind, thing, "data_read"),
            "write": user.may(kind, thing, "data_write"),
        }
    return rights


def _page(value: Any, arguments: tuple[str, ...]) -> Any:
    page, size = (*(int(a) for a in arguments), 1, 50)[:2] if all(a.isdigit() for a in arguments) else (1, 50)
    return value[(page - 1) * size : page * size] if isinstance(value, list) else value


def _changed(change: str, arguments: tuple[str, ...], value: Any) -> Any:
    if change == "pluck" and isinstance(value, list):
        return [next(iter(part.values()), None) if isinstance(part, dict) else part for part in value]
    if change == "keyBy" and isinstance(value, list):
        key, grouped = (arguments or ("id",))[0], {}
        for part in value:
            grouped.setdefault(str(part.get(key)), []).append(part)
        return grouped
    return value
