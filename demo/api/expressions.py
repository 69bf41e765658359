"""`/api/indicators/expression/description`: whether an expression can be read, and what it says in names."""

from __future__ import annotations

from flask import Blueprint, Response, request

from demo.analytics.items import Reader
from demo.indicators_expression import NotAnExpression, described, read
from demo.store import Object
from demo.web import answer, clock, current_user, store

blueprint = Blueprint("expressions", __name__)
KINDS = {"C": "constants", "OUG": "organisationUnitGroups", "N": "indicators"}


@blueprint.post("/api/indicators/expression/description")
def description() -> Response:
    """Describes the expression in the body."""
    return _told(request.get_data(as_text=True))


@blueprint.get("/api/expressions/description")
def description_of_parameter() -> Response:
    """Describes the expression in the address."""
    return _told(request.args.get("expression", ""))


def _told(text: str) -> Response:
    body: Object = {"httpStatus": "OK", "httpStatusCode": 200}
    try:
        body |= {"status": "OK", "message": "Valid", "description": described(read(text), _name)}
    except NotAnExpression:
        body |= {"status": "ERROR", "message": "Expression is not well-formed"}
    return answer(body)


def _name(word: str) -> str | None:
    if word == "[days]":
        return "[Number of days]"
    kind, _, key = word.rstrip("}").partition("{")
    if kind in KINDS:
        return (store().get(KINDS[kind], key) or {}).get("name")
    item = Reader(store(), current_user(), clock().today()).data_item(key)
    return item.name if item else None
