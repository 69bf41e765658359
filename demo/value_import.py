"""Storing data values as DHIS2 up to 2.42 does: row by row, the good ones kept beside the bad."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from demo import combos, locks, value_types
from demo.import_summary import Summary
from demo.periods import Period, parse
from demo.schemes import Schemes
from demo.store import Object, Store
from demo.users import User

UPSERT = """INSERT INTO data_values VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
    ON CONFLICT (ou, pe, de, coc, aoc) DO UPDATE SET value = excluded.value, comment = excluded.comment,
    followup = excluded.followup, deleted = excluded.deleted, stored_by = excluded.stored_by,
    created = excluded.created, last_updated = excluded.last_updated"""
STRATEGIES = {"NEW_AND_UPDATES": "CREATE_AND_UPDATE", "NEW": "CREATE", "UPDATES": "UPDATE", "DELETES": "DELETE"}
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


class Import:
    """One import of data values.

    Args:
        store: where values go.
        options: how.
    """

    def __init__(self, store: Store, options: Options) -> None:
        self.store, self.options, self.summary = store, options, Summary()
        self.find = {thing: options.schemes.finder(store, thing) for thing in
                     ("dataElement", "orgUnit", "categoryOptionCombo", "attributeOptionCombo", "dataSet")}
        self.default = store.get("categoryOptionCombos", combos.DEFAULT_OPTION_COMBO) or {}
        self._data_sets: dict[str, list[Object]] = {}
        self._periods: dict[str, Period | None] = {}

    def run(self, body: Object) -> Summary:
        """Imports a data value set and returns what happened; the good rows are stored unless it is a dry run."""
        outer = self._outer(body)
        if self.summary.failed:
            return self.summary
        rows = [self._row(i, given, body) for i, given in enumerate(body.get("dataValues") or ())]
        with self.store.transaction() as connection:
            good = [row for row in rows if row and self._may(row, outer)]
            self._write(connection, good)
            self._complete(outer, body)
        self.summary.ignored += len(self.summary.rejected)
        return self.summary

    def _outer(self, body: Object) -> Object | None:
        """Returns the data set of the whole request; what is wrong with the request as a whole stops it."""
        name, user = body.get("dataSet"), self.options.user
        data_set = self.find["dataSet"](name) if name else None
        if name and data_set is None:
            return self._stop("E7600", f"Data set not found or not accessible: `{name}`", "dataSet", {"dataSet": name})
        if data_set and not user.may("dataSets", data_set, "data_write"):
            return self._stop("E7601", f"User does not have write access for data set: `{name}`", "dataSet",
                              {"dataSet": name})
        for thing, code, words in (("orgUnit", "E7603", "Organisation unit"),
                                   ("attributeOptionCombo", "E7604", "Attribute option combo")):
            given = body.get(thing)
            if given and self.find[thing](given) is None:
                key = "organisationUnit" if thing == "orgUnit" else thing
                return self._stop(code, f"{words} not found or not accessible: `{given}`", thing, {key: given})
        return data_set

    def _stop(self, code: str, message: str, about: str, objects: Object) -> None:
        self.summary.conflict(code, message, about, objects)
        self.summary.abort("Import process was aborted")

    def _reject(self, index: int, code: str, message: str, about: str, objects: Object) -> None:
        self.summary.conflict(code, message, about, objects, index)

    def _row(self, index: int, given: Object, body: Object) -> Row | None:
        """Finds what a row's names mean; a name that means nothing rejects it."""
        element, unit = self.find["dataElement"](given.get("dataElement")), given.get("orgUnit") or body.get("orgUnit")
        name, iso = str(given.get("dataElement")), str(given.get("period") or body.get("period"))
        if element is None:
            return self._reject(index, "E7610", f"Data element not found or not accessible: `{name}`", "dataElement",
                                {"dataElement": name})
        if iso not in self._periods:
            self._periods[iso] = parse(iso)
        period = self._periods[iso]
        if period is None:
            return self._reject(index, "E7611", f"Period not valid: `{iso}`", "period", {"period": iso})
        place = self.find["orgUnit"](unit)
        if place is None:
            return self._reject(index, "E7612", f"Organisation unit not found or not accessible: `{unit}`", "orgUnit",
                                {"organisationUnit": str(unit)})
        combo = self._combo(index, given.get("categoryOptionCombo"), "categoryOptionCombo", "E7613", "Category")
        attribute = self._combo(index, given.get("attributeOptionCombo") or body.get("attributeOptionCombo"),
                                "attributeOptionCombo", "E7615", "Attribute") if combo else None
        if combo is None or attribute is None:
            return None
        value = given.get("value")
        text = None if value is None or value == "" else value_types.normal(element, _written(value))
        return Row(index, given, element, period, place, combo, attribute, text, _true(given.get("deleted")))

    def _combo(self, index: int, name: str | None, thing: str, code: str, words: str) -> Object | None:
        combo = self.find[thing](name) if name else self.default
        if combo is None:
            self._reject(index, code, f"{words} option combo not found or not accessible for writing data: `{name}`",
                         thing, {thing: name})
        return combo

    def _may(self, row: Row, data_set: Object | None) -> bool:
        """Says whether a row may be stored; the first thing against it is told."""
        checks = (self._place, self._content, self._strictly, self._open)
        return all(check(row, data_set) for check in checks)

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
        return row.value in {(self.store.get("options", o["id"]) or o).get("code") for o in options.get("options", ())}

    def _strictly(self, row: Row, data_set: Object | None) -> bool:
        """The checks that are off unless the request asks for them."""
        strict, sets, element = self.options.strict, self._sets(row.element), row.element["id"]
        if not strict:
            return True
        unit, combo = row.unit["id"], row.combo["id"]
        own = (row.element.get("categoryCombo") or {}).get("id", combos.DEFAULT_COMBO)
        assigned = any(unit == u["id"] for d in sets for u in d.get("organisationUnits", ()))
        rules = (
            ("strictPeriods", not any(d["periodType"] == row.period.type for d in sets), "E7632", "period",
             f"Period type of period: `{row.period.iso}` not valid for data element: `{element}`",
             {"period": row.period.iso, "dataElement": element}),
            ("strictDataElements", data_set is not None and data_set not in sets, "E7633", "dataElement",
             f"Data element: `{element}` is not part of dataset: `{(data_set or {}).get('id')}`",
             {"dataElement": element, "dataSet": (data_set or {}).get("id")}),
            ("strictCategoryOptionCombos", row.combo["categoryCombo"]["id"] != own, "E7634", "categoryOptionCombo",
             f"Category option combo: `{combo}` must be part of category combo of data element: `{element}`",
             {"categoryOptionCombo": combo, "dataElement": element}),
            ("strictOrganisationUnits", not assigned, "E7636", "orgUnit",
             f"Data element: `{element}` must be assigned through data sets to organisation unit: `{unit}`",
             {"dataElement": element, "organisationUnit": unit}))
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
            message = (f"Period: `{iso}` is after latest open future period: `{latest.iso}` for data element: "
                       f"`{element}` and data set: `{ruled}`")
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

    def _write(self, connection: Any, rows: list[Row]) -> None:
        moment = self.store.clock.seconds()
        for row in rows:
            found = connection.execute(
                "SELECT value, comment, followup, deleted, created FROM data_values"
                " WHERE ou = ? AND pe = ? AND de = ? AND coc = ? AND aoc = ?", row.key).fetchone()
            self._write_one(connection, row, found, moment)

    def _write_one(self, connection: Any, row: Row, found: Any, moment: str) -> None:
        strategy, exists = self.options.strategy, found is not None and not found["deleted"]
        zero = row.value is not None and value_types.is_insignificant_zero(row.element, row.value)
        drop = strategy == "DELETE" or row.deleted or zero
        if drop and not exists:
            self.summary.rejected |= set() if zero and not row.deleted else {row.index}
            return
        if (exists and strategy == "CREATE") or (not exists and strategy == "UPDATE"):
            self.summary.rejected.add(row.index)
            return
        comment, followup = row.given.get("comment") or None, _true(row.given.get("followup", row.given.get("followUp")))
        if exists and not drop and (row.value, comment, followup) == (
                found["value"], found["comment"], bool(found["followup"])):
            self.summary.ignored += 1
            return
        self._count(exists, drop)
        if self.options.dry_run:
            return
        value = row.value if row.value is not None or not drop else found["value"]
        created = found["created"] if exists else moment
        by = (self.options.by_payload and row.given.get("storedBy")) or self.options.user.username
        connection.execute(UPSERT, (*row.key, value, comment, int(followup), int(drop), by, created, moment))
        if exists and not self.options.skip_audit:
            audit(connection, row.key, found["value"], self.options.user.username, "DELETE" if drop else "UPDATE", moment)

    def _count(self, exists: bool, drop: bool) -> None:
        self.summary.deleted += drop
        self.summary.updated += exists and not drop
        self.summary.imported += not exists

    def _complete(self, data_set: Object | None, body: Object) -> None:
        """Completes the data set when the request has a `completeDate`."""
        date, iso, unit = body.get("completeDate"), body.get("period"), self.find["orgUnit"](body.get("orgUnit"))
        if not date or data_set is None or not iso or unit is None:
            return
        moment = self.store.clock.seconds()
        day = moment[:10] if str(date).lower() == "true" else str(date)[:10]
        self.summary.complete = day
        if not self.options.dry_run:
            user = self.options.user.username
            self.store.execute("INSERT OR REPLACE INTO registrations VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)",
                               (data_set["id"], iso, unit["id"], combos.DEFAULT_OPTION_COMBO, user,
                                f"{day}T00:00:00.000", user, moment))


def audit(connection: Any, key: tuple[str, ...], value: str | None, user: str, kind: str, moment: str) -> None:
    """Writes one line of a value's history; KEY is in the order ou, pe, de, coc, aoc."""
    ou, pe, de, coc, aoc = key
    connection.execute("INSERT INTO audits (de, pe, ou, coc, aoc, value, modified_by, created, type)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (de, pe, ou, coc, aoc, value, user, moment, kind))


def _true(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
