"""What will expire before it is used, when the lot that expires first is used first.

Quantities in dispensing units, arrays `[..., lot]`, NaN where a lot's quantity or expiry is not known. Lots
are walked in the order in which they expire; each can be used only in the time that the lots before it
leave, at the average monthly consumption. What of a lot is left at its date is at risk, and is not there for
later months.

Source: first expired, first out, as in USAID | DELIVER, The Logistics Handbook (2011).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats


@dataclass(frozen=True)
class AtRisk:
    """What becomes of each lot, in the order the lots were given in.

    Attributes:
        used: what will be consumed before the lot expires.
        at_risk: what will be left at its date; NaN where the average or the date is not known.
        expired: what has expired already and is no usable stock.
    """

    used: Floats
    at_risk: Floats
    expired: Floats


def months_until(expires: npt.NDArray[np.datetime64], today: np.datetime64) -> Floats:
    """How many months of 30.4375 days are left to each date; NaN where none is known.

    >>> expires = np.array(["2027-05-24", "NaT"], dtype="datetime64[D]")
    >>> months_until(expires, np.datetime64("2026-11-22")).round(1).tolist()
    [6.0, nan]
    """
    left = expires.astype("datetime64[D]") - np.asarray(today, dtype="datetime64[D]")
    return np.where(np.isnat(left), np.nan, left.astype(np.float64) / 30.4375)


def at_risk(quantity: npt.ArrayLike, months_left: npt.ArrayLike, average: npt.ArrayLike) -> AtRisk:
    """What of each lot is used in time and what is at risk of expiry.

    Formula, lot by lot in the order of expiry: used = min(quantity, average x (months left - months already
    taken by earlier lots)); at risk = quantity - used. Unit: dispensing units; over the stock it is the
    share at risk.

    Args:
        quantity: of each lot, `[..., lot]`; NaN is no lot.
        months_left: to its expiry; 0 or below is expired.
        average: monthly consumption of the place and product, `[...]`. With 0 all of it is at risk.

    >>> found = at_risk([100, 50], [3, 1], 20)
    >>> found.at_risk.tolist(), found.used.tolist()
    ([60.0, 30.0], [40.0, 20.0])
    """
    held, left = np.broadcast_arrays(
        np.asarray(quantity, dtype=np.float64), np.asarray(months_left, dtype=np.float64)
    )
    rate = np.broadcast_to(np.asarray(average, dtype=np.float64), held.shape[:-1])
    first = np.argsort(left, axis=-1, kind="stable")
    held, left = np.take_along_axis(held, first, -1), np.take_along_axis(left, first, -1)
    gone = left <= 0
    usable = np.where(np.isnan(held) | gone, 0.0, held)
    used, taken = np.zeros(held.shape), np.zeros(rate.shape)
    for lot in range(held.shape[-1]):
        room = np.maximum(left[..., lot] - taken, 0) * rate
        used[..., lot] = np.minimum(usable[..., lot], room)
        taken = taken + np.nan_to_num(used[..., lot]) / np.where(rate > 0, rate, np.inf)
    back = np.argsort(first, axis=-1, kind="stable")
    parts = used, usable - used, np.where(gone, np.nan_to_num(held), 0.0)
    return AtRisk(*(np.take_along_axis(part, back, -1) for part in parts))


def usable(quantity: npt.ArrayLike, months_left: npt.ArrayLike) -> Floats:
    """The stock that may still be given out: all lots that have not expired, `[...]`.

    Formula: sum of the quantities with months left > 0 or of which the date is not known. Unit: dispensing
    units.

    >>> usable([50, 100, 10], [0, 3, np.nan]).tolist()
    110.0
    """
    held, left = np.asarray(quantity, dtype=np.float64), np.asarray(months_left, dtype=np.float64)
    return np.asarray(np.where(left <= 0, 0.0, np.nan_to_num(held)).sum(axis=-1))
