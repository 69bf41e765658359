"""Months of stock in words: on their own side of the limits, nothing where there is nothing alone."""

import numpy as np
import pytest

from dashboard import i18n
from dashboard.lasting import lasting
from dashboard.logistics import LogisticsDesk
from dashboard.pages.programmes_view import view
from dashboard.programme import ProgrammeAddress, look
from indicators.stock_status import Limits, Status, status
from installation import everything

LIMITS = Limits(1.5, 3.0)


def bounds(text):
    """The least and the most that a text can stand for, open where it says < or >."""
    if text[0] in "<>":
        return (0.0, float(text[1:]) - 1e-6) if text[0] == "<" else (float(text[1:]) + 1e-6, 1e9)
    return float(text), float(text)


@pytest.mark.parametrize("limits", [LIMITS, Limits(0.25, 0.75), Limits(1.5, 1.5), Limits(2, 4.125)])
def test_what_is_said_is_of_the_class_of_what_is_meant(limits):
    near = np.concatenate([at + np.linspace(-0.2, 0.2, 401) for at in (limits.low, limits.high)])
    with i18n.use("en"):
        for months in (*near, *np.linspace(0.001, 120, 997)):
            classes = {int(status(each, 1.0, limits)) for each in bounds(lasting(float(months), limits))}
            assert int(status(months, 1.0, limits)) in classes - {Status.STOCKED_OUT}, months


def test_only_nothing_lasts_for_no_time_and_too_much_is_not_counted():
    with i18n.use("fr"):
        said = [lasting(each) for each in (0.0, 0.001, 0.049, 0.05, 1.48, 99.9, 1890.0)]
    assert said == ["0,0", "<0,1", "<0,1", "0,1", "1,5", "99,9", ">99"]


def test_no_cell_of_programmes_says_another_class_than_its_colour(figures):
    scope = everything(figures)
    programme = look(LogisticsDesk(figures), ProgrammeAddress(), scope)
    with i18n.use("en"):
        rows = view(programme, scope)["heat"]["rows"]
    for row in rows:
        limits = programme.limits(programme.now.units.index(row["id"]))
        for text, letter in zip(row["t"], row["c"], strict=True):
            if letter in "leh":
                least, most = bounds(text)
                assert letter != "l" or least < limits.low
                assert letter != "e" or limits.low <= least <= limits.high
                assert letter != "h" or most > limits.high
