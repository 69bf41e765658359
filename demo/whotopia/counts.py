"""Counting what really stands on the shelves, and what disappears from them between two counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.whotopia.movements import Line
from demo.whotopia.timeline import days, first_day
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.keeper import Keeper

EVENING = 17 * 60
EVERY = 3
MISCOUNTED = 0.01
UNEXPLAINED, FOUND = "unexplained", "agrees"


def day_of(world: World, code: str, month: int) -> int:
    """The day of the month on which a store counts everything; 0 in months without a count.

    Stores count towards the end of each quarter, each on its own working day.
    """
    if month % EVERY != EVERY - 1:
        return 0
    day = days(month) - int(world.chance.at("count day", code, month).integers(0, 6))
    weekday = first_day(month).replace(day=day).weekday()
    return day - max(0, weekday - 4)


def count_all(keeper: Keeper, minute: int) -> None:
    """Counts every item of a store; now and then somebody is one pack out."""
    luck = keeper.world.chance.at("count", keeper.code, keeper.month).random(len(keeper.shelves))
    for item, draw in enumerate(luck):
        slip = -1 if draw < MISCOUNTED / 2 else 1 if draw > 1 - MISCOUNTED / 2 else 0
        count_one(keeper, item, minute + item, slip)


def count_one(keeper: Keeper, item: int, minute: int, slip: int = 0) -> None:
    """Counts one item; the books follow what is found, and what was known of the difference is told."""
    shelf = keeper.shelves[item]
    found = max(0, shelf.standing + slip)
    line = Line(item, "count", found, reason=why(shelf.book - found, shelf.known))
    keeper.write(line, minute)
    shelf.known.clear()


def why(missing: int, known: list[tuple[int, str]]) -> str:
    """What is written beside a difference.

    >>> why(0, []), why(3, []), why(2, [(2, "slip not written")]), why(5, [(2, "slip not written")])
    ('agrees', 'unexplained', 'slip not written', 'slip not written (2), rest unexplained')
    """
    if missing == 0:
        return FOUND
    told = ", ".join(dict.fromkeys(reason for _, reason in known))
    explained = sum(packs for packs, _ in known)
    if not known:
        return UNEXPLAINED
    return told if explained == missing else f"{told} ({explained}), rest {UNEXPLAINED}"


def leaking(world: World, code: str, month: int, leaks: dict[int, float]) -> dict[int, list[int]]:
    """The items of which a pack disappears on a night, by day of the month.

    Args:
        world: the country.
        code: of the store.
        month: its number.
        leaks: packs that a month takes, by item.
    """
    if not leaks:
        return {}
    luck = world.chance.at("leak", code, month).random((31, len(world.catalogue.life_saving)))
    gone: dict[int, list[int]] = {}
    for item, packs in leaks.items():
        for day in range(31):
            if luck[day, item] < packs / 30.4:
                gone.setdefault(day + 1, []).append(item)
    return gone
