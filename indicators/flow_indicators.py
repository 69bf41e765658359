"""Flows of places: consumption made good, days without stock, losses, orders served, protection.

A flow adds up over months. A report over several months is shared between them, and what is set beside each
other (an order and its receipt, days out and the days there were) is of reports of one length. Formulas and
sources stand with the functions of arrays: `stockout_adjustment`, `stockouts`, `wastage`,
`supply_performance`, `cyp`.
"""

from __future__ import annotations

import numpy as np

from indicators.cells import Cell, Cells
from indicators.consumption import days
from indicators.cyp import factors
from indicators.folding import First, any_of, summed
from indicators.grids import Flags, Floats
from indicators.laid import Laid
from indicators.parts import Indicator, Parts, parts, together
from indicators.periods import Span


def consumption_adjusted(cells: Cells, span: Span) -> Parts:
    """Consumption as it would have been with stock on every day, by the country's rule.

    Numerator: the months' consumption made good. Denominator: how many months it is of. Reported: unit-months
    of which it is known. Expected: unit-months in which any of the products is carried. Unit: dispensing
    units.
    """
    total, known = np.zeros(cells.shape), np.zeros(cells.shape, dtype=bool)
    for cell in cells.each:
        total += np.nan_to_num(cell.made_good)
        known |= ~np.isnan(cell.made_good)
    return _amount(total, known, cells.due, span)


def couple_years(cells: Cells, span: Span) -> Parts:
    """Couple-years of protection of what was given out, with the factors of each month.

    Numerator: units x couple-years of a unit, summed over methods. Denominator: how many months it is of. A
    product that is no contraceptive, or whose method has no factor in a month, is in no number. Unit:
    couple-years.
    """
    codes, months = cells.rollup.items["code"], cells.rollup.months.tolist()
    total, known, due = np.zeros(cells.shape), *(np.zeros(cells.shape, dtype=bool) for _ in range(2))
    for cell in cells.each:
        method = cells.rules.protects.get(codes.iloc[cell.item])
        worth = np.array([factors(month, cells.rules.factors).get(method or "", np.nan) for month in months])
        given = cell.flow("consumed").value * worth
        total += np.nan_to_num(given)
        known |= ~np.isnan(given)
        due |= cell.due & ~np.isnan(worth)
    return _amount(total, known, due, span)


def stockout_rate_any_day(cells: Cells, span: Span) -> Parts:
    """Stocked out on any day of the period, as places report their days.

    Numerator: places with a day or more out of stock. Denominator: places that carry the product and
    reported their days. Expected: places that carry it. Unit: share of 1. A family counts the fewest days of
    any member that is carried, which is the most that all can have been out together.
    """
    out, _, known = _days_out(cells)
    said = any_of(known, span)
    return parts(any_of(known & (out > 0), span), said, said, any_of(cells.due, span))


def stockout_time(cells: Cells, span: Span) -> Parts:
    """How much of the time there was no stock.

    Numerator: days out, at most all. Denominator: days of the months that were reported. Reported, expected:
    unit-months. Unit: share of 1.
    """
    out, length, known = _days_out(cells)
    lost, there = np.where(known, np.clip(out, 0, length), 0.0), np.where(known, length, 0.0)
    return parts(*(summed(months, span) for months in (lost, there, known, cells.due)))


def stockout_duration(cells: Cells, span: Span) -> Parts:
    """How many days those that were out of stock were so.

    Numerator: days out. Denominator: places with a day or more out. Reported: places that reported their
    days. Expected: places that carry the product. Unit: days.
    """
    out, length, known = _days_out(cells)
    lost = np.where(known, np.clip(out, 0, length), 0.0)
    affected = any_of(lost > 0, span)
    return parts(summed(lost, span), affected, any_of(known, span), any_of(cells.due, span))


def loss_rate(cells: Cells, span: Span) -> Parts:
    """Losses (expired, broken, stolen) of what there was to lose; transfers are no losses.

    Numerator: quantity lost in the period. Denominator: stock at its beginning + received in it. Reported:
    places of which both are known. Expected: places that carry any of the products. Unit: share of 1.
    """
    several = [_losses(cell, span) for cell in cells.each]
    found = together(several, cells, span)
    return found._replace(reported=np.minimum(found.reported, 1), expected=np.minimum(found.expected, 1))


def order_fill_rate(cells: Cells, span: Span) -> Parts:
    """What came of what was ordered, by the next report of the same length.

    Numerator: quantity received, of each order at most what it asked for. Denominator: quantity ordered in
    the report before. Reported: orders of which the receipt is known. Expected: orders, of a product that is
    carried when they should come. Unit: share of 1. An order of nothing is in no number.
    """
    several = []
    for cell in cells.each:
        asked, came = _orders(cell.every("ordered"), cell.flow("received"))
        order = (asked > 0) & cell.due
        known = order & ~np.isnan(came)
        filled = np.where(known, np.minimum(came, asked), 0.0)
        months = filled, np.where(known, asked, 0.0), known, order
        several.append(parts(*(summed(each, span) for each in months)))
    return together(several, cells, span)


def _amount(total: Floats, known: Flags, due: Flags, span: Span) -> Parts:
    months = summed(known, span)
    return Parts(summed(total, span), months, months, summed(due, span))


def _days_out(cells: Cells) -> tuple[Floats, Floats, Flags]:
    """Days out and days of each month, and where that is known, `[place, month]`."""
    usual = np.broadcast_to(days(cells.rollup.calendar), cells.shape).astype(np.float64)
    fewest, length = np.full(cells.shape, np.inf), usual
    silent = np.zeros(cells.shape, dtype=bool)
    for cell in cells.each:
        flow = cell.flow("stockout_days")
        lengths = flow.over_its_report(usual[0] if len(usual) else np.ones(cells.shape[1]))
        lower = flow.known & (flow.value < fewest)
        fewest, length = np.where(lower, flow.value, fewest), np.where(lower, lengths, length)
        silent |= cell.due & ~flow.known
    known = np.isfinite(fewest) & (~silent | (fewest <= 0))
    return np.where(known, fewest, 0.0), length, known


def _losses(cell: Cell, span: Span) -> Parts:
    lost, received = cell.flow("lost"), cell.flow("received").value
    first = First(~np.isnan(cell.opening), span)
    both = any_of(lost.known, span) & first.found
    there = first.of(cell.opening) + summed(np.nan_to_num(received), span)
    gone = summed(np.nan_to_num(lost.value), span)
    return parts(np.where(both, gone, 0.0), np.where(both, there, 0.0), both, any_of(cell.due, span))


def _orders(ordered: Laid, received: Laid) -> tuple[Floats, Floats]:
    """What was asked for in the report before each month's, and what came; NaN where not known."""
    asked, came = np.full(ordered.value.shape, np.nan), np.full(ordered.value.shape, np.nan)
    for length in np.unique(ordered.months[ordered.months > 0]).tolist():
        before = np.full(asked.shape, np.nan)
        before[:, length:] = np.where(ordered.months == length, ordered.value, np.nan)[:, :-length]
        free = np.isnan(asked) & ~np.isnan(before)
        asked[free] = before[free]
        came[free] = np.where(received.months == length, received.value, np.nan)[free]
    return asked, came


FLOW_INDICATORS = (
    Indicator("consumption_adjusted", "quantity", consumption_adjusted, amount=True),
    Indicator("couple_years", "couple_years", couple_years, amount=True),
    Indicator("stockout_rate_any_day", "share", stockout_rate_any_day, pairs=True),
    Indicator("stockout_time", "share", stockout_time, pairs=True),
    Indicator("stockout_duration", "days", stockout_duration, pairs=True),
    Indicator("loss_rate", "share", loss_rate),
    Indicator("order_fill_rate", "share", order_fill_rate),
)
