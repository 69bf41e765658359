"""How far services and consumption of one place part from their own usual relation, month by month.

The relation is the logarithm of consumption over services; its usual level is the median of the two years
before. The noise is that of counting, at the levels expected of both sides, and the pair's overdispersion; a
series' spread is drawn towards that of its like. The score counts spreads above (consumption too high for the
services) or below. Three months that part the same way count together.

Source: log-ratio monitoring of two counts, with expected and not observed counts in the noise, so that a
typed zero does not excuse itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.robust import MAD_TO_SD, Around, Counts, Mode, Reals, grouped_medians, medians
from indicators.usual import FEWEST, OUTSIDE, PRIOR

Flags = npt.NDArray[np.bool_]

# Scores from which a month by itself parts; months that part together need less each.
APART = 4.0
RUN, RUN_FROM, RUN_SUM, RUN_CLIP = 3, 1.0, 4.0, 5.0
_LEAST_SPREAD = 0.7
_DISPERSION = (0.01, 1.0)
_REACH_OF_LEVEL = 6

# What may lie behind it.
STOCK_OUT, SERVICES_MOVED = "stock_out", "services_moved"
CONSUMPTION_MOVED, BOTH_MOVED, UNCLEAR = "consumption_moved", "both_moved", "unclear"


@dataclass(frozen=True)
class Discordance:
    """How far two sides part, arrays `[series, period]`; NaN where nothing can be said.

    Attributes:
        score: spreads above (below) the usual relation.
        run: the score of the three months that end here, where they part the same way; else 0.
        usual: consumption for each service, usually.
        seen: consumption for each service as it was; NaN where there was no service.
    """

    score: Reals
    run: Reals
    usual: Reals
    seen: Reals

    @property
    def apart(self) -> Flags:
        """Whether a month parts, by itself or as the end of a run."""
        return np.asarray((np.abs(self.score) >= APART) | (np.abs(self.run) >= RUN_SUM))

    @property
    def strength(self) -> Reals:
        """What places are sorted and coloured by: the stronger of score and run, with its sign."""
        stronger = np.where(np.abs(self.run) > np.abs(self.score), self.run, self.score)
        return np.asarray(stronger)


def discordance(
    services: Reals, consumption: Reals, groups: Counts | None = None, mode: Mode = "trailing"
) -> Discordance:
    """Score every month of pairs of series.

    Args:
        services: `[series, period]`, in the units that consumption is counted in; NaN where nothing is known.
        consumption: the same of consumption.
        groups: the group of each series, that shares overdispersion; None for one.
        mode: `trailing` looks at the two years before, `centred` at one year before and one after.

    Services go on as they were, consumption stops:

    >>> import numpy as np
    >>> served = np.full((1, 13), 100.0)
    >>> used = np.array([[98, 103, 100, 101, 97, 99, 102, 100, 104, 96, 100, 100, 5.0]])
    >>> found = discordance(served, used)
    >>> found.score[0, -1].round(1).item(), found.apart[0, -1].item()
    (-24.0, True)
    """
    groups = np.zeros(len(services), dtype=np.intp) if groups is None else groups
    off, level = _off(services, consumption, mode)
    counting = _counting_of_both(services, consumption)
    number = int(groups.max(initial=-1)) + 1
    alpha = _alpha(off, counting, groups, number)
    score = off / np.sqrt(counting + alpha[groups, None])
    score = score / _spread(score, groups, number)
    seen = consumption / np.where(services > 0, services, np.nan)
    return Discordance(score, _run(score), np.exp(level), seen)


def overdispersion(services: Reals, consumption: Reals, groups: Counts | None = None) -> Reals:
    """How much the relation of two sides varies beyond counting noise, around each series' own, `[group]`.

    Without groups each series is one of its own, whatever series are beside it.
    """
    off, _ = _off(services, consumption, "centred")
    counting = _counting_of_both(services, consumption)
    if groups is None:
        return _dispersion(_usual_size(np.abs(off)), _usual_size(np.where(np.isnan(off), np.nan, counting)))
    return _alpha(off, counting, groups, int(groups.max(initial=-1)) + 1)


def _usual_size(values: Reals) -> Reals:
    """The median of each row, told as exactly as that of a group where it stands on as much."""
    found, many = medians(values), np.count_nonzero(~np.isnan(values), axis=1)
    return np.where(many < PRIOR, found, np.round(found, 9))


def _dispersion(size: Reals, noise: Reals) -> Reals:
    return np.asarray(np.clip(np.nan_to_num((MAD_TO_SD * size) ** 2 - noise), *_DISPERSION))


def _off(services: Reals, consumption: Reals, mode: Mode) -> tuple[Reals, Reals]:
    """How far the relation lies from its usual level, and that level, as logarithms."""
    relation, around = np.log(consumption + 0.5) - np.log(services + 0.5), Around(mode, 12)
    few = around.count(~np.isnan(relation)) < FEWEST
    level = np.where(few, np.nan, around.median(relation))
    return relation - level, level


def _alpha(off: Reals, counting: Reals, groups: Counts, number: int) -> Reals:
    """Of each group; of all together where a group has too few months."""
    by_row, counting = np.broadcast_to(groups[:, None], off.shape), np.where(np.isnan(off), np.nan, counting)
    size, many = grouped_medians(np.abs(off), by_row, number)
    noise, _ = grouped_medians(counting, by_row, number)
    size = np.where(many < PRIOR, medians(np.abs(off).ravel()), size)
    noise = np.where(many < PRIOR, medians(counting.ravel()), noise)
    return _dispersion(size, noise)


def _counting_of_both(services: Reals, consumption: Reals) -> Reals:
    """The counting noise of both sides together, worked out in one go."""
    both = _counting(np.concatenate([services, consumption]))
    return np.asarray(both[: len(services)] + both[len(services) :])


def _counting(values: Reals) -> Reals:
    """The counting noise of a logarithm, at the level of the year before."""
    level = Around("trailing", _REACH_OF_LEVEL).median(np.log(values + 0.5))
    level = np.where(np.isnan(level), medians(np.log(values + 0.5))[:, None], level)
    return np.asarray(1 / np.maximum(np.exp(level), 0.5))


def _spread(score: Reals, groups: Counts, number: int) -> Reals:
    own = MAD_TO_SD * medians(np.abs(score))
    months = np.count_nonzero(~np.isnan(score), axis=1)
    shared, _ = grouped_medians(np.where(months >= FEWEST, own, np.nan), groups, number)
    shared = np.nan_to_num(shared, nan=1.0)[groups]
    weighed = (PRIOR * shared**2 + months * np.nan_to_num(own) ** 2) / (PRIOR + months)
    return np.asarray(np.maximum(np.sqrt(weighed), _LEAST_SPREAD)[:, None])


def _run(score: Reals) -> Reals:
    """The sum of three scores of one sign, each of some size, over the root of three; else 0."""
    run = np.zeros(score.shape)
    if score.shape[1] < RUN:
        return run
    three = np.lib.stride_tricks.sliding_window_view(np.nan_to_num(score), RUN, axis=1)
    alike = (three >= RUN_FROM).all(axis=2) | (three <= -RUN_FROM).all(axis=2)
    together = np.clip(three, -RUN_CLIP, RUN_CLIP).sum(axis=2) / np.sqrt(RUN)
    run[:, RUN - 1 :] = np.where(alike, together, 0)
    return run


def cause(score: float, of_services: float, of_consumption: float, out: bool) -> str:
    """Which side moved, by the scores of the two sides, where their relation parts; a code of this module.

    >>> cause(-5, 0.3, -4.2, out=True), cause(-5, 4.5, 0.2, out=False), cause(5, -3.5, 4, out=False)
    ('stock_out', 'services_moved', 'both_moved')
    """
    if out and score < 0:
        return STOCK_OUT
    services, consumption = abs(of_services) >= OUTSIDE, abs(of_consumption) >= OUTSIDE
    if services and consumption:
        return BOTH_MOVED
    if services:
        return SERVICES_MOVED
    return CONSUMPTION_MOVED if consumption else UNCLEAR
