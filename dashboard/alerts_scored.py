"""Series with their scores, as alerts are found in them.

The last month is judged by what was known at its end (trailing), the months before it by what lies around
them (centred): the same that the band on a chart of the month shows.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.aberration import Reported, Scores, score
from indicators.discordant import pair_score
from indicators.grids import Floats
from indicators.hierarchy import Positions


@dataclass(frozen=True)
class Judged:
    """How figures are judged, arrays `[place, month]`, as `indicators.aberration.Scores` says them."""

    score: Floats
    side: npt.NDArray[np.int8]
    mistake: npt.NDArray[np.int8]
    explained: npt.NDArray[np.int8]
    expected: Floats
    low: Floats
    high: Floats
    spreads: Floats


@dataclass(frozen=True)
class JudgedPair:
    """How the months of pairs are judged, arrays `[place, month]`.

    Attributes:
        score: log odds that one of the two sides is a mistake.
        drift: three months that end here part the same way.
        cause: index in `indicators.discordant.CAUSES`.
        spreads: how far the two part from their own relation.
        run: the score of the three months that end here; 0 where they do not part the same way.
        usual: consumption for each service, usually.
        services: how the services are judged by themselves.
        consumption: how the consumption is.
    """

    score: Floats
    drift: npt.NDArray[np.bool_]
    cause: npt.NDArray[np.int8]
    spreads: Floats
    run: Floats
    usual: Floats
    services: Judged
    consumption: Judged


@dataclass(frozen=True)
class OtherSide:
    """The other side of an item's pair in the same periods, arrays `[place, period]`.

    Attributes:
        pair: its id.
        measure: `count` or `consumed`.
        values: sums over each period; NaN where one of its months lacks.
        scores: how it is judged by itself.
    """

    pair: str
    measure: str
    values: Floats
    scores: Judged


@dataclass(frozen=True)
class ItemSeries:
    """One item at every place that reports it, arrays `[place, period]`: months of the data, or windows.

    Attributes:
        code: the item's.
        measure: `count` of a service, `consumed` of a commodity.
        positions: of the places, ascending.
        values: what was reported; NaN for nothing.
        closing, days_out: what a commodity's report says beside it; NaN where it does not.
        scores: of every figure.
        begins: the month, YYYYMM, with which each period begins.
        length: how many months a period is.
        other: of periods of several months the other side of the pair; None where there is none.
    """

    code: str
    measure: str
    positions: Positions
    values: Floats
    closing: Floats
    days_out: Floats
    scores: Judged
    begins: npt.NDArray[np.int32]
    length: int = 1
    other: OtherSide | None = None

    def row(self, position: int) -> int | None:
        """The row of a place; None where it does not report the item."""
        return row_of(self.positions, position)


def row_of(positions: Positions, position: int) -> int | None:
    """Where a position stands among others that ascend; None where it does not."""
    at = int(np.searchsorted(positions, position))
    return at if at < len(positions) and positions[at] == position else None


def both_sights(reported: Reported) -> Judged:
    """Scores of figures."""
    return _judged(score(reported, "retrospective"), score(reported, "prospective", newest=1))


def pair_by_both_sights(sides: tuple[Reported, Reported], kind: str) -> JudgedPair:
    """Scores of services and consumption, held against each other by the class of their pair."""
    around, before = pair_score(*sides, kind, "retrospective"), pair_score(*sides, kind, newest=1)
    return JudgedPair(
        *(_joined(getattr(around, name), getattr(before, name)) for name in ("score", "drift", "cause")),
        *(_joined(getattr(around.relation, name), getattr(before.relation, name))
          for name in ("score", "run", "usual")),
        _judged(around.services, before.services),
        _judged(around.consumption, before.consumption),
    )  # fmt: skip


def _judged(around: Scores, before: Scores) -> Judged:
    return Judged(**{each.name: _joined(getattr(around, each.name), getattr(before, each.name))
                     for each in fields(Judged)})  # fmt: skip


def _joined(around: npt.NDArray[Any], before: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The last month as it is seen at its end, the others with what lies around them."""
    return np.concatenate([around[:, :-1], before[:, -1:]], axis=1)
