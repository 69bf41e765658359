"""`/api/completeDataSetRegistrations`: which forms were reported, by whom and when."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from demo import combos, jobs, locks
from demo.import_summary import Summary
from demo.periods import Period, parse
from demo.schemes import Schemes
from demo.store import Object, Store
from demo.users import User, within
from demo.value_export import since
from demo.value_import import STRATEGIES
from demo.web import Refusal, answer, current_user, empty, flag, json_body, several, store

blueprint = Blueprint("completeness", __name__)
HERE = "/api/completeDataSetRegistrations"
OF_SETS = "SELECT * FROM registrations WHERE ds IN (SELECT value FROM json_each(?))"
INSERT = """INSERT INTO registrations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (ds, pe, ou, aoc) DO UPDATE SET completed = excluded.completed,
    stored_by = excluded.stored_by, created = excluded.created,
    last_updated_by = excluded.last_updated_by, last_updated = excluded.last_updated"""


@blueprint.get(HERE)
def read() -> Response:
    """Returns the registrations asked for; `{}` when there is none."""
    schemes = Schemes(request.args.to_dict(), "input")
    sets = [d for name in several("dataSet") if (d := schemes.finder(store(), "dataSet")(name))]
    units = [u for name in several("orgUnit") if (u := schemes.finder(store(), "orgUnit")(name))]
    groups = [g for uid in several("orgUnitGroup") if (g := store().get("organisationUnitGroups", uid))]
    between, moment = _between(), _moment()
    outside = [u["id"] for u in units if not current_user().captures(u["path"])]
    if outside:
        raise Refusal(409, f"User is not allowed to view org unit: `{outside[0]}`", "E2012")
    _validate(sets, units, groups, between, moment)
    rows = _rows(sets, _units(units, groups), between, moment)
    shown = [_shown(row) for row in rows]
    return answer({"completeDataSetRegistrations": shown} if shown else {})


@blueprint.post(HERE)
def write() -> Response:
    """Registers data sets as complete, or no longer so."""
    body, kept, user = json_body(), store(), current_user()
    asked = (request.args.get("importStrategy") or body.get("importStrategy") or "CREATE_AND_UPDATE").upper()
    strategy, dry = STRATEGIES.get(asked, asked), flag("dryRun") or bool(body.get("dryRun"))
    schemes = Schemes({**request.args.to_dict(), **{k: v for k, v in body.items() if isinstance(v, str)}})
    rows = body.get("completeDataSetRegistrations") or []
    if flag("async"):
        return jobs.start(
            "COMPLETE_DATA_SET_REGISTRATION_IMPORT",
            lambda _: Registering(kept, user, strategy, dry, schemes).run(rows).body(),
            {},
        )
    return Registering(kept, user, strategy, dry, schemes).run(rows).response()


@blueprint.delete(HERE)
def withdraw() -> Response:
    """Takes registrations back; 204 also when there was none."""
    sets, period, unit = _named_for_withdrawal()
    units = [unit]
    if flag("multiOu"):
        units += [
            u for u in store().all("organisationUnits").values() if u.get("parent") == {"id": unit["id"]}
        ]
    asked = units[1:] if flag("multiOu") else units
    locked = [
        d["id"]
        for d in sets
        if any(locks.is_expired(store(), current_user(), d, period, u["id"]) for u in asked)
    ]
    if locked:
        raise Refusal(409, "Locked Data set(s) : " + ", ".join(locked))
    keys = [
        (d["id"], period.iso, u["id"])
        for d in sets
        for u in units
        if {"id": u["id"]} in d["organisationUnits"]
    ]
    with store().transaction() as connection:
        connection.executemany("DELETE FROM registrations WHERE ds = ? AND pe = ? AND ou = ?", keys)
    return empty(204)


def _named_for_withdrawal() -> tuple[list[Object], Period, Object]:
    """Returns the forms, the period and the unit whose registrations are to go.

    Raises:
        Refusal: 400, a parameter is missing; 409, it names nothing.
    """
    for name in ("ds", "pe", "ou"):
        if name not in request.args:
            raise Refusal(
                400, f"Required request parameter '{name}' for method parameter type is not present"
            )
    asked, kept = several("ds"), store()
    sets = [d for uid in asked if (d := kept.get("dataSets", uid))]
    if len(sets) != len(asked):
        raise Refusal(409, f"Illegal data set identifier in this list: [{', '.join(asked)}]")
    period, unit = parse(request.args["pe"]), kept.get("organisationUnits", request.args["ou"])
    if period is None:
        raise Refusal(409, f"Illegal period identifier: {request.args['pe']}")
    if unit is None:
        raise Refusal(409, f"Illegal organisation unit identifier: {request.args['ou']}")
    return sets, period, unit


class Registering:
    """One import of registrations.

    Args:
        strategy: CREATE_AND_UPDATE, CREATE, UPDATE or DELETE.
        dry: count only.
    """

    def __init__(self, kept: Store, user: User, strategy: str, dry: bool, schemes: Schemes) -> None:
        self.store, self.user, self.strategy, self.dry = kept, user, strategy, dry
        self.summary = Summary(description="Import process complete.", complete=None)
        self.find = {thing: schemes.finder(kept, thing) for thing in ("dataSet", "orgUnit")}

    def run(self, rows: list[Object]) -> Summary:
        """Imports the rows; the good ones are kept beside the bad."""
        with self.store.transaction() as connection:
            for given in rows:
                key = self._key(given)
                if key:
                    self._one(connection, given, key)
        done = self.summary.imported + self.summary.updated + self.summary.deleted
        self.summary.ignored, self.summary.failed = len(rows) - done, done == 0
        self.summary.status_by_conflicts = False
        return self.summary

    def _key(self, given: Object) -> tuple[str, str, str, str] | None:
        data_set, unit = (
            self.find["dataSet"](given.get("dataSet")),
            self.find["orgUnit"](given.get("organisationUnit")),
        )
        period = parse(str(given.get("period")))
        if data_set is None:
            return self._reject(given.get("dataSet"), "Data set not found or not accessible")
        if period is None:
            return self._reject(given.get("period"), "Period not valid")
        if unit is None:
            return self._reject(
                given.get("organisationUnit"), "Organisation unit not found or not accessible"
            )
        if not self.user.captures(unit["path"]):
            message = f"Organisation unit is not in hierarchy of user: {self.user.username}"
            return self._reject(unit["id"], message)
        if not self.user.may("dataSets", data_set, "data_write"):
            return self._reject("dataSet", f"User has no data write access for DataSet: {data_set['id']}")
        attribute = given.get("attributeOptionCombo")
        if self.store.get("categoryOptionCombos", attribute) is None:
            attribute = combos.DEFAULT_OPTION_COMBO
        return data_set["id"], period.iso, unit["id"], attribute

    def _reject(self, about: Any, message: str) -> None:
        self.summary.remark(about, message)

    def _one(self, connection: Any, given: Object, key: tuple[str, str, str, str]) -> None:
        found = connection.execute(
            "SELECT completed FROM registrations WHERE ds = ? AND pe = ? AND ou = ? AND aoc = ?", key
        ).fetchone()
        if self.strategy == "DELETE":
            return self._delete(connection, key, found is not None)
        if (found and self.strategy == "CREATE") or (not found and self.strategy == "UPDATE"):
            return None
        self.summary.imported += found is None
        self.summary.updated += found is not None
        if not self.dry:
            moment = self.store.clock.seconds()
            created = f"{str(given['date'])[:10]}T00:00:00.000" if given.get("date") else moment
            by = given.get("storedBy") or self.user.username
            changed_by = given.get("lastUpdatedBy") or self.user.username
            completed = str(given.get("completed", True)).lower() != "false"
            connection.execute(INSERT, (*key, int(completed), by, created, changed_by, created))
        return None

    def _delete(self, connection: Any, key: tuple[str, str, str, str], exists: bool) -> None:
        if not exists:
            return
        self.summary.deleted += 1
        if not self.dry:
            connection.execute(
                "DELETE FROM registrations WHERE ds = ? AND pe = ? AND ou = ? AND aoc = ?", key
            )


def _validate(
    sets: list[Object], units: list[Object], groups: list[Object], between: Any, moment: str | None
) -> None:
    duration, limit = request.args.get("createdDuration"), request.args.get("limit", "0")
    rules = (
        (not sets, "E2013", "At least one data set must be specified"),
        (
            not (any(parse(text) for text in several("period")) or between or moment or duration),
            "E2002",
            "At least one period, start/end dates, last updated or last updated duration must be specified",
        ),
        (between is not None and between[0] > between[1], "E2004", "Start date must be before end date"),
        (bool(duration) and moment is None, "E2005", f"Duration is not valid: `{duration}`"),
        (
            not units and not groups,
            "E2006",
            "At least one organisation unit or organisation unit group must be specified",
        ),
        (
            flag("children") and bool(groups),
            "E2007",
            "Organisation unit children cannot be included for organisation unit groups",
        ),
        (
            flag("children") and not units,
            "E2008",
            "At least one organisation unit must be specified when children are included",
        ),
        (limit.startswith("-"), "E2009", f"Limit cannot be less than zero: `{limit}`"),
    )
    broken = [(code, message) for is_broken, code, message in rules if is_broken]
    if broken:
        raise Refusal(409, broken[-1][1], broken[-1][0])


def _between() -> tuple[date, date] | None:
    start, end = request.args.get("startDate"), request.args.get("endDate")
    try:
        dated = start and end and not several("period")  # periods asked for make the dates void
        return (date.fromisoformat(start[:10]), date.fromisoformat(end[:10])) if dated else None
    except ValueError as problem:
        raise Refusal(
            400, f"Value is not valid for parameter startDate or endDate: {problem}", "E1003"
        ) from None


def _moment() -> str | None:
    created, duration = request.args.get("created"), request.args.get("createdDuration")
    if created:
        return created[:10] + "T00:00:00.000"
    return since(duration, store().clock.now()) if duration else None


def _units(units: list[Object], groups: list[Object]) -> set[str]:
    chosen = {u["id"] for u in units} | {u["id"] for g in groups for u in g.get("organisationUnits", ())}
    if flag("children"):
        roots = tuple(u["path"] for u in units)
        chosen |= {i for i, u in store().all("organisationUnits").items() if within(u["path"], roots)}
    return chosen


def _rows(sets: list[Object], units: set[str], between: Any, moment: str | None) -> list[Any]:
    periods = {p.iso for text in several("period") if (p := parse(text))}
    ids = json.dumps([d["id"] for d in sets])
    found = store().execute(OF_SETS, (ids,))
    limit = request.args.get("limit", "")
    rows = [
        row
        for row in found
        if row["ou"] in units
        and _in_time(row["pe"], periods, between)
        and (moment is None or row["last_updated"] >= moment)
    ]
    return rows[: int(limit)] if limit.isdigit() else rows


def _in_time(iso: str, periods: set[str], between: Any) -> bool:
    if periods:
        return iso in periods
    found = parse(iso)
    return between is None or (found is not None and found.within(*between))


def _shown(row: Any) -> Object:
    schemes = Schemes(request.args.to_dict())
    names = {thing: schemes.namer(store(), thing) for thing in ("dataSet", "orgUnit", "attributeOptionCombo")}
    return {
        "period": row["pe"],
        "dataSet": names["dataSet"](row["ds"]),
        "organisationUnit": names["orgUnit"](row["ou"]),
        "attributeOptionCombo": names["attributeOptionCombo"](row["aoc"]),
        "date": row["created"][:10],
        "storedBy": row["stored_by"],
        "completed": bool(row["completed"]),
        "lastUpdated": row["last_updated"][:10],
        "lastUpdatedBy": row["last_updated_by"],
    }
