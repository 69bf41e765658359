"""A DHIS2 of three units and one form, small enough to be written to by every test."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.servers import demo_server

ROOT, SITE, OTHER = "OuRootAAAA1", "OuSiteAAAA1", "OuSiteBBBB1"
FORM, QUARTERLY, PILLS, BEDNETS, NOTES = (
    "DsFormAAAA1",
    "DsFormQQQQ1",
    "DeItemAAAA1",
    "DeItemBBBB1",
    "DeItemCCCC1",
)
COMBO, USED, LEFT = "CcMeasure01", "CoUsedAAAA1", "CoLeftAAAA1"
OPEN = {"public": "rwrw----", "external": False, "users": {}, "userGroups": {}}


def unit(uid: str, name: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    above = {"parent": {"id": parent}} if parent else {}
    return {
        "id": uid,
        "code": name.upper().replace(" ", "_"),
        "name": name,
        "shortName": name,
        "openingDate": "2010-01-01T00:00:00.000",
        **above,
        **more,
    }


def element(uid: str, code: str, value_type: str = "INTEGER_ZERO_OR_POSITIVE", **more: Any) -> dict[str, Any]:
    return {
        "id": uid,
        "code": code,
        "name": code.title(),
        "shortName": code,
        "valueType": value_type,
        "sharing": OPEN,
        "domainType": "AGGREGATE",
        "aggregationType": "SUM",
        "zeroIsSignificant": False,
        "categoryCombo": {"id": COMBO},
        **more,
    }


METADATA = {
    "organisationUnits": [
        unit(ROOT, "Land"),
        unit(SITE, "Site A", ROOT, geometry={"type": "Point", "coordinates": [1, 2]}),
        unit(OTHER, "Site B", ROOT),
    ],
    "organisationUnitLevels": [{"id": "LevelAAAAA1", "name": "Country", "level": 1}],
    "categoryOptions": [
        {"id": "OptUsedAAA1", "name": "Used", "shortName": "Used", "sharing": OPEN},
        {"id": "OptLeftAAA1", "name": "Left", "shortName": "Left", "sharing": OPEN},
    ],
    "categories": [
        {
            "id": "CatMeasure1",
            "name": "Measure",
            "shortName": "Measure",
            "dataDimensionType": "DISAGGREGATION",
            "sharing": OPEN,
            "categoryOptions": [{"id": "OptUsedAAA1"}, {"id": "OptLeftAAA1"}],
        }
    ],
    "categoryCombos": [
        {
            "id": COMBO,
            "name": "Measures",
            "dataDimensionType": "DISAGGREGATION",
            "sharing": OPEN,
            "categories": [{"id": "CatMeasure1"}],
        }
    ],
    "categoryOptionCombos": [
        {
            "id": USED,
            "name": "Used",
            "categoryCombo": {"id": COMBO},
            "categoryOptions": [{"id": "OptUsedAAA1"}],
        },
        {
            "id": LEFT,
            "name": "Left",
            "categoryCombo": {"id": COMBO},
            "categoryOptions": [{"id": "OptLeftAAA1"}],
        },
    ],
    "dataElements": [
        element(PILLS, "PILLS", zeroIsSignificant=True),
        element(BEDNETS, "BEDNETS"),
        element(NOTES, "NOTES", "TEXT"),
    ],
    "dataSets": [
        {
            "id": FORM,
            "code": "FORM",
            "name": "Form",
            "shortName": "Form",
            "periodType": "Monthly",
            "sharing": OPEN,
            "openFuturePeriods": 0,
            "expiryDays": 0,
            "timelyDays": 15,
            "organisationUnits": [{"id": SITE}],
            "dataSetElements": [{"dataElement": {"id": uid}} for uid in (PILLS, BEDNETS, NOTES)],
        }
    ],
}
PEOPLE = [
    {
        "username": "admin",
        "password": "district",
        "authorities": ["ALL"],
        "organisationUnits": ["LAND"],
        "dataViewOrganisationUnits": ["LAND"],
        "firstName": "Ada",
        "surname": "Min",
    },
    {
        "username": "clerk",
        "password": "Clerk-1234",
        "authorities": ["F_DATAVALUE_ADD"],
        "organisationUnits": ["SITE_A"],
        "dataViewOrganisationUnits": ["SITE_A"],
        "firstName": "Clé",
        "surname": "Erk",
    },
]
VALUES = [
    ("PILLS", "201901", "SITE_A", "Used", "7", "2019-02-05"),
    ("PILLS", "201901", "SITE_A", "Left", "0", "2019-02-05"),
    ("PILLS", "201902", "SITE_A", "Used", "9", ""),
    ("PILLS", "201902", "SITE_B", "Used", "4", ""),
]


def write_seed(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metadata.json").write_text(json.dumps(METADATA))
    (folder / "users.json").write_text(json.dumps(PEOPLE))
    with (folder / "values.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("dataelement", "period", "orgunit", "categoryoptioncombo", "value", "stored"))
        writer.writerows(VALUES)
    return folder


class Asking:
    """One person's requests to a server."""

    def __init__(self, address: str, user: str = "admin", password: str = "district") -> None:
        self.address, self.session = address, requests.Session()
        self.session.auth = (user, password)

    def __call__(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.session.request(method, self.address + path, allow_redirects=False, timeout=30, **more)

    def get(self, path: str, **params: Any) -> Any:
        return self("GET", path, params=params).json()

    def send(
        self, *rows: dict[str, Any], params: dict[str, Any] | None = None, **outer: Any
    ) -> requests.Response:
        body = {"dataSet": FORM, "dataValues": list(rows), **outer}
        return self("POST", "/api/dataValueSets", json=body, params=params)


def row(value: str | None = "5", **more: Any) -> dict[str, Any]:
    return {
        "dataElement": BEDNETS,
        "period": "201903",
        "orgUnit": SITE,
        "categoryOptionCombo": USED,
        "value": value,
        **more,
    }


@pytest.fixture(scope="module")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], str]]:
    """Starts a server for each version asked for, once a module."""
    servers: dict[int, Any] = {}
    folder = tmp_path_factory.mktemp("small")

    def start(minor: int) -> str:
        if minor not in servers:
            context = demo_server(
                folder / str(minor), "--seed", str(write_seed(folder / "land")), "--dialect", str(minor)
            )
            servers[minor] = (context, context.__enter__())
        return servers[minor][1]

    yield start
    for context, _ in servers.values():
        context.__exit__(None, None, None)


@pytest.fixture
def admin(speaking: Callable[[int], str]) -> Asking:
    return Asking(speaking(42))


@pytest.fixture
def clerk(speaking: Callable[[int], str]) -> Asking:
    return Asking(speaking(42), "clerk", "Clerk-1234")
