"""Shares of a whole as whole percents that still make up all of it."""

import numpy as np

from indicators.grids import Floats


def whole_percents(shares: Floats) -> tuple[int, ...]:
    """Shares that add up to 1 as whole percents that add up to 100: the largest remainders are rounded up.

    >>> import numpy as np
    >>> whole_percents(np.array([1, 1, 1]) / 3), whole_percents(np.array([1.304, -0.304]))
    ((34, 33, 33), (130, -30))
    """
    percents = shares * 100
    whole = np.floor(percents + 1e-9).astype(np.int64)
    lacking = 100 - int(whole.sum())
    largest = np.argsort(whole - percents, kind="stable")[: max(lacking, 0)]
    whole[largest] += 1
    return tuple(whole.tolist())
