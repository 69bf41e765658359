"""What Whotopia has as it was recorded on a live instance: the life-saving form and the event programs.

Read from the recorded metadata of `civ`, so that both countries have these objects under the same ids.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from demo.combos import stable_id

Object = dict[str, Any]

SOURCE = Path(__file__).resolve().parent.parent / "countries" / "civ" / "metadata.json"
FORM, COMBO = "DS_1153709", "Commodities"
FURTHER = {"Asked": "INTEGER", "Department": "TEXT", "Lot": "TEXT", "Expiry": "DATE", "Reason": "TEXT"} | {
    "Document": "TEXT"
}
"""What Whotopia's stock transactions tell besides: name -> value type."""
TRANSACTION = "Stock transaction"


@cache
def _metadata() -> dict[str, list[Object]]:
    found: dict[str, list[Object]] = json.loads(SOURCE.read_text(encoding="utf-8"))
    return found


def _of(kind: str, **wanted: Any) -> list[Object]:
    return [o for o in _metadata()[kind] if all(o.get(name) == value for name, value in wanted.items())]


def life_saving() -> dict[str, list[Object]]:
    """The life-saving form with its elements, categories and options, by type of object."""
    (form,), (combo,) = _of("dataSets", code=FORM), _of("categoryCombos", name=COMBO)
    elements = {each["dataElement"]["id"] for each in form["dataSetElements"]}
    categories = {each["id"] for each in combo["categories"]}
    kept = [c for c in _metadata()["categories"] if c["id"] in categories]
    options = {option["id"] for category in kept for option in category["categoryOptions"]}
    return {
        "dataElements": [e for e in _metadata()["dataElements"] if e["id"] in elements],
        "categoryOptions": [o for o in _metadata()["categoryOptions"] if o["id"] in options],
        "categories": kept,
        "categoryCombos": [combo],
        "categoryOptionCombos": _of("categoryOptionCombos", categoryCombo={"id": combo["id"]}),
        "dataSets": [form],
    }


def programs(stores: list[Object], units: list[Object]) -> dict[str, list[Object]]:
    """The event programs, their stages and elements, by type of object.

    Args:
        stores: references to the units that record their stock transactions.
        units: references to all that order and are delivered to; DHIS2 takes events of a program's units
            alone.
    """
    further = [_further(name, kind) for name, kind in FURTHER.items()]
    return {
        "dataElements": [*_of("dataElements", domainType="TRACKER"), *further],
        "programs": [
            {**program, "organisationUnits": stores if program["name"] == TRANSACTION else units}
            for program in _metadata()["programs"]
        ],
        "programStages": [
            _longer(stage, further) if stage["name"] == TRANSACTION else stage
            for stage in _metadata()["programStages"]
        ],
    }


def superuser() -> tuple[Object, Object]:
    """The role and the account of the administrator, without units."""
    (role,), (user,) = _of("userRoles", name="Superuser"), _of("users", username="admin")
    return role, user


def authorities(username: str) -> list[str]:
    """What the recorded account of that name may do."""
    (role,) = _of("userRoles", name=f"Role of {username}")
    return list(role["authorities"])


def _further(name: str, value_type: str) -> Object:
    (like,) = _of("dataElements", name=f"{TRANSACTION} - Quantity")
    full = f"{TRANSACTION} - {name}"
    own = {"name": full, "shortName": f"st {name}", "valueType": value_type}
    return {**like, **own, "id": stable_id("whotopia", "element", full)}


def _longer(stage: Object, further: list[Object]) -> Object:
    fields = stage["programStageDataElements"]
    more = [
        {
            **fields[-1],
            "id": stable_id("whotopia", "field", element["id"]),
            "dataElement": {"id": element["id"]},
            "sortOrder": len(fields) + number,
        }
        for number, element in enumerate(further)
    ]
    return {**stage, "programStageDataElements": [*fields, *more]}
