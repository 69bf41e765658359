"""Which events a request for events means: dates, ids, status and values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request

from demo.event_rules import STATUSES
from demo.store import Object
from demo.web import Refusal, clock, dialect, several, store


def _order(text: str) -> tuple[int, Any]:
    try:
        return 0, float(text)
    except ValueError:
        return 1, text


OPERATORS: dict[str, Any] = {
    "eq": lambda v, w: v == w,
    "ieq": lambda v, w: v.lower() == w.lower(),
    "ne": lambda v, w: v != w,
    "ge": lambda v, w: _order(v) >= _order(w),
    "gt": lambda v, w: _order(v) > _order(w),
    "lt": lambda v, w: _order(v) < _order(w),
    "le": lambda v, w: _order(v) <= _order(w),
    "in": lambda v, w: v in w.split(";"),
    "like": lambda v, w: w.lower() in v.lower(),
    "sw": lambda v, w: v.lower().startswith(w.lower()),
    "ew": lambda v, w: v.lower().endswith(w.lower()),
}


@dataclass(frozen=True)
class Bound:
    """A lower or upper bound on a moment of an event; whole days are inside."""

    name: str
    moment: str
    lower: bool

    def __call__(self, event: Object) -> bool:
        """Says whether the event keeps the bound."""
        known = event.get(self.name)
        if known is None:
            return False
        if len(self.moment) == len("2019-08-20"):
            known = known[: len(self.moment)]
        return known >= self.moment if self.lower else known <= self.moment


def event_filters() -> list[Callable[[Object], bool]]:
    """The filters of this request, each a test of one event.

    Raises:
        Refusal: 400, a filter that cannot be read.
    """
    tests: list[Callable[[Object], bool]] = []
    for name, fact in (("occurred", "occurredAt"), ("scheduled", "scheduledAt"), ("updated", "updatedAt")):
        for word, lower in (("After", True), ("Before", False)):
            if text := request.args.get(name + word):
                tests.append(Bound(fact, _checked(name + word, text), lower))
    if text := request.args.get("updatedWithin"):
        if request.args.get("updatedAfter") or request.args.get("updatedBefore"):
            raise Refusal(
                400,
                "Last updated from and/or to and last updated duration cannot be specified simultaneously",
            )
        tests.append(
            Bound("updatedAt", (clock().now() - _duration(text)).isoformat(timespec="milliseconds"), True)
        )
    if wanted := set(
        several("events") or (request.args.get("event", "").split(";") if dialect() <= 41 else ())
    ) - {""}:
        tests.append(lambda event: event["event"] in wanted)
    if status := request.args.get("status", "").upper():
        if status not in STATUSES:
            raise Refusal(400, f"Value '{status}' is not valid for parameter status")
        tests.append(lambda event: event["status"] == status)
    return tests + [_value_filter(text) for text in request.args.getlist("filter")]


def _checked(name: str, text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(
            400, f"Value '{text}' is not valid for parameter {name}. It should be an ISO 8601 date"
        ) from None
    return text if len(text) == len("2019-08-20") else moment.isoformat(timespec="milliseconds")


def _duration(text: str) -> timedelta:
    found = re.fullmatch(r"(\d+)([dhms])", text)
    if not found:
        raise Refusal(400, f"Duration is not valid: {text}")
    unit = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}[found[2]]
    return timedelta(**{unit: int(found[1])})


def _value_filter(text: str) -> Callable[[Object], bool]:
    """``deUid:op:value``, several pairs in a row; ``/`` takes the meaning from the sign behind it."""
    parts = [re.sub(r"/(.)", r"\1", part) for part in re.split(r"(?<!/):", text)]
    element, pairs = parts[0], parts[1:]
    if store().get("dataElements", element) is None:
        raise Refusal(400, f"filter is invalid. Data element '{element}' does not exist.")
    tests: list[tuple[str, str]] = []
    while pairs:
        word = pairs.pop(0).lower()
        plain = word.removeprefix("!")
        if plain != "null" and (plain not in OPERATORS or not pairs):
            raise Refusal(400, f"'{text}' is not a valid filter")
        tests.append((word, "" if plain == "null" else pairs.pop(0)))
    return lambda event: all(_passes(event, element, word, wanted) for word, wanted in tests)


def _passes(event: Object, element: str, word: str, wanted: str) -> bool:
    value = next((v["value"] for v in event["dataValues"] if v["dataElement"] == element), None)
    plain = word.removeprefix("!")
    if plain == "null":
        return (value is None) != word.startswith("!")
    return value is not None and OPERATORS[plain](value, wanted) != word.startswith("!")
