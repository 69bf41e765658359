"""What kinds of metadata there are, what each needs, and how one refers to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from demo.store import Object

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
KINDS = {
    kind.plural: kind
    for kind in (
        Kind(
            "dataElements",
            "dataElement",
            f"{HISP}.dataelement.DataElement",
            (
                ("aggregationType", f"{HISP}.analytics.AggregationType"),
                ("domainType", f"{HISP}.dataelement.DataElementDomain"),
                *NAMED,
                ("valueType", f"{HISP}.common.ValueType"),
            ),
            unique=("code", "name", "shortName"),
        ),
        Kind(
            "dataElementGroups",
            "dataElementGroup",
            f"{HISP}.dataelement.DataElementGroup",
            NAMED,
            unique=("code", "name", "shortName"),
        ),
        Kind("dataElementGroupSets", "dataElementGroupSet", f"{HISP}.dataelement.DataElementGroupSet", NAMED),
        Kind(
            "dataSets",
            "dataSet",
            f"{HISP}.dataset.DataSet",
            (("name", TEXT), ("periodType", f"{HISP}.period.PeriodType")),
            data_shareable=True,
            unique=("code", "shortName"),
        ),
        Kind(
            "sections",
            "section",
            f"{HISP}.dataset.Section",
            (("name", TEXT), ("dataSet", f"{HISP}.dataset.DataSet")),
            shareable=False,
        ),
        Kind(
            "indicators",
            "indicator",
            f"{HISP}.indicator.Indicator",
            (
                *NAMED,
                ("indicatorType", f"{HISP}.indicator.IndicatorType"),
                ("numerator", TEXT),
                ("denominator", TEXT),
            ),
        ),
        Kind(
            "indicatorTypes",
            "indicatorType",
            f"{HISP}.indicator.IndicatorType",
            (("name", TEXT), ("factor", "java.lang.Integer")),
            shareable=False,
            unique=("code", "name"),
        ),
        Kind("indicatorGroups", "indicatorGroup", f"{HISP}.indicator.IndicatorGroup"),
        Kind(
            "categories",
            "category",
            f"{HISP}.category.Category",
            (*NAMED, DIMENSION),
            data_shareable=False,
            unique=("code", "name", "shortName"),
        ),
        Kind(
            "categoryOptions",
            "categoryOption",
            f"{HISP}.category.CategoryOption",
            NAMED,
            data_shareable=True,
            unique=("code", "name", "shortName"),
        ),
        Kind(
            "categoryCombos",
            "categoryCombo",
            f"{HISP}.category.CategoryCombo",
            (("name", TEXT), DIMENSION),
            unique=("code", "name"),
        ),
        Kind(
            "categoryOptionCombos",
            "categoryOptionCombo",
            f"{HISP}.category.CategoryOptionCombo",
            shareable=False,
        ),
        Kind("categoryOptionGroups", "categoryOptionGroup", f"{HISP}.category.CategoryOptionGroup", NAMED),
        Kind(
            "organisationUnits",
            "organisationUnit",
            f"{HISP}.organisationunit.OrganisationUnit",
            (*NAMED, ("openingDate", "java.util.Date")),
            shareable=False,
        ),
        Kind(
            "organisationUnitLevels",
            "organisationUnitLevel",
            f"{HISP}.organisationunit.OrganisationUnitLevel",
            (("name", TEXT), ("level", "java.lang.Integer")),
            shareable=False,
            unique=("code", "name", "level"),
        ),
        Kind(
            "organisationUnitGroups",
            "organisationUnitGroup",
            f"{HISP}.organisationunit.OrganisationUnitGroup",
            NAMED,
            unique=("code", "name", "shortName"),
        ),
        Kind(
            "organisationUnitGroupSets",
            "organisationUnitGroupSet",
            f"{HISP}.organisationunit.OrganisationUnitGroupSet",
            NAMED,
            unique=("code", "name"),
        ),
        Kind(
            "programs",
            "program",
            f"{HISP}.program.Program",
            (*NAMED, ("programType", f"{HISP}.program.ProgramType")),
            data_shareable=True,
        ),
        Kind("programStages", "programStage", f"{HISP}.program.ProgramStage", data_shareable=True),
        Kind("programIndicators", "programIndicator", f"{HISP}.program.ProgramIndicator", NAMED),
        Kind(
            "trackedEntityTypes",
            "trackedEntityType",
            f"{HISP}.trackedentity.TrackedEntityType",
            data_shareable=True,
        ),
        Kind(
            "trackedEntityAttributes",
            "trackedEntityAttribute",
            f"{HISP}.trackedentity.TrackedEntityAttribute",
            NAMED,
        ),
        Kind(
            "optionSets",
            "optionSet",
            f"{HISP}.option.OptionSet",
            (("name", TEXT), ("valueType", f"{HISP}.common.ValueType")),
        ),
        Kind(
            "options",
            "option",
            f"{HISP}.option.Option",
            (("name", TEXT), ("code", TEXT)),
            shareable=False,
            unique=(),
        ),
        Kind("legendSets", "legendSet", f"{HISP}.legend.LegendSet"),
        Kind("attributes", "attribute", f"{HISP}.attribute.Attribute"),
        Kind("constants", "constant", f"{HISP}.constant.Constant"),
        Kind("predictors", "predictor", f"{HISP}.predictor.Predictor", NAMED, shareable=False),
        Kind("validationRules", "validationRule", f"{HISP}.validation.ValidationRule", NAMED),
        Kind("validationRuleGroups", "validationRuleGroup", f"{HISP}.validation.ValidationRuleGroup"),
        Kind("dashboards", "dashboard", f"{HISP}.dashboard.Dashboard"),
        Kind("visualizations", "visualization", f"{HISP}.visualization.Visualization"),
        Kind("maps", "map", f"{HISP}.mapping.Map"),
        Kind("dataApprovalLevels", "dataApprovalLevel", f"{HISP}.dataapproval.DataApprovalLevel"),
        Kind("dataApprovalWorkflows", "dataApprovalWorkflow", f"{HISP}.dataapproval.DataApprovalWorkflow"),
        Kind(
            "users",
            "user",
            f"{HISP}.user.User",
            (("username", TEXT), ("firstName", TEXT), ("surname", TEXT)),
            shareable=False,
            unique=("code", "username"),
        ),
        Kind("userRoles", "userRole", f"{HISP}.user.UserRole"),
        Kind("userGroups", "userGroup", f"{HISP}.user.UserGroup"),
    )
}

TARGETS = (
    {kind.singular: kind.plural for kind in KINDS.values()}
    | {name: name for name in KINDS}
    | {
        "parent": "organisationUnits",
        "children": "organisationUnits",
        "ancestors": "organisationUnits",
        "dataViewOrganisationUnits": "organisationUnits",
        "teiSearchOrganisationUnits": "organisationUnits",
        "createdBy": "users",
        "lastUpdatedBy": "users",
        "user": "users",
        "commentOptionSet": "optionSets",
        "groups": "organisationUnitGroups",
        "workflow": "dataApprovalWorkflows",
        "output": "dataElements",
        "stages": "programStages",
    }
)

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


def references(value: Any) -> Iterator[Object]:
    """Yields the objects in a property: itself, each of a list, or none."""
    for part in value if isinstance(value, list) else (value,):
        if isinstance(part, dict):
            yield part
