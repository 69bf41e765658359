"""What kinds of metadata there are, what each needs, and how one refers to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from demo.store import Object, Store

TEXT, HISP = "java.lang.String", "org.hisp.dhis"


@dataclass(frozen=True)
class Kind:
    """One type of metadata.

    Attributes:
        plural, singular: its names in addresses and in references.
        klass: the Java class named in reports.
        required: properties that an import must bring, each with its Java class.
        shareable: whether its objects carry sharing.
        data_shareable: whether sharing also rules data.
        unique: properties that may not repeat.
    """

    plural: str
    singular: str
    klass: str
    required: tuple[tuple[str, str], ...] = (("name", TEXT),)
    shareable: bool = True
    data_shareable: bool = False
    unique: tuple[str, ...] = ("code",)

    @property
    def title(self) -> str:
        """The class's own name: `DataElement`."""
        return self.klass.rsplit(".", 1)[-1]


NAMED = (("name", TEXT), ("shortName", TEXT))
DIMENSION = ("dataDimensionType", f"{HISP}.common.DataDimensionType")
KINDS = {kind.plural: kind for kind in (
    Kind("dataElements", "dataElement", f"{HISP}.dataelement.DataElement",
         (("aggregationType", f"{HISP}.analytics.AggregationType"),
          ("domainType", f"{HISP}.dataelement.DataElementDomain"), *NAMED, ("valueType", f"{HISP}.common.ValueType"))),
    Kind("dataElementGroups", "dataElementGroup", f"{HISP}.dataelement.DataElementGroup", NAMED),
    Kind("dataElementGroupSets", "dataElementGroupSet", f"{HISP}.dataelement.DataElementGroupSet", NAMED),
    Kind("dataSets", "dataSet", f"{HISP}.dataset.DataSet",
         (("name", TEXT), ("periodType", f"{HISP}.period.PeriodType")), data_shareable=True),
    Kind("sections", "section", f"{HISP}.dataset.Section", (("name", TEXT), ("dataSet", f"{HISP}.dataset.DataSet")),
         shareable=False),
    Kind("indicators", "indicator", f"{HISP}.indicator.Indicator",
         (*NAMED, ("indicatorType", f"{HISP}.indicator.IndicatorType"), ("numerator", TEXT), ("denominator", TEXT))),
    Kind("indicatorTypes", "indicatorType", f"{HISP}.indicator.IndicatorType",
         (("name", TEXT), ("factor", "java.lang.Integer")), shareable=False, unique=("code", "name")),
    Kind("indicatorGroups", "indicatorGroup", f"{HISP}.indicator.IndicatorGroup"),
    Kind("categories", "category", f"{HISP}.category.Category", (*NAMED, DIMENSION), data_shareable=False,
         unique=("code", "name", "shortName")),
    Kind("categoryOptions", "categoryOption", f"{HISP}.category.CategoryOption", NAMED, data_shareable=True,
         unique=("code", "name", "shortName")),
    Kind("categoryCombos", "categoryCombo", f"{HISP}.category.CategoryCombo", (("name", TEXT), DIMENSION),
         unique=("code", "name")),
    Kind("categoryOptionCombos", "categoryOptionCombo", f"{HISP}.category.CategoryOptionCombo", shareable=False),
    Kind("categoryOptionGroups", "categoryOptionGroup", f"{HISP}.category.CategoryOptionGroup", NAMED),
    Kind("organisationUnits", "organisationUnit", f"{HISP}.organisationunit.OrganisationUnit",
         (*NAMED, ("openingDate", "java.util.Date")), shareable=False),
    Kind("organisationUnitLevels", "organisationUnitLevel", f"{HISP}.organisationunit.OrganisationUnitLevel",
         (("name", TEXT), ("level", "java.lang.Integer")), shareable=False, unique=("code", "name", "level")),
    Kind("organisationUnitGroups", "organisationUnitGroup", f"{HISP}.organisationunit.OrganisationUnitGroup", NAMED,
         unique=("code", "name", "shortName")),
    Kind("organisationUnitGroupSets", "organisationUnitGroupSet", f"{HISP}.organisationunit.OrganisationUnitGroupSet",
         NAMED, unique=("code", "name")),
    Kind("programs", "program", f"{HISP}.program.Program",
         (*NAMED, ("programType", f"{HISP}.program.ProgramType")), data_shareable=True),
    Kind("programStages", "programStage", f"{HISP}.program.ProgramStage", data_shareable=True),
    Kind("programIndicators", "programIndicator", f"{HISP}.program.ProgramIndicator", NAMED),
    Kind("trackedEntityTypes", "trackedEntityType", f"{HISP}.trackedentity.TrackedEntityType", data_shareable=True),
    Kind("trackedEntityAttributes", "trackedEntityAttribute", f"{HISP}.trackedentity.TrackedEntityAttribute", NAMED),
    Kind("optionSets", "optionSet", f"{HISP}.option.OptionSet",
         (("name", TEXT), ("valueType", f"{HISP}.common.ValueType"))),
    Kind("options", "option", f"{HISP}.option.Option", (("name", TEXT), ("code", TEXT)), shareable=False, unique=()),
    Kind("legendSets", "legendSet", f"{HISP}.legend.LegendSet"),
    Kind("attributes", "attribute", f"{HISP}.attribute.Attribute"),
    Kind("constants", "constant", f"{HISP}.constant.Constant"),
    Kind("predictors", "predictor", f"{HISP}.predictor.Predictor", NAMED, shareable=False),
    Kind("validationRules", "validationRule", f"{HISP}.validation.ValidationRule", NAMED),
    Kind("validationRuleGroups", "validationRuleGroup", f"{HISP}.validation.ValidationRuleGroup"),
    Kind("dashboards", "dashboard", f"{HISP}.dashboard.Dashboard"),
    Kind("visualizations", "visualization", f"{HISP}.visualization.Visualization"),
    Kind("maps", "map", f"{HISP}.mapping.Map"),
    Kind("dataApprovalWorkflows", "dataApprovalWorkflow", f"{HISP}.dataapproval.DataApprovalWorkflow"),
    Kind("users", "user", f"{HISP}.user.User",
         (("username", TEXT), ("firstName", TEXT), ("surname", TEXT)), shareable=False, unique=("code", "username")),
    Kind("userRoles", "userRole", f"{HISP}.user.UserRole"),
    Kind("userGroups", "userGroup", f"{HISP}.user.UserGroup"),
)}

TARGETS = {kind.singular: kind.plural for kind in KINDS.values()} | {name: name for name in KINDS} | {
    "parent": "organisationUnits", "children": "organisationUnits", "ancestors": "organisationUnits",
    "dataViewOrganisationUnits": "organisationUnits", "teiSearchOrganisationUnits": "organisationUnits",
    "createdBy": "users", "lastUpdatedBy": "users", "user": "users", "commentOptionSet": "optionSets",
    "groups": "organisationUnitGroups", "workflow": "dataApprovalWorkflows", "output": "dataElements",
    "stages": "programStages"}

# a collection that is not kept itself: (whose, name) -> (the other type, its property that points here)
INVERSES = {
    ("organisationUnits", "children"): ("organisationUnits", "parent"),
    ("organisationUnits", "dataSets"): ("dataSets", "organisationUnits"),
    ("organisationUnits", "programs"): ("programs", "organisationUnits"),
    ("organisationUnits", "organisationUnitGroups"): ("organisationUnitGroups", "organisationUnits"),
    ("organisationUnits", "groups"): ("organisationUnitGroups", "organisationUnits"),
    ("organisationUnits", "users"): ("users", "organisationUnits"),
    ("organisationUnitGroups", "groupSets"): ("organisationUnitGroupSets", "organisationUnitGroups"),
    ("dataElements", "dataElementGroups"): ("dataElementGroups", "dataElements"),
    ("dataElementGroups", "groupSets"): ("dataElementGroupSets", "dataElementGroups"),
    ("dataSets", "sections"): ("sections", "dataSet"),
    ("indicators", "indicatorGroups"): ("indicatorGroups", "indicators"),
    ("indicators", "dataSets"): ("dataSets", "indicators"),
    ("categoryCombos", "categoryOptionCombos"): ("categoryOptionCombos", "categoryCombo"),
    ("categories", "categoryCombos"): ("categoryCombos", "categories"),
    ("categoryOptions", "categories"): ("categories", "categoryOptions"),
    ("categoryOptions", "categoryOptionCombos"): ("categoryOptionCombos", "categoryOptions"),
    ("users", "userGroups"): ("userGroups", "users"),
    ("userRoles", "users"): ("users", "userRoles"),
    ("programs", "programIndicators"): ("programIndicators", "program"),
}
DISPLAYED = {"displayName": ("name",), "displayShortName": ("shortName",), "displayFormName": ("formName", "name"),
             "displayDescription": ("description",)}


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
        """Returns the type and the object that a reference under the property NAME means, or itself when embedded."""
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
        return kept | inverse | worked_out | given | COMMON

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
                    found.setdefault(part["dataElement"]["id"], []).append({**part, "dataSet": {"id": data_set["id"]}})
            self._pointing[key] = found
        return self._pointing[key].get(element["id"], [])

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


COMMON = {"id", "code", "name", "created", "lastUpdated", "createdBy", "lastUpdatedBy", "sharing", "access", "href",
          "translations", "favorites", "favorite", "attributeValues", "user", "publicAccess", "externalAccess",
          "description", "formName", "url", "shortName", "style", *DISPLAYED}


def graph(store: Store) -> Graph:
    """Returns the graph of the store as it is now; the same one until its metadata changes."""
    return _graph(store, store.version)


@lru_cache(maxsize=4)
def _graph(store: Store, _: int) -> Graph:
    return Graph(store)


def references(value: Any) -> Iterator[Object]:
    """Yields the objects in a property: itself, each of a list, or none."""
    for part in value if isinstance(value, list) else (value,):
        if isinstance(part, dict):
            yield part
