"""Orders confirmed and shipments acknowledged, as events of the two programs for them.

A month's order is suggested from the use of three months, confirmed or changed by those who receive it,
shipped with a delivery note, and what arrives is acknowledged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from demo.combos import stable_id
from demo.whotopia import depot
from demo.whotopia.deliveries import Delivery
from demo.whotopia.logistics import Logistics
from demo.whotopia.people import clerk_account, store_account
from demo.whotopia.stores import Stores
from demo.whotopia.timeline import first_day, yyyymm
from demo.whotopia.transactions import moment
from demo.whotopia.world import World

Object = dict[str, Any]

ORDER, SHIPMENT = "Order confirmation", "Acknowledgement of shipment received"
CENTRES = 10
"""How many health centres besides the stores confirm their orders in DHIS2."""
RESUGGESTED = 0.15


@dataclass(frozen=True)
class Line:
    """One product of one order of one unit, in packs; `arrived` may lie ahead."""

    unit: str
    account: str
    product: str
    order: str
    note: str
    suggested: int
    confirmed: int
    shipped: int
    received: int
    ordered: datetime
    arrived: datetime


def events(world: World, stores: Stores, logistics: Logistics | None = None) -> Iterator[Object]:
    """What was confirmed and acknowledged in the months that are given out, until yesterday, in order.

    Args:
        world: the country.
        stores: the hospitals' deliveries.
        logistics: of all facilities; without it, the stores alone.
    """
    lines = [*_of_stores(world, stores), *(_of_centres(world, logistics) if logistics else ())]
    now = datetime.combine(world.timeline.today, time())
    told = [event for line in lines for event in (_order(line), _shipment(line)) if event]
    known = [event for event in told if event["occurredAt"] < moment(now)]
    yield from sorted(known, key=lambda event: (event["createdAt"], event["event"]))


def _of_stores(world: World, stores: Stores) -> Iterator[Line]:
    begin = first_day(world.timeline.first_slips)
    for delivery in stores.deliveries:
        if delivery.due >= begin:
            yield from _lines(world, stores.codes[delivery.store], delivery)


def _lines(world: World, code: str, delivery: Delivery) -> Iterator[Line]:
    account = store_account(world.places, code)
    for number, line in enumerate(delivery.lines):
        yield Line(
            code,
            account,
            world.catalogue.life_saving[line.item].code,
            delivery.order,
            delivery.note,
            line.suggested,
            line.confirmed,
            sum(packs for _, packs in line.shipped),
            sum(packs for _, packs in line.received),
            datetime.combine(delivery.ordered, time(9, number)),
            datetime.combine(delivery.day, time()) + timedelta(minutes=delivery.minute + 20 + number),
        )


def _of_centres(world: World, logistics: Logistics) -> Iterator[Line]:
    """Monthly reporting centres, the first ones in the order of their codes."""
    centres = [
        number
        for number, f in enumerate(world.places.facilities)
        if f.kind == "centre" and not f.group and f.opened <= world.timeline.first_slips and f.closed > 10**3
    ]
    for facility in centres[:CENTRES]:
        for month in range(world.timeline.first_slips, world.timeline.size):
            yield from _of_centre(world, logistics, facility, month)


def _of_centre(world: World, logistics: Logistics, facility: int, month: int) -> Iterator[Line]:
    where = world.places.facilities[facility]
    luck = world.chance.at("order of a centre", where.code, month)
    draws = luck.random((len(world.catalogue.commodities), 2))
    ordered, day = first_day(month).replace(day=int(luck.integers(2, 6))), depot.arrival(luck)
    stamp = f"{yyyymm(month)}-{where.code}"
    for row, product in enumerate(world.catalogue.commodities):
        wanted = -(-int(logistics.measures["ordered"][row, facility, month - 1]) // product.pack)
        came = -(-int(logistics.measures["received"][row, facility, month]) // product.pack)
        if wanted + came:
            change = np.round(wanted * (0.7 + draws[row, 1])) if draws[row, 0] < RESUGGESTED else wanted
            yield Line(
                where.code,
                clerk_account(where.district),
                product.code,
                f"CMD-{stamp}",
                f"BL-{stamp}",
                int(change),
                wanted,
                came,
                came,
                _at(ordered, 10, row),
                _at(first_day(month).replace(day=day), 11, row),
            )


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute))


def _order(line: Line) -> Object:
    decision = (
        "confirmed" if line.confirmed == line.suggested else "changed" if line.confirmed else "declined"
    )
    values = {
        "Order number": line.order,
        "Commodity": line.product,
        "Quantity suggested": str(line.suggested),
        "Quantity confirmed": str(line.confirmed),
        "Decision": decision,
    }
    return _event(line, ORDER, line.ordered, values)


def _shipment(line: Line) -> Object | None:
    if not line.shipped:
        return None
    values = {
        "Delivery note number": line.note,
        "Commodity": line.product,
        "Quantity shipped": str(line.shipped),
        "Quantity received": str(line.received),
    }
    return _event(line, SHIPMENT, line.arrived, values)


def _event(line: Line, program: str, when: datetime, values: dict[str, str]) -> Object:
    return {
        "event": stable_id("whotopia", program, line.order, line.product),
        "program": program,
        "orgUnit": line.unit,
        "occurredAt": moment(when),
        "createdAt": moment(when),
        "status": "COMPLETED",
        "storedBy": line.account,
        "dataValues": {f"{program} - {name}": value for name, value in values.items()},
    }
