"""What holds of every indicator whatever the figures: units, order, empty places, periods, silence."""

import copy
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from indicators.logistics import INDICATORS, Logistics, Measured
from indicators.question import Question, Subject
from indicators.rollup import Rollup
from indicators.rules import AverageRule, ForecastRule, Rules
from tests.indicators.random_frames import a_world

SEEDS = (3, 20)
SUBJECTS = (
    Subject.product("P1"),
    Subject.family("both", ("P2", "P3")),
    Subject.tracers("set", ("P1", "P2", "P3")),
)
RULES = Rules(
    average=AverageRule(months=2, least=1),
    forecast=ForecastRule(horizon=1),
    protects={"P1": "implant-4-years", "P2": "condom-male"},
)
EVERY = pytest.mark.parametrize("indicator", list(INDICATORS))
PARTS = ("value", "numerator", "denominator", "reported", "expected")
# Their numbers of a longer period are the sums of its months'.
ADD_UP = (
    *("consumption", "received", "lost", "ordered", "adjusted"),
    *("consumption_adjusted", "couple_years", "stockout_time", "order_fill_rate", "forecast_error"),
    *("reporting_rate", "timeliness", "timeliness_of_received"),
)
# A stock, or what is asked of the period's end: that of the last month which says something.
LAST_SAID = ("stockout_rate", "stockout_spell", "availability")


def logistics(world, frames=None):
    return Logistics(Rollup.build(frames or world.frames()), RULES)


@cache
def of_seed(seed):
    world = a_world(seed)
    return world, logistics(world)


# What a seed's world becomes is made once and asked of every indicator.


@cache
def eightfold(seed):
    larger = copy.deepcopy(of_seed(seed)[0])
    for (_, _, measure), reports in larger.flows.items():
        if measure != "stockout_days":
            reports.update({window: 8 * value for window, value in reports.items()})
    for reports in larger.stocks.values():
        reports.update({month: 8 * value for month, value in reports.items()})
    return logistics(larger)


@cache
def mixed_and_doubled(seed):
    world = of_seed(seed)[0]
    frames = world.frames()
    mixed = frames.values.sample(frac=1, random_state=seed)
    twice = pd.concat([mixed, mixed.sample(frac=0.5, random_state=1)], ignore_index=True)
    return logistics(world, replace(frames, values=twice))


@cache
def with_names_changed(seed):
    world = of_seed(seed)[0]
    swapped, other = copy.deepcopy(world), {"B0": "B1", "B1": "B0"}
    for name in ("flows", "stocks", "carried"):
        book = getattr(world, name)
        setattr(swapped, name, {(other.get(key[0], key[0]), *key[1:]): value for key, value in book.items()})
    swapped.dates = {other.get(unit, unit): dates for unit, dates in world.dates.items()}
    swapped.assigned = {(form, other.get(unit, unit)) for form, unit in world.assigned}
    swapped.reports = [(other.get(unit, unit), *rest) for unit, *rest in world.reports]
    return logistics(swapped)


@cache
def with_an_empty_place(seed):
    wider = copy.deepcopy(of_seed(seed)[0])
    wider.tree["B"] = ["B-empty", *wider.tree["B"]]
    return logistics(wider)


def ask(answering, indicator, units, grain="month", subjects=SUBJECTS):
    months = answering.rollup.months
    return answering.ask(indicator, Question(tuple(units), subjects, int(months[0]), int(months[-1]), grain))


def same(one, other, parts=PARTS):
    for part in parts:
        np.testing.assert_allclose(
            getattr(one, part), getattr(other, part), rtol=1e-9, atol=1e-9, err_msg=part
        )


@EVERY
@pytest.mark.parametrize("seed", SEEDS)
def test_a_quantity_in_other_units_changes_no_share_and_no_length_of_time(indicator, seed):
    world, before = of_seed(seed)
    found, usual = ask(eightfold(seed), indicator, world.places), ask(before, indicator, world.places)
    grows = INDICATORS[indicator].unit in ("quantity", "couple_years")
    np.testing.assert_allclose(found.value, usual.value * (8 if grows else 1), rtol=1e-9)
    same(found, usual, ("reported", "expected"))


@EVERY
@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_and_their_doubles_change_nothing(indicator, seed):
    world, before = of_seed(seed)
    same(ask(mixed_and_doubled(seed), indicator, world.places), ask(before, indicator, world.places))


@EVERY
@pytest.mark.parametrize("seed", SEEDS)
def test_two_places_that_change_names_leave_their_district_as_it_was(indicator, seed):
    _, before = of_seed(seed)
    answering = with_names_changed(seed)
    same(ask(answering, indicator, ("N", "B")), ask(before, indicator, ("N", "B")))
    same(ask(answering, indicator, ("B0",)), ask(before, indicator, ("B1",)))


@EVERY
@pytest.mark.parametrize("seed", SEEDS)
def test_an_empty_place_changes_nothing(indicator, seed):
    world, before = of_seed(seed)
    answering = with_an_empty_place(seed)
    same(ask(answering, indicator, world.places), ask(before, indicator, world.places))
    empty = ask(answering, indicator, ("B-empty",))
    assert np.isnan(empty.value).all() and not empty.expected.any()


@pytest.mark.parametrize("indicator", ADD_UP)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("grain", ["quarter", "year"])
def test_a_longer_period_is_the_sum_of_its_months(indicator, seed, grain):
    world, answering = of_seed(seed)
    months = ask(answering, indicator, world.places)
    longer = ask(answering, indicator, world.places, grain)
    edges = [next(at for at, m in enumerate(months.starts) if m >= start) for start in longer.starts]
    amount = isinstance(INDICATORS[indicator], Measured)
    for part in ("numerator", "reported", "expected", *(() if amount else ("denominator",))):
        summed = np.add.reduceat(getattr(months, part), edges, axis=2)
        np.testing.assert_allclose(getattr(longer, part), summed, rtol=1e-9, atol=1e-9, err_msg=part)


@pytest.mark.parametrize("indicator", LAST_SAID)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_stock_of_a_longer_period_is_that_of_its_last_month_and_no_sum(indicator, seed):
    _, answering = of_seed(seed)
    places, single = ["B0", "B1"], (SUBJECTS[0], SUBJECTS[1])
    months = ask(answering, indicator, places, subjects=single)
    year = ask(answering, indicator, places, "year", single)
    for at, start in enumerate(year.starts):
        inside = [i for i, month in enumerate(months.starts) if month // 100 == start // 100]
        for row in np.ndindex(year.value.shape[:2]):
            said = [i for i in inside if months.reported[row][i]]
            expected = months.numerator[row][said[-1]] if said else 0
            assert year.numerator[row][at] == expected


@cache
def a_quarter(*windows):
    """One place with stock and figures of everything but days out in the first quarter."""
    world = a_world(3)
    world.flows, world.stocks, world.reports, world.carried, world.dates = {}, {}, [], {}, {}
    first = 2019 * 12
    for measure, value in {"consumed": 90.0, "received": 120.0, "lost": 6.0, "stockout_days": 9.0}.items():
        parts = {(first + at, months): value * months / 3 for at, months in windows}
        world.flows["B0", "P1", measure] = parts
    world.stocks["B0", "P1", "opening"] = {first: 60.0}
    world.stocks["B0", "P1", "closing"] = {first + 2: 80.0}
    world.forms = {"m": (1, 1), "q": (3, 1)}
    world.assigned = {("q" if len(windows) == 1 else "m", "B0")}
    return logistics(world)


@EVERY
def test_a_quarters_report_says_the_same_as_its_three_months(indicator):
    """But for the days of the months, of which a quarter's report has the mean."""
    whole, split = a_quarter((0, 3)), a_quarter((0, 1), (1, 1), (2, 1))
    one, other = (ask(each, indicator, ("N", "B0"), "quarter", SUBJECTS[:1]) for each in (whole, split))
    np.testing.assert_allclose(one.value, other.value, rtol=0.02, atol=0.01)


@cache
def with_b0(**closing_and_more):
    """B0 has used and held P1 for two months; of the third it says what is given, or nothing."""
    world = a_world(3)
    world.flows, world.stocks, world.reports, world.carried, world.dates = {}, {}, [], {}, {}
    world.forms, world.assigned, first = {"m": (1, 1)}, {("m", "B0"), ("m", "B1")}, 2019 * 12
    steady = {"consumed": 10.0, "received": 10.0, "lost": 1.0, "ordered": 10.0, "stockout_days": 5.0}
    for place, months in (("B0", 2), ("B1", 3)):
        for measure, value in steady.items():
            world.flows[place, "P1", measure] = {(first + m, 1): value for m in range(months)}
        for measure in ("opening", "closing"):
            world.stocks[place, "P1", measure] = {first + m: 20.0 for m in range(months)}
    for measure, value in closing_and_more.items():
        book = world.stocks if measure in ("opening", "closing") else world.flows
        key = first + 2 if measure in ("opening", "closing") else (first + 2, 1)
        book["B0", "P1", measure][key] = value
    world.reports = [("B0", "m", first + m, 1, True) for m in range(3 if closing_and_more else 2)]
    return logistics(world)


FIGURES = ("consumed", "received", "lost", "ordered", "stockout_days", "opening", "closing")
# Asked of more than the month itself, so that a silent month has a figure.
LOOK_BACK = (
    *("average_monthly_consumption", "coefficient_of_variation", "reporting_consistency"),
    *("order_fill_rate", "reporting_rate", "timeliness", "adjusted", "coverage"),
)


@pytest.mark.parametrize("indicator", [each for each in INDICATORS if each not in LOOK_BACK])
def test_zero_is_an_answer_and_silence_is_none(indicator):
    subject = SUBJECTS[:1]
    silent = ask(with_b0(), indicator, ("B0", "B1", "B"), subjects=subject)
    zero = ask(with_b0(**dict.fromkeys(FIGURES, 0.0)), indicator, ("B0", "B1", "B"), subjects=subject)
    if INDICATORS[indicator].unit != "share" or not indicator.startswith(("status", "timeliness")):
        assert np.isnan(silent.value[0, 0, 2])
    assert silent.reported[0, 0, 2] == 0 and zero.reported[0, 0, 2] == 1
    assert silent.expected[0, 0, 2] == zero.expected[0, 0, 2] >= (indicator != "timeliness_of_received")
    for part in ("numerator", "reported"):
        alone = getattr(silent, part)[1, 0, 2]
        assert getattr(silent, part)[2, 0, 2] == alone + (
            indicator == "status_unknown" and part == "numerator"
        )


@pytest.mark.parametrize("indicator", LOOK_BACK[:-2])
def test_silence_is_counted_where_more_than_the_month_is_asked(indicator):
    subject = SUBJECTS[:1]
    silent = ask(with_b0(), indicator, ("B0",), subjects=subject)
    zero = ask(with_b0(**dict.fromkeys(FIGURES, 0.0)), indicator, ("B0",), subjects=subject)
    assert silent.reported[0, 0, 2] <= zero.reported[0, 0, 2]
    assert silent.expected[0, 0, 2] == zero.expected[0, 0, 2] > 0
