"""The checks of imported values that are off unless a request asks for them (`strictPeriods=true` ...)."""

# Check, code, what it is about, message, and what is involved: the first of it is the conflict's object.
STRICT_RULES = (
    (
        "strictPeriods",
        "E7632",
        "period",
        "Period type of period: `{period}` not valid for data element: `{dataElement}`",
        ("period", "dataElement"),
    ),
    (
        "strictDataElements",
        "E7633",
        "dataElement",
        "Data element: `{dataElement}` is not part of dataset: `{dataSet}`",
        ("dataElement", "dataSet"),
    ),
    (
        "strictCategoryOptionCombos",
        "E7634",
        "categoryOptionCombo",
        (
            "Category option combo: `{categoryOptionCombo}` must be part of category combo of data element: "
            "`{dataElement}`"
        ),
        ("categoryOptionCombo", "dataElement"),
    ),
    (
        "strictOrganisationUnits",
        "E7636",
        "orgUnit",
        (
            "Data element: `{dataElement}` must be assigned through data sets to organisation unit: "
            "`{organisationUnit}`"
        ),
        ("dataElement", "organisationUnit"),
    ),
)
