import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.expiry import at_risk, months_until, usable

LOTS = st.lists(st.tuples(st.integers(0, 200), st.integers(-1, 12)), min_size=1, max_size=5)


def walked(lots, average):
    """What of each lot is left at its date, by giving out a little at a time for a year and more."""
    left, steps = [float(q) if months > 0 else 0.0 for q, months in lots], 400
    order = sorted(range(len(lots)), key=lambda i: (lots[i][1], i))
    for step in range(12 * steps):
        wanted = average / steps
        for i in order:
            if lots[i][1] * steps > step:
                taken = min(left[i], wanted)
                left[i] -= taken
                wanted -= taken
    return left


@pytest.mark.parametrize("average", [0, 7, 40])
@pytest.mark.parametrize(
    "lots", [[(50, 1), (100, 3)], [(10, 6), (90, 2), (5, -1), (30, 2)], [(0, 4), (500, 12)]]
)
def test_what_is_at_risk_is_what_a_walk_through_time_leaves(lots, average):
    quantity, months = zip(*lots, strict=True)
    assert at_risk(quantity, months, average).at_risk == pytest.approx(walked(lots, average), abs=0.2)


@given(lots=LOTS, average=st.integers(0, 60), factor=st.sampled_from([2, 10, 100]))
def test_every_unit_is_used_at_risk_or_expired_in_any_unit(lots, average, factor):
    quantity, months = (np.array(side, dtype=float) for side in zip(*lots, strict=True))
    found = at_risk(quantity, months, average)
    assert np.allclose(found.used + found.at_risk + found.expired, quantity)
    assert (found.used >= 0).all() and (found.at_risk >= 0).all()
    scaled = at_risk(quantity * factor, months, average * factor)
    assert np.allclose(scaled.at_risk, found.at_risk * factor)


@given(lots=LOTS, average=st.integers(0, 60))
def test_neither_the_order_of_the_lots_nor_an_empty_one_changes_what_is_at_risk(lots, average):
    quantity, months = (np.array(side, dtype=float) for side in zip(*lots, strict=True))
    whole = at_risk(quantity, months, average).at_risk.sum()
    assert at_risk(quantity[::-1], months[::-1], average).at_risk.sum() == pytest.approx(whole)
    assert at_risk(np.append(quantity, 0), np.append(months, 5), average).at_risk.sum() == pytest.approx(
        whole
    )


def test_each_lot_keeps_its_place_and_each_facility_its_own():
    found = at_risk([[100, 50], [100, 50]], [[3, 1], [3, 1]], [20, 0])
    assert found.at_risk.tolist() == [[60, 30], [100, 50]]


def test_an_expired_lot_is_no_usable_stock_and_not_at_risk_any_more():
    found = at_risk([30, 20], [0, 2], 100)
    assert (found.expired.tolist(), found.at_risk.tolist()) == ([30, 0], [0, 0])
    assert usable([30, 20, np.nan, 4], [0, 2, 3, np.nan]) == 24


def test_a_lot_of_which_no_quantity_is_known_is_no_lot():
    found = at_risk([np.nan, 40], [1, 2], 10)
    assert [part.tolist() for part in (found.used, found.at_risk, found.expired)] == [
        [0, 20],
        [0, 20],
        [0, 0],
    ]


def test_without_an_average_or_a_date_nobody_can_say():
    assert np.isnan(at_risk([30], [2], np.nan).at_risk).all()
    found = at_risk([30, 40], [2, np.nan], 10).at_risk
    assert found[0] == 10 and np.isnan(found[1])


def test_months_are_counted_from_the_day_looked_at():
    expires = np.array(["2026-11-22", "2027-11-22", "2026-01-01"], dtype="datetime64[D]")
    assert months_until(expires, np.datetime64("2026-11-22")).round().tolist() == [0, 12, -11]
