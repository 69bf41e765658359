"""Invented names, in the manner of health facility lists: abbreviations, accents, the same village twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

REGIONS = ("Haut-Tambéro", "Savanes du Nord", "Vallée de la Moussa", "Lagunes", "Côte Est")
BEGINNINGS = "Fa Ka Bo Té Sa Gba Ni Dou Man Yo Ba Kou Zé Lo Mo Sin Wa Dja Pè Na Tou Go Gué Ou Fé Sé"
MIDDLES = "a la ro ni mé san go ki ba lé ndé ri dou ya ssé té"
ENDINGS = "bu kro dougou la so ga kaha ba yo ré né ko bly fla mé té gui sso ra pleu"
SAINTS = (
    "St. Anne",
    "St. Joseph",
    "St. Luke",
    "Ste. Thérèse",
    "St. Paul",
    "St. Mary",
    "St. Jean",
    "St. Camille",
)
STYLES = {
    ("post", "public"): ("{} CHP", "{} CHP", "{} CHP", "HP {}", "{} Health Post", "{} MCHP"),
    ("post", "faith-based"): ("{} Mission CHP", "{saint} CHP, {}", "{} Baptist HP"),
    ("centre", "public"): ("{} CHC", "{} CHC", "{} CHC", "CHC {}", "{} Health Centre", "{} Hlth Ctr"),
    ("centre", "faith-based"): ("{saint} CHC, {}", "{} Mission CHC", "{saint} Health Centre"),
    ("hospital", "public"): ("{} Hosp.", "{} District Hosp.", "{} Hospital", "Hosp. {}"),
    ("hospital", "faith-based"): ("{saint} Hosp., {}", "{saint} Hospital"),
}
SUFFIXES = ("I", "II", "Nord", "Sud", "Marché")
SHARED_VILLAGES = 9
SHARED = 0.2
SUFFIXED = 0.07
"""How many village names are found all over the country, how often, and how often a name has an addition."""
LONGER = 0.55
"""Share of village names with a syllable in the middle."""


def villages(luck: np.random.Generator, count: int) -> tuple[str, ...]:
    """That many different names of villages."""
    beginnings, middles, endings = BEGINNINGS.split(), MIDDLES.split(), ENDINGS.split()
    found: dict[str, None] = {}
    while len(found) < count:
        parts = [beginnings[luck.integers(len(beginnings))], endings[luck.integers(len(endings))]]
        if luck.random() < LONGER:
            parts.insert(1, middles[luck.integers(len(middles))])
        found["".join(parts)] = None
    return tuple(found)


class Villages:
    """Hands out a district's villages: the chief town first, then its own, now and then one of the shared."""

    def __init__(self, own: Sequence[str], shared: Sequence[str], luck: np.random.Generator) -> None:
        self._own: Iterator[str] = iter(own)
        self._shared, self._luck = tuple(shared), luck
        self._given: set[str] = set()
        self._first = True

    def next(self) -> str:
        """A village; the chief town the first time."""
        first, self._first = self._first, False
        draw, which = self._luck.random(), self._luck.integers(len(self._shared))
        if not first and draw < SHARED:
            return self._shared[which]
        name = next(self._own)
        return name if first or draw < 1 - SUFFIXED else f"{name} {SUFFIXES[which % len(SUFFIXES)]}"

    def facility(self, kind: str, owner: str) -> str:
        """A facility's name, never twice in the same district."""
        while True:
            styles = STYLES[kind, owner]
            style, saint = styles[self._luck.integers(len(styles))], SAINTS[self._luck.integers(len(SAINTS))]
            name = style.format(self.next(), saint=saint)
            if name not in self._given:
                self._given.add(name)
                return name
