"""At the store's counter: a department asks, the keeper gives what can be spared, and writes it down."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from demo.whotopia import counts
from demo.whotopia.asks import Ask
from demo.whotopia.movements import Line

if TYPE_CHECKING:
    from demo.whotopia.keeper import Keeper

SOON, LEAST_SHARE = 3, 0.25
"""Days before a delivery in which nobody is refused what is there; the share of an ask always given."""
FORGOTTEN, MISCOUNTED, MISTAKEN = 0.007, 0.012, 0.016
"""Slips never written, with a wrong number, and with a wrong item that is put right at once (cumulative)."""
REMEMBERED = 0.6
"""How often somebody can say afterwards what went wrong."""
RETURNED = 0.015
INSTEAD = {"DE_1153699": ("DE_1153700", 3.0), "DE_1153700": ("DE_1153699", 0.08)}
"""What is taken for what is not there, in packs for each missing pack: ten ampoules of oxytocin do what
seven or eight packs of four tablets of misoprostol do, and some go without."""


def serve(keeper: Keeper, ask: Ask, instead: bool = True) -> None:
    """Gives a department what can be spared of what it asks for."""
    shelf = keeper.shelves[ask.item]
    if ask.packs > shelf.standing and shelf.book > shelf.standing:
        counts.count_one(keeper, ask.item, ask.minute)
    packs = spared(keeper, ask)
    _mistake(keeper, ask, packs)
    if packs == 0:
        keeper.write(_line(ask, 0, ask.packs), ask.minute)
    elif ask.luck[0] < FORGOTTEN:
        shelf.take(packs)
        _remember(keeper, ask, packs, "slip not written")
    else:
        _hand_over(keeper, ask, packs)
    if packs < ask.packs:
        keeper.refused[ask.item] = keeper.refused.get(ask.item, 0) + ask.packs - packs
        if instead:
            _offer_instead(keeper, ask, ask.packs - packs)


def spared(keeper: Keeper, ask: Ask) -> int:
    """Packs given: all that is asked for when stock lasts until the next delivery, less when it does not."""
    free = keeper.shelves[ask.item].free
    if keeper.days_left <= SOON:
        return min(ask.packs, free)
    share = keeper.wants(ask) * (0.8 + 0.4 * ask.luck[2])
    if share >= 1:
        return min(ask.packs, free)
    return min(free, ask.packs, max(1, round(ask.packs * max(LEAST_SHARE, share))))


def _hand_over(keeper: Keeper, ask: Ask, packs: int) -> None:
    """Writes a line for each lot; what was asked for and not given stands on the last."""
    left, parts = ask.packs, keeper.shelves[ask.item].take(packs)
    for number, (lot, part) in enumerate(parts):
        asked = left if number == len(parts) - 1 else part
        left -= asked
        written = part
        if FORGOTTEN <= ask.luck[0] < MISCOUNTED and part > 1:
            written = part - 1
            _remember(keeper, ask, 1, "wrong number written")
        keeper.write(_line(ask, written, asked, lot=lot), ask.minute)
    if packs > 1 and ask.luck[1] < RETURNED:
        lot = parts[-1][0]
        back = Line(ask.item, "return", 1, department=ask.department, lot=lot, reason="not needed")
        keeper.expect(keeper.in_days(2 + int(ask.luck[2] * 4)), back)


def _mistake(keeper: Keeper, ask: Ask, packs: int) -> None:
    """Now and then the line above or below is taken, seen, and taken back."""
    other = (ask.item + 1) % len(keeper.shelves)
    shelf = keeper.shelves[other]
    if not (packs and MISCOUNTED <= ask.luck[0] < MISTAKEN and shelf.free >= packs):
        return
    taken = shelf.take(packs)
    numbers = [
        keeper.write(Line(other, "dispense", part, part, ask.department, lot), ask.minute)
        for lot, part in taken
    ]
    for number, (lot, part) in zip(numbers, taken, strict=True):
        again = Line(other, "reverse", part, 0, ask.department, lot, "wrong item", reverses=number)
        keeper.write(again, ask.minute + 2)
        shelf.put(lot, part)


def _remember(keeper: Keeper, ask: Ask, packs: int, why: str) -> None:
    if ask.luck[2] < REMEMBERED:
        keeper.shelves[ask.item].known.append((packs, why))


def _offer_instead(keeper: Keeper, ask: Ask, missing: int) -> None:
    items = [item.code for item in keeper.world.catalogue.life_saving]
    if items[ask.item] not in INSTEAD:
        return
    code, packs = INSTEAD[items[ask.item]]
    other = Ask(ask.minute, items.index(code), ask.department, ceil(missing * packs), (1.0, 1.0, ask.luck[2]))
    serve(keeper, other, instead=False)


def _line(ask: Ask, packs: int, asked: int, **more: object) -> Line:
    return Line(ask.item, "dispense", packs, asked, ask.department, **more)  # type: ignore[arg-type]
