import pandas as pd
import pytest

from countries.forms import ReportWindow
from loaders.batch import newest_only
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


@pytest.fixture(scope="module")
def judge() -> Judge:
    known = metadata()
    return Judge(resolve(a_country(a_stock_form(), a_care_form()), known), UNITS, known.elements)


def only_rejected(intake: Intake) -> pd.Series:
    assert intake.values.empty
    assert len(intake.rejected) == 1
    return intake.rejected.iloc[0]


def test_a_number_is_reported_and_a_zero_is_a_zero_of_its_own_state(judge):
    intake = judge.judge(raw_values(raw_value(), raw_value(period="201902", value="0")))
    assert intake.values["state"].tolist() == ["reported", "zero"]
    assert intake.values["month"].tolist() == [201901, 201902]
    assert intake.rejected.empty


def test_provenance_travels_with_every_row(judge):
    row = judge.judge(raw_values(raw_value())).values.iloc[0]
    assert row["source"] == "LMIS"
    assert row["updated_at"] == pd.Timestamp("2019-02-03T10:00:00Z")
    assert row["stored_by"] == "ama"


def test_the_option_combo_tells_the_measure(judge):
    intake = judge.judge(raw_values(raw_value(categoryoptioncombo="left"), raw_value()))
    assert intake.values["measure"].tolist() == ["closing", "consumed"]


def test_an_option_without_a_measure_is_neither_loaded_nor_rejected(judge):
    intake = judge.judge(raw_values(raw_value(categoryoptioncombo="spoilt")))
    assert intake.values.empty
    assert intake.rejected.empty


@pytest.mark.parametrize(
    ("changes", "reason", "remedy"),
    [
        ({"categoryoptioncombo": "young"}, "option combo young does not belong to the element P1", "option"),
        ({"attributeoptioncombo": "young"}, "attribute option combo young does not belong", "attribute"),
        ({"orgunit": "elsewhere"}, "the unit is not among those this account may see", "view the unit"),
        ({"orgunit": "shut"}, "the form Stock of the month is not assigned to the unit", "Assign the form"),
        ({"period": "2019Q1"}, "period 2019Q1 is not monthly", "the form's own period"),
        ({"period": "2019W07"}, "period 2019W07 is not monthly", "the form's own period"),
        ({"value": "many"}, "'many' is not a number", "Correct the value"),
        ({"value": "inf"}, "'inf' is not a number", "Correct the value"),
    ],
)
def test_what_the_server_accepted_but_the_form_has_not_is_kept_aside_with_reason_and_remedy(
    judge, changes, reason, remedy
):
    row = only_rejected(judge.judge(raw_values(raw_value(**changes))))
    assert reason in row["reason"]
    assert remedy in row["remedy"]
    assert row["source"] == "LMIS"
    assert row["org_unit"] == changes.get("orgunit", "north")
    assert row["item"].startswith("P1")
    assert row["month"] == 201901
    assert row["value"] == changes.get("value", "3")


def test_a_bad_row_does_not_stop_the_good_ones(judge):
    intake = judge.judge(raw_values(raw_value(value="many"), raw_value(period="201902")))
    assert intake.values["month"].tolist() == [201902]
    assert len(intake.rejected) == 1


def test_a_deleted_value_and_a_comment_alone_take_the_value_away(judge):
    rows = raw_value(deleted=True), raw_value(period="201902", value=None)
    intake = judge.judge(raw_values(*rows), changes=True)
    assert intake.values.empty
    assert intake.gone["month"].tolist() == [201901, 201902]


def test_a_value_that_became_a_text_is_taken_away_and_kept_aside(judge):
    intake = judge.judge(raw_values(raw_value(value="many")), changes=True)
    assert len(intake.gone) == 1
    assert len(intake.rejected) == 1
    assert len(intake.settled) == 1


def test_a_deleted_foreign_value_settles_what_was_kept_aside(judge):
    intake = judge.judge(raw_values(raw_value(orgunit="shut", deleted=True)), changes=True)
    assert intake.rejected.empty
    assert intake.settled.iloc[0]["org_unit"] == "shut"


def test_a_foreign_quarter_and_the_month_it_begins_with_are_told_apart(judge):
    rejected = judge.judge(raw_values(raw_value(period="2019Q1"))).rejected
    settled = judge.judge(raw_values(raw_value(period="201901")), changes=True).settled
    assert rejected.iloc[0]["item"] != settled.iloc[0]["item"]


def test_options_that_a_service_does_not_tell_apart_become_parts(judge):
    rows = (
        raw_value(dataelement="seen", categoryoptioncombo=age, value=v)
        for age, v in (("young", "2"), ("old", "5"))
    )
    intake = judge.judge(raw_values(*rows))
    assert intake.values.empty
    assert intake.parts["value"].tolist() == [2, 5]


def test_of_a_cell_that_comes_twice_the_last_updated_counts():
    older = raw_value(value="1")
    newer = raw_value(value="2", lastupdated="2019-02-04T10:00:00.000+0000")
    other = raw_value(period="201902")
    kept = newest_only(raw_values(newer, other, older))
    assert sorted(kept["value"]) == ["2", "3"]


@pytest.fixture(scope="module")
def staggered() -> Judge:
    """Pills are asked for monthly in the north and, in the south, quarterly: windows from February on."""
    known = metadata()
    group = ("dsB", "GROUP_B", "Stock of group B", "Monthly", "cc0", 1, 15.0)
    sets = pd.concat([known.data_sets, pd.DataFrame([group], columns=known.data_sets.columns)])
    asked = pd.DataFrame(
        [("dsS", "pill", None), ("dsB", "pill", None)],
        columns=["data_set", "data_element", "category_combo"],
    )
    units = pd.DataFrame([("dsS", "north"), ("dsB", "south")], columns=["data_set", "org_unit"])
    told = metadata(data_sets=sets.reset_index(drop=True), data_set_elements=asked, data_set_units=units)
    quarterly = a_stock_form(key="b", data_set="GROUP_B", window=ReportWindow(3, 2, "last"))
    return Judge(resolve(a_country(a_stock_form(), quarterly), told), UNITS, told.elements)


def test_a_value_is_read_by_the_form_that_its_unit_is_assigned(staggered):
    rows = raw_value(period="202404"), raw_value(period="202404", orgunit="south")
    read = staggered.judge(raw_values(*rows)).values
    assert read["month"].tolist() == [202404, 202402]
    assert read["months"].tolist() == [1, 3]
    assert read["org_unit"].tolist() == ["north", "south"]


def test_a_window_may_begin_in_the_year_before(staggered):
    read = staggered.judge(raw_values(raw_value(period="202401", orgunit="south"))).values
    assert (read["month"].tolist(), read["months"].tolist()) == ([202311], [3])


def test_a_month_that_ends_no_window_of_the_group_is_kept_aside(staggered):
    row = only_rejected(staggered.judge(raw_values(raw_value(period="202405", orgunit="south"))))
    assert "period 202405 is not quarterly, as the form Stock of group B" in row["reason"]


def test_a_unit_without_any_of_the_forms_is_named_with_the_first(staggered):
    row = only_rejected(staggered.judge(raw_values(raw_value(orgunit="shut"))))
    assert "the form Stock of the month is not assigned" in row["reason"]


def test_a_deleted_report_of_a_group_takes_its_window_away(staggered):
    gone = staggered.judge(
        raw_values(raw_value(period="202404", orgunit="south", deleted=True)), changes=True
    )
    assert gone.gone[["month", "months"]].to_numpy().tolist() == [[202402, 3]]
