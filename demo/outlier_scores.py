"""How far a value lies from the others of its own series: z-scores, plain and modified.

A series is one element, unit, category and attribute option combination over time, the tested value included.
Series that never vary have no score. The constant 0.6745 (a normal distribution's upper quartile) makes the
modified score comparable with the plain one (Iglewicz and Hoaglin, 1993).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NORMAL_QUARTILE = 0.6745


@dataclass(frozen=True)
class Scores:
    """For every tested value: the middle of its series, its spread, and the score.

    Attributes:
        middle: mean or median; NaN where the series does not vary.
        spread: population standard deviation, or median absolute deviation.
        score: distance from the middle in spreads.
        reach: how many spreads away the bounds lie, for a threshold of 1.
    """

    middle: np.ndarray
    spread: np.ndarray
    score: np.ndarray
    reach: float

    def bounds(self, threshold: float) -> tuple[np.ndarray, np.ndarray]:
        """The lowest and highest value that the threshold still lets through."""
        width = self.spread * threshold * self.reach
        return self.middle - width, self.middle + width


def z_scores(value: np.ndarray, series: np.ndarray, reference: np.ndarray | None = None) -> Scores:
    """Scores by mean and population standard deviation.

    Args:
        value: the values.
        series: for each value the number of its series, from 0.
        reference: which values the statistics come from; all when None.
    """
    size = int(series.max(initial=-1)) + 1
    known = np.ones(len(value), bool) if reference is None else reference
    count = np.maximum(np.bincount(series[known], minlength=size), 1)
    mean = np.bincount(series[known], value[known], size) / count
    variance = np.bincount(series[known], (value[known] - mean[series[known]]) ** 2, size) / count
    return _scores(value, series, mean, np.sqrt(variance), 1.0)


def modified_z_scores(value: np.ndarray, series: np.ndarray, reference: np.ndarray | None = None) -> Scores:
    """Scores by median and median absolute deviation; arguments as for `z_scores`."""
    size = int(series.max(initial=-1)) + 1
    known = np.ones(len(value), bool) if reference is None else reference
    median = medians(value[known], series[known], size)
    away = np.abs(value[known] - median[series[known]])
    return _scores(value, series, median, medians(away, series[known], size), 1 / NORMAL_QUARTILE)


def medians(value: np.ndarray, series: np.ndarray, size: int) -> np.ndarray:
    """The median of each series; NaN of an empty one.

    >>> medians(np.array([1.0, 5.0, 2.0, 9.0]), np.array([0, 0, 0, 2]), 3).tolist()
    [2.0, nan, 9.0]
    """
    order = np.lexsort((value, series))
    ranked = np.append(value[order], np.nan)
    count = np.bincount(series, minlength=size)
    start = np.concatenate([[0], np.cumsum(count)[:-1]]) if size else np.zeros(0, int)
    low, high = start + np.maximum(count - 1, 0) // 2, start + count // 2
    return np.where(count > 0, (ranked[low] + ranked[np.minimum(high, len(value))]) / 2, np.nan)


def _scores(
    value: np.ndarray, series: np.ndarray, middle: np.ndarray, spread: np.ndarray, reach: float
) -> Scores:
    varies = spread[series] > 0
    of_middle = np.where(varies, middle[series], np.nan)
    of_spread = np.where(varies, spread[series], np.nan)
    return Scores(of_middle, of_spread, np.abs(value - of_middle) / (of_spread * reach), reach)


def numbered(*keys: np.ndarray) -> np.ndarray:
    """Numbers the different combinations of KEYS: for each place the number of its series."""
    if not len(keys[0]):
        return np.zeros(0, np.int64)
    _, series = np.unique(np.stack([np.asarray(key, np.int64) for key in keys]), axis=1, return_inverse=True)
    return series.ravel()
