"""What the figures stand on once more, slowly, in plain Python, from the rules as they are written.

It walks places, products and months one by one and shares no line with `indicators`: where both agree on
thousands of random countries, both say what the rules say.
"""

import calendar
import math
from collections import namedtuple
from functools import cache

from tests.indicators.random_frames import STOCKS

Figure = namedtuple("Figure", "numerator denominator reported expected")
Flow = namedtuple("Flow", "value months begins")
CARRIED_FOR = 12
HAIR = 1e-9


class Oracle:
    """What the indicators should say of a world.

    Args:
        world: the country.
        rules: the country's decisions, `indicators.rules.Rules`.
    """

    def __init__(self, world, rules):
        self.world, self.rules = world, rules
        numbers = [m for each in world.stocks.values() for m in each]
        for each in world.flows.values():
            numbers += [n for first, months in each for n in (first, first + months - 1)]
        self.first, self.last = min(numbers), max(numbers)
        for name in ("flow", "stock", "due", "used", "average", "forecast", "expects", "sent", "dated"):
            setattr(self, name, cache(getattr(self, name)))

    # What was reported

    def flow(self, place, item, measure, month):
        """The month's own report, else its share of the shortest longer one; None where there is none."""
        reports = self.world.flows.get((place, item, measure), {})
        found = [
            (months, first, v) for (first, months), v in reports.items() if first <= month < first + months
        ]
        if not found:
            return None
        months, first, value = min(found)
        return Flow(value / months, months, first)

    def stock(self, place, item, measure, month):
        return self.world.stocks.get((place, item, measure), {}).get(month)

    def open(self, place, month):
        opened, closed = self.world.dates.get(place, (None, None))
        return (opened is None or month >= opened) and (closed is None or month <= closed)

    def over(self, form, month):
        """Whether the window of the form that a month lies in has ended within the data."""
        months, begins = self.world.forms[form]
        start = month - (month - (begins - 1)) % months
        return start + months - 1 <= self.last

    def any_value(self, place, item, month):
        flows = any(
            self.flow(place, item, m, month)
            for m in ("consumed", "received", "lost", "ordered", "stockout_days")
        )
        return flows or any(self.stock(place, item, m, month) is not None for m in STOCKS)

    def active(self, place, item, month):
        flows = (self.flow(place, item, m, month) for m in ("consumed", "received"))
        stocks = (self.stock(place, item, m, month) for m in STOCKS)
        return any(f and f.value > 0 for f in flows) or any(s is not None and s > 0 for s in stocks)

    def due(self, place, item, month):
        """Expected: form assigned and place open, or something came; and the product carried there."""
        forms = [form for form in self.world.forms if (form, place) in self.world.assigned]
        asked = self.open(place, month) and any(self.over(form, month) for form in forms)
        if not (asked or self.any_value(place, item, month)):
            return False
        decided = self.world.carried.get((place, item))
        lately = range(max(self.first, month - CARRIED_FOR + 1), month + 1)
        return decided if decided is not None else any(self.active(place, item, m) for m in lately)

    def held(self, place, item, month):
        return self.stock(place, item, "closing", month) if self.due(place, item, month) else None

    # Consumption

    def days(self, flow):
        """Days of a month of the report that a flow comes from."""
        months = range(flow.begins, min(flow.begins + flow.months, self.last + 1))
        return sum(calendar.monthrange(m // 12, m % 12 + 1)[1] for m in months) / flow.months

    def days_out(self, place, item, month, flow):
        """Days out that the very report of a consumption names, of a month of it; 0 where it names none."""
        out = self.flow(place, item, "stockout_days", month)
        same = out and (out.months, out.begins) == (flow.months, flow.begins)
        return out.value if same else None

    def used(self, place, item, month):
        """Consumption made good by the country's rule; None where nobody knows."""
        flow = self.flow(place, item, "consumed", month)
        if flow is None:
            return None
        out, days, name = (
            self.days_out(place, item, month, flow) or 0,
            self.days(flow),
            self.rules.average.rule,
        )
        if name == "none":
            return flow.value
        if name == "commtrack":
            return None if self.ran_out(place, item, month, flow) else flow.value
        if name in ("openlmis", "elmis"):
            return self.whole(flow, out, name)
        if out >= days:
            return None
        share = (days - out) / days
        return flow.value / (max(share, 1 / 3) if name == "tandem" else share)

    def whole(self, flow, out, name):
        total, length = flow.value * flow.months, 30 * flow.months
        if out * flow.months >= length:
            return flow.value if name == "elmis" else None
        exact = total * length / (length - out * flow.months)
        return (math.floor(exact + 0.5 + HAIR) if name == "elmis" else math.ceil(exact - HAIR)) / flow.months

    def ran_out(self, place, item, month, flow):
        closing = self.stock(place, item, "closing", month)
        return (self.days_out(place, item, month, flow) or 0) > 0 or (closing is not None and closing <= 0)

    def average(self, place, item, month):
        """The average monthly consumption as of a month; None where there is none."""
        rule = self.rules.average
        months = [m for m in range(month - rule.months + 1, month + 1) if m >= self.first]
        flows = {m: self.flow(place, item, "consumed", m) for m in months}
        if rule.rule == "commtrack":
            return self.commtrack(place, item, month)
        if sum(f is not None for f in flows.values()) < rule.least:
            return None
        if rule.rule == "days_in_stock":
            return self.by_days(place, item, flows)
        said = [self.used(place, item, m) for m in months]
        said = [s for s in said if s is not None]
        return sum(said) / len(said) if said else None

    def by_days(self, place, item, flows):
        total = there = 0
        for month, flow in flows.items():
            if flow is not None:
                days = self.days(flow)
                left = days - min(max(self.days_out(place, item, month, flow) or 0, 0), days)
                total, there = total + (flow.value if left > 0 else 0), there + left
        return 30 * total / there if there > 0 else None

    def commtrack(self, place, item, month):
        rule, total, count = self.rules.average, 0, 0
        for m in range(max(month - rule.months + 1, self.first), month + 1):
            flow = self.flow(place, item, "consumed", m)
            if flow is not None and not self.ran_out(place, item, m, flow):
                total, count = total + flow.value, count + 1
        return total / count if count >= rule.least else None

    # Forecasts

    def forecast(self, place, item, month, ahead):
        """What a month would have been forecast from the months up to `ahead` before it."""
        history = [self.demand(place, item, m) for m in range(self.first, month - ahead + 1)]
        return FORECASTS[self.rules.forecast.method](history, ahead)

    def demand(self, place, item, month):
        return self.used(place, item, month) if self.due(place, item, month) else None

    # Reports

    def expects(self, place, form, month):
        asked = (form, place) in self.world.assigned and self.open(place, month) and self.over(form, month)
        return asked or self.sent(place, form, month)

    def sent(self, place, form, month):
        """A value of the form's products at a place whose form it is, or a registered completion."""
        mine = [f for f in self.world.forms if (f, place) in self.world.assigned]
        home = mine[0] if mine else next(iter(self.world.forms))
        items = ("P1", "P2", "P3")
        came = home == form and any(self.any_value(place, item, month) for item in items)
        return came or bool(self.covering(place, form, month))

    def covering(self, place, form, month):
        return [
            timely
            for unit, f, first, months, timely in self.world.reports
            if (unit, f) == (place, form) and first <= month < first + months
        ]

    def dated(self, place, form, month):
        """Whether a report came by its day; None where that is not recorded."""
        said = [timely for timely in self.covering(place, form, month) if timely is not None]
        return any(said) if said else None


def moving_average(history, ahead):
    said = [h for h in history[-3:] if h is not None]
    return sum(said) / len(said) if said else None


def seasonal_naive(history, ahead):
    month = len(history) + ahead - 1 - 12
    while month >= 0:
        if month < len(history) and history[month] is not None:
            return history[month]
        month -= 12
    return None


def croston(history, ahead, alpha=0.1):
    size = interval = None
    since = 0
    for month in history:
        if month is None:
            continue
        since += 1
        if month > 0:
            size = month if size is None else size + alpha * (month - size)
            interval = since if interval is None else interval + alpha * (since - interval)
            since = 0
    if size is None:
        return 0 if any(h is not None for h in history) else None
    return size / interval * (1 - alpha / 2)


def tsb(history, ahead, alpha=0.1, beta=0.1):
    size = chance = None
    for month in history:
        if month is None:
            continue
        chance = float(month > 0) if chance is None else chance + beta * ((month > 0) - chance)
        if month > 0:
            size = month if size is None else size + alpha * (month - size)
    if size is None:
        return 0 if chance is not None else None
    return size * chance


FORECASTS = {
    "moving_average": moving_average,
    "seasonal_naive": seasonal_naive,
    "croston": croston,
    "tsb": tsb,
}
