"""How well orders are served: what came of what was asked for, when, and how long it took.

One element an order line; quantities in dispensing units, dates as `datetime64[D]`, NaT and NaN where
nothing is recorded. In a push system nobody orders: there these figures judge the planner's own numbers, and
say nothing of need.

Sources: USAID | DELIVER, The Logistics Handbook (2011): order fill rate; OpenHIE supply chain indicators: on
time in full. Lead times count real days; an eLMIS view takes the day part of the difference alone, so that a
month and five days are five.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats
from indicators.rates import Rate, both, counted

Days = npt.NDArray[np.datetime64]


def fill_rate(ordered: npt.ArrayLike, received: npt.ArrayLike, *, capped: bool = True) -> Rate:
    """Order fill rate: what was received of what was ordered.

    Numerator: quantity received, of each line at most what was ordered unless `capped` is off (too much of
    one product does not make good too little of another). Denominator: quantity ordered, of lines of which
    both are known. Unit: share of 1. A line that asked for nothing is in neither.

    >>> float(fill_rate([100, 50, 80], [60, 90, np.nan]).pooled().value.round(3))
    0.733
    """
    asked, came = np.broadcast_arrays(
        np.asarray(ordered, dtype=np.float64), np.asarray(received, dtype=np.float64)
    )
    asked = np.where(asked > 0, asked, np.nan)
    return both(np.minimum(came, asked) if capped else came, asked)


@dataclass(frozen=True)
class Orders:
    """Order lines with what became of them.

    Attributes:
        ordered: quantity asked for.
        received: quantity received; 0 or NaN while nothing came.
        promised: day by which it was to come.
        delivered: day on which it came, NaT while it has not.
    """

    ordered: Floats
    received: Floats
    promised: Days
    delivered: Days

    def in_full(self, share: float = 1) -> Flags:
        """Where at least so much of the quantity came."""
        return np.asarray(np.nan_to_num(self.received) >= self.ordered * share)

    def on_time(self) -> Flags:
        """Where it came on the promised day or before."""
        return np.asarray(self.delivered <= self.promised)


def on_time_in_full(orders: Orders, as_of: np.datetime64, share: float = 1) -> Rate:
    """Orders that came whole and by the promised day.

    Numerator: lines delivered by then with at least `share` of the quantity. Denominator: lines whose
    promised day has passed by `as_of`, delivered or not, and those that came before it. Unit: share of 1,
    after `pooled`.

    >>> day = np.array(["2026-01-14", "2026-01-14", "2026-01-14"], dtype="datetime64[D]")
    >>> came = np.array(["2026-01-12", "2026-01-20", "NaT"], dtype="datetime64[D]")
    >>> orders = Orders(np.array([10.0, 10, 10]), np.array([10.0, 10, np.nan]), day, came)
    >>> float(on_time_in_full(orders, np.datetime64("2026-02-01")).pooled().value.round(3))
    0.333
    """
    known = ~np.isnat(orders.promised) & (orders.ordered > 0)
    settled = known & ((orders.promised < as_of) | ~np.isnat(orders.delivered))
    return counted(orders.on_time() & orders.in_full(share), settled, known)


@dataclass(frozen=True)
class LeadTime:
    """How long orders took.

    Attributes:
        median: days that half of them took at most; NaN without any.
        ninth: days that nine of ten took at most.
        received: how many orders that is of.
        waiting: how many are not there yet, and so in neither.
        impossible: how many came before they were asked for, and are left out.
    """

    median: float
    ninth: float
    received: int
    waiting: int
    impossible: int


def lead_times(ordered_on: Days, received_on: Days) -> Floats:
    """Days from order to receipt, of the real calendar; NaN while it has not come.

    Formula: day received - day ordered. Unit: days.

    >>> lead_times(*np.array([["2026-01-31"], ["2026-03-05"]], dtype="datetime64[D]")).tolist()
    [33.0]
    """
    took = received_on.astype("datetime64[D]") - ordered_on.astype("datetime64[D]")
    return np.where(np.isnat(took), np.nan, took.astype(np.float64))


def lead_time(ordered_on: Days, received_on: Days) -> LeadTime:
    """Median and ninth decile of the lead times. Unit: days.

    >>> asked = np.array(["2026-01-01"] * 4, dtype="datetime64[D]")
    >>> came = np.array(["2026-01-11", "2026-01-15", "NaT", "2025-12-30"], dtype="datetime64[D]")
    >>> lead_time(asked, came)
    LeadTime(median=12.0, ninth=13.6, received=2, waiting=1, impossible=1)
    """
    took = lead_times(ordered_on, received_on)
    came = took[took >= 0]
    waiting = int((np.isnat(received_on) & ~np.isnat(ordered_on)).sum())
    median, ninth = np.quantile(came, [0.5, 0.9]).tolist() if came.size else (np.nan, np.nan)
    return LeadTime(median, ninth, int(came.size), waiting, int((took < 0).sum()))
