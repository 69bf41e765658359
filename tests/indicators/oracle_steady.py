"""The series of a unit as its regular reporters tell it, once more in plain Python, place by place.

It shares no line with `indicators.constant_set`; reports are those of `tests.indicators.random_frames`.
"""

import math
from collections import namedtuple
from dataclasses import dataclass
from functools import cache

from tests.indicators.agreement import descendants

Steady = namedtuple("Steady", "history observed scale n_set n_reported")
LENGTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "last3": 3, "last6": 6, "last12": 12}
OUT_FOR = 20
LEAST = 1e-9


@dataclass(eq=False)
class SteadyOracle:
    """One series of a world.

    Attributes:
        oracle: what was reported.
        items: products, all together.
        measure: `consumed` or another flow, or `closing`.
        grain: of the periods.
        periods: months of every period of the data.
        last: the last month looked at.
        group: whether only the group's places count.
    """

    oracle: object
    items: tuple
    measure: str
    grain: str
    periods: list
    last: int
    group: bool = False

    def __post_init__(self):
        self.world = self.oracle.world
        self.said = cache(self.said)
        months = range(self.oracle.first, self.oracle.last + 1)
        came = [
            m for m in months if any(self.said(p, self.measure, m) is not None for p in self.world.places)
        ]
        self.began = min(came, default=self.last + 1)

    def said(self, place, measure, month):
        """What a place reported itself, all products together; None where nothing."""
        if measure in ("opening", "closing"):
            found = [self.oracle.stock(place, item, measure, month) for item in self.items]
        else:
            flows = [self.oracle.flow(place, item, measure, month) for item in self.items]
            found = [flow and flow.value for flow in flows]
        known = [value for value in found if value is not None]
        return sum(known) if known else None

    def regular(self, place):
        months = min(12, self.last + 1 - self.began)
        if months <= 0:
            return False
        asked = range(self.last + 1 - months, self.last + 1)
        came = sum(self.said(place, self.measure, m) is not None for m in asked)
        return came >= math.ceil(10 * months / 12)

    def stocked(self, place, month):
        """Whether there was any to give out."""
        if self.measure != "consumed":
            return True
        began, got, left, days = (
            self.said(place, each, month) for each in ("opening", "received", "closing", "stockout_days")
        )
        nothing = began is not None and got is not None and began + got <= 0
        return not (nothing or (left is not None and left <= 0) or (days or 0) > OUT_FOR * len(self.items))

    def weight(self, place):
        """The usual amount of a month, or of a stock's period: the mean without highest and lowest."""
        known = [
            amount
            for amount, sound, first in self.parts(place)
            if amount is not None and sound and first <= self.last
        ]
        if not known:
            return LEAST
        if len(known) >= 5:
            known = sorted(known)[1:-1]
        return max(sum(known) / len(known), LEAST)

    @property
    def flow(self):
        return self.measure not in ("opening", "closing")

    def parts(self, place):
        """(amount, whether it is a yardstick, first month) of each month, or of a stock's periods."""
        if self.flow:
            months = range(self.oracle.first, self.oracle.last + 1)
            return [(self.said(place, self.measure, m), self.stocked(place, m), m) for m in months]
        return [(self.at_end(place, period), True, period[0]) for period in self.periods]

    def at_end(self, place, period):
        """The stock of a period: of each product the last month of it that says something."""
        found = []
        for item in self.items:
            known = [v for m in period if (v := self.oracle.stock(place, item, self.measure, m)) is not None]
            found += known[-1:]
        return sum(found) if found else None

    def of(self, unit):
        """The series of a unit, period by period of the data."""
        leaf = not self.world.tree.get(unit)
        places = [unit] if leaf else descendants(self.world, unit)
        if self.group:
            places = [place for place in places if place in self.world.group]
        inside = [place for place in places if leaf or self.regular(place)]
        full = sum(self.weight(place) for place in inside) * (LENGTHS[self.grain] if self.flow else 1)
        return Steady(*zip(*(self.period(p, places, inside, full) for p in self.periods), strict=True))

    def period(self, period, places, inside, full):
        value = of_set = carried = of_set_carried = came = 0
        for place in places:
            weight, regular = self.weight(place), place in inside
            known = [part for part in self.within(place, period) if part[0] is not None]
            for amount, sound, _ in known:
                value, carried = value + amount, carried + weight
                of_set += amount if regular and sound else 0
                of_set_carried += weight if regular and sound else 0
            came += regular and bool(known)
        if full <= 0:
            return None, None, 0, len(inside), came
        history = of_set / (of_set_carried / full) if of_set_carried / full >= 0.5 else None
        observed = value / (carried / full) if carried > 0 else None
        return history, observed, carried / full, len(inside), came

    def within(self, place, period):
        """Months of a flow within a period, or the stock of it."""
        return [part for part in self.parts(place) if part[2] in (period if self.flow else period[:1])]
