"""`/api/dataValues`: one value at a time, and its mark for follow-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from demo import combos, locks, value_types
from demo.periods import Period, parse
from demo.store import Object
from demo.value_import import UPSERT, audit
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
DELETE = """UPDATE data_values SET deleted = 1, value = ?, last_updated = ?, stored_by = ?
    WHERE ou = ? AND pe = ? AND de = ? AND coc = ? AND aoc = ?"""


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
    _store(_writable(given), given)
    return empty(201)


@blueprint.delete(HERE)
@requires("F_DATAVALUE_DELETE", "F_DATAVALUE_ADD")
def delete() -> Response:
    """Takes one value away; its row stays, marked as deleted."""
    cell = _writable(_given())
    row = cell.stored()
    if row is None or row["deleted"]:
        return _absent("Data value cannot be deleted because it does not exist")
    _mark_deleted(cell, row, row["value"])
    return empty(204)


def the_cell(given: Object) -> Cell:
    """Finds what the names of a request mean.

    Raises:
        Refusal: 409 (400 in 2.43), a name means nothing.
    """
    status = 400 if dialect() >= 43 else 409
    kept, iso = store(), str(given.get("period") or "")
    element, unit = (
        kept.get("dataElements", given.get("dataElement")),
        kept.get("organisationUnits", given.get("orgUnit")),
    )
    period = parse(iso)
    if element is None:
        raise Refusal(
            status, f"Data element not found or not accessible: `{given.get('dataElement')}`", "E1100"
        )
    if period is None:
        raise Refusal(status, f"Period not valid: `{iso}`", "E1101")
    if unit is None:
        raise Refusal(
            status, f"Organisation unit not found or not accessible: `{given.get('orgUnit')}`", "E1102"
        )
    combo = given.get("categoryOptionCombo") or combos.DEFAULT_OPTION_COMBO
    if kept.get("categoryOptionCombos", combo) is None:
        raise Refusal(status, f"Category option combo not found or not accessible: `{combo}`", "E1103")
    return Cell(element, period, unit, combo, attribute_option_combo(given))


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


def _writable(given: Object) -> Cell:
    """Finds the place of a value and refuses where the asker may not write now."""
    cell, user = the_cell(given), current_user()
    if not user.captures(cell.unit["path"]):
        raise Refusal(
            409,
            f"Organisation unit is not in the hierarchy of the current user: `{cell.unit['id']}`",
            "E2020",
        )
    sets = locks.data_sets_of(store(), cell.element)
    named = given.get("dataSet")
    data_set = store().get("dataSets", named) if named else (sets[0] if sets else None)
    if named and data_set is None:
        raise Refusal(409, f"Data set not found or not accessible: `{named}`", "E1105")
    if named and data_set not in sets:
        raise Refusal(
            409, f"Data element: `{cell.element['id']}` is not part of data set: `{named}`", "E2021"
        )
    if data_set and not user.may("dataSets", data_set, "data_write"):
        raise Refusal(409, f"User does not have write access for data set: `{data_set['id']}`", "E2018")
    _refuse_when_closed(cell, sets, data_set, given)
    return cell


def _refuse_when_closed(cell: Cell, sets: list[Object], data_set: Object | None, given: Object) -> None:
    latest = locks.latest_open(sets, store().clock.today())
    if latest and locks.is_future(cell.period, latest):
        raise Refusal(
            409,
            f"Period: `{cell.period.iso}` is after latest open future period: `{latest.iso}` for data "
            f"element: `{cell.element['id']}`",
            "E2022",
        )
    forced = str(given.get("force")).lower() == "true" and current_user().is_superuser
    if data_set is None or forced:
        return
    if locks.is_expired(store(), current_user(), data_set, cell.period, cell.unit["id"]):
        raise Refusal(409, "Data set is locked", "E2017")
    if locks.is_shut_by_date(data_set, cell.period, store().clock.now()):
        raise Refusal(
            409, f"Period: `{cell.period.iso}` is not open for data set: `{data_set['id']}`", "E2025"
        )


def _store(cell: Cell, given: Object) -> None:
    row = cell.stored()
    exists = row is not None and not row["deleted"]
    value = _new_value(cell, given, row if exists else None)
    cleared = value == "" and dialect() >= 43
    if cleared or (value is not None and value_types.is_insignificant_zero(cell.element, value)):
        if exists:
            _mark_deleted(cell, row, row["value"] if cleared else value)
        return
    comment = given.get("comment", row["comment"] if exists else None) or None
    moment, user = store().clock.seconds(), current_user().username
    created = row["created"] if exists else moment
    with store().transaction() as connection:
        connection.execute(
            UPSERT, (*cell.key, value, comment, _followup(given, row, exists), 0, user, created, moment)
        )
        before = ("UPDATE", row["value"]) if exists else ("CREATE", value)
        audit(connection, cell.key, before, user, store().clock.milliseconds())


def _new_value(cell: Cell, given: Object, row: Any) -> str | None:
    value = given.get("value")
    if value is None:
        return row["value"] if row else None
    value = value_types.normal(cell.element, str(value))
    wrong = value_types.fault(cell.element, value) if value else None
    if wrong:
        raise Refusal(409, f"Invalid value: `{value}`, must match data element type: `{wrong}`", "E2030")
    options = store().get("optionSets", (cell.element.get("optionSet") or {}).get("id"))
    codes = {(store().get("options", o["id"]) or o).get("code") for o in (options or {}).get("options", ())}
    if value and options and value not in codes:
        raise Refusal(
            409,
            f"Data value is not a valid option of the data element option set: `{cell.element['id']}`",
            "E2029",
        )
    return value


def _followup(given: Object, row: Any, exists: bool) -> int:
    """Up to 2.42 `followUp=true` turns the mark over, in 2.43 it sets it."""
    before = bool(row["followup"]) if exists else False
    asked = str(given.get("followUp")).lower()
    if dialect() >= 43:
        return int(asked == "true") if asked in ("true", "false") else int(before)
    return int(before != (asked == "true"))


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
