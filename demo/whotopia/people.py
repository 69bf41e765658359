"""Those who have an account in Whotopia, and the invented names of those who work there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from demo.combos import stable_id
from demo.sources import users as users_file
from demo.whotopia import recorded
from demo.whotopia.chance import Chance
from demo.whotopia.places import Places
from demo.whotopia.units import COUNTRY, unit_id

Object = dict[str, Any]

FIRST = (
    "Aminata Awa Fatou Mariam Adjoua Akissi Ama Rose Esther Grace Bintou Nadège Clarisse Koffi Kouamé Yao "
    "Moussa Ibrahim Seydou Kwame Emmanuel Joseph Daniel Blaise Sékou Jean-Marc Théodore Félix"
)
LAST = (
    "Traoré Koné Ouattara Coulibaly Bamba Kouassi Konan Diabaté Touré Mensah Owusu Boateng Sesay Kamara "
    "Bangura Conteh Zongo Sawadogo Ouédraogo Diallo Bah Barry Kpodo Agbeko Gnonsoa Tapé"
)


@dataclass(frozen=True)
class Account:
    """Somebody with an account: `unit` is the code of where the person works and enters."""

    username: str
    role: str
    unit: str


def accounts(places: Places) -> tuple[Account, ...]:
    """All accounts but the administrator's, in order.

    `store` keeps the store of the first of the twenty hospitals, `district` looks after its district; the
    other stores and the districts' data clerks have accounts of their own that nobody logs in with.
    """
    stores = [places.facilities[n] for n in places.stores()]
    known = (
        Account("store", "store", stores[0].code),
        Account("district", "district", stores[0].district),
        Account("ministry", "viewer", COUNTRY),
    )
    keepers = (Account(store_account(places, f.code), "store", f.code) for f in stores[1:])
    clerks = (Account(clerk_account(d.code), "district", d.code) for d in places.districts)
    return (*known, *keepers, *clerks)


def store_account(places: Places, facility: str) -> str:
    """Who keeps the store of a hospital: `store` in the first one, elsewhere e.g. `store-f056`."""
    first = places.facilities[places.stores()[0]].code
    return "store" if facility == first else f"store-{facility.lower()}"


def clerk_account(district: str) -> str:
    """The data clerk of a district, e.g. `clerk-d07`."""
    return f"clerk-{district.lower()}"


@cache
def person(chance: Chance, *subject: str) -> tuple[str, str]:
    """First and last name of whoever this is, e.g. ("in charge", "F012"); always the same."""
    luck = chance.at("person", *subject)
    return _one(FIRST, luck), _one(LAST, luck)


def _one(names: str, luck: np.random.Generator) -> str:
    known = names.split()
    return known[luck.integers(len(known))]


def users(chance: Chance, places: Places) -> dict[str, list[Object]]:
    """Accounts and roles as metadata exports them."""
    role, admin = recorded.superuser()
    everywhere = [{"id": unit_id(COUNTRY)}]
    admin = {**admin, "organisationUnits": everywhere, "dataViewOrganisationUnits": everywhere}
    return {
        "userRoles": [role, *(_role(name) for name in ("store", "district", "viewer"))],
        "users": [admin, *(_user(chance, account) for account in accounts(places))],
    }


def passwords() -> list[Object]:
    """Those with whom one logs in, and their passwords; the other accounts have none."""
    found: list[Object] = json.loads(users_file("whotopia").read_text(encoding="utf-8"))
    return found


def _role(name: str) -> Object:
    return {
        "id": stable_id("whotopia", "role", name),
        "name": f"Role of {name}",
        "authorities": recorded.authorities(name),
        "restrictions": [],
        "sharing": {"external": False, "users": {}, "userGroups": {}, "public": "rw------"},
    }


def _user(chance: Chance, account: Account) -> Object:
    first, last = person(chance, account.role, account.unit)
    units = [{"id": unit_id(account.unit)}]
    return {
        "id": stable_id("whotopia", "user", account.username),
        "username": account.username,
        "firstName": first,
        "surname": last,
        "name": f"{first} {last}",
        "disabled": False,
        "externalAuth": False,
        "userRoles": [{"id": stable_id("whotopia", "role", account.role)}],
        "organisationUnits": units,
        "dataViewOrganisationUnits": units,
        "teiSearchOrganisationUnits": [],
    }
