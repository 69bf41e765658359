import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indicators.stockout_adjustment import CommTrack, commtrack, days_in_stock, elmis, openlmis

AMOUNTS = arrays.arrays(np.float64, (3, 6), elements=st.integers(0, 500).map(float))
DAYS_OUT = arrays.arrays(np.float64, (3, 6), elements=st.integers(0, 30).map(float))


def by_hand(consumed, out, months=1):
    """The rule as its source has it, one number at a time, in whole numbers."""
    length = 30 * months
    return -(-consumed * length // (length - out)) if out < length else None


@given(consumed=AMOUNTS, out=DAYS_OUT)
def test_each_figure_is_what_the_rule_gives_by_hand(consumed, out):
    found = openlmis(consumed, out).value
    for place in np.ndindex(found.shape):
        expected = by_hand(int(consumed[place]), int(out[place]))
        assert np.isnan(found[place]) if expected is None else found[place] == expected


def test_no_consumption_stays_none_however_long_the_stock_was_out():
    assert openlmis([0, 0], [29, 0]).value.tolist() == [0, 0]


def test_nobody_said_how_many_days_and_days_below_zero_count_as_none():
    assert openlmis([9, 9], [np.nan, -4]).value.tolist() == [9, 9]


def test_what_was_not_reported_has_neither_figure_nor_note():
    found = openlmis([np.nan, np.nan], [30, 31])
    assert np.isnan(found.value).all() and found.notes.tolist() == ["", ""]


def test_a_place_that_was_always_out_keeps_its_consumption_only_where_asked_for():
    assert np.isnan(openlmis(5, 30).value)
    assert openlmis(5, 30, kept=True).value == elmis(5, 30) == 5
    assert elmis(5, 31) == 5


def test_a_half_goes_up_with_elmis_and_everything_goes_up_with_openlmis():
    assert openlmis([7, 10], [5, 6], rounding="half up").value.tolist() == [8, 13]
    assert openlmis([7, 10], [5, 6], rounding="none").value.tolist() == [pytest.approx(8.4), 12.5]
    assert openlmis([7, 10], [5, 6]).value.tolist() == [9, 13]


@given(consumed=AMOUNTS, out=DAYS_OUT, factor=st.integers(2, 30))
def test_in_another_unit_the_same_was_consumed(consumed, out, factor):
    packs, tablets = (openlmis(a, out, rounding="none").value for a in (consumed, consumed * factor))
    assert np.allclose(tablets, packs * factor, equal_nan=True)
    days = np.full(6, 31.0)
    assert np.allclose(
        days_in_stock(consumed * factor, out, days),
        days_in_stock(consumed, out, days) * factor,
        equal_nan=True,
    )
    assert np.allclose(
        commtrack(consumed * factor, out > 0, days),
        commtrack(consumed, out > 0, days) * factor,
        equal_nan=True,
    )


@given(consumed=AMOUNTS, out=DAYS_OUT, order=st.permutations(range(3)))
def test_the_order_of_the_places_and_one_more_of_them_change_nothing(consumed, out, order):
    def silent(values):
        return np.vstack([values[order], np.full((1, 6), np.nan)])

    for rule in (days_in_stock, lambda c, x, d: commtrack(c, x > 0, d), lambda c, x, d: openlmis(c, x).value):
        found = rule(silent(consumed), silent(out), 30.0)
        assert np.array_equal(found[:3], rule(consumed, out, 30.0)[order], equal_nan=True)
        assert np.isnan(found[3]).all()


def test_by_days_in_stock_a_month_always_out_leaves_the_word_to_the_others():
    found = days_in_stock([[30, 3, 60]], [[0, 31, 15]], [31, 31, 30])
    assert found[0, 1] == pytest.approx(30 * 30 / 31)
    assert found[0, 2] == pytest.approx(30 * 90 / (31 + 15))
    assert np.isnan(days_in_stock([[0, 0]], [[31, 40]], 31)).all()


def test_by_days_in_stock_a_silent_month_adds_neither_days_nor_consumption():
    with_zero, without = days_in_stock([[30, 0]], [[0, 0]], 30), days_in_stock([[30, np.nan]], [[0, 0]], 30)
    assert with_zero[0, 1] == 15 and without[0, 1] == 30


def test_the_window_of_days_in_stock_moves_with_the_months():
    assert days_in_stock([[30, 30, 30, 90]], 0, 30).tolist() == [[30, 30, 30, 50]]
    assert days_in_stock([[30, 30, 30, 90]], 0, 30, window=1).tolist() == [[30, 30, 30, 90]]


def test_commtrack_takes_in_part_an_interval_that_crosses_the_edge_of_its_window():
    found = commtrack([[62, 30, 31]], False, [31, 30, 31])
    assert found[0, 2] == pytest.approx(30 * (31 + 30 * 29 / 30) / 60)


def test_commtrack_needs_two_intervals_and_ten_days_with_stock():
    assert np.isnan(commtrack([[5, 5]], [[False, True]], 30)).all()
    assert np.isnan(commtrack([[5, 5]], False, 4)).all()
    assert commtrack([[5, 5]], False, 5)[0, 1] == 30
    alone = CommTrack(window=60, least_days=0, least_intervals=1)
    assert commtrack([[5, 5]], [[False, True]], 30, alone).tolist() == [[5, 5]]


def test_an_interval_of_part_of_a_day_counts_whole():
    alone = CommTrack(least_days=0, least_intervals=1)
    assert commtrack([[2, 10]], False, [0.5, 1], alone).tolist() == [[120, 240]]


def test_an_interval_without_length_or_report_gives_commtrack_nothing():
    assert np.isnan(commtrack([[np.nan, np.nan, 4]], False, [30, 30, 0])).all()


@given(consumed=AMOUNTS, out=DAYS_OUT)
def test_sites_by_products_by_months_are_taken_as_each_row_alone(consumed, out):
    for rule in (days_in_stock, lambda c, x, d: commtrack(c, x > 0, d)):
        expected = rule(consumed, out, 30.0)
        assert np.array_equal(rule(consumed[:, None], out[:, None], 30.0)[:, 0], expected, equal_nan=True)
        assert np.array_equal(rule(consumed[2], out[2], 30.0), expected[2], equal_nan=True)
