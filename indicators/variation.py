"""How even consumption is, and which products matter most: variation, ABC by value, VEN by need.

Consumption in dispensing units, value in money, arrays `[product, ...]`, NaN where not reported.

Sources: MSH, Managing Drug Supply (MDS-3, 2012), ABC and VEN analysis; J. E. Boylan, A. A. Syntetos, G. C.
Karakostas, Classification for forecasting and stock control (2008), for intermittent demand.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Floats
from indicators.rates import over

# Fewer months say nothing of how much a consumption varies.
LEAST = 6
# Demand is intermittent from this mean interval between months with consumption on, erratic or lumpy beyond
# this squared variation of its sizes.
INTERVAL, SIZES = 1.32, 0.49


class Demand(StrEnum):
    """What kind of demand a consumption shows; it says which forecast suits."""

    UNKNOWN = "unknown"
    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"


def coefficient_of_variation(consumed: npt.ArrayLike, least: int = LEAST) -> Floats:
    """How much consumption varies from month to month, `[...]` of `[..., month]`.

    Numerator: standard deviation of the reported months (n - 1). Denominator: their mean. Unit: none. NaN
    with fewer than `least` months or a mean of 0.

    >>> coefficient_of_variation([[10, 10, 10, 10, 10, 10], [0, 20, 0, 20, 0, 20]]).round(2).tolist()
    [0.0, 1.1]
    """
    used = np.asarray(consumed, dtype=np.float64)
    known = ~np.isnan(used)
    count = known.sum(axis=-1)
    mean = over(np.where(known, used, 0.0).sum(axis=-1), np.where(count >= max(least, 2), count, 0))
    squared = np.where(known, (used - mean[..., None]) ** 2, 0.0).sum(axis=-1)
    return over(np.sqrt(squared / np.maximum(count - 1, 1)), mean)


def steadiness(variation: npt.ArrayLike, limits: tuple[float, float] = (0.5, 1.0)) -> npt.NDArray[np.str_]:
    """X where consumption is steady, Y where it varies, Z where it is erratic; "" where that is not known.

    Condition: X up to the first limit of the coefficient of variation, Y up to the second.

    >>> steadiness([0.2, 0.7, 1.4, np.nan]).tolist()
    ['X', 'Y', 'Z', '']
    """
    found = np.asarray(variation, dtype=np.float64)
    where = [np.isnan(found), found <= limits[0], found <= limits[1]]
    return np.asarray(np.select(where, ["", "X", "Y"], "Z"), dtype=np.str_)


def demand(consumed: npt.ArrayLike, least: int = LEAST) -> npt.NDArray[np.str_]:
    """The kind of demand of each row, `[...]` of `[..., month]`, as values of `Demand`.

    Interval: reported months over months with consumption. Sizes: squared coefficient of variation of the
    months with consumption. Intermittent or lumpy from an interval of 1.32 on; erratic or lumpy from sizes
    of 0.49 on.

    >>> demand([[9, 10, 11, 10, 9, 11], [0, 0, 5, 0, 0, 5]]).tolist()
    ['smooth', 'intermittent']
    """
    used = np.asarray(consumed, dtype=np.float64)
    known, some = (~np.isnan(used)).sum(axis=-1), (used > 0).sum(axis=-1)
    interval = over(known, some)
    sizes = np.nan_to_num(coefficient_of_variation(np.where(used > 0, used, np.nan), 2)) ** 2
    seldom, wild = interval >= INTERVAL, sizes >= SIZES
    kinds = [Demand.UNKNOWN, Demand.LUMPY, Demand.INTERMITTENT, Demand.ERRATIC]
    where = [(known < least) | (some == 0), seldom & wild, seldom, wild]
    return np.asarray(np.select(where, [str(kind) for kind in kinds], str(Demand.SMOOTH)), dtype=np.str_)


def abc(value: npt.ArrayLike, limits: tuple[float, float] = (0.8, 0.95)) -> npt.NDArray[np.str_]:
    """A for the few products that make most of the value, B for the next, C for the many that make the rest.

    Condition: products by falling value; A while those before it make less than 80 % of the total, B while
    they make less than 95 %. "" where the value is not known. Equal values keep the order they were given in.

    >>> abc([5, 70, 15, 10]).tolist()
    ['C', 'A', 'A', 'B']
    """
    worth = np.asarray(value, dtype=np.float64)
    known = np.nan_to_num(worth)
    falling = np.argsort(-known, kind="stable")
    before = np.empty(worth.shape)
    before[falling] = np.concatenate([[0.0], np.cumsum(known[falling])[:-1]])
    share = over(before, known.sum())
    where = [np.isnan(worth) | np.isnan(share), share < limits[0], share < limits[1]]
    return np.asarray(np.select(where, ["", "A", "B"], "C"), dtype=np.str_)


def matrix(classes: npt.ArrayLike, needs: npt.ArrayLike) -> pd.DataFrame:
    """How many products there are of each class of value (A, B, C) and of need (V, E, N).

    >>> matrix(["A", "C", "C"], ["V", "V", "N"]).loc["C"].to_dict()
    {'V': 1, 'E': 0, 'N': 1}
    """
    table = pd.crosstab(np.asarray(classes), np.asarray(needs))
    return table.reindex(index=["A", "B", "C"], columns=["V", "E", "N"], fill_value=0)
