"""What the logistics unit and the stores write to each other about orders and deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from demo.combos import stable_id
from demo.whotopia.deliveries import Consignment, Delivery
from demo.whotopia.people import store_account
from demo.whotopia.stores import Stores
from demo.whotopia.timeline import first_day
from demo.whotopia.transactions import moment
from demo.whotopia.world import World

Object = dict[str, Any]
Said = tuple[datetime, str, str]

UNIT = "ministry"
"""The account from which the logistics unit writes."""


def conversations(world: World, stores: Stores) -> Iterator[Object]:
    """One conversation for each order of the months that are given out, until yesterday, in order.

    Both have read what is older than the present month; of the present one, whoever wrote last has.
    """
    now = datetime.combine(world.timeline.today, time())
    begin = first_day(world.timeline.first_slips)
    for delivery in stores.deliveries:
        if delivery.due >= begin:
            account = store_account(world.places, stores.codes[delivery.store])
            if said := [row for row in _said(world, delivery, account) if row[0] < now]:
                yield _conversation(world, delivery, account, said)


def _conversation(world: World, delivery: Delivery, account: str, said: list[Said]) -> Object:
    present = first_day(world.timeline.size - 1)
    old = delivery.due < present
    uid = stable_id("whotopia", "conversation", delivery.order)
    return {
        "id": uid,
        "subject": f"Order {delivery.order}, delivery of {delivery.due:%d %B %Y}",
        "type": "PRIVATE",
        "created": moment(said[0][0]),
        "participants": [UNIT, account],
        "read": [UNIT, account] if old else [said[-1][1]],
        "messages": [
            {"id": stable_id(uid, str(n)), "text": text, "sender": sender, "created": moment(when)}
            for n, (when, sender, text) in enumerate(said)
        ],
    }


def _said(world: World, delivery: Delivery, account: str) -> Iterator[Said]:
    """Suggestion, confirmation, delivery note, delay, receipt: whoever wrote it, and when."""
    suggested = [f"{_name(world, line)}: {_packs(line.suggested)}" for line in delivery.lines]
    note = [
        f"{_name(world, line)}: {_packs(sent)}" for line in delivery.lines if (sent := _sum(line.shipped))
    ]
    first = datetime.combine(delivery.due.replace(day=1), time(8, 30))
    text = f"Suggested order {delivery.order}. Please confirm or change it by the 5th."
    yield first, UNIT, "\n".join((text, *suggested))
    yield datetime.combine(delivery.ordered, time(9, 30)), account, _answer(world, delivery)
    text = f"Delivery note {delivery.note}, planned for {delivery.due:%d %B}."
    yield datetime.combine(delivery.due - timedelta(days=1), time(15, 0)), UNIT, "\n".join((text, *note))
    if delivery.day > delivery.due:
        late = f"The lorry with {delivery.note} is late. We expect it on {delivery.day:%d %B}."
        yield datetime.combine(delivery.due, time(16, 0)), UNIT, late
    came = datetime.combine(delivery.day, time()) + timedelta(minutes=delivery.minute + 60)
    yield came, account, _receipt(world, delivery)


def _answer(world: World, delivery: Delivery) -> str:
    changed = [
        f"{_name(world, line)}: {line.confirmed} instead of {_packs(line.suggested)}"
        for line in delivery.lines
        if line.confirmed != line.suggested
    ]
    return "\n".join(("Confirmed, with these changes:", *changed)) if changed else "Confirmed as suggested."


def _receipt(world: World, delivery: Delivery) -> str:
    missing = [
        f"{_name(world, line)}: {_sum(line.received)} of {_packs(_sum(line.shipped))}"
        for line in delivery.lines
        if _sum(line.received) != _sum(line.shipped)
    ]
    short = [
        f"{_name(world, line)}: {_sum(line.shipped)} sent, {line.confirmed} ordered"
        for line in delivery.lines
        if _sum(line.shipped) < line.confirmed
    ]
    told = [f"Received on {delivery.day:%d %B}."]
    told += ["Arrived broken or missing:", *missing] if missing else []
    told += ["Less than ordered:", *short] if short else []
    return "\n".join(told)


def _name(world: World, line: Consignment) -> str:
    return world.catalogue.life_saving[line.item].name.removeprefix("Commodities - ")


def _sum(lots: tuple[tuple[Any, int], ...]) -> int:
    return sum(packs for _, packs in lots)


def _packs(count: int) -> str:
    return "1 pack" if count == 1 else f"{count} packs"
