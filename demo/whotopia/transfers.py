"""Stores that help each other out: one has run out, another one nearby has more than it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from demo.whotopia.keeper import Keeper
from demo.whotopia.movements import Line

CALLS, FAR, IN_HAND = 0.5, 4, 5
"""How often a keeper without stock calls, how many days before the next delivery at least, and the days
of use beyond it for which the other keeper holds back."""
AFTERNOON, SHARED = 17 * 60 + 30, 0.7


def exchange(keepers: Sequence[Keeper]) -> None:
    """At the end of a day, those who refused what they did not have call their neighbours."""
    for keeper in (k for k in keepers if k.refused):
        for item, missing in keeper.refused.items():
            if missing and keeper.shelves[item].book == 0 and keeper.days_left > FAR:
                luck = keeper.world.chance.at("call", keeper.code, keeper.day.isoformat(), item).random(2)
                if luck[0] < CALLS:
                    _call(keeper, item, list(_neighbours(keeper, keepers)), 1 + int(luck[1] * 3))


def _call(keeper: Keeper, item: int, others: Sequence[Keeper], days: int) -> None:
    """Asks the neighbour with the most to spare; what it sends comes after some days."""
    if any(a.line.item == item and a.line.kind == "transfer_receive" for a in keeper.coming):
        return
    spare = [(_spare(other, item), -other.index, other) for other in others]
    most, _, other = max(spare, default=(0, 0, keeper), key=lambda row: row[:2])
    packs = min(int(most * SHARED), max(1, ceil(keeper.use[item] / 30.4 * keeper.days_left)))
    if packs < 1:
        return
    note = f"TR-{keeper.day:%Y%m%d}-{other.code}-{keeper.code}"
    for lot, part in other.shelves[item].take(packs):
        to, back = f"to {keeper.code}", f"from {other.code}"
        other.write(Line(item, "transfer_send", part, lot=lot, reason=to, document=note), AFTERNOON)
        line = Line(item, "transfer_receive", part, lot=lot, reason=back, document=note)
        keeper.expect(keeper.in_days(days), line)


def _spare(keeper: Keeper, item: int) -> int:
    """Packs more than a keeper needs until the next delivery."""
    held = keeper.use[item] / 30.4 * (keeper.days_left + IN_HAND)
    return keeper.shelves[item].free - ceil(held)


def _neighbours(keeper: Keeper, keepers: Sequence[Keeper]) -> Iterator[Keeper]:
    """Stores of the same district first; of the same region when there are none."""
    places = keeper.world.places
    stores = places.stores()
    for area in (places.district_of()[stores], places.region_of()[stores]):
        near = [k for k in keepers if k is not keeper and area[k.index] == area[keeper.index]]
        if near:
            yield from near
            return
