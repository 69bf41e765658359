"""Judges the figures of one item: who is suspect, and how likely which mistake is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.aberration_item import Item, Kept, zero_chance
from indicators.aberration_level import Level, to_scale
from indicators.aberration_mistakes import Beside, odds, same_elsewhere, together
from indicators.aberration_right import Cells, Right, Suspects
from indicators.aberration_series import Places
from indicators.robust import Reals

Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]

# From so many spreads on a figure is looked at for every mistake, from fewer where the month before is
# missing and may be in it; nearer ones are right unless something else speaks.
_FAR, _CLOSE = 2.4, 1.9
_UNSUSPECTED = -11.0
# A run at two fifths needs each month this far below, and all three together.
_BELOW, _RUN_BELOW = -0.8, -3.6
_RARE_ZERO = 0.3
# From this size on, a single figure that repeats the month before is unlikely to do so by chance.
_TELLING = 300
# Months this near are not asked whether their series repeats itself: a run of copies is no habit.
_APART = 3


@dataclass(frozen=True)
class ItemScores:
    """Scores of one item, arrays `[series, month]`, of the months that were asked for.

    Attributes:
        score: logarithm of the odds of a mistake; NaN where nothing can be said.
        mistake: which fits best.
        off: how far a figure lies off, partner and district taken in, in spreads.
    """

    score: Reals
    mistake: Codes
    off: Reals


@dataclass(frozen=True)
class _Asked:
    """The months that are asked for, and what is expected of them."""

    item: Item
    kept: Kept
    level: Level
    columns: slice
    partner: Reals

    def zero(self, at: Places) -> Reals:
        """The chance that nothing at all is right at some places of the months."""
        return zero_chance(self.item, self.level, self.kept, self.columns, at)

    @property
    def first(self) -> int:
        return self.columns.indices(self.item.out.shape[1])[0]


def judge(item: Item, kept: Kept, level: Level, columns: slice = slice(None)) -> ItemScores:
    """Scores some months of an item.

    Args:
        item: all its figures.
        kept: what is known of it.
        level: what is expected of the months asked for.
        columns: which they are.
    """
    partner = item.followed(kept.follows, level, kept.learned, columns)
    asked = _Asked(item, kept, level, columns, partner)
    off = np.asarray(level.off - partner, dtype=np.float32)
    known = item.history.known[:, columns] & ~np.isnan(level.expected)
    plain = np.where(known, np.minimum(off**2, _FAR**2) / 2 + _UNSUSPECTED, np.nan)
    score, mistake = plain.astype(np.float32), np.zeros(off.shape, dtype=np.int8)
    nothing = _places(known & (item.history.values[:, columns] == 0))
    zero = asked.zero(nothing)
    score[nothing] = _UNSUSPECTED - np.log(zero)
    close = known & _close(asked, off, nothing, zero)
    row, column = _places(close | (known & _of_runs(asked, off)))
    if len(row):
        at: Places = row, column
        right = Right(_suspects(asked, at), kept.habits)
        found = odds(right, _beside(asked, right, close[at]))
        odds_of, mistake[at] = together(found), found.argmax(axis=0)
        score[at] = np.where(close[at], odds_of, np.maximum(odds_of, score[at]))
    return ItemScores(score, mistake, off)


def _places(flags: Flags) -> Places:
    row, column = np.nonzero(flags)
    return np.asarray(row, np.intp), np.asarray(column, np.intp)


def _close(asked: _Asked, off: Reals, nothing: Places, zero: Reals) -> Flags:
    """Which figures are looked at for every mistake."""
    item, columns = asked.item, asked.columns
    history, first = item.history, asked.first
    far = np.abs(off)
    close = far > _FAR
    before = ~history.known[:, :-1] | (history.values[:, :-1] == 0)
    later = slice(max(0, 1 - first), None)
    close[:, later] |= (far[:, later] > _CLOSE) & before[:, max(0, first - 1) :]
    close[nothing] = zero < _RARE_ZERO
    if item.closing is not None:
        lost = item.lost[:, columns]
        close |= ~np.isnan(lost) & (history.values[:, columns] != lost)
    return np.asarray(close)


def _of_runs(asked: _Asked, off: Reals) -> Flags:
    """Which figures may be of a run: all low, or the same as before; one that is large, by itself."""
    item, columns = asked.item, asked.columns
    values, same = item.history.values[:, columns], item.same
    low = (off < _BELOW) & (values > 0)
    found = same[:, columns] & (values >= _TELLING)
    run = low[:, 2:] & low[:, 1:-1] & low[:, :-2]
    run &= off[:, 2:] + off[:, 1:-1] + off[:, :-2] < _RUN_BELOW
    for lag in range(3 if run.shape[1] else 0):
        found[:, lag : lag + run.shape[1]] |= run
    again = same[:, 1:] & same[:, :-1]
    beside = np.zeros(same.shape, dtype=bool)
    beside[:, 1:] |= again
    beside[:, :-1] |= again
    return np.asarray(found | beside[:, columns])


def _suspects(asked: _Asked, at: Places) -> Suspects:
    """The figures at some places, with all that is known of each."""
    item, learned, level = asked.item, asked.kept.learned, asked.level
    row, column = at
    month = column + asked.first
    expected, spread = level.expected[at], learned.spread[row, 0]
    followed = np.broadcast_to(asked.partner, level.off.shape)[at]
    middle = to_scale(expected, learned.alpha) + followed * spread
    own, own_spread = asked.kept.series.at(item.history, (row, month))
    lost = None if item.closing is None else item.lost[row, month]
    return Suspects(
        row, column, month, item.history.values[row, month], expected, middle, spread, learned.alpha,
        own, own_spread, asked.zero(at), lost,
    )  # fmt: skip


def _beside(asked: _Asked, right: Right, close: Flags) -> Beside:
    """What stands beside the suspects."""
    of, item, history = right.suspects, asked.item, asked.item.history
    at, before = (of.row, of.month), (of.row, np.maximum(of.month - 1, 0))
    missing = ~history.known[before] | ((history.values[before] == 0) & (of.expected > 3))
    same = item.same[at]
    chance = _by_habit(asked, at, right.figure(of.value)) + right.shelf(of.value)
    low = item.out[at] & (of.value < of.expected)
    chance = np.where(low, np.logaddexp(chance, np.log(0.5 / (of.expected + 1))), chance)
    alike = np.zeros(len(of.row), dtype=np.float32)
    shown = history.values[:, asked.columns]
    alike[close] = same_elsewhere(shown, of.row[close], of.column[close])
    shape = asked.level.off.shape
    return Beside(
        missing & (of.month > 0), item.lost_two[at], alike, same, chance, close, (shape[0], shape[1]),
        history.trailing, asked.kept.together,
    )  # fmt: skip


def _by_habit(asked: _Asked, at: Places, chance: Cells) -> Cells:
    """The chance of a right figure that repeats the month before: some places repeat themselves often."""
    item, history = asked.item, asked.item.history
    copied = np.flatnonzero(item.same[at])
    if not len(copied):
        return chance
    row, month = at[0][copied], at[1][copied]
    every = np.arange(history.values.shape[1])[None, :]
    far = np.abs(every - month[:, None]) > _APART
    if history.trailing:
        far &= every < month[:, None]
    above = history.known[row] & (history.values[row] > 2) & far
    pairs = above.copy()
    pairs[:, 1:] &= history.known[row, :-1]
    pairs[:, 0] = False
    usually = asked.kept.habits.copying
    repeats = ((item.same[row] & pairs).sum(axis=1) + 6 * usually) / (pairs.sum(axis=1) + 6)
    alike = ((history.values[row] == history.values[row, month][:, None]) & above).sum(axis=1)
    often = alike / (above.sum(axis=1) + 4)
    repeats = np.clip(repeats, 0.001, 0.9)
    found = np.array(chance)
    by_chance = np.logaddexp(chance[copied] + np.log1p(-repeats), np.log(repeats))
    found[copied] = np.logaddexp(by_chance, np.log(np.maximum(often, 1e-9)))
    return found
