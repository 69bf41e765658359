"""What moves packs in a store: one line of the registry each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from demo.whotopia.depot import NO_LOT, Lot

COUNTED_UP = {"return", "receive", "transfer_receive"}
COUNTED_DOWN = {"dispense", "write_off", "transfer_send"}


@dataclass(frozen=True, slots=True)
class Line:
    """What is written on a slip.

    Attributes:
        item: number of the life-saving item.
        kind: dispense, return, receive, write_off, count, transfer_send, transfer_receive or reverse.
        packs: how many; of a count what was found, 0 when nothing could be given.
        asked: packs asked for, of what is dispensed.
        department: number among `asks.DEPARTMENTS`, -1 when none.
        reason: why, of losses and counts; the other store, of transfers.
        document: the delivery or transfer note.
        reverses: number of the movement of the same day and store that this one takes back, -1 when none.
    """

    item: int
    kind: str
    packs: int
    asked: int = 0
    department: int = -1
    lot: Lot = NO_LOT
    reason: str = ""
    document: str = ""
    reverses: int = -1


@dataclass(frozen=True, slots=True)
class Movement:
    """A line that was written.

    Attributes:
        store: number among the stores.
        day: when.
        minute: of the day.
        number: counts the store's movements of a day.
        effect: by how many packs the balance changed.
        balance: in the books, after it.
    """

    store: int
    day: date
    minute: int
    number: int
    line: Line
    effect: int
    balance: int

    @property
    def consumption(self) -> int:
        """Packs that it adds to the form's Consumption: dispensed, less what came back or was never given."""
        return -self.effect if self.line.kind in {"dispense", "return", "reverse"} else 0


def effect(line: Line, balance: int) -> int:
    """By how many packs a line changes a balance; only what was dispensed is ever reversed."""
    if line.kind == "count":
        return line.packs - balance
    return -line.packs if line.kind in COUNTED_DOWN else line.packs
