"""What an indicator of many places is made of: four numbers a place and period, all of which add up.

A district's figure is worked out of the sums of its facilities' numbers by the same division, so that there
is one definition for a facility, a district and a nation, and never a mean of rates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indicators.cells import Cells
from indicators.grids import Flags, Floats
from indicators.periods import Span


class Parts(NamedTuple):
    """Arrays `[place, period]`, 0 where there is nothing.

    Attributes:
        numerator: what is counted or added up.
        denominator: of how much; of an amount, how many months or places it was added up from.
        reported: on how many reports or places it stands.
        expected: of how many.
    """

    numerator: Floats
    denominator: Floats
    reported: Floats
    expected: Floats


Own = Callable[[Cells, Span], Parts]


@dataclass(frozen=True)
class Indicator:
    """An indicator of what is known of products at places.

    Attributes:
        id: its name, which never changes.
        unit: "share" (of 1), "months", "days", "quantity", "couple_years" or "none".
        own: each place's parts.
        amount: whether the value is the numerator itself and not over the denominator.
        pairs: whether a tracer set is counted in pairs of place and product.
    """

    id: str
    unit: str
    own: Own
    amount: bool = False
    pairs: bool = False

    def parts(self, cells: Cells, span: Span) -> Parts:
        """Each place's parts, of a product, a family or a set."""
        if self.pairs and cells.kind == "tracers":
            return together([self.own(single, span) for single in cells.singles()], cells, span)
        return self.own(cells, span)


def parts(
    numerator: npt.NDArray[np.float64] | Flags,
    denominator: npt.NDArray[np.float64] | Flags,
    reported: npt.NDArray[np.float64] | Flags,
    expected: npt.NDArray[np.float64] | Flags,
) -> Parts:
    """Parts of arrays or flags."""
    arrays = numerator, denominator, reported, expected
    return Parts(*(np.asarray(array, dtype=np.float64) for array in arrays))


def together(several: Sequence[Parts], cells: Cells, span: Span) -> Parts:
    """The sums of several parts; of none, zeros of the right shape."""
    nothing = np.zeros((cells.shape[0], len(span)))
    return reduce(_plus, several, Parts(nothing, nothing, nothing, nothing))


def _plus(one: Parts, other: Parts) -> Parts:
    return Parts(*(a + b for a, b in zip(one, other, strict=True)))
