from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.replenishment import (
    Packing,
    days_to_delivery,
    is_emergency,
    level,
    order_quantity,
    order_with_lead_time,
    packs,
    push,
    to_delivery,
)

UNITS = st.integers(0, 10_000)


def packs_by_hand(quantity, packing):
    """OpenLMIS's and eLMIS's rules as their sources have them, in whole numbers."""
    if quantity <= 0 and not packing.of_nothing:
        return 0
    whole, rest = divmod(max(quantity, 0), packing.per_pack)
    if rest and (rest > packing.threshold or (packing.at_threshold and rest == packing.threshold)):
        whole += 1
    return 1 if whole == 0 and not packing.to_zero else whole


@given(
    quantity=st.integers(-50, 5000),
    per_pack=st.integers(1, 120),
    threshold=st.integers(0, 120),
    to_zero=st.booleans(),
    make=st.sampled_from([Packing.openlmis, Packing.elmis]),
)
def test_packs_are_those_of_the_rule_worked_by_hand(quantity, per_pack, threshold, to_zero, make):
    packing = make(per_pack, threshold, to_zero=to_zero)
    assert packs(quantity, packing) == packs_by_hand(quantity, packing)


def test_nothing_ordered_makes_no_pack_in_openlmis_and_one_in_elmis():
    assert packs([0, -3], Packing.openlmis(10)).tolist() == [0, 0]
    assert packs(0, Packing.elmis(10)) == 1
    assert packs(0, Packing.elmis(10, to_zero=True)) == 0


def test_a_packing_of_which_only_the_size_is_known_splits_no_pack_and_orders_all_that_is_asked():
    assert packs([0, 1, 10, 11], Packing(10)).tolist() == [0, 1, 1, 2]


def test_an_order_nobody_knows_and_a_pack_nobody_knows():
    assert np.isnan(packs(np.nan, Packing.openlmis(10)))
    found = packs([7, np.nan], Packing.openlmis(0))
    assert found[0] == 0 and np.isnan(found[1])


@given(maximum=UNITS, stock=UNITS, on_order=UNITS, owed=UNITS)
def test_an_order_fills_up_to_the_maximum_and_never_beyond(maximum, stock, on_order, owed):
    asked = order_quantity(maximum, stock, on_order, owed)
    assert asked >= 0
    after = stock + on_order + asked - owed
    assert after == max(maximum, stock + on_order - owed)


def test_a_stock_nobody_knows_makes_no_order_and_unknown_orders_count_as_none():
    assert np.isnan(order_quantity(10, np.nan))
    assert order_quantity(10, 4, np.nan, np.nan) == 6


@given(average=UNITS, stock=UNITS, factor=st.integers(2, 100))
def test_in_another_unit_the_same_is_ordered(average, stock, factor):
    assert push(average * factor, stock * factor) == push(average, stock) * factor
    assert order_with_lead_time(average * factor, 3, 0.5, stock * factor) == pytest.approx(
        float(order_with_lead_time(average, 3, 0.5, stock)) * factor
    )


def test_levels_round_a_half_up_and_follow_the_months():
    assert level([25, 15], 1.5).tolist() == [38, 23]
    assert level([[10], [np.nan]], [1, 2, 3])[0].tolist() == [10, 20, 30]
    assert np.isnan(level(np.nan, 3))


def test_an_emergency_is_below_the_point_and_not_at_it():
    assert is_emergency([9, 10, 11, np.nan], 10).tolist() == [True, False, False, False]
    assert not is_emergency(0, np.nan)


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 1, 13), 1),
        (date(2026, 1, 14), 31),
        (date(2026, 2, 14), 28),
        (date(2026, 12, 20), 25),
        (date(2024, 2, 1), 13),
    ],
)
def test_the_delivery_is_on_the_next_14th(today, days):
    assert days_to_delivery(today) == days


def test_a_delivery_on_the_31st_comes_on_the_last_day_of_a_shorter_month():
    assert days_to_delivery(date(2026, 2, 27), 31) == 1
    assert days_to_delivery(date(2026, 2, 28), 31) == 31


def test_what_can_be_given_out_leaves_the_days_to_the_delivery_and_the_reserve():
    assert to_delivery([100, 10], [90, 90], [10, 10], [0, 5]).tolist() == [70, -25]
    assert np.isnan(to_delivery(np.nan, 90, 10))
