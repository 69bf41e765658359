"""Medians of many short series at once: of rows, of groups, and of what lies around each month.

Rows are sorted with their gaps last, which on ten million figures takes a tenth of what a median that tests
every figure for a gap takes. Figures keep their type: float32 halves the memory of a whole country.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.floating[Any]]
Counts = npt.NDArray[np.intp]
Mode = Literal["centred", "trailing"]

# Of a normal distribution, the standard deviation is this many times the median absolute deviation.
MAD_TO_SD = 1.4826
# Figures sorted together: they stay in the processor's cache.
_BLOCK = 1 << 18
# Logarithms and scores that are grouped lie within plus or minus half of this.
_APART = 64.0
_TAIL = np.linspace(np.log(1e-8), np.log(0.5), 512)
_SCORES = np.array([-NormalDist().inv_cdf(float(p)) for p in np.exp(_TAIL)])


@dataclass(frozen=True)
class Around:
    """Which periods make up the level of a period: never the period itself.

    Attributes:
        mode: `centred`, the `reach` periods on either side, as history is told; `trailing`, the 2 × `reach`
            periods before, all that is known at the period's end.
        reach: twelve for months, so that every calendar month counts alike.
    """

    mode: Mode = "centred"
    reach: int = 12

    @property
    def before(self) -> int:
        """How many periods before are looked at."""
        return self.reach if self.mode == "centred" else 2 * self.reach

    @property
    def after(self) -> int:
        """How many periods after are looked at."""
        return self.reach if self.mode == "centred" else 0

    def median(self, values: Reals) -> Reals:
        """The median of what lies around each period, gaps left out, `[series, period]`.

        >>> import numpy as np
        >>> Around("trailing", 1).median(np.array([[1.0, 3.0, np.nan, 9.0]])).tolist()
        [[nan, 1.0, 2.0, 3.0]]
        """
        found, count = np.empty_like(values), self.count(~np.isnan(values))
        for rows, windows in self._windows(values):
            windows.sort(axis=-1)
            found[rows] = _middle(windows, count[rows])
        return found

    def count(self, flags: npt.NDArray[np.bool_]) -> Counts:
        """How many of the periods around each are flagged.

        >>> Around("centred", 1).count(np.array([[True, True, False, True]])).tolist()
        [[1, 1, 2, 0]]
        """
        width = flags.shape[1]
        total = np.zeros((len(flags), width + 1), dtype=np.intp)
        np.cumsum(flags, axis=1, out=total[:, 1:])
        column = np.arange(width)
        low, high = np.maximum(column - self.before, 0), np.minimum(column + self.after + 1, width)
        inside = total[:, high] - total[:, low] if self.after else total[:, column] - total[:, low]
        counted: Counts = inside - flags if self.after else inside
        return counted

    def _windows(self, values: Reals) -> Iterator[tuple[slice, Reals]]:
        width = self.before + self.after + 1
        size = max(1, _BLOCK // max(1, values.shape[1] * width))
        for start in range(0, len(values), size):
            rows = slice(start, start + size)
            padded = np.pad(values[rows], ((0, 0), (self.before, self.after)), constant_values=np.nan)
            windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1).copy()
            windows[..., self.before] = np.nan
            yield rows, windows


def medians(values: Reals) -> Reals:
    """The median along the last axis, gaps left out; NaN where there is nothing but gaps.

    >>> import numpy as np
    >>> medians(np.array([[3.0, np.nan, 1.0], [5.0, 1.0, 2.0]])).tolist()
    [2.0, 2.0]
    """
    if not values.shape[-1]:
        return np.full(values.shape[:-1], np.nan)
    return _middle(np.sort(values, axis=-1), np.count_nonzero(~np.isnan(values), axis=-1))


def _middle(ordered: Reals, count: Counts | int) -> Reals:
    """The middle of rows that are sorted with their gaps last; of each row, `count` figures are there."""
    width = ordered.shape[-1]
    flat, begins = ordered.reshape(-1), np.arange(0, ordered.size, width).reshape(ordered.shape[:-1])
    low = flat[begins + np.maximum(np.asarray(count) - 1, 0) // 2]
    high = flat[begins + np.minimum(np.asarray(count) // 2, width - 1)]
    return np.asarray((low + high) / 2)


def grouped_medians(values: Reals, groups: Counts, number: int) -> tuple[Reals, Counts]:
    """The median of each group of figures, gaps left out, and how many figures it stands on.

    All groups are sorted in one go, each moved beyond the one before it: so the figures must lie within
    ±32, as logarithms do; what lies beyond counts as ±32.

    Args:
        values: the figures.
        groups: the group of each, in the same shape.
        number: how many groups there are.

    >>> import numpy as np
    >>> grouped_medians(np.array([1.0, 9.0, 2.0, np.nan]), np.array([0, 1, 0, 1]), 3)
    (array([1.5, 9. , nan]), array([2, 1, 0]))
    """
    real = ~np.isnan(values)
    group = groups[real]
    limit = _APART / 2 - 1
    keys = np.sort(np.clip(values[real], -limit, limit).astype(np.float64) + _APART * group)
    count = np.bincount(group, minlength=number).astype(np.intp)
    start = np.cumsum(count) - count
    low, high = start + np.maximum(count - 1, 0) // 2, start + count // 2
    found = np.full(number, np.nan)
    some = count > 0
    found[some] = (keys[low[some]] + keys[high[some]]) / 2 - _APART * np.flatnonzero(some)
    return np.round(found, 9), count


def normal_score(probability: Reals) -> Reals:
    """How many standard deviations below the mean a normal figure lies with this probability; at least 0.

    >>> import numpy as np
    >>> normal_score(np.array([0.3, 0.025, 0.00135])).round(2).tolist()
    [0.52, 1.96, 3.0]
    """
    logs = np.log(np.clip(probability, 1e-8, 0.5))
    score: Reals = np.interp(logs, _TAIL, _SCORES)
    return score
