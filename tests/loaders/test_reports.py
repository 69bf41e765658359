import pandas as pd

from loaders.homes import Homes
from loaders.reports import newest_months, received, told
from loaders.windows import Naming

HOMES = Homes(
    pd.DataFrame({"form": ["stock", "care", "group-b"], "item": ["pill", "seen", "pill"]}),
    pd.DataFrame({"form": ["stock", "care", "group-b"], "org_unit": ["u", "u", "b"]}),
)
NAMINGS = {
    "stock": Naming(3, 3),
    "care": Naming(1, 1),
    "group-b": Naming(1, 3, begins=2, by_last=True),
}
FORMS = pd.DataFrame(
    {
        "form": ["stock", "care", "group-b"],
        "data_set": ["dsS", "dsC", "dsB"],
        "timely_days": [15.0, 5.0, 10.0],
    }
)


def values(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["org_unit", "item", "month", "months"])
    return frame.astype({"org_unit": "category", "item": "category"})


def registrations(*rows: tuple[str, str, str, str, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["data_set", "period", "org_unit", "date", "completed"])
    text = {"data_set": "str", "period": "str", "org_unit": "str", "completed": bool}
    days = pd.to_datetime(frame["date"]).astype("datetime64[s]")
    return frame.astype(text).assign(date=days, stored_by="awa")


def test_one_value_is_a_report_without_date_or_timeliness():
    reports = received(
        told(values(("u", "pill", 201901, 3), ("u", "pill", 201901, 3)), HOMES),
        FORMS,
        NAMINGS,
        registrations(),
    )
    assert len(reports) == 1
    row = reports.iloc[0]
    assert (row["form"], row["month"], row["months"], row["registered"]) == ("stock", 201901, 3, False)
    assert pd.isna(row["received_at"])
    assert pd.isna(row["on_time"])


def test_a_registration_alone_is_a_report_and_its_day_tells_whether_it_was_in_time():
    days = [("201901", "2019-02-05"), ("201902", "2019-03-06")]
    rows = registrations(*(("dsC", period, "u", day, True) for period, day in days))
    reports = received(told(values(), HOMES), FORMS, NAMINGS, rows).set_index("month")
    assert reports["on_time"].to_dict() == {201901: True, 201902: False}
    assert reports["registered"].all()
    assert reports["completed_by"].tolist() == ["awa", "awa"]


def test_a_quarter_is_due_after_its_last_month():
    rows = registrations(
        ("dsS", "2019Q1", "u", "2019-04-15", True), ("dsS", "2019Q2", "u", "2019-07-16", True)
    )
    reports = received(told(values(), HOMES), FORMS, NAMINGS, rows).set_index("month")
    assert reports["on_time"].to_dict() == {201901: True, 201904: False}
    assert reports["months"].tolist() == [3, 3]


def test_value_and_registration_of_one_report_are_one_row():
    rows = registrations(("dsC", "201901", "u", "2019-02-01", True))
    reports = received(told(values(("u", "seen", 201901, 1)), HOMES), FORMS, NAMINGS, rows)
    assert len(reports) == 1
    assert reports.iloc[0]["registered"]


def test_a_registration_that_was_withdrawn_or_is_of_another_window_does_not_count():
    rows = registrations(
        ("dsC", "201901", "u", "2019-02-01", False), ("dsC", "2019Q1", "u", "2019-02-01", True)
    )
    assert received(told(values(), HOMES), FORMS, NAMINGS, rows).empty


def test_of_several_registrations_the_first_counts():
    rows = registrations(
        ("dsC", "201901", "u", "2019-02-20", True), ("dsC", "201901", "u", "2019-02-02", True)
    )
    reports = received(told(values(), HOMES), FORMS, NAMINGS, rows)
    assert reports["on_time"].tolist() == [True]


def test_the_newest_month_of_a_form_is_the_last_of_its_newest_window():
    rows = ("u", "pill", 201810, 3), ("v", "pill", 201907, 3), ("u", "seen", 201908, 1)
    assert newest_months(told(values(*rows), HOMES)) == {"stock": 201909, "care": 201908}


def test_a_report_of_a_staggered_group_is_that_of_the_window_which_ends_in_its_month():
    rows = registrations(
        ("dsB", "201904", "b", "2019-05-10", True), ("dsB", "201905", "b", "2019-06-01", True)
    )
    reports = received(told(values(("b", "pill", 201902, 3)), HOMES), FORMS, NAMINGS, rows)
    assert reports[["form", "month", "months"]].to_numpy().tolist() == [["group-b", 201902, 3]]
    assert reports["on_time"].tolist() == [True]
    assert reports["registered"].tolist() == [True]


def test_a_value_is_of_the_form_that_its_unit_is_assigned():
    rows = ("u", "pill", 201901, 3), ("b", "pill", 201902, 3), ("elsewhere", "pill", 201901, 3)
    forms = told(values(*rows), HOMES).set_index("org_unit")["form"]
    assert forms.to_dict() == {"u": "stock", "b": "group-b", "elsewhere": "stock"}
