"""Sets the indicators beside the oracle on a country of a seed, and names the first figure that differs."""

import random
from functools import cache

import numpy as np

from indicators.logistics import INDICATORS, Coverage, Logistics, Measured
from indicators.question import Question, Subject
from indicators.rollup import Rollup
from indicators.rules import RULES, AverageRule, ForecastRule, GroupLevels, Rules
from tests.indicators.oracle import Oracle
from tests.indicators.oracle_figures import OF_TOTALS, value_of
from tests.indicators.oracle_flows import Places
from tests.indicators.oracle_stocks import plus
from tests.indicators.random_frames import a_world, yyyymm

SUBJECTS = (
    Subject.product("P1"),
    Subject.family("both", ("P2", "P3")),
    Subject.tracers("set", ("P1", "P2", "P3")),
)
GRAINS = ("month", "quarter", "half", "year", "last3", "last6", "last12")
COUNTED = tuple(each for each, how in INDICATORS.items() if not isinstance(how, Measured | Coverage))
AT_ONCE = 4


def random_rules(chance):
    months = chance.randint(1, 4)
    return Rules(
        average=AverageRule(chance.choice(RULES), months, chance.randint(1, months)),
        levels=chance.choice(
            [(), (GroupLevels("g", 1, 2),), (GroupLevels("", 2, 4), GroupLevels("G", 0.5, 1))]
        ),
        forecast=ForecastRule(
            chance.choice(["moving_average", "seasonal_naive", "croston", "tsb"]), chance.randint(1, 3)
        ),
        protects={"P1": "implant-4-years", "P2": "condom-male"},
        factors={"condom-male": 0.01},
        season=chance.choice([6, 12]),
    )


def difference(seed, indicators=None):
    """What differs first between indicators and oracle on the world of a seed; None where they agree."""
    chance = random.Random(f"rules {seed}")
    world, rules, grain = a_world(seed), random_rules(chance), chance.choice(GRAINS)
    group = chance.choice([None, None, "g"])
    logistics, oracle = Logistics(Rollup.build(world.frames()), rules), Oracle(world, rules)
    question = Question(
        tuple(world.places), SUBJECTS, yyyymm(oracle.first), yyyymm(oracle.last), grain, group
    )
    for indicator in indicators or chance.sample(COUNTED, AT_ONCE):
        found = compared(indicator, logistics.ask(indicator, question), oracle, question)
        if found:
            return f"seed {seed}, {rules.average}, {grain}, {group}: {found}"
    return None


@cache
def of_seed(seed):
    """The world of a seed and what is asked of it."""
    world = a_world(seed)
    rules = random_rules(random.Random(f"rules {seed}"))
    return world, Logistics(Rollup.build(world.frames()), rules)


def figures(seed, indicator):
    """An indicator's answer on the world of a seed, month by month."""
    world, logistics = of_seed(seed)
    months = logistics.rollup.months
    return logistics.ask(indicator, Question(tuple(world.places), SUBJECTS, int(months[0]), int(months[-1])))


def compared(indicator, answer, oracle, question):
    """The first figure that differs, in words, or None."""
    periods, members = periods_of(answer.starts, oracle), counted_places(oracle.world, question)
    for column, subject in enumerate(question.subjects):
        places = Places(oracle, subject)
        expected = [
            [expectation(indicator, places, members[unit], period) for period in periods]
            for unit in question.units
        ]
        parts = answer.numerator, answer.denominator, answer.reported, answer.expected
        got = np.stack([part[:, column] for part in parts], axis=-1)
        shown = np.array([[value_of(indicator, each) for each in row] for row in expected])
        wrong = ~np.isclose(got, np.array(expected, dtype=float)).all(axis=-1)
        wrong |= ~np.isclose(answer.value[:, column], shown, equal_nan=True)
        for row, at in np.argwhere(wrong):
            where = f"{indicator} of {subject.id} in {question.units[row]}, {answer.periods[at]}"
            return f"{where}: {got[row, at]}, not {tuple(expected[row][at])}"
    return None


def periods_of(starts, oracle):
    """The months of each period, as far as the data go."""
    months = range(oracle.first, oracle.last + 1)
    ends = [*starts[1:], 999999]
    return [[m for m in months if start <= yyyymm(m) < end] for start, end in zip(starts, ends, strict=True)]


def counted_places(world, question):
    """Of each unit, the places below it (itself included) that are in the group, or all."""
    within = world.group if question.group else set(world.places)
    return {unit: [p for p in descendants(world, unit) if p in within] for unit in question.units}


def expectation(indicator, places, below, period):
    if indicator in OF_TOTALS:
        return OF_TOTALS[indicator](places, below, period)
    return plus(*(places.of(indicator, place, period) for place in below))


def descendants(world, unit):
    return [unit, *(p for child in world.tree.get(unit, ()) for p in descendants(world, child))]
