"""How likely one of two sides is wrong where services and consumption of a place part, by the pair's class.

Each side is scored with the other as its partner (`indicators.aberration`), so that an epidemic that both
show excuses both, and the odds that either is wrong are the odds of a mistake in the month. `fixed_dose` and
`banded` pairs are held against their own relation as well (`indicators.discordance`), whose run rule finds
slow drifts; pairs that only move together (`co_movement`) are not; `do_not_compare` pairs are not scored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from indicators.aberration import ALERT, Reported, Scores, Sight, score
from indicators.discordance import (
    BOTH_MOVED,
    CONSUMPTION_MOVED,
    RUN_SUM,
    SERVICES_MOVED,
    STOCK_OUT,
    UNCLEAR,
    Discordance,
    discordance,
)
from indicators.robust import Mode, Reals
from indicators.usual import OUTSIDE

Flags = npt.NDArray[np.bool_]
CLASSES = ("fixed_dose", "banded", "co_movement", "do_not_compare")
CAUSES = (UNCLEAR, SERVICES_MOVED, CONSUMPTION_MOVED, BOTH_MOVED, STOCK_OUT)


@dataclass(frozen=True)
class PairScores:
    """Scores of a pair, arrays `[series, month]`.

    Attributes:
        score: natural logarithm of the odds that one of the two sides is a mistake.
        drift: three months that end here part the same way, too far to be chance (the run rule).
        cause: index in `CAUSES`: which side moved, or that a stock-out explains it.
        relation: how far the two part, in spreads, and consumption for each service, usual and seen.
        services: scores of the services, the consumption being their partner.
        consumption: scores of the consumption, the services being its partner.
    """

    score: Reals
    drift: Flags
    cause: npt.NDArray[np.int8]
    relation: Discordance
    services: Scores
    consumption: Scores

    @property
    def alert(self) -> Flags:
        """Whether a month is worth a visit: by itself, or as the end of a drift; a stock-out explains it."""
        explained = self.cause == CAUSES.index(STOCK_OUT)
        return np.asarray(((self.score >= ALERT) | self.drift) & ~explained)


def pair_score(
    services: Reported,
    consumption: Reported,
    kind: str = "banded",
    sight: Sight = "prospective",
    newest: int | None = None,
) -> PairScores:
    """Score every month of pairs of series.

    Args:
        services: `[series, month]`; its `item` groups the pairs that share their habits.
        consumption: the same of consumption, with its stock.
        kind: the pair's class, one of `CLASSES`.
        sight: see `indicators.aberration.score`,
        newest: as there: of `prospective`, of how many of the newest months there are scores; None for all.

    Raises:
        ValueError: the class is unknown.
    """
    if kind not in CLASSES:
        raise ValueError(f"There is no class of pairs {kind!r}; there are {', '.join(CLASSES)}.")
    mode: Mode = "centred" if sight == "retrospective" else "trailing"
    relation = discordance(services.values, consumption.values, services.item, mode)
    served = score(replace(services, partner=consumption.values), sight, newest=newest)
    used = score(replace(consumption, partner=services.values), sight, newest=newest)
    drift = np.abs(relation.run) >= RUN_SUM
    odds = either(served.score, used.score)
    if kind == "co_movement":
        drift = np.zeros_like(drift)
    if kind == "do_not_compare":
        odds, drift = np.full_like(odds, np.nan), np.zeros_like(drift)
    return PairScores(odds, drift, _causes(relation, served, used, consumption.out), relation, served, used)


def either(one: Reals, other: Reals) -> Reals:
    """The odds that either of two figures is wrong, by the odds of each; logarithms, NaN only where both are.

    >>> import numpy as np
    >>> either(np.array([0.0, 2, np.nan]), np.array([0.0, np.nan, np.nan])).round(2).tolist()
    [0.69, 2.0, nan]
    """
    both = np.logaddexp(np.nan_to_num(one, nan=-99), np.nan_to_num(other, nan=-99))
    return np.asarray(np.where(np.isnan(one) & np.isnan(other), np.nan, both))


def _causes(relation: Discordance, served: Scores, used: Scores, out: Flags) -> npt.NDArray[np.int8]:
    """Which side moved, as an index in `CAUSES`."""
    moved = [np.abs(np.nan_to_num(side.spreads)) >= OUTSIDE for side in (served, used)]
    causes = moved[0].astype(np.int8) + 2 * moved[1].astype(np.int8)
    empty = out & (np.nan_to_num(relation.strength) < 0) & (used.score < ALERT)
    return np.where(empty, CAUSES.index(STOCK_OUT), causes).astype(np.int8)
