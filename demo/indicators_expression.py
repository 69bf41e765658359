"""The expressions of indicators: read, described and evaluated.

Items are ``#{element}``, ``#{element.combo}``, ``R{dataSet.METRIC}``, ``OUG{group}``, ``C{constant}``,
``N{indicator}`` and ``[days]``; around them stand numbers, the operators of arithmetic and comparison,
brackets and some functions. Missing items count as 0, as in an indicator of DHIS2. After an item or a
bracket may stand ``.periodOffset(-1)``, its value of the period before, and ``.aggregationType(LAST)``,
summed up otherwise than its element says; only indicators know these (DHIS2 2.36 and later).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

TOKEN = re.compile(
    r"\s*(?:(?P<item>(?:#|A|D|I|R|OUG|C|N|PS_EVENTDATE:)\{[^}]*\}|\[days\])|(?P<number>\d+\.?\d*|\.\d+)|"
    r"\.(?P<after>periodOffset|aggregationType)\(\s*(?P<argument>-?\d+|[A-Z_]+)\s*\)|"
    r"(?P<name>[A-Za-z]\w*(?:\.\w+)?)|(?P<op>==|!=|<=|>=|&&|\|\||[-+*/%^()<>,!]))"
)
UID = "[a-zA-Z][a-zA-Z0-9]{10}"
ITEM = re.compile(
    rf"(?P<kind>#|R|OUG|C|N)\{{(?P<id>{UID}(?:\.(?:{UID}|\*|[A-Z_]+)){{0,2}})\}}$|(?P<days>\[days\])$"
)
POWER = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
    "^": 8,
}
UNARY = 7
AGGREGATIONS = {
    *("SUM", "AVERAGE", "AVERAGE_SUM_ORG_UNIT", "COUNT", "STDDEV", "VARIANCE", "MIN", "MAX", "NONE"),
    *("MIN_SUM_ORG_UNIT", "MAX_SUM_ORG_UNIT", "FIRST", "FIRST_AVERAGE_ORG_UNIT", "FIRST_FIRST_ORG_UNIT"),
    *("LAST", "LAST_AVERAGE_ORG_UNIT", "LAST_LAST_ORG_UNIT"),
    *("LAST_IN_PERIOD", "LAST_IN_PERIOD_AVERAGE_ORG_UNIT"),
}
Array = Any


class NotAnExpression(ValueError):
    """The text cannot be read as an expression."""


@dataclass(frozen=True)
class Wanted:
    """How an item is wanted: of how many periods later, and summed up in which way.

    Attributes:
        offset: periods after the one asked about; below 0 before it.
        aggregation: empty for the element's own.
    """

    offset: int = 0
    aggregation: str = ""

    def also(self, after: str, argument: str) -> Wanted:
        """The same with what stands after a bracket or an item; the innermost way of summing up holds."""
        if after == "periodOffset":
            return Wanted(self.offset + int(argument), self.aggregation)
        return Wanted(self.offset, argument)


PLAIN = Wanted()
Item = tuple[str, Wanted]


@dataclass(frozen=True)
class Node:
    """A part of an expression: an item, a number, or an operator or function over further parts."""

    kind: str
    text: str
    parts: tuple[Node, ...] = ()
    argument: str = ""

    def items(self, wanted: Wanted = PLAIN) -> Iterator[Item]:
        """Yields the items that the expression needs, as they are written, each with how it is wanted."""
        if self.kind == "item":
            yield self.text, wanted
        inner = wanted.also(self.text, self.argument) if self.kind == "after" else wanted
        for part in self.parts:
            yield from part.items(inner)


def _divide(a: Array, b: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b == 0, np.nan, np.divide(a, np.where(b == 0, 1, b)))


OPERATORS: dict[str, Callable[[Array, Array], Array]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": _divide,
    "%": np.fmod,
    "^": np.power,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "&&": np.logical_and,
    "||": np.logical_or,
}
FUNCTIONS: dict[str, tuple[int, Callable[..., Array]]] = {
    "if": (3, np.where),
    "isNull": (1, np.isnan),
    "isNotNull": (1, lambda x: ~np.isnan(x)),
    "firstNonNull": (0, lambda *x: _first_known(x)),
    "greatest": (0, lambda *x: np.fmax.reduce(x)),
    "least": (0, lambda *x: np.fmin.reduce(x)),
    "log": (1, np.log),
    "log10": (1, np.log10),
}
NULLS_MATTER = ("isNull", "isNotNull", "firstNonNull")


def _first_known(values: tuple[Array, ...]) -> Array:
    known = values[0]
    for value in values[1:]:
        known = np.where(np.isnan(known), value, known)
    return known


def read(text: str) -> Node:
    """Reads an expression.

    Raises:
        NotAnExpression: with what is wrong and where.

    >>> float(evaluate(read("2 * (3 + 4) ^ 2 / #{fGNkMBsOo0R}"), {("#{fGNkMBsOo0R}", PLAIN): np.array(7.0)}))
    14.0
    """
    tokens = _tokens(text)
    node, rest = _binary(tokens, 0)
    if rest:
        raise NotAnExpression(f"{rest[0][1]!r} is not expected in {text!r}")
    return node


Tokens = list[tuple[str, str]]


def _tokens(text: str) -> Tokens:
    tokens, place = [], 0
    while text[place:].strip():
        found = TOKEN.match(text, place)
        if not found or not found.lastgroup:
            raise NotAnExpression(f"{text[place:].strip()!r} cannot be read")
        word = found[found.lastgroup]
        if found["after"] and not _fits(found["after"], word):
            raise NotAnExpression(f"{found['after']} takes no {word!r}")
        if found.lastgroup == "item" and not ITEM.match(word):
            raise NotAnExpression(f"{word} names nothing that can be summed")
        tokens.append(("after", f"{found['after']} {word}") if found["after"] else (found.lastgroup, word))
        place = found.end()
    return tokens


def _fits(after: str, argument: str) -> bool:
    return argument in AGGREGATIONS if after == "aggregationType" else argument.lstrip("-").isdigit()


def _binary(tokens: Tokens, least: int) -> tuple[Node, Tokens]:
    left, tokens = _unary(tokens)
    while tokens and tokens[0][0] == "op" and POWER.get(tokens[0][1], -1) >= max(least, 1):
        sign = tokens[0][1]
        # "^" binds to the right, everything else to the left.
        right, tokens = _binary(tokens[1:], POWER[sign] + (sign != "^"))
        left = Node("op", sign, (left, right))
    return left, tokens


def _unary(tokens: Tokens) -> tuple[Node, Tokens]:
    if not tokens:
        raise NotAnExpression("the expression ends too early")
    kind, word = tokens[0]
    if kind in ("item", "number"):
        return _followed(Node(kind, word), tokens[1:])
    if kind == "name":
        return _call(word, tokens[1:])
    if word in ("-", "+", "!"):
        inner, rest = _binary(tokens[1:], UNARY)
        return Node("sign", word, (inner,)), rest
    if word == "(":
        inner, rest = _binary(tokens[1:], 0)
        return _followed(Node("brackets", "", (inner,)), _after(rest, ")"))
    raise NotAnExpression(f"{word!r} is not expected here")


def _followed(node: Node, tokens: Tokens) -> tuple[Node, Tokens]:
    while tokens and tokens[0][0] == "after":
        after, _, argument = tokens[0][1].partition(" ")
        node, tokens = Node("after", after, (node,), argument), tokens[1:]
    return node, tokens


def _call(name: str, tokens: Tokens) -> tuple[Node, Tokens]:
    if name not in FUNCTIONS:
        raise NotAnExpression(f"{name!r} is no function that is known")
    tokens, parts = _after(tokens, "("), []
    while True:
        part, tokens = _binary(tokens, 0)
        parts.append(part)
        if not tokens or tokens[0][1] != ",":
            break
        tokens = tokens[1:]
    count = FUNCTIONS[name][0]
    if count and count != len(parts):
        raise NotAnExpression(f"{name} takes {count} arguments, not {len(parts)}")
    return Node("call", name, tuple(parts)), _after(tokens, ")")


def _after(tokens: Tokens, word: str) -> Tokens:
    if not tokens or tokens[0][1] != word:
        raise NotAnExpression(f"{word!r} is missing")
    return tokens[1:]


def evaluate(node: Node, values: Mapping[Item, Array], null: float = 0.0, wanted: Wanted = PLAIN) -> Array:
    """Computes an expression over arrays of one shape.

    Args:
        node: from `read`.
        values: an array for each item, NaN where nothing is known; items left out are not known anywhere.
        null: what a missing item counts as.
        wanted: how the items in it are wanted.

    Returns:
        the results; NaN where they are not defined, such as a division by zero.
    """
    if node.kind == "number":
        return np.asarray(float(node.text))
    if node.kind == "item":
        known = np.asarray(values.get((node.text, wanted), np.nan), float)
        return np.where(np.isnan(known), null, known)
    if node.kind == "brackets":
        return evaluate(node.parts[0], values, null, wanted)
    if node.kind == "after":
        return evaluate(node.parts[0], values, null, wanted.also(node.text, node.argument))
    if node.kind == "call" and node.text in NULLS_MATTER:
        null = np.nan
    parts = [evaluate(part, values, null, wanted) for part in node.parts]
    if node.kind == "sign":
        return {"-": np.negative, "+": np.positive, "!": np.logical_not}[node.text](parts[0])
    return OPERATORS[node.text](*parts) if node.kind == "op" else FUNCTIONS[node.text][1](*parts)


def described(node: Node, name: Callable[[str], str | None]) -> str:
    """Writes an expression with names instead of ids.

    Args:
        node: from `read`.
        name: the name of an item (``#{fGNkMBsOo0R}``), None when there is none.

    Raises:
        NotAnExpression: an item that nobody knows.
    """
    parts = [described(part, name) for part in node.parts]
    if node.kind == "item":
        found = name(node.text)
        if found is None:
            raise NotAnExpression(f"{node.text} is not known")
        return found
    if node.kind == "op":
        return f"{parts[0]} {node.text} {parts[1]}"
    shapes = {
        "brackets": f"({''.join(parts)})",
        "sign": node.text + "".join(parts),
        "call": f"{node.text}({','.join(parts)})",
        "after": f"{''.join(parts)}.{node.text}({node.argument})",
    }
    return shapes.get(node.kind, node.text)
