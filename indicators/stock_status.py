"""How a stock stands: out, low, adequate, too much, or not known, from what it holds and what is consumed.

Stock in dispensing units, averages in dispensing units a month, arrays of any shape that fit each other. A
place that holds nothing is stocked out whatever it consumes; one that holds stock and has consumed nothing
of late is unknown, not overstocked: nobody can say how long it lasts (eLMIS calls it overstocked and shows
0 months for it). The limits themselves are adequate, a hair beyond them included: binary fractions add one.

Sources: USAID | DELIVER, The Logistics Handbook (2011); CommCare HQ, CommTrack stock states; interagency
supply chain group, "stocked according to plan".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats
from indicators.rates import Rate, both, counted, over
from indicators.rounding import HAIR

Classes = npt.NDArray[np.int8]


class Status(IntEnum):
    """The five classes, the worst first; what is not known is no class between others."""

    STOCKED_OUT = 0
    LOW = 1
    ADEQUATE = 2
    OVERSTOCKED = 3
    UNKNOWN = 4


@dataclass(frozen=True)
class Limits:
    """From how many months a stock is adequate, and beyond how many it is too much; numbers or arrays."""

    low: float | Floats = 1.5
    high: float | Floats = 3

    def __post_init__(self) -> None:
        """Limits that nothing can lie between are refused."""
        low, high = np.asarray(self.low), np.asarray(self.high)
        if not ((low >= 0) & (low <= high)).all():
            raise ValueError(
                f"Months of stock cannot be adequate from {self.low} to {self.high}: exchange them."
            )


STANDARD = Limits()


def months(stock: npt.ArrayLike, average: npt.ArrayLike) -> Floats:
    """How many months a stock lasts.

    Numerator: stock on hand. Denominator: average monthly consumption. Unit: months. 0 where there is no
    stock, even where nothing is consumed; NaN where there is stock and no consumption, or either was not
    reported.

    >>> months([40, 40, 0, 0, np.nan], [20, 0, 0, np.nan, 20]).tolist()
    [2.0, nan, 0.0, 0.0, nan]
    """
    held = np.asarray(stock, dtype=np.float64)
    return np.where(held == 0, 0.0, over(held, average))


def days(stock: npt.ArrayLike, average: npt.ArrayLike) -> Floats:
    """How many days a stock lasts, in months of 30 days.

    Numerator: stock on hand x 30. Denominator: average monthly consumption. Unit: days.

    >>> days(40, 20).tolist()
    60.0
    """
    return np.asarray(months(stock, average) * 30)


def pooled_months(stock: npt.ArrayLike, average: npt.ArrayLike) -> Rate:
    """The months of stock of many, from those that have both figures; pool it along the facilities.

    Numerator: their stocks. Denominator: their average monthly consumption. Unit: months. Never the mean of
    their months, where one full store hides ten empty ones.

    >>> float(pooled_months([100, 0], [10, 40]).pooled().value)
    2.0
    """
    return both(stock, average)


def status(stock: npt.ArrayLike, average: npt.ArrayLike, limits: Limits = STANDARD) -> Classes:
    """The class of each stock, as numbers of `Status`.

    Stocked out: stock is 0. Low: months of stock < `limits.low`. Overstocked: > `limits.high`. Adequate:
    between, limits included. Unknown: stock not reported, below 0, or held where nothing was consumed or no
    average is known.

    >>> [Status(s).name for s in status([0, 10, 30, 60, 61, 40, np.nan], [20, 20, 20, 20, 20, 0, 20])]
    ['STOCKED_OUT', 'LOW', 'ADEQUATE', 'ADEQUATE', 'OVERSTOCKED', 'UNKNOWN', 'UNKNOWN']
    """
    held, usual = np.broadcast_arrays(
        np.asarray(stock, dtype=np.float64), np.asarray(average, dtype=np.float64)
    )
    lasting = months(held, usual)
    found = np.full(held.shape, Status.ADEQUATE, dtype=np.int8)
    low, high = np.asarray(limits.low), np.asarray(limits.high)
    found[lasting < low * (1 - HAIR)] = Status.LOW
    found[lasting > high * (1 + HAIR)] = Status.OVERSTOCKED
    found[np.isnan(lasting) | (held < 0) | (usual < 0)] = Status.UNKNOWN
    found[held == 0] = Status.STOCKED_OUT
    return found


def shares(classes: Classes, carried: npt.ArrayLike | None = None) -> dict[Status, Rate]:
    """The rate of each class among those that carry the product; pool it along the facilities.

    Numerator: observations in the class. Denominator: observations of a product that is carried, unknown
    ones with them, so that the five shares add up to 1. Unit: share of 1.

    >>> parts = shares(np.array([0, 2, 2, 4], dtype=np.int8))
    >>> {each.name: float(rate.pooled().value) for each, rate in parts.items()}
    {'STOCKED_OUT': 0.25, 'LOW': 0.0, 'ADEQUATE': 0.5, 'OVERSTOCKED': 0.0, 'UNKNOWN': 0.25}
    """
    answered = np.ones(classes.shape, dtype=bool)
    return {each: counted(classes == each, answered, carried) for each in Status}


def to_plan(classes: Classes, carried: npt.ArrayLike | None = None) -> Rate:
    """Stocked according to plan: observations between minimum and maximum, of those that are known.

    Numerator: adequate observations. Denominator: observations whose class is known, of products that are
    carried. Unit: share of 1.

    >>> float(to_plan(np.array([0, 2, 2, 4], dtype=np.int8)).pooled().value.round(3))
    0.667
    """
    return counted(classes == Status.ADEQUATE, classes != Status.UNKNOWN, carried)
