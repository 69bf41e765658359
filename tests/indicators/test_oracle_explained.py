"""Reasons for unusual figures of random reports, beside the same once more in plain Python."""

import math
import random
from collections import Counter
from functools import cache

import pandas as pd
import pytest

from indicators.quality import explain
from indicators.quality_explained import STANCES
from tests.indicators.oracle_explained import Alert, reasons
from tests.indicators.quality_reports import reports, yyyymm

SEEDS = range(6)
TIMES = (0.033, 0.083, 0.1, 0.4, 0.5, 0.76, 0.77, 0.9, 1, 1.1, 1.29, 1.3, 1.8, 2, 2.4, 2.5, 9, 10, 12, 30, 33)


@cache
def asked(seed):
    """Some figures of the reports, said to be so many times what is usual; some of nobody."""
    chance, told = random.Random(seed), reports(seed)
    wanted = [key for key in told.values if key[2] in ("count", "consumed")]
    alerts = []
    for place, item, measure, month, months in chance.sample(wanted, 500):
        value = float(told.values[place, item, measure, month, months])
        expected = abs(value) / chance.choice(TIMES) if value else chance.choice([0.0, 12.0])
        late = chance.choice([0] * 9 + [1])
        alerts.append(Alert(place, item, measure, month + late, value, expected))
    strangers = [("nowhere", "x", 24270), ("a", "x", 24000), ("a", "x", 24999)]
    strangers += [(place, "unheard", month) for place in "abcdeh" for month in (24280, 24281, 24282)]
    alerts += [Alert(place, item, "consumed", month, 9.0, 3.0) for place, item, month in strangers]
    return alerts


def frame(alerts):
    rows = [(a.place, a.item, a.measure, yyyymm(a.month), a.value, a.expected) for a in alerts]
    names = ["org_unit", "item", "measure", "month", "value", "expected"]
    return pd.DataFrame(rows, columns=names, index=range(7, 7 + len(rows)))


def plain(rows):
    return [(at, name, stance, _figure(value), other) for at, name, stance, value, other in rows]


def _figure(value):
    return "nothing" if value is None or math.isnan(value) else float(f"{value:.9g}")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_reasons_are_those_that_plain_loops_find(seed):
    told = reports(seed)
    found = explain(frame(asked(seed)), told.frame(), told.known())
    ours = plain(found.itertuples(index=False))
    assert Counter(ours) == Counter(plain(reasons(asked(seed), told)))
    order = list(STANCES)
    assert [(at, order.index(name)) for at, name, *_ in ours] == sorted(
        (at, order.index(name)) for at, name, *_ in ours
    )


def test_every_reason_is_found_in_these_reports():
    found = Counter(row[1] for seed in SEEDS for row in reasons(asked(seed), reports(seed)))
    assert {name: found[name] for name in STANCES if found[name] < 3} == {}
