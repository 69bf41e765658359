"""A shelf of a store: packs of one item in lots, and what the books say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from demo.whotopia.depot import Lot


@dataclass
class Shelf:
    """Packs of one item.

    Attributes:
        lots: what really stands there, by lot.
        book: the balance that the slips add up to. It parts from what stands there when a slip is forgotten
            or something disappears, until somebody counts.
        known: why the two parted, as (packs missing, reason), where somebody remembers.
    """

    lots: dict[Lot, int] = field(default_factory=dict)
    book: int = 0
    known: list[tuple[int, str]] = field(default_factory=list)

    @property
    def standing(self) -> int:
        """Packs that really stand there."""
        return sum(self.lots.values())

    @property
    def free(self) -> int:
        """Packs that can be given out: there, and in the books."""
        return max(0, min(self.book, self.standing))

    def put(self, lot: Lot, packs: int) -> None:
        """Sets packs of a lot down; the books are kept by the caller."""
        self.lots[lot] = self.lots.get(lot, 0) + packs

    def take(self, packs: int) -> list[tuple[Lot, int]]:
        """Takes packs away, of what expires first; the books are kept by the caller.

        >>> early, late = Lot("A", date(2024, 1, 31)), Lot("B", date(2024, 6, 30))
        >>> [(lot.number, packs) for lot, packs in Shelf({late: 5, early: 2}).take(3)]
        [('A', 2), ('B', 1)]
        """
        taken = []
        for lot in sorted(self.lots, key=_first_to_expire):
            part = min(packs, self.lots[lot])
            if part > 0:
                taken.append((lot, part))
                packs -= part
                self._remove(lot, part)
        return taken

    def expired(self, today: date) -> Iterator[tuple[Lot, int]]:
        """Takes away what was good until yesterday."""
        for lot, packs in [*self.lots.items()]:
            if lot.expiry and lot.expiry < today:
                self._remove(lot, packs)
                yield lot, packs

    def _remove(self, lot: Lot, packs: int) -> None:
        left = self.lots[lot] - packs
        if left:
            self.lots[lot] = left
        else:
            del self.lots[lot]


def _first_to_expire(lot: Lot) -> tuple[date, str]:
    return lot.expiry or date.max, lot.number
