"""Why an unusual figure may be right, or which slip it looks like, once more in plain Python."""

import math
from dataclasses import dataclass
from statistics import median

from tests.indicators.oracle_patterns import close, turned
from tests.indicators.oracle_quality import Shelf, shelves
from tests.indicators.quality_reports import PACKS, PAIRS

FAMILIES = (("x", "y"), ("w", "z", "v"))
EXCUSES, EVENTS = {"stock_out", "substitute_out"}, {"both_rise", "both_fall"}


@dataclass(frozen=True)
class Alert:
    """An unusual figure, and what is usual for it."""

    place: str
    item: str
    measure: str
    month: int
    value: float
    expected: float

    @property
    def ratio(self):
        return self.value / self.expected if self.expected > 0 else math.nan

    @property
    def service(self):
        return self.measure == "count"


def row_of(shelf: Shelf, place, item, month):
    """The row and column of a report that begins in a month; None where the shelf has none."""
    row = place, item, (month - shelf.base) % shelf.step
    column = (month - shelf.base) // shelf.step
    return (row, column) if row in shelf.rows and 0 <= column < shelf.width else None


def reasons(alerts, told):
    """(number of the alert, because, stance, value, other) of all."""
    services, products = shelves(told)
    found = []
    for at, alert in enumerate(alerts):
        for shelf in services if alert.service else products:
            if where := row_of(shelf, alert.place, alert.item, alert.month):
                last = shelf.of(where[0], alert.measure, where[1] - 1)
                because = [*slips(alert, where, last), *out_of_stock(alert, shelf, where, products)]
                because += together(alert, [*products, *services])
                found += [(at, name, stance(name), value, other) for name, value, other in because]
    return found


def stance(name):
    return "excuses" if name in EXCUSES else "event" if name in EVENTS else "mistake"


def slips(alert, where, last):
    ratio, pack = alert.ratio, PACKS.get(alert.item) or 0
    more = ratio > 1
    if close(ratio, 10):
        yield ("times_ten" if more else "tenth"), None, ""
    if close(ratio, pack):
        yield ("units" if more else "packs"), pack, ""
    fits = [back for back in turned(alert.value) if abs(back / alert.expected - 1) <= 0.2] if ratio else []
    if fits and abs(ratio - 1) >= 0.4:
        yield "digit_swap", fits[0], ""
    if 1.7 <= ratio <= 2.4 and not last and where[1] > 0:
        yield "catch_up", last, ""
    if alert.value == last and alert.value > 0:
        yield "copied", last, ""


def is_out(shelf: Shelf, row, column):
    ends = 0 in (shelf.of(row, "closing", column), shelf.of(row, "opening", column))
    return ends or (shelf.of(row, "stockout_days", column) or 0) > 0


def out_of_stock(alert, shelf, where, products):
    fell, rose = alert.value < alert.expected, alert.value > alert.expected
    if alert.service:
        for pair in (pair for pair in PAIRS if alert.item in pair.services and fell):
            for product in pair.commodities:
                spot = at_other(alert, product, products)
                if spot and is_out(*spot):
                    yield "stock_out", 1.0, product
        return
    if fell and is_out(shelf, *where):
        yield "stock_out", shelf.of(where[0], "closing", where[1]), ""
    for family in (each for each in FAMILIES if alert.item in each and rose):
        for other in (each for each in family if each != alert.item):
            spot = row_of(shelf, alert.place, other, alert.month)
            if spot and is_out(shelf, *spot):
                yield "substitute_out", None, other


def at_other(alert, item, all_shelves):
    """(shelf, row, column) of another item there and then, in the first shelf that has it."""
    for shelf in all_shelves:
        if spot := row_of(shelf, alert.place, item, alert.month):
            return shelf, *spot
    return None


def together(alert, all_shelves):
    """Whether the other side of a pair moved the same way."""
    for pair in PAIRS:
        own, others = pair.services, pair.commodities
        if not alert.service:
            own, others = others, own
        for other in others if alert.item in own else ():
            spot = at_other(alert, other, all_shelves)
            moved = times_usual(*spot) if spot else None
            if moved is not None and alert.ratio >= 1.3 and moved >= 1.3:
                yield "both_rise", moved, other
            if moved is not None and alert.ratio <= 1 / 1.3 and moved <= 1 / 1.3:
                yield "both_fall", moved, other


def times_usual(shelf: Shelf, row, column):
    """A figure over the median of a year before and a year after it; of all where none lies around."""
    measure = "consumed" if "consumed" in shelf.measures else "count"
    series, reach = shelf.series(row, measure), 12 // shelf.step
    around = [
        value
        for at, value in enumerate(series)
        if value is not None and at != column and abs(at - column) <= reach
    ]
    everything = [value for value in series if value is not None]
    usually = median(around or everything or [0])
    value = series[column]
    return None if value is None or usually <= 0 else value / usually
