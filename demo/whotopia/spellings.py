"""Places as people write them down where nobody looks them up in a list."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.whotopia.world import World

SHARES: Mapping[str, float] = {"health information": 0.05, "logistics": 0.2, "stores": 0.15}
"""Of each of those who fill in the workbook, the share of facilities that they spell in their own way."""
WORDS = (
    ("CHC", "Health Centre"),
    ("CHP", "Health Post"),
    ("HP ", "Health Post "),
    ("Hosp.", "Hospital"),
    ("Hospital", "Hosp"),
    ("St. ", "Saint "),
    ("Ste. ", "Ste "),
    ("Hlth Ctr", "HC"),
    ("Mission", "Miss."),
)


def _without_accents(name: str, _: int) -> str:
    letters = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _other_word(name: str, _: int) -> str:
    return next((name.replace(word, other) for word, other in WORDS if word in name), name)


def _swapped(name: str, luck: int) -> str:
    """Two letters within the first word change places."""
    at = 1 + luck % max(1, len(name.split(maxsplit=1)[0]) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :] if len(name) > at + 1 else name


def _doubled(name: str, luck: int) -> str:
    at = 2 + luck % max(1, len(name.split(maxsplit=1)[0]) - 2)
    return name[:at] + name[at - 1] + name[at:]


def _capitals(name: str, _: int) -> str:
    return name.upper()


def _turned(name: str, _: int) -> str:
    """What kind of place it is comes first, or last."""
    first, *rest = name.split(" ")
    return " ".join((*rest, first)) if rest else name


WAYS: tuple[Callable[[str, int], str], ...] = (
    _without_accents,
    _other_word,
    _other_word,
    _swapped,
    _doubled,
    _capitals,
    _turned,
)


@dataclass(frozen=True)
class Spelling:
    """How one of those who fill in the workbook writes the facilities, by code."""

    writer: str
    names: Mapping[str, str]


def spelling(world: World, writer: str) -> Spelling:
    """How a writer spells all facilities; never two of a district the same way."""
    taken = {(f.district, f.name) for f in world.places.facilities}
    names = {}
    for facility in world.places.facilities:
        luck = world.chance.at("spelling", writer, facility.code)
        differs, way, where = (
            luck.random() < SHARES[writer],
            int(luck.integers(len(WAYS))),
            int(luck.integers(99)),
        )
        other = WAYS[way](facility.name, where) if differs else facility.name
        free = (facility.district, other) not in taken
        names[facility.code] = other if free else facility.name
        taken.add((facility.district, names[facility.code]))
    return Spelling(writer, names)


def truth(world: World) -> list[dict[str, Any]]:
    """Who writes which facility otherwise, for those who judge how well names are matched."""
    return [
        {"kind": "spelling", "where": f.code, "writer": writer, "name": f.name, "written": written}
        for writer in SHARES
        for f, written in zip(world.places.facilities, spelling(world, writer).names.values(), strict=True)
        if written != f.name
    ]
