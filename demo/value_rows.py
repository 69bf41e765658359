"""Rows of values on their way in: what their names mean, and whether they may be stored now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from demo import combos, locks, value_types
from demo.import_summary import Summary
from demo.periods import Period, parse
from demo.schemes import Schemes
from demo.store import Object, Store
from demo.users import User

LONGEST_COMMENT = 50_000


@dataclass(frozen=True)
class Options:
    """How a request wants its values imported.

    Attributes:
        strategy: CREATE_AND_UPDATE, CREATE, UPDATE or DELETE.
        by_payload: whether the payload may say who stored a value.
        strict: names of the strict checks asked for (`strictPeriods` ...).
    """

    user: User
    strategy: str = "CREATE_AND_UPDATE"
    dry_run: bool = False
    skip_audit: bool = False
    force: bool = False
    by_payload: bool = True
    schemes: Schemes = field(default_factory=lambda: Schemes({}))
    strict: frozenset[str] = frozenset()


@dataclass
class Row:
    """One value on its way in, with what its names mean."""

    index: int
    given: Object
    element: Object
    period: Period
    unit: Object
    combo: Object
    attribute: Object
    value: str | None
    deleted: bool

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """The key of the stored value, in the order ou, pe, de, coc, aoc."""
        return self.unit["id"], self.period.iso, self.element["id"], self.combo["id"], self.attribute["id"]


class Rows:
    """Reads and checks the rows of one import; what is wrong goes to its summary.

    Args:
        store: what is known and stored.
        options: how the request wants its values imported.
    """

    def __init__(self, store: Store, options: Options) -> None:
        self.store, self.options, self.summary = store, options, Summary()
        self.find = {
            thing: options.schemes.finder(store, thing)
            for thing in ("dataElement", "orgUnit", "categoryOptionCombo", "attributeOptionCombo", "dataSet")
        }
        self.default = store.get("categoryOptionCombos", combos.DEFAULT_OPTION_COMBO) or {}
        self._data_sets: dict[str, list[Object]] = {}
        self._periods: dict[str, Period | None] = {}

    def _reject(self, index: int, code: str, message: str, about: str, objects: Object) -> None:
        self.summary.conflict(code, message, about, objects, index)

    def _row(self, index: int, given: Object, body: Object) -> Row | None:
        """Finds what a row's names mean; a name that means nothing rejects it."""
        element, unit = (
            self.find["dataElement"](given.get("dataElement")),
            given.get("orgUnit") or body.get("orgUnit"),
        )
        name, iso = str(given.get("dataElement")), str(given.get("period") or body.get("period"))
        if element is None:
            return self._reject(
                index,
                "E7610",
                f"Data element not found or not accessible: `{name}`",
                "dataElement",
                {"dataElement": name},
            )
        if iso not in self._periods:
            self._periods[iso] = parse(iso)
        period = self._periods[iso]
        if period is None:
            return self._reject(index, "E7611", f"Period not valid: `{iso}`", "period", {"period": iso})
        place = self.find["orgUnit"](unit)
        if place is None:
            return self._reject(
                index,
                "E7612",
                f"Organisation unit not found or not accessible: `{unit}`",
                "orgUnit",
                {"organisationUnit": str(unit)},
            )
        combo = self._combo(
            index, given.get("categoryOptionCombo"), "categoryOptionCombo", "E7613", "Category"
        )
        attribute = (
            self._combo(
                index,
                given.get("attributeOptionCombo") or body.get("attributeOptionCombo"),
                "attributeOptionCombo",
                "E7615",
                "Attribute",
            )
            if combo
            else None
        )
        if combo is None or attribute is None:
            return None
        value = given.get("value")
        text = None if value is None or value == "" else value_types.normal(element, _written(value))
        deleted = is_true(given.get("deleted"))
        return Row(index, given, element, period, place, combo, attribute, text, deleted)

    def _combo(self, index: int, name: str | None, thing: str, code: str, words: str) -> Object | None:
        combo = self.find[thing](name) if name else self.default
        if combo is None:
            self._reject(
                index,
                code,
                f"{words} option combo not found or not accessible for writing data: `{name}`",
                thing,
                {thing: name},
            )
        return combo

    def _place(self, row: Row, _: Object | None) -> bool:
        user, unit = self.options.user, row.unit["id"]
        if user.captures(row.unit["path"]):
            return True
        message = f"Organisation unit: `{unit}` not in hierarchy of current user: `{user.id}`"
        self._reject(row.index, "E7617", message, "orgUnit", {"organisationUnit": unit, "user": user.id})
        return False

    def _content(self, row: Row, _: Object | None) -> bool:
        element, comment = row.element["id"], row.given.get("comment")
        if row.value is None and not comment and not row.deleted and self.options.strategy != "DELETE":
            message = f"Data value or comment not specified for data element: `{element}`"
            self._reject(row.index, "E7618", message, "value", {"dataElement": element})
            return False
        wrong = value_types.fault(row.element, row.value) if row.value is not None else None
        if wrong:
            message = f"Value must match value type of data element `{element}`: `{wrong}`"
            self._reject(row.index, "E7619", message, "value", {"dataElement": element, "value": wrong})
            return False
        if comment and len(str(comment)) > LONGEST_COMMENT:
            wrong = "comment_length_greater_than_max_length"
            self._reject(row.index, "E7620", f"Invalid comment: {wrong}", "comment", {"value": wrong})
            return False
        if not self._option(row):
            message = f"Data value is not a valid option of the data element option set: `{element}`"
            self._reject(row.index, "E7621", message, "value", {"dataElement": element})
            return False
        return True

    def _option(self, row: Row) -> bool:
        """Says whether a value is one of the element's options, if it has any."""
        options = self.store.get("optionSets", (row.element.get("optionSet") or {}).get("id"))
        if row.value is None or options is None:
            return True
        return row.value in {
            (self.store.get("options", o["id"]) or o).get("code") for o in options.get("options", ())
        }

    def _strictly(self, row: Row, data_set: Object | None) -> bool:
        """The checks that are off unless the request asks for them."""
        strict, sets, element = self.options.strict, self._sets(row.element), row.element["id"]
        if not strict:
            return True
        unit, combo = row.unit["id"], row.combo["id"]
        own = (row.element.get("categoryCombo") or {}).get("id", combos.DEFAULT_COMBO)
        assigned = any(unit == u["id"] for d in sets for u in d.get("organisationUnits", ()))
        rules = (
            (
                "strictPeriods",
                not any(d["periodType"] == row.period.type for d in sets),
                "E7632",
                "period",
                f"Period type of period: `{row.period.iso}` not valid for data element: `{element}`",
                {"period": row.period.iso, "dataElement": element},
            ),
            (
                "strictDataElements",
                data_set is not None and data_set not in sets,
                "E7633",
                "dataElement",
                f"Data element: `{element}` is not part of dataset: `{(data_set or {}).get('id')}`",
                {"dataElement": element, "dataSet": (data_set or {}).get("id")},
            ),
            (
                "strictCategoryOptionCombos",
                row.combo["categoryCombo"]["id"] != own,
                "E7634",
                "categoryOptionCombo",
                (
                    f"Category option combo: `{combo}` must be part of category combo of data element: "
                    f"`{element}`"
                ),
                {"categoryOptionCombo": combo, "dataElement": element},
            ),
            (
                "strictOrganisationUnits",
                not assigned,
                "E7636",
                "orgUnit",
                (
                    f"Data element: `{element}` must be assigned through data sets to organisation unit: "
                    f"`{unit}`"
                ),
                {"dataElement": element, "organisationUnit": unit},
            ),
        )
        for name, broken, code, about, message, objects in rules:
            if name in strict and broken:
                self._reject(row.index, code, message, about, objects)
                return False
        return True

    def _open(self, row: Row, data_set: Object | None) -> bool:
        """Whether the period is neither over, nor ahead, nor shut by date."""
        sets, period, iso = self._sets(row.element), row.period, row.period.iso
        ruling = data_set or (sets[0] if sets else None)
        if ruling is None or (self.options.force and self.options.user.is_superuser):
            return True
        element, ruled = row.element["id"], ruling["id"]
        if locks.is_expired(self.store, self.options.user, ruling, period, row.unit["id"]):
            message = f"Current date is past expiry days for period: `{iso}`  and data set: `{ruled}`"
            self._reject(row.index, "E7640", message, "period", {"period": iso, "dataSet": ruled})
            return False
        latest = locks.latest_open(sets, self.store.clock.today())
        if latest and locks.is_future(period, latest):
            message = (
                f"Period: `{iso}` is after latest open future period: `{latest.iso}` for data element: "
                f"`{element}` and data set: `{ruled}`"
            )
            objects = {"period": iso, "dataElement": element, "dataSet": ruled}
            self._reject(row.index, "E7641", message, "period", objects)
            return False
        if locks.is_shut_by_date(ruling, period, self.store.clock.now()):
            message = f"Period: `{iso}` is not open for this data set at this time: `{ruled}`"
            self._reject(row.index, "E7643", message, "period", {"period": iso, "dataSet": ruled})
            return False
        return True

    def _sets(self, element: Object) -> list[Object]:
        if element["id"] not in self._data_sets:
            self._data_sets[element["id"]] = locks.data_sets_of(self.store, element)
        return self._data_sets[element["id"]]


def is_true(value: Any) -> bool:
    """Says whether a value of a payload means true: the word or the boolean."""
    return value is True or str(value).lower() == "true"


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
