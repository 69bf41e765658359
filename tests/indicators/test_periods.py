import pytest

from indicators.periods import Calendar, label, last_months, month_number, month_of, window_reported_in


def test_a_quarter_follows_from_the_date_alone():
    assert [label(month, "quarter")[-1] for month in (201903, 201906, 201910)] == ["1", "2", "4"]


def test_a_report_of_group_b_handed_in_in_february_covers_november_to_january():
    assert window_reported_in(201902) == (201811, 201901)
    assert window_reported_in(201901) == (201810, 201812)
    assert window_reported_in(201903) == (201812, 201902)


@pytest.mark.parametrize("month", [190001, 201812, 201901, 299912])
def test_a_month_survives_its_number(month):
    assert month_of(month_number(month)) == month


def test_the_last_twelve_months_end_with_the_month_itself():
    assert last_months(201909, 12) == (201810, 201909)


def test_a_span_shows_the_whole_periods_that_its_months_touch_as_far_as_the_data_go():
    calendar = Calendar(201811, 201908)
    span = calendar.span(201902, 201907, "quarter")
    assert span.labels == ("2019-Q1", "2019-Q2", "2019-Q3")
    assert span.starts == (201901, 201904, 201907)
    assert calendar.partial(span).tolist() == [False, False, True]
    assert calendar.partial(calendar.whole("quarter")).tolist() == [True, False, False, True]


@pytest.mark.parametrize("grain", ["month", "quarter", "half", "year"])
def test_a_span_outside_the_data_is_empty(grain):
    calendar = Calendar(201901, 201909)
    assert len(calendar.span(201501, 201512, grain)) == 0
    assert len(calendar.span(202501, 202512, grain)) == 0
    assert len(calendar.span(201909, 201901, "month")) == 0


def test_an_unknown_grain_is_refused_by_name():
    with pytest.raises(ValueError, match=r"'week'.*month, quarter"):
        Calendar(201901, 201909).span(201901, 201909, "week")
