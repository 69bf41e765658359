"""A stock is taken at a period's edge, and what nobody reported has none."""

import numpy as np
import pytest

from indicators.months import Months, edge
from indicators.periods import Calendar


@pytest.mark.parametrize("timing", ["first", "last"])
def test_a_single_month_without_a_report_has_no_stock(timing):
    span = Calendar(201901, 201901).whole("month")
    found = edge(Months(np.array([[7.0], [8.0]]), np.array([[False], [True]])), span, timing)
    assert found.present.tolist() == [[False], [True]]
    assert found.value[1].tolist() == [8]


@pytest.mark.parametrize(
    ("timing", "value", "imputed"), [("first", [2, 5], [True, False]), ("last", [3, 6], [False, True])]
)
def test_the_first_or_the_last_month_that_says_something_stands_for_a_period(timing, value, imputed):
    span = Calendar(201811, 201904).whole("year")
    months = Months(
        np.array([[1.0, 2, 9, 5, 6, 4]]),
        np.array([[False, True, False, True, True, False]]),
        np.array([[True, True, True, False, True, True]]),
    )
    if timing == "last":
        months.value[0, 1], months.imputed[0, 1] = 3, False
    found = edge(months, span, timing)
    assert found.value.tolist() == [value]
    assert found.imputed.tolist() == [imputed]
    assert found.present.all()
