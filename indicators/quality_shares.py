"""Shares of checks that held: what the review of data quality adds up, as functions of arrays.

Arrays `[series or place, month]`. What cannot be checked is in neither number, so that silence is never
counted as right or wrong.

Source: WHO, Data quality assurance, module 2: desk review (2022).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats
from indicators.quality_book import before
from indicators.rates import Rate, counted

THIRD, YEAR, ENOUGH_OF_YEAR, FEW = 0.33, 12, 10, 10.0
"""WHO's limit of a year against the year before; how many of its months must be there, and how large each."""


def of_checks(held: npt.ArrayLike, made: npt.ArrayLike) -> Rate:
    """Share of checks that held.

    Numerator: checks that held. Denominator: checks that could be made. Unit: share of 1.

    >>> float(of_checks([1, 0, 1, 1], [1, 1, 1, 0]).pooled().value.round(3))
    0.667
    """
    return counted(held, np.ones(np.shape(made), dtype=bool), made)


def consistent(history: npt.ArrayLike, window: int = YEAR) -> Rate:
    """Share of series whose year is like the year before, as of each month.

    Numerator: series whose mean of a year lies within a third of that of the year before. Denominator: series
    of which both years are known, with ten units a month or more in the first. Unit: share of 1.

    >>> float(consistent([[20, 20, 26, 26], [20, 20, 40, 40]], window=2).pooled().value[-1])
    0.5
    """
    ratio = yearly(np.asarray(history, dtype=np.float64), window)
    return of_checks(np.abs(ratio - 1) <= THIRD, ~np.isnan(ratio))


def yearly(values: Floats, window: int) -> Floats:
    """The mean of each report and those of the year before it, over that of the year before these.

    NaN where ten months of twelve are not there in both, or where the mean before is below ten: the ratio of
    a few counts says nothing.

    >>> flat = np.full((1, 24), 20.0)
    >>> yearly(np.concatenate([flat[:, :12], 1.5 * flat[:, 12:]], axis=1), 12)[0, -1].item()
    1.5
    """
    there = ~np.isnan(values)
    total = np.cumsum(np.where(there, values, 0), axis=1)
    count = np.cumsum(there, axis=1).astype(np.float64)
    sums, counts = total - _earlier(total, window), count - _earlier(count, window)
    enough = (counts >= ENOUGH_OF_YEAR / YEAR * window) & (np.arange(values.shape[1]) >= window - 1)
    mean = np.where(enough, sums / np.maximum(counts, 1), np.nan)
    past = before(mean, window)
    return np.asarray(mean / np.where(past >= FEW, past, np.nan))


def _earlier(running: Floats, window: int) -> Floats:
    """Running sums as they stood so many reports before, 0 at the beginning."""
    return np.nan_to_num(before(running, window))
