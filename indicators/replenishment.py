"""How much to order: levels to fill up to, what is on the way, and packs that cannot be split.

Quantities are in dispensing units and months of stock in months; arrays of any shape that fit each other, NaN
where something needed was not reported. Pull: a place asks for what lacks to its maximum (`order_quantity`).
Push: the planner sends what lacks to so many months of its consumption (`push`). A store that is supplied
on a fixed day may also ask what it can give out until then (`to_delivery`).

Sources: USAID | DELIVER, The Logistics Handbook (2011): levels; OpenLMIS requisition and reference data
services: order quantity and packs; eLMIS (OpenLMIS 2): its rule of packs; OSPSANTE, Mali: push of two months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags, Floats
from indicators.rounding import half_up


def level(average: npt.ArrayLike, months: npt.ArrayLike) -> Floats:
    """The stock that lasts so many months: a minimum, a maximum or the emergency order point, by the months.

    Formula: average monthly consumption x months, a half rounded up. Unit: dispensing units.

    >>> level(25, [0.5, 1.5, 3]).tolist()
    [13.0, 38.0, 75.0]
    """
    return half_up(np.asarray(average, dtype=np.float64) * np.asarray(months, dtype=np.float64))


def is_emergency(stock: npt.ArrayLike, emergency_point: npt.ArrayLike) -> Flags:
    """Whether the stock is below the emergency order point, so that it may not last to the next order.

    Condition: stock on hand < emergency order point. Unknown stock or an unknown point is no emergency.

    >>> is_emergency([0, 12, 13, np.nan], 13).tolist()
    [True, True, False, False]
    """
    return np.asarray(np.asarray(stock, dtype=np.float64) < np.asarray(emergency_point, dtype=np.float64))


def order_quantity(
    maximum: npt.ArrayLike,
    stock: npt.ArrayLike,
    on_order: npt.ArrayLike = 0,
    back_orders: npt.ArrayLike = 0,
) -> Floats:
    """What lacks to the maximum, less what is on the way, and never below 0.

    Formula: max(0, maximum - stock on hand - on order + owed to others). Unit: dispensing units. OpenLMIS
    leaves out what is on order, so that a place orders twice while it waits; give no `on_order` to have its
    figure.

    Args:
        maximum: the level to fill up to.
        stock: stock on hand; where it is not known neither is the order.
        on_order: ordered and not yet received; not known counts as none.
        back_orders: what the place owes to those it supplies; not known counts as none.

    >>> order_quantity([38, 100, 100], [40, 20, 20], [0, 50, 0]).tolist()
    [0.0, 30.0, 80.0]
    """
    coming = np.nan_to_num(np.asarray(on_order, dtype=np.float64))
    owed = np.nan_to_num(np.asarray(back_orders, dtype=np.float64))
    lacking = np.asarray(maximum, dtype=np.float64) - np.asarray(stock, dtype=np.float64) - coming + owed
    return np.asarray(np.maximum(lacking, 0))


def order_with_lead_time(
    average: npt.ArrayLike, maximum_months: npt.ArrayLike, lead_time: npt.ArrayLike, available: npt.ArrayLike
) -> Floats:
    """What lacks to the maximum at the time the order arrives: the lead time's consumption comes on top.

    Formula: max(0, (maximum months + lead time in months) x average - available). Unit: dispensing units.
    `available` is stock on hand with what is on order.

    >>> order_with_lead_time(20, 3, 0.5, 30).tolist()
    40.0
    """
    months = np.asarray(maximum_months, dtype=np.float64) + np.asarray(lead_time, dtype=np.float64)
    need = np.asarray(average, dtype=np.float64) * months
    return order_quantity(need, available)


@dataclass(frozen=True)
class Packing:
    """How a quantity becomes packs.

    Attributes:
        per_pack: dispensing units in a pack.
        threshold: what remains beyond whole packs becomes one more when it is above this (OpenLMIS 3), or
            when it reaches this (`at_threshold`, eLMIS).
        to_zero: whether less than a pack may become none; one pack is ordered otherwise.
        at_threshold: whether the threshold itself is enough for another pack.
        of_nothing: whether an order of 0 becomes a pack where `to_zero` is not set (eLMIS).
    """

    per_pack: int
    threshold: int = 0
    to_zero: bool = False
    at_threshold: bool = False
    of_nothing: bool = False

    @classmethod
    def openlmis(cls, per_pack: int, threshold: int = 0, *, to_zero: bool = False) -> Packing:
        """The rule of OpenLMIS 3."""
        return cls(per_pack, threshold, to_zero)

    @classmethod
    def elmis(cls, per_pack: int, threshold: int = 0, *, to_zero: bool = False) -> Packing:
        """The rule of eLMIS (OpenLMIS 2), which orders more of the same figures."""
        return cls(per_pack, threshold, to_zero, at_threshold=True, of_nothing=True)


def packs(quantity: npt.ArrayLike, packing: Packing) -> Floats:
    """How many packs an order is.

    Formula: whole packs in the quantity, and one more where what remains is above the threshold. Unit:
    packs. A product of which nobody knows what a pack holds (0 or less) makes no packs.

    >>> packs([7, 8, 12], Packing.openlmis(5, 2)).tolist(), packs([7, 8, 12], Packing.elmis(5, 2)).tolist()
    ([1.0, 2.0, 2.0], [2.0, 2.0, 3.0])
    >>> [packs(1, Packing.openlmis(5, 2, to_zero=zero)).tolist() for zero in (False, True)]
    [1.0, 0.0]
    """
    asked = np.asarray(quantity, dtype=np.float64)
    if packing.per_pack <= 0:
        return np.where(np.isnan(asked), np.nan, 0.0)
    amount = np.maximum(asked, 0)
    whole = np.floor_divide(amount, packing.per_pack)
    rest = amount - whole * packing.per_pack
    enough = rest >= packing.threshold if packing.at_threshold else rest > packing.threshold
    found = whole + (enough & (rest > 0))
    lifted = (found == 0) & (not packing.to_zero) & ((amount > 0) | packing.of_nothing)
    return np.where(lifted, 1.0, found)


def push(average: npt.ArrayLike, stock: npt.ArrayLike, months: float = 2) -> Floats:
    """What a planner sends without being asked, as Mali does: two months of consumption less the stock.

    Formula: max(0, average of the last three months x 2 - stock on hand). Unit: dispensing units.

    >>> push([30, 30], [25, 70]).tolist()
    [35.0, 0.0]
    """
    return order_quantity(np.asarray(average, dtype=np.float64) * months, stock)


def days_to_delivery(today: date, day: int = 14) -> int:
    """How many days the stock must last, today included, until the delivery on a day of each month.

    On the day itself the next one is meant. A day that a month does not have is its last.

    >>> days_to_delivery(date(2026, 11, 4)), days_to_delivery(date(2026, 11, 14))
    (10, 30)
    """
    first = np.datetime64(today, "M")
    due = _day_of(first, day)
    if due <= np.datetime64(today, "D"):
        due = _day_of(first + 1, day)
    return int((due - np.datetime64(today, "D")).astype(int))


def to_delivery(
    stock: npt.ArrayLike, average: npt.ArrayLike, days: npt.ArrayLike, reserve: npt.ArrayLike = 0
) -> Floats:
    """What can be given away today so that the rest lasts until the delivery; below 0 it is what lacks.

    Formula: stock on hand - average / 30 x days to the delivery - reserve. Unit: dispensing units.

    >>> to_delivery([100, 20], 60, 10, 5).tolist()
    [75.0, -5.0]
    """
    daily = np.asarray(average, dtype=np.float64) / 30
    kept = daily * np.asarray(days, dtype=np.float64) + np.asarray(reserve, dtype=np.float64)
    return np.asarray(np.asarray(stock, dtype=np.float64) - kept)


def _day_of(month: np.datetime64, day: int) -> np.datetime64:
    last = (month + 1).astype("datetime64[D]") - 1
    return min(month.astype("datetime64[D]") + (day - 1), last)
