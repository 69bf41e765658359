"""The ledger said once more, slowly: every movement in the order of true time, counts obeyed as they come."""

from collections import defaultdict
from dataclasses import dataclass, field

SIGN = {
    "dispense": -1,
    "return": 1,
    "receive": 1,
    "write_off": -1,
    "transfer_send": -1,
    "transfer_receive": 1,
}


@dataclass(frozen=True, order=True)
class Happened:
    """A movement as it truly happened; `moment` tells all of a test apart."""

    moment: int
    id: str = field(compare=False)
    kind: str = field(compare=False)
    unit: str = field(compare=False)
    item: str = field(compare=False)
    packs: int = field(compare=False)
    lot: str = field(compare=False, default="")
    month: int = field(compare=False, default=0)


@dataclass
class Book:
    """What there is in the end, and what counts made of it."""

    items: dict = field(default_factory=lambda: defaultdict(int))
    lots: dict = field(default_factory=lambda: defaultdict(int))
    differences: dict = field(default_factory=dict)
    flows: dict = field(default_factory=lambda: defaultdict(int))  # (unit, item, month, what): packs


def replay(events, reversed_ids) -> Book:
    """The book after all events, in true order, without those that were undone."""
    book = Book()
    for event in sorted(events):
        if event.id not in reversed_ids:
            _count(book, event) if event.kind == "count" else _move(book, event)
    return book


def _count(book, event):
    key, lot = (event.unit, event.item), (event.unit, event.item, event.lot)
    there = book.lots[lot] if event.lot else book.items[key]
    book.differences[event.id] = event.packs - there
    book.items[key] += event.packs - there
    if event.lot:
        book.lots[lot] = event.packs
    book.flows[(*key, event.month, "differences")] += event.packs - there


def _move(book, event):
    delta = SIGN[event.kind] * event.packs
    key = (event.unit, event.item)
    book.items[key] += delta
    if event.lot:
        book.lots[(*key, event.lot)] += delta
    what, sign = {
        "dispense": ("consumed", -1), "return": ("consumed", -1), "receive": ("received", 1),
        "write_off": ("lost", -1),
        "transfer_send": ("transferred", 1), "transfer_receive": ("transferred", 1),
    }[event.kind]  # fmt: skip
    book.flows[(*key, event.month, what)] += sign * delta
