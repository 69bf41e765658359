"""What every month of one item is expected to show: months around it, the season, what its district does.

The level of a month is the sum of what was reported around it over the sum of what season and district alone
would have given, nearer months counting more and the month itself not at all: the quasi-likelihood estimate
of a rate. Figures far off count less, in a few rounds, and so do zeros that counting does not explain. All of
it is products of matrices.

Source: estimating equations for counts (variance E + alpha E²) with Huber's weights; the district's movement
of a month is the ratio of its other facilities' sums to what was expected of them, shrunk by its variance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indicators.aberration_district import Areas, Others
from indicators.robust import Counts, Reals

Flags = npt.NDArray[np.bool_]

YEAR = 12
# After so many months, a month counts a third; this much of the weight is the same for all months.
_NEAR, _FLAT = 9.0, 0.1
_FEWEST, _FEWEST_USED = 6, 4
# One facility's figures vary at least this much beyond counting noise; sums of many places less.
LEAST_ALPHA, LEAST_ALPHA_OF_SUMS = 0.02, 0.005


@dataclass(frozen=True)
class History:
    """Figures of one item, arrays `[series, month]`.

    Attributes:
        values: 0 where nothing is known.
        known: what was reported,
        sound: and of it, what is a yardstick for other months.
        area: the district of each series, from 0.
        first: the place in the year of the first column.
        trailing: whether a month knows only those before it.
        cycle: columns in a year.
        least_alpha: the overdispersion that is always allowed for.
    """

    values: Reals
    known: Flags
    sound: Flags
    area: Counts
    first: int
    trailing: bool
    cycle: int = YEAR
    least_alpha: float = LEAST_ALPHA

    @property
    def place(self) -> Counts:
        """The place in the year of each column."""
        return (np.arange(self.values.shape[1]) + self.first) % self.cycle

    @cached_property
    def areas(self) -> Areas:
        """The districts."""
        return Areas.named(self.area)

    def on_scale(self, alpha: np.float32) -> Reals:
        """The figures on the scale of counts."""
        if alpha not in self._scaled:
            self._scaled.clear()
            self._scaled[alpha] = to_scale(self.values, alpha)
        return self._scaled[alpha]

    @cached_property
    def _scaled(self) -> dict[np.float32, Reals]:
        return {}

    def every(self, step: int) -> History:
        """Each so-many-th series."""
        rows = slice(None, None, step)
        figures, flags = self.values[rows], (self.known[rows], self.sound[rows])
        return replace(self, values=figures, known=flags[0], sound=flags[1], area=self.area[rows])

    @cached_property
    def kernel(self) -> Reals:
        """How much month s counts for month t, `[s, t]`; nothing for itself, nor for what comes before it."""
        month = np.arange(self.values.shape[1]) * (YEAR / self.cycle)
        apart = month[:, None] - month[None, :]
        weight = (1 - _FLAT) * np.exp(-np.abs(apart) / _NEAR) + _FLAT
        weight[apart >= 0 if self.trailing else apart == 0] = 0
        return np.asarray(weight, dtype=np.float32)


@dataclass(frozen=True)
class Learned:
    """What one item's series have in common, and what each level is made of.

    Attributes:
        season: `[area, place in the year]`, logarithms.
        alpha: overdispersion.
        spread: of each series on the scale of counts, `[series, 1]`.
        moves: the variance of what districts do, as logarithms.
        above: weighed figures, the upper part of the levels, `[series, month]`;
        below: what season and district alone would have given, weighed as well.
    """

    season: Reals
    alpha: np.float32
    spread: Reals
    moves: float
    above: Reals
    below: Reals

    def every(self, step: int) -> Learned:
        """Of each so-many-th series."""
        parts = self.above[::step], self.below[::step]
        return Learned(self.season, self.alpha, self.spread[::step], self.moves, *parts)


@dataclass(frozen=True)
class Level:
    """What is expected, arrays `[series, month]`.

    Attributes:
        expected: of a month; NaN where too little lies around it.
        off: how far the figure lies off on the scale of counts, in spreads.
        surge: the logarithm of what the rest of the district does.
    """

    expected: Reals
    off: Reals
    surge: Reals

    def months(self, columns: slice) -> Level:
        """Of some of the months."""
        return Level(self.expected[:, columns], self.off[:, columns], self.surge[:, columns])

    def every(self, step: int) -> Level:
        """Of each so-many-th series."""
        return Level(self.expected[::step], self.off[::step], self.surge[::step])


def to_scale(x: Reals, alpha: np.float32) -> Reals:
    """The scale on which counts of any size spread alike, as in `indicators.usual`."""
    root = np.sqrt(alpha)
    steep: Reals = np.sqrt(x + np.float32(0.375))
    steep *= root
    found: Reals = steep * steep
    found += 1
    np.sqrt(found, out=found)
    found += steep
    np.log(found, out=found)
    found *= 2 / root
    return found


def expect(history: History, learned: Learned, columns: slice = slice(None)) -> Level:
    """What is expected of some months, and how far they lie off.

    Args:
        history: the figures; those of the months asked for may be new.
        learned: from this history, or from what was known of it before these months came.
        columns: the months.
    """
    kernel = history.kernel[: learned.above.shape[1], columns]
    below = learned.below @ kernel
    level = (learned.above @ kernel) / np.maximum(below, np.float32(1e-6))
    season = np.exp(learned.season)[:, history.place[columns]][history.area]
    base = np.maximum(level * season, np.float32(0.05))
    values, sound = history.values[:, columns], history.sound[:, columns]
    others = Others.of(values, np.where(sound & (below > 0), base, 0), history.areas, learned.alpha)
    surge = others.surge(learned.moves)
    expected = base * np.exp(surge)
    whole = columns == slice(None)
    on_scale = history.on_scale(learned.alpha) if whole else to_scale(values, learned.alpha)
    off = (on_scale - to_scale(expected, learned.alpha)) / learned.spread
    around = history.sound[:, : len(kernel)].astype(np.float32) @ (kernel > 0).astype(np.float32)
    used = np.count_nonzero(history.sound & (history.values > 0), axis=1)[:, None] >= _FEWEST_USED
    enough = used & (around >= _FEWEST) & (below > 0)
    return Level(
        np.where(enough, expected, np.nan).astype(np.float32),
        np.where(enough & history.known[:, columns], off, np.nan).astype(np.float32),
        surge,
    )


def chance_of_zero(expected: Reals, alpha: np.float32) -> Reals:
    """The chance that a negative binomial count of this mean is 0."""
    return np.asarray(np.exp(np.log(1 + alpha * expected) * (-1 / alpha)))
