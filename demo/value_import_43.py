"""Storing data values as DHIS2 2.43 does: a data set at a time, all of its rows or none.

What 2.43 changed: names that mean nothing reject the whole request; a fault of period, place or right
rejects the whole
data set; elements, combos, period type and place must belong to it; creations and unchanged values count as
updates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from demo import combos, locks, value_import, value_types
from demo.import_summary import Summary
from demo.store import Object
from demo.value_rows import LONGEST_COMMENT, Outer, Row

AUTO_GROUP = "dataEntryAutoGroup"
DECODING = {"E7610": "E8100", "E7611": "E8101", "E7612": "E8102", "E7613": "E8103", "E7615": "E8104"}
Fault = tuple[str, str]


class Import(value_import.Import):
    """One import by the rules of 2.43."""

    def run(self, body: Object) -> Summary:
        """Imports a data value set, group by group, and returns what happened."""
        common = {k: body[k] for k in ("period", "orgUnit", "attributeOptionCombo") if body.get(k)}
        given = [{**common, **row} for row in body.get("dataValues") or ()]
        rows = [self._row(i, row, Outer()) for i, row in enumerate(given)]
        if self.summary.conflicts:
            return self._undecodable(len(rows))
        known = [row for row in rows if row is not None]
        with self.store.transaction() as connection:
            for data_set, group in self._groups(body, known):
                fault = self._group_fault(data_set, group)
                if fault:
                    self._reject_group(fault, group)
                else:
                    self._write(connection, [row for row in group if self._value(row)])
        self.summary.updated += self.summary.imported + self.summary.ignored
        self.summary.imported = 0
        self.summary.ignored = len(self.summary.rejected)
        return self.summary

    def _undecodable(self, count: int) -> Summary:
        for conflict in self.summary.conflicts:
            conflict["errorCode"] = DECODING[conflict["errorCode"]]
        self.summary.abort("Import process was aborted")
        self.summary.ignored = count
        return self.summary

    def _groups(self, body: Object, rows: list[Row]) -> Iterator[tuple[Object | Fault, list[Row]]]:
        """Yields the rows of each data set, with the data set or with why there is none."""
        name = body.get("dataSet")
        if name:
            found = self.find["dataSet"](name)
            yield found or ("E8005", f"Data set does not exist: `{name}`"), rows
        elif self.store.setting(AUTO_GROUP, False):
            groups: dict[str, list[Row]] = {}
            for row in rows:
                groups.setdefault(next((d["id"] for d in self._sets(row.element)), ""), []).append(row)
            for uid, group in groups.items():
                yield self.store.get("dataSets", uid) or ("E8002", "Data set cannot be detected"), group
        elif rows:
            yield self._detected(rows), rows

    def _detected(self, rows: list[Row]) -> Object | Fault:
        shared = set.intersection(*({d["id"] for d in self._sets(row.element)} for row in rows))
        if len(shared) == 1:
            return self.store.all("dataSets")[shared.pop()]
        return (
            ("E8003", "More than one data set is possible")
            if shared
            else ("E8002", "Data set cannot be detected")
        )

    def _group_fault(self, data_set: Object | Fault, rows: list[Row]) -> Fault | None:
        """Returns the first thing that keeps a whole group out."""
        if isinstance(data_set, tuple):
            return data_set
        user, name = self.options.user, data_set["id"]
        if not user.may("dataSets", data_set, "data_write"):
            return "E8010", f"User has no data write access for data set: `{name}`"
        outside = {row.unit["id"] for row in rows if not user.captures(row.unit["path"])}
        if outside:
            return "E8011", f"User has no capture access for organisation units: {sorted(outside)}"
        twice = [key for key, count in Counter(row.key for row in rows).items() if count > 1]
        if twice:
            return "E8128", f"Data values with the same key: {len(twice)}"
        return self._foreign(data_set, rows) or self._untimely(data_set, rows)

    def _foreign(self, data_set: Object, rows: list[Row]) -> Fault | None:
        name = data_set["id"]
        parts = {
            p["dataElement"]["id"]: (p.get("categoryCombo") or {}).get("id")
            for p in data_set.get("dataSetElements", ())
        }
        assigned = {u["id"] for u in data_set.get("organisationUnits", ())}
        for row in rows:
            if row.element["id"] not in parts:
                return "E8020", f"Data element `{row.element['id']}` is not part of data set `{name}`"
            if row.period.type != data_set["periodType"]:
                return "E8021", f"Period `{row.period.iso}` is not of type {data_set['periodType']}"
            if row.unit["id"] not in assigned:
                return "E8022", f"Organisation unit `{row.unit['id']}` is not assigned to data set `{name}`"
            own = parts[row.element["id"]] or (row.element.get("categoryCombo") or {}).get(
                "id", combos.DEFAULT_COMBO
            )
            if row.combo["categoryCombo"]["id"] != own:
                return "E8024", f"Category option combo `{row.combo['id']}` is not of combo `{own}`"
        return None

    def _untimely(self, data_set: Object, rows: list[Row]) -> Fault | None:
        if self.options.force and self.options.user.is_superuser:
            return None
        latest, clock = locks.latest_open([data_set], self.store.clock.today()), self.store.clock
        for row in rows:
            expired = locks.is_expired(self.store, self.options.user, data_set, row.period, row.unit["id"])
            shut = locks.is_shut_by_date(data_set, row.period, clock.now())
            if expired or shut or locks.is_future(row.period, latest):
                return "E8030", f"Period `{row.period.iso}` is not open for data set `{data_set['id']}`"
            if locks.is_approved(self.store, data_set, row.period, row.unit):
                return "E8033", f"Data of `{row.unit['id']}` is approved for data set `{data_set['id']}`"
        return None

    def _reject_group(self, fault: Fault, rows: list[Row]) -> None:
        code, message = fault
        for row in rows:
            self.summary.conflict(code, message, "dataSet", {"args": message}, row.index)
        self.summary.failed = True

    def _value(self, row: Row) -> bool:
        """Says whether the value itself may be stored; its fault concerns it alone."""
        element, comment = row.element["id"], row.given.get("comment")
        if not row.value and not comment and not row.deleted and self.options.strategy != "DELETE":
            return self._bad(row, "E8120", f"Value or comment missing for data element `{element}`")
        wrong = value_types.fault(row.element, row.value) if row.value else None
        if wrong:
            return self._bad(
                row, "E8121", f"Value `{row.value}` is not valid for data element `{element}`: {wrong}"
            )
        if comment and len(str(comment)) > LONGEST_COMMENT:
            return self._bad(row, "E8123", f"Comment too long for data element `{element}`")
        return self._option(row) or self._bad(
            row, "E8122", f"Value `{row.value}` is not an option of `{element}`"
        )

    def _bad(self, row: Row, code: str, message: str) -> bool:
        self.summary.conflict(code, message, "value", {"args": row.element["id"]}, row.index)
        return False
