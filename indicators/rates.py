"""A share of many: numerator, denominator and how many should have answered, kept together to the end.

A rate of a district is the sum of its facilities' numerators over the sum of their denominators, never the
mean of their rates: a facility of ten patients would otherwise weigh as much as one of a thousand. Because
the three numbers stay beside each other, a district's rate is made of the facilities' by the same object.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats


@dataclass(frozen=True)
class Rate:
    """Numerator over denominator, arrays of one shape.

    Attributes:
        numerator: what is counted, 0 where nobody answered.
        denominator: of how much, among those who answered.
        expected: how much it would be if all who should had answered.
    """

    numerator: Floats
    denominator: Floats
    expected: Floats

    @property
    def value(self) -> Floats:
        """The rate as a share of 1; NaN where the denominator is 0."""
        return over(self.numerator, self.denominator)

    def pooled(self, axis: int | tuple[int, ...] = 0) -> Rate:
        """One rate of all along an axis: sums over sums.

        >>> rate = Rate(np.array([1.0, 900]), np.array([10.0, 1000]), np.array([10.0, 1000]))
        >>> rate.value.tolist(), round(float(rate.pooled().value), 3)
        ([0.1, 0.9], 0.892)
        """
        return Rate(self.numerator.sum(axis), self.denominator.sum(axis), self.expected.sum(axis))


def over(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Floats:
    """Numerator over denominator; NaN, and no warning, where the denominator is 0.

    >>> over([1, 0, 3], [4, 0, 0]).tolist()
    [0.25, nan, nan]
    """
    below = np.asarray(denominator, dtype=np.float64)
    safe = np.where(below == 0, np.nan, below)
    return np.asarray(np.asarray(numerator, dtype=np.float64) / safe)


def counted(met: npt.ArrayLike, answered: npt.ArrayLike, expected: npt.ArrayLike | None = None) -> Rate:
    """The rate of those who meet a condition among those who answered.

    Args:
        met: whether each meets it.
        answered: whether each said anything; those who did not are in neither number.
        expected: whether each should have; all when None. Who need not answer is in neither number, even with
            an answer: a facility that does not carry a product is not out of it.

    >>> counted([True, False, True], [True, True, False]).pooled()
    Rate(numerator=np.float64(1.0), denominator=np.float64(2.0), expected=np.float64(3.0))
    """
    said = np.asarray(answered, dtype=bool)
    due: Flags = np.ones(said.shape, dtype=bool) if expected is None else np.asarray(expected, dtype=bool)
    said, due = np.broadcast_arrays(said & due, due)
    hit = np.asarray(met, dtype=bool) & said
    return Rate(hit.astype(np.float64), said.astype(np.float64), due.astype(np.float64))


def both(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Rate:
    """The rate of two amounts, over those that have both.

    Where one is missing neither enters the sums: a facility that reports cases and no tests would otherwise
    lower the tests per case of all. Here `expected` is what the denominators that are known add up to.

    >>> rate = both([110, np.nan], [100, 50]).pooled()
    >>> float(rate.value), float(rate.denominator), float(rate.expected)
    (1.1, 100.0, 150.0)
    """
    above, below = np.broadcast_arrays(
        np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    )
    known = ~np.isnan(above) & ~np.isnan(below)
    return Rate(np.where(known, above, 0.0), np.where(known, below, 0.0), np.nan_to_num(below))
