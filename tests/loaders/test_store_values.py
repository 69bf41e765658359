"""What the stores' form says of every store, kept for those who have no book of movements."""

from datetime import date

import pandas as pd
import pytest
import requests

from loaders.store_values import first_day, kept

CELLS = pd.DataFrame(
    {
        "item": ["oxy", "oxy", "oxy"],
        "measure": ["consumed", "closing", "ordered"],
        "option": ["c", "e", "q"],
    }
)


def raw(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    columns = ["dataelement", "period", "orgunit", "categoryoptioncombo", "value"]
    return pd.DataFrame(rows, columns=columns).assign(lastupdated="2026-11-02T08:00:00.000+0000")


def test_each_option_is_the_measure_that_the_configuration_says_and_no_other_is_kept():
    told = kept(
        raw(
            ("oxy", "202610", "u", "e", "12"), ("oxy", "202610", "u", "c", "7"),
            ("oxy", "202610", "u", "q", "9"), ("oxy", "202610", "u", "other", "5"),
            ("gone", "202610", "u", "e", "3"),
        ),
        CELLS,
    )  # fmt: skip
    assert dict(zip(told["measure"], told["value"], strict=True)) == {"closing": 12.0, "consumed": 7.0}


def test_what_is_no_number_is_left_out():
    assert kept(raw(("oxy", "202610", "u", "e", "many")), CELLS).empty


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 22), 3, date(2026, 8, 1)),
        (date(2026, 1, 31), 1, date(2025, 12, 1)),
        (date(2026, 5, 1), 0, date(2026, 5, 1)),
    ],
)
def test_months_are_counted_back_over_the_turn_of_the_year(today, months, first):
    assert first_day(today, months) == first


def test_a_sync_keeps_what_dhis2_itself_says(whotopia_data, whotopia_demo):
    table = whotopia_data.current().read("store_values").astype({"org_unit": "str", "item": "str"})
    closing = table.loc[table["measure"].astype(str) == "closing"]
    newest = int(closing["month"].max())
    row = closing.loc[closing["month"] == newest].iloc[0]
    forms = whotopia_data.current().read("store_forms")
    asked = {"dataSet": forms["data_set"].iloc[0], "orgUnit": row["org_unit"], "period": newest}
    told = requests.get(
        f"{whotopia_demo}/api/dataValueSets", params=asked, auth=("admin", "district"), timeout=30
    ).json()["dataValues"]
    cells = whotopia_data.current().read("store_cells").astype("str")
    option = cells.loc[(cells["item"] == row["item"]) & (cells["measure"] == "closing"), "option"].iloc[0]
    held = [
        each["value"]
        for each in told
        if (each["dataElement"], each["categoryOptionCombo"]) == (row["item"], option)
    ]
    assert [float(each) for each in held] == [row["value"]]
