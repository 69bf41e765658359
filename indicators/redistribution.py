"""What is too much here and too little there: a proposal of transfers between stores that hold one product.

A store that holds more than its maximum may give; one that is stocked out or below its minimum is given.
Both are left with what lasts to the next delivery and the minimum beyond it: the giver keeps that much, the
other is filled up to it and no further (but for a pack begun), so that little reaches many. Within a district
first, then across; the emptiest is served first, by the nearest; whole packs only; nothing that would expire
before it is used.

It is a proposal: who drives, and whether the stock on paper is on the shelf, is for people to say.

Sources: USAID | DELIVER, The Logistics Handbook (2011), maximum-minimum systems: stock above the maximum is
what may be moved; WHO, Guidelines for the storage of essential medicines (2003): first expired, first out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Floats
from indicators.rounding import downwards, upwards
from indicators.stock_status import Limits, Status, months, status

EARTH = 6371.0  # kilometres, the mean radius
STORES = (
    "item", "place", "district", "stock", "average", "pack", "least", "most", "to_delivery",
    "longitude", "latitude", "usable",
)  # fmt: skip
TRANSFERS = {
    "item": "object", "donor": "object", "receiver": "object", "quantity": "float64", "packs": "int64",
    "same_district": "bool", "kilometres": "float64", "donor_before": "float64", "donor_after": "float64",
    "receiver_before": "float64", "receiver_after": "float64", "expiry_known": "bool",
}  # fmt: skip


def propose(stores: pd.DataFrame, across: bool = True) -> pd.DataFrame:
    """Transfers that bring stores to what they need up to the next delivery, without taking it from others.

    Args:
        stores: a row for each item and place that carries it: `item`, `place`, `district`, `stock`
            (dispensing units on hand; NaN not reported), `average` (monthly consumption, adjusted for
            stock-outs), `pack` (units of a pack), `least` and `most` (months of stock that it should hold),
            `to_delivery` (months up to its next delivery), `longitude`, `latitude` (NaN unknown), `usable`
            (months until what it could give expires; NaN unknown).
        across: whether stores of different districts may help each other.

    Returns:
        A row for each transfer, those of an item in the order in which they were decided: `item`, `donor`,
        `receiver`, `quantity` (units), `packs`, `same_district`, `kilometres` (as the crow flies; NaN
        unknown, as where both are said to be at one point), months of stock of both before and after all
        transfers, `expiry_known`.

    Raises:
        ValueError: a column is missing, a pack holds nothing, or a delivery lies in the past.

    >>> stores = pd.DataFrame({
    ...     "item": "pill", "place": ["full", "empty"], "district": "north", "stock": [100.0, 0],
    ...     "average": 10.0, "pack": 10.0, "least": 1.0, "most": 3.0, "to_delivery": 1.0,
    ...     "longitude": -4.0, "latitude": 6.0, "usable": [18.0, np.nan]})
    >>> propose(stores)[["donor", "receiver", "packs", "donor_after"]].values
    array([['full', 'empty', 2, 8.0]], dtype=object)
    """
    if missing := set(STORES) - set(stores.columns):
        raise ValueError(f"A redistribution needs the columns {', '.join(sorted(missing))} as well.")
    if not (stores["pack"] > 0).all():
        raise ValueError("A pack of every item has to hold something: correct pack_size.")
    if not (stores["to_delivery"] >= 0).all():
        raise ValueError("The next delivery cannot lie in the past: give 0 months or more.")
    found = [_of_item(each.reset_index(drop=True), across) for _, each in stores.groupby("item", sort=False)]
    found = [each for each in found if len(each)]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(TRANSFERS))
    return table.astype(TRANSFERS)


@dataclass
class _Balance:
    """The stores of one item while transfers are decided: what each may still give and still needs."""

    stock: Floats
    average: Floats
    spare: Floats
    need: Floats
    pack: Floats


def _of_item(stores: pd.DataFrame, across: bool) -> pd.DataFrame:
    """The transfers of one item."""
    balance = _balance(stores)
    before = months(balance.stock, balance.average)
    passes = (True, False) if across else (True,)
    moves = [move for same in passes for move in _pass(stores, balance, same)]
    after = months(balance.stock, balance.average)
    place, item, district = (stores[name].to_numpy() for name in ("place", "item", "district"))
    rows = [
        (
            item[0], place[giver], place[taker], quantity, round(quantity / balance.pack[giver]),
            district[giver] == district[taker], kilometres, before[giver], after[giver], before[taker],
            after[taker], not np.isnan(stores["usable"].iloc[giver]),
        )
        for giver, taker, quantity, kilometres in moves
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(TRANSFERS))


def _balance(stores: pd.DataFrame) -> _Balance:
    """What each store could give, and what each needs; 0 for most."""
    names = ("stock", "average", "pack", "least", "most", "to_delivery")
    stock, average, pack, least, most, ahead = (stores[each].to_numpy(dtype=np.float64) for each in names)
    classes = status(stock, average, Limits(least, most))
    kept = (ahead + least) * average
    consumes = average > 0
    gives = (classes == Status.OVERSTOCKED) & consumes
    takes = ((classes == Status.STOCKED_OUT) | (classes == Status.LOW)) & consumes
    spare = np.where(gives, downwards((stock - kept) / pack) * pack, 0.0)
    need = np.where(takes, kept - stock, 0.0)
    return _Balance(stock.copy(), average, np.maximum(spare, 0.0), np.maximum(need, 0.0), pack)


def _pass(stores: pd.DataFrame, balance: _Balance, same: bool) -> Iterator[tuple[int, int, float, float]]:
    """The transfers within districts (`same`) or between them: giver, taker, units, kilometres."""
    district = pd.factorize(stores["district"])[0]
    usable = stores["usable"].to_numpy(dtype=np.float64)
    for taker in _emptiest_first(balance):
        ways = _kilometres(stores, taker)
        givers = np.flatnonzero((balance.spare > 0) & ((district == district[taker]) == same))
        farness = np.where(np.isnan(ways), np.inf, ways)[givers]
        for giver in givers[np.lexsort((givers, -balance.spare[givers], farness))]:
            quantity = _quantity(balance, giver, taker, usable[giver])
            if quantity > 0:
                _move(balance, giver, taker, quantity)
                # Two places at one point: the point is that of their area, and the way is not known.
                yield int(giver), int(taker), quantity, float(ways[giver]) or float("nan")
            if balance.need[taker] <= 0:
                break


def _emptiest_first(balance: _Balance) -> npt.NDArray[np.intp]:
    """The stores in need: those with the fewest months of stock first, of equals the largest."""
    takers = np.flatnonzero(balance.need > 0)
    lasting = balance.stock[takers] / balance.average[takers]
    return takers[np.lexsort((takers, -balance.average[takers], lasting))]


def _quantity(balance: _Balance, giver: int, taker: int, usable: float) -> float:
    """Whole packs that the giver can spare, the taker needs, and will have used when they expire."""
    pack = balance.pack[giver]
    most = min(float(upwards(balance.need[taker] / pack)) * pack, balance.spare[giver])
    if not np.isnan(usable):
        most = min(most, usable * balance.average[taker] - balance.stock[taker])
    return max(0.0, float(downwards(most / pack)) * float(pack))


def _move(balance: _Balance, giver: int, taker: int, quantity: float) -> None:
    """Note a transfer in what both hold, spare and need."""
    balance.stock[giver] -= quantity
    balance.stock[taker] += quantity
    balance.spare[giver] -= quantity
    balance.need[taker] = max(0.0, balance.need[taker] - quantity)


def _kilometres(stores: pd.DataFrame, taker: int) -> Floats:
    """How far every store is from one of them, along a great circle; NaN where a position is not known."""
    east, north = (np.radians(stores[name].to_numpy(dtype=np.float64)) for name in ("longitude", "latitude"))
    half = (
        np.sin((north - north[taker]) / 2) ** 2
        + np.cos(north) * np.cos(north[taker]) * np.sin((east - east[taker]) / 2) ** 2
    )
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(half)))
