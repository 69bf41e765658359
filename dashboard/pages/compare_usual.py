"""What is usual behind each chart of Compare, for the place it shows: a band and the periods outside it."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from indicators.compare import Comparison, positions_of
from indicators.normal_range import method_of, normal_range
from indicators.rollup import Series

Floats = npt.NDArray[np.float64]
ABOVE, BELOW = 1, -1


@dataclass(frozen=True)
class Normal:
    """What is usual for one series of a place, one value a period.

    Attributes:
        low: from here,
        high: to here a figure is usual, of those that reported in the period; NaN where nothing can be said.
        side: 1 where the figure lies above, -1 below, else 0.
        zero: whether nothing at all is usual too.
        regular: how many facilities report regularly; the band stands on them.
        history: how many other periods with reports each period's band stands on.
        seasonal: whether the place's own reports are enough, two years, for the band to know the season.
    """

    low: Floats
    high: Floats
    side: npt.NDArray[np.int8]
    zero: npt.NDArray[np.bool_]
    regular: int
    history: npt.NDArray[np.intp]
    seasonal: bool

    @property
    def known(self) -> bool:
        """Whether there is a band in any period."""
        return not bool(np.isnan(self.high).all())

    def outside(self, way: int) -> list[int]:
        """The indices of the periods above (1) or below (-1) what is usual."""
        return [int(index) for index in np.flatnonzero(self.side == way)]


def normal(comparison: Comparison, codes: tuple[str, ...], measure: str) -> Normal | None:
    """What is usual for the place of a comparison; None where it has none of the items.

    Args:
        comparison: whose first unit is the place.
        codes: the items, all together.
        measure: consumed, count, closing ...
    """
    return comparison.once(("usual", codes, measure), lambda: _normal(comparison, codes, measure))


def _normal(comparison: Comparison, codes: tuple[str, ...], measure: str) -> Normal | None:
    rollup, view = comparison.rollup, replace(comparison.view, children=False)
    series = Series(measure, rollup.numbers(codes), view.group)
    if not series.items:
        return None
    found = normal_range(rollup, series, view)
    span = rollup.calendar.span(view.first, view.last, view.grain)
    whole = rollup.calendar.around(span)
    method, first = method_of(whole, "centred"), whole.index_of(span.start)
    present = rollup.figures(series, positions_of(rollup, view), whole).present > 0
    return Normal(
        low=np.asarray(found.usual.low[0], dtype=np.float64),
        high=np.asarray(found.usual.high[0], dtype=np.float64),
        side=found.usual.side[0],
        zero=found.usual.zero[0],
        regular=int(found.n_set[0]),
        history=method.around.count(present)[0, first : first + len(span)],
        seasonal=method.cycle > 1 and int(np.count_nonzero(present)) >= 2 * method.cycle,
    )
