"""Every figure of Compare, asked of the roll-up of a book of random reports of both sides.

A `Case` says how a figure of a place is asked and what becomes of it when everything is counted in another
unit. `test_compared_properties.py` holds what follows for all.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indicators.attribution import Asked, attribution
from indicators.compare import PairItems, View, compare
from indicators.measures import FACILITIES_OUT
from indicators.normal_range import normal_range
from indicators.ratio import ratio
from indicators.relation import fixed_dose, service_series
from tests.indicators.builders import FACILITIES, a_rollup, items

FIRST, LAST = 201701, 201812
MONTHS = [year * 100 + month for year in (2017, 2018) for month in range(1, 13)]
NEWEST = MONTHS[-1]
KINDS = {"NEW": "service", "TOLD": "service_report", "DEPO": "commodity"}
REPORTED = dict.fromkeys(("consumed", "received", "closing"), ("TOLD",))
PAIR = PairItems(("NEW",), ("DEPO",), REPORTED)
# What a facility reports in a month: item, measure, and how much at most.
ASKED = [
    *(("NEW", "count", 60), ("TOLD", "consumed", 60), ("TOLD", "received", 90), ("TOLD", "closing", 90)),
    *(("DEPO", "consumed", 60), ("DEPO", "closing", 90), ("DEPO", "received", 90)),
    *(("DEPO", "amc_reported", 60), ("DEPO", "stockout_days", 20)),
]


def a_book(seed):
    """Rows of (facility, item, measure, month, value) of two years, some missing and some zero."""
    chance = random.Random(seed)
    return [
        (place, item, measure, month, float(chance.choice([0, *[chance.randint(1, most)] * 5])))
        for place in FACILITIES
        for month in MONTHS
        for item, measure, most in ASKED
        if chance.random() < 0.85
    ]


def built(rows, **frames):
    return a_rollup(*rows, items=items(KINDS), **frames)


def view(unit, grain="month"):
    return View(unit, FIRST, LAST, grain, children=False)


@dataclass(frozen=True)
class Case:
    """One figure.

    Attributes:
        name: id of its definition.
        ask: of a roll-up, a unit and a grain, the arrays of the unit, the figure first.
        power: the figure grows with the unit of quantities (1) or stays (0); None where it stands on the
            noise of counts, which knows its unit.
        adds_up: whether a quarter of one report says what its three months say.
        within: how nearly it does: what is learnt of all places is learnt of the reports of each.
        zero: what a facility's zero is where its silence is not known; None where neither is a figure.
    """

    name: str
    ask: Callable
    power: int | None = 1
    adds_up: bool = True
    within: float = 1e-9
    zero: float | None = 0.0


def line(name, side, measure, **about):
    """A sum of what was reported, with its n of N."""

    def ask(rollup, unit, grain="month"):
        found = compare(rollup, PAIR, view(unit, grain)).line(side, measure)
        return found.value[0], found.n_reported[0], found.n_expected[0]

    return Case(name, ask, **about)


def reports(rollup, unit, grain="month"):
    found = compare(rollup, PAIR, view(unit, grain)).line("service", "count")
    return found.n_reported[0], found.n_expected[0]


def imputed(rollup, unit, grain="month"):
    return (compare(rollup, PAIR, view(unit, grain)).line("commodity", "consumed").imputed_share[0],)


def year_before(rollup, unit, grain="month"):
    """Services now over those a year before, less one."""
    found = compare(rollup, PAIR, view(unit, grain)).line("service", "count").value[0]
    year = len(found) // 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return (found[year:] / found[:year] - 1,)


def overlap(rollup, unit, grain="month"):
    found = compare(rollup, PAIR, view(unit, grain)).overlap
    return found.both[0], found.service[0], found.commodity[0], found.places[0]


def of_both(rollup, unit, grain="month"):
    found = ratio(rollup, PAIR, view(unit, grain))
    return found.value[0], found.above[0], found.below[0], found.n_both[0], found.n_either[0]


def band(rollup, unit, grain="month"):
    found = fixed_dose(rollup, PAIR, view(unit, grain), 1.0)
    return found.expected[0], found.low[0], found.high[0], found.used[0], found.n_both[0]


def usual(rollup, unit, grain="month"):
    found = normal_range(rollup, service_series(rollup, PAIR), view(unit, grain))
    return found.usual.expected[0], found.usual.low[0], found.usual.high[0], found.n_reported[0]


def share_of_change(rollup, unit, grain="month"):
    """How much of the newest change each part is, by size: whoever the children are."""
    found = attribution(rollup, service_series(rollup, PAIR), Asked(unit, NEWEST, grain))
    parts = (found.before, found.after, found.itself, found.others, found.reporting)
    return np.sort(found.shares), np.sort(found.parts), np.array(parts)


CASES = (
    line("services", "service", "count"),
    line("dispensed", "service_report", "consumed"),
    line("services_received", "service_report", "received"),
    line("services_stock", "service_report", "closing", adds_up=False),
    line("average", "commodity", "amc_reported", adds_up=False),
    line("stockout_days", "commodity", "stockout_days", power=0),
    line("facilities_out", "commodity", FACILITIES_OUT, power=0, adds_up=False, zero=1.0),
    Case("reports", reports, power=0, zero=1.0),
    Case("imputed", imputed, power=0, adds_up=False),
    Case("year_before", year_before, power=0, zero=-1.0),
    Case("overlap", overlap, power=0, zero=1.0),
    Case("ratio", of_both, power=0, zero=None),
    Case("expected_band", band, power=None),
    Case("usual", usual, power=None, within=0.01, zero=None),
    Case("share_of_change", share_of_change, power=0, zero=None),
)
