import pandas as pd

from loaders.reports import newest_months, received, told

ITEMS = pd.DataFrame({"id": ["pill", "seen"], "form": ["stock", "care"]})
FORMS = pd.DataFrame(
    {"form": ["stock", "care"], "data_set": ["dsS", "dsC"], "months": [3, 1], "timely_days": [15.0, 5.0]}
)


def values(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["org_unit", "item", "month", "months"])
    return frame.astype({"org_unit": "category", "item": "category"})


def registrations(*rows: tuple[str, str, str, str, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["data_set", "period", "org_unit", "date", "completed"])
    text = {"data_set": "str", "period": "str", "org_unit": "str", "completed": bool}
    return frame.astype(text).assign(date=pd.to_datetime(frame["date"]).astype("datetime64[s]"))


def test_one_value_is_a_report_without_date_or_timeliness():
    reports = received(
        told(values(("u", "pill", 201901, 3), ("u", "pill", 201901, 3)), ITEMS), FORMS, registrations()
    )
    assert len(reports) == 1
    row = reports.iloc[0]
    assert (row["form"], row["month"], row["months"], row["registered"]) == ("stock", 201901, 3, False)
    assert pd.isna(row["received_at"])
    assert pd.isna(row["on_time"])


def test_a_registration_alone_is_a_report_and_its_day_tells_whether_it_was_in_time():
    days = [("201901", "2019-02-05"), ("201902", "2019-03-06")]
    rows = registrations(*(("dsC", period, "u", day, True) for period, day in days))
    reports = received(told(values(), ITEMS), FORMS, rows).set_index("month")
    assert reports["on_time"].to_dict() == {201901: True, 201902: False}
    assert reports["registered"].all()


def test_a_quarter_is_due_after_its_last_month():
    rows = registrations(
        ("dsS", "2019Q1", "u", "2019-04-15", True), ("dsS", "2019Q2", "u", "2019-07-16", True)
    )
    reports = received(told(values(), ITEMS), FORMS, rows).set_index("month")
    assert reports["on_time"].to_dict() == {201901: True, 201904: False}
    assert reports["months"].tolist() == [3, 3]


def test_value_and_registration_of_one_report_are_one_row():
    rows = registrations(("dsC", "201901", "u", "2019-02-01", True))
    reports = received(told(values(("u", "seen", 201901, 1)), ITEMS), FORMS, rows)
    assert len(reports) == 1
    assert reports.iloc[0]["registered"]


def test_a_registration_that_was_withdrawn_or_is_of_another_window_does_not_count():
    rows = registrations(
        ("dsC", "201901", "u", "2019-02-01", False), ("dsC", "2019Q1", "u", "2019-02-01", True)
    )
    assert received(told(values(), ITEMS), FORMS, rows).empty


def test_of_several_registrations_the_first_counts():
    rows = registrations(
        ("dsC", "201901", "u", "2019-02-20", True), ("dsC", "201901", "u", "2019-02-02", True)
    )
    reports = received(told(values(), ITEMS), FORMS, rows)
    assert reports["on_time"].tolist() == [True]


def test_the_newest_month_of_a_form_is_the_last_of_its_newest_window():
    rows = ("u", "pill", 201810, 3), ("v", "pill", 201907, 3), ("u", "seen", 201908, 1)
    assert newest_months(told(values(*rows), ITEMS)) == {"stock": 201909, "care": 201908}
