"""What a usual month consumes: the average of the last three, made good for the days without stock.

A month of thirty days with ten of them out of stock shows two thirds of what would have been consumed, so its
figure is taken times 30/20. A month that was out throughout says nothing of the demand and is left out of the
mean; beyond twenty days out the factor stays at three, or a handful of days would speak for the month. Where
nobody said how many days the stock was out, the consumption stands as it was reported.

At least two of the three months must have been reported; the mean is taken over those that say something. A
quarterly report counts as three months of a third each, made good by the days out of its whole quarter. A
country may choose another rule and another window (`rules.AverageRule`).

Sources: adjusted average monthly consumption of OpenLMIS and of open mSupply; aggregation rules of the
USAID | DELIVER Logistics Handbook (2011).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats
from indicators.hierarchy import Positions
from indicators.laid import lay
from indicators.periods import Calendar
from indicators.rates import over
from indicators.rollup import Rollup
from indicators.rules import AverageRule
from indicators.stockout_adjustment import CommTrack, commtrack, days_in_stock, elmis, openlmis

USUAL = AverageRule()
# The mean is of so many months, of which at least so many were reported, where no country says otherwise.
MONTHS, LEAST = USUAL.months, USUAL.least
# With less of a month in stock than this share, its consumption is not blown up any further.
IN_STOCK = 1 / 3


def adjusted(consumed: npt.ArrayLike, days_out: npt.ArrayLike, days: npt.ArrayLike) -> Floats:
    """Consumption as it would have been with stock on every day; NaN when it was out all the time.

    Args:
        consumed: what was consumed, in the product's units; NaN where nothing was reported.
        days_out: days without stock; NaN where nobody said, more than there are count as all.
        days: how many days the period has.

    >>> adjusted([30, 20, 10, 0], [float("nan"), 10, 25, 31], 30).tolist()
    [30.0, 30.0, 30.0, nan]
    """
    used, length = np.asarray(consumed, dtype=np.float64), np.asarray(days, dtype=np.float64)
    out = np.minimum(np.maximum(np.nan_to_num(np.asarray(days_out, dtype=np.float64)), 0), length)
    made_good = used * length / np.maximum(length - out, length * IN_STOCK)
    return np.asarray(np.where(out < length, made_good, np.nan), dtype=np.float64)


def average(monthly: Floats, reported: Flags, months: int = MONTHS, least: int = LEAST) -> Floats:
    """The mean of each month and those before it in the window, `[unit, month]`; NaN where too few came.

    Args:
        monthly: adjusted consumption, NaN where a month says nothing.
        reported: which months were reported, whether they say something or not.
        months: the window.
        least: how many of its months must have been reported.

    >>> import numpy as np
    >>> monthly = np.array([[10.0, 20, np.nan, 60, np.nan, np.nan]])
    >>> average(monthly, ~np.isnan(monthly)).tolist()
    [[nan, 15.0, 15.0, 40.0, nan, nan]]
    """
    known = ~np.isnan(monthly)
    total, count = _trailing(np.where(known, monthly, 0.0), months), _trailing(known, months)
    enough = (_trailing(reported, months) >= least) & (count > 0)
    return np.where(enough, total / np.maximum(count, 1), np.nan)


@dataclass(frozen=True)
class Used:
    """What some places used of a product, arrays `[place, month]`.

    Attributes:
        consumed: the month's consumption or its share of a longer report's; NaN where not reported.
        days_out: days without stock, of the same report; NaN where nobody said.
        days: days of the month, or of a month of the longer report.
        months: how many months the report has.
        out: whether anything says that the stock ran out in the month.
    """

    consumed: Floats
    days_out: Floats
    days: Floats
    months: npt.NDArray[np.integer]
    out: Flags

    def made_good(self, rule: AverageRule = USUAL) -> Floats:
        """Consumption as it would have been with stock on every day, by a rule; NaN where nobody knows."""
        used, out, months = self.consumed, self.days_out, np.maximum(self.months, 1)
        match rule.rule:
            case "none":
                return used
            case "openlmis":
                return np.asarray(openlmis(used * months, out * months, months).value / months)
            case "elmis":
                return np.asarray(elmis(used * months, out * months, months) / months)
            case "days_in_stock":
                lost = np.clip(np.nan_to_num(out), 0, self.days)
                return over(used * self.days, self.days - lost)
            case "commtrack":
                return np.where(self.out, np.nan, used)
        return adjusted(used, out, self.days)

    def averaged(self, rule: AverageRule = USUAL) -> Floats:
        """The average monthly consumption as of each month, by a rule; NaN where too few months came."""
        reported = ~np.isnan(self.consumed)
        if rule.rule == "days_in_stock":
            mean = days_in_stock(self.consumed, self.days_out, self.days, rule.months)
            return np.where(_trailing(reported, rule.months) >= rule.least, mean, np.nan)
        if rule.rule == "commtrack":
            within = CommTrack(30.0 * rule.months, least_intervals=rule.least)
            return commtrack(self.consumed, self.out, 30.0, within)
        return average(self.made_good(rule), reported, rule.months, rule.least)


def used(rollup: Rollup, item: int, positions: Positions) -> Used:
    """What units consumed of an item (a number of `Rollup.items`), `[unit, month of the calendar]`."""
    calendar, grids = rollup.calendar, rollup.grids
    consumed = lay(grids.get((item, "consumed")), positions, calendar)
    days_out = consumed.matching(lay(grids.get((item, "stockout_days")), positions, calendar))
    closing = grids.get((item, "closing"))
    empty = np.zeros(consumed.value.shape, dtype=bool)
    if closing is not None:
        empty = closing.take(positions, calendar.whole("month")) <= 0
    lengths = consumed.over_its_report(days(calendar))
    return Used(consumed.value, days_out, lengths, consumed.months, empty | (days_out > 0))


def monthly_average(rollup: Rollup, item: int, positions: Positions, rule: AverageRule = USUAL) -> Floats:
    """Each unit's own average monthly consumption of an item (a number of `Rollup.items`) as of every month.

    Returns:
        `[unit, month of the calendar]`, in the product's units a month; NaN where there is none.
    """
    if (item, "consumed") not in rollup.grids:
        return np.full((len(positions), rollup.calendar.size), np.nan)
    return used(rollup, item, positions).averaged(rule)


def days(calendar: Calendar) -> Floats:
    """How many days each month of a calendar has.

    >>> days(Calendar(202401, 202403)).tolist()
    [31.0, 29.0, 31.0]
    """
    first = np.datetime64("0000-01", "M") + calendar.base
    starts = np.arange(first, first + calendar.size + 1).astype("datetime64[D]")
    return np.asarray(np.diff(starts).astype(np.float64))


def _trailing(values: npt.NDArray[np.float64] | Flags, months: int) -> Floats:
    """The sum of each month and those before it that its mean is of."""
    summed = values.astype(np.float64)
    for back in range(1, min(months, values.shape[-1])):
        summed[..., back:] += values[..., :-back]
    return summed
