import numpy as np
import pandas as pd
import pytest

from loaders.checked import check, is_sound
from loaders.frames import TABLES, empty, from_arrow, to_arrow


def a_value(**changes) -> pd.DataFrame:
    row = {"org_unit": "u", "item": "i", "measure": "count", "month": 201901, "months": 1, "value": 2.0}
    row |= {"state": "reported", "source": "HMIS", "updated_at": pd.Timestamp("2019-02-01", tz="UTC")}
    row["stored_by"] = "awa"
    return pd.DataFrame([row | changes])


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_frame_keeps_its_own_rules_and_survives_storing(table):
    frame = empty(table)
    assert check(table, frame, "test").rejected.empty
    stored = from_arrow(table, to_arrow(table, frame))
    assert stored.dtypes.astype(str).tolist() == frame.dtypes.astype(str).tolist()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"month": 201913}, "month 201913 is no month"),
        ({"months": 2}, "months 2 is no window"),
        ({"value": np.inf}, "value inf is not a number"),
        ({"measure": "guessed"}, "measure guessed is no measure"),
        ({"state": "maybe"}, "state maybe is no state"),
        ({"org_unit": None}, "org_unit is empty"),
    ],
)
def test_a_row_that_breaks_a_rule_is_kept_aside_by_source_unit_item_and_month(changes, reason):
    good = a_value(month=201902)
    checked = check("values", pd.concat([a_value(**changes), good], ignore_index=True), "HMIS")
    assert checked.frame["month"].tolist() == [201902]
    row = checked.rejected.iloc[0]
    assert reason in row["reason"]
    assert (row["source"], row["item"], row["code"]) == ("HMIS", "i", "rule_broken")
    assert row["remedy"]


@pytest.mark.parametrize(
    ("column", "values", "sound"),
    [
        ("month", [201901, 201913], False),
        ("month", [201901, 201912], True),
        ("measure", ["count", "guessed"], False),
        ("measure", ["count", None], False),
        ("org_unit", ["u", None], False),
        ("updated_at", [pd.Timestamp("2019-02-01", tz="UTC"), pd.NaT], False),
    ],
)
def test_one_bad_row_makes_its_column_unsound(column, values, sound):
    rule = TABLES["values"][column]
    assert is_sound(pd.Series(values, dtype=rule.dtype), rule) is sound


def test_a_category_that_no_row_has_breaks_no_rule():
    column = pd.Series(["count"], dtype=pd.CategoricalDtype(["count", "guessed"]))
    assert is_sound(column, TABLES["values"]["measure"])


def test_a_unit_of_an_impossible_place_is_kept_aside():
    unit = {"id": "u", "code": None, "name": "U", "level": 1, "parent": None, "path": "/u", "latitude": 95.0}
    unit |= {"longitude": 1.0, "opened": None, "closed": None, "first": 0, "last": 1}
    checked = check("org_units", pd.DataFrame([unit]), "DHIS2")
    assert checked.rejected.iloc[0]["org_unit"] == "u"
    assert "no latitude" in checked.rejected.iloc[0]["reason"]


def test_a_column_that_is_absent_is_an_error_of_the_source_not_of_a_row():
    with pytest.raises(KeyError, match="value"):
        check("values", a_value().drop(columns="value"), "HMIS")
