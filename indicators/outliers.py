"""DHIS2's two scores of outliers, exactly: what its users know, to be set beside the scores of `aberration`.

A series is one element, unit, category and attribute option combination; the tested value is part of its own
mean, median and spread. Series that do not vary (of the modified score: whose median absolute deviation is 0)
have no score.

Source: DHIS2's outlier detection (`GET /api/outlierDetection`, algorithms `Z_SCORE` and `MOD_Z_SCORE`): mean
and population standard deviation; 0.6745 times the distance from the median over the median absolute
deviation (B. Iglewicz, D. C. Hoaglin, "How to detect and handle outliers", 1993).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indicators.robust import Reals, medians

NORMAL_QUARTILE = 0.6745


@dataclass(frozen=True)
class Outliers:
    """Scores of DHIS2, arrays `[series, period]`; NaN where it has none.

    Attributes:
        score: how far the value lies from the middle, in spreads; never below 0.
        middle: mean or median, `[series, 1]`.
        spread: population standard deviation, or median absolute deviation, `[series, 1]`.
        reach: spreads from the middle to the bounds, for a threshold of 1.
    """

    score: Reals
    middle: Reals
    spread: Reals
    reach: float

    def bounds(self, threshold: float) -> tuple[Reals, Reals]:
        """The lowest and the highest value that the threshold lets through, `[series, 1]`."""
        away = threshold * self.reach * self.spread
        return self.middle - away, self.middle + away


def z_scores(values: Reals) -> Outliers:
    """DHIS2's `Z_SCORE`.

    >>> import numpy as np
    >>> z_scores(np.array([[10.0, 10, 10, 10, 60, np.nan]])).score.round(2).tolist()
    [[0.5, 0.5, 0.5, 0.5, 2.0, nan]]
    """
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = np.where(known, values, 0).sum(axis=1, keepdims=True) / count
    spread = np.sqrt((np.where(known, values - mean, 0) ** 2).sum(axis=1, keepdims=True) / count)
    return _outliers(values, mean, spread, 1.0)


def modified_z_scores(values: Reals) -> Outliers:
    """DHIS2's `MOD_Z_SCORE`.

    >>> import numpy as np
    >>> modified_z_scores(np.array([[10.0, 12, 9, 11, 60]])).score.round(2).tolist()
    [[0.67, 0.67, 1.35, 0.0, 33.05]]
    """
    middle = medians(values)[:, None]
    return _outliers(values, middle, medians(np.abs(values - middle))[:, None], 1 / NORMAL_QUARTILE)


def _outliers(values: Reals, middle: Reals, spread: Reals, reach: float) -> Outliers:
    varies = spread > 0
    middle, spread = np.where(varies, middle, np.nan), np.where(varies, spread, np.nan)
    return Outliers(np.abs(values - middle) / (spread * reach), middle, spread, reach)
