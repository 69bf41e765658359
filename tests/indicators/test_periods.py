import numpy as np
import pytest

from indicators.periods import (
    GRAINS,
    LENGTHS,
    Calendar,
    label,
    last_months,
    month_number,
    month_of,
    window_reported_in,
)


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


@pytest.mark.parametrize("grain", GRAINS)
def test_a_span_outside_the_data_is_empty(grain):
    calendar = Calendar(201901, 201909)
    assert len(calendar.span(201501, 201512, grain)) == 0
    assert len(calendar.span(202501, 202512, grain)) == 0
    assert len(calendar.span(201909, 201901, "month")) == 0


def test_an_unknown_grain_is_refused_by_name():
    with pytest.raises(ValueError, match=r"'week'.*month, quarter"):
        Calendar(201901, 201909).span(201901, 201909, "week")


def test_windows_are_laid_back_from_the_last_month():
    span = Calendar(201801, 201909).span(201809, 201908, "last3")
    assert span.labels == ("2018-09/2018-11", "2018-12/2019-02", "2019-03/2019-05", "2019-06/2019-08")
    assert span.starts == (201809, 201812, 201903, 201906)
    assert Calendar(201801, 201909).span(201810, 201909, "last12").labels == ("2018-10/2019-09",)


def test_windows_end_with_the_newest_month_where_a_later_one_is_asked():
    assert Calendar(201801, 201908).span(201901, 202012, "last6").labels[-1] == "2019-03/2019-08"


@pytest.mark.parametrize("last", [201906, 201907, 201908, 201909])
@pytest.mark.parametrize("grain", ["last3", "last6", "last12"])
def test_every_month_lies_in_the_window_that_names_it(grain, last):
    calendar = Calendar(201711, 201909)
    whole = calendar.around(calendar.span(201801, last, grain))
    numbers = [month_number(month) for month in calendar.months.tolist()]
    period = whole.period_of(np.arange(calendar.size))
    for number, index in zip(numbers, period, strict=True):
        first = month_number(whole.starts[index])
        assert first <= number < first + LENGTHS[grain]
    assert month_number(last) + 1 in [month_number(start) + LENGTHS[grain] for start in whole.starts]


def test_windows_of_three_months_that_end_with_september_are_the_quarters():
    calendar = Calendar(201801, 201909)
    assert calendar.span(201801, 201909, "last3").starts == calendar.span(201801, 201909, "quarter").starts


def test_the_first_window_is_not_whole_where_the_data_begin_within_it():
    calendar = Calendar(201802, 201909)
    span = calendar.span(201802, 201908, "last6")
    assert calendar.partial(span).tolist() == [True, False, False, False]
