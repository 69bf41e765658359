"""What DHIS2 knows about places, forms and items, as frames; all ids are DHIS2's uids, texts are `str`."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from loaders.chunks import Shape
from loaders.contacts import CONTACT_FIELDS, contact
from loaders.lists import Lists, Row
from loaders.outlines import simplified

UNIT_FIELDS = "id,code,name,level,path,parent[id],geometry,openingDate,closedDate,phoneNumber,contactPerson"
FORM_FIELDS = (
    "id,code,name,periodType,categoryCombo[id],openFuturePeriods,timelyDays,expiryDays,access[data[read,write]],"
    "dataSetElements[dataElement[id,categoryCombo[id]],categoryCombo[id]],organisationUnits[id]"
)
ELEMENT_FIELDS = "id,code,name,valueType,aggregationType,domainType,zeroIsSignificant,categoryCombo[id]"


@dataclass(frozen=True)
class DataSets:
    """The forms of a DHIS2.

    Attributes:
        frame: ``id, code, name, period_type, category_combo, open_future_periods (int), timely_days,
            expiry_days (float), readable, writable (bool)``.
        elements: ``data_set, data_element, category_combo`` (the form's own combination where it has one).
        assignments: ``data_set, org_unit``.
    """

    frame: pd.DataFrame
    elements: pd.DataFrame
    assignments: pd.DataFrame


def org_units(lists: Lists, root: str = "") -> pd.DataFrame:
    """Org units, one row each.

    ``id, code, name, level (int16), parent, path, longitude, latitude, outline, opened, closed, telephone,
    contact``; a unit has a place (a point) or an outline (JSON, as `loaders.outlines` simplifies it) or
    neither.

    Args:
        lists: The server's lists.
        root: When given, only this unit and what lies below.
    """
    return lists.frame("organisationUnits", UNIT_FIELDS, _units, [f"path:like:{root}"] if root else [])


def _units(rows: list[Row]) -> pd.DataFrame:
    points = [_point(row.get("geometry")) for row in rows]
    columns = {
        name: pd.Series([row.get(name) for row in rows], dtype="str") for name in ("id", "code", "name")
    }
    columns |= {
        "level": pd.Series([row["level"] for row in rows], dtype="int16"),
        "parent": pd.Series([_id(row.get("parent")) for row in rows], dtype="str"),
        "path": pd.Series([row["path"] for row in rows], dtype="str"),
        "longitude": pd.Series([point[0] for point in points], dtype="float64"),
        "latitude": pd.Series([point[1] for point in points], dtype="float64"),
        "outline": pd.Series([simplified(row.get("geometry")) for row in rows], dtype="str"),
    }
    for name in CONTACT_FIELDS:
        columns[name] = pd.Series([contact(row, name) for row in rows], dtype="str")
    for name, key in (("opened", "openingDate"), ("closed", "closedDate")):
        days = pd.Series([(row.get(key) or "")[:10] or None for row in rows], dtype="str")
        columns[name] = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    return pd.DataFrame(columns)


def levels(lists: Lists) -> pd.DataFrame:
    """Levels, the top one first: ``id, level (int16), name``."""
    rows = sorted(lists.rows("organisationUnitLevels", "id,level,name"), key=lambda row: row["level"])
    return _texts(rows, ("id", "name")).assign(level=pd.Series([row["level"] for row in rows], dtype="int16"))


def groups(lists: Lists) -> pd.DataFrame:
    """Membership of org unit groups: ``group, name, org_unit``."""
    rows = lists.rows("organisationUnitGroups", "id,name,organisationUnits[id]")
    members = [
        (row["id"], row["name"], unit["id"]) for row in rows for unit in row.get("organisationUnits", [])
    ]
    return _table(members, ("group", "name", "org_unit"))


def form_names(lists: Lists) -> pd.DataFrame:
    """Forms without what is in them: ``id, code, name, period_type``."""
    frame = _texts(lists.rows("dataSets", "id,code,name,periodType"), ("id", "code", "name", "periodType"))
    return frame.rename(columns={"periodType": "period_type"})


def data_sets(lists: Lists) -> DataSets:
    """The forms with their elements and the units that have them."""
    rows = lists.rows("dataSets", FORM_FIELDS)
    elements = [(row["id"], *_element(entry)) for row in rows for entry in row.get("dataSetElements", [])]
    assigned = [(row["id"], unit["id"]) for row in rows for unit in row.get("organisationUnits", [])]
    return DataSets(
        _forms(rows),
        _table(elements, ("data_set", "data_element", "category_combo")),
        _table(assigned, ("data_set", "org_unit")),
    )


def data_elements(lists: Lists) -> pd.DataFrame:
    """Data elements.

    Returns:
        ``id, code, name, value_type, aggregation_type, domain_type, category_combo`` (text),
        ``zero_is_significant`` (bool).
    """
    rows = lists.rows("dataElements", ELEMENT_FIELDS)
    frame = _texts(rows, ("id", "code", "name", "valueType", "aggregationType", "domainType"))
    frame.columns = pd.Index(["id", "code", "name", "value_type", "aggregation_type", "domain_type"])
    frame["category_combo"] = pd.Series([_id(row.get("categoryCombo")) for row in rows], dtype="str")
    frame["zero_is_significant"] = pd.Series(
        [bool(row.get("zeroIsSignificant")) for row in rows], dtype="bool"
    )
    return frame


def option_combos(lists: Lists) -> pd.DataFrame:
    """Category option combos: ``id, code, name, category_combo``."""
    rows = lists.rows("categoryOptionCombos", "id,code,name,categoryCombo[id]")
    frame = _texts(rows, ("id", "code", "name"))
    return frame.assign(
        category_combo=pd.Series([_id(row.get("categoryCombo")) for row in rows], dtype="str")
    )


def shape_of(units: pd.DataFrame, forms: DataSets, combos: pd.DataFrame) -> Shape:
    """What may hold values, from the frames of `org_units`, `data_sets` and `option_combos`."""
    children: dict[str, list[str]] = defaultdict(list)
    known = units[units["parent"].notna()]
    for unit, parent in zip(known["id"], known["parent"], strict=True):
        children[parent].append(unit)
    combo_counts = combos["category_combo"].value_counts().to_dict()
    elements, fields = defaultdict(list), Counter[str]()
    for form, element, combo in forms.elements.itertuples(index=False):
        elements[form].append(element)
        fields[form] += int(combo_counts.get(combo, 1))
    types = dict(zip(forms.frame["id"], forms.frame["period_type"], strict=True))
    return Shape(
        {unit: tuple(below) for unit, below in children.items()},
        {form: tuple(names) for form, names in elements.items()},
        dict(fields),
        _assigned(units, forms.assignments),
        types,
    )


def _assigned(units: pd.DataFrame, assignments: pd.DataFrame) -> dict[str, dict[str, int]]:
    paths = dict(zip(units["id"], units["path"], strict=True))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for form, unit in assignments.itertuples(index=False):
        counts[form].update(paths.get(unit, unit).strip("/").split("/"))
    return {form: dict(count) for form, count in counts.items()}


def _forms(rows: list[Row]) -> pd.DataFrame:
    frame = _texts(rows, ("id", "code", "name")).assign(
        period_type=pd.Series([row["periodType"] for row in rows], dtype="str"),
        category_combo=pd.Series([_id(row.get("categoryCombo")) for row in rows], dtype="str"),
        open_future_periods=pd.Series(
            [int(row.get("openFuturePeriods") or 0) for row in rows], dtype="int64"
        ),
    )
    for name, key in (("timely_days", "timelyDays"), ("expiry_days", "expiryDays")):
        frame[name] = pd.Series([float(row.get(key) or 0) for row in rows], dtype="float64")
    for name, right in (("readable", "read"), ("writable", "write")):
        rights = [bool(row.get("access", {}).get("data", {}).get(right, True)) for row in rows]
        frame[name] = pd.Series(rights, dtype="bool")
    return frame


def _element(entry: Row) -> tuple[str, str | None]:
    element = entry["dataElement"]
    return element["id"], _id(entry.get("categoryCombo")) or _id(element.get("categoryCombo"))


def _id(reference: Row | None) -> str | None:
    return reference["id"] if reference else None


def _point(geometry: Any) -> tuple[float | None, float | None]:
    """Longitude and latitude of a GeoJSON point; an outline has none of its own."""
    if not geometry or geometry.get("type") != "Point":
        return None, None
    longitude, latitude = geometry["coordinates"][:2]
    return float(longitude), float(latitude)


def _texts(rows: list[Row], names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype="str") for name in names})


def _table(rows: list[tuple[Any, ...]], names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(names)).astype("str")
