"""Storing data values as DHIS2 up to 2.42 does: row by row, the good ones kept beside the bad."""

from __future__ import annotations

from typing import Any

from demo import combos, value_types
from demo.import_summary import Summary
from demo.store import Object
from demo.value_rows import Row, Rows, is_true

UPSERT = """INSERT INTO data_values VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
    ON CONFLICT (ou, pe, de, coc, aoc) DO UPDATE SET value = excluded.value, comment = excluded.comment,
    followup = excluded.followup, deleted = excluded.deleted, stored_by = excluded.stored_by,
    created = excluded.created, last_updated = excluded.last_updated"""
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

    def run(self, body: Object) -> Summary:
        """Imports a data value set and returns what happened; good rows are stored but in a dry run."""
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
            return self._stop(
                "E7600", f"Data set not found or not accessible: `{name}`", "dataSet", {"dataSet": name}
            )
        if data_set and not user.may("dataSets", data_set, "data_write"):
            return self._stop(
                "E7601",
                f"User does not have write access for data set: `{name}`",
                "dataSet",
                {"dataSet": name},
            )
        for thing, code, words in (
            ("orgUnit", "E7603", "Organisation unit"),
            ("attributeOptionCombo", "E7604", "Attribute option combo"),
        ):
            given = body.get(thing)
            if given and self.find[thing](given) is None:
                key = "organisationUnit" if thing == "orgUnit" else thing
                return self._stop(
                    code, f"{words} not found or not accessible: `{given}`", thing, {key: given}
                )
        return data_set

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
        strategy, exists = self.options.strategy, found is not None and not found["deleted"]
        zero = row.value is not None and value_types.is_insignificant_zero(row.element, row.value)
        drop = strategy == "DELETE" or row.deleted or zero
        if drop and not exists:
            self.summary.rejected |= set() if zero and not row.deleted else {row.index}
            return
        if (exists and strategy == "CREATE") or (not exists and strategy == "UPDATE"):
            self.summary.rejected.add(row.index)
            return
        comment, followup = (
            row.given.get("comment") or None,
            is_true(row.given.get("followup", row.given.get("followUp"))),
        )
        if (
            exists
            and not drop
            and (row.value, comment, followup) == (found["value"], found["comment"], bool(found["followup"]))
        ):
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
            kind, user = "DELETE" if drop else "UPDATE", self.options.user.username
            audit(connection, row.key, (kind, found["value"]), user, moment)

    def _count(self, exists: bool, drop: bool) -> None:
        self.summary.deleted += drop
        self.summary.updated += exists and not drop
        self.summary.imported += not exists

    def _complete(self, data_set: Object | None, body: Object) -> None:
        """Completes the data set when the request has a `completeDate`."""
        date, iso, unit = (
            body.get("completeDate"),
            body.get("period"),
            self.find["orgUnit"](body.get("orgUnit")),
        )
        if not date or data_set is None or not iso or unit is None:
            return
        moment = self.store.clock.seconds()
        day = moment[:10] if str(date).lower() == "true" else str(date)[:10]
        self.summary.complete = day
        if not self.options.dry_run:
            user = self.options.user.username
            self.store.execute(
                "INSERT OR REPLACE INTO registrations VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)",
                (
                    data_set["id"],
                    iso,
                    unit["id"],
                    combos.DEFAULT_OPTION_COMBO,
                    user,
                    f"{day}T00:00:00.000",
                    user,
                    moment,
                ),
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
