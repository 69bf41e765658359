"""How much of an item a store can give today and still last until its next delivery.

The amount that can go out today is the largest that leaves the chance of a stock-out before the delivery
under 5 in 100: the largest G with P(demand from tomorrow to the delivery > balance - G) <= 0.05. Demand is a
negative binomial count whose mean and variance come from `indicators.demand`: how days scatter, how levels
drift, and how little is known. For each day to come the *reserve* is what must stay at its end, so that a
device without a network goes on advising: safe = balance - reserve of the day. Packs are whole.

Where even giving nothing would leave a greater chance, a bare 0 helps nobody: the fair share of what there
is goes out each day, and when it will run out is said.

Sources: E. A. Silver, D. F. Pyke, D. J. Thomas, Inventory and Production Management in Supply Chains (4th
edition, 2017), chapter 7, on demand over a lead time; the case of Whotopia's stores, with deliveries on the
14th.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.demand import WEEK, Demand
from indicators.grids import Floats

RISK = 0.05
"""Chance of a stock-out before the delivery that may remain."""
NEARLY = 1 + 1e-9
TAIL = 12.0
"""Standard deviations above the mean up to which counts are looked through."""


@dataclass(frozen=True)
class Outlook:
    """What the days from today to the delivery bring; `[item, day]`, day 0 is today, the last before it.

    Attributes:
        expected: packs expected to be asked for on the day.
        needed: packs expected to be asked for after the day, until the delivery.
        reserve: least whole packs that must stay at the end of the day; NaN where nothing is known.
    """

    expected: Floats
    needed: Floats
    reserve: Floats


@dataclass(frozen=True)
class Advice:
    """What to give today, by item; NaN where nothing is known.

    Attributes:
        safe: packs that can go out today; 0 where even 0 is too much.
        fair: packs that are today's fair share of what there is; at least one pack where there is one.
        share: of what anybody asks for, until the delivery, that there is; at most 1.
        lasts: days from today until the expected use has taken all; infinite where the stock outlasts
            the delivery.
    """

    safe: Floats
    fair: Floats
    share: Floats
    lasts: Floats


def outlook(demand: Demand, weekday: int, days: int, risk: float = RISK) -> Outlook:
    """What must stay on the shelf at the end of each day until the delivery.

    Formula: mean of the days after = sum of mean x rhythm; variance = scatter x mean x (1 + mean / seen) +
    drift x mean squared; reserve = the least r with P(demand > r) <= risk. Unit: packs.

    Args:
        demand: of each item.
        weekday: of today, Monday is 0.
        days: from today to the day before the delivery, today included; at least 1.
        risk: chance of a stock-out before the delivery that may remain.

    Raises:
        ValueError: with no day, or a risk that is no chance.

    >>> one = np.array([[1.0]])
    >>> steady = Demand(one[0] * 2, np.ones((1, 7)), one[0], one[0] * 0, one[0] * 1e9, np.array([365]))
    >>> outlook(steady, 0, 4).reserve.tolist()
    [[10.0, 8.0, 5.0, 0.0]]
    """
    if days < 1 or not 0 < risk < 1:
        raise ValueError(
            f"{days} days and a risk of {risk}: needs one day at least and a chance between 0 and 1"
        )
    expected = demand.mean[:, None] * demand.rhythm[:, (weekday + np.arange(days)) % WEEK]
    needed = np.flip(np.cumsum(np.flip(expected, axis=1), axis=1), axis=1) - expected
    scatter, drift, seen = (each[:, None] for each in (demand.scatter, demand.drift, demand.seen))
    variance = scatter * needed * (1 + needed / seen) + drift * needed**2
    return Outlook(expected, needed, _quantile(needed, variance, 1 - risk))


def advise(balance: npt.ArrayLike, ahead: Outlook) -> Advice:
    """What can go out today.

    Formula: safe = max(0, balance - reserve at the end of today); share = balance / expected from today to
    the delivery; fair = expected today x share, rounded, at least 1. Unit: packs; days.

    Args:
        balance: packs on the shelf now, `[item]`; below 0 is read as 0.
        ahead: of the same items.

    >>> ahead = Outlook(np.array([[2.0, 2, 2]]), np.array([[4.0, 2, 0]]), np.array([[8.0, 5, 0]]))
    >>> advise([10], ahead).safe.tolist(), advise([3], ahead).fair.tolist(), advise([3], ahead).lasts.tolist()
    ([2.0], [1.0], [1.0])
    """
    there = np.maximum(np.asarray(balance, dtype=np.float64), 0.0)
    spare = there - ahead.reserve[:, 0]
    whole = ahead.expected[:, 0] + ahead.needed[:, 0]
    share = there / np.where(whole > 0, whole, 1)
    fair = np.minimum(np.maximum(np.round(share * ahead.expected[:, 0]), 1), there)
    taken = np.cumsum(ahead.expected, axis=1)
    short = taken > there[:, None]
    lasts = np.where(short.any(axis=1), short.argmax(axis=1).astype(np.float64), np.inf)
    unknown = np.isnan(spare)
    return Advice(
        np.maximum(spare, 0.0),
        np.where(unknown, np.nan, fair),
        np.where(unknown, np.nan, np.where(whole > 0, np.minimum(share, 1.0), 1.0)),
        np.where(unknown, np.nan, np.where(there > 0, lasts, 0.0)),
    )


def fair_part(asked: npt.ArrayLike, balance: npt.ArrayLike, share: npt.ArrayLike) -> Floats:
    """What to give of an ask where stock will not last: the same share to everybody, a pack at least.

    Formula: asked x share, rounded; at least 1, at most what is asked for and what there is. Unit: packs.

    >>> fair_part([10, 4, 1, 3], [20, 2, 5, 0], [0.6, 0.9, 0.1, 0.5]).tolist()
    [6.0, 2.0, 1.0, 0.0]
    """
    wanted = np.asarray(asked, dtype=np.float64)
    part = np.maximum(np.round(wanted * np.asarray(share)), 1.0)
    return np.asarray(np.minimum(np.minimum(part, wanted), np.maximum(balance, 0.0)))


def chance_of_more(mean: Floats, variance: Floats, packs: npt.ArrayLike) -> Floats:
    """The chance that more than these packs are asked for; the count is negative binomial.

    Args:
        mean: of the demand, in packs, `[case]`.
        variance: of the same.
        packs: what there is, `[case]`.

    >>> chance_of_more(np.array([2.0]), np.array([2.0]), [4]).round(4).tolist()
    [0.0527]
    """
    below = _cumulated(mean, variance)
    have = np.minimum(np.asarray(packs, dtype=np.intp), below.shape[-1] - 1)
    return np.asarray(1 - np.take_along_axis(below, have[..., None], axis=-1)[..., 0])


def _quantile(mean: Floats, variance: Floats, share: float) -> Floats:
    """The least count that at least this share of outcomes does not exceed; NaN where the mean is."""
    found = np.full(mean.shape, np.nan)
    found[mean == 0] = 0.0
    for item in range(
        len(mean)
    ):  # by item, since the longest tail decides how many counts are looked through
        some = mean[item] > 0
        if some.any():
            below = _cumulated(mean[item][some], variance[item][some])
            found[item][some] = (below < share).sum(axis=-1)
    return found


def _cumulated(mean: Floats, variance: Floats) -> Floats:
    """P(count <= k) for k = 0, 1, …, `[case, k]`; Poisson where the variance is not above the mean."""
    spread = np.maximum(variance, mean * NEARLY)
    counts = np.arange(int(np.ceil((mean + TAIL * np.sqrt(spread)).max())) + 2)
    size, chance = mean**2 / (spread - mean), mean / spread
    steps = np.log((counts + size[..., None]) / (counts + 1)) + np.log1p(-chance)[..., None]
    start = (size * np.log(chance))[..., None]
    logs = np.concatenate([start, start + np.cumsum(steps, axis=-1)], axis=-1)
    return np.asarray(np.cumsum(np.exp(logs), axis=-1))
