"""How likely a figure is if nobody erred: by its own months, its stock, and the habits of who writes it down.

A figure scatters around what is expected with tails as heavy as those of its item, each side its own; now and
then it goes back to where the series has been before. People write round figures, copy, and leave out what
they do not stock. Where stock is counted, what was used is mostly what the shelf lost: a figure that the
shelf confirms is seldom wrong. All of these habits are learnt from the figures themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import lgamma, log, pi

import numpy as np
import numpy.typing as npt

from indicators.aberration_level import Flags, Level, to_scale

Cells = npt.NDArray[np.floating]

NEVER = np.float32(-99)
# Of mistakes, so many leave the shelf as it truly was; the others reach the stock as well.
SHELF_TRUE, SHELF_FOLLOWS = log(0.9), log(0.1)
_SAMPLE = 40_000
_TAILS = (2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0, 50.0)
_WIDTHS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1)
_WANDERS = 5.0
_FEWEST_OF_TAIL = 30
_BINS, _NEAREST = 100, 5.0
# Densities are looked up in steps of this many spreads, up to so many.
_STEP, _REACH = 0.01, 40
_LEAST = 1e-30
_FROM_TEN = 10
_MOST = np.float32(2e9)
# What a shelf gained or lost besides is spread over some six e-folds.
_OVER = 6.0


@dataclass(frozen=True)
class Tail:
    """One side of how figures scatter: Student's t with so many degrees of freedom, so many spreads wide."""

    freedom: float = 20.0
    width: float = 1.0

    def log(self, off: Cells) -> Cells:
        """The logarithm of its density."""
        return np.asarray(student(off / self.width, self.freedom) - log(self.width))


@dataclass(frozen=True)
class Balance:
    """How often what was used is what the shelf lost, more (something came in), less (something went)."""

    same: float
    more: float
    less: float

    @classmethod
    def of(cls, beyond: Cells) -> Balance:
        """Of how much more was used than the shelf lost; logarithms."""
        counts = [np.abs(beyond) < 0.5, beyond >= 0.5, beyond <= -0.5]
        shares = [(np.count_nonzero(each) + 1) / (len(beyond) + 3) for each in counts]
        return cls(*(log(min(max(share, 0.002), 1)) for share in shares))

    def log(self, beyond: Cells) -> Cells:
        """The logarithm of the chance of the shelf's movement, given how much more was used than it lost."""
        wide = np.log((np.abs(beyond) + 4) * _OVER)
        off = np.where(beyond > 0, self.more, self.less) - wide
        return np.asarray(np.where(np.abs(beyond) < 0.5, self.same, off))


@dataclass(frozen=True)
class Habits:
    """What is usual among the figures of an item.

    Attributes:
        middle: where figures lie on the average, in spreads.
        low, high: how they scatter below and above it.
        wandering: how often a figure is where the series was at another time.
        tens, fives, others: how much likelier than by chance figures from 10 end on 0, on 5, on others; logs.
        used, unused: the shelf beside figures above 0, and beside zeros.
        copying: how often a figure is that of the month before.
        missing: how often the month before is missing.
    """

    middle: float
    low: Tail
    high: Tail
    wandering: float
    tens: float
    fives: float
    others: float
    used: Balance
    unused: Balance
    copying: float
    missing: float

    @cached_property
    def near(self) -> Cells:
        """The density of figures around what is expected, for `looked_up`."""
        off = _GRID - self.middle
        return np.exp(np.where(off < 0, self.low.log(off), self.high.log(off))).astype(np.float32)


@dataclass(frozen=True)
class Suspects:
    """Figures to be judged, one number each.

    Attributes:
        row, column: where, among the months asked for; `month` the column among all.
        value: as reported.
        expected: of the month; `middle` the same on the scale of counts, neighbours and partner taken in.
        spread: of the series; `alpha` overdispersion.
        own, own_spread: where the series otherwise is, on the scale of counts.
        zero: the chance that nothing at all is right.
        lost: what the shelf lost in the month; NaN where that is unknown; None where nothing is stocked.
    """

    row: npt.NDArray[np.intp]
    column: npt.NDArray[np.intp]
    month: npt.NDArray[np.intp]
    value: Cells
    expected: Cells
    middle: Cells
    spread: Cells
    alpha: np.float32
    own: Cells
    own_spread: Cells
    zero: Cells
    lost: Cells | None

    def some(self, which: Flags) -> Suspects:
        """Those that are flagged."""
        lost = None if self.lost is None else self.lost[which]
        places = self.row[which], self.column[which], self.month[which]
        figures = self.value[which], self.expected[which], self.middle[which], self.spread[which]
        own = self.own[which], self.own_spread[which], self.zero[which]
        return Suspects(*places, *figures, self.alpha, *own, lost)


@dataclass(frozen=True)
class Right:
    """The chances of figures in the place of some suspects, if they were right; logarithms."""

    suspects: Suspects
    habits: Habits

    def figure(self, value: Cells) -> Cells:
        """By the series, its season, its neighbours and round figures."""
        of, habits = self.suspects, self.habits
        value = np.maximum(value, 0).astype(np.float32)
        on_scale, moved = to_scale(value, of.alpha), value + np.float32(0.375)
        near = looked_up(habits.near, (on_scale - of.middle) / of.spread) / of.spread
        else_ = looked_up(_ELSEWHERE, (on_scale - of.own) / of.own_spread) / of.own_spread
        density = (1 - habits.wandering) * near + habits.wandering * else_
        found = np.log((1 - of.zero) * density / np.sqrt(moved * (1 + of.alpha * moved)) + _LEAST)
        return np.asarray(np.where(value > 0, found + self._round(value), np.log(of.zero)))

    def shelf(self, value: Cells) -> Cells:
        """Of the shelf's movement, if this much was used; 0 where it is unknown."""
        if self.suspects.lost is None:
            return np.zeros(1, dtype=np.float32)
        beyond = np.nan_to_num(value - self.suspects.lost)
        found = np.where(value > 0, self.habits.used.log(beyond), self.habits.unused.log(beyond))
        return np.asarray(np.where(np.isnan(self.suspects.lost), 0, found))

    def instead(self, value: Cells) -> Cells:
        """Of this figure and of the shelf, if it should stand where the suspect stands."""
        if self.suspects.lost is None:
            return self.figure(value)
        return np.asarray(self.figure(value) + self.shelf_or_followed(self.shelf(value)))

    def shelf_or_followed(self, shelf: Cells) -> Cells:
        """Of the shelf, if it moved as it did by itself, or followed the mistake."""
        return np.asarray(np.logaddexp(shelf + SHELF_TRUE, self.shelf(self.suspects.value) + SHELF_FOLLOWS))

    def shelf_alone(self) -> Cells:
        """Of the shelf's movement, whatever the true figure was."""
        of, used = self.suspects, self.habits.used
        if of.lost is None:
            return np.zeros(1, dtype=np.float32)
        lost = np.nan_to_num(of.lost)
        same = np.where(lost > 0, used.same + self.figure(np.maximum(lost, 1)), NEVER)
        apart = np.log((np.abs(of.expected - lost) + 4) * _OVER)
        more = used.more - apart - 2 * (lost >= of.expected)
        found = np.logaddexp(same, np.logaddexp(more, used.less - apart))
        return np.asarray(np.where(np.isnan(of.lost), 0, self.shelf_or_followed(found)))

    def rounded_from(self, low: Cells, width: float) -> Cells:
        """Of the shelf, if what was used lies from `low` on, somewhere within so much."""
        if self.suspects.lost is None:
            return np.zeros(1, dtype=np.float32)
        used, lost = self.habits.used, np.nan_to_num(self.suspects.lost)
        inside = (lost >= low) & (lost < low + width)
        outside = np.where(lost < low, used.more, used.less) - np.log(
            (np.abs(low + width / 2 - lost) + 4) * _OVER
        )
        found = np.where(inside, used.same - log(width), outside)
        return np.where(np.isnan(self.suspects.lost), 0, self.shelf_or_followed(found))

    def _round(self, value: Cells) -> Cells:
        habits = self.habits
        ends = np.full(10, habits.others, dtype=np.float32)
        ends[0], ends[5] = habits.tens, habits.fives
        last = np.minimum(value + np.float32(0.5), _MOST).astype(np.int32) % 10
        return np.asarray(np.where(value >= _FROM_TEN, ends[last], 0))


def student(off: Cells, freedom: float) -> Cells:
    """The logarithm of the density of Student's t.

    >>> import numpy as np
    >>> student(np.array([0.0, 3.0]), 5).round(2).tolist()
    [-0.97, -4.06]
    """
    top = lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - log(freedom * pi) / 2
    return np.asarray(top - (freedom + 1) / 2 * np.log1p(off * off / freedom))


_GRID = np.arange(-_REACH, _REACH + _STEP, _STEP)


def looked_up(density: Cells, off: Cells) -> Cells:
    """A density of the grid at some places; what lies beyond the grid has that of its end."""
    place = (np.clip(off, -_REACH, _REACH) + _REACH) * (1 / _STEP)
    return np.asarray(density[(place + 0.5).astype(np.int32)])


_ELSEWHERE = np.exp(student(_GRID, _WANDERS)).astype(np.float32)


def tail_of(off: Cells) -> Tail:
    """The tail that one side's distances from the middle fit best, those beyond five left out.

    >>> import numpy as np
    >>> tail_of(np.abs(np.random.default_rng(1).normal(size=5000)))
    Tail(freedom=50.0, width=1.0)
    """
    near = np.histogram(np.abs(off), bins=_BINS, range=(0, _NEAREST))[0]
    if near.sum() < _FEWEST_OF_TAIL:
        return Tail()
    return _EVERY_TAIL[int((_LOGS @ near).argmax())]


_EVERY_TAIL = [Tail(freedom, width) for freedom in _TAILS for width in _WIDTHS]
_LOGS = np.stack([tail.log((np.arange(_BINS) + 0.5) * (_NEAREST / _BINS)) for tail in _EVERY_TAIL])


def scattering(level: Level, yardstick: Flags) -> tuple[float, Tail, Tail]:
    """Where figures lie on the average, in spreads, and how they scatter below and above."""
    off = level.off[yardstick]
    off = off[:: max(1, len(off) // (2 * _SAMPLE))]
    middle = float(np.median(off)) if len(off) else 0.0
    apart = off - middle
    return middle, tail_of(apart[apart < 0]), tail_of(apart[apart >= 0])


def roundness(values: Cells) -> tuple[float, float, float]:
    """How much likelier than by chance figures from 10 end on 0, on 5 and on another digit; logarithms."""
    large = values[values >= _FROM_TEN]
    tens, fives = (np.count_nonzero(large % 10 == end) + 3 for end in (0, 5))
    total = len(large) + 30
    shares = min(tens / total, 0.9), min(fives / total, 0.9), max(1 - (tens + fives) / total, 0.02)
    return log(shares[0] / 0.1), log(shares[1] / 0.1), log(shares[2] / 0.8)


def wandering(near: Cells, elsewhere: Cells) -> float:
    """How often figures are where their series was at another time, by the densities of both."""
    share = 0.1
    for _ in range(8):
        weight = share * elsewhere
        share = (
            float(np.clip((weight / (weight + (1 - share) * near)).mean(), 0.001, 0.6))
            if len(near)
            else share
        )
    return share
