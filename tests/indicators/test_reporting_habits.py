import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indicators.reporting_habits import completeness, regular, timely_of_expected, timely_of_received

FLAGS = arrays.arrays(np.bool_, (3, 14))


@given(received=FLAGS, expected=FLAGS, window=st.integers(1, 16))
def test_a_regular_reporter_sent_ten_of_twelve_of_what_was_expected_of_it(received, expected, window):
    found = regular(received, expected, window)
    for place, month in np.ndindex(received.shape):
        past = slice(max(0, month - window + 1), month + 1)
        asked = expected[place, past].sum()
        sent = (received & expected)[place, past].sum()
        assert found.denominator[place, month] == (asked > 0)
        assert found.numerator[place, month] == (asked > 0 and 12 * sent >= 10 * asked)


@pytest.mark.parametrize(("sent", "keeps"), [(5, True), (4, False)])
def test_five_of_six_reports_are_regular_and_four_of_five_are_not(sent, keeps):
    """Nearer to ten of twelve there is no other share of so few."""
    expected = np.ones((1, sent + 1), dtype=bool)
    received = np.arange(sent + 1)[None, :] < sent
    assert bool(regular(received, expected).numerator[0, -1]) is keeps


def test_the_window_is_of_twelve_months():
    received = np.arange(13)[None, :] >= 3
    assert regular(received, np.ones((1, 13), dtype=bool)).numerator[0].tolist() == [0] * 12 + [1]


@given(received=FLAGS, on_time=FLAGS, expected=FLAGS)
def test_timely_reports_are_the_same_of_all_expected_or_of_those_received(received, on_time, expected):
    on_time = on_time & received
    of_all = timely_of_expected(on_time, expected).pooled((0, 1))
    of_received = timely_of_received(on_time, received, expected).pooled((0, 1))
    whole = completeness(received, expected).pooled((0, 1))
    assert of_all.numerator == of_received.numerator
    assert of_all.denominator == whole.denominator == expected.sum()
    assert of_received.denominator == whole.numerator


@given(received=FLAGS, expected=FLAGS, order=st.permutations(range(3)))
def test_the_order_of_places_and_one_of_which_nothing_is_expected_change_no_rate(received, expected, order):
    more = np.vstack([received[order], np.ones((1, 14), dtype=bool)])
    due = np.vstack([expected[order], np.zeros((1, 14), dtype=bool)])
    for rate in (completeness, regular):
        found, other = rate(received, expected).pooled(), rate(more, due).pooled()
        assert np.array_equal(found.value, other.value, equal_nan=True)


def test_a_report_that_nobody_expected_is_in_no_rate():
    assert np.isnan(completeness([True], [False]).pooled().value)
    assert np.isnan(timely_of_received([True], [True], [False]).pooled().value)


def test_nothing_received_is_no_timeliness_of_received_and_none_of_expected():
    assert np.isnan(timely_of_received([False], [False], [True]).pooled().value)
    assert timely_of_expected([False], [True]).pooled().value == 0
