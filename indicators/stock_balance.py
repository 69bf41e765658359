"""Whether a stock report adds up, in itself and with the one before it.

Quantities in dispensing units, arrays `[..., month]`, NaN where not reported. A gap is shown with its sign
and never
repaired: 10 % of the reports in OpenLMIS's own demonstration data have one.

Sources: OpenLMIS requisition service (columns A to E); WHO immunisation package for DHIS2 (stock
discrepancy).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats
from indicators.rates import Rate, both


class Cause(StrEnum):
    """What a gap looks like."""

    NONE = ""
    RECEIPT = "a receipt left out or entered twice"
    CLOSING = "the closing stock was left at nothing"
    PACKS = "a quantity in packs among units"
    OTHER = "not told by its size"


@dataclass(frozen=True)
class Report:
    """What a stock report says of each product and month; adjustments are signed, those that add above 0."""

    opening: npt.ArrayLike
    received: npt.ArrayLike
    adjusted: npt.ArrayLike
    consumed: npt.ArrayLike
    closing: npt.ArrayLike


def gap(report: Report) -> Floats:
    """What a report lacks to add up.

    Formula: opening + received + adjusted - consumed - closing. Unit: dispensing units. Below 0 the closing
    stock is more than the figures make, above 0 less. NaN where one of the five was not reported.

    >>> gap(Report([50, 10], [250, 0], [-2, 0], [300, 4], [233, 6])).tolist()
    [-235.0, 0.0]
    """
    opening, received, adjusted, consumed, closing = (
        np.asarray(each, dtype=np.float64)
        for each in (report.opening, report.received, report.adjusted, report.consumed, report.closing)
    )
    return np.asarray(opening + received + adjusted - consumed - closing)


def cause(report: Report, per_pack: int = 0) -> npt.NDArray[np.str_]:
    """What may have caused each gap, by its size, in the order of `Cause`; `per_pack` 0 when not known.

    >>> cause(Report([10, 50], [5, 0], 0, [5, 20], [5, 0])).tolist()
    ['a receipt left out or entered twice', 'the closing stock was left at nothing']
    """
    found = gap(report)
    received, closing = np.broadcast_arrays(
        np.asarray(report.received, dtype=np.float64), np.asarray(report.closing, dtype=np.float64), found
    )[:2]
    none = np.isnan(found) | (found == 0)
    packed = (np.mod(found, per_pack) == 0) if per_pack > 1 else np.zeros(found.shape, dtype=bool)
    receipt = (np.abs(found) == received) & (received > 0)
    said = [Cause.NONE, Cause.RECEIPT, Cause.CLOSING, Cause.PACKS]
    where = [none, receipt, (closing == 0) & (found > 0), packed]
    return np.asarray(np.select(where, [str(each) for each in said], str(Cause.OTHER)), dtype=np.str_)


def breaks(opening: npt.ArrayLike, closing: npt.ArrayLike) -> Floats:
    """What appeared (above 0) or vanished between a month's end and the next beginning, `[..., month]`.

    Formula: opening - closing of the month before. Unit: dispensing units. NaN in the first month and where
    either was not reported. A count that found another stock and was not entered as an adjustment looks like
    this.

    >>> breaks([[5, 8, 4]], [[8, 6, 2]]).tolist()
    [[nan, 0.0, -2.0]]
    """
    began, ended = np.asarray(opening, dtype=np.float64), np.asarray(closing, dtype=np.float64)
    found = np.full(began.shape, np.nan)
    found[..., 1:] = began[..., 1:] - ended[..., :-1]
    return found


def discrepancy(counted: npt.ArrayLike, calculated: npt.ArrayLike) -> Rate:
    """How far counted stock parts from what the books make.

    Numerator: stock counted - stock calculated, whatever its sign. Denominator: stock counted. Unit: share
    of 1.

    >>> float(discrepancy([100, 50], [90, 55]).pooled().value)
    0.1
    """
    shelf, books = np.asarray(counted, dtype=np.float64), np.asarray(calculated, dtype=np.float64)
    return both(np.abs(shelf - books), shelf)


def adds_up(report: Report, tolerance: float = 0) -> tuple[Flags, Flags]:
    """Where a report adds up within a tolerance, and where that can be said.

    >>> [flags.tolist() for flags in adds_up(Report([5, 5, 5], 0, 0, [2, 2, 2], [3, 4, np.nan]))]
    [[True, False, False], [True, True, False]]
    """
    found = gap(report)
    return np.asarray(np.abs(found) <= tolerance), ~np.isnan(found)
