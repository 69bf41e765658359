"""What simulated stores, and those of the demonstration, are asked for day by day: truth for `safe_issue`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

KINDS = ("steady", "visits", "rare", "weekdays", "drifting")
"""One by one; by visits of several packs; seldom; hardly at weekends; with months that differ."""
EVEN = np.ones(7)
OPEN_ALL_WEEK = np.array([1.2, 1.05, 1.0, 1.0, 1.1, 0.6, 0.5])
CLOSED_AT_WEEKENDS = np.array([1.3, 1.1, 1.0, 1.0, 1.15, 0.08, 0.04])
YEAR, MONTH = 360, 30
DRIFT = 0.15

DEMONSTRATION = """
import sys
from datetime import date
import numpy as np
from demo.whotopia import asks, epidemiology
from demo.whotopia.timeline import days
from demo.whotopia.world import World
world = World.of(int(sys.argv[2]), date.fromisoformat(sys.argv[3]))
need = asks.expected(world, epidemiology.simulate(world))
months = range(world.timeline.size - 30, world.timeline.size - 1)
found = np.zeros((need.shape[1], need.shape[0], sum(days(m) for m in months)))
for store, number in enumerate(world.places.stores()):
    day = 0
    for month in months:
        wanted = need[:, store, month].tolist()
        for each in asks.month_of_asks(world, world.places.facilities[number].code, month, wanted):
            for ask in each:
                found[store, ask.item, day] += ask.packs
            day += 1
first = asks.first_day(months[0]).weekday()
np.savez(sys.argv[1], asked=found.reshape(-1, found.shape[-1]), weekday=first)
"""


@dataclass(frozen=True)
class Asked:
    """Packs asked for, `[store and item, day]`, the weekday of the first day, and of which kind each is."""

    packs: Floats
    weekday: int
    kind: npt.NDArray[np.intp]
    kinds: tuple[str, ...]


def simulated(count: int, days: int, luck: np.random.Generator) -> Asked:
    """Stores with one item each, the kinds by turns."""
    kind = np.arange(count) % len(KINDS)
    return Asked(np.stack([_days(KINDS[k], days, luck) for k in kind]), 0, kind, KINDS)


def demonstration(seeds: Iterable[int], today: str) -> Asked:
    """Twenty stores of Whotopia with thirteen items each, by seed, as the generator draws them."""
    with tempfile.TemporaryDirectory() as folder:
        found = [_drawn(Path(folder) / f"{seed}.npz", seed, today) for seed in seeds]
    packs = np.concatenate([packs for packs, _ in found])
    return Asked(packs, found[0][1], np.zeros(len(packs), dtype=np.intp), ("Whotopia",))


def _drawn(path: Path, seed: int, today: str) -> tuple[Floats, int]:
    subprocess.run([sys.executable, "-c", DEMONSTRATION, str(path), str(seed), today], check=True)
    found = np.load(path)
    return found["asked"], int(found["weekday"])


def _days(kind: str, days: int, luck: np.random.Generator) -> Floats:
    week = {"steady": EVEN, "weekdays": CLOSED_AT_WEEKENDS}.get(kind, OPEN_ALL_WEEK)
    weight = (week / week.mean())[np.arange(days) % 7]
    if kind == "rare":
        hit = luck.random(days) < np.minimum(1, luck.uniform(0.03, 0.25) * weight)
        return np.asarray(hit * (1 + luck.poisson(luck.uniform(0, 5), days)), dtype=np.float64)
    rate = 10 ** luck.uniform(-0.3, 1.0)
    if kind == "steady":
        return luck.poisson(rate * weight).astype(np.float64)
    if kind == "drifting":
        levels = luck.gamma(1 / DRIFT, DRIFT, days // MONTH + 1)
        weight = weight * np.repeat(levels, MONTH)[:days]
    size = 1 + 0.35 * np.sqrt(rate * MONTH)
    visits = luck.poisson(rate * weight / size)
    return np.asarray(visits + luck.poisson((size - 1) * visits), dtype=np.float64)
