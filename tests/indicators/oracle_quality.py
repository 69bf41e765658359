"""The rules of data quality once more in plain Python: place by place, report by report.

It shares no line with `indicators.quality_*`; only what is usual is asked of `indicators.usual`, which has an
oracle of its own.
"""

import calendar
from dataclasses import dataclass
from functools import cached_property

from tests.indicators.quality_reports import FORM, SERVICES, yyyymm


@dataclass(eq=False)
class Shelf:
    """Reports of one kind and length.

    Attributes:
        values: {(place, item, measure, number of the first month): value}.
        step: months that a report covers.
    """

    values: dict
    step: int

    @cached_property
    def base(self):
        return min(key[3] for key in self.values) // self.step * self.step

    @cached_property
    def width(self):
        return max(key[3] - self.base for key in self.values) // self.step + 1

    @cached_property
    def rows(self):
        """(place, item, months after the base in which its reports begin), in order."""
        return sorted({(place, item, (m - self.base) % self.step) for place, item, _, m in self.values})

    @cached_property
    def measures(self):
        return {key[2] for key in self.values}

    def month(self, phase, column):
        return self.base + phase + column * self.step

    def of(self, row, measure, column):
        """What a row said; None where it said nothing."""
        if not 0 <= column < self.width:
            return None
        return self.values.get((row[0], row[1], measure, self.month(row[2], column)))

    def series(self, row, measure):
        return [self.of(row, measure, column) for column in range(self.width)]

    def said(self, row, column):
        return any(self.of(row, measure, column) is not None for measure in self.measures)

    def cells(self):
        return [(row, column) for row in self.rows for column in range(self.width)]

    def found(self, rule, row, column, measure, value, **more):
        """A finding about a figure."""
        where = {"org_unit": row[0], "item": row[1], "month": yyyymm(self.month(row[2], column))}
        return {"rule": rule, "measure": measure, "months": self.step, "value": value, **where, **more}


def shelves(told):
    """The shelves of services and those of products."""
    both = []
    for wanted in (True, False):
        mine = {key: value for key, value in told.values.items() if (key[1] in SERVICES) == wanted}
        lengths = [step for step in (1, 3, 6) if any(key[4] == step for key in mine)]
        both.append([Shelf({k[:4]: v for k, v in mine.items() if k[4] == s}, s) for s in lengths])
    return both


def stock_rules(shelf):
    """What a line of stock cannot be."""
    rules = [negative]
    if "closing" in shelf.measures:
        rules += [sums, goes_on, too_much_issued, adjusted_much]
    if "stockout_days" in shelf.measures:
        rules += [too_many_days, issued_while_out]
    for row, column in shelf.cells():
        box = {measure: shelf.of(row, measure, column) for measure in BOXES}
        for rule in rules:
            yield from rule(shelf, row, column, box)
    if "stockout_days" in shelf.measures:
        yield from silence(shelf)


BOXES = (
    "opening", "received", "consumed", "lost", "closing", "stockout_days", "ordered", "count", "adjusted",
)  # fmt: skip


def whole(box, *names):
    return all(box[name] is not None for name in names)


def sums(shelf, row, column, box):
    if whole(box, "opening", "received", "consumed", "closing"):
        made = box["opening"] + box["received"] + (box["adjusted"] or 0) - (box["lost"] or 0)
        made -= box["consumed"]
        if made != box["closing"]:
            off = box["closing"] - made
            yield shelf.found("arithmetic", row, column, "closing", box["closing"], expected=made, second=off)


def goes_on(shelf, row, column, box):
    ended = shelf.of(row, "closing", column - 1)
    if box["opening"] is not None and ended is not None and box["opening"] != ended:
        more = {"expected": ended, "second": box["opening"] - ended}
        yield shelf.found("continuity", row, column, "opening", box["opening"], **more)


def negative(shelf, row, column, box):
    for measure, value in box.items():
        if measure != "adjusted" and value is not None and value < 0:
            yield shelf.found("negative", row, column, measure, value, expected=0)


def too_much_issued(shelf, row, column, box):
    if whole(box, "opening", "received", "consumed"):
        there = box["opening"] + box["received"] + max(box["adjusted"] or 0, 0)
        if box["consumed"] > there:
            yield shelf.found("impossible_issue", row, column, "consumed", box["consumed"], expected=there)


def adjusted_much(shelf, row, column, box):
    if whole(box, "adjusted", "consumed") and box["adjusted"] and abs(box["adjusted"]) >= box["consumed"]:
        more = {"second": box["consumed"]}
        yield shelf.found("adjustment_dominates", row, column, "adjusted", box["adjusted"], **more)


def too_many_days(shelf, row, column, box):
    begins = shelf.month(row[2], column)
    days = sum(calendar.monthrange(m // 12, m % 12 + 1)[1] for m in range(begins, begins + shelf.step))
    out = box["stockout_days"]
    if out is not None and out > days:
        yield shelf.found("impossible_days", row, column, "stockout_days", out, expected=days)


def issued_while_out(shelf, row, column, box):
    used, out = box["consumed"] or 0, box["stockout_days"] or 0
    if used > 0 and out >= 28 * shelf.step:
        yield shelf.found("phantom_issue", row, column, "consumed", used, expected=0, second=out)


def silence(shelf):
    """Ends at nothing of what is carried that no day of stock-out is told of: once a place."""
    for place in sorted({row[0] for row in shelf.rows}):
        mine = [row for row in shelf.rows if row[0] == place]
        newest = max(c for c in range(shelf.width) if any(shelf.said(row, c) for row in mine))
        ends = [
            (shelf.month(row[2], c), shelf.of(row, "stockout_days", c) == 0)
            for row in mine
            for c in range(max(0, newest - 12 // shelf.step + 1), shelf.width)
            if shelf.of(row, "closing", c) == 0 and _carried(shelf, row, c)
        ]
        quiet = [month for month, silent in ends if silent]
        if len(quiet) >= 3 and len(quiet) / len(ends) >= 0.5:
            yield {
                "rule": "silent_stock_out", "org_unit": place, "item": "", "measure": "stockout_days",
                "month": yyyymm(max(quiet)), "since": yyyymm(min(quiet)), "months": shelf.step,
                "value": len(quiet), "expected": 0, "second": len(ends),
            }  # fmt: skip


def _carried(shelf, row, column):
    return any(
        (shelf.of(row, measure, c) or 0) > 0
        for measure in ("opening", "closing", "received", "consumed")
        for c in range(column - 11, column + 1)
    )


def ledger_rule(told):
    """What a month began with beside the store's own ledger."""
    for (place, item, month), stood in told.ledger.items():
        said = told.values.get((place, item, "opening", month, 1))
        ended = told.values.get((place, item, "closing", month - 1, 1))
        value, measure = (said, "opening") if said is not None else (ended, "closing")
        if value is not None and value != stood:
            yield {
                "rule": "opening_ledger", "org_unit": place, "item": item, "measure": measure,
                "month": yyyymm(month), "months": 1, "value": value, "expected": stood,
                "second": value - stood,
            }  # fmt: skip


def form_of(item):
    return FORM.get(item, "")
