"""The figures of one item, and what is learnt of them: how they scatter, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indicators.aberration_learning import learn, sampling
from indicators.aberration_level import History, Learned, Level, chance_of_zero, expect, to_scale
from indicators.aberration_mistakes import PRIOR, ZERO
from indicators.aberration_right import Balance, Habits, roundness, scattering, student, tail_of, wandering
from indicators.aberration_series import Places, Series
from indicators.robust import Reals

Flags = npt.NDArray[np.bool_]

# How far a partner's figure may lie off and still be believed; from where it is far off; in spreads.
_BELIEVED, _FAR = 5.0, 3.0
# Shares of zeros around a month, from which on a month is of the next class.
_ZERO_CLASSES = (0.001, 0.04, 0.1, 0.2, 0.35, 0.55)
_CLASS_OF = np.searchsorted(_ZERO_CLASSES, np.arange(202) / 200, "right").astype(np.int8)
# Of figures so many are looked at for habits.
_SAMPLE = 20_000


@dataclass(frozen=True)
class Partner:
    """The other side of a pair, arrays `[series, month]`, NaN where it is unknown.

    Attributes:
        off: how far its figures lie off, in its spreads.
        ratio: them over what was expected of them.
    """

    off: Reals
    ratio: Reals

    @classmethod
    def of(cls, history: History) -> Partner:
        """Of its figures."""
        level = expect(history, learn(history))
        ratio = (history.values + np.float32(0.5)) / (level.expected + np.float32(0.5))
        return cls(level.off, np.where(history.known, ratio, np.nan))

    def every(self, step: int) -> Partner:
        """Of each so-many-th series."""
        return Partner(self.off[::step], self.ratio[::step])


@dataclass(frozen=True)
class Item:
    """The figures of one item.

    Attributes:
        history: them.
        out: where the store was empty, at the month's end or for some days.
        closing: stock at the month's end, NaN where unknown; None where there is none.
        partner: the other side of the pair; None for none.
    """

    history: History
    out: Flags
    closing: Reals | None = None
    partner: Partner | None = None

    def every(self, step: int) -> Item:
        """Each so-many-th series."""
        closing = None if self.closing is None else self.closing[::step]
        partner = None if self.partner is None else self.partner.every(step)
        return Item(self.history.every(step), self.out[::step], closing, partner)

    @cached_property
    def lost(self) -> Reals:
        """What the shelf lost in each month, received and used together; NaN where unknown."""
        return self._lost(1)

    @cached_property
    def lost_two(self) -> Reals:
        """What the shelf lost in each month and the one before."""
        return self._lost(2)

    def _lost(self, months: int) -> Reals:
        lost = np.full(self.history.values.shape, np.nan, dtype=np.float32)
        if self.closing is not None:
            lost[:, months:] = self.closing[:, :-months] - self.closing[:, months:]
        return lost

    @cached_property
    def same(self) -> Flags:
        """Whether a figure above 2 is that of the month before, or of the one before a missing month."""
        values, known, same = self.history.values, self.history.known, np.zeros(self.out.shape, dtype=bool)
        same[:, 1:] = (values[:, 1:] == values[:, :-1]) & known[:, :-1]
        same[:, 2:] |= (values[:, 2:] == values[:, :-2]) & known[:, :-2] & ~known[:, 1:-1]
        return np.asarray(same & (values > 2) & known)

    def zero_class(self, at: Places, columns: slice = slice(None)) -> npt.NDArray[np.int8]:
        """Of some places of the months, the class of how many of the months around have nothing at all."""
        zeros, around = self._zeros_of(columns)
        return np.asarray(_CLASS_OF[(zeros[at] / np.maximum(around[at], 1) * 200).astype(np.int16)])

    def _zeros_of(self, columns: slice) -> tuple[Reals, Reals]:
        if columns.start not in self._zeros_around:
            near = (self.history.kernel[:, columns] > 0).astype(np.float32)
            sound = self.history.sound.astype(np.float32)
            zeros = (sound * (self.history.values == 0)) @ near
            self._zeros_around[columns.start] = zeros, sound @ near
        return self._zeros_around[columns.start]

    @cached_property
    def _zeros_around(self) -> dict[int | None, tuple[Reals, Reals]]:
        return {}

    def followed(self, follows: float, level: Level, learned: Learned, columns: slice = slice(None)) -> Reals:
        """What of each figure's distance the partner explains, in spreads; 0 where there is none.

        As much as figures usually follow it; a partner far off is believed only as far as the figure itself
        goes with it, since two mistakes of one place and month are rarer than an event.
        """
        if self.partner is None or follows <= 0:
            return np.zeros((1, 1), dtype=np.float32)
        other = np.nan_to_num(self.partner.off[:, columns])
        usually = follows * other / (1 + (other / _BELIEVED) ** 4)
        expected = np.nan_to_num(level.expected)
        moved = to_scale(expected * np.nan_to_num(self.partner.ratio[:, columns], nan=1), learned.alpha)
        alike = (moved - to_scale(expected, learned.alpha)) / learned.spread
        together = np.clip(np.nan_to_num(level.off), np.minimum(usually, alike), np.maximum(usually, alike))
        return np.asarray(np.where(np.abs(other) > _FAR, together, usually))


@dataclass(frozen=True)
class Kept:
    """All that is learnt of an item, so that a new month costs no more than a month.

    Attributes:
        learned: season, spread and levels.
        series: where each series is at other times.
        habits: how figures scatter and are written.
        zeros: how often a month without anything is right, by how many are around.
        follows: how far a figure follows its partner's, in spreads for a spread.
        together: how much a month says beside the one before, from 0 to 1.
    """

    learned: Learned
    series: Series
    habits: Habits
    zeros: npt.NDArray[np.float64]
    follows: float
    together: float


def keep(item: Item) -> tuple[Kept, Level]:
    """Learns an item, and says what is expected of all its months.

    Of an item at very many places, every so many of them say what the habits are.
    """
    learned = learn(item.history)
    level = expect(item.history, learned)
    series = Series.of(item.history, learned)
    step = sampling(len(item.history.values))
    if step == 1:
        return _kept(item, learned, level, series), level
    kept = _kept(item.every(step), learned.every(step), level.every(step), series.every(step))
    return replace(kept, learned=learned, series=series), level


def _kept(item: Item, learned: Learned, level: Level, series: Series) -> Kept:
    """What these series show of how the item's figures scatter and are written."""
    history, follows = item.history, _follows(level, item)
    off = (level.off - item.followed(follows, level, learned)).astype(np.float32)
    yardstick = history.sound & (history.values > 0) & ~np.isnan(off)
    habits = _habits(item, Level(level.expected, off, level.surge), series, yardstick)
    zeros = _zeros(item, level, learned.alpha)
    return Kept(learned, series, habits, zeros, follows, _together(off, yardstick))


def zero_chance(item: Item, level: Level, kept: Kept, columns: slice, at: Places) -> Reals:
    """The chance that nothing at all is right at some places of the months: by counting, and by habit."""
    counting = chance_of_zero(np.nan_to_num(level.expected[at]), kept.learned.alpha)
    habit = kept.zeros.astype(np.float32)[item.zero_class(at, columns)]
    return np.clip(counting + (1 - counting) * habit, 1e-6, 0.98).astype(np.float32)


def _follows(level: Level, item: Item) -> float:
    """How far figures move with their partner's: 0 not at all, 1 spread for spread."""
    if item.partner is None:
        return 0.0
    both = item.history.sound & (item.history.values > 0) & ~np.isnan(level.off) & ~np.isnan(item.partner.off)
    mine, others = np.clip(level.off[both], -3, 3), np.clip(item.partner.off[both], -3, 3)
    return float(np.clip((mine * others).sum() / ((others**2).sum() + 30), 0, 1.5))


def _together(off: Reals, yardstick: Flags) -> float:
    """How much a month says beside the one before: less where neighbouring months lie off alike."""
    near = np.where(yardstick, np.clip(off, -3, 3), 0)
    squares = (near[:, 1:] ** 2)[yardstick[:, :-1]].sum()
    alike = float(np.clip((near[:, 1:] * near[:, :-1]).sum() / max(squares, 1e-9), 0, 0.8))
    return (1 - alike) / (1 + alike)


def _zeros(item: Item, level: Level, alpha: np.float32) -> npt.NDArray[np.float64]:
    """How often a month without anything is right where counting does not explain it, by class."""
    counting = chance_of_zero(np.nan_to_num(level.expected, nan=0.05), alpha)
    row, month = np.nonzero(item.history.sound & ~np.isnan(level.expected) & (counting < 0.3))
    told: Places = np.asarray(row, np.intp), np.asarray(month, np.intp)
    of_class, counting = item.zero_class(told), counting[told]
    beyond = ((item.history.values[told] == 0) - counting) / (1 - counting)
    number = len(_ZERO_CLASSES) + 1
    seen = np.bincount(of_class, beyond, number)
    share = np.clip((seen + 0.02) / (np.bincount(of_class, minlength=number) + 4), 1e-4, 0.98)
    return np.asarray(np.maximum(share - PRIOR[ZERO], 0.2 * share))


def _habits(item: Item, level: Level, series: Series, yardstick: Flags) -> Habits:
    """How figures scatter around what is expected, and how they are written."""
    history = item.history
    middle, low, high = scattering(level, yardstick)
    row, month = np.nonzero(yardstick)
    some = slice(None, None, max(1, len(row) // _SAMPLE))
    at = row[some], month[some]
    own, width = series.at(history, at)
    values = history.values[at]
    off = level.off[at] - middle
    tail = tail_of(off)
    near = np.exp(tail.log(off)) / series.spread[at[0]]
    far = np.exp(student((to_scale(values, series.alpha) - own) / width, 5)) / width
    known, above = history.known, history.values > 0
    before = (known[:, 1:] & known[:, :-1] & (history.values[:, 1:] > 2)).sum()
    adjacent = item.same[:, 1:] & known[:, :-1]
    copying = float(np.clip(adjacent.sum() / max(1, before) - 0.018, 0.002, 0.2))
    gap = ~known[:, :-1] | ((history.values[:, :-1] == 0) & (np.nan_to_num(level.expected[:, 1:]) > 3))
    missing = float(np.clip(gap[known[:, 1:]].mean() if known[:, 1:].any() else 0.1, 0.01, 1))
    told = known & ~np.isnan(item.lost)
    beyond = history.values - item.lost
    return Habits(
        middle, low, high, wandering(near, far), *roundness(history.values[known & above]),
        Balance.of(beyond[told & above]), Balance.of(beyond[told & ~above]), copying, missing,
    )  # fmt: skip
