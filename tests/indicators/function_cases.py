"""Every indicator that is a function of arrays, asked of one book of random reports, place by place.

A `Case` says how a function is asked, what becomes of its result when quantities are counted in another unit,
and what it says of a place that reported nothing. `test_function_properties.py` holds what follows for all.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from indicators import (
    availability,
    consumption,
    cyp,
    discordance,
    expiry,
    forecast,
    forecast_error,
    relation,
    replenishment,
    reported_average,
    reporting_habits,
    stock_balance,
    stock_status,
    stockout_adjustment,
    stockouts,
    supply_performance,
    variation,
    wastage,
)
from indicators.replenishment import Packing

PLACES, MONTHS = 7, 14
LEVELS = "minimum_stock", "maximum_stock", "emergency_point"
QUANTITIES = (
    *("consumed", "closing", "opening", "received", "adjusted", "lost", "ordered", "average", "services"),
    *("counted", "guessed", "bar"),
)


@dataclass(frozen=True)
class Book:
    """What seven places reported of a product in fourteen months, `[place, month]`; NaN is silence."""

    consumed: np.ndarray
    closing: np.ndarray
    opening: np.ndarray
    received: np.ndarray
    adjusted: np.ndarray
    lost: np.ndarray
    ordered: np.ndarray
    average: np.ndarray
    services: np.ndarray
    counted: np.ndarray
    guessed: np.ndarray
    bar: np.ndarray
    days_out: np.ndarray
    months_left: np.ndarray
    asked_on: np.ndarray
    took: np.ndarray
    came: np.ndarray
    timely: np.ndarray
    due: np.ndarray

    @property
    def report(self):
        return stock_balance.Report(self.opening, self.received, self.adjusted, self.consumed, self.closing)

    @property
    def out(self):
        return (self.closing <= 0) & self.due

    @property
    def delivered_on(self):
        days = np.where(np.isnan(self.took), 0, self.took).astype("timedelta64[D]")
        return np.where(np.isnan(self.took), np.datetime64("NaT"), self.asked_on + days)

    def each(self, change):
        """The same with every array changed."""
        return Book(*(change(getattr(self, field.name)) for field in fields(self)))

    def in_units_of(self, size):
        """The same with every quantity counted in units so many times smaller."""
        return replace(self, **{name: getattr(self, name) * size for name in QUANTITIES})

    def said_by_last(self, value):
        """The same where the last place reports a value for everything, or (NaN) nothing at all."""
        quiet = np.isnan(value)
        changed = {}
        for field in fields(self):
            array = getattr(self, field.name).copy()
            if field.name == "took":
                array[-1] = np.nan if quiet else 0
            elif field.name in ("came", "timely"):
                array[-1] = not quiet
            elif array.dtype.kind == "f":
                array[-1] = value
            changed[field.name] = array
        return Book(**changed)


def a_book(seed):
    """The book of a seed: gaps, zeros, months out throughout."""
    chance = np.random.default_rng(seed)
    shape = PLACES, MONTHS

    def drawn(most, gaps=0.2, zeros=0.2):
        values = chance.integers(0, most + 1, shape).astype(float)
        values[chance.random(shape) < zeros] = 0
        values[chance.random(shape) < gaps] = np.nan
        return values

    quantities = {name: drawn(60) for name in QUANTITIES}
    quantities["consumed"] = drawn(60, gaps=0.1)
    came = chance.random(shape) < 0.8
    return Book(
        **quantities,
        days_out=np.minimum(drawn(45, zeros=0.5), 30),
        months_left=drawn(9),
        asked_on=np.datetime64("2026-01-01") + chance.integers(0, 90, shape).astype("timedelta64[D]"),
        took=drawn(40, zeros=0.1),
        came=came,
        timely=came & (chance.random(shape) < 0.7),
        due=np.ones(shape, dtype=bool),
    )


@dataclass(frozen=True)
class Case:
    """One function and how its result behaves.

    Attributes:
        names: the definitions that it works out.
        ask: works it out of a book; rows of the result are the book's places.
        power: 1 where the result is a quantity, 0 where it is a share, a class or a time.
        exact: whether it can be counted in other units at all: whole units round.
        silent: what it says of a place that reported nothing; None where it says nothing of places.
        zero_too: whether a place that reported nothing but zeros is told apart from silence.
    """

    names: tuple[str, ...]
    ask: Callable
    power: int = 1
    exact: bool = True
    silent: object = np.nan
    zero_too: bool = True


def rate(names, ask, *, power=0, zero_too=True):
    """A case of a rate: nobody who was silent is in its denominator."""
    return Case((names,) if isinstance(names, str) else names, ask, power, zero_too=zero_too)


def amount(names, ask, **more):
    """A case of a quantity of each place."""
    return Case((names,) if isinstance(names, str) else names, ask, **more)


def told(name, ask, silent, *, zero_too=True):
    """A case of a class of each place."""
    return Case((name,), ask, 0, silent=silent, zero_too=zero_too)


def classes(book):
    return stock_status.status(book.closing, book.average)


def orders(book):
    return supply_performance.Orders(
        book.ordered, book.received, book.asked_on + np.timedelta64(15, "D"), book.delivered_on
    )


def of_each(work):
    """Of what is said of one place at a time."""
    return lambda book: np.array(
        [work(book.each(lambda array, at=at: array[at])) for at in range(len(book.due))]
    )


def median_wait(book):
    return supply_performance.lead_time(book.asked_on, book.delivered_on).median


def low_share(book):
    return stock_status.shares(classes(book))[stock_status.Status.LOW]


def relation_of(book):
    found = discordance.discordance(book.services, book.consumed)
    return np.stack([found.usual, found.seen], axis=-1)


def both_closings(book):
    return np.stack([book.closing, book.counted])


def longest_spell(book):
    found = stockouts.spells(book.out, ~np.isnan(book.closing))
    longest = np.full(len(book.due), 0)
    np.maximum.at(longest, found["place"], found["months"])
    return longest


CASES = (
    rate("availability", lambda b: availability.of_product(b.closing, b.due)),
    rate("tracer_availability", lambda b: availability.of_set(both_closings(b), np.stack([b.due, b.due]))),
    rate("availability_share", lambda b: availability.mean_share(both_closings(b))),
    amount("consumption_adjusted", lambda b: consumption.adjusted(b.consumed, b.days_out, 30)),
    amount("average_monthly_consumption", lambda b: consumption.average(b.consumed, ~np.isnan(b.consumed))),
    amount(
        "couple_years",
        lambda b: cyp.couple_years({"condom-male": b.consumed}, np.full(MONTHS, 202201)),
    ),
    amount("disagreement", relation_of, power=0, exact=False, zero_too=False),
    amount("expiry_at_risk", lambda b: expiry.at_risk(b.closing, b.months_left, b.average[:, 0]).used),
    amount("usable_stock", lambda b: expiry.usable(b.closing, b.months_left), silent=0.0, zero_too=False),
    amount("forecast_croston", lambda b: forecast.croston(b.consumed, 1)),
    amount("forecast_from_services", lambda b: forecast.from_services(b.services, 3, 0.5, 0.1)),
    amount("forecast_moving_average", lambda b: forecast.moving_average(b.consumed, 2)),
    amount("forecast_seasonal_naive", lambda b: forecast.seasonal_naive(b.consumed, 1)),
    amount("forecast_tsb", lambda b: forecast.tsb(b.consumed, 1)),
    rate("forecast_error", lambda b: forecast_error.absolute_error(b.guessed, b.consumed), zero_too=False),
    rate("forecast_bias", lambda b: forecast_error.bias(b.guessed, b.consumed), zero_too=False),
    rate(
        "forecast_scaled_error",
        lambda b: forecast_error.scaled_error(b.guessed, b.consumed, b.bar),
        zero_too=False,
    ),
    amount("indexed", lambda b: relation.indexed(b.services), power=0, zero_too=False),
    told("emergency", lambda b: replenishment.is_emergency(b.closing, b.average), False, zero_too=False),
    amount(
        ("minimum_stock", "maximum_stock", "emergency_point"), lambda b: replenishment.level(b.average, 2)
    ),
    amount("order_quantity", lambda b: replenishment.order_quantity(b.average * 3, b.closing, 0)),
    amount("order_with_lead_time", lambda b: replenishment.order_with_lead_time(b.average, 3, 1, b.closing)),
    amount("packs", lambda b: replenishment.packs(b.ordered, Packing.openlmis(5, 2)), exact=False),
    amount("packs_elmis", lambda b: replenishment.packs(b.ordered, Packing.elmis(5, 2)), exact=False),
    amount("push_quantity", lambda b: replenishment.push(b.average, b.closing)),
    amount("to_delivery", lambda b: replenishment.to_delivery(b.closing, b.average, 10), exact=False),
    amount("average_of_reports", lambda b: reported_average.average(b.consumed, rounding="none")),
    amount("average_current_period", lambda b: reported_average.current_period(b.consumed), exact=False),
    rate("reporting_rate", lambda b: reporting_habits.completeness(b.came, b.due), zero_too=False),
    rate("reporting_consistency", lambda b: reporting_habits.regular(b.came, b.due, 3), zero_too=False),
    rate("timeliness", lambda b: reporting_habits.timely_of_expected(b.timely, b.due), zero_too=False),
    rate("timeliness_of_received", lambda b: reporting_habits.timely_of_received(b.timely, b.came, b.due)),
    told("adds_up", lambda b: stock_balance.adds_up(b.report)[1], False),
    amount("stock_break", lambda b: stock_balance.breaks(b.opening, b.closing)),
    told("gap_cause", lambda b: stock_balance.cause(b.report), "", zero_too=False),
    rate("stock_discrepancy", lambda b: stock_balance.discrepancy(b.counted, b.closing), zero_too=False),
    amount("stock_gap", lambda b: stock_balance.gap(b.report)),
    amount("days_of_stock", lambda b: stock_status.days(b.closing, b.average), power=0),
    told("stock_status", classes, stock_status.Status.UNKNOWN),
    rate("stocked_to_plan", lambda b: stock_status.to_plan(classes(b))),
    told(
        "status_shares",
        lambda b: stock_status.shares(classes(b))[stock_status.Status.LOW],
        0.0,
        zero_too=False,
    ),
    amount("average_commtrack", lambda b: stockout_adjustment.commtrack(b.consumed, b.days_out > 0, 30)),
    amount("average_days_in_stock", lambda b: stockout_adjustment.days_in_stock(b.consumed, b.days_out, 30)),
    amount("adjusted_elmis", lambda b: stockout_adjustment.elmis(b.consumed, b.days_out), exact=False),
    amount(
        "adjusted_openlmis", lambda b: stockout_adjustment.openlmis(b.consumed, b.days_out).value, exact=False
    ),
    rate("stockout_rate", lambda b: stockouts.at_end(b.closing, b.due)),
    rate("stockout_rate_any_day", lambda b: stockouts.on_any_day(b.days_out, b.due)),
    rate("stockout_time", lambda b: stockouts.of_days(b.days_out, 30, b.due)),
    rate("stockout_duration", lambda b: stockouts.mean_duration(b.days_out, b.due), zero_too=False),
    told("family_stockout", lambda b: stockouts.family_out(both_closings(b), True)[0], False),
    told("stockout_spell", longest_spell, 0),
    rate("order_fill_rate", lambda b: supply_performance.fill_rate(b.ordered, b.received), zero_too=False),
    Case(("lead_time",), of_each(median_wait), 0),
    rate(
        "on_time_in_full",
        lambda b: supply_performance.on_time_in_full(orders(b), np.datetime64("2026-09-01")),
        zero_too=False,
    ),
    amount(
        "coefficient_of_variation",
        lambda b: variation.coefficient_of_variation(b.consumed),
        power=0,
        zero_too=False,
    ),
    told("demand_pattern", lambda b: variation.demand(b.consumed), "unknown", zero_too=False),
    amount("steadiness", lambda b: variation.steadiness(b.average / 30), exact=False, silent=""),
    rate("closed_vial_wastage", lambda b: wastage.closed_vial(b.lost, b.consumed), zero_too=False),
    rate(
        "cumulative_wastage",
        lambda b: wastage.cumulative(wastage.closed_vial(b.lost, b.consumed)),
        zero_too=False,
    ),
    rate("open_vial_wastage", lambda b: wastage.open_vial(b.received, b.consumed), zero_too=False),
    rate("loss_rate", lambda b: wastage.loss_rate(b.lost, b.opening, b.received), zero_too=False),
)
