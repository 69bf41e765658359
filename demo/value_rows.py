"""Rows of values on their way in: what their names mean, and whether they may be stored now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from demo import combos, locks, value_types
from demo.import_summary import Summary
from demo.periods import Period, parse
from demo.schemes import Schemes
from demo.store import Object, Store
from demo.strict_rules import STRICT_RULES
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


@dataclass(frozen=True)
class Outer:
    """What a request says for all of its rows; None where it leaves it to them."""

    data_set: Object | None = None
    period: Period | None = None
    unit: Object | None = None
    attribute: Object | None = None


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

    def named(self, thing: str, meant: str) -> str:
        """Returns how the row itself names its period or unit; what is MEANT where the request names it."""
        return str(self.given.get(thing) or meant)

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

    def _row(self, index: int, given: Object, outer: Outer) -> Row | None:
        """Finds what a row's names mean; a name that means nothing rejects it.

        What the request says for all its rows (period, org unit, attribute option combo) beats the row.
        """
        element = self.find["dataElement"](given.get("dataElement"))
        period = outer.period or self._period(given.get("period"))
        unit = outer.unit or self.find["orgUnit"](given.get("orgUnit"))
        for found, name, what, code, words in (
            (element, "dataElement", "dataElement", "E7610", "Data element not found or not accessible"),
            (period, "period", "period", "E7611", "Period not valid"),
            (unit, "orgUnit", "organisationUnit", "E7612", "Organisation unit not found or not accessible"),
        ):
            if found is None:
                return self._unknown(index, code, words, (name, what), given.get(name))
        combo = self._combo(index, given, "categoryOptionCombo", "E7613")
        attribute = outer.attribute or (
            self._combo(index, given, "attributeOptionCombo", "E7615") if combo else None
        )
        if element is None or period is None or unit is None or combo is None or attribute is None:
            return None
        value = given.get("value")
        text = None if value is None else value_types.normal(element, _written(value))
        deleted = is_true(given.get("deleted"))
        return Row(index, given, element, period, unit, combo, attribute, text, deleted)

    def _period(self, text: Any) -> Period | None:
        iso = str(text or "").strip()
        if iso not in self._periods:
            self._periods[iso] = parse(iso)
        return self._periods[iso]

    def _combo(self, index: int, given: Object, thing: str, code: str) -> Object | None:
        name = given.get(thing)
        combo = self.find[thing](name) if name else self.default
        if combo is None:
            kind = thing.removesuffix("OptionCombo").title()
            words = f"{kind} option combo not found or not accessible for writing data"
            return self._unknown(index, code, words, (thing, "categoryOptionCombo"), name)
        needed = "require" + thing[0].upper() + thing[1:]
        if not name and needed in self.options.strict:
            words, code = thing.removesuffix("OptionCombo").title(), "E7630" if code == "E7613" else "E7631"
            return self._reject(
                index, code, f"{words} option combo is required but is not specified", thing, {}
            )
        return combo

    def _unknown(self, index: int, code: str, words: str, names: tuple[str, str], given: Any) -> None:
        about, what = names
        objects = {} if given is None else {what: given}
        self._reject(index, code, f"{words}: `{given}`", about, objects)

    def _place(self, row: Row, _: Object | None) -> bool:
        user, unit = self.options.user, row.named("orgUnit", row.unit["id"])
        if user.captures(row.unit["path"]):
            return True
        message = f"Organisation unit: `{unit}` not in hierarchy of current user: `{user.id}`"
        self._reject(row.index, "E7617", message, "orgUnit", {"organisationUnit": unit, "user": user.id})
        return False

    def _content(self, row: Row, _: Object | None) -> bool:
        element, comment = row.given.get("dataElement"), row.given.get("comment")
        if row.value is None and comment is None and not row.deleted and self.options.strategy != "DELETE":
            message = f"Data value or comment not specified for data element: `{element}`"
            self._reject(row.index, "E7618", message, "value", {"dataElement": element})
            return False
        written = row.value is not None and row.value.strip() != ""
        wrong = value_types.fault(row.element, row.value or "") if written else None
        if wrong:
            message = f"Value must match value type of data element `{element}`: `{wrong}`"
            self._reject(row.index, "E7619", message, "value", {"dataElement": element, "value": wrong})
            return False
        if comment and len(str(comment)) > LONGEST_COMMENT:
            wrong = "comment_length_greater_than_max_length"
            self._reject(row.index, "E7620", f"Invalid comment: {wrong}", "comment", {"comment": wrong})
            return False
        if not self._option(row):
            message = f"Data value is not a valid option of the data element option set: `{element}`"
            self._reject(row.index, "E7621", message, "value", {"dataElement": element})
            return False
        return True

    def _option(self, row: Row) -> bool:
        """Says whether a value is one of the element's options, if it has any."""
        options = self.store.get("optionSets", (row.element.get("optionSet") or {}).get("id"))
        if not row.value or options is None:
            return True
        return row.value in {
            (self.store.get("options", o["id"]) or o).get("code") for o in options.get("options", ())
        }

    def _strictly(self, row: Row, data_set: Object | None) -> bool:
        """The checks that are off unless the request asks for them."""
        strict = self.options.strict
        if not strict:
            return True
        sets = self._sets(row.element)
        assigned = any(row.unit["id"] == u["id"] for d in sets for u in d.get("organisationUnits", ()))
        own = (row.element.get("categoryCombo") or {}).get("id", combos.DEFAULT_COMBO)
        broken = {
            "strictPeriods": not any(d["periodType"] == row.period.type for d in sets),
            "strictDataElements": not sets or (data_set is not None and data_set not in sets),
            "strictCategoryOptionCombos": row.combo["categoryCombo"]["id"] != own,
            "strictOrganisationUnits": not assigned,
        }
        for name, code, about, message, involved in STRICT_RULES:
            if name in strict and broken[name]:
                named = self._strict_names(row, data_set or {"id": ",".join(d["id"] for d in sets)})
                objects = {key: named[key] for key in involved}
                self._reject(row.index, code, message.format(**named), about, objects)
                return False
        return True

    @staticmethod
    def _strict_names(row: Row, data_set: Object) -> dict[str, Any]:
        return {
            "period": row.named("period", row.period.iso),
            "dataElement": row.given.get("dataElement"),
            "dataSet": data_set["id"],
            "categoryOptionCombo": row.given.get("categoryOptionCombo"),
            "organisationUnit": row.named("orgUnit", row.unit["id"]),
        }

    def _open(self, row: Row, data_set: Object | None) -> bool:
        """Whether the period is neither over, nor ahead, nor shut by date, in any form it is ruled by."""
        if self.options.force and self.options.user.is_superuser:
            return True
        ruling = [data_set] if data_set else self._ruling(row)
        return all(
            check(row, ruled)
            for check in (self._expired, self._future, self._approved, self._shut)
            for ruled in ruling
        )

    def _expired(self, row: Row, ruled: Object) -> bool:
        iso = row.named("period", row.period.iso)
        if not locks.is_expired(self.store, self.options.user, ruled, row.period, row.unit["id"]):
            return True
        message = f"Current date is past expiry days for period: `{iso}`  and data set: `{ruled['id']}`"
        self._reject(row.index, "E7640", message, "period", {"period": iso, "dataSet": ruled["id"]})
        return False

    def _future(self, row: Row, ruled: Object) -> bool:
        iso, element = row.named("period", row.period.iso), row.given.get("dataElement")
        latest = locks.latest_open([ruled], self.store.clock.today())
        if latest is None or not locks.is_future(row.period, latest):
            return True
        message = (
            f"Period: `{iso}` is after latest open future period: `{latest.iso}` for data element: "
            f"`{element}` and data set: `{ruled['id']}`"
        )
        objects = {"period": iso, "dataElement": element, "dataSet": ruled["id"]}
        self._reject(row.index, "E7641", message, "period", objects)
        return False

    def _approved(self, row: Row, ruled: Object) -> bool:
        if not locks.is_approved(self.store, ruled, row.period, row.unit):
            return True
        iso, unit = row.named("period", row.period.iso), row.named("orgUnit", row.unit["id"])
        message = (
            f"Data is already approved for data set: `{ruled['id']}` period: `{iso}` organisation unit: "
            f"`{unit}` attribute option combo: `{row.attribute['id']}`"
        )
        objects = {"period": iso, "dataSet": ruled["id"], "organisationUnit": unit}
        self._reject(row.index, "E7642", message, "dataSet", objects)
        return False

    def _shut(self, row: Row, ruled: Object) -> bool:
        iso = row.named("period", row.period.iso)
        if not locks.is_shut_by_date(ruled, row.period, self.store.clock.now()):
            return True
        message = f"Period: `{iso}` is not open for this data set at this time: `{ruled['id']}`"
        self._reject(row.index, "E7643", message, "period", {"period": iso, "dataSet": ruled["id"]})
        return False

    def _ruling(self, row: Row) -> list[Object]:
        """Returns the forms that rule a row of no named form: its element's, at its unit and combination."""
        combination = row.attribute["categoryCombo"]["id"]
        return [
            d
            for d in self._sets(row.element)
            if any(u["id"] == row.unit["id"] for u in d.get("organisationUnits", ()))
            and (d.get("categoryCombo") or {}).get("id", combos.DEFAULT_COMBO) == combination
        ]

    def _sets(self, element: Object) -> list[Object]:
        if element["id"] not in self._data_sets:
            self._data_sets[element["id"]] = locks.data_sets_of(self.store, element)
        return self._data_sets[element["id"]]


def is_true(value: Any) -> bool:
    """Says whether a value of a payload means true: the word or the boolean."""
    return value is True or str(value).lower() == "true"


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
