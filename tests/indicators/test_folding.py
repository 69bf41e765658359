import numpy as np

from indicators.folding import First, Last, any_of, summed
from indicators.periods import Calendar

CALENDAR = Calendar(201811, 201904)
YEARS, MONTHS = CALENDAR.whole("year"), CALENDAR.whole("month")
AMOUNTS = np.array([[1.0, 2, 3, 4, 5, 6], [0, 0, 7, 0, 0, 0]])
FLAGS = np.array([[False, True, True, True, False, False], [False] * 6])


def test_flows_add_up_and_flags_are_counted():
    assert summed(AMOUNTS, YEARS).tolist() == [[3, 18], [0, 7]]
    assert summed(FLAGS, YEARS).tolist() == [[1, 2], [0, 0]]
    assert summed(FLAGS, MONTHS).dtype == np.float64
    assert any_of(FLAGS, YEARS).tolist() == [[True, True], [False, False]]
    assert any_of(FLAGS, MONTHS) is FLAGS


def test_a_stock_is_taken_from_the_last_month_that_says_something():
    last = Last(FLAGS, YEARS)
    assert last.found.tolist() == [[True, True], [False, False]]
    assert last.of(AMOUNTS).tolist() == [[2, 4], [0, 0]]


def test_an_opening_is_taken_from_the_first():
    first = First(FLAGS, YEARS)
    assert first.found.tolist() == [[True, True], [False, False]]
    assert first.of(AMOUNTS).tolist() == [[2, 3], [0, 0]]


def test_a_month_is_its_own_first_and_last():
    for edge in (First(FLAGS, MONTHS), Last(FLAGS, MONTHS)):
        assert edge.found.tolist() == FLAGS.tolist()
        assert edge.of(AMOUNTS).tolist() == [[0, 2, 3, 4, 0, 0], [0] * 6]


def test_a_year_of_which_only_its_first_or_last_month_says_something_has_that_one():
    flags = np.array([[True, False, False, False, False, False], [False] * 5 + [True], [False] * 6])
    for edge in (First(flags, YEARS), Last(flags, YEARS)):
        assert edge.found.tolist() == [[True, False], [False, True], [False, False]]
        assert edge.of(AMOUNTS[[0, 0, 0]]).tolist() == [[1, 0], [0, 6], [0, 0]]
