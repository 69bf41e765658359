"""Patterns that counting people do not make, and slips, once more in plain Python (`oracle_quality`)."""

import math
from collections import defaultdict

import numpy as np

from indicators.robust import Around
from indicators.usual import Method, usual
from tests.indicators.oracle_quality import form_of
from tests.indicators.quality_reports import PACKS, yyyymm

FLOWS = ("consumed", "count", "received")
HABITS = ("consumed", "count")


def again_and_again(shelf):
    for measure in HABITS:
        for row in shelf.rows:
            values = [*shelf.series(row, measure), None]
            begins = 0
            for column, value in enumerate(values[:-1]):
                if value is None or value != values[begins]:
                    begins = column
                long = column - begins + 1
                ends = value is not None and values[column + 1] != value
                if ends and ((value > 0 and long >= 4) or (value >= 20 and long >= 3)):
                    since = yyyymm(shelf.month(row[2], begins))
                    yield shelf.found("flat_line", row, column, measure, value, second=long, since=since)


def sheets(shelf):
    """{(place, form, phase): its rows}, in the order in which they lie."""
    found = defaultdict(list)
    for row in shelf.rows:
        found[row[0], form_of(row[1]), row[2]].append(row)
    return found


def of_sheet(rule, shelf, sheet, column, value, **more):
    month = yyyymm(shelf.month(sheet[2], column))
    where = {"org_unit": sheet[0], "item": "", "form": sheet[1], "measure": "", "month": month}
    return {"rule": rule, "months": shelf.step, "value": value, **where, **more}


def copied(shelf):
    for sheet, rows in sheets(shelf).items():
        for column in range(shelf.width):
            pairs = [
                (shelf.of(row, measure, column), shelf.of(row, measure, column - 1))
                for row in rows
                for measure in FLOWS
            ]
            there = [pair for pair in pairs if (pair[0] or 0) > 0]
            same = [now for now, then in there if now == then]
            if len(there) >= 5 and 10 * len(same) >= 8 * len(there):
                yield of_sheet("copied_form", shelf, sheet, column, len(same), second=len(there))


def twins(shelf):
    for column in range(shelf.width):
        alike = defaultdict(list)
        for sheet, rows in sheets(shelf).items():
            told = {
                (row[1], measure): max(shelf.of(row, measure, column) or 0, 0)
                for row in rows
                for measure in FLOWS
            }
            told = {box: value for box, value in told.items() if value > 0}
            if len(told) >= 3 and sum(math.log10(max(value, 1)) for value in told.values()) >= 6:
                alike[sheet[1:], frozenset(told.items())].append(sheet)
        for same in (each for each in alike.values() if len(each) > 1):
            for at, sheet in enumerate(same):
                other, count = same[(at + 1) % len(same)][0], len(dict(_of(alike, same)))
                yield of_sheet("twin_facilities", shelf, sheet, column, count, other=other)


def _of(alike, same):
    return next(told for (_, told), found in alike.items() if found is same)


def rounding(shelf):
    for measure in HABITS:
        for place in sorted({row[0] for row in shelf.rows}):
            large = [
                (shelf.month(row[2], column), value)
                for row in shelf.rows
                if row[0] == place
                for column in range(max(0, shelf.width - 24 // shelf.step), shelf.width)
                if (value := shelf.of(row, measure, column)) is not None and value >= 20
            ]
            share = sum(value % 10 == 0 for _, value in large) / max(len(large), 1)
            sure = len(large) >= 24 and share - 0.1 > 4 * math.sqrt(0.09 / len(large))
            if sure and share > 0.3:
                yield {
                    "rule": "heaping", "org_unit": place, "item": "", "measure": measure,
                    "month": yyyymm(max(month for month, _ in large)), "months": shelf.step,
                    "value": share, "expected": 0.1, "second": len(large),
                }  # fmt: skip


def slips(shelf):
    for measure in (name for name in HABITS if name in shelf.measures):
        values = np.array(
            [[np.nan if v is None else v for v in shelf.series(r, measure)] for r in shelf.rows]
        )
        items = sorted({row[1] for row in shelf.rows})
        groups = np.array([items.index(row[1]) for row in shelf.rows])
        cycle = 12 // shelf.step
        begins = (shelf.base + min(row[2] for row in shelf.rows)) // shelf.step % cycle
        known = usual(values, groups, Method(Around(reach=cycle), cycle=cycle, first=begins))
        for at, row in enumerate(shelf.rows):
            series = shelf.series(row, measure)
            for column in range(shelf.width):
                if known.enough[at, column] and series[column] is not None:
                    spread = float(known.score[at, column])
                    usually = float(known.expected[at, column])
                    if slip := slip_of(series, column, usually, spread, PACKS.get(row[1]) or 0):
                        more = {"expected": usually, "second": slip[1]}
                        yield shelf.found(slip[0], row, column, measure, series[column], **more)


def close(ratio, factor):
    if factor < 2 or ratio <= 0:
        return False
    return abs(abs(math.log(ratio)) - math.log(factor)) <= math.log(1.15)


def slip_of(series, column, usually, spread, pack):
    """The first slip that a figure's size tells of, and the figure that says so."""
    value = series[column]
    ratio = value / usually
    if close(ratio, pack) and abs(spread) >= 4 and not (ratio < 1 and value < 1):
        return "pack_unit", pack
    if close(ratio, 10) and abs(spread) >= 4 and not (ratio < 1 and usually < 20):
        return "times_ten", 10
    back = min(turned(value), key=lambda each: abs(each / usually - 1), default=None)
    off = abs(ratio - 1) >= 0.4 and abs(spread) >= 3 and usually >= 10
    if back is not None and off and abs(back / usually - 1) <= 0.2:
        return "digit_swap", back
    said = [each for each in series if each is not None]
    seldom = sum(each == 0 for each in said) <= 0.1 * len(said)
    began = any(each is not None for each in series[:column])
    if 1.7 <= ratio <= 2.4 and spread >= 1.5 and not (series[column - 1] or 0) and began and seldom:
        return "catch_up", math.nan
    return None


def turned(value):
    """A whole number with two neighbouring digits exchanged, in every way that changes it."""
    if value < 0 or value != int(value):
        return []
    digits = str(int(value))
    ways = [(at - 1, at) for at in range(len(digits) - 1, 0, -1) if digits[at] != digits[at - 1]]
    return [float(digits[:left] + digits[right] + digits[left] + digits[right + 1 :]) for left, right in ways]
