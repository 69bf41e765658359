"""Taking metadata in: what is checked, what is kept, and the report of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from demo import auth, combos
from demo.ids import is_uid, new_uid
from demo.model import DISPLAYED, INVERSES, KINDS, TARGETS, TEXT, Kind, references
from demo.store import Object, Store
from demo.users import User

LONGEST = {"name": 230, "shortName": 50, "code": 50, "username": 255}
DEFAULT_COMBO = {"categoryCombo": {"id": combos.DEFAULT_COMBO}}
DEFAULTS: dict[str, Object] = {
    "dataElements": {"zeroIsSignificant": False, "legendSets": [], "aggregationLevels": [], **DEFAULT_COMBO},
    "dataSets": {"dataSetElements": [], "organisationUnits": [], "indicators": [], "dataInputPeriods": [],
                 "compulsoryDataElementOperands": [], "openFuturePeriods": 0, "expiryDays": 0.0, "timelyDays": 15.0,
                 "version": 0, "mobile": False, "openPeriodsAfterCoEndDate": 0, "validCompleteOnly": False,
                 "noValueRequiresComment": False, "compulsoryFieldsCompleteOnly": False, **DEFAULT_COMBO},
    "indicators": {"annualized": False, "legendSets": [], "aggregateExportCategoryOptionCombo": None},
    "programs": {"organisationUnits": [], "programStages": [], "version": 0, "expiryDays": 0, "accessLevel": "OPEN",
                 "programSections": [], "programTrackedEntityAttributes": [], **DEFAULT_COMBO},
    "programStages": {"programStageDataElements": [], "repeatable": False, "validationStrategy": "ON_COMPLETE",
                      "sortOrder": 1},
    "categoryCombos": {"categories": [], "skipTotal": False},
    "categories": {"categoryOptions": [], "dataDimension": False},
    "categoryOptions": {"organisationUnits": []},
    "users": {"userRoles": [], "organisationUnits": [], "dataViewOrganisationUnits": [], "disabled": False},
    "userRoles": {"authorities": []},
    "organisationUnitGroups": {"organisationUnits": []},
}
WORKED_OUT = {*DISPLAYED, "access", "href", "favorite", "dimensionItem", "dimensionItemType", "leaf", "ancestors",
              "password", "publicAccess", "externalAccess", "userAccesses", "userGroupAccesses", "user"}


@dataclass(frozen=True)
class Rules:
    """How metadata is to be taken in.

    Attributes:
        strategy: CREATE_AND_UPDATE, CREATE, UPDATE or DELETE.
        all_or_nothing: one fault stops all (`atomicMode=ALL`).
        commit: keep it, rather than only check it.
        identifier: UID, CODE or AUTO: how payload and store are matched.
        report_all: report objects without faults too (`importReportMode=FULL`).
    """

    strategy: str = "CREATE_AND_UPDATE"
    all_or_nothing: bool = True
    commit: bool = True
    identifier: str = "UID"
    report_all: bool = False


@dataclass
class Item:
    """One object on its way in."""

    kind: Kind
    index: int
    thing: Object
    known: Object | None
    faults: list[Object]

    @property
    def action(self) -> str:
        """What it would do, as the counts call it."""
        return "created" if self.known is None else "updated"


def error(kind: Kind, code: str, message: str, args: list[Any], about: tuple[str, str] | None = None) -> Object:
    """Returns one error report; ABOUT is the property and its Java class."""
    report: Object = {"message": message, "args": args, "mainKlass": kind.klass, "errorCode": code}
    if about:
        report |= {"errorKlass": about[1], "errorProperty": about[0]}
    return {**report, "errorProperties": args}


class MetadataImport:
    """One import.

    Args:
        store: where metadata is kept.
        user: who brings it.
        rules: how.
    """

    def __init__(self, store: Store, user: User, rules: Rules) -> None:
        self.store, self.user, self.rules = store, user, rules
        self.items: list[Item] = []

    def run(self, payload: Object) -> Object:
        """Checks the objects of a payload by type, keeps them if it may, and returns the import report."""
        for plural, objects in payload.items():
            if plural in KINDS and isinstance(objects, list):
                self.items += [self._item(KINDS[plural], i, thing) for i, thing in enumerate(objects)]
        coming = {(item.kind.plural, item.thing["id"]) for item in self.items}
        for item in self.items:
            item.faults += self._faults(item, coming)
        stopped = self.rules.all_or_nothing and any(item.faults for item in self.items)
        good = [] if stopped else [item for item in self.items if not item.faults]
        if self.rules.commit:
            self._keep(good)
        return self._report(good)

    def _item(self, kind: Kind, index: int, thing: Object) -> Item:
        known = self._known(kind, thing)
        uid = known["id"] if known else thing.get("id") or new_uid()
        return Item(kind, index, {**thing, "id": uid}, known, [])

    def _known(self, kind: Kind, thing: Object) -> Object | None:
        by_id = self.store.get(kind.plural, thing.get("id"))
        if by_id is not None or self.rules.identifier == "UID" or not thing.get("code"):
            return by_id
        same = (o for o in self.store.all(kind.plural).values() if o.get("code") == thing["code"])
        return next(same, None)

    def _faults(self, item: Item, coming: set[tuple[str, str]]) -> Iterator[Object]:
        strategy, kind, thing = self.rules.strategy, item.kind, item.thing
        named = f"{thing.get('name')} [{thing['id']}] ({kind.title})"
        if not is_uid(thing["id"]):
            yield error(kind, "E4014", f"Invalid UID `{thing['id']}` for property `id`", [thing["id"], "id"])
        elif item.known and strategy == "CREATE":
            yield error(kind, "E5000", "Found matching object for given reference, but import mode is CREATE. "
                        f"Identifier was `{self.rules.identifier}`, and object was `{named}`.",
                        [self.rules.identifier, named])
        elif not item.known and strategy in ("UPDATE", "DELETE"):
            yield error(kind, "E5001", "No matching object for given reference. Identifier was "
                        f"`{self.rules.identifier}`, and object was `{named}`.", [self.rules.identifier, named])
        elif refused := self._refused(item, named):
            yield refused
        elif strategy == "DELETE":
            yield from in_use(self.store, kind, thing["id"])
        else:
            yield from self._missing(item)
            yield from self._dangling(item, named, coming)
            yield from self._taken(item, named)

    def _refused(self, item: Item, named: str) -> Object | None:
        who = f"{self.user.name} [{self.user.id}] (User)"
        if item.known is None:
            if may_create(self.user, item.kind):
                return None
            return error(item.kind, "E3000", f"User `{who}` is not allowed to create objects of type "
                                             f"`{item.kind.title}`", [who, item.kind.title])
        if may_change(self.user, item.kind, item.known):
            return None
        code, verb = ("E3002", "delete") if self.rules.strategy == "DELETE" else ("E3001", "update")
        return error(item.kind, code, f"User `{who}` is not allowed to {verb} object `{named}`", [who, named])

    def _missing(self, item: Item) -> Iterator[Object]:
        for name, klass in item.kind.required:
            if item.thing.get(name) in (None, ""):
                yield error(item.kind, "E4000", f"Missing required property `{name}`", [name], (name, klass))
        for name, most in LONGEST.items():
            length = len(str(item.thing.get(name) or ""))
            if length > most:
                yield error(item.kind, "E4001", f"Maximum length of property `{name}` is {most}, but given length was "
                            f"{length}.", [name, str(most), str(length)], (name, TEXT))

    def _dangling(self, item: Item, named: str, coming: set[tuple[str, str]]) -> Iterator[Object]:
        for name, value in item.thing.items():
            target = TARGETS.get(name)
            if target is None or name in WORKED_OUT or (item.kind.plural, name) in INVERSES or name in (
                    "createdBy", "lastUpdatedBy", "groups"):
                continue
            for reference in references(value):
                uid = reference.get("id")
                if uid and (target, uid) not in coming and self.store.get(target, uid) is None:
                    shown = f"[{uid}] ({KINDS[target].title})"
                    yield error(item.kind, "E5002", f"Invalid reference `{shown}` on object `{named}` for association "
                                f"`{name}`", [shown, named, name], (name, KINDS[target].klass))

    def _taken(self, item: Item, named: str) -> Iterator[Object]:
        for name in item.kind.unique:
            value = item.thing.get(name)
            others = self.store.metadata.get(item.kind.plural, {}).values() if value not in (None, "") else ()
            other = next((o for o in others if o.get(name) == value and o["id"] != item.thing["id"]), None)
            if other:
                yield error(item.kind, "E5003", f"Property `{name}` with value `{value}` on object `{named}` already "
                            f"exists on object `{other['id']}`.", [name, str(value), named, other["id"]], (name, TEXT))

    def _keep(self, items: list[Item]) -> None:
        with self.store.transaction():
            for item in items:
                if self.rules.strategy == "DELETE":
                    self.store.remove(item.kind.plural, item.thing["id"])
                else:
                    keep(self.store, self.user, item.kind, item.thing, item.known)

    def _report(self, good: list[Item]) -> Object:
        types = []
        for kind in dict.fromkeys(item.kind for item in self.items):
            mine = [item for item in self.items if item.kind is kind]
            reports = [_object_report(item) for item in mine if item.faults or self.rules.report_all]
            types.append({"klass": kind.klass, "stats": self._stats(mine, good), "objectReports": reports})
        faulty = any(item.faults for item in self.items)
        return {"status": "ERROR" if faulty else "OK", "stats": self._stats(self.items, good), "typeReports": types,
                "responseType": "ImportReport"}

    def _stats(self, items: list[Item], good: list[Item]) -> Object:
        done = [item for item in items if item in good]
        deleting = self.rules.strategy == "DELETE"
        counts = {"created": sum(i.action == "created" for i in done), "updated": sum(i.action == "updated" for i in done),
                  "deleted": 0, "ignored": len(items) - len(done), "total": len(items)}
        return {**counts, "updated": 0, "deleted": len(done)} if deleting else counts


def keep(store: Store, user: User, kind: Kind, thing: Object, known: Object | None) -> Object:
    """Keeps one checked object, with what DHIS2 adds to it, and returns it as kept."""
    moment = store.clock.milliseconds()
    kept = {k: v for k, v in thing.items() if k not in WORKED_OUT and (kind.plural, k) not in INVERSES
            and v is not None}
    kept = {**{k: v for k, v in DEFAULTS.get(kind.plural, {}).items() if v is not None}, **kept}
    kept |= {"created": (known or {}).get("created", moment), "lastUpdated": moment,
             "createdBy": (known or {}).get("createdBy", {"id": user.id}), "lastUpdatedBy": {"id": user.id}}
    if kind.shareable:
        kept["sharing"] = {"owner": user.id, "external": False, "users": {}, "userGroups": {}, "public": "rw------",
                           **((known or {}).get("sharing") or {}), **(thing.get("sharing") or {})}
    if kind.plural == "users" and thing.get("password"):
        auth.set_password(store, thing["username"], thing["password"])
    if kind.plural == "organisationUnits":
        kept["openingDate"] = as_moment(kept["openingDate"])
    for part in kept.get("dataSetElements", ()) if kind.plural == "dataSets" else ():
        part["dataSet"] = {"id": kept["id"]}
    store.save(kind.plural, kept)
    if kind.plural == "organisationUnits":
        place_below(store, kept["id"])
    if kind.plural == "programStages":
        _join_program(store, kept)
    return kept


def place_below(store: Store, uid: str) -> None:
    """Works out path and level of a unit and of everything below it."""
    units = store.all("organisationUnits")
    unit = units[uid]
    above = units.get((unit.get("parent") or {}).get("id", ""), {"path": ""})
    path = f"{above['path']}/{uid}"
    store.save("organisationUnits", {**unit, "path": path, "level": path.count("/")})
    for child, other in units.items():
        if (other.get("parent") or {}).get("id") == uid and other.get("path") != f"{path}/{child}":
            place_below(store, child)


def may_create(user: User, kind: Kind) -> bool:
    """Says whether USER may make objects of a type."""
    prefix = f"F_{kind.singular.upper()}"
    return any(user.has(f"{prefix}_{right}") for right in ("ADD", "PUBLIC_ADD", "PRIVATE_ADD"))


def may_change(user: User, kind: Kind, thing: Object) -> bool:
    """Says whether USER may change an object: by authority, and by sharing where the type has it."""
    return may_create(user, kind) and (not kind.shareable or user.may(kind.plural, thing, "write"))


def in_use(store: Store, kind: Kind, uid: str) -> Iterator[Object]:
    """Yields the faults that keep an object from being deleted: what still needs it."""
    column = {"dataElements": "de", "organisationUnits": "ou", "categoryOptionCombos": "coc"}.get(kind.plural)
    needing = []
    if column and store.execute(f"SELECT 1 FROM data_values WHERE {column} = ? LIMIT 1", (uid,)).fetchone():
        needing.append("DataValue")
    holders = {"organisationUnits": (("organisationUnits", "parent"),), "indicatorTypes": (("indicators", "indicatorType"),),
               "categoryCombos": (("dataElements", "categoryCombo"), ("dataSets", "categoryCombo")),
               "optionSets": (("dataElements", "optionSet"),), "categories": (("categoryCombos", "categories"),),
               "userRoles": (("users", "userRoles"),)}.get(kind.plural, ())
    needing += [KINDS[other].title for other, name in holders
                if any(r.get("id") == uid for o in store.all(other).values() for r in references(o.get(name)))]
    for needed_by in needing[:1]:
        yield error(kind, "E4030", "Object could not be deleted because it is associated with another object: "
                                   f"{needed_by}", [needed_by])


def as_moment(text: str) -> str:
    """Writes a date as DHIS2 tells moments: `2019-06-01T00:00:00.000`."""
    return text if "T" in text else f"{text[:10]}T00:00:00.000"


def _object_report(item: Item) -> Object:
    report: Object = {"klass": item.kind.klass, "index": item.index, "uid": item.thing["id"]}
    if item.known is None and item.thing.get("name"):
        report["displayName"] = item.thing["name"]
    return {**report, "errorReports": item.faults}


def _join_program(store: Store, stage: Object) -> None:
    program = store.get("programs", (stage.get("program") or {}).get("id"))
    if program and stage["id"] not in {s["id"] for s in program.get("programStages", ())}:
        store.save("programs", {**program, "programStages": [*program.get("programStages", ()), {"id": stage["id"]}]})
