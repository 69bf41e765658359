"""`/api/dataValues/followup(s)`: values marked for follow-up."""

from __future__ import annotations

from flask import Blueprint, Response

from demo.api.data_values import the_cell
from demo.store import Object
from demo.web import Refusal, empty, json_body, store

blueprint = Blueprint("value_marks", __name__)
HERE = "/api/dataValues"
ROW = "SELECT deleted FROM data_values WHERE ou = ? AND pe = ? AND de = ? AND coc = ? AND aoc = ?"
MARK = """UPDATE data_values SET followup = ?, first_stored = created, last_updated = ?
    WHERE ou = ? AND pe = ? AND de = ? AND coc = ? AND aoc = ? AND NOT deleted"""


@blueprint.put(f"{HERE}/followup")
def follow_up() -> Response:
    """Marks one value for follow-up, or takes the mark off."""
    _mark(json_body())
    return empty()


@blueprint.put(f"{HERE}/followups")
def follow_ups() -> Response:
    """Marks several values for follow-up, all or none."""
    given = json_body().get("values")
    if not given:
        raise Refusal(409, "Follow-up must be specified", "E2033")
    with store().transaction():
        for value in given:
            _mark(value)
    return empty()


def _mark(given: Object) -> None:
    if given.get("followup") is None:
        raise Refusal(409, "Follow-up must be specified", "E2033")
    try:
        cell = the_cell(given)
    except Refusal as refusal:
        if refusal.error_code != "E1101":
            raise
        raise Refusal(409, "Data value not found or not accessible", "E2032") from None
    key = (*cell.key[:4], given.get("attributeOptionCombo") or cell.attribute)
    row = store().execute(ROW, key).fetchone()
    if row is None or row["deleted"]:
        raise Refusal(409, "Data value not found or not accessible", "E2032")
    mark = int(str(given["followup"]).lower() == "true")
    store().execute(
        MARK,
        (mark, store().clock.seconds(), *key),
    )
