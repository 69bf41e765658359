"""Storing data values as DHIS2 up to 2.42 does: row by row, the good ones kept beside the bad."""

from __future__ import annotations

from datetime import date
from typing import Any

from demo import combos, value_types
from demo.import_summary import Summary
from demo.store import Object, Store
from demo.value_rows import Options, Outer, Row, Rows, is_true

UPSERT = """INSERT INTO data_values VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
    ON CONFLICT (ou, pe, de, coc, aoc) DO UPDATE SET value = excluded.value, comment = excluded.comment,
    followup = excluded.followup, deleted = excluded.deleted, stored_by = excluded.stored_by,
    first_stored = excluded.first_stored, last_updated = excluded.last_updated"""
AUDIT = """INSERT INTO audits (de, pe, ou, coc, aoc, value, modified_by, created, type)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
STRATEGIES = {
    "NEW_AND_UPDATES": "CREATE_AND_UPDATE",
    "NEW": "CREATE",
    "UPDATES": "UPDATE",
    "DELETES": "DELETE",
}


class Import(Rows):
    """One import of data values.

    Args:
        store: where values go.
        options: how.
    """

    def __init__(self, store: Store, options: Options) -> None:
        super().__init__(store, options)
        self._added: set[tuple[str, ...]] = set()

    def run(self, body: Object) -> Summary:
        """Imports a data value set and returns what happened; good rows are stored but in a dry run."""
        outer = self._outer(body)
        if self.summary.failed:
            return self.summary
        self._complete(outer, body)
        rows = [self._row(i, given, outer) for i, given in enumerate(body.get("dataValues") or ())]
        with self.store.transaction() as connection:
            good = [row for row in rows if row and self._may(row, outer.data_set)]
            self._write(connection, good)
        self.summary.ignored += len(self.summary.rejected)
        return self.summary

    def _outer(self, body: Object) -> Outer:
        """Returns what holds for the whole request; what is wrong with that stops it, every fault told."""
        name, form = body.get("dataSet"), None
        if name and (form := self.find["dataSet"](name)) is None:
            self._stop(
                "E7600", f"Data set not found or not accessible: `{name}`", "dataSet", {"dataSet": name}
            )
        if form and not self.options.user.may("dataSets", form, "data_write"):
            message = f"User does not have write access for data set: `{name}`"
            self._stop("E7601", message, "dataSet", {"dataSet": name})
        found: dict[str, Object | None] = {}
        for thing, key, code, words in (
            ("orgUnit", "organisationUnit", "E7603", "Organisation unit"),
            ("attributeOptionCombo", "categoryOptionCombo", "E7604", "Attribute option combo"),
        ):
            given = body.get(thing)
            found[thing] = self.find[thing](given) if given else None
            if given and found[thing] is None:
                objects = {key: given, **({"dataSet": name} if name else {})}
                self._stop(code, f"{words} not found or not accessible: `{given}`", thing, objects)
        return Outer(form, self._period(body.get("period")), found["orgUnit"], found["attributeOptionCombo"])

    def _stop(self, code: str, message: str, about: str, objects: Object) -> None:
        self.summary.conflict(code, message, about, objects)
        self.summary.abort("Import process was aborted")

    def _may(self, row: Row, data_set: Object | None) -> bool:
        """Says whether a row may be stored; the first thing against it is told."""
        checks = (self._place, self._content, self._strictly, self._open)
        return all(check(row, data_set) for check in checks)

    def _write(self, connection: Any, rows: list[Row]) -> None:
        moment = self.store.clock.seconds()
        for row in rows:
            found = connection.execute(
                "SELECT value, comment, followup, deleted, created FROM data_values"
                " WHERE ou = ? AND pe = ? AND de = ? AND coc = ? AND aoc = ?",
                row.key,
            ).fetchone()
            self._write_one(connection, row, found, moment)

    def _write_one(self, connection: Any, row: Row, found: Any, moment: str) -> None:
        """Stores, changes or drops one value, or leaves it, and counts what it did."""
        found = None if row.key in self._added else found  # DHIS2 does not see what it has yet to write
        strategy, exists = self.options.strategy, found is not None and not found["deleted"]
        zero = row.value is not None and value_types.is_insignificant_zero(row.element, row.value)
        if zero and (found is None or strategy == "CREATE"):
            return
        value = (row.value or "").strip() or None
        comment = str(row.given.get("comment") or "").strip() or None
        empty = value is None and comment is None
        if strategy not in (
            ("CREATE_AND_UPDATE", "UPDATE", "DELETE") if exists else ("CREATE_AND_UPDATE", "CREATE")
        ):
            self.summary.rejected.add(row.index)
            return
        followup = is_true(row.given.get("followup", row.given.get("followUp")))
        drop = exists and (strategy == "DELETE" or row.deleted or zero or empty)
        same = exists and (value, comment, followup) == (
            found["value"],
            found["comment"],
            bool(found["followup"]),
        )
        if (not exists and empty) or (same and not drop):
            self.summary.ignored += 1
            return
        if found is None and not self.options.dry_run and row.key in self._added:
            return
        self._count(exists, drop)
        if self.options.dry_run:
            return
        if found is None:
            self._added.add(row.key)
        created = found["created"] if found is not None else moment
        by = (self.options.by_payload and row.given.get("storedBy")) or self.options.user.username
        gone = int(drop or row.deleted)
        connection.execute(UPSERT, (*row.key, value, comment, int(followup), gone, by, created, moment))
        if exists and not self.options.skip_audit and (strategy == "DELETE" or value != found["value"]):
            kind, user = "DELETE" if drop else "UPDATE", self.options.user.username
            audit(connection, row.key, (kind, found["value"]), user, moment)

    def _count(self, exists: bool, drop: bool) -> None:
        self.summary.deleted += drop
        self.summary.updated += exists and not drop
        self.summary.imported += not exists

    def _complete(self, outer: Outer, body: Object) -> None:
        """Completes the form when the request has a `completeDate`, in a dry run too, as DHIS2 does."""
        text = str(body.get("completeDate") or "").lower()
        if text in ("", "false") or outer.data_set is None:
            return
        moment = self.store.clock.seconds()
        day = min(moment[:10], moment[:10] if text == "true" else date.fromisoformat(text).isoformat())
        missing = "OrganisationUnit" if outer.unit is None else "Period"
        if outer.unit is None or outer.period is None:
            self.summary.missing(missing, "Must be provided to complete data set")
            return
        user, self.summary.complete = self.options.user.username, day
        place = (outer.data_set["id"], outer.period.iso, outer.unit["id"], combos.DEFAULT_OPTION_COMBO)
        self.store.execute(
            "INSERT OR REPLACE INTO registrations VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)",
            (*place, user, f"{day}T00:00:00.000", user, moment),
        )


def audit(
    connection: Any, key: tuple[str, ...], what: tuple[str, str | None], user: str, moment: str
) -> None:
    """Writes one line of a value's history.

    Args:
        connection: a connection in a transaction.
        key: the value's ou, pe, de, coc and aoc.
        what: CREATE, UPDATE or DELETE, and what the value was before (or at its creation).
        user: by whom.
        moment: when.
    """
    ou, pe, de, coc, aoc = key
    kind, value = what
    connection.execute(AUDIT, (de, pe, ou, coc, aoc, value, user, moment, kind))
