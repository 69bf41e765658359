"""A series of a random country and what months of it are looked at, for indicators and oracles."""

import random
from itertools import pairwise

from indicators.compare import View
from indicators.rollup import Rollup, Series
from indicators.rules import Rules
from tests.indicators.oracle import Oracle
from tests.indicators.oracle_steady import SteadyOracle
from tests.indicators.random_frames import a_world, yyyymm

ITEMS = (("P1",), ("P2", "P3"))


class Asked:
    """A country of a seed, a series of it and what months are looked at."""

    def __init__(self, seed, months=None, measures=("consumed", "closing", "received")):
        chance = random.Random(f"steady {seed}")
        self.world = a_world(seed, months)
        self.rollup, self.oracle = Rollup.build(self.world.frames()), Oracle(self.world, Rules())
        self.grain = chance.choice(["month", "month", "quarter", "last3", "half"])
        self.codes, self.measure = chance.choice(ITEMS), chance.choice(measures)
        self.group = chance.choice([None, None, "g"])
        number = self.oracle.last + 1 - self.oracle.first
        self.until = self.oracle.last - chance.choice([0, 0, min(3, number - 1)])
        calendar = self.rollup.calendar
        self.span = calendar.span(yyyymm(self.oracle.first), yyyymm(self.until), self.grain)
        self.whole = calendar.around(self.span)
        edges = [*self.whole.edges, number]
        begins = self.oracle.first
        self.periods = [list(range(begins + a, begins + b)) for a, b in pairwise(edges)]

    @property
    def last(self):
        return self.oracle.first + self.span.stop - 1

    def series(self, measure=None, codes=None):
        return Series(measure or self.measure, self.rollup.numbers(codes or self.codes), self.group)

    def said(self, measure=None, codes=None):
        series = codes or self.codes, measure or self.measure
        return SteadyOracle(self.oracle, *series, self.grain, self.periods, self.last, bool(self.group))

    def view(self, unit):
        first = yyyymm(self.oracle.first)
        return View(unit, first, yyyymm(self.until), self.grain, group=self.group)
