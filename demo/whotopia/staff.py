"""Who stands at a store's counter, on either side, and how their names are written down."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache

from demo.whotopia.asks import DEPARTMENTS
from demo.whotopia.chance import Chance
from demo.whotopia.people import person
from demo.whotopia.timeline import number

DEPUTIES, COLLEAGUES = 2, 4
KEEPER_ON_WORKDAYS, KEEPER_ON_WEEKENDS = 0.72, 0.1
OTHERWISE_NAMED, OTHERWISE_CALLED = 0.12, 0.06
"""How often a person's and a department's name is spelled another way."""
STAYS = (10, 40)
"""Months for which somebody holds a post."""
OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "Maternity": ("maternity", "Mat.", "Maternité"),
    "Paediatrics": ("Pediatrics", "Paeds", "paediatrics"),
    "Outpatients": ("OPD", "Out-patients", "outpatient"),
    "Theatre": ("Op. theatre", "theatre", "Bloc"),
    "Family planning": ("FP", "Fam. planning", "family planning"),
    "Emergency": ("A&E", "emergency", "Urgences"),
    "Medical ward": ("Med. ward", "Ward 2", "medical ward"),
    "Neonatal unit": ("NICU", "Neonatal", "neonatal unit"),
}


def _plain(first: str, last: str) -> str:
    letters = unicodedata.normalize("NFD", f"{first} {last}")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


SPELLINGS: tuple[Callable[[str, str], str], ...] = (
    lambda first, last: f"{first[0]}. {last}",
    lambda first, last: f"{last} {first}",
    lambda first, last: f"{last.upper()} {first}",
    lambda first, last: f"{first} {last}".lower(),
    lambda _, last: last,
    _plain,
)


def keeper(chance: Chance, code: str, day: date, luck: float) -> str:
    """Who gives out: the store's manager, or one of two deputies, mostly at weekends."""
    share = KEEPER_ON_WORKDAYS if day.weekday() < 5 else KEEPER_ON_WEEKENDS
    if luck < share:
        return " ".join(person(chance, "store", code))
    slot = int((luck - share) / (1 - share) * DEPUTIES)
    return " ".join(_holder(chance, code, "deputy", slot, day.year * 100 + day.month))


def collector(chance: Chance, code: str, department: int, day: date, luck: tuple[float, float, float]) -> str:
    """Who collects for a department, as it is spelled that time."""
    slot = int(luck[0] ** 1.5 * COLLEAGUES)
    first, last = _holder(chance, code, DEPARTMENTS[department], slot, day.year * 100 + day.month)
    if luck[1] >= OTHERWISE_NAMED:
        return f"{first} {last}"
    return SPELLINGS[int(luck[2] * len(SPELLINGS))](first, last)


def department(place: int, luck: tuple[float, float]) -> str:
    """A department's name, as it is spelled that time."""
    name = DEPARTMENTS[place]
    others = OTHER_NAMES[name]
    return others[int(luck[1] * len(others))] if luck[0] < OTHERWISE_CALLED else name


@cache
def _holder(chance: Chance, code: str, post: str, slot: int, month: int) -> tuple[str, str]:
    """Who holds a post in a month (YYYYMM)."""
    luck = chance.at("post", code, post, slot)
    stays, since = int(luck.integers(*STAYS)), int(luck.integers(0, STAYS[1]))
    return person(chance, post, code, str(slot), str((number(month) + since) // stays))
