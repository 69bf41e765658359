"""From the order of a month's end to the delivery on the 14th."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from demo.whotopia import depot
from demo.whotopia.depot import Lot
from demo.whotopia.timeline import first_day, yyyymm
from demo.whotopia.world import World

MONTHS_OF_STOCK = 2.6
"""A store orders up to so many months of use: half until the delivery, one until the next, one in hand."""
LEAST = 2
SHORT, SHORTEST = 0.05, 0.3
BROKEN_ON_THE_WAY = 0.02
WAITING, RECEIVING = 10, 10 * 60
"""How often a line is filled in part, how little at worst, how often something breaks; minutes of the day."""


@dataclass(frozen=True)
class Consignment:
    """One line of a delivery.

    Attributes:
        item: number of the life-saving item.
        suggested: packs that the logistics unit worked out.
        confirmed: packs that the store asked for.
        shipped: packs on the delivery note, by lot.
        received: packs that arrived whole, by lot.
    """

    item: int
    suggested: int
    confirmed: int
    shipped: tuple[tuple[Lot, int], ...]
    received: tuple[tuple[Lot, int], ...]


@dataclass(frozen=True)
class Delivery:
    """What a store is sent in a month.

    Attributes:
        store: number among the stores.
        order: number of the order.
        note: number of the delivery note.
        ordered: the day on which the store confirmed.
        due: the 14th.
        day: when it came, be it after today.
        minute: of that day.
    """

    store: int
    order: str
    note: str
    ordered: date
    due: date
    day: date
    minute: int
    lines: tuple[Consignment, ...]


@dataclass(frozen=True)
class Order:
    """What a store ordered at the end of a month; packs by item."""

    suggested: Sequence[int]
    confirmed: Sequence[int]


def order(world: World, code: str, month: int, monthly: Sequence[float], balances: Sequence[int]) -> Order:
    """What is suggested to a store at the end of a month, and what it confirms.

    Args:
        world: the country.
        code: of the store.
        month: number of the month that ends.
        monthly: packs of each item used in a month.
        balances: packs of each item in the books.
    """
    suggested = [
        max(0, max(LEAST, round(use * MONTHS_OF_STOCK)) - balance)
        for use, balance in zip(monthly, balances, strict=True)
    ]
    luck = world.chance.at("order", code, month)
    habits, factors = luck.random(len(suggested)), luck.choice((0.5, 0.75, 1.25, 1.5, 2.0), len(suggested))
    confirmed = [
        _confirmed(s, float(h), float(f)) for s, h, f in zip(suggested, habits, factors, strict=True)
    ]
    return Order(suggested, confirmed)


def _confirmed(suggested: int, habit: float, factor: float) -> int:
    """Four in five agree, some change the number, a few forget the line."""
    if habit < 0.02:
        return 0
    return round(suggested * factor) if habit < 0.18 else suggested


def deliver(world: World, store: int, month: int, ordered: Order, able: Sequence[float]) -> Delivery:
    """What a store is sent in a month for its order at the end of the month before.

    Args:
        world: the country.
        store: number among the stores.
        month: number of the month of the delivery.
        ordered: what it ordered.
        able: share of each item's orders that the central store can fill.
    """
    code = world.places.facilities[world.places.stores()[store]].code
    luck = world.chance.at("delivery", code, month)
    first = first_day(month)
    day, minute = depot.arrival(luck), RECEIVING + int(luck.integers(0, 18)) * WAITING
    confirms = first.replace(day=int(luck.integers(2, 6)))
    lines = [
        _consignment(_Line(item, ordered.suggested[item], ordered.confirmed[item], share), world, month, luck)
        for item, share in enumerate(able)
    ]
    stamp = f"{yyyymm(month)}-{code}"
    return Delivery(
        store,
        f"CMD-{stamp}",
        f"BL-{stamp}",
        confirms,
        first.replace(day=depot.DELIVERY_DAY),
        first.replace(day=day),
        minute,
        tuple(line for line in lines if line.suggested or line.confirmed),
    )


@dataclass(frozen=True)
class _Line:
    """A line of an order, and the share of it that the central store can fill."""

    item: int
    suggested: int
    confirmed: int
    able: float


def _consignment(line: _Line, world: World, month: int, luck: np.random.Generator) -> Consignment:
    short, part, broken, loss, split = luck.random(5).tolist()
    share = line.able * (SHORTEST + (0.9 - SHORTEST) * part if short < SHORT else 1.0)
    shipped = int(line.confirmed * share + 0.5)
    lots = depot.lots(world.chance, world.catalogue.life_saving[line.item].code, month, split)
    sent = _parted(lots, shipped)
    lost = min(shipped, 1 + int(loss * 0.1 * shipped)) if broken < BROKEN_ON_THE_WAY else 0
    arrived = [(lot, packs) for lot, packs in (*sent[:-1], *((lot, p - lost) for lot, p in sent[-1:]))]
    return Consignment(
        line.item,
        line.suggested,
        line.confirmed,
        sent,
        tuple((lot, max(0, packs)) for lot, packs in arrived),
    )


def _parted(lots: Sequence[Lot], packs: int) -> tuple[tuple[Lot, int], ...]:
    """Packs over lots, a third of them the end of the older one."""
    if not packs:
        return ()
    older = packs // 3 if len(lots) > 1 else 0
    parts = ((lots[0], older), (lots[-1], packs - older))
    return tuple((lot, part) for lot, part in parts if part)
