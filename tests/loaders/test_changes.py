from dataclasses import dataclass

import pandas as pd
import pytest

from loaders.changes import changes_to, still_rejected, summed, upsert
from loaders.frames import empty
from loaders.intake import Intake, Judge
from loaders.mapping import resolve
from tests.loaders.metadata_of_forms import (
    UNITS,
    a_care_form,
    a_country,
    a_stock_form,
    metadata,
    raw_value,
    raw_values,
)


@dataclass(frozen=True)
class HeldFrames:
    """Values held in memory, as `loaders.changes.Held`."""

    values: pd.DataFrame
    parts: pd.DataFrame

    def near(self, table: str, months: list[int], units: list[str]) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(self, table)
        return frame.loc[frame["month"].isin(months) & frame["org_unit"].isin(units)]


@pytest.fixture(scope="module")
def judge() -> Judge:
    known = metadata()
    return Judge(resolve(a_country(a_stock_form(), a_care_form()), known), UNITS, known.elements)


def seen(age, value, **more):
    return raw_value(dataelement="seen", categoryoptioncombo=age, value=value, **more)


def held_after(judge: Judge, *batches: list[dict]) -> HeldFrames:
    """What is held when these batches came one after the other."""
    held = HeldFrames(empty("values"), empty("parts"))
    for batch in batches:
        values, parts = changes_to(held, judge.judge(raw_values(*batch), changes=True))
        held = HeldFrames(
            upsert("values", held.values, values.changed, values.gone),
            upsert("parts", held.parts, parts.changed, parts.gone),
        )
    return held


def test_what_is_held_already_is_no_change(judge):
    held = held_after(judge, [raw_value()])
    values, parts = changes_to(held, judge.judge(raw_values(raw_value()), changes=True))
    assert not values
    assert not parts


def test_a_new_number_replaces_the_old_one_and_touches_nothing_else(judge):
    held = held_after(judge, [raw_value(), raw_value(period="201902")], [raw_value(value="9")])
    assert dict(zip(held.values["month"], held.values["value"], strict=True)) == {201901: 9, 201902: 3}


def test_a_deleted_value_disappears(judge):
    held = held_after(judge, [raw_value(), raw_value(period="201902")], [raw_value(deleted=True)])
    assert held.values["month"].tolist() == [201902]


def test_deleting_what_is_not_held_is_no_change(judge):
    values, _ = changes_to(
        held_after(judge, [raw_value()]),
        judge.judge(raw_values(raw_value(period="201912", deleted=True)), changes=True),
    )
    assert not values


def test_parts_add_up_and_follow_each_change_of_one_of_them(judge):
    held = held_after(judge, [seen("young", "2"), seen("old", "5")])
    assert held.values["value"].tolist() == [7]
    held = held_after(judge, [seen("young", "2"), seen("old", "5")], [seen("old", "6")])
    assert held.values["value"].tolist() == [8]
    held = held_after(judge, [seen("young", "2"), seen("old", "5")], [seen("old", "5", deleted=True)])
    assert held.values["value"].tolist() == [2]


def test_a_sum_without_any_part_left_disappears(judge):
    gone = [seen("young", "2", deleted=True), seen("old", "5", deleted=True)]
    held = held_after(judge, [seen("young", "2"), seen("old", "5"), raw_value()], gone)
    assert held.values["item"].tolist() == ["pill"]
    assert held.parts.empty


def test_a_sum_of_zeros_is_a_zero(judge):
    held = held_after(judge, [seen("young", "0"), seen("old", "0")])
    assert held.values["state"].tolist() == ["zero"]


def test_days_without_stock_are_not_added_up():
    parts = pd.DataFrame(
        {
            "org_unit": "u", "item": "i", "measure": ["stockout_days"] * 2 + ["consumed"] * 2,
            "month": 201901,
            "months": 1, "value": [10.0, 12.0, 10.0, 12.0], "source": "LMIS",
            "updated_at": pd.Timestamp("2019-02-01", tz="UTC"), "stored_by": "awa",
        }
    )  # fmt: skip
    assert dict(zip(summed(parts)["measure"], summed(parts)["value"], strict=True)) == {
        "stockout_days": 12,
        "consumed": 22,
    }


def rejected_after(judge: Judge, *batches: list[dict]) -> pd.DataFrame:
    rejected = empty("rejected")
    for batch in batches:
        intake: Intake = judge.judge(raw_values(*batch), changes=True)
        rejected = still_rejected(rejected, intake)
    return rejected


def test_what_was_kept_aside_stays_until_it_is_corrected(judge):
    bad = raw_value(value="many")
    assert len(rejected_after(judge, [bad], [raw_value(period="201902")])) == 1
    assert len(rejected_after(judge, [bad], [bad])) == 1
    assert rejected_after(judge, [bad], [raw_value(value="4")]).empty
    assert rejected_after(judge, [bad], [raw_value(value=None, deleted=True)]).empty
