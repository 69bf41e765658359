"""The central store: what it lacks, the lots that it sends, and how its lorries keep to the 14th."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from demo.whotopia.catalogue import catalogue
from demo.whotopia.chance import Chance
from demo.whotopia.timeline import first_day, yyyymm

DELIVERY_DAY = 14
SHORTAGES_A_YEAR = 0.35
"""How often a product runs short at the central store; each time for one to four months."""
SHORT_DATED, SPLIT = 0.1, 0.3
"""Share of lots with three to five months left, and of lines in two lots."""
LATE, DAYS_LATE = 0.12, (1, 2, 2, 3, 4, 5, 7, 9, 12)
"""The share of a month's deliveries that come late, and by how many days."""
SHELF_LIFE = {
    "DE_1153697": (24, 48),
    "DE_1153698": (18, 36),
    "DE_1153699": (10, 24),
    "DE_1153700": (10, 26),
    "DE_1153701": (12, 30),
    "DE_1153702": (12, 28),
    "DE_1153703": (10, 26),
    "DE_1153706": (10, 24),
    "DE_1153707": (14, 34),
}
"""Months that a life-saving item may still be kept when it leaves the central store; others bear no date."""


@dataclass(frozen=True)
class Lot:
    """What was made together and expires together; `expiry` is its last good day, None without one."""

    number: str
    expiry: date | None


NO_LOT = Lot("", None)


def shortages(chance: Chance, months: int) -> npt.NDArray[np.float64]:
    """Share of what is ordered that the central store can send.

    Args:
        chance: the country's luck.
        months: how many months from the epoch on.

    Returns:
        `[commodity, month]` between 0 and 1; 1 where nothing lacks.
    """
    able = np.ones((len(catalogue().commodities), months))
    for number, commodity in enumerate(catalogue().commodities):
        for month in range(months):
            luck = chance.at("depot", commodity.code, month)
            begins, length, left = luck.random(), luck.integers(1, 5), luck.choice((0.0, 0.0, 0.25, 0.5, 0.7))
            if begins < SHORTAGES_A_YEAR / 12:
                spell = able[number, month : month + length]
                np.minimum(spell, left, out=spell)
    return able


def lots(chance: Chance, item: str, month: int, luck: float) -> tuple[Lot, ...]:
    """The lots of which a delivery of a month consists: one, or now and then the end of the one before too.

    All stores are sent the same lots, so that one that is called back can be found everywhere.

    Args:
        chance: the country's luck.
        item: code of the life-saving item.
        month: its number.
        luck: of this line, between 0 and 1.
    """
    if item not in SHELF_LIFE:
        return (NO_LOT,)
    quarter = month // 3
    newest = _lot(chance, item, quarter)
    return (_lot(chance, item, quarter - 1), newest) if luck < SPLIT and quarter else (newest,)


@cache
def _lot(chance: Chance, item: str, quarter: int) -> Lot:
    luck = chance.at("lot", item, quarter)
    shortest, longest = SHELF_LIFE[item]
    left = int(luck.integers(3, 6)) if luck.random() < SHORT_DATED else int(luck.integers(shortest, longest))
    serial = int(luck.integers(100, 1000))
    last = date.fromordinal(first_day(quarter * 3 + 3 + left).toordinal() - 1)
    return Lot(f"{item[-2:]}{yyyymm(quarter * 3) % 10000:04d}{'ABCDEFGH'[serial % 8]}{serial}", last)


def arrival(luck: np.random.Generator) -> int:
    """The day of the month on which a delivery comes: the 14th, or later."""
    late, days = luck.random() < LATE, int(luck.choice(DAYS_LATE))
    return DELIVERY_DAY + days if late else DELIVERY_DAY
