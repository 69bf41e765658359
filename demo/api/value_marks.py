"""`/api/dataValues/followup(s)`: values marked for follow-up."""

from __future__ import annotations

from flask import Blueprint, Response

from demo.api.data_values import the_cell
from demo.store import Object
from demo.web import Refusal, current_user, empty, json_body, requires, store

blueprint = Blueprint("value_marks", __name__)
HERE = "/api/dataValues"
ROW = "SELECT deleted FROM data_values WHERE ou = ? AND pe = ? AND de = ? AND coc = ? AND aoc = ?"
MARK = """UPDATE data_values SET followup = ?, last_updated = ?
    WHERE ou = ? AND pe = ? AND de = ? AND coc = ? AND aoc = ? AND NOT deleted"""


@blueprint.put(f"{HERE}/followup")
@requires("F_DATAVALUE_ADD")
def follow_up() -> Response:
    """Marks one value for follow-up, or takes the mark off."""
    _mark(json_body())
    return empty()


@blueprint.put(f"{HERE}/followups")
@requires("F_DATAVALUE_ADD")
def follow_ups() -> Response:
    """Marks several values for follow-up, all or none."""
    with store().transaction():
        for given in json_body().get("values") or ():
            _mark(given)
    return empty()


def _mark(given: Object) -> None:
    if "followup" not in given:
        raise Refusal(409, "Follow-up must be specified", "E2033")
    attribute = given.get("attributeOptionCombo")
    try:
        cell = the_cell(given)
    except Refusal:
        raise Refusal(409, "Data value not found or not accessible", "E2032") from None
    key = (*cell.key[:4], attribute or cell.attribute)
    row = store().execute(ROW, key).fetchone()
    if row is None or row["deleted"]:
        raise Refusal(409, "Data value not found or not accessible", "E2032")
    if not current_user().captures(cell.unit["path"]):
        raise Refusal(
            409,
            f"Organisation unit is not in the hierarchy of the current user: `{cell.unit['id']}`",
            "E2020",
        )
    mark = int(str(given["followup"]).lower() == "true")
    store().execute(
        MARK,
        (mark, store().clock.seconds(), *key),
    )
