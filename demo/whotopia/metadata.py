"""Whotopia's forms, elements, categories, programs, units and people, as `/api/metadata` exports them.

Ids come from codes and names, so that they are the same in every start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from demo.combos import DEFAULT_COMBO, stable_id
from demo.whotopia import people, recorded, units
from demo.whotopia.catalogue import Catalogue
from demo.whotopia.siting import GROUPS
from demo.whotopia.units import PUBLIC, SYNTHETIC
from demo.whotopia.world import World

Object = dict[str, Any]
Metadata = dict[str, list[Object]]

LOGISTICS = (
    *("Opening balance", "Received", "Consumption", "Adjustment", "Losses", "End Balance"),
    *("Stockout days", "Quantity to be ordered"),
)
"""The options of the logistics form, in the order of its columns."""
OPTIONS = {"Sex": ("Female", "Male"), "Logistics": LOGISTICS}
POPULATION = {
    "POP_TOTAL": "Population",
    "POP_UNDER1": "Population under 1 year",
    "POP_UNDER5": "Population under 5 years",
    "POP_WOMEN_15_49": "Women of 15 to 49 years",
}
SHORT = 50
SHARED_DATA = {**PUBLIC, "public": "rwrw----"}
TIMELY_DAYS = {"HMIS_MONTHLY": 10.0, "POPULATION": 90.0}
LOGISTICS_DAYS = 15.0
"""Days after the period by which a report is in time."""


def metadata(world: World) -> Metadata:
    """Everything but the values, by type of object."""
    stores = units.references([world.places.facilities[n] for n in world.places.stores()])
    found: Metadata = {
        "organisationUnits": units.units(
            world, lambda code: " ".join(people.person(world.chance, "in charge", code))
        ),
        "organisationUnitLevels": units.levels(),
        "organisationUnitGroups": units.groups(world),
        "dataElements": _elements(world.catalogue),
        "dataSets": _data_sets(world),
    }
    for further in (
        _categories(),
        _life_saving(stores),
        recorded.programs(stores, units.references(units.known(world))),
        people.users(world.chance, world.places),
    ):
        for kind, objects in further.items():
            found.setdefault(kind, []).extend(objects)
    return found


def settings() -> Object:
    """System settings that say what this is."""
    return {
        "systemId": "b7a51c9e-0d5a-4c26-9f0e-77686f746f70",
        "applicationTitle": "Whotopia - synthetic, invented figures",
        "keyApplicationIntro": SYNTHETIC,
        "demo.synthetic": True,
    }


def element_id(code: str) -> str:
    """The id of the element of the services, logistics or population form with this code."""
    return stable_id("whotopia", "element", code)


def _elements(catalogue: Catalogue) -> list[Object]:
    sex, logistics = _combo_id("Sex"), _combo_id("Logistics")
    services = [_element(s.code, s.name, sex if s.by == "sex" else DEFAULT_COMBO) for s in catalogue.services]
    levels = {s.code for s in catalogue.services if s.kind == "level"}
    for element in services:
        if element["code"] in levels:
            element["aggregationType"] = "LAST"
    commodities = [
        {
            **_element(c.code, c.name, logistics, "INTEGER"),
            "description": f"Counted in: {c.unit}. {SYNTHETIC}",
        }
        for c in catalogue.commodities
    ]
    return [*services, *commodities, *(_element(code, name) for code, name in POPULATION.items())]


def _element(
    code: str, name: str, combo: str = DEFAULT_COMBO, kind: str = "INTEGER_ZERO_OR_POSITIVE"
) -> Object:
    return {
        "id": element_id(code),
        "code": code,
        "name": name,
        "shortName": name[:SHORT],
        "formName": name,
        "description": SYNTHETIC,
        "aggregationType": "SUM",
        "valueType": kind,
        "domainType": "AGGREGATE",
        "zeroIsSignificant": True,
        "categoryCombo": {"id": combo},
        "sharing": PUBLIC,
        "aggregationLevels": [],
        "legendSets": [],
    }


def _data_sets(world: World) -> list[Object]:
    everybody = units.known(world)
    services = [s.code for s in world.catalogue.services]
    commodities = [c.code for c in world.catalogue.commodities]
    monthly = units.references([f for f in everybody if not f.group])
    quarterly = {name: units.references([f for f in everybody if f.group == name]) for name in GROUPS}
    all_units = units.references(everybody)
    return [
        _data_set("HMIS_MONTHLY", "Health services, monthly", services, all_units),
        _data_set("LMIS_MONTHLY", "Logistics report, monthly", commodities, monthly),
        *(
            _data_set(f"LMIS_QUARTERLY_{name}", f"Logistics report, quarterly, group {name}", commodities, of)
            for name, of in quarterly.items()
        ),
        {**_data_set("POPULATION", "Population estimates", POPULATION, all_units), "periodType": "Yearly"},
    ]


def _data_set(code: str, name: str, elements: Iterable[str], assigned: Sequence[Object]) -> Object:
    uid = stable_id("whotopia", "data set", code)
    return {
        "id": uid,
        "code": code,
        "name": name,
        "shortName": name,
        "description": SYNTHETIC,
        "periodType": "Monthly",
        "dataSetElements": [{"dataSet": {"id": uid}, "dataElement": {"id": element_id(e)}} for e in elements],
        "organisationUnits": list(assigned),
        "categoryCombo": {"id": DEFAULT_COMBO},
        "timelyDays": TIMELY_DAYS.get(code, LOGISTICS_DAYS),
        "expiryDays": 0.0,
        "openFuturePeriods": 0,
        "openPeriodsAfterCoEndDate": 0,
        "sharing": SHARED_DATA,
        **{
            name: []
            for name in ("dataInputPeriods", "indicators", "compulsoryDataElementOperands", "legendSets")
        },
        **dict.fromkeys(("fieldCombinationRequired", "validCompleteOnly", "noValueRequiresComment"), False),
        **dict.fromkeys(("skipOffline", "mobile", "compulsoryFieldsCompleteOnly"), False),
        "version": 1,
    }


def _life_saving(stores: Sequence[Object]) -> Metadata:
    found = recorded.life_saving()
    changed = {"organisationUnits": list(stores), "openFuturePeriods": 1, "description": SYNTHETIC}
    return {**found, "dataSets": [{**form, **changed} for form in found["dataSets"]]}


def _categories() -> Metadata:
    """The breakdown by sex and the columns of the logistics form; options of the recorded form are shared."""
    shared = {option["name"]: option["id"] for option in recorded.life_saving()["categoryOptions"]}
    found: Metadata = {
        kind: [] for kind in ("categoryOptions", "categories", "categoryCombos", "categoryOptionCombos")
    }
    for name, options in OPTIONS.items():
        ids = {o: shared.get(o) or stable_id("whotopia", "option", o) for o in options}
        found["categoryOptions"] += [_option(o, uid) for o, uid in ids.items() if o not in shared]
        category, combo = {"id": stable_id("whotopia", "category", name)}, {"id": _combo_id(name)}
        kind = {"name": name, "code": name.upper(), "dataDimensionType": "DISAGGREGATION", "sharing": PUBLIC}
        listed = [{"id": uid} for uid in ids.values()]
        found["categories"].append(
            {**category, **kind, "shortName": name, "dataDimension": True, "categoryOptions": listed}
        )
        found["categoryCombos"].append({**combo, **kind, "skipTotal": False, "categories": [category]})
        found["categoryOptionCombos"] += [_option_combo(name, o, uid) for o, uid in ids.items()]
    return found


def _option(name: str, uid: str) -> Object:
    code = name.upper().replace(" ", "_")
    return {
        "id": uid,
        "name": name,
        "shortName": name,
        "code": code,
        "organisationUnits": [],
        "sharing": SHARED_DATA,
    }


def _option_combo(combo: str, option: str, uid: str) -> Object:
    return {
        "id": stable_id("whotopia", "option combo", combo, option),
        "name": option,
        "categoryCombo": {"id": _combo_id(combo)},
        "categoryOptions": [{"id": uid}],
        "ignoreApproval": False,
    }


def _combo_id(name: str) -> str:
    return stable_id("whotopia", "combo", name)
