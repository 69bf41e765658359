"""Views drawn at random, the same ones in every run: unit, pair, months, grain and group."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from tests.recount.reporters import LENGTHS
from tests.recount.seed import Seed
from tests.recount.totals import Look

LONGEST = {"month": 18, "quarter": 24, "last3": 24}


@dataclass(frozen=True)
class Drawn:
    """One view: ids of a unit and a pair, and what is looked at."""

    unit: str
    pair: str
    look: Look

    def asked(self, **more: str) -> str:
        """The query string of the interface and, as far as they share parameters, of the page."""
        look = self.look
        asked = {"unit": self.unit, "pair": self.pair, "from": written(look.first), "to": written(look.last)}
        asked |= {"grain": look.grain} | ({"group": look.group} if look.group else {})
        return urlencode(asked | more)


def written(month: int) -> str:
    """A running number of months as 2019-03."""
    return f"{month // 12}-{month % 12 + 1:02}"


def draw(seed: Seed, count: int, name: str) -> Iterator[Drawn]:
    """So many views of a country; units of every level, each pair and grain about as often."""
    chance = Random(name)
    depth = {unit: _depth(seed, unit) for unit in seed.units}
    levels = [[unit for unit in seed.units if depth[unit] == level] for level in sorted({*depth.values()})]
    for _ in range(count):
        grain = chance.choice([*LENGTHS, "month"])
        first = chance.randint(seed.first, seed.last)
        last = min(first + chance.randint(0, LONGEST.get(grain, 60)), seed.last)
        group = chance.choice(sorted(seed.groups)) if chance.random() < 1 / 4 else None
        unit, pair = chance.choice(chance.choice(levels)), chance.choice(sorted(seed.pairs))
        yield Drawn(unit, pair, Look(first, last, grain, group))


def _depth(seed: Seed, unit: str) -> int:
    parent = seed.units[unit].parent
    return 0 if parent is None else 1 + _depth(seed, parent)
