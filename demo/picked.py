"""Fields, filters and order of things that are no metadata: events, messages, limits, data store values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from demo.fields import Field, parse
from demo.filters import OPERATORS
from demo.store import Object
from demo.web import Refusal


def pick(thing: Object, fields: str) -> Object:
    """The fields asked for of a plain object; what is null or unknown is left out.

    >>> pick({"id": "a", "user": {"id": "u", "name": "Awa"}, "n": 1}, "id,user[name]")
    {'id': 'a', 'user': {'name': 'Awa'}}
    >>> pick({"id": "a", "user": {"id": "u", "name": "Awa"}, "n": 1}, "*,!n")
    {'id': 'a', 'user': {'id': 'u'}}
    """
    return _pick(thing, parse(fields))


def _pick(thing: Object, fields: tuple[Field, ...]) -> Object:
    dropped = {field.name for field in fields if field.dropped}
    wanted: dict[str, Field] = {}
    for field in fields:
        if field.dropped:
            continue
        if field.name == "*" or field.name.startswith(":"):
            wanted = {**{name: Field(name) for name in thing}, **wanted}
        else:
            wanted[field.name] = field
    found: Object = {}
    for name, field in wanted.items():
        if name in thing and thing[name] is not None and not (name in dropped and field.children is None):
            found[_shown_name(field)] = _inside(thing[name], field)
    return found


def _shown_name(field: Field) -> str:
    return next((words[0] for change, words in field.changes if change == "rename" and words), field.name)


def _inside(value: Any, field: Field) -> Any:
    for change, _ in field.changes:
        if change in ("size", "isEmpty", "isNotEmpty"):
            return {"size": len(value), "isEmpty": not value, "isNotEmpty": bool(value)}[change]
    if isinstance(value, list):
        return [_inside(part, field) for part in value]
    if isinstance(value, dict):
        if field.children is not None:
            return _pick(value, field.children)
        return {"id": value["id"]} if "id" in value else value
    return value


def leaves(value: Any, steps: list[str]) -> list[Any]:
    """Everything found by walking STEPS into nested objects and lists."""
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part, steps)]
    if not steps:
        return [] if value is None else [value]
    return leaves(value.get(steps[0]), steps[1:]) if isinstance(value, dict) else []


def passes(thing: Any, filters: Iterable[str], either: bool = False) -> bool:
    """Says whether a plain object passes filters such as ``dataElement.id:eq:x1kGaqQ3pSd``.

    Raises:
        Refusal: 400, a filter that cannot be read.
    """
    results = [_test(text)(thing) for text in filters]
    return not results or (any(results) if either else all(results))


def _test(text: str) -> Callable[[Any], bool]:
    path, _, rest = text.partition(":")
    operator, _, wanted = rest.partition(":")
    if not path or not operator:
        raise Refusal(400, f"Invalid filter => {text}", "E1003")
    negated = operator.startswith("!") or operator in ("ne", "neq")
    plain = "eq" if operator in ("ne", "neq") else operator.removeprefix("!")
    steps = [step for step in path.split(".") if step]
    if plain in ("null", "empty"):
        return lambda thing: (not leaves(thing, steps)) != negated
    if plain not in OPERATORS:
        raise Refusal(400, f"`{operator}` is not a valid operator.", "E1003")
    test = OPERATORS[plain]
    return lambda thing: any(test(leaf, wanted) for leaf in leaves(thing, steps)) != negated


def ordered(things: list[Object], order: list[str]) -> list[Object]:
    """The things in an order such as ``["lastMessage:desc"]``; what lacks the property comes last."""
    for text in reversed(order):
        path, _, direction = text.partition(":")
        found = [(next(iter(leaves(thing, path.split("."))), None), thing) for thing in things]
        known = sorted(
            (pair for pair in found if pair[0] is not None),
            key=lambda pair: _sortable(pair[0], direction),
            reverse=direction.lower().endswith("desc"),
        )
        things = [thing for _, thing in known] + [thing for value, thing in found if value is None]
    return things


def _sortable(value: Any, direction: str) -> Any:
    if direction.startswith("n"):
        try:
            return float(value)
        except (TypeError, ValueError):
            return 0.0
    return value if isinstance(value, (int, float)) else str(value)
