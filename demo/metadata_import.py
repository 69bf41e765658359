"""Taking metadata in: what is checked, what is kept, and the report of it."""

from __future__ import annotations

from demo import auth, combos
from demo.ids import new_uid
from demo.metadata_checks import WORKED_OUT, Checks, Item, Rules
from demo.model import INVERSES, KINDS, Kind
from demo.store import Object, Store
from demo.users import User

DEFAULT_COMBO = {"categoryCombo": {"id": combos.DEFAULT_COMBO}}
DEFAULTS: dict[str, Object] = {
    "dataElements": {"zeroIsSignificant": False, "legendSets": [], "aggregationLevels": [], **DEFAULT_COMBO},
    "dataSets": {
        "dataSetElements": [],
        "organisationUnits": [],
        "indicators": [],
        "dataInputPeriods": [],
        "compulsoryDataElementOperands": [],
        "openFuturePeriods": 0,
        "expiryDays": 0.0,
        "timelyDays": 15.0,
        "version": 0,
        "mobile": False,
        "openPeriodsAfterCoEndDate": 0,
        "validCompleteOnly": False,
        "noValueRequiresComment": False,
        "compulsoryFieldsCompleteOnly": False,
        **DEFAULT_COMBO,
    },
    "indicators": {"annualized": False, "legendSets": [], "aggregateExportCategoryOptionCombo": None},
    "programs": {
        "organisationUnits": [],
        "programStages": [],
        "version": 0,
        "expiryDays": 0,
        "accessLevel": "OPEN",
        "programSections": [],
        "programTrackedEntityAttributes": [],
        **DEFAULT_COMBO,
    },
    "programStages": {
        "programStageDataElements": [],
        "repeatable": False,
        "validationStrategy": "ON_COMPLETE",
        "sortOrder": 1,
    },
    "categoryCombos": {"categories": [], "skipTotal": False},
    "categories": {"categoryOptions": [], "dataDimension": False},
    "categoryOptions": {"organisationUnits": []},
    "users": {"userRoles": [], "organisationUnits": [], "dataViewOrganisationUnits": [], "disabled": False},
    "userRoles": {"authorities": []},
    "organisationUnitGroups": {"organisationUnits": []},
}


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
        checks = Checks(self.store, self.user, self.rules)
        for item in self.items:
            item.faults += checks.faults(item, coming)
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
        return {
            "status": "ERROR" if faulty else "OK",
            "stats": self._stats(self.items, good),
            "typeReports": types,
            "responseType": "ImportReport",
        }

    def _stats(self, items: list[Item], good: list[Item]) -> Object:
        done = [item for item in items if item in good]
        deleting = self.rules.strategy == "DELETE"
        counts = {
            "created": sum(i.action == "created" for i in done),
            "updated": sum(i.action == "updated" for i in done),
            "deleted": 0,
            "ignored": len(items) - len(done),
            "total": len(items),
        }
        return {**counts, "updated": 0, "deleted": len(done)} if deleting else counts


def keep(store: Store, user: User, kind: Kind, thing: Object, known: Object | None) -> Object:
    """Keeps one checked object, with what DHIS2 adds to it, and returns it as kept."""
    moment = store.clock.milliseconds()
    kept = {
        k: v
        for k, v in thing.items()
        if k not in WORKED_OUT and (kind.plural, k) not in INVERSES and v is not None
    }
    kept = {**{k: v for k, v in DEFAULTS.get(kind.plural, {}).items() if v is not None}, **kept}
    kept |= {
        "created": (known or {}).get("created", moment),
        "lastUpdated": moment,
        "createdBy": (known or {}).get("createdBy", {"id": user.id}),
        "lastUpdatedBy": {"id": user.id},
    }
    if kind.shareable:
        kept["sharing"] = {
            "owner": user.id,
            "external": False,
            "users": {},
            "userGroups": {},
            "public": "rw------",
            **((known or {}).get("sharing") or {}),
            **(thing.get("sharing") or {}),
        }
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
        store.save(
            "programs", {**program, "programStages": [*program.get("programStages", ()), {"id": stage["id"]}]}
        )
