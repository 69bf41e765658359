import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indicators.reported_average import TWO_OF_THREE, Window, average, current_period

REPORTS = arrays.arrays(
    np.float64, (2, 15), elements=st.one_of(st.just(np.nan), st.integers(0, 400).map(float))
)


def by_hand(months, window):
    """The mean as of each month, by walking back through a list."""
    found = []
    for at, here in enumerate(months):
        taken = [v for v in months[max(0, at - window.reach + 1) : at + 1] if not np.isnan(v)][
            -window.reports :
        ]
        silent = np.isnan(here) or len(taken) < window.least
        found.append(np.nan if silent else sum(taken) / len(taken) / window.months)
    return found


@given(reports=REPORTS, reach=st.integers(1, 15), count=st.integers(1, 6), least=st.integers(1, 3))
def test_the_average_is_of_the_last_reports_within_reach(reports, reach, count, least):
    window = Window(count, reach, least)
    found = average(reports, window, rounding="none")
    for row, months in zip(found, reports, strict=True):
        assert np.allclose(row, by_hand(months, window), equal_nan=True)


def test_a_silent_month_is_passed_over_and_a_zero_is_not():
    assert average([[6, 12, np.nan, 9]])[0, 3] == 9
    assert average([[6, 12, 0, 9]])[0, 3] == 7


def test_a_report_of_a_year_ago_is_too_old():
    months = np.full((1, 13), np.nan)
    months[0, [0, 12]] = 90, 10
    assert average(months)[0, 12] == 10
    assert average(months[:, 1:])[0, 11] == 10
    months[0, 1] = 30
    assert average(months)[0, 12] == 20


def test_two_of_three_months_are_needed_where_that_is_the_rule():
    found = average([[4, np.nan, 8, np.nan, np.nan, 6]], TWO_OF_THREE)
    assert found[0, 2] == 6 and np.isnan(found[0, [0, 1, 3, 4, 5]]).all()


def test_the_average_of_quarters_is_of_a_month():
    assert average([[300, 270, 330]], Window(months=3))[0, 2] == 100


def test_halves_go_up_or_all_goes_up_or_nothing_is_rounded():
    assert average([[2, 3]])[0, 1] == 3 and average([[12, 13, 14, 15.4]])[0, 3] == 14
    assert average([[12, 13, 14, 15.4]], rounding="up")[0, 3] == 15
    assert average([[2, 3]], rounding="none")[0, 1] == 2.5


@given(reports=REPORTS, factor=st.integers(2, 20))
def test_in_another_unit_the_average_is_the_same_amount(reports, factor):
    small, large = (average(r, rounding="none") for r in (reports, reports * factor))
    assert np.allclose(large, small * factor, equal_nan=True)


def test_half_a_period_is_what_the_option_of_the_current_period_shows():
    assert current_period([9, 10, 0]).tolist() == [5, 5, 0]


@given(reports=REPORTS)
def test_sites_by_products_by_months_are_averaged_as_each_row_alone(reports):
    expected = average(reports, rounding="none")
    assert np.array_equal(average(reports[None], rounding="none")[0], expected, equal_nan=True)
    assert np.array_equal(average(reports[1], rounding="none"), expected[1], equal_nan=True)
