"""Filters, search and order of metadata lists: `filter=dataSets.id:eq:X`, `query=X`, `order=name:iasc`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from demo.graph import Graph
from demo.model import TARGETS
from demo.store import Object
from demo.web import Refusal

NEGATIONS = {"ne": "eq", "neq": "eq", "!eq": "eq"}
SIZED = {"eq", "gt", "ge", "gte", "lt", "le", "lte"}
DIRECTIONS = {"asc": (False, False), "desc": (True, False), "iasc": (False, True), "idesc": (True, True)}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _like(test: Callable[[str, str], bool], lower: bool) -> Callable[[Any, str], bool]:
    if lower:
        return lambda value, wanted: test(_text(value).lower(), wanted.lower())
    return lambda value, wanted: test(_text(value), wanted)


def _compared(test: Callable[[Any, Any], bool]) -> Callable[[Any, str], bool]:
    def compare(value: Any, wanted: str) -> bool:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return test(value, _number(wanted))
        return test(_text(value), wanted)

    return compare


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Refusal(400, f"Unable to parse `{text}` as a number", "E1003") from None


def _equal(value: Any, wanted: str) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value == _number(wanted)
    return _text(value) == wanted


def _one_of(value: Any, wanted: str) -> bool:
    return any(_equal(value, w.strip()) for w in wanted.strip("[]").split(",") if w.strip())


def _tokens(value: Any, wanted: str) -> bool:
    return all(word in _text(value).lower() for word in wanted.lower().split())


OPERATORS: dict[str, Callable[[Any, str], bool]] = {
    "eq": _equal,
    "ieq": lambda value, wanted: _text(value).lower() == wanted.lower(),
    "gt": _compared(lambda a, b: a > b),
    "ge": _compared(lambda a, b: a >= b),
    "gte": _compared(lambda a, b: a >= b),
    "lt": _compared(lambda a, b: a < b),
    "le": _compared(lambda a, b: a <= b),
    "lte": _compared(lambda a, b: a <= b),
    "in": _one_of,
    "token": _tokens,
    "startsWith": _like(str.startswith, False),
    "endsWith": _like(str.endswith, False),
    **{f"{i}like": _like(lambda a, b: b in a, bool(i)) for i in ("", "i")},
    **{f"${i}like": _like(str.startswith, bool(i)) for i in ("", "i")},
    **{f"{i}like$": _like(str.endswith, bool(i)) for i in ("", "i")},
}


def matcher(
    graph: Graph, kind: str, filters: Iterable[str], either: bool = False
) -> Callable[[Object], bool]:
    """Returns what says whether an object passes.

    Args:
        graph: reads properties.
        kind: the type of the objects.
        filters: `property:operator[:value]`, all of which must hold.
        either: one is enough (`rootJunction=OR`).

    Raises:
        Refusal: 400, a filter cannot be read.
    """
    tests = [_test(graph, kind, text) for text in filters]
    if not tests:
        return lambda _: True
    return lambda thing: (any if either else all)(test(thing) for test in tests)


def _test(graph: Graph, kind: str, text: str) -> Callable[[Object], bool]:
    path, _, rest = text.partition(":")
    operator, _, wanted = rest.partition(":")
    if not path or not operator:
        raise Refusal(400, f"Invalid filter => {text}", "E1003")
    steps = path.split(".")
    if steps == ["identifiable"]:
        tests = [_test(graph, kind, f"{name}:{rest}") for name in ("id", "code", "name")]
        return lambda thing: any(test(thing) for test in tests)
    known(graph, kind, steps)
    negated = operator in NEGATIONS or operator.startswith("!")
    plain = NEGATIONS.get(operator, operator.removeprefix("!"))
    if plain in ("null", "empty"):
        return lambda thing: (not list(_leaves(graph, kind, thing, steps))) != negated
    if plain not in OPERATORS:
        raise Refusal(400, f"`{operator}` is not a valid operator.", "E1003")
    test = OPERATORS[plain]
    if wanted.isdigit() and plain in SIZED and len(steps) == 1:
        return lambda thing: _sized(graph.value(kind, thing, path), test, wanted) != negated
    return lambda thing: any(test(leaf, wanted) for leaf in _leaves(graph, kind, thing, steps)) != negated


def _sized(value: Any, test: Callable[[Any, str], bool], wanted: str) -> bool:
    """A number beside a collection means how many it holds."""
    compared = len(value) if isinstance(value, list) else value
    return compared is not None and test(compared, wanted)


def known(graph: Graph, kind: str, steps: list[str]) -> None:
    """Refuses a path whose first step no object of this type has."""
    if steps[0] not in graph.names(kind):
        raise Refusal(400, f"Unknown path property: `{steps[0]}` (`{'.'.join(steps)}`)", "E1003")


def _leaves(graph: Graph, kind: str | None, thing: Object, steps: list[str]) -> Iterator[Any]:
    value = graph.value(kind or "", thing, steps[0])
    parts = value if isinstance(value, list) else [value]
    for part in parts:
        if part is None:
            continue
        if len(steps) == 1:
            yield part.get("id", part) if isinstance(part, dict) and steps[0] in TARGETS else part
        elif isinstance(part, dict):
            yield from _leaves(graph, *graph.resolve(steps[0], part), steps[1:])


def searched(graph: Graph, kind: str, query: str) -> Callable[[Object], bool]:
    """Returns what says whether an object is meant by `query`: its id or code, or a part of its name."""
    lower = query.lower()
    if kind == "users":
        return lambda thing: any(
            lower in text.lower()
            for text in (
                f"{thing.get('firstName')} {thing.get('surname')}",
                thing.get("email") or "",
                thing.get("username") or "",
            )
        )
    return lambda thing: (
        query in (thing.get("id"), thing.get("code"))
        or lower in str(graph.value(kind, thing, "displayName") or "").lower()
    )


def ordered(graph: Graph, kind: str, things: list[Object], order: list[str]) -> list[Object]:
    """Returns the objects in the asked order (`name:asc`), by name when nothing is asked.

    An order that cannot be read is left aside.
    """
    known = graph.names(kind)
    asked = [(text.partition(":")[0], (text.partition(":")[2] or "asc").lower()) for text in order]
    meant = [(name, direction) for name, direction in asked if direction in DIRECTIONS and name in known]
    for name, direction in reversed(meant or [("name", "iasc")]):
        backwards, lower = DIRECTIONS[direction]
        things = sorted(things, key=lambda t: _sortable(graph.value(kind, t, name), lower), reverse=backwards)
    return things


def _sortable(value: Any, lower: bool) -> tuple[bool, Any]:
    if value is None:
        return True, ""
    if isinstance(value, (bool, int, float)):
        return False, float(value)
    return False, str(value).lower() if lower else str(value)
