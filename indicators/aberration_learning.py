"""Learns levels, season, districts and spread, in rounds that trust figures far off less and less."""

from __future__ import annotations

import numpy as np

from indicators.aberration_district import Areas, Others
from indicators.aberration_level import Flags, History, Learned, chance_of_zero, to_scale
from indicators.robust import Counts, Reals

MOST_ALPHA = 1.5
_ROUNDS, _FAR = 4, 2.2
# Season and overdispersion are learnt from about so many series of an item at most.
_SAMPLE = 1500
# So many figures of a district's season, or months of a series, count as what the item says by itself.
_OF_SEASON, _OF_SPREAD = 12.0, 20.0
_LEAST_SPREAD = 0.8
# Clipped at four spreads, a normal figure lies this part of its standard deviation off on the average.
_FROM_MEAN = 1.2533
# From this size on, counting noise does not decide what a figure varies.
_LARGE, _FEW_LARGE = 8.0, 50


def learn(history: History) -> Learned:
    """Levels, season and spread of one item, in rounds that trust figures far off less and less.

    Of an item at very many places, every so many of them say what the season is and how figures spread.
    """
    rounds = _Rounds(history)
    step = sampling(len(history.values))
    if step > 1:
        few = _Rounds(history.every(step), rounds.areas)
        for _ in range(_ROUNDS):
            few.go()
        rounds.take(few)
    for _ in range(1 if step > 1 else _ROUNDS):
        rounds.go()
    return rounds.learned()


def sampling(series: int) -> int:
    """Of an item of so many series, every how many-th says what they have in common."""
    return max(1, series // _SAMPLE)


class _Rounds:
    """The rounds: season, district, overdispersion, spreads and weights, each from the others."""

    def __init__(self, history: History, areas: Areas | None = None) -> None:
        self.history, values = history, history.values
        self.areas = history.areas if areas is None else Areas(history.area, areas.number)
        self.settled = False
        self.positive = history.sound & (values > 0)
        self.month = np.eye(history.cycle, dtype=np.float32)[history.place]
        self.season = np.zeros((self.areas.number, history.cycle), dtype=np.float32)
        self.shape = np.ones(values.shape, dtype=np.float32)
        self.alpha, self.moves = np.float32(0.1), 0.0
        self.spread = np.full((len(values), 1), 2, dtype=np.float32)
        number = np.maximum(self.positive.sum(axis=1, keepdims=True), 1)
        root = np.sqrt(values)
        middle = (root * self.positive).sum(axis=1, keepdims=True) / number
        trust = np.minimum(1, 2.5 * middle / np.maximum(root, np.float32(1e-3))) ** 2
        self.weight = (self.positive * trust).astype(np.float32)

    def take(self, few: _Rounds) -> None:
        """Has season and overdispersion from rounds over some of the series; they stay."""
        self.season, self.alpha, self.moves, self.settled = few.season, few.alpha, few.moves, True
        self.shape = np.exp(self.season)[:, self.history.place][self.history.area]

    def go(self) -> None:
        """One round."""
        history, kernel = self.history, self.history.kernel
        below = (self.weight * self.shape) @ kernel
        level = ((self.weight * history.values) @ kernel) / np.maximum(below, np.float32(1e-6))
        there = history.sound & (below > np.float32(1e-6))
        base = np.maximum(level, np.float32(0.05))
        self._follow_season(base, there)
        season = np.exp(self.season)[:, history.place][history.area]
        plain = base * season
        weighed = np.where(there, plain * self.weight, 0)
        others = Others.of(history.values, weighed, self.areas, self.alpha)
        self.moves = self.moves if self.settled else others.moves()
        self.shape = season * np.exp(others.surge(self.moves))
        self._trust(base * self.shape, there)

    def learned(self) -> Learned:
        """What the rounds came to."""
        values = self.history.values
        levels = self.weight * values, self.weight * self.shape
        return Learned(self.season, self.alpha, self.spread, self.moves, *levels)

    def _follow_season(self, base: Reals, there: Flags) -> None:
        """Each district's shape of the year, drawn towards the item's."""
        values = self.history.values
        if values.shape[1] < 2 * self.history.cycle or self.settled:
            return
        precise = np.where(there, self.weight / (1 + self.alpha * base), 0)
        held = np.minimum(values, 4 * base * self.shape)
        surge = self.shape / np.exp(self.season)[:, self.history.place][self.history.area]
        parts = [precise * held / surge, precise * base, (precise > 0).astype(np.float32)]
        above, below, count = (self.areas.summed(part @ self.month) for part in parts)
        every = [part.sum(axis=0, keepdims=True) for part in (above, below, count)]
        item = _ratio(every[0], every[1]) * every[2] / (every[2] + _OF_SEASON)
        season = (_ratio(above, below) * count + item * _OF_SEASON) / (count + _OF_SEASON)
        self.season = (season - season.mean(axis=1, keepdims=True)).astype(np.float32)

    def _trust(self, expected: Reals, there: Flags) -> None:
        """Overdispersion, spreads, and how much each figure counts in the next round."""
        values, seen = self.history.values, there & self.positive
        if not self.settled:
            self.alpha = _overdispersion(values, expected, seen, self.history.least_alpha)
        off = np.abs(self.history.on_scale(self.alpha) - to_scale(expected, self.alpha))
        months = seen.sum(axis=1, keepdims=True)
        own = _FROM_MEAN * np.where(seen, np.minimum(off, 4), 0).sum(axis=1, keepdims=True)
        own = own / np.maximum(months, 1)
        shared = (own**2 * months).sum() / max(1, months.sum())
        drawn = np.sqrt((_OF_SPREAD * shared + months * own**2) / (_OF_SPREAD + months))
        self.spread = np.maximum(drawn, _LEAST_SPREAD).astype(np.float32)
        trust = np.minimum(1, _FAR / np.maximum(off / self.spread, np.float32(0.1))) ** 2
        zeros = np.nonzero(self.history.sound & ~self.positive)
        self.weight = (trust * self.positive).astype(np.float32)
        self.weight[zeros] = self._counting_zeros(expected, zeros)

    def _counting_zeros(self, expected: Reals, at: tuple[Counts, ...]) -> Reals:
        """Zeros count as far as counting explains them; others are of what is not offered."""
        sound, near = self.history.sound, (self.history.kernel > 0).astype(np.float32)
        zeros = ((sound & ~self.positive).astype(np.float32) @ near)[at] + np.float32(0.05)
        share = zeros / ((sound.astype(np.float32) @ near)[at] + 1)
        return np.asarray(np.minimum(chance_of_zero(expected[at], self.alpha) / share, 1))


def _ratio(above: Reals, below: Reals) -> Reals:
    return np.asarray(np.log(np.maximum(above, 1e-3) / np.maximum(below, 1e-3)))


def _overdispersion(values: Reals, expected: Reals, seen: Flags, least: float) -> np.float32:
    """What figures vary beyond counting; of large figures where there are enough of them."""
    large = seen & (expected >= _LARGE)
    use = large if np.count_nonzero(large) > _FEW_LARGE else seen
    if not use.any():
        return np.float32(0.1)
    expected = expected[use]
    off = np.minimum(np.abs(np.log(np.maximum(values[use], 0.5) / expected)), 1.5)
    found = (_FROM_MEAN * off.mean()) ** 2 - (1 / np.maximum(expected, 0.5)).mean()
    return np.float32(np.clip(found, least, MOST_ALPHA))
