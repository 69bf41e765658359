import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.supply_performance import Orders, fill_rate, lead_time, lead_times, on_time_in_full

LINES = st.lists(st.tuples(st.integers(1, 500), st.integers(0, 900)), min_size=1, max_size=10)
AS_OF = np.datetime64("2026-03-01")


def dates(*days):
    return np.array(days, dtype="datetime64[D]")


def an_order(ordered=10, received=10, promised="2026-02-14", delivered="2026-02-14"):
    quantities = (np.array([float(each)]) for each in (ordered, received))
    return Orders(*quantities, dates(promised), dates(delivered))


@given(lines=LINES, factor=st.integers(2, 30))
def test_the_fill_rate_knows_neither_units_nor_order_and_stays_below_one(lines, factor):
    ordered, received = (np.array(side, dtype=float) for side in zip(*lines, strict=True))
    rate = fill_rate(ordered, received).pooled()
    assert rate.value == pytest.approx(np.minimum(ordered, received).sum() / ordered.sum())
    assert 0 <= rate.value <= 1
    assert fill_rate(ordered[::-1] * factor, received[::-1] * factor).pooled().value == pytest.approx(
        rate.value
    )


def test_too_much_of_one_does_not_make_good_too_little_of_another_unless_asked_for():
    assert fill_rate([100, 100], [50, 150]).pooled().value == 0.75
    assert fill_rate([100, 100], [50, 150], capped=False).pooled().value == 1


def test_a_line_not_yet_received_is_not_in_the_fill_rate_and_one_that_failed_is():
    assert fill_rate([100, 100], [50, np.nan]).pooled().value == 0.5
    assert fill_rate([100, 100], [50, 0]).pooled().value == 0.25


def test_a_line_that_asked_for_nothing_is_no_line():
    assert np.isnan(fill_rate([0], [30]).pooled().value)
    assert fill_rate([0, 100], [30, 50], capped=False).pooled().value == 0.5


@pytest.mark.parametrize(
    ("order", "met"),
    [
        (an_order(), 1),
        (an_order(delivered="2026-02-13"), 1),
        (an_order(delivered="2026-02-15"), 0),
        (an_order(received=9), 0),
        (an_order(received=11), 1),
        (an_order(delivered="NaT", received=np.nan), 0),
    ],
)
def test_an_order_is_kept_when_it_comes_whole_and_by_its_day(order, met):
    rate = on_time_in_full(order, AS_OF).pooled()
    assert (rate.numerator, rate.denominator) == (met, 1)


def test_a_line_that_asked_for_nothing_is_neither_on_time_nor_expected():
    rate = on_time_in_full(an_order(ordered=0), AS_OF).pooled()
    assert (rate.numerator, rate.denominator, rate.expected) == (0, 0, 0)


def test_an_order_whose_day_has_not_come_counts_only_once_it_is_there():
    waiting = an_order(promised="2026-04-14", delivered="NaT", received=np.nan)
    assert on_time_in_full(waiting, AS_OF).pooled().denominator == 0
    early = an_order(promised="2026-04-14", delivered="2026-02-20")
    assert on_time_in_full(early, AS_OF).pooled().value == 1


def test_a_share_of_the_quantity_may_be_called_full():
    assert on_time_in_full(an_order(received=9), AS_OF, share=0.9).pooled().value == 1


def test_lead_times_are_days_of_the_calendar_over_months_and_years():
    asked, came = dates("2024-02-28", "2025-12-31", "2026-01-01"), dates("2024-03-01", "2026-01-01", "NaT")
    assert lead_times(asked, came)[:2].tolist() == [2, 1]
    assert np.isnan(lead_times(asked, came)[2])


def test_orders_that_wait_or_came_before_they_were_asked_for_are_counted_apart():
    asked = dates("2026-01-01", "2026-01-01", "2026-01-01", "2026-01-01", "NaT")
    found = lead_time(asked, dates("2026-01-05", "2026-01-09", "NaT", "2025-01-01", "2026-01-09"))
    assert (found.median, found.received, found.waiting, found.impossible) == (6, 2, 1, 1)


def test_what_comes_on_the_day_it_is_asked_for_took_no_day():
    found = lead_time(dates("2026-01-01"), dates("2026-01-01"))
    assert (found.median, found.received, found.impossible) == (0, 1, 0)


def test_without_any_receipt_there_is_no_lead_time():
    found = lead_time(dates("2026-01-01"), dates("NaT"))
    assert np.isnan(found.median) and np.isnan(found.ninth) and found.waiting == 1
