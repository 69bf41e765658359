"""The stores' registry of the last year, as events of the program "Stock transaction"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from demo.combos import stable_id
from demo.whotopia import staff
from demo.whotopia.movements import Movement
from demo.whotopia.people import store_account
from demo.whotopia.stores import Stores
from demo.whotopia.world import World

Object = dict[str, Any]

PROGRAM = "Stock transaction"
OFFLINE, LONGEST_OFFLINE = 0.15, 60 * 30
"""How often a slip reaches the server later than it is written, and by how many minutes at most."""


def events(world: World, stores: Stores) -> Iterator[Object]:
    """Every line of the registry of the months that are given out, in the order in which the server got them.

    Quantities are packs. Of a count, Quantity is what was found; of what could not be given, 0. A reversal's
    Document is the id of the event that it takes back.

    Args:
        world: the country.
        stores: what was written.
    """
    books = [_Registry(world, code, store_account(world.places, code)) for code in stores.codes]
    slips = stores.slips(world.timeline.first_slips, world.timeline.size - 1)
    told = (_event(books[movement.store], movement) for movement in slips)
    yield from sorted(told, key=lambda event: event["createdAt"])


def moment(when: datetime) -> str:
    """A moment as events keep it."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.000")


@dataclass(frozen=True)
class _Registry:
    """One store's: its code, and the account that writes for it."""

    world: World
    code: str
    account: str

    def event_id(self, day: date, number: int) -> str:
        """The event of the movement of a number on a day; always the same."""
        return stable_id(
            "whotopia", "slip", str(self.world.chance.seed), self.code, day.isoformat(), str(number)
        )


def _event(book: _Registry, movement: Movement) -> Object:
    world, code, day = book.world, book.code, movement.day
    luck = world.chance.at("slip", code, day.isoformat(), movement.number).random(8).tolist()
    written = datetime.combine(day, time()) + timedelta(minutes=movement.minute)
    offline = luck[0] / OFFLINE * LONGEST_OFFLINE if luck[0] < OFFLINE else 1.0
    now = datetime.combine(world.timeline.today, time()) - timedelta(minutes=1)
    return {
        "event": book.event_id(day, movement.number),
        "program": PROGRAM,
        "orgUnit": code,
        "occurredAt": moment(written),
        "createdAt": moment(max(written, min(written + timedelta(minutes=round(offline)), now))),
        "status": "COMPLETED",
        "storedBy": book.account,
        "dataValues": {f"{PROGRAM} - {name}": v for name, v in _values(book, movement, luck) if v != ""},
    }


def _values(book: _Registry, movement: Movement, luck: list[float]) -> Iterator[tuple[str, str]]:
    line, code, world = movement.line, book.code, book.world
    yield "Commodity", world.catalogue.life_saving[line.item].code
    yield "Kind", line.kind
    yield "Quantity", str(line.packs)
    if line.kind == "dispense":
        yield "Asked", str(line.asked)
    if line.department >= 0:
        chances = (luck[1], luck[2], luck[3])
        yield "Recipient", staff.collector(world.chance, code, line.department, movement.day, chances)
        yield "Department", staff.department(line.department, (luck[4], luck[5]))
    yield "Manager", staff.keeper(world.chance, code, movement.day, luck[6])
    yield "Lot", line.lot.number
    yield "Expiry", line.lot.expiry.isoformat() if line.lot.expiry else ""
    yield "Reason", line.reason
    yield "Document", book.event_id(movement.day, line.reverses) if line.reverses >= 0 else line.document
