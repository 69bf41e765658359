"""What the departments of a hospital ask its store for, day by day, and how far that can vary.

Demand is what was asked for, not what was given. It is counted in packs, arrays are `[item, day]`, with NaN
on days that say nothing: no book was kept, or the item was out all day and nobody asked. Four things are
learned: how much a day brings, the rhythm of the week, how far single days scatter (in lumps or one by one),
and how far whole weeks lie above or below the usual. What is little known is taken to scatter widely.

Sources: G. E. P. Box, G. M. Jenkins and others, Time Series Analysis (5th edition, 2015), for the moments;
A. Gelman and others, Bayesian Data Analysis (3rd edition, 2013), chapters 2 and 5, for drawing small samples
towards what is usual; R. J. Hyndman, G. Athanasopoulos, Forecasting: Principles and Practice (3rd edition,
2021), 13.2, on counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats

WEEK, BLOCK, MONTH = 7, 28, 30.4375
HALF_LIFE = 60.0
"""Days after which an observation counts half: stores change."""
MONTHS_WEIGH = 20.0
"""Days of a store's own book that the mean of earlier monthly reports weighs as much as."""
USUAL_SCATTER, SCATTER_WEIGHS = 2.0, 10.0
"""Variance of a day over its mean where nothing is known, and the days it weighs as much as."""
USUAL_DRIFT, DRIFT_WEIGHS = 0.25, 3.0
"""Squared variation of four weeks around the usual where nothing is known, and the blocks it weighs."""
RHYTHM_WEIGHS = 4.5
"""Weeks that an even week weighs as much as."""
FIRST_ASK = 1.0
"""Packs taken to be asked for beside those seen, so that a week without an ask does not read as never."""


@dataclass(frozen=True)
class DailyUse:
    """What is known of the use of a store's items.

    Attributes:
        asked: packs asked for, `[item, day]`; NaN where the day says nothing.
        weekday: of the first day, Monday is 0.
        monthly: packs consumed in earlier months, `[item, month]`; NaN where not reported.
    """

    asked: Floats
    weekday: int
    monthly: Floats


@dataclass(frozen=True)
class Demand:
    """What a day brings, by item; NaN throughout where neither days nor months are known.

    Attributes:
        mean: packs on a mean day.
        rhythm: of each weekday, over the mean day, `[item, 7]`.
        scatter: variance of a day over its mean, within weeks of one level.
        drift: squared coefficient of variation of the level of coming weeks around the mean: how far four
            weeks lie from the usual, and how few of them the mean rests on.
        seen: packs asked for that the mean rests on, older ones counting less.
        days: days of the book that say something.
    """

    mean: Floats
    rhythm: Floats
    scatter: Floats
    drift: Floats
    seen: Floats
    days: npt.NDArray[np.intp]


def learn(use: DailyUse) -> Demand:
    """What the past of a store says about its coming days.

    Formula: mean = (sum of asked x weight + months) / (days x weight + days the months weigh), weights
    halving every 60 days; scatter and drift by moments within and between blocks of four weeks, drawn
    towards usual ones the less is known. Units: packs a day; ratios have none.

    >>> use = DailyUse(np.tile([2.0, 2, 2, 2, 2, 0, 0], (1, 8)), 0, np.empty((1, 0)))
    >>> found = learn(use)
    >>> found.mean.round(2).tolist(), found.rhythm.round(1).tolist(), found.days.tolist()
    ([1.44], [[1.3, 1.3, 1.3, 1.3, 1.3, 0.4, 0.4]], [56])
    """
    known = ~np.isnan(use.asked)
    asked = np.where(known, use.asked, 0.0)
    weight = known * 0.5 ** (np.arange(asked.shape[1])[::-1] / HALF_LIFE)
    months = _Months.of(use.monthly)
    seen = (weight * asked).sum(axis=1) + FIRST_ASK + months.mean * MONTHS_WEIGH / MONTH * months.any
    days = known.sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean = seen / np.where(days + months.any > 0, weight.sum(axis=1) + MONTHS_WEIGH * months.any, np.nan)
    weekdays = (use.weekday + np.arange(asked.shape[1])) % WEEK
    rhythm = _rhythm(asked, known, weekdays)
    scatter, drift, blocks = _variation(asked, known, rhythm[:, weekdays])
    drift = _with_months(drift, blocks, scatter, months)
    return Demand(mean, rhythm, scatter, drift * (1 + 1 / _levels(weight.sum(axis=1), months)), seen, days)


@dataclass(frozen=True)
class _Months:
    """Mean, variance and number of the months reported, `[item]`."""

    mean: Floats
    variance: Floats
    count: Floats

    @property
    def any(self) -> Floats:
        return (self.count > 0).astype(np.float64)

    @classmethod
    def of(cls, monthly: Floats) -> _Months:
        known = ~np.isnan(monthly)
        count = known.sum(axis=1).astype(np.float64)
        mean = np.where(known, monthly, 0.0).sum(axis=1) / np.maximum(count, 1)
        squares = np.where(known, (monthly - mean[:, None]) ** 2, 0.0).sum(axis=1)
        return cls(mean, squares / np.maximum(count - 1, 1), count)


def _rhythm(asked: Floats, known: npt.NDArray[np.bool_], weekdays: npt.NDArray[np.intp]) -> Floats:
    """Each weekday over the mean day; even where nothing was asked for."""
    usual = _share(asked.sum(axis=1), known.sum(axis=1))
    found = np.ones((len(asked), WEEK))
    for weekday in range(WEEK):
        of_day = weekdays == weekday
        packs, days = asked[:, of_day].sum(axis=1), known[:, of_day].sum(axis=1)
        even = _share(packs + usual * RHYTHM_WEIGHS, usual * (days + RHYTHM_WEIGHS))
        found[:, weekday] = np.where(usual > 0, even, 1.0)
    return np.asarray(found / found.mean(axis=1, keepdims=True))


def _variation(asked: Floats, known: npt.NDArray[np.bool_], rhythm: Floats) -> tuple[Floats, Floats, Floats]:
    """Scatter within blocks of four weeks, drift between them, and how many blocks there are, `[item]`."""
    usual = _share(asked.sum(axis=1), known.sum(axis=1))[:, None] * rhythm * known
    usual, asked, kept = (_blocks(each) for each in (usual, asked, known.astype(np.float64)))
    expected, total = usual.sum(axis=2), asked.sum(axis=2)
    level = usual * _share(total, expected)[:, :, None]
    squares = _share((asked - level) ** 2, level).sum(axis=(1, 2))
    freedom = np.maximum(((level > 0).sum(axis=2) - 1), 0).sum(axis=1)
    scatter = (SCATTER_WEIGHS * USUAL_SCATTER + squares) / (SCATTER_WEIGHS + freedom)
    above = ((total - expected) ** 2 - scatter[:, None] * expected).sum(axis=1)
    blocks = (kept.sum(axis=2) > 0).sum(axis=1).astype(np.float64)
    others = np.maximum(blocks - 1, 0)
    drift = _share(above, (expected**2).sum(axis=1)) * blocks / np.maximum(others, 1)
    return scatter, np.where(others > 0, drift, 0.0), others


def _with_months(drift: Floats, blocks: Floats, scatter: Floats, months: _Months) -> Floats:
    """The drift seen between blocks and between months, drawn towards the usual one; never below 0."""
    counted = np.where(months.count >= 3, months.count - 1, 0.0)
    spread = np.maximum(months.variance - scatter * months.mean, 0.0)
    between = _share(spread, months.mean**2)
    together = DRIFT_WEIGHS * USUAL_DRIFT + blocks * drift + counted * between
    return np.asarray(np.maximum(together / (DRIFT_WEIGHS + blocks + counted), 0.0))


def _levels(weight: Floats, months: _Months) -> Floats:
    """How many independent levels the mean rests on: blocks of four weeks and months, by their weight."""
    together = weight + MONTHS_WEIGH * months.any
    apart = weight * BLOCK + MONTHS_WEIGH**2 * months.any / np.maximum(months.count, 1)
    return np.maximum(_share(together**2, apart), 1.0)


def _blocks(days: Floats) -> Floats:
    """Days as blocks of four weeks that end with the last day, `[item, block, day]`; 0 before the first."""
    missing = -days.shape[1] % BLOCK
    return np.pad(days, ((0, 0), (missing, 0))).reshape(len(days), -1, BLOCK)


def _share(above: npt.ArrayLike, below: npt.ArrayLike) -> Floats:
    """Above over below; 0 where both are 0, for nothing is above where nothing is below."""
    bottom = np.asarray(below, dtype=np.float64)
    return np.asarray(np.asarray(above, dtype=np.float64) / np.where(bottom > 0, bottom, 1))
