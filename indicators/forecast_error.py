"""How far forecasts were off, and how a method would have done on the past.

Forecasts and what came are arrays of one shape in dispensing units; a month counts where both are known.
Errors are pooled over all places and months, sums over sums, so that slow movers with their wild percentages
do not drown the rest.

Sources: R. J. Hyndman, A. B. Koehler, Another look at measures of forecast accuracy (2006); USAID Global
Health Supply Chain, forecast accuracy as 1 - WAPE.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.forecast import Method, seasonal_naive
from indicators.grids import Floats
from indicators.rates import Rate, both


def absolute_error(forecast: npt.ArrayLike, actual: npt.ArrayLike) -> Rate:
    """WAPE, once pooled: how much of the consumption the forecasts missed, either way.

    Numerator: |forecast - actual|. Denominator: actual consumption. Unit: share of 1; 1 less it is the
    accuracy.

    >>> float(absolute_error([12, 8], [10, 10]).pooled().value)
    0.2
    """
    guessed, came = np.asarray(forecast, dtype=np.float64), np.asarray(actual, dtype=np.float64)
    return both(np.abs(guessed - came), came)


def bias(forecast: npt.ArrayLike, actual: npt.ArrayLike) -> Rate:
    """How much too high (above 0) or too low forecasts were, once pooled.

    Numerator: forecast - actual. Denominator: actual consumption. Unit: share of 1.

    >>> float(bias([12, 9], [10, 10]).pooled().value)
    0.05
    """
    guessed, came = np.asarray(forecast, dtype=np.float64), np.asarray(actual, dtype=np.float64)
    return both(guessed - came, came)


def scaled_error(forecast: npt.ArrayLike, actual: npt.ArrayLike, bar: npt.ArrayLike) -> Rate:
    """A method's error over that of the bar, of the months that both forecast; below 1 it beats the bar.

    Numerator: |forecast - actual|. Denominator: |bar - actual|. Unit: none.

    >>> float(scaled_error([12, 8], [10, 10], [14, 10]).pooled().value)
    1.0
    """
    came = np.asarray(actual, dtype=np.float64)
    miss = np.abs(np.asarray(forecast, dtype=np.float64) - came)
    return both(miss, np.abs(np.asarray(bar, dtype=np.float64) - came))


@dataclass(frozen=True)
class Backtest:
    """How a method did when asked, month after month, for what came next.

    Attributes:
        wape: error over consumption, pooled.
        bias: too high above 0, too low below.
        scaled: error over that of the seasonal naive forecast, of the months that both forecast.
        months: how many forecasts were judged.
    """

    wape: float
    bias: float
    scaled: float
    months: int

    @property
    def beats_the_bar(self) -> bool:
        """Whether it was nearer than the same month of last year."""
        return self.scaled < 1


def backtest(history: npt.ArrayLike, method: Method, origins: int = 12, ahead: int = 1) -> Backtest:
    """Judge a method on the last months of a history, each forecast from what was known `ahead` before.

    Args:
        history: `[..., month]`.
        method: one of `forecast.METHODS`, or any function of a history and a number of months.
        origins: how many of the last months are forecast.
        ahead: from how many months before.

    Raises:
        ValueError: the history is not longer than what is to be forecast from it.

    >>> steady = np.full((1, 30), 10.0)
    >>> backtest(steady, seasonal_naive, origins=6).wape
    0.0
    """
    past = np.asarray(history, dtype=np.float64)
    total = past.shape[-1]
    if origins + ahead > total:
        raise ValueError(
            f"{total} months are too few to forecast {origins} of them {ahead} ahead: take fewer."
        )
    guessed, bar = _asked(past, method, origins, ahead), _asked(past, seasonal_naive, origins, ahead)
    came = past[..., total - origins :]
    every = tuple(range(came.ndim))
    wape = absolute_error(guessed, came)
    judged = int((~np.isnan(guessed) & ~np.isnan(came)).sum())
    return Backtest(
        float(wape.pooled(every).value),
        float(bias(guessed, came).pooled(every).value),
        float(scaled_error(guessed, came, bar).pooled(every).value),
        judged,
    )


def _asked(past: Floats, method: Method, origins: int, ahead: int) -> Floats:
    """The forecast of each of the last months, from the months up to `ahead` before it."""
    total = past.shape[-1]
    found = [
        method(past[..., : month - ahead + 1], ahead)[..., ahead - 1]
        for month in range(total - origins, total)
    ]
    return np.stack(found, axis=-1)
