"""Answers of analytics as DHIS2 lays them out: headers, rows of strings, metadata; CSV and data values."""

from __future__ import annotations

import csv
import io
from typing import Any

from demo.analytics.items import Dimension, Item
from demo.analytics.question import Options, Question
from demo.store import Object, Store

NUMBERS = (
    ("numerator", "Numerator"),
    ("denominator", "Denominator"),
    ("factor", "Factor"),
    ("multiplier", "Multiplier"),
    ("divisor", "Divisor"),
)
JAVA = {"TEXT": "java.lang.String", "NUMBER": "java.lang.Double", "DATETIME": "java.time.LocalDateTime"}
TYPES = {
    "dx": "DATA_X",
    "pe": "PERIOD",
    "ou": "ORGANISATION_UNIT",
    "co": "CATEGORY_OPTION_COMBO",
    "ao": "ATTRIBUTE_OPTION_COMBO",
}


def header(name: str, column: str, kind: str = "TEXT", meta: bool = False) -> Object:
    """One header."""
    return {
        "name": name,
        "column": column,
        "valueType": kind,
        "type": JAVA[kind],
        "hidden": False,
        "meta": meta,
    }


def headers(question: Question) -> list[Object]:
    """The headers of an aggregated answer."""
    found = [header(d.name, d.title, meta=True) for d in question.dimensions]
    found.append(header("value", "Value", "NUMBER"))
    if question.options.numbers:
        found += [header(name, column, "NUMBER") for name, column in NUMBERS]
    return found


def grid(heads: list[Object], rows: list[list[str]], metadata: Object) -> Object:
    """A whole answer; its width is that of its rows, 0 when there are none."""
    return {
        "headers": heads,
        "metaData": metadata,
        "rowContext": {},
        "width": len(heads) if rows else 0,
        "rows": rows,
        "headerWidth": len(heads),
        "height": len(rows),
    }


def ordered(question: Question, rows: list[list[str]]) -> list[list[str]]:
    """The rows, by value if that was asked for."""
    if question.options.order not in ("ASC", "DESC"):
        return rows
    place = len(question.dimensions)
    return sorted(rows, key=lambda row: float(row[place]), reverse=question.options.order == "DESC")


def substituted(question: Question, rows: list[list[str]]) -> list[list[str]]:
    """The rows with codes or names instead of ids, as ``outputIdScheme`` asks."""
    schemes = dict(question.options.schemes)
    if all(scheme.upper() == "UID" for scheme in schemes.values()):
        return rows
    swaps = [{item.id: _in_scheme(item, schemes) for item in d.items} for d in question.dimensions]
    return [
        [*(swap.get(key, key) for swap, key in zip(swaps, row, strict=False)), *row[len(swaps) :]]
        for row in rows
    ]


def _in_scheme(item: Item, schemes: dict[str, str]) -> str:
    which = {
        "DATA_ELEMENT": "data",
        "DATA_ELEMENT_OPERAND": "data",
        "INDICATOR": "item",
        "REPORTING_RATE": "item",
        "ORGANISATION_UNIT": "unit",
    }.get(item.kind, "rest")
    scheme = schemes[which].upper()
    if scheme == "NAME":
        return item.name
    if scheme == "CODE":
        return _code(item) or item.id
    if scheme.startswith("ATTRIBUTE:") and isinstance(item.thing, dict):
        wanted = schemes[which].partition(":")[2]
        values = {v["attribute"]["id"]: v["value"] for v in item.thing.get("attributeValues", ())}
        return values.get(wanted, item.id)
    return item.id


def _code(item: Item) -> str | None:
    if item.kind == "REPORTING_RATE" and item.thing.get("code"):
        return f"{item.thing['code']}.{item.parts[1]}"
    return item.code


def metadata(question: Question, rows: list[list[str]], store: Store, roots: tuple[str, ...]) -> Object:
    """Names, items of each dimension and, if asked for, the hierarchy.

    Args:
        question: what was asked.
        rows: the answer, with ids; units without a row have no hierarchy.
        store: names of option combinations.
        roots: ids of the asker's own units, where the hierarchy begins.
    """
    if question.options.skip_meta:
        return {}
    everything = (*question.dimensions, *question.filters)
    combos = _combos(question, store)
    dimensions: Object = {"pe": [], "co": list(combos)}
    for dimension in everything:
        if dimension.name != "co":
            dimensions[dimension.name] = [item.id for item in dimension.items]
    found: Object = {"items": _items(everything, combos, question.options), "dimensions": dimensions}
    units = question.either("ou")
    if units and (question.options.hierarchy or question.options.show_hierarchy):
        found.update(_hierarchy(question, _active(question, units, rows), roots, store))
    return found


def _combos(question: Question, store: Store) -> dict[str, Object]:
    """The option combinations of the elements asked for."""
    wanted = {(item.thing.get("categoryCombo") or {}).get("id") for item in question.of_kind("DATA_ELEMENT")}
    combos = store.all("categoryOptionCombos")
    return {uid: c for uid, c in combos.items() if (c.get("categoryCombo") or {}).get("id") in wanted}


def _items(
    dimensions: tuple[Dimension, ...], combos: dict[str, Object], options: Options
) -> dict[str, Object]:
    found: dict[str, Object] = {}
    for dimension in dimensions:
        for item in dimension.items:
            name = item.short_name if options.short_names else item.name
            found[item.id] = {**(_details(item) if options.details else {}), "name": name}
        found[dimension.name] = {"name": dimension.title}
        if options.details:
            kind = TYPES.get(dimension.name, "ORGANISATION_UNIT_GROUP_SET")
            found[dimension.name].update(uid=dimension.name, dimensionType=kind)
        for key, entry in dimension.keywords.items():
            found.setdefault(key, entry)
    for uid, combo in combos.items():
        extra = (
            {"uid": uid, **({"code": combo["code"]} if combo.get("code") else {})} if options.details else {}
        )
        found[uid] = {**extra, "name": combo["name"]}
    return found


def _details(item: Item) -> Object:
    found: Object = {
        "uid": item.id,
        "dimensionItemType": item.kind,
        "valueType": "TEXT",
        "totalAggregationType": "SUM",
    }
    if item.code:
        found["code"] = item.code
    if item.kind == "PERIOD":
        found |= {
            "startDate": f"{item.thing.start}T00:00:00.000",
            "endDate": f"{item.thing.end}T00:00:00.000",
        }
    elif item.kind.startswith("DATA_ELEMENT"):
        kind = item.thing.get("aggregationType", "SUM")
        total = kind if kind in ("AVERAGE", "NONE") else "SUM"
        found |= {
            "valueType": item.thing["valueType"],
            "aggregationType": kind,
            "totalAggregationType": total,
        }
    elif item.kind == "INDICATOR":
        found |= {
            "valueType": "NUMBER",
            "totalAggregationType": "AVERAGE",
            "indicatorType": item.thing["indicatorType"],
        }
    elif item.kind == "REPORTING_RATE":
        found |= {"valueType": "NUMBER", "totalAggregationType": "AVERAGE"}
    return found


def _active(question: Question, units: Dimension, rows: list[list[str]]) -> list[Item]:
    """The units that have a row; all when none has."""
    names = [d.name for d in question.dimensions]
    if "ou" not in names:
        return list(units.items)
    there = {row[names.index("ou")] for row in rows}
    return [item for item in units.items if item.id in there] or list(units.items)


def _hierarchy(question: Question, units: list[Item], roots: tuple[str, ...], store: Store) -> Object:
    found: Object = {}
    chains = {item.id: _chain(item.thing["path"], roots) for item in units}
    if question.options.hierarchy:
        found["ouHierarchy"] = {uid: "/".join(chain[:-1]) for uid, chain in chains.items()}
    if question.options.show_hierarchy:
        names = {uid: unit["name"] for uid, unit in store.all("organisationUnits").items()}
        found["ouNameHierarchy"] = {
            uid: "/" + "/".join(names[u] for u in chain) for uid, chain in chains.items()
        }
    return found


def _chain(path: str, roots: tuple[str, ...]) -> list[str]:
    """The ids from the asker's own unit down to this one."""
    ids = path.strip("/").split("/")
    begin = next((place for place, uid in enumerate(ids) if uid in roots), 0)
    return ids[begin:]


def as_csv(heads: list[Object], rows: list[list[str]]) -> str:
    """The answer as CSV: the columns' titles, then the rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([head["column"] for head in heads])
    writer.writerows(rows)
    return text.getvalue()


def as_values(question: Question, rows: list[list[str]], day: str) -> list[dict[str, Any]]:
    """The answer as data values, stored by nobody."""
    names = [d.name for d in question.dimensions]
    kinds = {item.id: item for d in question.dimensions if d.name == "dx" for item in d.items}
    found = []
    for row in rows:
        cell = dict(zip(names, row, strict=False))
        item, value = kinds.get(cell["dx"]), row[len(names)]
        entry = {
            "dataElement": cell["dx"].partition(".")[0] if "." in cell["dx"] else cell["dx"],
            "period": cell["pe"],
            "orgUnit": cell["ou"],
        }
        if item and item.kind == "REPORTING_RATE":
            entry["dataElement"] = item.id
        elif "." in cell["dx"]:
            entry["categoryOptionCombo"] = cell["dx"].split(".")[1]
        found.append(
            {
                **entry,
                "value": value,
                "created": day,
                "lastUpdated": day,
                "comment": "[aggregated]",
                "followup": False,
            }
        )
    return found
