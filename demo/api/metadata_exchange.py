"""`/api/metadata` out and in, what depends on an object, and the upkeep of option combos and settings."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from demo import combos, jobs
from demo import fields as language
from demo.api.metadata import KIND, find, readable, selection
from demo.api.system import REVISIONS, VERSIONS, system_id
from demo.filters import matcher, ordered
from demo.graph import graph
from demo.metadata_checks import Rules
from demo.metadata_import import MetadataImport
from demo.model import KINDS, TARGETS, references
from demo.store import Object
from demo.web import (
    Refusal,
    answer,
    clock,
    current_user,
    dialect,
    empty,
    flag,
    json_body,
    requires,
    store,
    web_message,
)

blueprint = Blueprint("metadata_exchange", __name__)
EXPORT_FIELDS = ":owner"
FAULTY = "One or more errors occurred, please see full details in import report."
DEFAULT_IDS = {
    combos.DEFAULT_COMBO,
    combos.DEFAULT_OPTION_COMBO,
    combos.DEFAULT_CATEGORY,
    combos.DEFAULT_OPTION,
}
WITH_DEPENDENCIES = {
    "dataSets",
    "programs",
    "categoryCombos",
    "dashboards",
    "dataElementGroups",
    "optionSets",
}
STRATEGIES = {
    "NEW_AND_UPDATES": "CREATE_AND_UPDATE",
    "NEW": "CREATE",
    "UPDATES": "UPDATE",
    "DELETES": "DELETE",
}
PERIOD_TYPES = (
    ("BiMonthly", "P2M", "yyyyMMB", 61),
    ("BiWeekly", "P14D", "yyyyBiWn", 14),
    ("Daily", "P1D", "yyyyMMdd", 1),
    ("FinancialApril", "P1Y", "yyyyApril", 365),
    ("FinancialJuly", "P1Y", "yyyyJuly", 365),
    ("FinancialNov", "P1Y", "yyyyNov", 365),
    ("FinancialOct", "P1Y", "yyyyOct", 365),
    ("FinancialSep", "P1Y", "yyyySep", 365),
    ("Monthly", "P1M", "yyyyMM", 30),
    ("Quarterly", "P3M", "yyyyQn", 91),
    ("QuarterlyNov", "P3M", "yyyyNovQn", 91),
    ("SixMonthlyApril", "P6M", "yyyyAprilSn", 182),
    ("SixMonthlyNov", "P6M", "yyyyNovSn", 182),
    ("SixMonthly", "P6M", "yyyySn", 182),
    ("Weekly", "P7D", "yyyyWn", 7),
    ("WeeklySaturday", "P7D", "yyyySatWn", 7),
    ("WeeklySunday", "P7D", "yyyySunWn", 7),
    ("WeeklyThursday", "P7D", "yyyyThuWn", 7),
    ("WeeklyWednesday", "P7D", "yyyyWedWn", 7),
    ("Yearly", "P1Y", "yyyy", 365),
)


@blueprint.get("/api/metadata")
def export() -> Response:
    """Exports the asked types (all when none is named), each with its fields, filters and order."""
    asked = [kind for kind in KINDS if flag(kind)]
    asked = asked or [k for k in KINDS if f"{k}:fields" in request.args or f"{k}:filter" in request.args]
    known, choose, body = graph(store()), selection(), _system()
    for kind in asked or KINDS:
        if kind == "users" and not current_user().has("F_USER_VIEW"):
            continue
        passes = matcher(
            known, kind, request.args.getlist(f"{kind}:filter") or request.args.getlist("filter")
        )
        things = ordered(
            known, kind, [t for t in readable(kind) if passes(t)], request.args.getlist(f"{kind}:order")
        )
        things = [
            t for t in things if request.args.get("defaults") != "EXCLUDE" or t["id"] not in DEFAULT_IDS
        ]
        wanted = request.args.get(f"{kind}:fields") or request.args.get("fields") or EXPORT_FIELDS
        wanted += ",!sharing" if flag("skipSharing") else ""
        if things:
            body[kind] = [choose.of(kind, thing, language.parse(wanted)) for thing in things]
    return answer(body)


@blueprint.get(f"/api/{KIND}/<uid>/metadata")
def export_with_dependencies(kind: str, uid: str) -> Response:
    """Exports one object with what it needs."""
    if kind not in WITH_DEPENDENCIES:
        raise Refusal(404, f"Property metadata does not exist on {KINDS[kind].klass}", "E1005")
    known, choose, found = graph(store()), selection(), {}
    waiting = [(kind, find(kind, uid))]
    while waiting:
        other, thing = waiting.pop()
        if (other, thing["id"]) in found:
            continue
        found[other, thing["id"]] = thing
        waiting += [
            (target, needed)
            for target, needed in _needed(known, other, thing)
            if target not in ("organisationUnits", "users", "userGroups")
        ]
    body = _system()
    for (other, _), thing in found.items():
        body.setdefault(other, []).append(choose.of(other, thing, language.parse(EXPORT_FIELDS)))
    return answer(body)


@blueprint.post("/api/metadata")
def take_in() -> Response:
    """Imports metadata: checks it, keeps it unless `importMode=VALIDATE`, and reports."""
    payload, kept, user, rules = json_body(status=409), store(), current_user(), _rules()
    if flag("async"):
        return jobs.start("METADATA_IMPORT", lambda _: MetadataImport(kept, user, rules).run(payload), {})
    report = MetadataImport(kept, user, rules).run(payload)
    if report["status"] != "OK":
        return web_message(409, FAULTY, response=report, level="WARNING")
    if dialect() >= 43 and rules.commit and payload.get("categoryCombos"):
        combos.update(kept)
    return web_message(200, response=report)


@blueprint.route("/api/maintenance/categoryOptionComboUpdate", methods=("POST", "PUT"))
@requires("F_PERFORM_MAINTENANCE")
def update_option_combos() -> Response:
    """Makes the option combos that category combos lack; an import does not make them."""
    combos.update(store())
    return empty(204)


@blueprint.route("/api/maintenance/categoryOptionComboUpdate/categoryCombo/<uid>", methods=("POST", "PUT"))
@requires("F_PERFORM_MAINTENANCE")
def update_option_combos_of(uid: str) -> Response:
    """Makes the option combos that one category combo lacks."""
    combo = store().get("categoryCombos", uid)
    if combo is None:
        raise Refusal(409, f"CategoryCombo does not exist: {uid}")
    made = combos.update(store(), [combo])
    counts = {"imported": len(made), "updated": 0, "ignored": 0, "deleted": 0}
    return web_message(
        200,
        "Import was successful.",
        response={
            "responseType": "ImportSummaries",
            "status": "SUCCESS",
            **counts,
            "total": len(made),
            "importSummaries": [],
        },
    )


@blueprint.route("/api/maintenance", methods=("POST", "PUT"))
@blueprint.route("/api/maintenance/<path:_>", methods=("POST", "PUT"))
@requires("F_PERFORM_MAINTENANCE")
def maintain(_: str = "") -> Response:
    """Accepts other upkeep, of which nothing is left to do here."""
    if flag("categoryOptionComboUpdate"):
        combos.update(store())
    return empty(204)


@blueprint.get("/api/systemSettings")
def settings() -> Response:
    """Returns system settings, or those named by `key`."""
    known = {
        row["key"]: json.loads(row["value"])
        for row in store().execute("SELECT * FROM settings")
        if row["key"].startswith("key")
    }
    wanted = request.args.getlist("key")
    return answer({k: v for k, v in {**_settings(), **known}.items() if not wanted or k in wanted})


@blueprint.get("/api/systemSettings/<key>")
def setting(key: str) -> Response:
    """Returns one system setting."""
    value = store().setting(key, _settings().get(key))
    if value is None:
        raise Refusal(404, f"System setting not found for key: {key}", "E1005")
    return answer({key: value})


@blueprint.post("/api/systemSettings/<key>")
@requires("F_SYSTEM_SETTING")
def set_setting(key: str) -> Response:
    """Changes one system setting."""
    text = request.args.get("value") or request.get_data(as_text=True)
    words: dict[str, Any] = {"true": True, "false": False}
    store().set_setting(key, words.get(text.lower(), int(text) if text.isdigit() else text))
    return web_message(200, f"System setting '{key}' set to value '{text}'.")


@blueprint.get("/api/identifiableObjects/<uid>")
def any_object(uid: str) -> Response:
    """Finds an object of any type."""
    kind = next((k for k in KINDS if uid in store().metadata.get(k, {})), None)
    if kind is None:
        raise Refusal(404, f"IdentifiableObject with id {uid} could not be found.", "E1005")
    return answer(selection().of(kind, find(kind, uid), language.parse(request.args.get("fields", "*"))))


@blueprint.get("/api/periodTypes")
def period_types() -> Response:
    """Lists the types of periods."""
    names = ("name", "isoDuration", "isoFormat", "frequencyOrder")
    return answer({"periodTypes": [dict(zip(names, row, strict=True)) for row in PERIOD_TYPES]})


def _rules() -> Rules:
    asked = request.args
    strategy = asked.get("importStrategy", "CREATE_AND_UPDATE").upper()
    return Rules(
        STRATEGIES.get(strategy, strategy),
        asked.get("atomicMode", "ALL").upper() != "NONE",
        asked.get("importMode", "COMMIT").upper() != "VALIDATE",
        asked.get("identifier", "UID").upper(),
        asked.get("importReportMode", "ERRORS").upper() in ("FULL", "DEBUG"),
    )


def _system() -> Object:
    return {
        "system": {
            "id": system_id(),
            "rev": REVISIONS.get(dialect(), "demonstration"),
            "version": VERSIONS[dialect()],
            "date": clock().milliseconds() + "+0000",
        }
    }


def _needed(known: Any, kind: str, thing: Object) -> list[tuple[str, Object]]:
    needed = []
    for name, value in thing.items():
        for part in references(value):
            if name in TARGETS:
                target, found = known.resolve(name, part)
                needed += [(target, found)] if found is not part else []
            elif isinstance(value, list):
                needed += _needed(known, kind, part)
    if kind == "categoryCombos":
        needed += [
            ("categoryOptionCombos", known.resolve("categoryOptionCombos", r)[1])
            for r in known.value(kind, thing, "categoryOptionCombos")
        ]
    return needed


def _settings() -> Object:
    return {
        "keyAnalyticsMaxLimit": 100_000,
        "keyIncludeZeroValuesInAnalytics": False,
        "keyCacheStrategy": "CACHE_1_MINUTE",
        "keyUiLocale": "en",
        "keyDbLocale": "en",
        "applicationTitle": "DHIS 2",
        "keyCalendar": "iso8601",
        "keyDateFormat": "yyyy-MM-dd",
        "factorDeviation": 2.0,
        "keyDataQualityMaxLimit": 500,
    }
