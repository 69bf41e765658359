"""`/api/dataValues`: one value at a time, and its mark for follow-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from demo import combos, locks, value_types
from demo.periods import Period, parse
from demo.store import Object
from demo.value_import import UPSERT, audit
from demo.value_rows import LONGEST_COMMENT
from demo.web import (
    NO_STORE,
    Refusal,
    answer,
    current_user,
    dialect,
    empty,
    json_body,
    requires,
    store,
    web_message,
)

blueprint = Blueprint("data_values", __name__)
HERE = "/api/dataValues"
NAMES = {
    "de": "dataElement",
    "pe": "period",
    "ou": "orgUnit",
    "co": "categoryOptionCombo",
    "ds": "dataSet",
    "value": "value",
    "comment": "comment",
    "followUp": "followUp",
    "force": "force",
}
ROW = "SELECT * FROM data_values WHERE ou = ? AND pe = ? AND de = ? AND coc = ? AND aoc = ?"
DELETE = """UPDATE data_values SET deleted = 1, value = ?, first_stored = created, last_updated = ?,
    stored_by = ? WHERE ou = ? AND pe = ? AND de = ? AND coc = ? AND aoc = ?"""


@dataclass(frozen=True)
class Cell:
    """One value's place: what its names mean."""

    element: Object
    period: Period
    unit: Object
    combo: str
    attribute: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """The key of the stored value."""
        return self.unit["id"], self.period.iso, self.element["id"], self.combo, self.attribute

    def stored(self) -> Any:
        """Returns the stored row, deleted or not, or None."""
        return store().execute(ROW, self.key).fetchone()


@blueprint.get(HERE)
def read() -> Response:
    """Returns `["12"]`; 409 when there is no value."""
    row = the_cell(_given()).stored()
    if row is None or row["deleted"]:
        return _absent("Data value does not exist")
    return answer([row["value"]], cache=NO_STORE)


@blueprint.post(HERE)
@requires("F_DATAVALUE_ADD")
def write() -> Response:
    """Stores one value; an insignificant zero takes away what was there."""
    given = _given()
    cell = the_cell(given)
    _refuse_outside_time(cell)
    form = _form_of(cell, given)
    _refuse_future(cell)
    _refuse_bad_content(cell, given)
    _refuse_locked(cell, form, given)
    _store(cell, given)
    return empty(201)


@blueprint.delete(HERE)
@requires("F_DATAVALUE_DELETE", "F_DATAVALUE_ADD")
def delete() -> Response:
    """Takes one value away; its row stays, marked as deleted."""
    given = _given()
    cell = the_cell(given)
    _refuse_locked(cell, _form_of(cell, given), given)
    row = cell.stored()
    if row is None or row["deleted"]:
        return _absent("Data value cannot be deleted because it does not exist")
    _mark_deleted(cell, row, row["value"])
    return empty(204)


def the_cell(given: Object) -> Cell:
    """Finds what the names of a request mean, in DHIS2's order, at a place where the asker may enter data.

    Raises:
        Refusal: 409 (400 in 2.43), a name means nothing or the place is not the asker's.
    """
    element = _known("dataElements", given.get("dataElement"), "Data element", "E1100")
    combo = given.get("categoryOptionCombo") or combos.DEFAULT_OPTION_COMBO
    _known("categoryOptionCombos", combo, "Category option combo", "E1103")
    attribute = attribute_option_combo(given)
    iso = str(given.get("period") or "")
    period = parse(iso)
    if period is None:
        raise Refusal(_status(), f"Period is invalid: `{iso}`", "E1101")
    unit = _known("organisationUnits", given.get("orgUnit"), "Organisation unit", "E1102")
    if not current_user().captures(unit["path"]):
        message = f"Organisation unit is not in the hierarchy of the current user: `{unit['id']}`"
        raise Refusal(409, message, "E2020")
    return Cell(element, period, unit, combo, attribute)


def _known(kind: str, uid: str | None, words: str, code: str) -> Object:
    found = store().get(kind, uid)
    if found is None:
        raise Refusal(_status(), f"{words} not found or not accessible: `{uid}`", code)
    return found


def _status() -> int:
    return 400 if dialect() >= 43 else 409


def attribute_option_combo(given: Object) -> str:
    """Returns the attribute option combo that `cc` and `cp` (or `attribute`) name, or the default one."""
    attribute = given.get("attribute") or {}
    combo, options = attribute.get("combo"), attribute.get("options")
    if not combo or not options:
        return combos.DEFAULT_OPTION_COMBO
    wanted = set(options)
    for uid, found in store().all("categoryOptionCombos").items():
        if found["categoryCombo"]["id"] == combo and {o["id"] for o in found["categoryOptions"]} == wanted:
            return uid
    raise Refusal(409, f"Attribute option combo does not exist for category combo: `{combo}`", "E1104")


def _given() -> Object:
    """Reads the request: parameters in the address, a form, or a JSON body."""
    if request.mimetype == "application/json" and request.get_data():
        return json_body()
    found = request.values
    given: Object = {long: found[short] for short, long in NAMES.items() if short in found}
    if "cc" in found or "cp" in found:
        given["attribute"] = {
            "combo": found.get("cc"),
            "options": [o for o in found.get("cp", "").split(";") if o],
        }
    return given


def _form_of(cell: Cell, given: Object) -> Object | None:
    """Returns the form that a request names, else the first that holds the element."""
    sets, named = locks.data_sets_of(store(), cell.element), given.get("dataSet")
    if not named:
        return sets[0] if sets else None
    form = _known("dataSets", named, "Data set", "E1105")
    if form not in sets:
        message = f"Data set: `{named}` does not contain data element: `{cell.element['id']}`"
        raise Refusal(409, message, "E2021")
    return form


def _refuse_outside_time(cell: Cell) -> None:
    """Refuses a unit that was not open in the period, and a period after the last open one."""
    first, last = (str(cell.unit.get(k) or "")[:10] for k in ("openingDate", "closedDate"))
    if (last and last < cell.period.start.isoformat()) or first > cell.period.end.isoformat():
        message = f"Organisation unit is closed for the selected period: `{cell.unit['id']}`"
        raise Refusal(409, message, "E2019")


def _refuse_future(cell: Cell) -> None:
    latest = locks.latest_open(locks.data_sets_of(store(), cell.element), store().clock.today())
    if latest and locks.is_future(cell.period, latest):
        raise Refusal(
            409,
            f"Period: `{cell.period.iso}` is after latest open future period: `{latest.iso}` for data "
            f"element: `{cell.element['id']}`",
            "E2022",
        )


def _refuse_locked(cell: Cell, form: Object | None, given: Object) -> None:
    forced = str(given.get("force")).lower() == "true" and current_user().is_superuser
    if form is None:
        return
    if not forced and locks.is_expired(store(), current_user(), form, cell.period, cell.unit["id"]):
        raise Refusal(409, "Data set is locked", "E2017")
    if locks.is_approved(store(), form, cell.period, cell.unit):
        raise Refusal(409, f"Data set is approved and locked: `{form['id']}`", "E2017")
    if locks.is_shut_by_date(form, cell.period, store().clock.now()):
        raise Refusal(409, f"Period: `{cell.period.iso}` is not open for data set: `{form['id']}`", "E2025")


def _refuse_bad_content(cell: Cell, given: Object) -> None:
    value, comment = _value(cell, given), given.get("comment")
    if value and value.strip() and value_types.fault(cell.element, value):
        kind = cell.element["valueType"]
        raise Refusal(409, f"Data value must match data element value type: `{kind}`", "E2030")
    if comment and len(str(comment)) > LONGEST_COMMENT:
        raise Refusal(409, "Comment is invalid: `comment_length_greater_than_max_length`", "E2028")
    options = store().get("optionSets", (cell.element.get("optionSet") or {}).get("id"))
    codes = {(store().get("options", o["id"]) or o).get("code") for o in (options or {}).get("options", ())}
    if value and options and value not in codes:
        message = f"Data value is not a valid option of the data element option set: `{options['id']}`"
        raise Refusal(409, message, "E2029")


def _value(cell: Cell, given: Object) -> str | None:
    value = given.get("value")
    return None if value is None else value_types.normal(cell.element, str(value))


def _store(cell: Cell, given: Object) -> None:
    """Stores a value; none at all, or a zero that does not count, takes away what was there."""
    row = cell.stored()
    exists = row is not None and not row["deleted"]
    asked = _value(cell, given)
    value = (row["value"] if exists else None) if asked is None else asked.strip() or None
    comment = str(given.get("comment", row["comment"] if exists else None) or "").strip() or None
    zero = value is not None and value_types.is_insignificant_zero(cell.element, value)
    cleared = (value is None and comment is None) or (asked == "" and dialect() >= 43)
    if cleared or zero:
        if exists:
            _mark_deleted(cell, row, row["value"] if dialect() >= 43 and not zero else value)
        return
    moment, user = store().clock.seconds(), current_user().username
    created = row["created"] if row is not None else moment
    with store().transaction() as connection:
        connection.execute(
            UPSERT, (*cell.key, value, comment, _followup(given, row, exists), 0, user, created, moment)
        )
        if row is not None and not exists:
            audit(connection, cell.key, ("CREATE", value), user, store().clock.milliseconds())
        elif exists and value != row["value"]:
            audit(connection, cell.key, ("UPDATE", row["value"]), user, store().clock.milliseconds())


def _followup(given: Object, row: Any, exists: bool) -> int:
    """Up to 2.42 any `followUp` turns the mark of a stored value over, in 2.43 it sets it."""
    before = bool(row["followup"]) if exists else False
    asked = str(given.get("followUp")).lower()
    if asked not in ("true", "false"):
        return int(before)
    return int(not before) if exists and dialect() < 43 else int(asked == "true")


def _mark_deleted(cell: Cell, row: Any, value: str | None) -> None:
    user = current_user().username
    with store().transaction() as connection:
        connection.execute(
            DELETE,
            (value, store().clock.seconds(), user, *cell.key),
        )
        audit(connection, cell.key, ("DELETE", row["value"]), user, store().clock.milliseconds())


def _absent(message: str) -> Response:
    response = web_message(409, message)
    response.headers["Content-Type"] = "application/json"
    del response.headers["Cache-Control"]
    return response
