"""Consumption made good for days without stock, by the rules that logistics systems use, each by its name.

Quantities are in dispensing units, days in days, arrays of any shape that fit each other; NaN is what nobody
reported. The rules part where a place was out of stock all the time, when nobody can know what was wanted:

- `openlmis` blows a period's consumption up to all its days, in whole units and months of 30 days. Out all
  the time, OpenLMIS keeps the consumption as it is; here it is NaN with a note, unless `kept` is asked for.
- `elmis` is the same with halves rounded up, and keeps the consumption.
- `days_in_stock` divides the consumption of a window by its days in stock. A month out all the time leaves
  the word to the others of the window; a window out all the time is NaN.
- `commtrack` drops every interval with a stock-out, and so one that was out all the time; NaN when too few
  intervals are left.

More days out than the period has are an error of the report and give NaN with a note: the formula itself
would turn negative (5 consumed and 31 days out of 30 make -150). A rule of eLMIS that multiplies by 90
whoever was out a whole quarter (`DISPENSED_X_90`) is left out on purpose.

Sources: OpenLMIS requisition service (adjusted consumption); eLMIS, OpenLMIS 2 (normalised consumption);
CommCare HQ, CommTrack consumption; USAID | DELIVER, The Logistics Handbook (2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats
from indicators.rates import over
from indicators.rounding import half_up, upwards

# OpenLMIS and CommTrack count every month as 30 days.
MONTH = 30.0
ALWAYS_OUT, TOO_MANY_DAYS = "no day in stock", "more days out than the period has"
Rounding = Literal["up", "half up", "none"]


@dataclass(frozen=True)
class Adjusted:
    """Consumption made good, and why it is not where it is not.

    Attributes:
        value: what would have been consumed with stock on every day; NaN where it cannot be known.
        always_out: where the place had no day in stock.
        impossible: where more days out were reported than the period has.
    """

    value: Floats
    always_out: Flags
    impossible: Flags

    @property
    def notes(self) -> npt.NDArray[np.str_]:
        """Why there is no figure, in words; empty where there is one or nothing was reported."""
        always = np.where(self.always_out, ALWAYS_OUT, "")
        return np.asarray(np.where(self.impossible, TOO_MANY_DAYS, always), dtype=np.str_)


def openlmis(
    consumed: npt.ArrayLike,
    days_out: npt.ArrayLike,
    months: npt.ArrayLike = 1,
    *,
    rounding: Rounding = "up",
    kept: bool = False,
) -> Adjusted:
    """Consumption x 30M / (30M - days out), in whole units, for a period of M months.

    Numerator: consumption times the days of the period. Denominator: days in stock. Unit: dispensing units
    a period.

    Args:
        consumed: consumption of the period.
        days_out: days without stock; NaN where nobody said counts as none, below 0 as none.
        months: M, how many months the period has.
        rounding: how a fraction becomes whole; OpenLMIS 3 rounds up.
        kept: take the consumption as it is where no day was in stock, as OpenLMIS and eLMIS do; eLMIS also
            where more days out were reported than there are.

    >>> openlmis([7, 10, 15, 30, 5], [5, 5, 5, 5, 30]).value.tolist()
    [9.0, 12.0, 18.0, 36.0, nan]
    >>> openlmis(90, 45, months=3).value.tolist()
    180.0
    >>> openlmis([5, 5], [30, 31]).notes.tolist()
    ['no day in stock', 'more days out than the period has']
    """
    used, length = np.asarray(consumed, dtype=np.float64), MONTH * np.asarray(months, dtype=np.float64)
    out = np.maximum(np.nan_to_num(np.asarray(days_out, dtype=np.float64)), 0)
    used, out, length = np.broadcast_arrays(used, out, length)
    known = ~np.isnan(used)
    whole = used * length / np.where(out < length, length - out, np.nan)
    found = whole if rounding == "none" else upwards(whole) if rounding == "up" else half_up(whole)
    value = np.where(out >= length, used if kept else np.nan, found)
    return Adjusted(value, known & (out == length), known & (out > length))


def elmis(consumed: npt.ArrayLike, days_out: npt.ArrayLike, months: npt.ArrayLike = 1) -> Floats:
    """What eLMIS (OpenLMIS 2) takes for normalised consumption: halves up, and kept as it is when always out.

    Numerator: consumption times 30M. Denominator: 30M less the days out. Unit: dispensing units a period.
    It is here to reproduce what such a system sent; `openlmis` without `kept` says what can be known.

    >>> elmis([10, 7, 5, 5], [15, 5, 30, 31]).tolist()
    [20.0, 8.0, 5.0, 5.0]
    """
    return openlmis(consumed, days_out, months, rounding="half up", kept=True).value


def days_in_stock(
    consumed: npt.ArrayLike, days_out: npt.ArrayLike, days: npt.ArrayLike, window: int = 3
) -> Floats:
    """Average monthly consumption of a window by days in stock, as of each month, `[..., month]`.

    Numerator: what was consumed in the months of the window that were reported, times 30. Denominator: the
    days on which there was stock in the same months, of the real calendar. Unit: dispensing units a month
    of 30 days.

    A month out of stock throughout adds no day and no consumption, so the others speak for it; a window out
    throughout is NaN. Days out of a month are at most all of it.

    >>> days_in_stock([[30, 10, 0]], [[0, 21, 30]], [31, 31, 30]).round(2).tolist()
    [[29.03, 29.27, 29.27]]
    """
    used, length = np.asarray(consumed, dtype=np.float64), np.asarray(days, dtype=np.float64)
    used, out, length = np.broadcast_arrays(used, np.asarray(days_out, dtype=np.float64), length)
    known = ~np.isnan(used)
    in_stock = np.where(known, length - np.clip(np.nan_to_num(out), 0, length), 0.0)
    amount = np.where(known & (in_stock > 0), used, 0.0)
    days_of_window = _trailing(in_stock, window)
    total = _trailing(amount, window)
    return np.where(
        days_of_window > 0, MONTH * total / np.where(days_of_window > 0, days_of_window, 1), np.nan
    )


@dataclass(frozen=True)
class CommTrack:
    """How much an average by CommTrack's rule needs.

    Attributes:
        window: days looked back at most; an interval that crosses its edge counts in part.
        least_days: days with stock that must be left.
        least_intervals: intervals that must be left.
    """

    window: float = 60
    least_days: float = 10
    least_intervals: int = 2


STANDARD = CommTrack()


def commtrack(
    consumed: npt.ArrayLike, out: npt.ArrayLike, days: npt.ArrayLike, rule: CommTrack = STANDARD
) -> Floats:
    """Average monthly consumption from intervals without a stock-out alone, as of each, `[..., interval]`.

    Numerator: what was consumed in those intervals, times 30. Denominator: their days. Unit: dispensing
    units a month of 30 days. Intervals lie between two counts of the stock; with monthly reports an
    interval is a month.

    Args:
        consumed: consumption of each interval.
        out: whether there was a stock-out in it, which discards it whole.
        days: its length.
        rule: window, least days and least intervals.

    >>> commtrack([[30, 60, 4, 60]], [[False, False, True, False]], 30).tolist()
    [[nan, 45.0, nan, nan]]
    >>> commtrack([[30, 60, 90]], False, 30).tolist()
    [[nan, 45.0, 75.0]]
    """
    used = np.asarray(consumed, dtype=np.float64)
    used, bad, length = np.broadcast_arrays(
        used, np.asarray(out, dtype=bool), np.asarray(days, dtype=np.float64)
    )
    good = ~np.isnan(used) & ~bad & (length > 0)
    total, elapsed, left, count = (np.zeros(used.shape) for _ in range(4))
    for back in range(used.shape[-1]):
        room = rule.window - elapsed[..., back:]
        if (room <= 0).all():
            break
        part = slice(0, used.shape[-1] - back)
        inside = np.clip(room, 0, length[..., part])
        share = np.where(good[..., part], over(inside, length[..., part]), 0.0)
        total[..., back:] += share * np.nan_to_num(used[..., part])
        left[..., back:] += share * length[..., part]
        count[..., back:] += share > 0
        elapsed[..., back:] += length[..., part]
    enough = (left >= rule.least_days) & (count >= rule.least_intervals)
    return np.where(enough, MONTH * total / np.where(left > 0, left, 1), np.nan)


def _trailing(values: Floats, window: int) -> Floats:
    """The sum of each month and those before it within the window."""
    summed = values.copy()
    for back in range(1, min(window, values.shape[-1])):
        summed[..., back:] += values[..., :-back]
    return summed
