"""Whom to call: the telephones that DHIS2 keeps, without what nobody could dial."""

import pandas as pd
import pytest
import requests

from loaders.contacts import contact, contacts_of
from loaders.frames import canonical


@pytest.mark.parametrize("text", ["", None, "-", "n/a", "12", "call the chief"])
def test_what_cannot_be_dialled_is_no_telephone(text):
    assert contact({"phoneNumber": text}, "telephone") is None


def test_a_number_stays_as_people_write_it_but_for_spaces_around():
    assert contact({"phoneNumber": "  (+999) 07-12 \n 44 "}, "telephone") == "(+999) 07-12 44"


def test_who_has_no_telephone_is_nobody_to_call():
    units = pd.DataFrame(
        {"id": ["a", "b", "c"], "telephone": ["112", None, "113"], "contact": ["Ada", "Bo", None]}
    )
    assert contacts_of(units).astype(object).where(lambda f: f.notna(), None).to_dict("records") == [
        {"org_unit": "a", "telephone": "112", "contact": "Ada"},
        {"org_unit": "c", "telephone": "113", "contact": None},
    ]


def test_a_country_without_telephones_has_an_empty_table():
    units = pd.DataFrame({"id": ["a"], "telephone": [None], "contact": [None]}).astype("str")
    assert canonical("contacts", contacts_of(units.where(units.notna(), None))).empty


def test_a_sync_keeps_the_telephone_of_every_facility(whotopia_data, whotopia_demo):
    kept = whotopia_data.current().read("contacts").set_index("org_unit")
    told = whotopia_demo_units(whotopia_demo)
    wanted = {each["id"]: each["phoneNumber"] for each in told if each.get("phoneNumber")}
    assert kept["telephone"].to_dict() == wanted
    assert len(wanted) > 20


def whotopia_demo_units(address: str) -> list[dict[str, str]]:
    asked = {"fields": "id,phoneNumber", "paging": "false"}
    answer = requests.get(
        f"{address}/api/organisationUnits", params=asked, auth=("admin", "district"), timeout=30
    )
    return list(answer.json()["organisationUnits"])
