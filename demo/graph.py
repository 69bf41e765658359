"""Properties of objects as they are asked for: kept, worked out, or held by those that point here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from demo.model import INVERSES, KINDS, TARGETS, references
from demo.store import Object, Store

DISPLAYED = {
    "displayName": ("name",),
    "displayShortName": ("shortName",),
    "displayFormName": ("formName", "name"),
    "displayDescription": ("description",),
}
# what objects of a type can have and those of a small instance may all lack
OPTIONAL = {
    "dataElements": {
        "optionSet",
        "commentOptionSet",
        "fieldMask",
        "legendSets",
        "aggregationLevels",
        "categoryCombo",
    },
    "dataSets": {
        "workflow",
        "dataEntryForm",
        "organisationUnits",
        "dataSetElements",
        "categoryCombo",
        "indicators",
        "dataInputPeriods",
        "compulsoryDataElementOperands",
        "legendSets",
        "interpretations",
    },
    "indicators": {"decimals", "explodedNumerator", "explodedDenominator", "legendSets", "annualized"},
    "organisationUnits": {
        "closedDate",
        "geometry",
        "comment",
        "contactPerson",
        "address",
        "email",
        "phoneNumber",
        "image",
        "parent",
        "level",
        "path",
    },
    "organisationUnitGroups": {"organisationUnits", "color", "symbol", "geometry"},
    "programs": {
        "trackedEntityType",
        "relatedProgram",
        "organisationUnits",
        "programStages",
        "categoryCombo",
    },
    "programStages": {"program", "programStageDataElements", "executionDateLabel"},
    "users": {
        "email",
        "phoneNumber",
        "lastLogin",
        "userRoles",
        "organisationUnits",
        "dataViewOrganisationUnits",
    },
    "validationRules": {"importance", "operator", "periodType", "leftSide", "rightSide", "instruction"},
}
COMMON = {
    "id",
    "code",
    "name",
    "created",
    "lastUpdated",
    "createdBy",
    "lastUpdatedBy",
    "sharing",
    "access",
    "href",
    "translations",
    "favorites",
    "favorite",
    "attributeValues",
    "user",
    "publicAccess",
    "externalAccess",
    "description",
    "formName",
    "url",
    "shortName",
    "style",
    *DISPLAYED,
}


class Graph:
    """Reads properties of objects, kept and worked out, following references.

    Args:
        store: where the objects are. A graph is good until the store's metadata changes.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._pointing: dict[tuple[str, str], dict[str, list[Object]]] = {}

    def value(self, kind: str, thing: Object, name: str) -> Any:
        """Returns one property; None when there is none. References come as `{"id": ...}`."""
        if name in thing:
            return thing[name]
        if (kind, name) in INVERSES:
            return self.pointing(kind, name).get(thing.get("id", ""), [])
        if name in DISPLAYED:
            source = next((n for n in DISPLAYED[name] if thing.get(n)), None)
            return thing.get(source) if source else self._spoken_name(kind, thing, name)
        worked_out = getattr(self, f"_{kind}_{name}", None)
        return worked_out(thing) if worked_out else None

    def pointing(self, kind: str, name: str) -> dict[str, list[Object]]:
        """Returns, for an inverse collection, the references that point at each id."""
        if (kind, name) not in self._pointing:
            other, field = INVERSES[kind, name]
            found: dict[str, list[Object]] = {}
            for uid, thing in self.store.all(other).items():
                for reference in references(thing.get(field)):
                    found.setdefault(reference["id"], []).append({"id": uid})
            self._pointing[kind, name] = found
        return self._pointing[kind, name]

    def resolve(self, name: str, reference: Object) -> tuple[str | None, Object]:
        """Returns type and object that a reference under the property NAME means; itself when embedded."""
        kind = TARGETS.get(name)
        if name == "groupSets":
            kind = next((k for k in KINDS if reference.get("id") in self.store.metadata.get(k, {})), None)
        found = self.store.get(kind, reference.get("id")) if kind else None
        return kind, found if found is not None else reference

    def names(self, kind: str) -> set[str]:
        """Returns every property that objects of a type have or can have."""
        kept = {name for thing in self.store.metadata.get(kind, {}).values() for name in thing}
        inverse = {name for whose, name in INVERSES if whose == kind}
        worked_out = {m.removeprefix(f"_{kind}_") for m in dir(self) if m.startswith(f"_{kind}_")}
        given = {name for name, _ in KINDS[kind].required}
        return kept | inverse | worked_out | given | COMMON | OPTIONAL.get(kind, set())

    def _spoken_name(self, kind: str, thing: Object, name: str) -> str | None:
        person = " ".join(p for p in (thing.get("firstName"), thing.get("surname")) if p)
        return person if kind == "users" and name == "displayName" else None

    def _users_name(self, thing: Object) -> str | None:
        return self._spoken_name("users", thing, "displayName")

    def _organisationUnits_leaf(self, unit: Object) -> bool:
        return unit["id"] not in self.pointing("organisationUnits", "children")

    def _organisationUnits_ancestors(self, unit: Object) -> list[Object]:
        return [{"id": uid} for uid in unit["path"].split("/")[1:-1]]

    def _organisationUnits_parentGraph(self, unit: Object) -> str:
        return "/".join(unit["path"].split("/")[1:-1])

    def _organisationUnits_dimensionItem(self, unit: Object) -> str:
        return unit["id"]

    def _organisationUnits_dimensionItemType(self, _: Object) -> str:
        return "ORGANISATION_UNIT"

    def _dataElements_dataSetElements(self, element: Object) -> list[Object]:
        key = ("dataElements", "dataSetElements")
        if key not in self._pointing:
            found: dict[str, list[Object]] = {}
            for data_set in self.store.all("dataSets").values():
                for part in data_set.get("dataSetElements", ()):
                    found.setdefault(part["dataElement"]["id"], []).append(
                        {**part, "dataSet": {"id": data_set["id"]}}
                    )
            self._pointing[key] = found
        return self._pointing[key].get(element["id"], [])

    def _organisationUnits_legendSets(self, _: Object) -> list[Object]:
        return []

    def _dataElements_optionSetValue(self, element: Object) -> bool:
        return bool(element.get("optionSet"))

    def _dataElements_dimensionItem(self, element: Object) -> str:
        return element["id"]

    def _dataElements_dimensionItemType(self, _: Object) -> str:
        return "DATA_ELEMENT"

    def _indicators_dimensionItem(self, indicator: Object) -> str:
        return indicator["id"]

    def _indicators_dimensionItemType(self, _: Object) -> str:
        return "INDICATOR"

    def _categoryCombos_isDefault(self, combo: Object) -> bool:
        return combo.get("name") == "default"

    def _categoryOptions_isDefault(self, option: Object) -> bool:
        return option.get("name") == "default"

    def _dataSets_formType(self, data_set: Object) -> str:
        if data_set.get("dataEntryForm"):
            return "CUSTOM"
        return "SECTION" if self.value("dataSets", data_set, "sections") else "DEFAULT"


def graph(store: Store) -> Graph:
    """Returns the graph of the store as it is now; the same one until its metadata changes."""
    return _graph(store, store.version)


@lru_cache(maxsize=4)
def _graph(store: Store, _: int) -> Graph:
    return Graph(store)
