import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.stock_balance import Cause, Report, adds_up, breaks, cause, discrepancy, gap

AMOUNT = st.integers(0, 900)


@given(opening=AMOUNT, received=AMOUNT, adjusted=st.integers(-50, 50), consumed=AMOUNT, off=AMOUNT)
def test_the_gap_is_what_the_closing_stock_is_off_by(opening, received, adjusted, consumed, off):
    closing = opening + received + adjusted - consumed - off
    report = Report(opening, received, adjusted, consumed, closing)
    assert gap(report) == off
    scaled = Report(*(each * 30 for each in (opening, received, adjusted, consumed, closing)))
    assert gap(scaled) == off * 30
    assert adds_up(report, tolerance=off)[0]
    assert bool(adds_up(report)[0]) == (off == 0)


def test_without_one_of_the_five_there_is_no_gap_and_no_cause():
    report = Report(5, np.nan, 0, 2, 3)
    assert np.isnan(gap(report)) and cause(report).tolist() == ""
    assert [flag.tolist() for flag in adds_up(report)] == [False, False]


def test_a_gap_tells_what_may_have_caused_it():
    report = Report([10, 10, 10, 10, 10], [4, 4, 0, 0, 0], 0, [2, 2, 2, 2, 2], [8, 16, 0, 28, 11])
    said = cause(report, per_pack=10).tolist()
    assert said == [Cause.RECEIPT, Cause.RECEIPT, Cause.CLOSING, Cause.PACKS, Cause.OTHER]
    assert cause(report).tolist()[3] == Cause.OTHER


def test_a_pack_of_two_is_a_pack_and_a_closing_stock_of_one_is_not_left_at_nothing():
    assert cause(Report(9, 0, 0, 2, 3), per_pack=2) == Cause.PACKS
    assert cause(Report(9, 0, 0, 2, 1)) == Cause.OTHER
    assert cause(Report(1, 0, 0, 2, 0)) == Cause.OTHER
    assert cause(Report(9, 0, 0, 8, 0)) == Cause.CLOSING


def test_what_adds_up_has_no_cause():
    assert cause(Report(10, 0, 0, 10, 0), per_pack=10) == Cause.NONE


def test_a_break_is_told_from_the_month_before_and_from_no_other():
    assert np.isnan(breaks([[5, 8]], [[np.nan, 6]])).all()
    found = breaks([[5, 8, 6], [1, 2, 3]], [[8, 7, 6], [2, 5, 3]])
    assert found[:, 1:].tolist() == [[0, -1], [0, -2]]


def test_a_discrepancy_is_the_same_whichever_side_is_more():
    assert discrepancy([100, 100], [90, 110]).value.tolist() == [0.1, 0.1]
    assert np.isnan(discrepancy(0, 5).value)
