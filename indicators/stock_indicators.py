"""Stocks of places: how long they last, how they stand, and whether they are out.

A stock is that of the last month of the period that was reported, never a sum. Only places that carry the
product count (`expected`): without that a product which is sent to a few sites would be out everywhere else.
Formulas and sources stand with the functions of arrays: `stock_status`, `stockouts`, `availability`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indicators.cells import Cells
from indicators.folding import Last, any_of
from indicators.grids import Flags, Floats
from indicators.parts import Indicator, Parts, parts, together
from indicators.periods import Span
from indicators.stock_status import Classes, Status, status
from indicators.stockouts import family_out


def months_of_stock(cells: Cells, span: Span) -> Parts:
    """Stock over average monthly consumption, of places and products that have both.

    Numerator: stock of the last month that has both. Denominator: average as of that month. Reported: places
    that have both. Expected: places that carry any of the products. Unit: months.
    """
    several = []
    for cell in cells.each:
        last = Last(~np.isnan(cell.held) & ~np.isnan(cell.average), span)
        stock, average = last.of(cell.held), last.of(cell.average)
        several.append(parts(stock, average, last.found, any_of(cell.due, span)))
    return _places(together(several, cells, span))


def days_of_stock(cells: Cells, span: Span) -> Parts:
    """Months of stock in days, of which a month has 30. Numerator: stock x 30. Unit: days."""
    found = months_of_stock(cells, span)
    return found._replace(numerator=found.numerator * 30)


def average_monthly_consumption(cells: Cells, span: Span) -> Parts:
    """What a usual month consumes, made good for stock-outs by the country's rule, as of the period's end.

    Numerator: averages of the last month of the period that has one, added up. Denominator: how many they
    are. Reported: places with an average. Expected: places that carry any of the products. Unit: dispensing
    units a month.
    """
    several = []
    for cell in cells.each:
        last = Last(~np.isnan(cell.average), span)
        several.append(parts(last.of(cell.average), last.found, last.found, any_of(cell.due, span)))
    return _places(together(several, cells, span))


def classes(cells: Cells) -> tuple[Classes, Flags]:
    """How the stock of a product or family stands in each month, and where any stock was reported.

    A family is out when every member is; else its months of stock are those of the members that have stock
    and average both.
    """
    held, due = cells.stacked()
    out, _ = family_out(held, due)
    average = np.stack([cell.average for cell in cells.each]) if cells.each else held
    both = ~np.isnan(held) & ~np.isnan(average)
    some = both.any(axis=0)
    stock = np.where(some, np.where(both, held, 0.0).sum(axis=0), np.nan)
    usual = np.where(both, average, 0.0).sum(axis=0)
    found = status(stock, usual, cells.limits())
    # Members that have no average may still hold stock: the family is not out, and nobody knows for how long.
    found[(found == Status.STOCKED_OUT) & ~out] = Status.UNKNOWN
    found[out] = Status.STOCKED_OUT
    return found, np.asarray((~np.isnan(held)).any(axis=0))


def of_class(wanted: Status) -> Indicator:
    """The share of places whose stock stands in a class; the five shares add up to 1.

    Numerator: places in the class at the period's last reported stock. Denominator: places that carry the
    product, unknown ones with them. Reported: places whose class is known. Unit: share of 1.
    """

    def own(cells: Cells, span: Span) -> Parts:
        found, due = _last_class(cells, span)
        return parts((found == wanted) & due, due, (found != Status.UNKNOWN) & due, due)

    return Indicator(f"status_{_NAMES[wanted]}", "share", own, pairs=True)


def stocked_to_plan(cells: Cells, span: Span) -> Parts:
    """Stocked according to plan.

    Numerator: places whose stock lies between minimum and maximum. Denominator: places whose class is known.
    Expected: places that carry the product. Unit: share of 1.
    """
    found, due = _last_class(cells, span)
    known = (found != Status.UNKNOWN) & due
    return parts((found == Status.ADEQUATE) & due, known, known, due)


def stockout_rate(cells: Cells, span: Span) -> Parts:
    """Stocked out at the end of the period; a family when all its members are.

    Numerator: places whose last reported stock is 0. Denominator: places that carry the product and reported
    its stock. Expected: places that carry it. Unit: share of 1.
    """
    out, known = family_out(*cells.stacked())
    last = Last(known, span)
    return parts(last.of(out), last.found, last.found, any_of(cells.due, span))


def stockout_spell(cells: Cells, span: Span) -> Parts:
    """For how long those that are out at the period's end have been so.

    Numerator: months out in a row up to the last reported one; a month of which nothing is known breaks the
    row. Denominator: places out. Reported, expected: as of the stock-out rate. Unit: months.
    """
    out, known = family_out(*cells.stacked())
    last = Last(known, span)
    return parts(last.of(in_a_row(out)), last.of(out), last.found, any_of(cells.due, span))


def availability(cells: Cells, span: Span) -> Parts:
    """In stock at the end of the period: the product, any member of a family, or every tracer of a set.

    Numerator: places with stock. Denominator: places that carry it and reported it; of a set, that reported
    all they carry, or one as out, which settles it. Expected: places that carry any of it. Unit: share of 1.
    """
    held, due = cells.stacked()
    if cells.kind == "tracers":
        lacking = np.logical_or.reduce((held <= 0) & due, axis=0)
        silent = np.logical_or.reduce(np.isnan(held) & due, axis=0)
        known, there = cells.due & (lacking | ~silent), np.logical_not(lacking | silent)
    else:
        out, known = family_out(held, due)
        there = ~out
    last = Last(known, span)
    return parts(last.of(there), last.found, last.found, any_of(cells.due, span))


def availability_share(cells: Cells, span: Span) -> Parts:
    """How much of a set is there: pairs of place and tracer in stock, of those carried and reported.

    Numerator: places with stock. Denominator: places that carry it and reported it; of a set both are summed
    over its products. Unit: share of 1.
    """
    found = stockout_rate(cells, span)
    return found._replace(numerator=found.denominator - found.numerator)


def in_a_row(flags: npt.NDArray[np.bool_]) -> Floats:
    """How many months up to each are flagged one after the other, `[place, month]`.

    >>> in_a_row(np.array([[True, True, False, True]])).tolist()
    [[1.0, 2.0, 0.0, 1.0]]
    """
    column = np.arange(1, flags.shape[1] + 1)
    last_free = np.maximum.accumulate(np.where(flags, 0, column), axis=1)
    return np.where(flags, column - last_free, 0).astype(np.float64)


def _last_class(cells: Cells, span: Span) -> tuple[Floats, Flags]:
    """The class of each place at the period's last reported stock, and whether it carries the product."""
    found, known = classes(cells)
    last = Last(known, span)
    at_end: Floats = np.where(last.found, last.of(found), Status.UNKNOWN)
    return at_end, any_of(cells.due, span)


def _places(found: Parts) -> Parts:
    """With places counted once, whatever number of the products they have."""
    reported, expected = (np.minimum(part, 1.0) for part in (found.reported, found.expected))
    return found._replace(reported=reported, expected=expected)


_NAMES = {
    Status.STOCKED_OUT: "out",
    Status.LOW: "low",
    Status.ADEQUATE: "adequate",
    Status.OVERSTOCKED: "over",
    Status.UNKNOWN: "unknown",
}

STOCK_INDICATORS = (
    Indicator("months_of_stock", "months", months_of_stock),
    Indicator("days_of_stock", "days", days_of_stock),
    Indicator("average_monthly_consumption", "quantity", average_monthly_consumption, amount=True),
    *(of_class(each) for each in Status),
    Indicator("stocked_to_plan", "share", stocked_to_plan, pairs=True),
    Indicator("stockout_rate", "share", stockout_rate, pairs=True),
    Indicator("stockout_spell", "months", stockout_spell, pairs=True),
    Indicator("availability", "share", availability),
    Indicator("availability_share", "share", availability_share, pairs=True),
)
