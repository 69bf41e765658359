"""The tiny country's DHIS2: metadata, accounts and values, written as a seed folder of the embedded server.

Every figure is a plain function of the facility, the month and the item, so that a test can say what a total
must be without reading the files. `HOLES` lists what was not reported, `ZEROS` what was reported as nothing.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.tiny.names import uid

DISTRICTS = {"Nord": ("Kafiné", "Poste Bélier", "Hôpital du Nord"), "Sud": ("Kafiné", "Centre d'Anono")}
MONTHS = [y * 100 + m for y in (2024, 2025) for m in range(1, 13)]
QUARTERS = [f"{y}Q{q}" for y in (2024, 2025) for q in (1, 2, 3, 4)]
SERVICES = ("SVC_TESTED", "SVC_CONFIRMED")
PRODUCTS = ("RDT", "ACT6", "ACT24", "AMOX")
COMBOS = ("Stock final", "Consommation", "Reçu", "Jours de rupture")
HOLES = {("NORD_POSTE", "2024Q3"), ("SUD_KAFINE", "2025Q4")}
ZEROS = {("SUD_ANONO", "RDT", "2024Q2")}
NOT_CARRIED = {("NORD_POSTE", "AMOX"), ("SUD_ANONO", "AMOX"), ("SUD_ANONO", "ACT24")}
FACILITIES = {
    "NORD_KAFINE": ("Kafiné", "Nord"),
    "NORD_POSTE": ("Poste Bélier", "Nord"),
    "NORD_HOPITAL": ("Hôpital du Nord", "Nord"),
    "SUD_KAFINE": ("Kafiné", "Sud"),
    "SUD_ANONO": ("Centre d'Anono", "Sud"),
}
AUTHORITIES = {
    "store": ["F_DATAVALUE_ADD"],
    "district": ["F_DATAVALUE_ADD", "F_RUN_VALIDATION"],
    "viewer": ["M_dhis-web-dashboard"],
    "admin": ["ALL"],
}
PASSWORDS = {"admin": "district", "store": "Store-1234", "district": "District-1234", "viewer": "Viewer-1234"}
HOMES = {"store": "NORD_KAFINE", "district": "Nord", "viewer": "tiny", "admin": "tiny"}


def tested(facility: str, month: int) -> int:
    """Cases tested in a facility and a month (YYYYMM)."""
    return 20 + 7 * list(FACILITIES).index(facility) + month % 100


def consumed(facility: str, product: str, quarter: str) -> int:
    """Units consumed in a facility in a quarter ("2024Q1"); 0 where `ZEROS` says so."""
    if (facility, product, quarter) in ZEROS:
        return 0
    place, good = list(FACILITIES).index(facility), PRODUCTS.index(product)
    return 60 + 21 * place + 5 * good + int(quarter[-1])


def expects(facility: str, product: str, quarter: str) -> bool:
    """Whether a report of this product came from this facility in this quarter."""
    return (facility, product) not in NOT_CARRIED and (facility, quarter) not in HOLES


def write_seed(folder: Path) -> Path:
    """Write metadata.json, users.json and values.csv.gz into `folder`, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metadata.json").write_text(json.dumps(metadata(), ensure_ascii=False), encoding="utf-8")
    people = [{"username": who, "password": password} for who, password in PASSWORDS.items()]
    (folder / "users.json").write_text(json.dumps(people), encoding="utf-8")
    with gzip.open(folder / "values.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["dataelement", "period", "orgunit", "categoryoptioncombo", "value", "stored"])
        writer.writerows(values())
    return folder


def values() -> Iterator[tuple[str, str, str, str, int, str]]:
    """The rows of values.csv.gz, ids by code and option combos by name."""
    for facility in FACILITIES:
        for month in MONTHS:
            stored = f"{month // 100}-{month % 100:02}-28"
            yield "SVC_TESTED", str(month), facility, "default", tested(facility, month), stored
            yield "SVC_CONFIRMED", str(month), facility, "default", tested(facility, month) // 2, stored
        for quarter in QUARTERS:
            for product in PRODUCTS:
                if expects(facility, product, quarter):
                    yield from _stock(facility, product, quarter)


def _stock(facility: str, product: str, quarter: str) -> Iterator[tuple[str, str, str, str, int, str]]:
    used = consumed(facility, product, quarter)
    stored = f"{quarter[:4]}-{3 * int(quarter[-1]):02}-28"
    for combo, number in (("Stock final", used // 2), ("Consommation", used), ("Reçu", used + 3)):
        yield product, quarter, facility, combo, number, stored
    yield product, quarter, facility, "Jours de rupture", 9 if used == 0 else 0, stored


def metadata() -> dict[str, list[dict[str, Any]]]:
    """What /api/metadata of the tiny country's DHIS2 holds."""
    return {
        "organisationUnitLevels": [
            {"id": uid("level", str(n)), "level": n, "name": name}
            for n, name in ((1, "Island"), (2, "Sector"), (3, "Centre"))
        ],
        "organisationUnits": _units(),
        "organisationUnitGroups": [],
        **_categories(),
        "dataElements": _elements(),
        "dataSets": _forms(),
        "userRoles": [
            {"id": uid("role", who), "name": f"Role of {who}", "authorities": rights}
            for who, rights in AUTHORITIES.items()
        ],
        "users": _users(),
        "programs": [],
        "programStages": [],
    }


def _units() -> list[dict[str, Any]]:
    opened = {"openingDate": "2015-01-01T00:00:00.000"}
    root = uid("tiny")
    units = [{"id": root, "code": "TINY", "name": "Petite-Terre", "level": 1, "path": f"/{root}", **opened}]
    for district in DISTRICTS:
        own = uid("district", district)
        units.append(
            {"id": own, "code": f"D_{district.upper()}", "name": district, "level": 2, "parent": {"id": root}}
            | {"path": f"/{root}/{own}", **opened}
        )
    for code, (name, district) in FACILITIES.items():
        own, parent = uid("facility", code), uid("district", district)
        units.append(
            {"id": own, "code": code, "name": name, "level": 3, "parent": {"id": parent}}
            | {"path": f"/{root}/{parent}/{own}", **opened}
        )
    return [{**unit, "shortName": unit["name"]} for unit in units]


def _categories() -> dict[str, list[dict[str, Any]]]:
    default = {
        "id": "bjDvmb4bfuf",
        "code": "default",
        "name": "default",
        "categories": [{"id": "GLevLNI9wkl"}],
    }
    options = [{"id": uid("option", c), "name": c, "shortName": c, "code": c.upper()} for c in COMBOS]
    stock = {"id": uid("combo"), "name": "Stock", "categories": [{"id": uid("category")}]}
    return {
        "categoryOptions": [{"id": "xYerKDKCefk", "code": "default", "name": "default"}, *options],
        "categories": [
            {"id": "GLevLNI9wkl", "name": "default", "categoryOptions": [{"id": "xYerKDKCefk"}]},
            {"id": uid("category"), "name": "Stock", "categoryOptions": [{"id": o["id"]} for o in options]},
        ],
        "categoryCombos": [default, stock],
        "categoryOptionCombos": [
            {
                "id": "HllvX50cXC0",
                "code": "default",
                "name": "default",
                "categoryCombo": {"id": "bjDvmb4bfuf"},
            }
            | {"categoryOptions": [{"id": "xYerKDKCefk"}]},
            *(
                {"id": uid("coc", c), "name": c, "categoryCombo": {"id": uid("combo")}}
                | {"categoryOptions": [{"id": uid("option", c)}]}
                for c in COMBOS
            ),
        ],
    }


def _elements() -> list[dict[str, Any]]:
    common = {"domainType": "AGGREGATE", "aggregationType": "SUM", "zeroIsSignificant": True}
    combos = {**dict.fromkeys(SERVICES, "bjDvmb4bfuf"), **dict.fromkeys(PRODUCTS, uid("combo"))}
    return [
        {"id": uid("element", code), "code": code, "name": f"Tiny {code}", "shortName": code}
        | {"valueType": "INTEGER_ZERO_OR_POSITIVE", "categoryCombo": {"id": combo}, **common}
        for code, combo in combos.items()
    ]


def _forms() -> list[dict[str, Any]]:
    everywhere = [{"id": uid("facility", code)} for code in FACILITIES]
    forms = []
    for code, name, period, elements in (
        ("STOCK_Q", "Stock trimestriel", "Quarterly", PRODUCTS),
        ("CARE_M", "Soins mensuels", "Monthly", SERVICES),
    ):
        own = uid("form", code)
        members = [{"dataSet": {"id": own}, "dataElement": {"id": uid("element", e)}} for e in elements]
        forms.append(
            {"id": own, "code": code, "name": name, "shortName": name, "periodType": period}
            | {
                "dataSetElements": members,
                "organisationUnits": everywhere,
                "categoryCombo": {"id": "bjDvmb4bfuf"},
            }
            | {"openFuturePeriods": 1, "expiryDays": 0.0, "timelyDays": 15.0, "dataInputPeriods": []}
            | {"sharing": {"public": "rwrw----", "external": False, "users": {}, "userGroups": {}}}
        )
    return forms


def _users() -> list[dict[str, Any]]:
    homes = {
        who: uid("tiny")
        if home == "tiny"
        else uid("district", home)
        if home in DISTRICTS
        else uid("facility", home)
        for who, home in HOMES.items()
    }
    return [
        {"id": uid("user", who), "username": who, "name": f"Tiny {who}", "firstName": "Tiny", "surname": who}
        | {"organisationUnits": [{"id": home}], "dataViewOrganisationUnits": [{"id": home}]}
        | {"teiSearchOrganisationUnits": [], "userRoles": [{"id": uid("role", who)}], "disabled": False}
        for who, home in homes.items()
    ]
