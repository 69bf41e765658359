"""Whether a place has everything it needs: a set of tracer products, all of them at once.

Arrays `[tracer, facility, ...]`; NaN is what nobody reported. A place that lacks one of ten tracers is not
ready, however well the other nine stand; the mean of the products' availabilities would say 90 %.

Sources: WHO, Monitoring the building blocks of health systems (2010), availability of tracer medicines;
Yeksi Naa, Senegal (disponibilité de la gamme).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats
from indicators.rates import Rate, counted


def of_product(closing: npt.ArrayLike, carried: npt.ArrayLike | None = None) -> Rate:
    """Availability of each product: in stock at the end of the period.

    Numerator: places with stock. Denominator: places that carry it and reported its stock. Unit: share of 1.

    >>> float(of_product([3, 0, np.nan, 8]).pooled().value.round(3))
    0.667
    """
    held = np.asarray(closing, dtype=np.float64)
    return counted(held > 0, ~np.isnan(held), carried)


def of_set(closing: npt.ArrayLike, carried: npt.ArrayLike | None = None) -> Rate:
    """Availability of a tracer set: places that have every tracer they carry.

    Numerator: places with stock of all. Denominator: places that reported all of them, or one of them as
    out, which settles it. Unit: share of 1; the first axis of the arrays is the tracer and is gone in the
    rate.

    >>> rate = of_set([[3, 0, 5, 2], [1, 4, np.nan, np.nan]], [[1, 1, 1, 1], [1, 1, 1, 0]]).pooled()
    >>> float(rate.value.round(3)), int(rate.denominator), int(rate.expected)
    (0.667, 3, 4)
    """
    held, due = _tracers(closing, carried)
    lacking = ((held <= 0) & due).any(axis=0)
    silent = (np.isnan(held) & due).any(axis=0)
    return counted(~lacking & ~silent, lacking | ~silent, due.any(axis=0))


def mean_share(closing: npt.ArrayLike, carried: npt.ArrayLike | None = None) -> Rate:
    """How much of the set is there: tracers in stock of tracers carried, over products and places.

    Numerator: pairs of place and tracer with stock. Denominator: pairs that are carried and reported. Unit:
    share of 1. Each place's own share first, the tracers' axis summed.

    >>> mean_share([[3, 0], [1, 4]]).value.tolist()
    [1.0, 0.5]
    """
    held, due = _tracers(closing, carried)
    return of_product(held, due).pooled(0)


def _tracers(closing: npt.ArrayLike, carried: npt.ArrayLike | None) -> tuple[Floats, npt.NDArray[np.bool_]]:
    held = np.asarray(closing, dtype=np.float64)
    due = np.ones(held.shape, dtype=bool) if carried is None else np.asarray(carried, dtype=bool)
    held, due = np.broadcast_arrays(held, due)
    return held, due
