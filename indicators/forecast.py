"""What will be consumed in the coming months, by plain methods that can be worked out by hand.

Histories are `[..., month]` in dispensing units, NaN where nothing was reported; forecasts are `[..., month
ahead]`. The seasonal naive forecast (the same month of last year) is the bar: a method that does not beat it
on the past (`forecast_error.backtest`) is not worth its trouble. Where most months have no consumption,
averages of sizes and intervals do better than the last values (`croston`, `tsb`).

Sources: R. J. Hyndman, G. Athanasopoulos, Forecasting: Principles and Practice (3rd edition, 2021); J. D.
Croston (1972); A. A. Syntetos, J. E. Boylan (2005); R. H. Teunter, A. A. Syntetos, M. Z. Babai (2011).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats
from indicators.rates import over

Method = Callable[[Floats, int], Floats]


def seasonal_naive(history: npt.ArrayLike, ahead: int, season: int = 12) -> Floats:
    """The same month of last year; of the year before where last year's was not reported.

    Formula: forecast of month t = consumption of t - 12, else t - 24 and so on. Unit: dispensing units a
    month. NaN where no such month was ever reported.

    >>> seasonal_naive([[1, 2, 3, 4]], 3, season=4).tolist()
    [[1.0, 2.0, 3.0]]
    """
    past = np.asarray(history, dtype=np.float64)
    found = np.full((*past.shape[:-1], ahead), np.nan)
    for step in range(ahead):
        month = past.shape[-1] + step - season * (step // season + 1)
        while month >= 0:
            if month < past.shape[-1]:
                found[..., step] = np.where(np.isnan(found[..., step]), past[..., month], found[..., step])
            month -= season
    return found


def moving_average(history: npt.ArrayLike, ahead: int, window: int = 3) -> Floats:
    """The mean of the last reported months of the window, the same for each month ahead.

    Formula: sum of the months reported / how many they are. Unit: dispensing units a month. NaN where none
    was reported.

    >>> moving_average([[9, 3, 4, 8]], 2).tolist()
    [[5.0, 5.0]]
    """
    last = np.asarray(history, dtype=np.float64)[..., -window:]
    known = ~np.isnan(last)
    mean = over(np.where(known, last, 0.0).sum(axis=-1), known.sum(axis=-1))
    return _level(mean, ahead)


def croston(history: npt.ArrayLike, ahead: int, alpha: float = 0.1, *, corrected: bool = True) -> Floats:
    """Croston's forecast of intermittent demand: usual size over usual interval between months with demand.

    Numerator: exponentially smoothed size of the months with consumption. Denominator: smoothed number of
    reported months from one to the next. Unit: dispensing units a month. `corrected` multiplies by 1 - alpha
    / 2, since the plain quotient is too high (Syntetos and Boylan). Months not reported do not count. 0
    where nothing was ever consumed, NaN where nothing was reported.

    >>> croston([[0, 0, 6, 0, 0, 6]], 2, corrected=False).tolist()
    [[2.0, 2.0]]
    """
    past = np.asarray(history, dtype=np.float64)
    size, interval, since = (np.full(past.shape[:-1], start) for start in (np.nan, np.nan, 0.0))
    for month in np.moveaxis(past, -1, 0):
        since = since + ~np.isnan(month)
        hit = month > 0
        size = np.where(hit, _smoothed(size, month, alpha), size)
        interval = np.where(hit, _smoothed(interval, since, alpha), interval)
        since = np.where(hit, 0.0, since)
    rate = size / interval * ((1 - alpha / 2) if corrected else 1)
    return _level(_or_none(rate, past), ahead)


def tsb(history: npt.ArrayLike, ahead: int, alpha: float = 0.1, beta: float = 0.1) -> Floats:
    """The forecast of Teunter, Syntetos and Babai: usual size times the chance of demand.

    Formula: smoothed size (alpha) x smoothed share of months with consumption (beta). Unit: dispensing units
    a month. While no demand comes the chance falls: unlike Croston's it forgets a product that is no longer
    used. Months not reported do not count. 0 where nothing was ever consumed, NaN where nothing was reported.

    >>> tsb([[4, 4, 4]], 1).tolist(), tsb([[4, 0, 0]], 1, beta=0.5).tolist()
    ([[4.0]], [[1.0]])
    """
    past = np.asarray(history, dtype=np.float64)
    size, chance = np.full(past.shape[:-1], np.nan), np.full(past.shape[:-1], np.nan)
    for month in np.moveaxis(past, -1, 0):
        hit = month > 0
        size = np.where(hit, _smoothed(size, month, alpha), size)
        chance = np.where(np.isnan(month), chance, _smoothed(chance, hit.astype(np.float64), beta))
    return _level(_or_none(size * chance, past), ahead)


def from_services(
    cases: npt.ArrayLike, dose: npt.ArrayLike, share: npt.ArrayLike = 1, wastage: npt.ArrayLike = 0
) -> Floats:
    """What the services need by the guideline; a quantification sets it beside the forecast from consumption.

    Formula: cases x share treated with the product x units a case / (1 - wastage). Unit: dispensing units.

    >>> from_services([100, np.nan], dose=24, share=0.5).tolist()
    [1200.0, nan]
    """
    treated = np.asarray(cases, dtype=np.float64) * np.asarray(share, dtype=np.float64)
    return over(treated * np.asarray(dose, dtype=np.float64), 1 - np.asarray(wastage, dtype=np.float64))


METHODS: Mapping[str, Method] = {
    "seasonal_naive": seasonal_naive,
    "moving_average": moving_average,
    "croston": croston,
    "tsb": tsb,
}
"""The methods by the names that a configuration may use."""


def _smoothed(before: Floats, value: Floats, weight: float) -> Floats:
    """What was smoothed so far moved towards a value; the value itself the first time."""
    return np.where(np.isnan(before), value, before + weight * (value - before))


def _or_none(rate: Floats, past: Floats) -> Floats:
    """0 where months were reported and none had consumption."""
    some = (~np.isnan(past)).any(axis=-1)
    return np.where(np.isnan(rate) & some, 0.0, rate)


def _level(rate: Any, ahead: int) -> Floats:
    return np.repeat(np.asarray(rate, dtype=np.float64)[..., None], ahead, axis=-1)
