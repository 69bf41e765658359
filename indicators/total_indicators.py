"""Figures of a unit's own course over the months: how far forecasts of it were off, how much it varies.

These are not sums of the places' figures: highs of one facility even out the lows of another, so that a
district varies less than its facilities and is easier to forecast. What adds up are the months; the figure is
worked out of the unit's sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indicators.cells import Cells
from indicators.folding import summed
from indicators.forecast import METHODS, Method, seasonal_naive
from indicators.grids import Floats
from indicators.hierarchy import Amounts
from indicators.parts import Parts
from indicators.periods import Span
from indicators.rates import over
from indicators.rules import Rules
from indicators.variation import coefficient_of_variation


@dataclass(frozen=True)
class TotalIndicator:
    """An indicator of a unit's sums by month.

    Attributes:
        id: its name, which never changes.
        unit: "share" (of 1) or "none".
        months: each place's amounts by month, which add up.
        finish: the parts of some units, of their sums over the calendar and the span asked for.
    """

    id: str
    unit: str
    months: Callable[[Cells], Amounts]
    finish: Callable[[Amounts, Span, Rules], Parts]
    amount: bool = False


def judged_months(cells: Cells) -> Amounts:
    """Of each month: its forecast and what came, of places where both are known; how many that is, of which.

    The forecast of a month is made of what was known `horizon` months before.
    """
    rule = cells.rules.forecast
    guess, came, known, due = (np.zeros(cells.shape) for _ in range(4))
    for cell in cells.each:
        guessed = forecast_of_past(cell.made_good, METHODS[rule.method], rule.horizon)
        both = ~np.isnan(guessed) & ~np.isnan(cell.made_good)
        guess += np.where(both, guessed, 0.0)
        came += np.where(both, cell.made_good, 0.0)
        known, due = np.maximum(known, both), np.maximum(due, cell.due)
    return guess, came, known, due


def forecast_error(amounts: Amounts, span: Span, rules: Rules) -> Parts:
    """WAPE of the unit's consumption, each month forecast `horizon` months before.

    Numerator: |forecast - what came|, month by month. Denominator: what came. Reported: unit-months that
    could be judged. Expected: unit-months in which a product is carried. Unit: share of 1; 1 less it is the
    accuracy.
    """
    del rules
    guess, came, known, due = amounts
    return Parts(*(summed(months, span) for months in (np.abs(guess - came), came, known, due)))


def consumed_months(cells: Cells) -> Amounts:
    """Of each month: consumption made good, of how many places it is known, and how many carry any."""
    total, known = np.zeros(cells.shape), np.zeros(cells.shape)
    for cell in cells.each:
        total += np.nan_to_num(cell.made_good)
        known = np.maximum(known, ~np.isnan(cell.made_good))
    return total, known, cells.due.astype(np.float64)


def variation(amounts: Amounts, span: Span, rules: Rules) -> Parts:
    """How much the unit's consumption varies over the season that ends with the period.

    Numerator: standard deviation of the months whose reports are complete enough. Denominator: their mean.
    Reported: how many they are. Expected: months of the season in which a product is carried. Unit: none. No
    figure with fewer than six.
    """
    total, known, due = amounts
    enough = (known > 0) & (known >= rules.complete * due)
    course = np.where(enough, total, np.nan)
    ends = np.append(span.edges[1:], total.shape[1])
    shape = len(total), len(ends)
    value, mean, months, season = (np.zeros(shape) for _ in range(4))
    for at, end in enumerate(ends.tolist()):
        window = course[:, max(end - rules.season, 0) : end]
        count = (~np.isnan(window)).sum(axis=1)
        value[:, at] = coefficient_of_variation(window)
        mean[:, at] = over(np.nansum(window, axis=1), count)
        months[:, at] = count
        season[:, at] = (due[:, max(end - rules.season, 0) : end] > 0).sum(axis=1)
    told = ~np.isnan(value)
    mean = np.where(told, mean, 0.0)
    return Parts(np.where(told, value * mean, 0.0), mean, months, season)


def forecast_of_past(history: Floats, method: Method, ahead: int) -> Floats:
    """What each month would have been forecast, from the months up to `ahead` before it, `[place, month]`.

    >>> past = np.array([[4.0, 6, 8, 10]])
    >>> forecast_of_past(past, METHODS["moving_average"], 2).tolist()
    [[nan, nan, 4.0, 5.0]]
    """
    found = np.full(history.shape, np.nan)
    for month in range(ahead, history.shape[1]):
        found[:, month] = method(history[:, : month - ahead + 1], ahead)[:, ahead - 1]
    return found


def coming_months(cells: Cells) -> Amounts:
    """Of each month ahead: what places are forecast, how many have a forecast, how many carry anything."""
    rule = cells.rules.forecast
    shape = cells.shape[0], rule.horizon
    total, known, due = (np.zeros(shape) for _ in range(3))
    for cell in cells.each:
        ahead = METHODS[rule.method](cell.made_good, rule.horizon)
        carried = cell.due[:, -1:]
        total += np.where(carried, np.nan_to_num(ahead), 0.0)
        known = np.maximum(known, carried & ~np.isnan(ahead))
        due = np.maximum(due, np.broadcast_to(carried, shape))
    return total, known, due


def tested_months(cells: Cells) -> Amounts:
    """Of each of the last months: forecast and what came; and both with last year's month, the bar."""
    rule = cells.rules.forecast
    tested = slice(max(cells.shape[1] - rule.tested, 0), None)
    sums = [np.zeros((cells.shape[0], min(rule.tested, cells.shape[1]))) for _ in range(5)]
    for cell in cells.each:
        came = cell.made_good[:, tested]
        guess, bar = (
            forecast_of_past(cell.made_good, method, rule.horizon)[:, tested]
            for method in (METHODS[rule.method], seasonal_naive)
        )
        both = ~np.isnan(guess) & ~np.isnan(came)
        all_three = both & ~np.isnan(bar)
        kept = (guess, both), (came, both), (guess, all_three), (came, all_three), (bar, all_three)
        for at, (amount, where) in enumerate(kept):
            sums[at] += np.where(where, amount, 0.0)
    return tuple(sums)


TOTAL_INDICATORS = (
    TotalIndicator("forecast_error", "share", judged_months, forecast_error),
    TotalIndicator("coefficient_of_variation", "none", consumed_months, variation),
)
