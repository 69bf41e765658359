"""Rounding as logistics systems do it: half a unit goes up, a need is never rounded down.

numpy rounds a half to the even number, so that 37.5 becomes 38 and 38.5 becomes 38 as well; OpenLMIS and
eLMIS take the half up. A hair is left for what binary fractions add: 30 x 7 / 30 must not become 8.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats

HAIR = 1e-9


def half_up(amounts: npt.ArrayLike) -> Floats:
    """Each amount as the nearest whole number, a half upwards; NaN stays.

    >>> half_up([37.5, 38.5, 2.4]).tolist()
    [38.0, 39.0, 2.0]
    """
    return np.asarray(np.floor(np.asarray(amounts, dtype=np.float64) + 0.5 + HAIR))


def upwards(amounts: npt.ArrayLike) -> Floats:
    """Each amount as the next whole number that covers it; NaN stays.

    >>> upwards([8.4, 9.0, 0.1 + 0.2 + 2.7]).tolist()
    [9.0, 9.0, 3.0]
    """
    return np.asarray(np.ceil(np.asarray(amounts, dtype=np.float64) - HAIR))


def downwards(amounts: npt.ArrayLike) -> Floats:
    """Each amount as the whole number below it; NaN stays.

    >>> downwards([8.9, 9.0, (0.1 + 0.7) * 10]).tolist()
    [8.0, 9.0, 8.0]
    """
    return np.asarray(np.floor(np.asarray(amounts, dtype=np.float64) + HAIR))
