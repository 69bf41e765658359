"""Twenty hospital stores, day by day: every slip for thirteen items in packs, and every figure of the form.

A department asks, the keeper gives what can be spared until the 14th, an order goes to the central store at
the end of the month; some things expire, break, are lent to a neighbour, are counted and do not agree. The
form's figures are the sums of the slips: opening + received - consumed + adjusted - lost = closing, where
transfers and differences of counts are adjustments. Every number is drawn for a store and a month, so that
the past does not change with today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from demo.whotopia import asks, deliveries, depot, transfers
from demo.whotopia.deliveries import Delivery, Order
from demo.whotopia.epidemiology import Demand
from demo.whotopia.keeper import MEASURES, Keeper
from demo.whotopia.movements import Movement
from demo.whotopia.timeline import first_day, yyyymm
from demo.whotopia.world import World

LEAKING = ("DE_1153702", "DE_1153700")
LEAK, LEAST_LEAK = 0.07, 1.2
"""Share of a month's use that disappears from the one store with a leak, and packs at least."""


@dataclass(frozen=True)
class Stores:
    """What the stores' books say.

    Attributes:
        codes: of the hospitals, in the order of the stores' numbers.
        measures: the form's figures in packs, `[item, store, month]` each.
        movements: every line ever written, in the order of time.
        deliveries: every delivery, also those still on their way, in the order of time.
        truth: what nobody wrote down.
    """

    codes: tuple[str, ...]
    measures: dict[str, npt.NDArray[np.int32]]
    movements: tuple[Movement, ...]
    deliveries: tuple[Delivery, ...]
    truth: list[dict[str, Any]]

    def slips(self, first: int, last: int) -> Iterator[Movement]:
        """The lines written in the months from the first to the last, by number."""
        begin, end = first_day(first), first_day(last + 1)
        return (movement for movement in self.movements if begin <= movement.day < end)


def simulate(world: World, demand: Demand) -> Stores:
    """Keeps the stores from the first simulated day to yesterday.

    Args:
        world: the country.
        demand: who comes for what; of the present month too, the whole month.
    """
    need = asks.expected(world, demand)
    keepers = [_keeper(world, index, need[:, index, 0].tolist()) for index in range(need.shape[1])]
    able = _able(world)
    orders = [deliveries.order(world, k.code, -1, k.use, [s.book for s in k.shelves]) for k in keepers]
    sent: list[Delivery] = []
    for month in range(world.timeline.size):
        coming = [
            deliveries.deliver(world, k.index, month, orders[k.index], able[:, month].tolist())
            for k in keepers
        ]
        sent += coming
        for keeper, delivery in zip(keepers, coming, strict=True):
            keeper.begin(month, need[:, keeper.index, month].tolist(), delivery)
        orders = _month(world, keepers, month)
    return _kept(world, keepers, sent)


def _keeper(world: World, index: int, use: list[float]) -> Keeper:
    keeper = Keeper(world, index, use, _leaks(world, index, use))
    keeper.stock([depot.lots(world.chance, item.code, 0, 1.0)[-1] for item in world.catalogue.life_saving])
    return keeper


def _leaks(world: World, index: int, use: list[float]) -> dict[int, float]:
    """Packs that disappear in a month, by item; nothing in all stores but one."""
    stores = world.places.stores()
    if index != 1 + int(world.chance.at("leaking store").integers(max(1, len(stores) - 1))):
        return {}
    codes = [item.code for item in world.catalogue.life_saving]
    return {codes.index(code): max(LEAST_LEAK, LEAK * use[codes.index(code)]) for code in LEAKING}


def _able(world: World) -> npt.NDArray[np.float64]:
    """Share of orders of each life-saving item that the central store can fill, `[item, month]`."""
    able = depot.shortages(world.chance, world.timeline.size)
    whole = np.ones(world.timeline.size)
    items = world.catalogue.life_saving
    return np.stack([able[world.catalogue.commodity(i.like)] if i.like else whole for i in items])


def _month(world: World, keepers: list[Keeper], month: int) -> list[Order]:
    """A month's days before today, which has only begun; returns what is ordered at its end."""
    day, end = first_day(month), min(first_day(month + 1), world.timeline.today)
    while day < end:
        for keeper in keepers:
            keeper.work(day)
        transfers.exchange(keepers)
        for keeper in keepers:
            keeper.rest()
        day += timedelta(days=1)
    return [keeper.end() for keeper in keepers]


def _kept(world: World, keepers: list[Keeper], sent: list[Delivery]) -> Stores:
    measures = {name: np.stack([k.measures[name] for k in keepers], axis=1) for name in MEASURES}
    written = [movement for keeper in keepers for movement in keeper.written]
    written.sort(key=lambda m: (m.day, m.minute, m.store, m.number))
    items = world.catalogue.life_saving
    truth = [
        {
            "kind": "leak",
            "where": keeper.code,
            "item": items[item].code,
            "packs_a_month": round(packs, 2),
            "first": yyyymm(0),
            "last": None,
        }
        for keeper in keepers
        for item, packs in keeper.leaks.items()
    ]
    return Stores(tuple(k.code for k in keepers), measures, tuple(written), tuple(sent), truth)
