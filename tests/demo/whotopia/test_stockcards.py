"""A month of a stock card: what is given out of what there is, and the days without."""

import numpy as np

from demo.whotopia.stockcards import give


def test_before_the_14th_only_what_is_there_is_given_out():
    empty, plenty = np.array([0]), np.array([1000])
    late = give(empty, plenty, np.array([300]), 30)
    assert late.consumed == [300 - 300 * 13 // 30]
    assert late.missing == [130]
    assert late.stockout_days == [13]


def test_what_runs_out_is_missing_from_that_day_on():
    given = give(np.array([100]), np.array([0]), np.array([300]), 30)
    assert given.consumed == [100]
    assert given.stockout_days == [3 + 17]


def test_a_delivery_that_comes_in_time_leaves_no_day_without():
    given = give(np.array([150]), np.array([200]), np.array([300]), 30)
    assert (given.consumed, given.missing, given.stockout_days) == ([300], [0], [0])


def test_an_empty_shelf_that_nobody_asks_for_is_out_of_stock_all_the_same():
    given = give(np.array([0]), np.array([0]), np.array([0]), 31)
    assert given.stockout_days == [31]
