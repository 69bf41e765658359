"""Nine kinds of mistakes, made at random in series that are right, each on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bench.suites import RIGHT, Cells, Codes, Numbers, Suite

NAMES = (
    "right",
    "times ten",
    "divided by ten",
    "digits swapped",
    "missed, then doubled",
    "another facility's figure",
    "zero instead",
    "packs and units mistaken",
    "down by 60 %",
    "copied forward",
)
PACKS = (6, 10, 24, 25, 30, 100)
LEAST_SWAP, LEAST_DROP, LEAST_FORWARD = 0.25, 10, 3
REMAINS, RUN = 0.4, 3


@dataclass
class Hand:
    """Whoever writes figures down, and errs."""

    values: Cells
    wrong: Codes
    item: Numbers
    chance: np.random.Generator

    def put(self, row: int, column: int, value: float, kind: int) -> None:
        """Writes a wrong figure; what it does not change is right."""
        if column >= self.values.shape[1] or self.wrong[row, column]:
            return
        before = self.values[row, column]
        if np.isnan(before) or before == value:
            return
        self.values[row, column] = value
        self.wrong[row, column] = kind


def with_mistakes(suite: Suite, seed: int, rate: float = 0.0044, run_rate: float | None = None) -> Suite:
    """The suite with mistakes of nine kinds, each as often tried as the others, in figures above 0.

    Args:
        suite: right series.
        seed: of the mistakes.
        rate: the share of figures that becomes wrong, about.
        run_rate: the share for mistakes of three months, where it differs.
    """
    chance = np.random.default_rng([seed, 8])
    hand = Hand(suite.values.copy(), suite.wrong.copy(), suite.item, chance)
    there = np.argwhere(suite.values > 0)
    for kind, made in enumerate(_HANDS, start=1):
        share = rate / len(_HANDS) if kind <= len(_HANDS) - 2 else (run_rate or rate) / len(_HANDS) / RUN
        for row, column in there[chance.random(len(there)) < share]:
            if not hand.wrong[row, column] and hand.values[row, column] > 0:
                made(hand, int(row), int(column))
    return replace(suite, values=hand.values, wrong=hand.wrong)


def _times_ten(hand: Hand, row: int, column: int) -> None:
    hand.put(row, column, hand.values[row, column] * 10, 1)


def _divided(hand: Hand, row: int, column: int) -> None:
    if hand.values[row, column] >= LEAST_DROP:
        hand.put(row, column, np.floor(hand.values[row, column] / 10), 2)


def _swapped(hand: Hand, row: int, column: int) -> None:
    value = int(hand.values[row, column])
    digits = str(value)
    found = [int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]) for i in range(len(digits) - 1)]
    far = [each for each in found if abs(each - value) >= LEAST_SWAP * value]
    if far:
        hand.put(row, column, float(hand.chance.choice(far)), 3)


def _doubled(hand: Hand, row: int, column: int) -> None:
    if column + 1 < hand.values.shape[1] and not np.isnan(hand.values[row, column + 1]):
        both = hand.values[row, column] + hand.values[row, column + 1]
        hand.put(row, column + 1, both, 4)
        hand.values[row, column], hand.wrong[row, column] = np.nan, RIGHT


def _others(hand: Hand, row: int, column: int) -> None:
    of_item = np.flatnonzero((hand.item == hand.item[row]) & (hand.values[:, column] > 0))
    if len(of_item):
        hand.put(row, column, hand.values[hand.chance.choice(of_item), column], 5)


def _zero(hand: Hand, row: int, column: int) -> None:
    hand.put(row, column, 0.0, 6)


def _packs(hand: Hand, row: int, column: int) -> None:
    value = hand.values[row, column]
    packs = [pack for pack in PACKS if value >= pack]
    if packs and hand.chance.random() < 0.5:
        hand.put(row, column, float(round(value / hand.chance.choice(packs))), 7)
    else:
        hand.put(row, column, value * hand.chance.choice(PACKS), 7)


def _drop(hand: Hand, row: int, column: int) -> None:
    if hand.values[row, column] < LEAST_DROP:
        return
    for later in range(column, min(column + RUN, hand.values.shape[1])):
        hand.put(row, later, float(np.round(hand.values[row, later] * REMAINS)), 8)


def _forward(hand: Hand, row: int, column: int) -> None:
    if hand.values[row, column] < LEAST_FORWARD:
        return
    for later in range(column + 1, column + RUN + 1):
        hand.put(row, later, hand.values[row, column], 9)


_HANDS: tuple[Callable[[Hand, int, int], None], ...] = (
    _times_ten,
    _divided,
    _swapped,
    _doubled,
    _others,
    _zero,
    _packs,
    _drop,
    _forward,
)
