"""A formula that other systems' expressions are made of comes to what we say, where all was reported.

The place used 10, 20 and 60 in three months without a day out, so that nothing is made good; sums of longer
periods and stocks at their end are those of the roll-up.
"""

import pytest

from indicators.definitions import BY_ID, DEFINITIONS
from indicators.logistics import Logistics
from indicators.question import Question, Subject
from indicators.rollup import Rollup
from indicators.rules import AverageRule, Rules
from tests.indicators.random_frames import World

FIRST = 2019 * 12
BOOK = {
    "consumed": (10, 20, 60),
    "received": (25, 15, 40),
    "adjusted": (0, 0, 0),
    "lost": (1, 2, 5),
    "ordered": (30, 80, 20),
    "opening": (70, 84, 77),
    "closing": (84, 77, 52),
    "stockout_days": (0, 0, 0),
}
# Two places are asked, one of which was late twice and silent once.
REPORTS = [("B0", m, m > 0) for m in range(3)] + [("B1", m, False) for m in range(2)]
OURS = (
    *("average_monthly_consumption", "months_of_stock", "days_of_stock", "loss_rate", "order_fill_rate"),
    *("reporting_rate", "timeliness", "timeliness_of_received"),
)
SUMS = ("consumed", "received", "lost", "ordered", "closing", "opening")


@pytest.fixture(scope="module")
def logistics():
    world = World({"N": ["B"], "B": ["B0", "B1"]}, {}, {"m": (1, 1)}, {("m", "B0"), ("m", "B1")})
    for measure, values in BOOK.items():
        if measure in ("opening", "closing"):
            world.stocks["B0", "P1", measure] = {FIRST + m: float(v) for m, v in enumerate(values)}
        else:
            world.flows["B0", "P1", measure] = {(FIRST + m, 1): float(v) for m, v in enumerate(values)}
    world.flows["B1", "P2", "consumed"] = {(FIRST + m, 1): 1.0 for m in range(2)}
    world.reports = [(unit, "m", FIRST + m, 1, timely) for unit, m, timely in REPORTS]
    return Logistics(Rollup.build(world.frames()), Rules(average=AverageRule("tandem", 3, 2)))


def asked(logistics, indicator, unit="B0", grain="month"):
    answer = logistics.ask(indicator, Question((unit,), (Subject.product("P1"),), 201901, 201903, grain))
    return answer.value[0, 0, -1].item()


def amount(term, months=(2,)):
    """What a term's measure comes to in some months, each so many months earlier."""
    if term.measure in ("reports", "on_time", "expected"):
        sent = [timely for unit, m, timely in REPORTS if unit == "B0" and m in months]
        return {"reports": len(sent), "on_time": sum(sent), "expected": len(months)}[term.measure]
    months = months[-1:] if term.last else months
    return sum(BOOK[term.measure][m - term.back] for m in months)


@pytest.mark.parametrize("indicator", OURS)
def test_the_formula_comes_to_our_figure(indicator, logistics):
    definition = BY_ID[indicator]
    found = definition.formula.value(amount)
    ours = asked(logistics, indicator)
    if indicator == "order_fill_rate":  # what came of an order stands in the report after it
        found, ours = definition.formula.value(amount) / 100, 40 / 80
    elif definition.unit == "share":
        found /= 100
    assert found == pytest.approx(ours)


@pytest.mark.parametrize("measure", SUMS)
def test_a_sum_of_a_quarter_is_ours_and_a_stock_is_of_its_end(measure, logistics):
    formula = BY_ID[measure].formula
    name = {"consumed": "consumption", "closing": "stock"}.get(measure, measure)
    if measure == "opening":
        assert formula.value(amount) == asked(logistics, name)
    else:
        assert formula.value(lambda term: amount(term, (0, 1, 2))) == asked(logistics, name, grain="quarter")


@pytest.mark.parametrize("indicator", ["months_of_stock", "days_of_stock"])
def test_the_stock_that_lasts_is_that_of_a_periods_end(indicator):
    assert [term.last for term in BY_ID[indicator].formula.above] == [True]
    assert not any(term.last for term in BY_ID[indicator].formula.below)


def test_what_a_report_lacks_to_add_up_is_weighed_as_the_gap_is():
    formula = BY_ID["stock_gap"].formula
    assert (
        formula.value(lambda term: {"opening": 50, "received": 250, "adjusted": -2}.get(term.measure, 0))
        == 298
    )
    assert formula.value(lambda term: {"consumed": 300, "closing": 233}.get(term.measure, 0)) == -533
    assert BY_ID["stock_break"].formula.value(lambda term: {0: 4, 1: 6}[term.back]) == -2


def test_shares_are_said_in_percent_and_all_else_as_it_is():
    factors = {
        each.id: each.formula.factor for each in DEFINITIONS if each.formula and each.id != "days_of_stock"
    }
    shares = {each.id for each in DEFINITIONS if each.formula and each.unit == "share"}
    assert {name for name, factor in factors.items() if factor == 100} == shares
    assert set(factors.values()) == {1, 100}
