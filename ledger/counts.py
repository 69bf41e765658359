"""What a count does to what was recorded, before it and after.

A count says how much there is at its moment; what the book says more or less is its difference. A movement
that becomes known later, but happened before the count, cannot change what was counted: it changes the
difference. Lots are counted by themselves: a count of one lot fixes that lot, and is to the item a movement
like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Anchor:
    """A count, in the order of time; `lot` is empty when the whole item was counted."""

    rank: str
    id: str
    lot: str = ""


@dataclass
class Effect:
    """What a change at some moment does in the end.

    Attributes:
        balance: by how much the present balance of the item changes.
        lot: by how much the present balance of the lot changes.
        revisions: by how much the difference of which count changes.
    """

    balance: int = 0
    lot: int = 0
    revisions: dict[Anchor, int] = field(default_factory=dict)

    def revise(self, anchor: Anchor, change: int) -> None:
        """Change the difference of a count."""
        self.revisions[anchor] = self.revisions.get(anchor, 0) + change


def effect(anchors: Sequence[Anchor], rank: str, delta: int, lot: str) -> Effect:
    """What it does that DELTA packs came (or went) at the moment of RANK.

    Args:
        anchors: the counts of the item that stand, in the order of time.
        rank: the moment.
        delta: signed packs.
        lot: of which lot; empty when that is not known.

    Example:
        >>> counted = Anchor("2", "a count")
        >>> effect([counted], "1", -5, "").revisions[counted]
        5
        >>> effect([counted], "3", -5, "").balance
        -5
    """
    found = Effect()
    _change_item(found, anchors, rank, delta)
    if lot:
        fixed = _next(anchors, rank, lot)
        if fixed is None:
            found.lot = delta
        else:
            found.revise(fixed, -delta)
            _change_item(found, anchors, fixed.rank, -delta)
    found.revisions = {anchor: change for anchor, change in found.revisions.items() if change}
    return found


def _change_item(found: Effect, anchors: Sequence[Anchor], rank: str, delta: int) -> None:
    fixed = _next(anchors, rank, "")
    if fixed is None:
        found.balance += delta
    else:
        found.revise(fixed, -delta)


def _next(anchors: Sequence[Anchor], rank: str, lot: str) -> Anchor | None:
    return next((each for each in anchors if each.rank > rank and each.lot == lot), None)
